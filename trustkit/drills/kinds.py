"""What the six kinds of items are made of: their texts, what an answer to them may be, and what is right; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trustkit.drills.passage import phrases

KINDS = ("choose", "multi-choose", "match", "order", "mark-in-text", "rate")
TEXT_GROUPS = ("answers", "left", "right", "parts", "scale", "feedback")

Answer = str | int | list[str] | dict[str, str]
"""An answer as an attempt keeps it: an id, an anchor, a list of ids, or right ids by left ids."""


def kind_of(item: dict) -> str:
    """Return the kind of an item; the default is choose."""
    return item.get("kind", "choose")


def answers_of(data: dict, item: dict) -> dict[str, str]:
    """Return the answers of a choose or multi-choose item: its own, or the drill's categories."""
    return item.get("answers") or data.get("categories", {})


def scale_of(data: dict, item: dict) -> dict[int, str]:
    """Return the anchors of a rate item, its own or the drill's, from the lowest to the highest."""
    scale = item.get("scale") or data.get("scale", {})
    return {int(value): scale[value] for value in sorted(scale, key=int)}


def item_texts(item: dict) -> Iterator[tuple[str, str]]:
    """Yield each text of an item with its key inside the item, such as "answers.ask-first"; for either file."""
    for key in ("text", "passage"):
        if key in item:
            yield key, item[key]
    for group in TEXT_GROUPS:
        for id_, text in (item.get(group) or {}).items():
            yield f"{group}.{id_}", text


def substance(item: dict) -> Any:
    """Return what decides how an item is marked, without its words: a part of the drill's content hash."""
    red_line = item.get("red_line", False)
    if kind_of(item) == "choose" and "answers" not in item:
        return [item["key"], red_line]
    found = {"kind": kind_of(item), "key": item["key"], "red_line": red_line}
    found |= {group: list(item[group]) for group in ("answers", "left", "right", "parts", "scale") if group in item}
    found |= {name: item[name] for name in ("also", "within") if name in item}
    if kind_of(item) == "mark-in-text":
        found["phrases"] = list(phrases(item["passage"]))
    return found


def right_orders(item: dict) -> list[list[str]]:
    """Return every order of an order item that counts as right; the key comes first."""
    return [item["key"], *item.get("also", [])]


def is_right(item: dict, answer: Answer | None) -> bool:
    """Whether an answer to an item is right; None, no answer, never is."""
    if answer is None:
        return False
    kind = kind_of(item)
    if kind in ("multi-choose", "mark-in-text"):
        return set(answer) == set(item["key"])
    if kind == "order":
        return answer in right_orders(item)
    if kind == "rate":
        return abs(answer - item["key"]) <= item.get("within", 0)
    return answer == item["key"]


def cannot_be(data: dict, item: dict, answer: Any) -> str | None:
    """Return why nobody can have given this answer to an item, or None where somebody can."""
    kind = kind_of(item)
    if kind == "choose":
        return None if isinstance(answer, str) and answer in answers_of(data, item) else _not_offered(answer)
    if kind == "rate":
        whole = isinstance(answer, int) and not isinstance(answer, bool)
        return None if whole and answer in scale_of(data, item) else _not_offered(answer)
    if kind == "match":
        if not isinstance(answer, dict) or set(answer) != set(item["left"]):
            return "it does not have one answer for each entry on the left"
        return next((_not_offered(right) for right in answer.values() if right not in item["right"]), None)
    if not isinstance(answer, list):
        return "it is not a list of what was chosen"
    if len(set(answer)) < len(answer):
        return "it names one thing twice"
    if kind == "order":
        return None if set(answer) == set(item["parts"]) else "it is not an order of all the parts"
    offered = phrases(item["passage"]) if kind == "mark-in-text" else item["answers"]
    if kind == "multi-choose" and not answer:
        return "nothing was chosen"
    return next((_not_offered(one) for one in answer if one not in offered), None)


def _not_offered(answer: Any) -> str:
    return f"`{str(answer)[:80]}` was not on offer"
