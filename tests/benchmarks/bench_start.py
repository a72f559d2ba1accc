"""How long the second `make start` takes until the course's first page is served."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from figure import Figure

from trustkit.course import course_root

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*")


def figures() -> list[Figure]:
    _seconds_to_page()  # the first start makes what is missing
    return [Figure("second make start to a served page", _seconds_to_page(), "s", "< 10")]


def _seconds_to_page() -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    course = subprocess.Popen(
        [sys.executable, "-m", "trustkit.environment", "start"],
        cwd=course_root(),
        env={**os.environ, "PORT": str(port), "OPEN": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        for line in course.stdout:
            found = ADDRESS.search(line)
            if found:
                with urllib.request.urlopen(found.group(), timeout=30) as page:
                    page.read()
                return time.perf_counter() - started
        raise SystemExit("`make start` ended without naming its address.")
    finally:
        os.killpg(course.pid, signal.SIGINT)
        course.wait(30)
