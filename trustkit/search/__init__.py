"""Search in the book while one types: what finds, what shows it, and how it looks.

The index is the text of the pages itself. Looking through the whole of it takes a few milliseconds, so there are no
lists of words: they would weigh more than the text, and the text is needed for the line around a hit.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent
SCRIPTS = ("find.js", "dialog.js")


def script() -> str:
    """Return the search as one classic script, which also works from a file."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)


def style() -> str:
    """Return the style sheet of the dialog and of the results."""
    return (_FOLDER / "search.css").read_text(encoding="utf-8")
