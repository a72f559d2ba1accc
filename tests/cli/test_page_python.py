"""Fetching Python for the pages: from where npm would, once, checked, and no harm where it cannot be had."""

import base64
import functools
import hashlib
import http.server
import io
import tarfile
import threading
from pathlib import Path

import pytest

from trustkit import environment

CONTENT = {name: f"the file {name}".encode() for name in environment.PAGE_PYTHON_FILES}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> Path:
    """An empty place to keep it, a home without settings, and a machine without npm."""
    place = tmp_path / "kept" / "pyodide"
    monkeypatch.setattr(environment, "PAGE_PYTHON_FOLDER", str(place))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_CONFIG_USERCONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    return place


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A real registry on this machine with a small package under the right name; its address and what was asked."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as package:
        for name, content in {**CONTENT, "../outside.txt": b"no", "console.html": b"no"}.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    folder = tmp_path / "registry" / "mirror" / "pyodide" / "-"
    folder.mkdir(parents=True)
    (folder / f"pyodide-{environment.PAGE_PYTHON_VERSION}.tgz").write_bytes(packed.getvalue())
    integrity = base64.b64encode(hashlib.sha512(packed.getvalue()).digest()).decode()
    monkeypatch.setattr(environment, "PAGE_PYTHON_INTEGRITY", integrity)
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            asked.append(self.path)

    handler = functools.partial(Handler, directory=str(tmp_path / "registry"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/mirror/", asked
    server.shutdown()
    server.server_close()


def test_it_is_fetched_once_from_where_npm_would_and_only_what_is_needed_is_kept(
    registry, elsewhere, tmp_path, monkeypatch, capsys
):
    address, asked = registry
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", address)
    environment.bring_page_python()
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == CONTENT
    assert environment.has_page_python() and list(elsewhere.parent.iterdir()) == [elsewhere]
    capsys.readouterr()
    environment.bring_page_python()
    assert len(asked) == 1 and capsys.readouterr().out == ""


def test_the_settings_file_of_npm_is_obeyed(registry, tmp_path):
    address, asked = registry
    (tmp_path / ".npmrc").write_text(f"; ours\n//other/:secret=x\nregistry = {address}\n", encoding="utf-8")
    environment.bring_page_python()
    assert environment.has_page_python() and len(asked) == 1


def test_another_package_than_the_tested_one_is_not_used(registry, elsewhere, monkeypatch, capsys):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", registry[0])
    monkeypatch.setattr(environment, "PAGE_PYTHON_INTEGRITY", "AAAA")
    environment.bring_page_python()
    said = capsys.readouterr().out
    assert "not the one this course was tested with" in said and "JupyterLab only" in said
    assert not elsewhere.exists()


def test_without_a_network_one_sentence_says_what_works_and_what_not(elsewhere, monkeypatch, capsys):
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    environment.bring_page_python()
    said = capsys.readouterr().out.strip().splitlines()
    assert len(said) == 2 and "All else works" in said[1] and "`make setup`" in said[1]
    assert not elsewhere.exists()


def test_a_half_unpacked_runtime_does_not_count(elsewhere):
    elsewhere.mkdir(parents=True)
    (elsewhere / environment.PAGE_PYTHON_FILES[0]).write_bytes(b"x")
    assert not environment.has_page_python()
