"""Where the course's content lives: its root folder and the ids of its cases and drills."""

from __future__ import annotations

import os
from pathlib import Path


class CourseNotFound(Exception):
    """No course folder could be found; the message says what was looked for."""


def course_root() -> Path:
    """Return the folder that holds `cases/`, `book/` and the other content folders.

    Looked for in this order: the folder named by the environment variable `TRUSTKIT_HOME`, the working
    folder and its parents, and the checkout that this package was installed from.

    Raises:
        CourseNotFound: none of them holds a course.
    """
    named = os.environ.get("TRUSTKIT_HOME")
    if named:
        root = Path(named).expanduser().resolve()
        if not _is_course(root):
            raise CourseNotFound(
                f"TRUSTKIT_HOME names {root}, but there is no course there (no `cases` folder beside a `book` folder)."
            )
        return root
    here = Path.cwd().resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[1]):
        if _is_course(folder):
            return folder
    raise CourseNotFound(
        f"No course was found in {here} or above it. Change into the course folder, or set TRUSTKIT_HOME to it."
    )


COMPANY = "TRUSTKIT_COMPANY"
"""Environment variable with the folder of the company's overlay; empty: none is used."""


def company_folder(root: Path | None = None) -> Path | None:
    """Return the folder in which a company keeps what is its own, or None where there is none.

    It is the folder that the environment variable `TRUSTKIT_COMPANY` names (which may not exist), else
    `company/` of the course where that holds a `company.yaml`.
    """
    if (named := os.environ.get(COMPANY)) is not None:
        return Path(named).expanduser().resolve() if named else None
    folder = (root or course_root()) / "company"
    return folder if (folder / "company.yaml").is_file() else None


def case_ids(root: Path | None = None) -> list[str]:
    """Return the ids of all cases, the company's among them, sorted: the folders that hold a `case.yaml`."""
    return sorted({id_ for folder in case_folders(root) for id_ in _ids_with(folder, "case.yaml")})


def case_folders(root: Path | None = None) -> list[Path]:
    """Return the folders in which cases lie: the course's, then the company's where there is one."""
    root = root or course_root()
    company = company_folder(root)
    return [root / "cases", *([company / "cases"] if company else [])]


def case_folder(id_: str, root: Path | None = None) -> Path:
    """Return the folder of a case by its id: the course's own where both have one; it may not exist."""
    folders = [folder / id_ for folder in case_folders(root)]
    return next((folder for folder in folders if (folder / "case.yaml").exists()), folders[0])


def drill_ids(root: Path | None = None) -> list[str]:
    """Return the ids of all drills, sorted: the folders of `exercises/drills/` that hold a `drill.yaml`."""
    return _ids_with((root or course_root()) / "exercises" / "drills", "drill.yaml")


def assignment_ids(root: Path | None = None) -> list[str]:
    """Return the ids of all assignments, sorted: the folders of `exercises/source/` with a page of that name."""
    folders = ((root or course_root()) / "exercises" / "source").glob("*")
    return sorted(folder.name for folder in folders if (folder / f"{folder.name}.md").is_file())


def content_file(given: str | Path, folder: str, file: str) -> Path:
    """Return the main file of an activity, given its id, its folder or the file itself; it may not exist.

    Args:
        folder: where activities of this kind live, relative to the course, such as "cases".
        file: the name of their main file, such as "case.yaml".
    """
    path = Path(given)
    if path.name == file:
        return path
    if (path / file).exists():
        return path / file
    if folder == "cases":
        return case_folder(str(given)) / file
    return course_root() / folder / path / file


def _is_course(folder: Path) -> bool:
    return (folder / "cases").is_dir() and (folder / "book").is_dir()


def _ids_with(folder: Path, file: str) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{file}"))
