"""Making the environment: what is said when something is missing, and that nothing is done twice."""

import ast
import os
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from importlib.metadata import version as version_of
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from trustkit import environment
from trustkit.environment import Problem

ROOT = Path(environment.ROOT)


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A fresh checkout: what setting up needs, and no environment."""
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml", "Makefile", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("trustkit", "autograder"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def make(checkout: Path, *arguments: str, **environment_: str) -> subprocess.CompletedProcess:
    """Type `make …` in a checkout."""
    # A test run may itself come from `make test`.
    ours = ("PORT", "OPEN", "PYTHON", "MAKEFLAGS", "MAKELEVEL")
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=checkout, capture_output=True, text=True,
        env={**kept, **environment_}, timeout=120,
    )  # fmt: skip


def said_by(done: subprocess.CompletedProcess) -> list[str]:
    """Return what a person reads on stderr, without make's own closing line."""
    return [line for line in done.stderr.splitlines() if not line.startswith("make:")]


def test_every_requirement_is_pinned_and_says_why():
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pin, _, why = line.partition("#")
            assert "==" in pin and len(why.strip()) > 10, line


def test_no_file_says_where_packages_come_from():
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "index-url" not in text and "find-links" not in text, name


def test_whatever_the_project_imports_is_among_the_requirements():
    homes = packages_distributions()
    named = {
        canonicalize_name(line.split("==")[0])
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    for path in [*ROOT.glob("trustkit/**/*.py"), *ROOT.glob("autograder/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module]
            for module in {name.split(".")[0] for name in modules} & homes.keys() - {"trustkit", "autograder"}:
                assert {canonicalize_name(home) for home in homes[module]} & named, f"{path}: {module}"


def test_whatever_the_requirements_bring_along_is_pinned():
    pins = {}
    for name in ("requirements.txt", "constraints.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if "==" in line and not line.startswith("#"):
                package, version = line.split("#")[0].strip().split("==")
                pins[canonicalize_name(package)] = version
    waiting, seen = [(name, "") for name in pins], set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        assert pins.get(name) == version_of(name), f"{name} is not pinned to what is installed"
        for text in requires(name) or []:
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(needed.name), one) for one in needed.extras or [""]]
    assert len(seen) > 100


def test_no_network_is_one_sentence(checkout):
    done = make(checkout, "start", PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL="https://registry.invalid/simple")
    assert done.returncode == 2
    assert len(said_by(done)) == 1 and "package registry could not be reached" in said_by(done)[0]
    assert "Traceback" not in done.stdout + done.stderr
    assert not (checkout / ".venv" / "trustkit-stamp").exists()


def test_a_missing_python_is_one_sentence(checkout):
    done = make(checkout, "start", "PYTHON=python-that-is-not-there")
    assert said_by(done) == [
        "The course needs Python 3.11 or newer, and there is no python-that-is-not-there on this machine."
    ]


def test_an_old_python_is_one_sentence(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match=r"needs Python 3\.11 or newer, and this is Python 3\.9\."):
        environment.need_python([])


def test_a_newer_python_beside_an_old_one_takes_over(monkeypatch):
    taken = []
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(environment.os, "execv", lambda path, arguments: taken.append(arguments))
    with pytest.raises(Problem):
        environment.need_python(["start"])
    assert taken == [["/usr/bin/python3.12", "-m", "trustkit.environment", "start"]]


def test_the_script_that_runs_first_is_readable_for_old_pythons():
    for name in ("environment.py", "__init__.py"):
        ast.parse((ROOT / "trustkit" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_without_venv_is_one_sentence(checkout, tmp_path):
    python = tmp_path / "python-without-venv"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *) exec {sys.executable} -S "$@";; esac\n', encoding="utf-8"
    )
    python.chmod(0o755)
    code = f"import sys; sys.executable = {str(python)!r}; from trustkit import environment as e; sys.exit(e.main([]))"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 1
    assert "has no venv module" in done.stderr and "python3-venv" in done.stderr and len(said_by(done)) == 1


def test_a_port_that_is_no_port_is_one_sentence(checkout):
    for port in ("abc", "0", "70000", "-1"):
        assert said_by(make(checkout, "start", f"PORT={port}")) == [
            f"PORT must be a number from 1 to 65535, not {port!r}."
        ]


def test_a_port_in_use_is_told_before_anything_is_installed(checkout):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        (sentence,) = said_by(make(checkout, "start", f"PORT={port}"))
    assert sentence.startswith(f"Port {port} is already in use") and f"make start PORT={port + 1}" in sentence
    assert not (checkout / ".venv").exists()


def test_nothing_is_installed_twice(monkeypatch, capsys):
    monkeypatch.setattr(environment, "_done", lambda wanted: True)
    monkeypatch.setattr(environment, "_pip", lambda *_, **__: pytest.fail("pip was called"))
    environment.make_environment()
    assert capsys.readouterr().out == ""


def test_make_help_lists_every_command_with_one_line():
    done = make(ROOT, "help")
    for name in ("help", "start", "test", "setup", "check", "book", "bench", "clean"):
        assert [line for line in done.stdout.splitlines() if line.startswith(f"  {name} ")], name
    assert done.stdout == make(ROOT).stdout


def test_a_build_server_types_the_same_command_as_a_person():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK) and script.read_text(encoding="utf-8").rstrip().endswith("exec make test")


def test_cleaning_keeps_the_class_and_the_trainees_work(checkout):
    for name in ("class", "trainee", "site", "stage"):
        (checkout / "_build" / name).mkdir(parents=True)
    assert make(checkout, "clean").returncode == 0
    assert sorted(path.name for path in (checkout / "_build").iterdir()) == ["class", "trainee"]


@pytest.fixture
def bare_machine(monkeypatch, tmp_path) -> Path:
    """A machine without Chromium and PostgreSQL; returns a folder for the programs that it does have."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(environment, "POSTGRES_HOMES", str(tmp_path / "lib"))
    monkeypatch.setattr(environment.os, "geteuid", lambda: 0)
    return programs


def program(folder: Path, name: str, *lines: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(["#!/bin/sh", *lines]) + "\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_postgres_is_found_where_debian_keeps_it_and_only_when_it_can_make_a_database(bare_machine, tmp_path):
    assert environment.find_postgres() is None
    program(tmp_path / "lib" / "15" / "bin", "postgres")
    assert environment.find_postgres() is None
    program(tmp_path / "lib" / "15" / "bin", "initdb")
    assert environment.find_postgres() == str(tmp_path / "lib" / "15" / "bin" / "postgres")


def test_what_tests_need_is_installed_once_by_apt(bare_machine, tmp_path, capfd):
    home = tmp_path / "lib" / "15" / "bin"
    making = [f"{shutil.which('mkdir', path='/usr/bin:/bin')} -p {home}"]
    making += [f"printf '#!/bin/sh\\n' > {home}/{name}; /bin/chmod +x {home}/{name}" for name in ("postgres", "initdb")]
    program(bare_machine, "apt-get", f'echo "$*" >> {tmp_path}/asked', 'case "$*" in *postgresql*)', *making, ";; esac")
    environment.want_postgres()
    environment.want_postgres()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["update -qq", "install -y -qq --no-install-recommends postgresql"]
    assert capfd.readouterr().out == "Installing PostgreSQL, which only tests use …\n"


def test_a_postgres_that_cannot_be_installed_is_told_and_stops_nothing(bare_machine, capfd, monkeypatch):
    environment.want_postgres()
    (told,) = capfd.readouterr().out.splitlines()
    assert "need PostgreSQL, and there is no apt-get" in told and "these tests are skipped" in told
    program(bare_machine, "apt-get", "echo 'E: Unable to locate package'", "exit 100")
    environment.want_postgres()
    assert "could not be installed: E: Unable to locate package. Install it by hand" in capfd.readouterr().out
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    environment.want_postgres()
    assert "needs administrator rights" in capfd.readouterr().out


def test_a_chromium_that_cannot_be_installed_stops_the_tests(bare_machine):
    with pytest.raises(Problem, match=r"The browser tests need Chromium, and there is no apt-get"):
        environment.need_chromium()
    program(bare_machine, "apt-get", "exit 0")
    with pytest.raises(Problem, match=r"Chromium could not be installed: apt-get said nothing\. Install it by hand"):
        environment.need_chromium()
