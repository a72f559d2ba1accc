"""The trainee's folder: the course notebooks, the fetched assignments, and where finished attempts belong."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RECEIPT = ".given.json"

_LABEL = re.compile(r"^\(([\w-]+)\)=\n+", re.MULTILINE)
_HEADING = re.compile(r"^\(([\w-]+)\)=\n+#+ +(.+)$", re.MULTILINE)
_ROLE = re.compile(r"\{([a-z]+)\}`([^`<]+?)(?: *<([^`>]+)>)?`")


@dataclass(frozen=True)
class Assignment:
    """An assignment that lies in the trainee's folder.

    Attributes:
        name: its id, which is the name of its folder.
        title: its first heading.
        folder: the folder.
        notebook: the first notebook in it.
        activities: ids of the cases and drills whose attempts are handed in with it.
    """

    name: str
    title: str
    folder: Path
    notebook: Path
    activities: tuple[str, ...]


def give_notebooks(workspace: Path, course: Path) -> list[Path]:
    """Put the course notebooks into a trainee's folder and return those that were written.

    A notebook is renewed only where it still has the bytes that were given: what the trainee has changed stays.

    Args:
        workspace: the trainee's folder; made when missing.
        course: the course folder, with a folder of MyST Markdown notebooks per language in `notebooks`.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    receipt = workspace / RECEIPT
    given = _receipt(receipt)
    written = []
    notebooks = course / "notebooks"
    titles = {language.name: titles_of(course, language.name) for language in notebooks.glob("*/")}
    for source in sorted(notebooks.glob("*/**/*.md")):
        path = source.relative_to(notebooks).with_suffix(".ipynb")
        name, target = path.as_posix(), workspace / "notebooks" / path
        known_titles = json.dumps(titles[path.parts[0]], sort_keys=True)
        made_from = _digest(source.read_bytes() + known_titles.encode())
        as_given = target.exists() and _digest(target.read_bytes()) == given.get(name, {}).get("content")
        if target.exists() and (not as_given or given[name]["made_from"] == made_from):
            continue
        content = notebook_bytes(source, name, titles[path.parts[0]])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
        given[name] = {"content": _digest(content), "made_from": made_from}
    receipt.write_text(json.dumps(given, indent=1, sort_keys=True), encoding="utf-8")
    return written


def fetch_assignments(workspace: Path, release: Path) -> list[Path]:
    """Put the released assignments that are not there yet into a trainee's folder and return their folders.

    Args:
        workspace: the trainee's folder.
        release: the class's folder of released assignments; may be missing.
    """
    fetched = []
    for assignment in sorted(release.glob("*/")):
        target = workspace / assignment.name
        if not target.exists() and any(assignment.glob("*.ipynb")):
            shutil.copytree(assignment, target)
            fetched.append(target)
    return fetched


def notebook_bytes(source: Path, name: str, titles: Mapping[str, str]) -> bytes:
    """Return a MyST Markdown notebook as the bytes of an `.ipynb` file, the same bytes every time.

    Args:
        source: the Markdown file.
        name: what the cell ids are derived from, with each cell's position.
        titles: headings by label: what a reference to another page is called, since JupyterLab knows no references.
    """
    import jupytext
    import nbformat

    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md:myst")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for position, cell in enumerate(notebook.cells):
        cell["id"] = _digest(f"{name}#{position}".encode())[:8]
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, titles)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3", "language": "python"})
    return nbformat.writes(notebook).encode("utf-8")


def plain_markdown(text: str, titles: Mapping[str, str]) -> str:
    """Return MyST Markdown as plain Markdown: labels leave, a reference becomes the title, a role its text."""

    def words(role: re.Match) -> str:
        kind, shown, target = role.groups()
        if target is None and kind in ("ref", "doc", "numref"):
            return f"*{titles.get(shown, shown)}*"
        return shown

    return _ROLE.sub(words, _LABEL.sub("", text))


def student_id() -> str:
    """Return who is working here, by the name under which nbgrader hands in; "" in a browser, which has no accounts."""
    if sys.platform == "emscripten":
        return ""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        user = "trainee"
    # In a container of a JupyterHub everybody is jovyan.
    return os.environ.get("JUPYTERHUB_USER", user) if user == "jovyan" else user


def assignments(workspace: Path) -> list[Assignment]:
    """Return the assignments in a trainee's folder: each folder with a notebook that lists its activities."""
    found = []
    for folder in sorted(path for path in workspace.glob("*/") if path.is_dir()):
        for notebook in sorted(folder.glob("*.ipynb")):
            activities = _activities(notebook)
            if activities is not None:
                found.append(Assignment(folder.name, title_of(notebook), folder, notebook, activities))
                break
    return found


def title_of(notebook: Path) -> str:
    """Return the first heading of a notebook, or its file name where it has none."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    except (OSError, ValueError, KeyError, TypeError):
        return notebook.stem
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    return heading.group(1).strip() if heading else notebook.stem


def attempt_folders(workspace: Path, activity: str) -> list[Path]:
    """Return the folders an attempt at `activity` is saved to.

    These are `attempts/` in every fetched assignment that names the activity, else `attempts/` in the
    trainee's folder itself.
    """
    return asking_folders(workspace, activity) or [workspace / "attempts"]


def asking_folders(workspace: Path, activity: str) -> list[Path]:
    """Return `attempts/` of each assignment in a trainee's folder that asks for attempts at `activity`."""
    return [
        assignment.folder / "attempts" for assignment in assignments(workspace) if activity in assignment.activities
    ]


def notebook_language(folder: Path) -> str | None:
    """Return the language that the notebooks of an assignment's folder say they are in, or None."""
    for notebook in sorted(folder.glob("*.ipynb")):
        if language := _about(notebook).get("lang"):
            return language
    return None


def _activities(notebook: Path) -> tuple[str, ...] | None:
    named = _about(notebook).get("activities")
    return tuple(map(str, named)) if isinstance(named, list) else None


def _about(notebook: Path) -> dict:
    """Return what a notebook says of itself; a notebook that was saved half-way says nothing."""
    try:
        about = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["trustkit"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return about if isinstance(about, dict) else {}


def _receipt(path: Path) -> dict[str, dict[str, str]]:
    """Return what was given earlier; a receipt that cannot be read makes every notebook the trainee's own."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        return {name: {"content": one["content"], "made_from": one["made_from"]} for name, one in given.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def titles_of(course: Path, language: str) -> dict[str, str]:
    """Return the headings of a language's pages and notebooks by their labels."""
    pages = [*course.glob(f"book/{language}/**/*.md"), *course.glob(f"notebooks/{language}/**/*.md")]
    return {
        label: title.strip() for page in pages for label, title in _HEADING.findall(page.read_text(encoding="utf-8"))
    }


def _activities(notebook: Path) -> tuple[str, ...] | None:
    # A notebook that was saved half-way must not keep an attempt at another activity from being saved.
    try:
        named = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["trustkit"]["activities"]
        return tuple(str(activity) for activity in named)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
