"""Where there is no course folder, an installed package brings the datasets along."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from trustkit.data import dataset_names

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The unpacked wheel of the project, as an installation has it."""
    work = tmp_path_factory.mktemp("wheel")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work)
    for name in ("trustkit", "autograder", "datasets"):
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", "out", "."],
        cwd=work, check=True,
    )  # fmt: skip
    (wheel,) = (work / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work / "site")
    return work / "site"


def run(code: str, installed: Path, folder: Path) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if key != "TRUSTKIT_HOME"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env={**environment, "PYTHONPATH": str(installed)},
        capture_output=True, text=True,
    )  # fmt: skip


def test_an_installed_package_loads_every_dataset_without_a_course_folder(installed, tmp_path):
    code = (
        "from trustkit.data import *\n"
        "import trustkit; print(trustkit.__file__)\n"
        "print(','.join(dataset_names()), len(load_dataset('complaints')), len(generate_dataset('complaints', 3)))"
    )
    said = run(code, installed, tmp_path).stdout.splitlines()
    assert said == [str(installed / "trustkit" / "__init__.py"), f"{','.join(dataset_names())} 12000 12000"]


def test_what_only_trainers_read_is_not_in_the_package(installed):
    assert list((installed / "trustkit/data/shipped").rglob("card.md"))
    assert not list(installed.rglob("planted.md"))


def test_a_course_folder_goes_before_what_the_package_brings_along(installed, tmp_path):
    for name in ("cases", "book", "datasets"):
        (tmp_path / name).mkdir()
    said = run("from trustkit.data import load_dataset; load_dataset('complaints')", installed, tmp_path)
    assert "There is no dataset 'complaints'; the course has: ." in said.stderr
