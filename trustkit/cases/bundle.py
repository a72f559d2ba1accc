"""Puts a case into the one JSON document that the player needs: structures, words and links."""

from __future__ import annotations

from pathlib import Path

from trustkit.cases.compile import compiled
from trustkit.cases.listing import setting_name, text_language
from trustkit.cases.reader import read_case, text_of
from trustkit.trust.vocabulary import vocabulary


def case_bundle(case: str | Path, language: str = "en") -> dict:
    """Return everything a player needs to play a case in one language; JSON-ready.

    A case that has no texts in this language comes with its English ones: `text_lang` says so, while the
    words around it stay in `lang`. `lesson_links`, `rule_links` and `rule_titles` are empty: the host fills
    in the lessons and rule cards that exist where it stands.
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
        "text_lang": text_language(source, language),
        "title": text["title"],
        "brief": text["brief"],
        **{key: data[key] for key in ("industry", "channel", "difficulty", "minutes", "lessons")},
        "industry_name": setting_name("industries", data["industry"], language),
        "channel_name": setting_name("channels", data["channel"], language),
        "skills": data.get("compass", []),
        "rules": data.get("rules", []),
        "rule_dates": {code: card["date"] for code, card in data.get("house_rules", {}).items()},
        # Beside the structure and not in it, so that an attempt stays gradable when only this changes.
        "against": _against(data),
        "write_at": data.get("write_at", ""),
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
        "rule_links": {},
        "rule_titles": {},
    }


def _against(data: dict) -> dict[str, dict[str, str]]:
    """Return the rule card that a choice breaks, by scene and choice."""
    found = {
        scene_id: {
            choice_id: choice["against"]
            for choice_id, choice in scene.get("choices", {}).items()
            if "against" in choice
        }
        for scene_id, scene in data["scenes"].items()
    }
    return {scene_id: choices for scene_id, choices in found.items() if choices}
