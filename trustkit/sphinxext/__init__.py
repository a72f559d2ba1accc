"""The Sphinx extension of the book: activities in pages, evidence labels, two editions, lean pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CONCERNS = (
    "strictness",
    "declarations",
    "policy",
    "activities",
    "python_page",
    "case_room",
    "case_maps",
    "deck",
    "passport",
    "lint_catalogue",
    "calibration",
    "notebook_widgets",
    "objectives",
    "assignment",
    "lab_link",
    "lesson_tables",
    "course_map",
    "evidence",
    "claims",
    "datasets",
    "figures",
    "picture_sizes",
    "glossary",
    "fallback_text",
    "search",
    "mathml",
    "editions",
    "freshness",
    "strict_pages",
    "slimming",
)
"""The modules of this package that take part in a build; each has `register(app)`."""


def setup(app: Sphinx) -> dict[str, object]:
    """Register every part of the extension with Sphinx."""
    from importlib import import_module

    for concern in CONCERNS:
        import_module(f"{__name__}.{concern}").register(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
