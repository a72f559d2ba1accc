"""The lab in the browser: built from pinned files, run in a real Chromium from a plain server, handed in and graded."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.browser_copies import write_releases
from autograder.classroom import Classroom
from autograder.gradebook import hand_ins
from trustkit import environment
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solution_of
from trustkit.cli import main
from trustkit.publish import lab_python
from trustkit.publish.crawl import pages_of
from trustkit.publish.lab import imports_of, publish_lab, remove_lab
from trustkit.publish.lab_python import (
    LabError,
    course_wheel,
    distribution_lock,
    lab_wheels,
    packed,
    with_dependencies,
    write_python,
)
from trustkit.publish.serving import served

pytestmark = pytest.mark.skipif(
    not environment.has_page_python(), reason="Python for the pages is not here; `make setup` fetches it"
)
LAB_COURSE = Path(__file__).with_name("lab-course")
HOST = "intranet.example"
LONGEST = "def longest(waits):\n    return max(waits)\n"
LAST_YEAR = 1_750_000_000
PATIENCE = 90_000
"""Milliseconds; a kernel starts in about 20 seconds, on a busy machine in more."""


@pytest.fixture(scope="module")
def course(small_site, tmp_path_factory) -> Iterator[Path]:
    """The small course, built, with an assignment that runs in a browser and one that uses pandas."""
    root = Path(shutil.copytree(small_site, tmp_path_factory.mktemp("lab") / "course"))
    shutil.copytree(LAB_COURSE, root, dirs_exist_ok=True)
    before = os.environ.get("TRUSTKIT_HOME")
    os.environ["TRUSTKIT_HOME"] = str(root)
    yield root
    if before is None:
        del os.environ["TRUSTKIT_HOME"]
    else:
        os.environ["TRUSTKIT_HOME"] = before


@pytest.fixture(scope="module")
def published(course) -> SimpleNamespace:
    """The site of that course with its lab, as old as if it had been there for long; `said` while it was made."""
    site, said = course / "_build/site", []
    publish_lab(site, course, ("en", "zh"), write_releases, say=said.append)
    for path in site.rglob("*"):
        os.utime(path, (LAST_YEAR, LAST_YEAR))
    return SimpleNamespace(site=site, lab=site / "lab", said="\n".join(said))


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Lets expectations wait as long as a kernel may take."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def intranet(published, chromium) -> Iterator[SimpleNamespace]:
    """A Chromium that knows one host only, and the site there: plain http, a sub-path, a policy, nothing special."""
    with served(published.site) as address:
        browser = chromium.browser_type.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-dev-shm-usage",
                  f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND"],
        )  # fmt: skip
        yield SimpleNamespace(browser=browser, address=address.replace("127.0.0.1", HOST))
        browser.close()


def visitor(browser: Browser, address: str) -> tuple[Page, list[str], list[str]]:
    """Return a page of somebody new, what it asks for, and what goes wrong in it."""
    context = browser.new_context(accept_downloads=True)
    asked, wrong = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    page = context.new_page()
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_default_timeout(PATIENCE)
    return page, asked, wrong


def run_cell(page: Page, code: str) -> None:
    """Run the cell that holds some code, as a trainee does."""
    page.locator(".jp-CodeCell", has_text=code).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def outputs(page: Page, code: str) -> Locator:
    """Return what stands below the cell that holds some code."""
    return page.locator(".jp-CodeCell", has_text=code).locator(".jp-OutputArea")


# ---------------------------------------------------------------- what is published


def test_the_lab_holds_what_runs_in_a_browser_and_offers_the_rest_for_jupyter(published):
    found = json.loads((published.site / "lab.json").read_text(encoding="utf-8"))
    opened = {name for name, one in found.items() if "open" in one}
    assert opened == {f"{lang}/{name}" for lang in ("en", "zh") for name in ("desk", "first-hand-in")}
    assert found["zh/with-tables"] == {"download": "lab/jupyter/zh/with-tables.ipynb"}
    for name, one in found.items():
        file = published.lab / (f"files/{name}.ipynb" if name in opened else f"jupyter/{name}.ipynb")
        assert file.is_file(), one
    assert "It runs: desk, first-hand-in." in published.said
    assert "pandas" in published.said and "(--pyodide FOLDER): with-tables." in published.said


def test_no_notebook_of_the_lab_holds_a_solution_or_a_hidden_test(published):
    notebooks = list(published.lab.rglob("*.ipynb"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in notebooks)
    assert len([path for path in notebooks if path.name == "first-hand-in.ipynb"]) == 2
    assert "in_order" not in text and "len(table.index)" not in text
    assert "[8, 3]" not in text and "BEGIN " not in text
    assert text.count("raise NotImplementedError()") == 4


def test_the_lab_is_of_the_promised_size_with_no_map_and_no_ending_that_servers_do_not_know(published):
    size = sum(path.stat().st_size for path in published.lab.rglob("*") if path.is_file())
    assert 38e6 < size < 42e6
    assert not list(published.lab.rglob("*.mjs")) and not list(published.lab.rglob("*.map"))
    whole = json.loads((published.lab / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = whole["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["disablePyPIFallback"] is True and kernel["pyodideUrl"].startswith("./static/")
    lock = json.loads((published.lab / "static/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))
    for one in lock["packages"].values():
        content = (published.lab / "static/pyodide" / one["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]


def test_a_package_that_is_not_the_pinned_one_is_not_used_and_no_network_is_told_in_a_sentence(
    published, tmp_path, monkeypatch
):  # fmt: skip
    fetched = lab_wheels(print)["six"].parent
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(fetched))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(environment, "PAGE_PYTHON_FOLDER", str(tmp_path / "kept" / "pyodide"))
    # What is fetched is what stands in the list, each with its own checksum.
    assert {path.name for path in lab_wheels(print).values()} == {path.name for path in fetched.glob("*.whl")}
    changed = tmp_path / "lab-wheels.txt"
    pins = lab_python.WHEELS.read_text(encoding="utf-8")
    changed.write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", pins, count=1))
    monkeypatch.setattr(lab_python, "WHEELS", changed)
    with pytest.raises(LabError, match="could not be fetched: THESE PACKAGES DO NOT MATCH"):
        lab_wheels(print)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(LabError, match="registry could not be reached"):
        lab_wheels(print)


def test_the_course_in_the_browser_has_the_cases_and_no_notes_of_the_trainers(course, published):
    (wheel,) = (published.lab / "static/pyodide").glob("trustkit-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"trustkit_course/cases/late-parcel/case.yaml", "trustkit/widgets/activity.py"} <= set(names)
    assert [name for name in names if "planted" in name or "server/" in name or "/source/" in name] == []


def test_an_exam_is_not_given_away_with_the_course(course, tmp_path):
    case = course / "cases/late-parcel/case.yaml"
    sound = case.read_text(encoding="utf-8")
    case.write_text(f"exam: true\n{sound}", encoding="utf-8")
    try:
        wheel = tmp_path / "course.whl"
        wheel.write_bytes(course_wheel(course, data=False))
    finally:
        case.write_text(sound, encoding="utf-8")
    assert [name for name in zipfile.ZipFile(wheel).namelist() if "cases/late-parcel" in name] == []


def test_the_crawl_under_the_strict_policy_leaves_the_labs_own_pages_out(published):
    assert (published.lab / "en/notebooks/index.html").is_file()
    assert [name for name in pages_of(published.site) if name.startswith("lab/")] == []


def test_a_site_published_again_without_a_lab_has_none_and_its_pages_offer_none(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab.json").write_text('{"en/desk": {"open": "x"}}')
    remove_lab(tmp_path)
    assert not (tmp_path / "lab").exists() and json.loads((tmp_path / "lab.json").read_text()) == {}


def test_what_a_notebook_needs_is_read_from_its_imports():
    def needs(*cells: str) -> set[str]:
        return imports_of({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})

    assert needs("import json\nfrom trustkit import RolePlay", "%pip list\nfrom scipy import stats") == {"scipy"}
    assert needs("from trustkit import load_dataset") == {"numpy", "pandas"}
    assert needs("def draw():\n    import matplotlib.pyplot as plt") == {"matplotlib"}


# ---------------------------------------------------------------- in a browser


def test_a_hand_in_is_opened_from_its_page_done_downloaded_collected_and_graded(
    intranet, published, course, tmp_path
):  # fmt: skip
    page, asked, wrong = visitor(intranet.browser, intranet.address)
    page.goto(f"{intranet.address}en/notebooks/desk.html")
    assert page.evaluate("[isSecureContext, crossOriginIsolated]") == [False, False]
    page.get_by_role("link", name="Open in the browser lab").click()
    page.wait_for_url("**/lab/en/notebooks/index.html?path=en/desk.ipynb")
    expect(page.locator(".jp-CodeCell")).to_have_count(2)
    page.goto(f"{intranet.address}lab/zh/notebooks/index.html?path=zh/first-hand-in.ipynb")

    # The kernel starts, our package is there, and its output is shown in the language of the edition.
    run_cell(page, 'RolePlay("late-parcel")')
    player = page.locator(".tk-player")
    player.get_by_role("button", name="开始").first.click()
    for choice in solution_of(compiled("late-parcel")).best_path().choices:
        if player.locator(".tk-own-words-skip").count():
            player.locator(".tk-own-words-skip").click()
        player.locator(f'[data-choice="{choice}"]').click()
    expect(player.locator(".tk-debrief")).to_be_visible()
    run_cell(page, "marks_for_role_play(")
    expect(outputs(page, "marks_for_role_play(")).to_contain_text("得分：10")
    expect(outputs(page, "marks_for_role_play(")).to_contain_text("一起提交的练习记录：1 条")

    page.locator(".jp-CodeCell", has_text="def longest").locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(LONGEST)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+S")
    page.get_by_role("menuitem", name="File").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "zh_first-hand-in.ipynb"

    # All of it came from this host, a worker's requests included, and nothing was missing or forbidden.
    assert any(url.endswith("pyodide.asm.wasm") for url in asked) and any(".whl" in url for url in asked)
    assert [url for url in asked if not url.startswith((intranet.address, "blob:", "data:"))] == []
    assert wrong == []
    assert page.evaluate("navigator.serviceWorker === undefined")

    # The browser keeps the attempt: another notebook, and the pages of the book, know it.
    kept = page.evaluate("JSON.parse(localStorage['trustkit:v1:late-parcel']).attempts")
    assert [record["result"]["passed"] for record in kept] == [True]
    assert kept[0]["learner"].startswith("p-")
    page.context.close()

    classroom = Classroom(tmp_path / "class", course)
    classroom.create("zh", say=lambda line: None)
    classroom.release("first-hand-in", say=lambda line: None)
    (classroom.root / "roster.csv").write_text("student,name,learner\nlin,Lin,\n", encoding="utf-8")
    assert main(["collect", str(file), "--student", "lin", "--class", str(classroom.root)]) == 0
    assert classroom.autograde("first-hand-in", say=lambda line: None) == {"lin": "graded"}
    (graded,) = hand_ins(classroom.root)
    assert {mark.cell: mark.score for mark in graded.marks} == {"role-play": 10, "check-longest": 5}


def test_a_returning_trainee_gets_the_notebook_of_the_new_release_and_keeps_what_was_typed(intranet, published):
    page, _, _ = visitor(intranet.browser, intranet.address)
    place = f"{intranet.address}lab/en/notebooks/index.html?path=en"
    notebook = published.lab / "files/en/first-hand-in.ipynb"
    page.goto(f"{place}/first-hand-in.ipynb")
    expect(page.locator(".jp-MarkdownCell")).to_contain_text("A first hand-in")
    page.goto(f"{place}/desk.ipynb")
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.insert_text("# mine\n")
    page.keyboard.press("Control+S")
    expect(page.get_by_text("Last Checkpoint").or_(page.locator(".jp-NotebookCheckpoint")).first).to_be_visible()
    for path in (notebook, published.lab / "files/en/desk.ipynb"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("A first hand-in", "A newer hand-in").replace("The desk", "The new desk"))
    page.goto(f"{place}/first-hand-in.ipynb")
    expect(page.locator(".jp-MarkdownCell")).to_contain_text("A newer hand-in")
    page.goto(f"{place}/desk.ipynb")
    expect(page.locator(".jp-CodeCell").first).to_contain_text("# mine")
    page.context.close()


def test_a_page_leads_to_the_notebook_for_jupyter_where_no_browser_can_run_it_and_nowhere_from_a_file(
    intranet, published
):  # fmt: skip
    page, _, wrong = visitor(intranet.browser, intranet.address)
    desk = published.site / "zh/notebooks/desk.html"
    other = desk.with_name("tables.html")
    other.write_text(desk.read_text(encoding="utf-8").replace("zh/desk", "zh/with-tables"), encoding="utf-8")
    page.goto(f"{intranet.address}zh/notebooks/tables.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载笔记本，用 Jupyter 打开").click()
    assert download.value.suggested_filename == "with-tables.ipynb"
    assert wrong == []
    page.goto(desk.as_uri())
    expect(page.locator(".tk-lab")).to_be_hidden()
    page.context.close()


def test_no_header_of_the_lab_isolates_it_and_the_rest_of_the_site_stays_strict(intranet, published):
    page, _, _ = visitor(intranet.browser, intranet.address)
    lab = page.request.get(intranet.address.replace(HOST, "127.0.0.1") + "lab/zh/index.html").headers
    book = page.request.get(intranet.address.replace(HOST, "127.0.0.1") + "zh/index.html").headers
    assert not [name for name in lab if name.startswith("cross-origin-")]
    assert "'unsafe-eval'" in lab["content-security-policy"] and lab["cache-control"] == "no-cache"
    assert "unsafe" not in book["content-security-policy"].replace("'wasm-unsafe-eval'", "")
    page.context.close()


# ---------------------------------------------------------------- a full distribution


@pytest.fixture
def distribution(tmp_path) -> SimpleNamespace:
    """A small folder in the form of a full Pyodide distribution, and the lock that it is held against."""
    folder, packages = tmp_path / "pyodide", {}
    folder.mkdir()
    needs = {"numpy": [], "pytz": [], "pandas": ["numpy", "pytz"], "scipy": ["numpy"], "torch": []}
    for name, depends in needs.items():
        content = packed([(f"{name}/__init__.py", b"")], name, "9.0")
        file = f"{name}-9.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
        (folder / file).write_bytes(content)
        packages[name] = {
            "name": name, "version": "9.0", "file_name": file, "sha256": hashlib.sha256(content).hexdigest(),
            "imports": [name], "depends": depends, "install_dir": "site", "package_type": "package",
        }  # fmt: skip
    runtime = json.loads(Path(environment.PAGE_PYTHON_FOLDER, "pyodide-lock.json").read_text(encoding="utf-8"))
    lock = {"info": runtime["info"], "packages": packages}

    def write(**changes: object) -> None:
        (folder / "pyodide-lock.json").write_text(json.dumps({**lock, **changes}))

    write()
    return SimpleNamespace(folder=folder, lock=lock, write=write)


def test_of_a_full_distribution_only_what_notebooks_need_is_copied_with_its_entries(distribution, course, tmp_path):
    lock = distribution_lock(distribution.folder, distribution.lock)
    assert with_dependencies(lock, ["pandas"]) == ["numpy", "pandas", "pytz"]
    at_start = write_python(
        tmp_path / "out", course, lab_wheels(print), distribution.folder, ["scipy"], trusted=distribution.lock
    )
    written = json.loads((tmp_path / "out/pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {"numpy", "pandas", "pytz", "scipy"} <= set(written) and "torch" not in written
    assert written["scipy"] == distribution.lock["packages"]["scipy"]
    assert "pandas" in at_start and "scipy" not in at_start
    assert (tmp_path / "out" / written["scipy"]["file_name"]).is_file()
    (course_wheel,) = (tmp_path / "out").glob("trustkit-*.whl")
    names = zipfile.ZipFile(course_wheel).namelist()
    assert {"autograder/data_checks.py", "trustkit_course/datasets/calls/calls.csv"} <= set(names)


def test_a_folder_that_is_no_full_distribution_of_this_version_is_refused_with_what_to_do(distribution):
    def refused(folder: Path = distribution.folder) -> str:
        with pytest.raises(LabError) as error:
            distribution_lock(folder, distribution.lock)
        assert "pyodide-314.0.6.tar.bz2" in str(error.value)
        return str(error.value)

    assert "there is no such folder" in refused(distribution.folder / "nowhere")
    assert f"Did you mean {distribution.folder}?" in refused(distribution.folder.parent)
    distribution.write(info={**distribution.lock["info"], "python": "3.13.2", "abi_version": "2025_0"})
    assert "for Python 3.13.2 (2025_0)" in refused()
    distribution.write(packages={name: one for name, one in distribution.lock["packages"].items() if name != "pandas"})
    assert "has no pandas" in refused()
    changed = {**distribution.lock["packages"]["numpy"], "sha256": "0" * 64}
    distribution.write(packages={**distribution.lock["packages"], "numpy": changed})
    assert "its numpy is not the one" in refused()
    (distribution.folder / "pyodide-lock.json").write_text("{")
    assert "not the lock of a Pyodide distribution" in refused()


def test_a_damaged_file_of_a_distribution_is_named_and_nothing_is_published(distribution, course, tmp_path):
    file = distribution.folder / distribution.lock["packages"]["pandas"]["file_name"]
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(LabError, match=r"pandas-9\.0.*Unpack the distribution again"):
        write_python(tmp_path / "out", course, lab_wheels(print), distribution.folder, trusted=distribution.lock)


def test_the_command_refuses_a_wrong_folder_before_it_builds_anything(tmp_path, capsys):
    assert main(["publish", "--out", str(tmp_path / "site"), "--pyodide", str(tmp_path)]) == 1
    assert "it has no pyodide-lock.json" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
