"""Python for the pages as it is published: the same bytes each time, nothing left behind, nothing foreign in it."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from trustkit import environment
from trustkit.publish import page_python
from trustkit.publish.page_python import course_archive, publish_page_python

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
