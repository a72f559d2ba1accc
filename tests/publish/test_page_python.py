"""Python for the pages as it is published: the same bytes each time, nothing left behind, nothing foreign in it."""

import io
import json
import shutil
import subprocess
import sys
import zipfile

import pytest
from playwright.sync_api import expect

from trustkit import environment
from trustkit.publish import page_python
from trustkit.publish.page_python import course_archive, publish_page_python
from trustkit.publish.serving import served

needs_python = pytest.mark.skipif(
    not environment.has_page_python(), reason="Python for the pages is not here; `make setup` fetches it"
)


def test_our_archive_has_the_same_bytes_each_time():
    archive = course_archive()
    assert archive == course_archive()
    entries = zipfile.ZipFile(io.BytesIO(archive)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.filename for entry in entries if "__pycache__" in entry.filename] == []


def test_what_is_in_the_archive_runs_alone(tmp_path):
    zipfile.ZipFile(io.BytesIO(course_archive())).extractall(tmp_path)
    code = "from trustkit.panel import panel_answer; print(len(panel_answer('checker', 'reply', [])['blocks']))"
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "3\n", done.stderr
    assert not (tmp_path / "trustkit" / "cases").exists()


@needs_python
def test_a_site_holds_it_once_beside_its_editions(small_site):
    folder = small_site / "_build/site/python"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        place = folder if file["name"] == manifest["course"] else folder / manifest["runtime"]
        assert (place / file["name"]).stat().st_size == file["bytes"]
    assert "Mozilla Public License" in (folder / "NOTICE.txt").read_text(encoding="utf-8")
    assert not list(folder.rglob("*.mjs"))
    assert not (small_site / "_build/site/en/_static/python").exists()


@needs_python
def test_publishing_again_changes_nothing_and_an_old_archive_goes(tmp_path):
    target = tmp_path / "python"
    assert publish_page_python(target)
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()}
    (target / "course-000000000000.zip").write_bytes(b"old")
    assert publish_page_python(target)
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file()} == before


def test_without_the_runtime_nothing_is_published(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "PAGE_PYTHON_FOLDER", str(tmp_path / "nowhere"))
    assert page_python.version() == "" and not publish_page_python(tmp_path / "python")
    assert not (tmp_path / "python").exists()


@needs_python
def test_from_a_plain_server_of_an_intranet_simulators_and_checkers_start_and_start_again(small_site, chromium):
    # No secure context, a sub-path, the strict policy, and no file ending beyond what servers have known for years.
    with served(small_site / "_build/site") as address:
        browser = chromium.browser_type.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-dev-shm-usage",
                  "--host-resolver-rules=MAP intranet.example 127.0.0.1, MAP * ~NOTFOUND"],
        )  # fmt: skip
        address = address.replace("127.0.0.1", "intranet.example")
        page = browser.new_page()
        asked, wrong = [], []
        page.context.on("request", lambda request: asked.append(request.url))
        page.context.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        for _ in range(2):
            page.goto(f"{address}zh/01-lesson/1-2-second.html")
            assert page.evaluate("isSecureContext") is False
            for what, shown in (("#simulator-trust-bank", "form[data-form=story-1]"), ("#checker-reply", "textarea")):
                page.locator(f"{what} .tk-start").click()
                expect(page.locator(f"{what} {shown}")).to_be_visible(timeout=60_000)
        browser.close()
    assert any(url.endswith("pyodide.asm.wasm") for url in asked)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert wrong == []
