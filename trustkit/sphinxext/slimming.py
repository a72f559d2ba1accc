"""After a build: take away what no reader needs and what belonged to pages that are gone."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from trustkit.sphinxext.case_room import case_pages

ICON_SCRIPT = "scripts/fontawesome.js"
"""A script of 1.4 MB that draws the icons which the theme's web font draws as well."""
NO_ICONS = "/* The web font draws the icons. */\n"


def slim(app: Sphinx, problem: Exception | None) -> None:
    """Empty the icon script; remove source maps, reports of failed cells, and pages that left the book."""
    if problem or app.builder.format != "html":
        return
    out = Path(app.outdir)
    icons = out / "_static" / ICON_SCRIPT
    if icons.exists() and icons.stat().st_size > len(NO_ICONS):
        icons.write_text(NO_ICONS, encoding="utf-8")
    shutil.rmtree(out / "reports", ignore_errors=True)
    for path in out.rglob("*.map"):
        path.unlink()
    generated = {"genindex", "search", "index", *case_pages(app.env)}
    for path in out.rglob("*.html"):
        name = path.relative_to(out).with_suffix("").as_posix()
        if not name.startswith("_") and name not in generated and name not in app.env.found_docs:
            path.unlink()


def register(app: Sphinx) -> None:
    """Run after the builder has finished."""
    app.connect("build-finished", slim)
