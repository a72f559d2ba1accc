"""Opens the course: book, JupyterLab and a demo class, served at one local address.

Everything that has to be made first (the book, the demo class, the trainee's folder) is made by the commands
a person could type, and only where something changed since the last time.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trustkit.course import course_root
from trustkit.environment import Problem, Waiting, check_port, say, wanted_port

if TYPE_CHECKING:
    from traitlets.config import Config

LAB_OFF = (
    # Assignments are made from their text sources, not by marking the cells of a notebook.
    "@jupyter/nbgrader:create-assignment",
    # It lists the courses of a JupyterHub.
    "@jupyter/nbgrader:course-list",
    # It asks whether to fetch news from another host.
    "@jupyterlab/apputils-extension:announcements",
)


@dataclass(frozen=True)
class Places:
    """Where things lie in the folder of made files.

    Attributes:
        home: the folder itself, which JupyterLab shows.
        site: the built book.
        classroom: the class: gradebook, sources, releases, submissions.
        trainee: the trainee's folder.
        jupyter: Jupyter's own files, so that nobody's personal Jupyter settings are read or changed.
    """

    home: Path
    site: Path

    @property
    def classroom(self) -> Path:
        return self.home / "class"

    @property
    def trainee(self) -> Path:
        return self.home / "trainee"

    @property
    def jupyter(self) -> Path:
        return self.home / "jupyter"


def start(port: int | None = None, browser: bool = True, home: Path | None = None) -> int:
    """Set up what is missing, serve until Ctrl-C, and return the exit code.

    Args:
        port: port on the loopback interface; left out, the environment variable PORT, else the default.
        browser: whether to open the browser.
        home: folder for the class and the trainee; left out, `_build` of the course.

    Raises:
        Problem: something a person has to put right first.
        trustkit.course.CourseNotFound: there is no course here.
    """
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    root = course_root()
    os.environ["TRUSTKIT_HOME"] = str(root)
    port = port or wanted_port()
    check_port(port)
    places = Places(home=(home or root / "_build").resolve(), site=root / "_build" / "site")
    book = prepare(root, places)
    try:
        return serve(places, port, browser, book)
    finally:
        book.stop()


def prepare(root: Path, places: Places) -> Step:
    """Build the book, create the demo class and fill the trainee's folder, as far as they are not up to date.

    A book that is there already is served while it is brought up to date; the step that does so is returned.

    Raises:
        Problem: a step failed; the message has its last words.
    """
    from trustkit import workspace

    started = time.monotonic()
    places.home.mkdir(parents=True, exist_ok=True)
    book = Step("the book in both languages", ["build"], places.home)
    needed = [] if (places.site / "index.html").exists() else [book]
    unfinished = places.home / "demo-class-unfinished"
    if unfinished.exists() or not (places.classroom / "class.json").exists():
        unfinished.touch()
        demo = ["grade", "demo", "--class", str(places.classroom)]
        needed.append(Step("a demo class with a few hand-ins", demo, places.home))
    if needed:
        say(f"Making {' and '.join(step.what for step in needed)}; this is done once and takes a minute or two …")
    try:
        for step in run_together(needed):
            raise Problem(f"Making {step.what} did not work.\n{step.said()}")
        unfinished.unlink(missing_ok=True)
        if needed:
            say(f"Made in {time.monotonic() - started:.0f} s.")
        workspace.give_notebooks(places.trainee, root)
        workspace.fetch_assignments(places.trainee, places.classroom / "release")
    except BaseException:
        book.stop()
        raise
    return book


def tell_about(book: Step) -> None:
    """Say what came of bringing the book up to date, once it is known."""
    try:
        book.process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        say("The book has changed. You see it as it was until the new one is ready …")
        if book.process.wait() == 0:
            say("The book is up to date. Reload the page to see it.")
    if book.process.returncode > 0:
        say(f"The book has problems, so you see it as it was before them.\n{book.said()}")


class Step:
    """One command of ours at work in the background, its words kept in a log."""

    def __init__(self, what: str, command: list[str], logs: Path):
        self.what = what
        self.log = logs / f"start-{command[0]}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trustkit", *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        """End the command, and all that it has started, if it is still at work."""
        if self.process.poll() is None:
            # The thread that waits for the book may have seen it end in between.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()

    def said(self, most: int = 20) -> str:
        """Return the last lines the command has said."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
        told = "\n".join(lines[-most:])
        return f"{told}\nThe whole story is in {self.log}" if len(lines) > most > 1 else told


def run_together(steps: list[Step]) -> list[Step]:
    """Wait for all steps, showing what is still going on; return those that failed."""
    try:
        with Waiting("starting") as waiting:
            while going := [step for step in steps if step.process.poll() is None]:
                waiting.words = " · ".join(
                    f"{step.what}: {step.said(1)}" if step.said(1) else step.what for step in going
                )
                time.sleep(0.1)
    except BaseException:
        for step in steps:
            step.stop()
        raise
    return [step for step in steps if step.process.returncode]


