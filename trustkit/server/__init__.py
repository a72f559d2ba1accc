"""The Jupyter Server extension: the book beside JupyterLab, saved attempts, and the instructor's desk."""

from __future__ import annotations

from pathlib import Path

from jupyter_server.utils import url_path_join
from traitlets import Unicode, default
from traitlets.config import LoggingConfigurable

from trustkit.course import course_root
from trustkit.server.attempts import AttemptsHandler
from trustkit.server.course import AssetHandler, BookHandler, StartHandler
from trustkit.server.desk import Desk, DeskActionHandler, DeskHandler, DeskNowHandler, ReportHandler, ScoresHandler


class TrustkitServer(LoggingConfigurable):
    """Where the extension finds what it serves."""

    site = Unicode(help="Folder of the built book.").tag(config=True)
    classroom = Unicode(help="Folder of the class: gradebook, releases, submissions.").tag(config=True)
    workspace = Unicode(help="The trainee's folder, where attempts are saved.").tag(config=True)

    @default("site")
    def _default_site(self) -> str:
        return str(course_root() / "_build" / "site")

    @default("classroom")
    def _default_classroom(self) -> str:
        return str(course_root() / "_build" / "class")

    @default("workspace")
    def _default_workspace(self) -> str:
        return str(course_root() / "_build" / "trainee")


def _jupyter_server_extension_points() -> list[dict]:
    """Tell Jupyter Server which module to load."""
    return [{"module": "trustkit.server"}]


def _load_jupyter_server_extension(server) -> None:
    """Add our pages to a Jupyter Server."""
    places = TrustkitServer(parent=server)
    app = server.web_app
    app.settings["trustkit_places"] = {
        "site": Path(places.site),
        "workspace": Path(places.workspace),
        "root": Path(server.root_dir),
    }
    app.settings["trustkit_desk"] = Desk(Path(places.classroom), Path(places.workspace))
    pages = [
        (r"/course/?", StartHandler),
        (r"/course/(.+)", BookHandler, {"path": places.site, "default_filename": "index.html"}),
        (r"/trustkit/static/(.+)", AssetHandler, {"path": str(Path(__file__).with_name("static"))}),
        (r"/trustkit/api/attempts", AttemptsHandler),
        (r"/trustkit/desk", DeskHandler),
        (r"/trustkit/desk/now", DeskNowHandler),
        (r"/trustkit/desk/do", DeskActionHandler),
        (r"/trustkit/desk/scores\.csv", ScoresHandler),
        (r"/trustkit/desk/(report(?:-without-names)?(?:\.html|\.trainees\.csv|\.checks\.csv))", ReportHandler),
    ]
    app.add_handlers(".*$", [(url_path_join(app.settings["base_url"], page[0]), *page[1:]) for page in pages])
