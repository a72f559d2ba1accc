"""Begins a new case: a small, sound case that an author overwrites."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from trustkit.course import course_root

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SLUG = 60


class NewCaseRefused(Exception):
    """A case that cannot be begun as asked for; the message says why, and nothing was written."""


def new_case(slug: str, industry: str = "e-commerce", channel: str = "chat", root: Path | None = None) -> Path:
    """Write the skeleton of a case into its own folder and return the file.

    Args:
        slug: the id of the case and the name of its folder, such as "cot-without-rail".
        industry, channel: ids such as "home-appliance" and "phone" (see `trustkit/cases/settings.yaml`).
        root: the course; found by `course_root` if not given.

    Raises:
        NewCaseRefused: one of them is not an id, or the folder is there already.
    """
    for what, given in (("slug", slug), ("industry", industry), ("channel", channel)):
        if not _ID.fullmatch(given) or len(given) > LONGEST_SLUG:
            raise NewCaseRefused(
                f"`{given}` cannot be the {what} of a case. Use lower-case letters, digits and single hyphens, "
                f"beginning with a letter, {LONGEST_SLUG} at most: for example `cot-without-rail`."
            )
    folder = (root or course_root()) / "cases" / slug
    if folder.exists() or folder.is_symlink():
        raise NewCaseRefused(f"{folder} is there already, so nothing was written. Choose another slug.")
    text = files("trustkit.cases").joinpath("new-case.yaml").read_text(encoding="utf-8")
    for mark, given in (("SLUG", slug), ("INDUSTRY", industry), ("CHANNEL", channel)):
        text = text.replace(mark, given)
    folder.mkdir(parents=True)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
