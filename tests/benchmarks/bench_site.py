"""How light and how fast published pages are on a phone: Lighthouse, bytes, search while typing, Python in a page."""

from __future__ import annotations

import functools
import gzip
import json
import os
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from figure import Figure
from playwright.sync_api import Browser, Page, sync_playwright

from trustkit.course import course_root
from trustkit.publish.serving import POLICY
from trustkit.publish.site import publish_site

LIGHTHOUSE = "lighthouse@12.8.2"
CHROMIUM = "/usr/bin/chromium"
PAGES = {
    "home": "en/index.html",
    "lesson": "en/01-what-trust-is/1-1-customer-trust.html",
    "lesson, Chinese": "zh/01-what-trust-is/1-1-customer-trust.html",
    "case": "en/case-room/fridge-failed-twice.html",
    "lab": "en/03-trust-compass/3-4-servqual-data.html",
}
NEXT_LESSON = "en/06-complaints/6-1-complaint-process.html"
SIMULATOR = "en/01-what-trust-is/1-3-trust-bank.html"
TYPED = {"en": "complaint process", "zh": "投诉处理流程"}
RUNS = 3
TEXT = (".html", ".css", ".js", ".json", ".svg", ".txt")

# From the key's event until the frame with the results was painted.
KEY = """
(text) => new Promise((done) => {
  const field = document.querySelector("#pst-search-dialog input");
  const started = performance.now();
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - started);
    channel.port2.postMessage(0);
  });
})
"""


def figures() -> list[Figure]:
    site = publish_site(root=course_root(), say=lambda line: None)
    with _server(site, compress=True) as compressed, _server(site, compress=False) as plain:
        found = _lighthouse(compressed)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            found += [
                *_weights(browser, compressed, plain),
                *_search(browser, compressed),
                *_python(browser, compressed),
            ]
            browser.close()
    return found


class _Handler(SimpleHTTPRequestHandler):
    """A web server as companies set it up: the strict policy, names that change with the content kept for ever."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, compress: bool, **named: object):
        self._compress = compress
        super().__init__(*args, **named)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.split("?")[0]))
        if not path.is_file():
            self.send_error(404)
            return
        body, compress = path.read_bytes(), self._compress and path.suffix in TEXT
        if compress:
            body = gzip.compress(body, 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        named = "/_static/" in self.path and ("?" in self.path or path.stem.count("."))
        self.send_header("Cache-Control", "max-age=31536000, immutable" if named else "max-age=600")
        if compress:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _server(site: Path, *, compress: bool) -> Iterator[str]:
    handler = functools.partial(_Handler, directory=str(site), compress=compress)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _lighthouse(address: str) -> list[Figure]:
    """Return Lighthouse's marks of each page on its slow phone: of three runs the one in the middle."""
    if shutil.which("npx") is None:
        print("  Lighthouse is left out: there is no npx on this machine.")
        return []
    found = []
    for name, page in PAGES.items():
        runs = [_report(f"{address}{page}") for _ in range(RUNS)]
        marks = {
            category: round(100 * statistics.median(run["categories"][category]["score"] for run in runs))
            for category in ("performance", "accessibility", "best-practices")
        }
        shown = {
            audit: statistics.median(run["audits"][audit]["numericValue"] for run in runs)
            for audit in ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
        }
        found += [
            Figure(f"site: {name}: Lighthouse performance", marks["performance"], "of 100", "> 94"),
            Figure(f"site: {name}: Lighthouse accessibility", marks["accessibility"], "of 100", "> 99"),
            Figure(f"site: {name}: Lighthouse best practices", marks["best-practices"], "of 100", "> 94"),
            Figure(f"site: {name}: largest paint, slow 4G", shown["largest-contentful-paint"] / 1000, "s", "< 1.5"),
            Figure(f"site: {name}: blocked, CPU 4 times slower", shown["total-blocking-time"], "ms", "< 200"),
            Figure(f"site: {name}: layout shift", shown["cumulative-layout-shift"], "", "< 0.1"),
        ]
    return found


def _report(address: str) -> dict:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        flags = "--headless=new --no-sandbox --disable-dev-shm-usage"
        subprocess.run(
            ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={out}",
             f"--chrome-flags={flags}", "--only-categories=performance,accessibility,best-practices"],
            env={**os.environ, "CHROME_PATH": CHROMIUM}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return json.loads(out.read_text(encoding="utf-8"))


def _weights(browser: Browser, compressed: str, plain: str) -> list[Figure]:
    found = []
    for how, address in (("compressed", compressed), ("not compressed", plain)):
        context = browser.new_context()
        first, again, other = (_bytes(context.new_page(), f"{address}{page}") for page in
                               (PAGES["lesson"], PAGES["lesson"], NEXT_LESSON))  # fmt: skip
        context.close()
        limit = "< 300" if how == "compressed" else "> 0"
        found.append(Figure(f"site: a lesson on the first visit, {how}", first / 1000, "KB", limit))
        if how == "compressed":
            found.append(Figure("site: the same lesson again", again / 1000, "KB", "< 30"))
            found.append(Figure("site: another lesson with another case", other / 1000, "KB", "> 0"))
    return found


def _bytes(page: Page, address: str) -> int:
    """Return what a visit transfers without fonts, in bytes."""
    devtools = page.context.new_cdp_session(page)
    fonts, total = set(), []
    devtools.send("Network.enable")
    devtools.on("Network.responseReceived", lambda event: event["type"] == "Font" and fonts.add(event["requestId"]))
    devtools.on(
        "Network.loadingFinished",
        lambda event: event["requestId"] in fonts or total.append(event["encodedDataLength"]),
    )
    page.goto(address, wait_until="networkidle")
    page.close()
    return int(sum(total))


def _search(browser: Browser, address: str) -> list[Figure]:
    times = []
    for language, query in TYPED.items():
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.goto(f"{address}{language}/index.html")
        page.keyboard.press("Control+k")
        page.wait_for_timeout(1000)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.evaluate(KEY, "x")
        for _ in range(3):
            times += [page.evaluate(KEY, query[:end]) for end in range(1, len(query) + 1)]
        page.context.close()
    return [
        Figure("site: key to painted results, CPU 4 times slower, median", statistics.median(times), "ms", "< 100"),
        Figure("site: key to painted results, CPU 4 times slower, worst", max(times), "ms", "< 100"),
    ]


def _python(browser: Browser, address: str) -> list[Figure]:
    context, taken = browser.new_context(), []
    for _ in range(2):
        page = context.new_page()
        page.goto(f"{address}{SIMULATOR}")
        began = time.perf_counter()
        page.locator(".tk-panel .tk-start").first.click()
        page.locator(".tk-panel .tk-block-form").first.wait_for(timeout=120_000)
        taken.append(time.perf_counter() - began)
        page.close()
    context.close()
    return [
        Figure("site: Python in a page, first click to form", taken[0], "s", "< 6"),
        Figure("site: Python in a page, on the next visit", taken[1], "s", "< 4"),
    ]
