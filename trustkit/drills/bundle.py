"""Puts drills into the one JSON document that the player needs: a drill, or a deck of single items."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trustkit.content import ContentError
from trustkit.drills.kinds import answers_of, kind_of, scale_of
from trustkit.drills.passage import lines
from trustkit.drills.reader import DrillSource, UnknownDrill, read_drill, text_language, texts

DECK = "deck"
"""The id of a deck where its maker gives it none."""


def drill_bundle(drill: str | Path, language: str = "en") -> dict:
    """Return everything a player needs for a drill in one language; JSON-ready.

    A drill without Chinese texts comes with its English ones: `text_lang` says so, while the words around it
    stay in `lang`. A single text that the Chinese file does not have is taken from the English one.
    """
    source = read_drill(drill)
    data, words = source.document.data, _words(source, language)
    return {
        "kind": "drill",
        "id": source.id,
        "lang": language,
        "text_lang": text_language(source, language),
        "title": words["title"],
        "intro": words["intro"],
        "lesson": data["lesson"],
        "minutes": data["minutes"],
        "pass": data.get("pass"),
        "pass_f1": data.get("pass_f1"),
        "pass_kappa": data.get("pass_kappa"),
        "path": data.get("path", False),
        "form": data.get("form"),
        "twin": _twin(source, language) if "twin" in data else None,
        "hash": source.hash,
        "categories": [{"id": id_, "name": words[f"categories.{id_}"]} for id_ in data.get("categories", {})],
        "items": [_item(data, id_, words) for id_ in data["items"]],
        "lesson_links": {},
    }


def deck_bundle(drill_ids: Iterable[str | Path], language: str = "en", id_: str = DECK) -> dict:
    """Return a deck for spaced repetition: the choose items of several drills as single cards; JSON-ready.

    Each card is an item as in `drill_bundle`, with an id that is the same in every deck, its drill's title,
    its lesson and the language of its texts. What was learnt of a card is kept in the browser.
    """
    cards = []
    for drill in drill_ids:
        source = read_drill(drill)
        data, words = source.document.data, _words(source, language)
        categories = [{"id": key, "name": words[f"categories.{key}"]} for key in data.get("categories", {})]
        for item_id, item in data["items"].items():
            if kind_of(item) != "choose":
                continue
            card = _item(data, item_id, words)
            cards.append(
                {
                    "answers": categories,
                    **card,
                    "id": f"{source.id}/{item_id}",
                    "own_answers": "answers" in card,
                    "drill": words["title"],
                    "lesson": item.get("lesson", data["lesson"]),
                    "text_lang": text_language(source, language),
                }
            )
    return {"kind": "deck", "id": id_, "lang": language, "cards": cards, "lesson_links": {}}


def _words(source: DrillSource, language: str) -> dict[str, str]:
    data = source.document.data
    words = dict(texts(data))
    if language != "en" and source.chinese:
        words.update({key: text for key, text in texts(source.chinese.data) if key in words})
    return words


def _item(data: dict, id_: str, words: dict[str, str]) -> dict[str, Any]:
    item = data["items"][id_]
    kind, here = kind_of(item), f"items.{id_}"

    def named(group: str) -> list[dict[str, str]]:
        return [{"id": key, "name": words[f"{here}.{group}.{key}"]} for key in item[group]]

    found: dict[str, Any] = {
        "id": id_,
        "kind": kind,
        "text": words[f"{here}.text"],
        "key": item["key"],
        "red_line": item.get("red_line", False),
        "feedback": {key: words[f"{here}.feedback.{key}"] for key in _explained(data, item)},
    }
    found |= {name: item[name] for name in ("lesson", "also", "within") if name in item}
    found |= {group: named(group) for group in ("answers", "left", "right", "parts") if group in item}
    if "passage" in item:
        found["passage"] = lines(words[f"{here}.passage"])
    if kind == "rate":
        place = f"{here}.scale" if "scale" in item else "scale"
        found["scale"] = [{"value": value, "name": words[f"{place}.{value}"]} for value in scale_of(data, item)]
    return found


def _explained(data: dict, item: dict) -> Iterable[str]:
    """Return what an item has feedback for, in the order in which it is shown."""
    if kind_of(item) in ("choose", "multi-choose"):
        return answers_of(data, item)
    return item["feedback"]


def _twin(source: DrillSource, language: str) -> dict[str, str]:
    """Return id and title of the other form; a twin that cannot be read yet is called by its id."""
    twin = source.document.data["twin"]
    folder = source.document.path.parent.with_name(twin)
    try:
        title = _words(read_drill(folder), language)["title"]
    except (ContentError, UnknownDrill):
        title = twin
    return {"id": twin, "title": title}