def serve(places: Places, port: int, browser: bool, book: Step) -> int:
    """Serve the course on the loopback interface until Ctrl-C."""
    os.environ["TRUSTKIT_WORKSPACE"] = str(places.trainee)
    _own_jupyter_folders(places)
    # jsonschema imports this grammar eagerly, which costs three seconds; only checks of IRIs are lost.
    sys.modules.setdefault("rfc3987_syntax", None)
    from jupyter_server.serverapp import ServerApp

    server = ServerApp.instance(config=server_config(places, port, browser))
    server.initialize(argv=[])
    # Without a terminal Jupyter leaves Ctrl-C to Python, which would end the server before its kernels.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: server.stop(from_signal=True))
    address = f"http://127.0.0.1:{port}/course/?token={server.identity_provider.token}"

    def tell() -> None:
        say(f"\nThe course is open at\n\n    {address}\n\nStop it with Ctrl-C.")
        threading.Thread(target=tell_about, args=(book,), daemon=True).start()

    # Jupyter begins to listen when its loop starts; what is printed before that would be too early.
    server.io_loop.add_callback(tell)
    server.start()
    say("The course is closed.")
    return 0


def server_config(places: Places, port: int, browser: bool) -> Config:
    """Return the Jupyter Server configuration: loopback only, Jupyter's own token, no request to other hosts."""
    from traitlets.config import Config

    config = Config()
    server = config.ServerApp
    server.ip = "127.0.0.1"
    server.port = port
    server.port_retries = 0
    server.open_browser = browser
    server.default_url = "/course/"
    server.root_dir = str(places.home)
    config.FileContentsManager.preferred_dir = str(places.trainee)
    # A token that we draw is not announced a second time by Jupyter in its own words.
    config.IdentityProvider.token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    config.Application.log_level = "ERROR"
    server.allow_root = hasattr(os, "geteuid") and os.geteuid() == 0
    server.jpserver_extensions = {
        "jupyterlab": True,
        "jupyterlab_jupytext": True,
        "jupyter_server_terminals": True,
        "nbgrader.server_extensions.formgrader": True,
        "nbgrader.server_extensions.assignment_list": True,
        "nbgrader.server_extensions.course_list": True,
        "nbgrader.server_extensions.validate_assignment": True,
        "trustkit.server": True,
        "jupyter_lsp": False,
    }
    server.tornado_settings = {"headers": {"Content-Security-Policy": policy(port)}}
    config.KernelManager.transport_encryption = "auto"
    config.TrustkitServer.site = str(places.site)
    config.TrustkitServer.classroom = str(places.classroom)
    config.TrustkitServer.workspace = str(places.trainee)
    config.LabApp.news_url = None
    config.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    config.LabApp.extension_manager = "readonly"
    # JupyterLab shows the two folders a person works in, not what the build left beside them.
    config.ContentsManager.hide_globs = [
        "__pycache__", "*.pyc", "*.log",
        *(path.name for path in places.home.iterdir() if path.name not in ("class", "trainee")),
    ]  # fmt: skip
    return config


def policy(port: int) -> str:
    """Return the content security policy of every page served: nothing may come from another host."""
    sockets = f"ws://127.0.0.1:{port} ws://localhost:{port}"
    return (
        "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        f"style-src 'self' 'unsafe-inline'; connect-src 'self' data: blob: {sockets}; frame-ancestors 'self'"
    )


def _own_jupyter_folders(places: Places) -> None:
    for kind in ("config", "data", "runtime"):
        folder = places.jupyter / kind
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[f"JUPYTER_{kind.upper()}_DIR"] = str(folder)
    # nbgrader reads its settings from Jupyter's folder; the class's own file is the one source.
    (places.jupyter / "config" / "nbgrader_config.py").write_text(
        f"load_subconfig('nbgrader_config.py', path={str(places.classroom)!r})\n"
        f"get_config().Exchange.assignment_dir = {str(places.trainee)!r}\n",
        encoding="utf-8",
    )
    labconfig = places.jupyter / "config" / "labconfig"
    labconfig.mkdir(exist_ok=True)
    off = {"disabledExtensions": dict.fromkeys(LAB_OFF, True)}
    (labconfig / "page_config.json").write_text(json.dumps(off, indent=1), encoding="utf-8")
    # nbgrader starts alembic by name when a gradebook is made.
    scripts = str(Path(sys.executable).parent)
    if shutil.which("alembic") is None:
        os.environ["PATH"] = scripts + os.pathsep + os.environ.get("PATH", "")
