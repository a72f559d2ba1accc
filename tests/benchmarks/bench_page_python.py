"""How soon a simulator can be used after the click that starts it, from a plain server, in Chromium."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from figure import Figure
from playwright.sync_api import sync_playwright

from trustkit import player
from trustkit.panel import panel_bundle
from trustkit.publish.page_python import FOLDER, loaded_bytes, publish_page_python
from trustkit.publish.serving import served

CHROMIUM = "/usr/bin/chromium"
HOST = "intranet.example"
ROUNDS = 5


def figures() -> list[Figure]:
    first, again = [], []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        _write_site(Path(folder))
        with served(Path(folder)) as address:
            for _ in range(ROUNDS):
                # A browser of its own each time: nothing is kept of the visits before.
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM,
                    args=["--no-sandbox", "--disable-dev-shm-usage", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
                )
                page = browser.new_page()
                for times in (first, again):
                    page.goto(f"{address.replace('127.0.0.1', HOST)}index.html")
                    page.wait_for_selector(".tk-start")
                    began = time.perf_counter()
                    page.click(".tk-start")
                    page.wait_for_selector("form[data-form=story-1]", timeout=60_000)
                    times.append(time.perf_counter() - began)
                browser.close()
    return [
        Figure("page: simulator usable after the first click, median", statistics.median(first), "s", "< 6"),
        Figure("page: simulator usable at the next visit, median", statistics.median(again), "s", "< 4"),
    ]


def _write_site(folder: Path) -> None:
    publish_page_python(folder / FOLDER)
    bundle = {
        **panel_bundle("simulator", "trust-bank", "en"),
        "python": {"base": f"{FOLDER}/", "bytes": loaded_bytes()},
    }
    data = json.dumps(bundle, ensure_ascii=False).replace("<", "\\u003c")
    (folder / "panel.js").write_text(player.panel_script(), encoding="utf-8")
    (folder / "player.css").write_text(player.style(), encoding="utf-8")
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>t</title><link rel="stylesheet" href="player.css">'
        f'<script type="application/json" id="data">{data}</script><script src="panel.js" defer></script>'
        '<div class="trustkit" data-trustkit-panel="#data"></div></html>',
        encoding="utf-8",
    )
