"""The trainee's pages: the start page with two doors, and the book as it was built."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

from tornado import web

from trustkit import workspace
from trustkit.server.pages import LANGUAGES, PageHandler

HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


class StartHandler(PageHandler):
    """The start page: two doors, one for learning and one for teaching."""

    @web.authenticated
    def get(self) -> None:
        """Show the doors, and behind the first one the work that lies in the trainee's folder."""
        places = self.settings["trustkit_places"]
        folder = places["workspace"]
        assignments = [
            (assignment.title, self.lab_address(assignment.notebook)) for assignment in workspace.assignments(folder)
        ]
        notebooks = [
            (workspace.title_of(path), self.lab_address(path))
            for path in sorted((folder / "notebooks" / self.language).glob("**/*.ipynb"))
            if ".ipynb_checkpoints" not in path.parts
        ]
        built = [code for code in LANGUAGES if (places["site"] / code / "index.html").exists()]
        self.show("start.html", assignments=assignments, notebooks=notebooks, built=built)

    def lab_address(self, path: Path) -> str:
        """Return the address that opens a file of the trainee's folder in JupyterLab."""
        inside = path.resolve().relative_to(self.settings["trustkit_places"]["root"].resolve())
        return self.url("lab", "tree", quote(inside.as_posix()))


class BookHandler(PageHandler, web.StaticFileHandler):
    """The built book; its pages learn here where attempts are saved and how to leave for the other places."""

    furnishing = False

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with a file of the built book."""
        self.path = self.parse_url_path(path)
        absolute = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if absolute is None:
            return
        if not absolute.endswith(".html"):
            await super().get(path, include_body)
            return
        self.furnishing = True
        page = Path(absolute).read_text(encoding="utf-8")
        _ = self.xsrf_token
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.write(self.furnished(page))

    @web.authenticated
    async def head(self, path: str) -> None:
        """Answer as `get` would, without the body."""
        await self.get(path, include_body=False)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Return the file to serve: a folder's own index page, and nothing outside the book.

        Raises:
            tornado.web.HTTPError: 403 outside the book, 404 where there is no such page.
        """
        inside = Path(absolute_path).resolve()
        if not inside.is_relative_to(Path(root).resolve()):
            raise web.HTTPError(403)
        return super().validate_absolute_path(root, absolute_path)

    def compute_etag(self) -> str | None:
        """Return the mark of what is sent, so that a page that did not change is not sent again."""
        return web.RequestHandler.compute_etag(self) if self.furnishing else super().compute_etag()

    def get_content_type(self) -> str:
        """Return the type of a file, with the character set for text."""
        kind = super().get_content_type()
        is_text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
        return f"{kind}; charset=utf-8" if is_text else kind

    def furnished(self, page: str) -> str:
        """Return a page of the book with the address for attempts and the bar that leads to the other places."""
        address = html.escape(self.url("trustkit/api"))
        style = html.escape(self.url("trustkit/static/bar.css"))
        head = f'<meta name="trustkit-api" content="{address}"><link rel="stylesheet" href="{style}">'
        bar = self.page("bar.html")
        page = HEAD.sub(lambda tag: tag.group() + head, page, count=1)
        return BODY.sub(lambda tag: tag.group() + bar, page, count=1)

    @property
    def language(self) -> str:
        """The language of the edition that is being read."""
        first = self.request.path.removeprefix(self.url("course") + "/").split("/", 1)[0]
        return first if first in LANGUAGES else super().language


class AssetHandler(PageHandler, web.StaticFileHandler):
    """Our own style sheets and scripts."""

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with one of our style sheets or scripts."""
        self.set_header("Cache-Control", "no-cache")
        await super().get(path, include_body)
