"""How many years of school an English text asks for, after Flesch and Kincaid."""

from __future__ import annotations

import re
from collections.abc import Sequence


def grade_of(words: Sequence[str], sentences: int) -> float:
    """Return the grade of a text with these words in so many sentences; 0 for a text without words.

    The formula is that of Kincaid, Fishburne, Rogers and Chissom (1975). Syllables are counted by groups of vowels,
    which is near enough for a whole text and not for a word: the grade is a flag, not a measurement.
    """
    if not words:
        return 0.0
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word.lower())))) for word in words)
    return max(0.0, 0.39 * len(words) / max(1, sentences) + 11.8 * syllables / len(words) - 15.59)
