"""How hard an English text is to read: grade level after Flesch and Kincaid, and its longest sentences."""

from __future__ import annotations

import re
from functools import cache

import pyphen

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”’)*_]*\s+|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that hold at least one word; a line break or a colon ends one as well."""
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def word_count(text: str) -> int:
    """Return the number of words of an English text."""
    return len(_WORD.findall(text))


def grade_level(text: str) -> float:
    """Return the Flesch–Kincaid grade of a text: the years of school in the USA that it asks for.

    The formula is that of Kincaid, Fishburne, Rogers and Chissom (1975). Syllables are counted by where a word may
    be hyphenated, which finds a few too few: the grade is a flag, not a measurement. An empty text has grade 0.
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * syllables / len(words) - 15.59


@cache
def _syllables(word: str) -> int:
    return len(_hyphenation().positions(word)) + 1


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)
