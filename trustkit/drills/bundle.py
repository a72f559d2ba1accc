"""Puts a drill into the one JSON document that the player needs."""

from __future__ import annotations

from pathlib import Path

from trustkit.drills.reader import read_drill, texts


def drill_bundle(drill: str | Path, language: str = "en") -> dict:
    """Return everything a player needs for a drill in one language; JSON-ready.

    A text that the Chinese file does not have is taken from the English one; lint reports it.
    """
    source = read_drill(drill)
    data = source.document.data
    words = dict(texts(data))
    if language != "en" and source.chinese:
        words.update({key: text for key, text in texts(source.chinese.data) if key in words})
    return {
        "kind": "drill",
        "id": source.id,
        "lang": language,
        "title": words["title"],
        "intro": words["intro"],
        "lesson": data["lesson"],
        "minutes": data["minutes"],
        "pass": data["pass"],
        "hash": source.hash,
        "categories": [{"id": id_, "name": words[f"categories.{id_}"]} for id_ in data["categories"]],
        "items": [
            {
                "id": id_,
                "text": words[f"items.{id_}.text"],
                "key": item["key"],
                "red_line": item.get("red_line", False),
                "feedback": {category: words[f"items.{id_}.feedback.{category}"] for category in data["categories"]},
            }
            for id_, item in data["items"].items()
        ],
        "lesson_links": {},
    }
