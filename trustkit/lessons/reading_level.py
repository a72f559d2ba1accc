"""How hard an English text is to read: its sentences, its words and its reading grade."""

from __future__ import annotations

import re

from trustkit.checkers.reading_grade import grade_of

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”’)*_]*\s+|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that hold at least one word; a line break or a colon ends one as well."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def word_count(text: str) -> int:
    """Return the number of words of an English text."""
    return len(_WORD.findall(text))


def grade_level(text: str) -> float:
    """Return the reading grade of a text (see `trustkit.checkers.reading_grade`); an empty text has grade 0."""
    return grade_of(_WORD.findall(text), len(sentences(text)))
