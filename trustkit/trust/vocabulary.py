"""The closed vocabulary of the course: six compass behaviours, about sixty behaviour tags, nine red lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

JUSTICES = ("distributive", "procedural", "interactional")
APOLOGY_ELEMENTS = ("responsibility", "repair", "regret", "explanation", "repentance", "forgiveness")


@dataclass(frozen=True)
class Word:
    """What a term is called and means in one language."""

    name: str
    meaning: str
    example: str = ""
    counter_example: str = ""


@dataclass(frozen=True)
class Behaviour:
    """One thing an agent can do, and what it moves.

    Attributes:
        moves: change of distributive, procedural and interactional justice in thousandths of a point per
            strength; a tuple of three integers, 0 where the behaviour does not touch that justice.
        sign: +1 where the behaviour earns conduct on its compass bar, -1 where it costs.
        apology: the apology element it is, or "".
        derived: True where the engine finds it and no author may tag it.
        lesson: number of the lesson that teaches it.
        source: the study that the direction comes from, or "ours".
    """

    id: str
    compass: str
    sign: int
    moves: tuple[int, int, int]
    apology: str
    derived: bool
    lesson: str
    source: str
    words: dict[str, Word]


@dataclass(frozen=True)
class RedLine:
    """An act that fails an attempt at once; one of honesty also breaks trust at once."""

    code: str
    honesty: bool
    words: dict[str, Word]


@dataclass(frozen=True)
class Vocabulary:
    """The three closed lists, in their fixed order."""

    compass: dict[str, dict[str, Word]]
    behaviours: dict[str, Behaviour]
    red_lines: dict[str, RedLine]


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of this version of the course."""
    behaviours = {
        id_: Behaviour(
            id=id_,
            compass=entry["compass"],
            sign=entry["sign"],
            moves=tuple(entry.get("moves", {}).get(justice, 0) for justice in JUSTICES),
            apology=entry.get("apology", ""),
            derived=entry.get("derived", False),
            lesson=str(entry["lesson"]),
            source=entry["source"],
            words=_words(entry),
        )
        for id_, entry in _load("behaviours.yaml").items()
    }
    red_lines = {
        code: RedLine(code, entry["honesty"], _words(entry)) for code, entry in _load("red_lines.yaml").items()
    }
    compass = {id_: _words(entry) for id_, entry in _load("compass.yaml").items()}
    return Vocabulary(compass, behaviours, red_lines)


def _load(name: str) -> dict:
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _words(entry: dict) -> dict[str, Word]:
    return {language: Word(**entry[language]) for language in ("en", "zh")}
