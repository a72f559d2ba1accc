"""A small course, published once by the command with everything that it can add."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from trustkit.environment import find_nginx

T = TypeVar("T")
ADDRESS = "https://intranet.example/trust/"


def apart(work: Callable[..., T], *arguments: object, **named: object) -> T:
    """Do what starts a browser of its own in a thread of its own: in a thread Playwright runs only once."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *arguments, **named).result()


@dataclass
class Published:
    """What the command left behind: the course folder, and what it said."""

    root: Path
    said: str

    @property
    def site(self) -> Path:
        return self.root / "_build/site"


def publish(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the command as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "trustkit", "publish", *arguments], cwd=root, capture_output=True, text=True,
        env={**os.environ, "TRUSTKIT_HOME": str(root), "SOURCE_DATE_EPOCH": "1795400000"},
    )  # fmt: skip


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, small_book) -> Published:
    """The small course with a link to the outside, published with all there is and checked. Not to be changed."""
    root = small_book(tmp_path_factory.mktemp("published") / "course")
    for language in ("en", "zh"):
        page = root / f"book/{language}/01-lesson/1-2-second.md"
        with open(page, "a", encoding="utf-8") as file:
            file.write("\n[ISO](https://www.iso.org/standard/71580.html)\n")
    done = publish(root, "--pdf", "--zip", "--check", "--address", ADDRESS)
    assert done.returncode == 0, done.stdout + done.stderr
    return Published(root, done.stdout)


@pytest.fixture(scope="session")
def nginx() -> str:
    """Debian's nginx; a test is skipped, loudly, where there is none."""
    found = find_nginx()
    if found is None:
        pytest.skip("there is no nginx here; `make test` fetches Debian's where it can")
    return found
