"""A real web server with a strict policy, and pages on which the player stands."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import trustkit.player
from trustkit.cases.bundle import case_bundle
from trustkit.player import module, script, style

PLAYER = Path(trustkit.player.__file__).parent
SMALL = Path(__file__).parents[1] / "cases" / "small"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


def as_data(bundle: dict) -> str:
    return json.dumps(bundle, ensure_ascii=False).replace("<", "\\u003c")


def _page_of(bundle: dict, *, head: str = "", attributes: str = "") -> str:
    return f"""<!doctype html>
<html lang="{bundle.get("lang", "en")}" {attributes}>
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A lesson</title><link rel="stylesheet" href="player.css">{head}
</head>
<body><main><h1>A lesson</h1>
<script type="application/json" id="bundle">{as_data(bundle)}</script>
<div class="trustkit" data-trustkit="#bundle"></div>
</main><script src="trustkit-player.js"></script></body></html>"""


@dataclass
class Site:
    """The pages on the server, and the attempts that were posted to it."""

    address: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    posted: list[tuple[dict, str | None]] = field(default_factory=list)
    refuses: tuple[int, dict] | None = None


@pytest.fixture(scope="session")
def server() -> Iterator[Site]:
    """Serves the joined script, the single modules, the pages of a test and the attempts' address."""
    site = Site()
    fixed = {"/trustkit-player.js": script, "/widget.js": module, "/player.css": style}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path in fixed:
                text = fixed[path]()
            elif path.startswith("/modules/"):
                text = (PLAYER / path.removeprefix("/modules/")).read_text(encoding="utf-8")
            elif path in site.pages:
                text = site.pages[path]
            else:
                self.send_error(404)
                return
            self._answer(200, TYPES[Path(path).suffix], text)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if site.refuses:
                self._answer(site.refuses[0], "application/json", json.dumps(site.refuses[1]))
                return
            site.posted.append((body, self.headers["X-XSRFToken"]))
            self._answer(200, "application/json", json.dumps({"path": f"attempts/{body['id']}.json"}))

        def _answer(self, status: int, kind: str, text: str) -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Set-Cookie", "_xsrf=2|token")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield site
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def site(server: Site) -> Iterator[Site]:
    """The server with nothing of an earlier test on it."""
    server.pages.clear()
    server.posted.clear()
    server.refuses = None
    yield server


@pytest.fixture(scope="session")
def page_of() -> Callable[..., str]:
    """Writes a book page in miniature with the player for one bundle."""
    return _page_of


Opener = Callable[..., Page]


@pytest.fixture
def open_player(chromium: Browser, site: Site) -> Iterator[Opener]:
    """Opens a page with the player for a bundle, in a fresh browser profile; fails on any script error."""
    contexts, wrong = [], []

    def open_(bundle: dict, *, head: str = "", attributes: str = "", before: str = "", **options: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        site.pages["/lesson.html"] = _page_of(bundle, head=head, attributes=attributes)
        page.goto(f"{site.address}/lesson.html")
        return page

    open_.wrong = wrong
    yield open_
    for context in contexts:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def module_page(chromium: Browser, site: Site) -> Iterator[Callable[[str], Page]]:
    """Opens a page that runs a script which imports the single modules from ./modules/."""
    page = chromium.new_page()

    def open_(harness: str) -> Page:
        site.pages["/harness.js"] = harness
        site.pages["/harness.html"] = '<!doctype html><title>t</title><script type="module" src="/harness.js"></script>'
        page.goto(f"{site.address}/harness.html")
        return page

    yield open_
    page.close()


@pytest.fixture(scope="session")
def small_case() -> dict:
    """A complete case of three turns."""
    return case_bundle(SMALL / "late-parcel")


@pytest.fixture(scope="session")
def small_drill() -> dict:
    """A drill of four items, one of them a red line."""
    feedback = {"a": "Because of a.", "b": "Because of b."}
    return {
        "kind": "drill", "id": "four-items", "lang": "en", "title": "Four items", "intro": "Sort them.",
        "lesson": "1.1", "minutes": 2, "pass": 3, "hash": "abcd", "lesson_links": {},
        "categories": [{"id": "a", "name": "First kind"}, {"id": "b", "name": "Second kind"}],
        "items": [
            {"id": f"item-{n}", "text": f"Item number {n}.", "key": "ab"[n % 2], "red_line": n == 3,
             "feedback": feedback}
            for n in range(1, 5)
        ],
    }  # fmt: skip
