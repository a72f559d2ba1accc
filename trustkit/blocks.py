"""The blocks that simulators and checkers are made of: small JSON-ready dicts, drawn alike in a page and in Jupyter.

A module's `show` returns a list of blocks; the page draws them from top to bottom. At most one of them is a form,
the one that is still open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
Field = dict[str, Any]
Answer = dict[str, Any]

TONES = ("plain", "note", "warn", "good")
CHARTS = ("line", "bar", "steps")
SEVERITIES = ("look", "note", "red-line")
MOST_LETTERS = 20_000


@dataclass(frozen=True)
class Result:
    """What a simulator run is worth.

    Attributes:
        reached: whether the target is met.
        parts: what it is made of, by name; of two runs the one with the higher sum is the better one.
        finished: whether the run counts now; what is tried out afterwards is not recorded.
    """

    reached: bool
    parts: Mapping[str, int] = field(default_factory=dict)
    finished: bool = True


# ---------------------------------------------------------------- what is read


def text(*paragraphs: str, tone: str = "plain") -> Block:
    """Return paragraphs of plain text.

    Args:
        tone: "plain", "note" (worth a look), "warn" (went wrong) or "good" (went well).
    """
    _one_of("tone", tone, TONES)
    return {"block": "text", "paragraphs": list(paragraphs), "tone": tone}


def heading(words: str) -> Block:
    """Return a heading below the activity's title; the page finds the right level for it."""
    return {"block": "heading", "text": words}


def facts(pairs: Iterable[tuple[str, object]]) -> Block:
    """Return names with their values, such as `("Open promises", 3)`."""
    return {"block": "facts", "facts": [[name, str(value)] for name, value in pairs]}


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], caption: str) -> Block:
    """Return a table; the first cell of each row is the row's name."""
    rows = [[str(cell) for cell in row] for row in rows]
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row of the table “{caption}” has {len(row)} cells; it has {len(columns)} columns.")
    return {"block": "table", "columns": list(columns), "rows": rows, "caption": caption}


def series(name: str, y: Sequence[float | None], *, dash: bool = False) -> dict[str, Any]:
    """Return one series of a chart; None in `y` leaves a gap."""
    return {"name": name, "y": list(y), "dash": dash}


def mark(x: float | str, y: float, words: str) -> dict[str, Any]:
    """Return a point of a chart with words beside it."""
    return {"x": x, "y": y, "text": words}


def chart(
    kind: str,
    x: Sequence[float | str],
    lines: Sequence[dict[str, Any]],
    *,
    x_label: str,
    y_label: str,
    caption: str,
    alt: str,
    marks: Sequence[dict[str, Any]] = (),
    low: float | None = None,
    high: float | None = None,
) -> Block:
    """Return a chart; the page also shows its numbers as a table that can be unfolded.

    Args:
        kind: "line", "steps" (a line that keeps its value until the next one) or "bar".
        x: numbers, or names of equal distance.
        lines: see `series`, each with a value for every `x`.
        alt: one or two sentences that say what the chart shows, for those who do not see it.
        low: lowest value of the axis; found from the values if left out. `high` likewise.
    """
    _one_of("kind of chart", kind, CHARTS)
    for one in lines:
        if len(one["y"]) != len(x):
            raise ValueError(f"the series “{one['name']}” has {len(one['y'])} values for {len(x)} places.")
    return {
        "block": "chart", "kind": kind, "x": list(x), "series": list(lines), "x_label": x_label, "y_label": y_label,
        "marks": list(marks), "caption": caption, "alt": alt, "low": low, "high": high,
    }  # fmt: skip


def bars(entries: Iterable[Mapping[str, Any]]) -> Block:
    """Return values on their scales: each `{name, value, low, high}`, with `target` where there is one."""
    return {"block": "bars", "bars": [dict(entry) for entry in entries]}


def result(reached: bool, sentences: Sequence[str], parts: Iterable[tuple[str, object]] = ()) -> Block:
    """Return the verdict of a run: reached or not yet, why, and what it is made of."""
    named = [[name, str(value)] for name, value in parts]
    return {"block": "result", "reached": reached, "sentences": list(sentences), "parts": named}


# ---------------------------------------------------------------- what a checker found


def finding(
    kind: str,
    why: str,
    better: str = "",
    *,
    start: int | None = None,
    end: int | None = None,
    severity: str = "look",
) -> dict[str, Any]:
    """Return one thing found in a text.

    Args:
        kind: its id, such as "no-date".
        why: what it does to the reader.
        better: a line or a step that would be better.
        start: where it begins, in characters from 0; None where something is missing and there is no place.
        end: the character after its last one.
        severity: "look" (look again), "note" (for information) or "red-line".
    """
    _one_of("severity", severity, SEVERITIES)
    return {"kind": kind, "why": why, "better": better, "start": start, "end": end, "severity": severity}


