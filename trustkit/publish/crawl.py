"""Opens the pages of a published folder in a real browser and tells what an intranet would stumble over.

Each request of each page is recorded: one to another host is one too many. So is whatever the strict policy forbids,
what is not there, and a script that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trustkit.publish.browser import chromium
from trustkit.publish.serving import LAB_FOLDER, UNDER, served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

_PATIENCE_MS = 30_000
_QUIET_MS = 150
"""How long a page is given, after it has loaded, for what its scripts ask for on their own."""


@dataclass(frozen=True, order=True)
class Stumble:
    """Something that would go wrong on an intranet.

    Attributes:
        page: the page, relative to the published folder.
        kind: "other host", "policy", "missing" or "script".
        what: the address, or what the browser says.
    """

    page: str
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.page}: {_KINDS[self.kind]}: {self.what}"


_KINDS = {
    "other host": "asks another host",
    "policy": "is forbidden by the strict policy",
    "missing": "asks for what is not there",
    "script": "has a script that fails",
}


@dataclass(frozen=True)
class Crawled:
    """What came of opening pages.

    Attributes:
        pages: how many were opened.
        requests: how many requests they made in all.
        stumbles: what went wrong, in order.
    """

    pages: int
    requests: int
    stumbles: tuple[Stumble, ...]


def pages_of(site: Path) -> list[str]:
    """Return the pages of a published folder, in order; the lab's are JupyterLite's own, under another policy."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)
    return [name for name in names if not name.startswith(LAB_FOLDER)]


def crawl(
    site: Path,
    pages: Iterable[str] | None = None,
    *,
    under: str = UNDER,
    watch: Callable[[int, int], object] = lambda done, of: None,
) -> Crawled:
    """Open pages one after the other, move about in each, and return what they asked for.

    Args:
        site: the published folder; it is served as a company's server would, for as long as this takes.
        pages: which of its pages (default: all).
        under: the sub-path where it stands, with a slash at both ends.
        watch: told after each page how many are done, and of how many.

    Raises:
        trustkit.publish.browser.NoBrowser: there is no Chromium here.
    """
    with served(site, under) as address:
        return crawl_at(address, list(pages_of(site) if pages is None else pages), watch=watch)


def crawl_at(
    address: str, pages: Sequence[str], *, watch: Callable[[int, int], object] = lambda done, of: None
) -> Crawled:
    """Open pages of a server that is running already; see `crawl`.

    Args:
        address: where the published folder stands, with a slash at its end.
        pages: the pages, relative to it.
        watch: told after each page how many are done, and of how many.
    """
    with chromium("The check opens the pages") as browser:
        context = browser.new_context(service_workers="block")
        crawler = _Crawler(context, address)
        for number, name in enumerate(pages, 1):
            crawler.open(name)
            watch(number, len(pages))
    return Crawled(len(pages), crawler.requests, tuple(sorted(crawler.stumbles)))


class _Crawler:
    def __init__(self, context: BrowserContext, address: str):
        self._context, self._address = context, address
        self._host = urlsplit(address).netloc
        self.requests, self.stumbles = 0, set()

    def open(self, name: str) -> None:
        """Open a page in a tab of its own, use it a little, and note what happens."""
        page = self._context.new_page()
        page.on("request", lambda request: self._asked(name, request.url))
        page.on("response", lambda answer: self._answered(name, answer.status, answer.url))
        page.on("pageerror", lambda error: self._stumble(name, "script", str(error)))
        page.on("console", lambda said: self._said(name, said.type, said.text))
        query = "?q=trust" if name.endswith("search.html") else ""
        page.goto(f"{self._address}{name}{query}", wait_until="load", timeout=_PATIENCE_MS)
        page.wait_for_timeout(_QUIET_MS)
        _use(page)
        page.wait_for_timeout(_QUIET_MS)
        page.close()

    def _asked(self, name: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("data", "blob"):
            return
        self.requests += 1
        if parts.netloc != self._host:
            self._stumble(name, "other host", url)

    def _answered(self, name: str, status: int, url: str) -> None:
        if status >= 400:
            self._stumble(name, "missing", url.removeprefix(self._address))

    def _said(self, name: str, kind: str, text: str) -> None:
        if kind != "error":
            return
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self._stumble(name, "policy", text)
        elif "Failed to load resource" not in text:
            self._stumble(name, "script", text)

    def _stumble(self, name: str, kind: str, what: str) -> None:
        self.stumbles.add(Stumble(name, kind, " ".join(what.split())[:300]))


def _use(page: Page) -> None:
    """Do what readers do: switch light and dark, unfold, open a tab, begin an activity, search."""
    for what in (
        "button.theme-switch-button",
        "summary",
        ".sd-tab-label",
        ".tk-player button:enabled:not([aria-disabled=true])",
        ".search-button__button",
    ):
        found = page.locator(what).locator("visible=true")
        if found.count():
            found.first.click(timeout=2_000, no_wait_after=True)
