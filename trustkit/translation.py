"""Keeps the Chinese texts of cases and drills in step with the English ones.

A Chinese file carries, under `english`, a short digest of each English text as it was when it was translated.
Where the English has changed since, the translation is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import trustkit.cases.reader as case_reader
import trustkit.drills.reader as drill_reader
from trustkit.content import Document, digest
from trustkit.course import drill_ids

KEY = "english"
_BLOCK = re.compile(r"^# Stamped by `trustkit translate-stamp`.*\n|^english:.*\n(?:[ \t]+.*\n|\n)*", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}|\{\{ *[a-z][a-z0-9-]*")


class Drift(NamedTuple):
    """One text in which the two languages have come apart.

    Attributes:
        kind: "missing" (no Chinese), "stale" (the English changed since), "unstamped" (never stamped),
            "extra" (no English under this key) or "placeholder" (a `{name}` in one language only).
        key: the text's key, such as "scenes.call.choices.ask-inside.say".
    """

    kind: str
    key: str


def drift(english: Iterable[tuple[str, str]], chinese: Iterable[tuple[str, str]], stamps: dict) -> list[Drift]:
    """Return where the languages have come apart.

    Args:
        english, chinese: the texts by key, as `trustkit.cases.reader.texts` yields them.
        stamps: what the Chinese file has under `english`.
    """
    english, chinese = dict(english), dict(chinese)
    found = []
    for key, text in english.items():
        if key not in chinese:
            found.append(Drift("missing", key))
        elif key not in stamps:
            found.append(Drift("unstamped", key))
        elif str(stamps[key]) != stamp_of(text):
            found.append(Drift("stale", key))
        if key in chinese and set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(chinese[key])):
            found.append(Drift("placeholder", key))
    return found + [Drift("extra", key) for key in chinese if key not in english]


def stamp_of(text: str) -> str:
    """Return the digest by which a change of an English text is noticed."""
    return digest(" ".join(text.split()), 8)


def stamp(path: Path, english: Iterable[tuple[str, str]], chinese: Iterable[tuple[str, str]]) -> int:
    """Write into a Chinese file that its texts fit today's English; return how many texts were stamped.

    Only the block `english` at the end of the file is rewritten; the rest stays to the letter.
    """
    translated = {key for key, _ in chinese}
    stamps = {key: stamp_of(text) for key, text in english if key in translated}
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    text = _BLOCK.sub("", text).rstrip("\n")
    lines = [
        "# Stamped by `trustkit translate-stamp`: the English that these texts translate. Not written by hand.",
        f"{KEY}:",
        *(f'  {key}: "{value}"' for key, value in stamps.items()),
    ]
    path.write_text(f"{text}\n\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return len(stamps)


def stamp_activity(activity: str) -> tuple[Path, int]:
    """Stamp the Chinese file of a case or drill by its id; return the file and how many texts were stamped.

    Raises:
        UnknownCase: neither a case nor a drill has this id.
        ContentError: the activity's files cannot be used, or it has no Chinese file.
    """
    if activity in drill_ids():
        source, texts = drill_reader.read_drill(activity), drill_reader.texts
    else:
        source, texts = case_reader.read_case(activity), case_reader.texts
    chinese: Document | None = source.chinese
    if chinese is None:
        raise source.document.error((), "there is no zh.yaml beside this file yet. Write the Chinese texts first.")
    return chinese.path, stamp(chinese.path, texts(source.document.data), texts(chinese.data))
