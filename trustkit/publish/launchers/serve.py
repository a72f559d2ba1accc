"""Shows the folder `course` beside it at an address of this machine alone, until the window is closed."""

import functools
import os
import sys
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

FIRST_PORT, LAST_PORT = 8808, 8828


class Course(SimpleHTTPRequestHandler):
    """Answers with files, and with the types that browsers insist on."""

    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
        ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8",
    }  # fmt: skip

    def end_headers(self):
        """Let the browser ask again after an update."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_):
        """Keep the window quiet."""


handler = functools.partial(Course, directory=os.path.join(os.getcwd(), "course"))
server = None
for port in range(FIRST_PORT, LAST_PORT + 1):
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        break
    except OSError:
        continue
if server is None:
    sys.exit(1)
address = f"http://127.0.0.1:{server.server_port}/"
print(f"The course is at {address}\nClose this window to end it. 关闭本窗口即可结束。", flush=True)
webbrowser.open(address)
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
