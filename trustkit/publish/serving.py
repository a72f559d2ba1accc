"""Serves a published folder as a company's server would: under a sub-path, strict, and with nothing special."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    # the theme's style sheets draw some signs from data of their own
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
))  # fmt: skip
"""The content-security policy under which every page works. `'wasm-unsafe-eval'` is for Python in the page alone."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
}
"""What a server sends with every answer; the settings in `deploy/` and in the trainer's book say the same."""

UNDER = "/intranet/trust/"
"""A sub-path such as a company has, where nobody has named one."""

LAB_POLICY = "; ".join((
    "default-src 'none'",
    # JupyterLab makes functions from texts, and widgets and the kernel's modules come as blobs
    "script-src 'self' 'unsafe-eval' blob: data:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' blob: data:",
    "worker-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
))  # fmt: skip
"""The policy of the folder `lab/` and of nothing else. No COOP or COEP header may be sent with it."""
LAB_FOLDER = "lab/"
LAB_HEADERS = {"Content-Security-Policy": LAB_POLICY, "Cache-Control": "no-cache"}
"""What differs in that folder. Were it cached, a returning trainee would open the notebook of an earlier release."""

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json",
          ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".txt": "text/plain",
          ".xml": "application/xml", ".pdf": "application/pdf"}  # fmt: skip
"""What servers have known for years; of anything else they say nothing but that it is bytes."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, under: str, **named: object):
        self._under = under
        super().__init__(*args, **named)

    def translate_path(self, path: str) -> str:
        place = unquote(urlsplit(path).path)
        if not place.startswith(self._under):
            return str(Path(self.directory, "nothing-is-here"))
        return super().translate_path("/" + place.removeprefix(self._under))

    def guess_type(self, path: str) -> str:
        return _TYPES.get(Path(path).suffix.lower(), "application/octet-stream")

    def end_headers(self) -> None:
        lab = unquote(urlsplit(self.path).path).removeprefix(self._under).startswith(LAB_FOLDER)
        for name, value in (HEADERS | LAB_HEADERS if lab else HEADERS).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, under: str = UNDER) -> Iterator[str]:
    """Serve a folder on the loopback interface for as long as the block runs; yield its address.

    Args:
        folder: what to serve.
        under: the sub-path, with a slash at both ends.
    """
    handler = functools.partial(_Handler, directory=str(folder), under=under)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{under}"
        finally:
            server.shutdown()
            thread.join()
