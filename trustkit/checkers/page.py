"""The page of a checker: what it looks for and what it cannot know, the findings in the last text, and the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trustkit import blocks
from trustkit.blocks import Block

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "check": "Check this text",
        "again": "Check again",
        "empty": "There is no text yet. Write a line or two first.",
        "found": "What was found",
        "after": "Change your text and check again, or leave it: a finding is a question to you, not a fault.",
    },
    "zh": {
        "check": "检查这段文字",
        "again": "再检查一次",
        "empty": "还没有写文字，请先写一两句。",
        "found": "检查结果",
        "after": "可以改了再查，也可以不改：每一条都是向你提的问题，不是判你有错。",
    },
}


def page(
    answers: list[dict],
    language: str,
    words: dict[str, Any],
    check: Callable[[str, str], list[dict]],
    *,
    more: Callable[[str, str], Sequence[Block]] = lambda text, language: (),
    lines: int = 8,
    most: int = 4_000,
) -> list[Block]:
    """Return the blocks of a checker after these answers.

    Args:
        words: `intro` (paragraphs), `honest` (what a finding is not), `label` of the field and `none` (nothing found).
        check: finds what there is in a text, explained in a language.
        more: further blocks below the findings.
        most: the longest text, in characters.

    Raises:
        ValueError: the text is empty; with a sentence for the person.
    """
    common = WORDS[language]
    shown = [blocks.text(*words["intro"]), blocks.text(words["honest"], tone="note")]
    text = answers[-1]["text"] if answers else ""
    if answers:
        if not text.strip():
            raise ValueError(common["empty"])
        shown += [
            blocks.heading(common["found"]),
            blocks.findings(text, check(text, language), words["none"]),
            *more(text, language),
            blocks.text(common["after"], tone="note"),
        ]
    field = blocks.writing("text", words["label"], lines=lines, most=most, value=text)
    return [*shown, blocks.form("text", [field], common["again" if answers else "check"])]


def explained(
    found: Sequence[tuple[str, int | None, int | None]],
    problems: dict[str, tuple[str, str]],
    severity: dict[str, str],
) -> list[dict]:
    """Return findings with their words.

    Args:
        found: kind, start and end of each; no start where something is missing and has no place.
        problems: for each kind, why it matters and what would be better.
        severity: of the kinds that are not worth a "look" but a "note" or a "red-line".
    """
    return [
        blocks.finding(kind, *problems[kind], start=start, end=end, severity=severity.get(kind, "look"))
        for kind, start, end in found
    ]
