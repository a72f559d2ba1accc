"""The published book as a reader meets it: in a browser, on a phone, offline, in either language."""

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest

PHONE = {"width": 390, "height": 844}


NAMELESS = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((element) => element.checkVisibility() && !(
        element.textContent.trim() || element.ariaLabel || element.title || element.labels?.length
        || element.getAttribute("aria-labelledby") || element.querySelector("img[alt]:not([alt=''])")))
    .map((element) => element.outerHTML.slice(0, 120))"""
"""What a reader can use on the page and a screen reader could not name."""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site on a plain web server of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def pages(site: Path) -> list[str]:
    return sorted(
        str(page.relative_to(site))
        for page in (site / "index.html", *site.glob("en/**/*.html"), *site.glob("zh/**/*.html"))
        if "_static" not in page.parts
    )


@dataclass
class Visit:
    """What a visit to every page showed."""

    elsewhere: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    too_wide: dict[str, int] = field(default_factory=dict)
    language: dict[str, str] = field(default_factory=dict)
    indexed: set[str] = field(default_factory=set)
    nameless: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def visit(chromium, site: Path, address: str) -> Visit:
    """Open every page on a phone, wait until it is quiet, and note what happened."""
    seen = Visit()
    context = chromium.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.on(
        "request",
        lambda request: (
            urlparse(request.url).scheme in ("http", "https", "ws", "wss")
            and (request.url.startswith(address) or seen.elsewhere.add(request.url))
        ),
    )
    tab.on("response", lambda response: response.status >= 400 and seen.missing.add(response.url))
    tab.on("pageerror", lambda error: seen.errors.add(f"{tab.url}: {error}"))
    tab.on("console", lambda message: message.type == "error" and seen.errors.add(f"{tab.url}: {message.text}"))
    for page in pages(site):
        tab.goto(f"{address}/{page}" + ("?q=trust" if page.endswith("search.html") else ""), wait_until="load")
        tab.wait_for_timeout(150)
        width = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            seen.too_wide[page] = width
        seen.language[page] = tab.evaluate("document.documentElement.lang")
        if nameless := tab.evaluate(NAMELESS):
            seen.nameless[page] = nameless
        if "noindex" not in (tab.locator('meta[name="robots"]').first.get_attribute("content") or ""):
            seen.indexed.add(page)
    context.close()
    return seen


def test_no_page_asks_another_host_for_anything(visit):
    assert visit.elsewhere == set()


def test_no_page_lacks_a_file_or_stumbles_over_a_script(visit):
    assert visit.missing == set()
    assert visit.errors == set()


def test_no_page_scrolls_sideways_on_a_phone(visit):
    assert visit.too_wide == {}


def test_every_page_says_its_language_and_keeps_search_engines_away(visit):
    wrong = {
        page: language
        for page, language in visit.language.items()
        if language != ("zh-CN" if page.startswith("zh/") else "en")
    }
    assert wrong == {}
    assert visit.indexed == set()


def test_everything_that_can_be_used_has_a_name_for_a_screen_reader(visit):
    assert visit.nameless == {}


class Links(HTMLParser):
    """Collects the links and anchors of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if found.get("id"):
            self.anchors.add(found["id"])
        if tag == "a" and found.get("href"):
            self.links.add(found["href"])


def test_every_link_inside_the_site_leads_to_a_page_and_a_place_that_exist(site):
    read = {page: Links((site / page).read_text(encoding="utf-8")) for page in pages(site)}
    broken = []
    for page, found in read.items():
        for link in found.links:
            target, anchor = urldefrag(link)
            if urlparse(target).scheme:
                continue
            path = (site / page).parent.joinpath(unquote(target)).resolve() if target else site / page
            name = str(path.relative_to(site)) if path.is_relative_to(site) else link
            if not path.is_file() or (anchor and unquote(anchor) not in read[name].anchors):
                broken.append(f"{page}: {link}")
    assert broken == []


@pytest.mark.parametrize(
    "page", ["index.html", "01-what-trust-is/1-1-customer-trust.html", "notebooks/trust-drill.html"]
)
def test_the_language_switch_keeps_the_page_without_a_script_and_from_a_file(chromium, site, page):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / "en" / page).as_uri())
    tab.get_by_role("link", name="中文", exact=True).click()
    assert tab.url == (site / "zh" / page).as_uri()
    tab.get_by_role("link", name="English", exact=True).click()
    assert tab.url == (site / "en" / page).as_uri()
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_shows_its_objectives_its_evidence_as_words_and_its_case(chromium, address, language):
    context = chromium.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto(f"{address}/{language}/01-what-trust-is/1-1-customer-trust.html")
    assert tab.locator(".tk-objectives li").count() >= 2
    assert tab.locator(".tk-label").first.inner_text() in ("cited", "引用", "rule", "规则")
    tab.locator(".tk-player .tk-start").first.wait_for()
    context.close()


def test_the_first_page_leads_to_both_editions(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    for language, name in (("en", "English"), ("zh", "中文")):
        tab.goto((site / "index.html").as_uri())
        tab.get_by_role("link", name=name).click()
        assert tab.url == (site / language / "index.html").as_uri()
    context.close()
