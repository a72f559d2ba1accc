"""How well each text checker finds what it looks for, on the lines labelled for it in `tests/checkers/`.

The lines were written by the authors of the word lists: the figures say whether the lists do what they are meant to,
not how they fare on anybody's real replies.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from figure import Figure

from trustkit import checkers
from trustkit.checkers.measure import Found, measure

SETS = Path(__file__).resolve().parents[1] / "checkers"


def measured(checker: str) -> dict[str, Found]:
    """Return how each kind of a checker was found in its labelled lines."""
    lines = yaml.safe_load((SETS / f"{checker}.yaml").read_text(encoding="utf-8"))["lines"]
    labelled = [{*line.get("has", ()), *line.get("finds", ())} for line in lines]
    return measure(labelled, [checkers.load(checker).labels(line["text"]) for line in lines])


def figures() -> list[Figure]:
    found = []
    for checker in sorted(checkers.MODULES):
        if not (SETS / f"{checker}.yaml").is_file():
            continue
        for kind, one in measured(checker).items():
            count = f"{one.right + one.missed} lines"
            if one.precision is not None:
                found.append(
                    Figure(f"checker {checker}: {kind}, precision ({count})", one.precision, "share", "> 0.79")
                )
            if one.recall is not None:
                found.append(Figure(f"checker {checker}: {kind}, recall ({count})", one.recall, "share", "> 0.59"))
    return found
