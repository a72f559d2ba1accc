"""What all our pages share: the signed-in handler, the templates, and the words in both languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

HERE = Path(__file__).parent
LANGUAGES = {"en": "English", "zh": "简体中文"}


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of our pages in one language, by name."""
    return yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))[language]


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )


class PageHandler(JupyterHandler):
    """A page of ours; Jupyter's own sign-in guards it."""

    def url(self, *parts: str) -> str:
        """Return the address of a page on this server, under whatever prefix Jupyter is served."""
        return url_path_join(self.base_url, *parts)

    @property
    def language(self) -> str:
        """The language of the page: the one asked for, else the one chosen last, else the browser's."""
        asked = self.get_query_argument("lang", "") or self.get_cookie("trustkit-lang", "")
        if asked in LANGUAGES:
            return asked
        return "zh" if self.get_browser_locale().code.startswith("zh") else "en"

    def words(self, name: str) -> str:
        """Return words of ours in the page's language."""
        return words(self.language)[name]

    def page(self, template: str, **values: Any) -> str:
        """Return a template filled in, with the words of the page's language."""
        language = self.language
        return _templates().get_template(template).render(
            t=words(language), lang=language, languages=LANGUAGES, url=self.url,
            here=self.request.path, **values,
        )  # fmt: skip

    def show(self, template: str, **values: Any) -> None:
        """Answer with a filled template and remember the language that was asked for."""
        if self.get_query_argument("lang", "") in LANGUAGES:
            self.set_cookie("trustkit-lang", self.language, path=self.base_url, samesite="Lax")
        # The scripts of the pages need the cookie before they can post.
        _ = self.xsrf_token
        self.set_header("Cache-Control", "no-store")
        self.finish(self.page(template, **values))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a page that says in plain words what went wrong."""
        error = kwargs.get("exc_info", (None, None))[1]
        message = error.log_message if isinstance(error, web.HTTPError) else ""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        kind = status_code if status_code in (403, 404) else 500
        self.finish(self.page("error.html", status=status_code, kind=kind, message=message or ""))
