"""Word lists of the checkers: what each kind of words looks like in a language, found sentence by sentence.

A list is a `.toml` file beside its checker: `[language.kind]` with regular expressions. `find` shows the kind; `need`
is what the sentence must hold as well; a hit that overlaps an `unless` does not count; a sentence that holds one of
`bar` has none of the kind. Case does not matter in English. What stands in angle brackets in an expression is a name of
the list's table `[names]`, whose pieces are put there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trustkit.checkers.reply import sentences, text_language

Span = tuple[int, int]
Pattern = re.Pattern[str]

_NAME = re.compile(r"<[a-z]+>")
_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|No|no|St|nr|Nr)\.$")


@dataclass(frozen=True)
class Look:
    """What one kind is found by; see the head of this module."""

    find: tuple[Pattern, ...]
    need: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    bar: tuple[Pattern, ...]

    def hits(self, words: str) -> list[Span]:
        """Return where the kind shows in a sentence; overlapping hits count once, the earlier and longer one."""
        if self.need and not any(pattern.search(words) for pattern in self.need):
            return []
        if any(pattern.search(words) for pattern in self.bar):
            return []
        barred = [match.span() for pattern in self.unless for match in pattern.finditer(words)]
        found: list[Span] = []
        every = (match.span() for pattern in self.find for match in pattern.finditer(words) if match.group())
        for first, last in sorted(every, key=lambda span: (span[0], -span[1])):
            if any(first < end and start < last for start, end in barred):
                continue
            if not found or first >= found[-1][1]:
                found.append((first, last))
        return found


@cache
def looks(name: str) -> dict[str, dict[str, Look]]:
    """Return the kinds of the list `name`, by language."""
    lists = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    names = {f"<{one}>": "".join(pieces) for one, pieces in lists.pop("names", {}).items()}

    def whole(pattern: str) -> Pattern:
        return re.compile(_NAME.sub(lambda match: names.get(match.group(), match.group()), pattern), re.IGNORECASE)

    return {
        language: {
            kind: Look(*(tuple(map(whole, look.get(part, ()))) for part in ("find", "need", "unless", "bar")))
            for kind, look in kinds.items()
        }
        for language, kinds in lists.items()
    }


def places(text: str, name: str, kind: str, within: Iterable[Span] | None = None) -> list[Span]:
    """Return where a kind shows in a text, as start and end in characters.

    Each sentence is read in its own language, so that a text may hold both.

    Args:
        within: the pieces to read one by one; the sentences of the text if left out.
    """
    found = []
    for start, end in whole_sentences(text) if within is None else within:
        piece = text[start:end]
        look = looks(name)[text_language(piece)].get(kind)
        if look is not None:
            found += [(start + first, start + last) for first, last in look.hits(piece)]
    return found


def whole_sentences(text: str) -> list[Span]:
    """Return the sentences of a text; the point of a title or of "no." before a number ends none."""
    found: list[Span] = []
    for start, end in sentences(text):
        if (
            found
            and _SHORT.search(text[max(0, found[-1][1] - 5) : found[-1][1]])
            and "\n" not in text[found[-1][1] : start]
        ):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def lines(text: str) -> list[Span]:
    """Return where each line of a text begins and ends, without the spaces around it; empty lines are left out."""
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            found.append((start, start + len(line.strip())))
        at += len(line) + 1
    return found
