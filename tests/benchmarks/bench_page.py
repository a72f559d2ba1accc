"""How soon a choice is answered on the screen, in Chromium."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from figure import Figure
from playwright.sync_api import Page, sync_playwright

from trustkit import player
from trustkit.cases.bundle import case_bundle

CASE = "fridge-failed-twice"
CHROMIUM = "/usr/bin/chromium"

# The time from the click until the frame that shows the reply was painted: the message that follows a frame's
# callbacks is handled after that frame.
CLICK = """
() => new Promise((done) => {
  const button = document.querySelector('.tk-choice');
  if (!button) return done(null);
  const lines = document.querySelectorAll('.tk-log .tk-customer').length;
  const started = performance.now();
  button.click();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const shown = document.querySelectorAll('.tk-log .tk-customer').length;
      const over = !document.querySelector('.tk-choice, .tk-own-words-skip');
      done(shown > lines || over ? performance.now() - started : NaN);
    };
    channel.port2.postMessage(0);
  });
})
"""


def figures() -> list[Figure]:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = _page(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        times = []
        for _ in range(8):
            page.goto(page_file.as_uri())
            page.evaluate("localStorage.clear()")
            page.reload()
            times += _play(page)
        browser.close()
    return [Figure("page: choice to painted reply, median", statistics.median(times), "ms", "< 50")]


def _play(page: Page) -> list[float]:
    page.click(".tk-start")
    times = []
    while page.locator(".tk-choice, .tk-own-words-skip").count():
        if page.locator(".tk-own-words-skip").count():
            page.click(".tk-own-words-skip")
        time = page.evaluate(CLICK)
        if time is None:
            break
        times.append(time)
    # The last choice also solves the case for the debrief, which is not a reply.
    return times[:-1]


def _page(folder: Path) -> Path:
    bundle = json.dumps(case_bundle(CASE), ensure_ascii=False).replace("</", "<\\/")
    file = folder / "case.html"
    file.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{player.style()}</style>'
        f'<script type="application/json" id="case">{bundle}</script>'
        f'<div class="trustkit" data-trustkit="#case"></div><script>{player.script()}</script></html>',
        encoding="utf-8",
    )
    return file
