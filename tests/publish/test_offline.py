"""The course in one zip: the same bytes, programs that may run, and a launcher that really opens it."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
import zipfile

import pytest

from trustkit.publish.offline import launchers, pack
from trustkit.publish.stamp import Stamp

LINUX, MAC, WINDOWS = "Open the course (Linux).sh", "Open the course (Mac).command", "Open the course (Windows).bat"


@pytest.fixture(scope="module")
def unpacked(published, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip") / "my course"
    with zipfile.ZipFile(published.root / "_build/course.zip") as archive:
        for entry in archive.infolist():
            path = archive.extract(entry, folder)
            os.chmod(path, entry.external_attr >> 16 & 0o777)
    return folder


def test_the_same_site_is_the_same_zip(published, tmp_path):
    again = pack(published.site, tmp_path / "again.zip")
    assert again.read_bytes() == (published.root / "_build/course.zip").read_bytes()


def test_it_holds_the_site_a_launcher_for_each_system_and_a_read_me_in_both_languages(published, unpacked):
    held = {path.relative_to(unpacked / "course") for path in (unpacked / "course").rglob("*") if path.is_file()}
    assert held == {path.relative_to(published.site) for path in published.site.rglob("*") if path.is_file()}
    assert sorted(path.name for path in unpacked.iterdir()) == sorted([LINUX, MAC, WINDOWS, "READ-ME.txt", "course"])
    told = (unpacked / "READ-ME.txt").read_text(encoding="utf-8")
    assert "What works from a file" in told and "以文件方式打开时" in told and "Trustkit" in told
    for name in (LINUX, MAC, WINDOWS):
        assert told.count(name) == 2
    assert os.access(unpacked / LINUX, os.X_OK) and os.access(unpacked / MAC, os.X_OK)
    assert not os.access(unpacked / "course/index.html", os.X_OK)


def test_the_linux_launcher_opens_the_course_in_the_browser_and_serves_python_rightly(unpacked, tmp_path):
    opened = tmp_path / "opened"
    opener = tmp_path / "browser"
    opener.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    opener.chmod(0o755)
    process = subprocess.Popen([unpacked / LINUX], cwd="/", env={**os.environ, "BROWSER": str(opener)},
                               stdout=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        for _ in range(100):
            if opened.is_file() and opened.read_text().strip():
                break
            time.sleep(0.1)
        address = opened.read_text().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:88[012]\d/", address)
        with urllib.request.urlopen(f"{address}zh/index.html") as answer:
            assert "小课本" in answer.read().decode("utf-8")
            assert answer.headers["Cache-Control"] == "no-cache"
        with urllib.request.urlopen(f"{address}en/search-index.js") as answer:
            assert answer.headers["Content-Type"] == "text/javascript"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=10)


@pytest.mark.parametrize("launcher", [LINUX, MAC])
def test_without_python_the_course_opens_as_files(unpacked, tmp_path, launcher):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("xdg-open", "open"):
        (tools / name).write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n')
        (tools / name).chmod(0o755)
    for name in ("sh", "dirname", "cat"):
        (tools / name).symlink_to(shutil.which(name))
    subprocess.run([shutil.which("sh"), unpacked / launcher], env={"PATH": str(tools)}, check=True)
    assert (tmp_path / "opened").read_text().strip() == "course/index.html"


def test_the_windows_launcher_is_one_file_that_hands_its_own_lines_to_powershell():
    # There is no Windows here: this looks at the text alone.
    text = launchers(Stamp("1", "", "0"))[WINDOWS]
    assert text.count("\r\n") == text.count("\n") and text.isascii()
    batch, _, script = text.partition("\r\n#### PowerShell\r\n")
    assert "'#### ' + 'PowerShell'" in batch and "#### PowerShell" not in batch
    assert batch.rstrip().endswith("exit /b 0")
    assert 'start "" "%~dp0course\\index.html"' in batch
    for pair in ("()", "{}", "[]"):
        assert script.count(pair[0]) == script.count(pair[1]), pair
    assert script.count("'") % 2 == 0 and script.count('"') % 2 == 0
    assert "http://localhost:$port/" in script and "application/wasm" in script
    assert "StartsWith($inside" in script


def test_the_shell_launchers_are_sound_shell_with_the_same_server_in_them(unpacked):
    serve = launchers(Stamp("1", "", "0"))
    for name in (LINUX, MAC):
        subprocess.run(["sh", "-n", unpacked / name], check=True)
        assert "ThreadingHTTPServer" in serve[name] and "{serve}" not in serve[name]
