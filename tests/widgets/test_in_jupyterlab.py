"""A simulator and a checker in JupyterLab: a real kernel answers, and nothing is loaded for the page."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from trustkit.attempts.replay import replay


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A folder with a notebook of two cells."""
    cells = [
        'from trustkit import Simulator\n\nSimulator("trust-bank")',
        'from trustkit import Checker\n\nChecker("reply")',
    ]
    work = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    work.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(work, tmp_path / "work.ipynb")
    return tmp_path


@pytest.fixture
def lab(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab of its own over that folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path_factory.mktemp(name.lower())) for name in ("CONFIG", "RUNTIME", "DATA")}
    home = {"TRUSTKIT_HOME": str(Path(__file__).parents[2]), "TRUSTKIT_LANG": "en"}
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--IdentityProvider.token=t",
            f"--ServerApp.root_dir={notebook}", "--allow-root", "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        cwd=notebook, env={**os.environ, **own, **home}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/api?token=t", timeout=5).close()
            break
        except OSError:
            assert process.poll() is None, "JupyterLab did not start"
            time.sleep(0.2)
    yield f"{address}/lab/tree/work.ipynb?token=t&reset"
    process.terminate()
    process.wait(timeout=30)


def run_cell(page: Page, containing: str) -> None:
    """Click into the code cell that contains some words and press Shift and Enter together."""
    page.locator(".jp-CodeCell", has_text=containing).locator(".cm-content").first.click()
    page.keyboard.press("Shift+Enter")


def test_the_kernel_answers_a_simulator_and_a_checker(chromium, lab, notebook):
    page, asked = chromium.new_page(viewport={"width": 1280, "height": 900}), []
    page.set_default_timeout(60_000)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    run_cell(page, "trust-bank")
    bank = page.locator(".tk-panel[data-activity=trust-bank]")
    expect(bank).not_to_contain_text("13 MB")
    bank.locator(".tk-start").click()
    for number in range(1, 6):
        slider = bank.locator(f"form[data-form=story-{number}] input")
        slider.press("ArrowRight")
        expect(bank.locator(".tk-number-value").first).to_have_text("51 points")
        bank.locator(".tk-submit").press("Enter")
    bank.locator("form[data-form=levers]").wait_for()
    expect(bank.locator(".tk-saved")).to_have_text("Saved in this notebook.")
    expect(bank.locator(".tk-block-chart svg")).to_have_count(5)
    for _ in range(100):
        files = list((notebook / "attempts").glob("*.json"))
        if files:
            break
        page.wait_for_timeout(100)
    (file,) = files
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["host"] == "jupyter" and replay(record).scores == record["result"]

    run_cell(page, "Checker")
    checker = page.locator(".tk-panel[data-activity=reply]")
    checker.locator(".tk-start").click()
    checker.locator("textarea").fill("You should have read it.")
    checker.locator("textarea").press("Enter")
    expect(checker.locator("textarea")).to_have_value("You should have read it.\n")
    checker.locator(".tk-submit").click()
    expect(checker.locator("mark")).to_have_text("1You should have")
    assert len(list((notebook / "attempts").glob("*.json"))) == 1
    assert not [address for address in asked if "pyodide" in address]
    page.close()