def findings(words: str, found: Sequence[dict[str, Any]], none_text: str) -> Block:
    """Return a text with the places that were found in it; `none_text` stands where nothing was found."""
    for one in found:
        if one["start"] is not None and not 0 <= one["start"] <= one["end"] <= len(words):
            raise ValueError(f"the finding “{one['kind']}” lies outside the text.")
    return {"block": "findings", "text": words, "findings": list(found), "none_text": none_text}


# ---------------------------------------------------------------- what is asked


def form(id: str, fields: Sequence[Field], submit: str, *, final: bool = False) -> Block:
    """Return a form that is open; its answer is `{id of field: value}`.

    Args:
        id: its id, kept with the answer.
        submit: what its button says.
        final: whether the answer stands once it is given, such as a prediction before the result is shown.
    """
    return {"block": "form", "id": id, "fields": list(fields), "submit": submit, "final": final}


def number(
    id: str, label: str, low: float, high: float, *, step: float = 1, unit: str = "", value: float | None = None
) -> Field:
    """Return a field for a number from `low` to `high`, in steps; `value` is where it stands at first."""
    value = low if value is None else value
    return {
        "field": "number", "id": id, "label": label, "low": low, "high": high, "step": step, "unit": unit,
        "value": value,
    }  # fmt: skip


def choose(id: str, label: str, options: Mapping[str, str], value: str | None = None) -> Field:
    """Return a field for one of several options, given as id and words; the answer is the id."""
    return {"field": "choose", "id": id, "label": label, "options": _pairs(options), "value": value}


def several(id: str, label: str, options: Mapping[str, str], value: Sequence[str] = ()) -> Field:
    """Return a field for any number of options; the answer is the list of their ids."""
    return {"field": "several", "id": id, "label": label, "options": _pairs(options), "value": list(value)}


def order(id: str, label: str, parts: Mapping[str, str]) -> Field:
    """Return a field that puts parts in order, shown at first as given; the answer is the list of all their ids."""
    return {"field": "order", "id": id, "label": label, "options": _pairs(parts), "value": list(parts)}


def writing(id: str, label: str, *, lines: int = 6, most: int = 4_000, value: str = "") -> Field:
    """Return a field for a text of at most `most` characters; `value` stands in it at first."""
    return {"field": "text", "id": id, "label": label, "lines": lines, "most": min(most, MOST_LETTERS), "value": value}


# ---------------------------------------------------------------- what comes back


_MISFITS = {
    "en": {
        "extra": "This answer does not belong to the question that is open.",
        "number": "“{label}” needs a number from {low} to {high}.",
        "choose": "“{label}” needs one of its options.",
        "several": "“{label}” can only hold its own options, each once.",
        "order": "“{label}” needs every part once.",
        "text": "“{label}” needs a text of at most {most} characters.",
    },
    "zh": {
        "extra": "这个回答不属于当前的问题。",
        "number": "“{label}”需要一个 {low} 到 {high} 之间的数。",
        "choose": "“{label}”需要选其中一项。",
        "several": "“{label}”只能选所列的选项，每项一次。",
        "order": "“{label}”需要每一项都出现一次。",
        "text": "“{label}”需要一段不超过 {most} 个字的文字。",
    },
}


def open_form(blocks: Iterable[Block]) -> Block | None:
    """Return the form that is open among these blocks, or None."""
    return next((block for block in blocks if block["block"] == "form"), None)


def check_answer(asked: Block, values: object, language: str = "en") -> Answer:
    """Return an answer that fits a form.

    Raises:
        ValueError: with a sentence for the person.
    """
    words = _MISFITS[language]
    if not isinstance(values, dict) or set(values) != {one["id"] for one in asked["fields"]}:
        raise ValueError(words["extra"])
    for one in asked["fields"]:
        if not _fits(one, values[one["id"]]):
            raise ValueError(words[one["field"]].format(**one))
    return values


def _fits(one: Field, value: object) -> bool:
    kind = one["field"]
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        steps = (value - one["low"]) / one["step"]
        return one["low"] <= value <= one["high"] and abs(steps - round(steps)) < 1e-6
    if kind == "text":
        return isinstance(value, str) and len(value) <= one["most"]
    options = [option for option, _ in one["options"]]
    if kind == "choose":
        return value in options
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        return False
    if len(set(value)) != len(value) or not set(value) <= set(options):
        return False
    return kind == "several" or len(value) == len(options)


def _pairs(options: Mapping[str, str]) -> list[list[str]]:
    return [[id_, words] for id_, words in options.items()]


def _one_of(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise ValueError(f"there is no {what} “{value}”. There are: {', '.join(known)}.")
