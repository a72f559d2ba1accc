"""A drill on paper: its questions without the answers, and the answers alone for the trainer; pure."""

from __future__ import annotations

import hashlib
from html import escape
from string import ascii_uppercase
from typing import Any

BOX = "☐"


def questions(bundle: dict[str, Any], words: dict[str, str]) -> str:
    """Return a drill as HTML with room for answers and without the key.

    Args:
        bundle: the drill as a page holds it.
        words: the words of print, in the language of the page.
    """
    items = "".join(f"<li>{_item(bundle, item, words)}</li>" for item in bundle["items"])
    shared = ""
    if any(item["kind"] == "choose" and "answers" not in item for item in bundle["items"]):
        listed = "".join(f"<li>{escape(one['name'])}</li>" for one in bundle["categories"])
        shared = f'<p class="label">{escape(words["drill_answers"])}</p><ol class="letters">{listed}</ol>'
    needed = words["needed"].format(**{"pass": bundle["pass"]}, of=len(bundle["items"])) if bundle["pass"] else ""
    return (
        f'<div class="drill"{_language(bundle)}><p class="kind">{escape(words["drill"])}</p>'
        f'<p class="title">{escape(bundle["title"])}</p><p>{escape(bundle["intro"])} {escape(needed)}</p>'
        f'{shared}<ol class="items">{items}</ol></div>'
    )


def answers(bundle: dict[str, Any], words: dict[str, str]) -> str:
    """Return the key of a drill as HTML: each question, its answer and the reason.

    Args:
        bundle: the drill as a page holds it.
        words: the words of print, in the language of the page.
    """
    items = []
    for item in bundle["items"]:
        mark = f" <em>({escape(words['red_line'])})</em>" if item["red_line"] else ""
        reasons = "".join(f"<p>{escape(one)}</p>" for one in _reasons(item))
        items.append(
            f"<li><p>{escape(item['text'])}{mark}</p><p><strong>{escape(_key(bundle, item))}</strong></p>{reasons}</li>"
        )
    return f'<div class="drill key"{_language(bundle)}><ol class="items">{"".join(items)}</ol></div>'


def _item(bundle: dict, item: dict, words: dict[str, str]) -> str:
    text = f"<p>{escape(item['text'])}</p>"
    if "passage" in item:
        text += f'<blockquote class="passage">{_passage(item)}</blockquote>'
    kind = item["kind"]
    if kind == "choose" and "answers" not in item:
        letters = ascii_uppercase[: len(bundle["categories"])]
        return text + '<p class="room">' + " ".join(f"{BOX} {letter}" for letter in letters) + "</p>"
    if kind in ("choose", "multi-choose"):
        hint = f'<p class="hint">{escape(words["several"])}</p>' if kind == "multi-choose" else ""
        return text + hint + _boxes(_mixed(item["answers"], item["id"]))
    if kind == "order":
        parts = "".join(f"<li>{escape(one['name'])}</li>" for one in _mixed(item["parts"], item["id"]))
        return f'{text}<p class="hint">{escape(words["order"])}</p><ul class="blanks">{parts}</ul>'
    if kind == "match":
        left = "".join(f"<li>{escape(one['name'])}</li>" for one in item["left"])
        right = "".join(f"<li>{escape(one['name'])}</li>" for one in _mixed(item["right"], item["id"]))
        return (
            f'{text}<p class="hint">{escape(words["match"])}</p><ul class="blanks">{left}</ul>'
            f'<ol class="letters">{right}</ol>'
        )
    if kind == "mark-in-text":
        return f'{text}<p class="hint">{escape(words["mark"])}</p>'
    scale = "".join(f"<li><strong>{one['value']}</strong> {escape(one['name'])}</li>" for one in item["scale"])
    return f'{text}<p class="hint">{escape(words["rate"])}</p><ul class="scale">{scale}</ul>'


def _boxes(offered: list[dict[str, str]]) -> str:
    entries = "".join(f"<li>{escape(one['name'])}</li>" for one in offered)
    return f'<ul class="boxes">{entries}</ul>'


def _passage(item: dict) -> str:
    told = ("".join(escape(piece["text"]) for piece in line) for line in item["passage"])
    return "".join(f"<p>{line}</p>" for line in told)


def _mixed(entries: list[dict[str, str]], seed: str) -> list[dict[str, str]]:
    """Return the entries in an order that says nothing and is the same each time."""
    return sorted(entries, key=lambda one: hashlib.sha256(f"{seed} {one['id']}".encode()).digest())


def _key(bundle: dict, item: dict) -> str:
    kind, key = item["kind"], item["key"]
    if kind == "rate":
        return str(key)
    if kind == "choose":
        names = {one["id"]: one["name"] for one in item.get("answers", bundle["categories"])}
        if "answers" not in item:
            at = [one["id"] for one in bundle["categories"]].index(key)
            return f"{ascii_uppercase[at]} {names[key]}"
        return names[key]
    if kind == "match":
        left, right = ({one["id"]: one["name"] for one in item[side]} for side in ("left", "right"))
        return "; ".join(f"{left[id_]} → {right[key[id_]]}" for id_ in left)
    if kind == "order":
        names = {one["id"]: one["name"] for one in item["parts"]}
        return " → ".join(names[id_] for id_ in key)
    offered = item.get("answers") or [one for line in item["passage"] for one in line if "id" in one]
    return "; ".join(one.get("name") or one["text"] for one in offered if one["id"] in key) or "–"


def _reasons(item: dict) -> list[str]:
    feedback = item["feedback"]
    if item["kind"] == "choose":
        return [feedback[item["key"]]]
    if item["kind"] == "rate":
        return [feedback["key"]]
    wanted = item["key"]
    return [reason for id_, reason in feedback.items() if item["kind"] in ("match", "order") or id_ in wanted]


def _language(bundle: dict) -> str:
    return "" if bundle["text_lang"] == bundle["lang"] else f' lang="{bundle["text_lang"]}"'
