"""The house keeps its own rules: imports run downwards, modules say what they are, versions are pinned."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for package in ("trustkit", "autograder") for path in (ROOT / package).rglob("*.py"))
LAYERS = {
    "trustkit.trust": 0,
    "trustkit.content": 0,
    "trustkit.course": 0,
    "trustkit.policies": 0,
    "trustkit.assignment": 1,
    "trustkit.blocks": 0,
    "trustkit.simulators": 1,
    "trustkit.checkers": 1,
    "trustkit.panel": 2,
    "trustkit.cases": 1,
    "trustkit.drills": 1,
    "trustkit.translation": 2,
    "trustkit.data": 2,
    "trustkit.lessons": 2,
    "trustkit.attempts": 3,
    "trustkit.player": 3,
}
"""The floors of the house; what stands in no list is an edge (4). `autograder` stands beside the edges."""
MAY_GRADE = {"trustkit.cli", "trustkit.start", "trustkit.server", "trustkit.workspace"}
BARRED = {"utils", "helpers", "common", "misc", "core", "manager"}


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(name):
    """The floor of a module; lint and what reads it stand on the second floor, since lint also judges translations."""
    if name in ("trustkit.cases.lint", "trustkit.cases.coverage"):
        return 2
    return next((LAYERS[package] for package in LAYERS if name == package or name.startswith(package + ".")), 4)


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "trustkit":
            yield from (f"trustkit.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_a_sentence_that_says_what_it_is(path):
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert words and (words[0].isupper() or words[0] == "`")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downwards(path):
    name = name_of(path)
    for target in imported(path):
        if target.startswith("trustkit"):
            assert layer(target) <= layer(name), f"{name} imports {target}"
        if target.startswith("autograder") and name.startswith("trustkit"):
            assert any(name == edge or name.startswith(edge + ".") for edge in MAY_GRADE), f"{name} imports {target}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_has_a_name_that_hides_what_it_does(path):
    assert not BARRED & set(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("file", ["requirements.txt", "constraints.txt"])
def test_every_requirement_is_pinned(file):
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("-")]
    assert wanted
    assert [line for line in wanted if not re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[\w.+!]+(\s*;.*)?", line)] == []


def test_the_code_is_in_the_style_of_the_house():
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
