"""Makes a build fail when anything is wrong with the book, whoever starts it and with whatever options."""

from __future__ import annotations

from sphinx.application import Sphinx


def register(app: Sphinx) -> None:
    """Let every warning be reported, and let the build end with a non-zero status if there was one."""
    # Sphinx reads this attribute when a build ends; with `-W` alone it would stop at the first warning.
    if not app.warningiserror:
        app.keep_going = True
