"""A passage with phrases that can be marked: `Plain words and [[an-id|a phrase]].`; pure."""

from __future__ import annotations

import re

_PHRASE = re.compile(r"\[\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\|([^\[\]|]+)\]\]")


class BrokenPassage(Exception):
    """A passage whose brackets cannot be read; the message says where and what to do."""


def phrases(passage: str) -> dict[str, str]:
    """Return the phrases that can be marked, by their ids, in the order of the passage.

    Raises:
        BrokenPassage: a bracket is left open, has no id or no words, or an id stands twice.
    """
    found: dict[str, str] = {}
    for id_, words in _PHRASE.findall(passage):
        if id_ in found:
            raise BrokenPassage(f"the id `{id_}` stands twice in the passage. Give each phrase an id of its own.")
        found[id_] = " ".join(words.split())
    rest = _PHRASE.sub("", passage)
    odd = re.search(r"\[\[|\]\]", rest)
    if odd:
        around = rest[odd.start() :][:30] if odd[0] == "[[" else rest[: odd.end()][-30:]
        around = " ".join(around.split())
        raise BrokenPassage(f"a bracket near `{around}` is not of the form [[id|words]]. Close it, or take it out.")
    return found


def lines(passage: str) -> list[list[dict[str, str]]]:
    """Return a passage as lines of pieces: `{"text": …}`, with an `id` where the piece can be marked."""
    found: list[list[dict[str, str]]] = [[]]

    def add_plain(text: str) -> None:
        first, *others = text.split("\n")
        for at, part in enumerate([first, *others]):
            if at:
                found.append([])
            if part:
                found[-1].append({"text": part})

    at = 0
    for match in _PHRASE.finditer(passage):
        add_plain(passage[at : match.start()])
        found[-1].append({"id": match[1], "text": " ".join(match[2].split())})
        at = match.end()
    add_plain(passage[at:])
    return [line for line in found if any(piece["text"].strip() for piece in line)]
