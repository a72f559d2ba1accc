"""Puts a case into the one JSON document that the player needs: structures, words and links."""

from __future__ import annotations

from pathlib import Path

from trustkit.cases.compile import compiled
from trustkit.cases.reader import read_case, text_of
from trustkit.trust.vocabulary import vocabulary


def case_bundle(case: str | Path, language: str = "en") -> dict:
    """Return everything a player needs to play a case in one language; JSON-ready.

    `lesson_links` is empty: the host fills in the lessons that exist where it stands.
    """
    source = read_case(case)
    data, words = source.document.data, vocabulary()
    variants = [
        {"id": variant, "structure": compiled(case, variant), "text": text_of(source, variant, language)}
        for variant in source.variants
    ]
    used = {b["id"] for variant in variants for b in variant["structure"]["behaviours"]}
    text = variants[0]["text"]
    return {
        "kind": "case",
        "id": source.id,
        "lang": language,
        "title": text["title"],
        "brief": text["brief"],
        **{key: data[key] for key in ("industry", "channel", "difficulty", "minutes", "lessons")},
        "variants": variants,
        "behaviours": {
            id_: {
                "name": behaviour.words[language].name,
                "meaning": behaviour.words[language].meaning,
                "compass": behaviour.compass,
                "sign": behaviour.sign,
                "lesson": behaviour.lesson,
            }
            for id_, behaviour in words.behaviours.items()
            if id_ in used
        },
        "compass": {id_: named[language].name for id_, named in words.compass.items()},
        "red_lines": {
            code: {"name": red_line.words[language].name, "meaning": red_line.words[language].meaning}
            for code, red_line in words.red_lines.items()
        },
        "lesson_links": {},
    }
