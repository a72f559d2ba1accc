"""Begins a company's overlay: a small, sound one that its author overwrites."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from trustkit.company.overlay import FILE

_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="12" fill="#7a3e12"/>
  <path d="M18 46V18h28v9H28v3h14v8H28v8z" fill="#ffffff"/>
</svg>
"""


class NewCompanyRefused(Exception):
    """An overlay that cannot be begun where asked for; nothing was written."""


def new_company(folder: Path) -> Path:
    """Write a small overlay into a folder that has none yet; return its file.

    Raises:
        NewCompanyRefused: there is an overlay already.
    """
    path = folder / FILE
    if path.exists():
        raise NewCompanyRefused(f"{path} is there already, so nothing was written. Edit it, or name another folder.")
    schema = Path(__file__).with_name("company.schema.json")
    text = files(__package__).joinpath("new-company.yaml").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(
        text.replace("SCHEMA", Path(os.path.relpath(schema, folder.resolve())).as_posix(), 1),
        encoding="utf-8", newline="\n",
    )  # fmt: skip
    logo = folder / "logo.svg"
    if not logo.exists():
        logo.write_text(_LOGO, encoding="utf-8", newline="\n")
    return path
