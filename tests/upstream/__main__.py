"""Runs nbgrader's own tests, from its source distribution, with our configuration in place.

    python tests/upstream [--stock] [pytest's own options, and paths such as nbgrader/tests/apps/test_api.py]

`--stock` leaves our configuration out: what fails then is not our fault. What is expected to differ, and what is left
out, stands with its reason in `differences.yaml`.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from autograder.running.confined import ALLOW_VARIABLE, open_protections

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "_build" / "upstream"
PIN = HERE / "nbgrader.txt"


def unpacked() -> Path:
    """Return the folder of nbgrader's source distribution, fetched and unpacked when it is not there."""
    name = f"nbgrader-{version('nbgrader')}"
    if f"\n{name.replace('-', '==')} " not in PIN.read_text(encoding="utf-8"):
        raise SystemExit(f"{PIN} does not hold the version and sum of {name}, which is installed. Write them there.")
    folder = FOLDER / name
    if not folder.is_dir():
        print("Fetching nbgrader's source distribution (11 MB) …", flush=True)
        # pip compares the sum before it looks inside
        command = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "nbgrader", "-r", str(PIN)]
        if subprocess.run([sys.executable, *command, "-d", str(FOLDER)]).returncode:
            raise SystemExit("nbgrader's source distribution could not be fetched; pip says why above.")
        fresh = FOLDER / "unpacking"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.unpack_archive(FOLDER / f"{name}.tar.gz", fresh)
        (fresh / name).rename(folder)
    return folder


def main(arguments: list[str]) -> int:
    """Run the tests and return pytest's exit code."""
    source = unpacked()
    left_out = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))["left out"]
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    # nobody's own settings, and no class's database
    os.environ["JUPYTER_CONFIG_DIR"] = str(FOLDER / "no-settings")
    os.environ.pop("TRUSTKIT_DATABASE_URL", None)
    if open_protections():
        # a machine without walls refuses to grade; upstream's hand-ins are known
        os.environ[ALLOW_VARIABLE] = "1"
    # what upstream's tests take for granted
    os.environ.setdefault("USER", getpass.getuser())
    os.chdir(source)
    return pytest.main([
        "-p", "in_place", "-c", "pytest.ini", "--confcutdir=nbgrader", "-o", "testpaths=nbgrader/tests",
        *(f"--ignore=nbgrader/tests/{name}" for name in left_out),
        "-n", "auto", "--maxprocesses", "4", "-o", "timeout=300", "-rxXs", "-W", "ignore", *arguments,
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
