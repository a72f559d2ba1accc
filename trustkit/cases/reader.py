"""Reads a case from its folder: structure and English from case.yaml, Chinese from zh.yaml."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from trustkit.content import ContentError, Document, Place, read_document, stamp, validate
from trustkit.course import case_ids, content_file
from trustkit.policies import UnknownPolicy, broken_by, defaults, fill, place_of_error, read_policies, values

SCHEMA = Path(__file__).with_name("case.schema.json")
BASE = "base"


class UnknownCase(Exception):
    """No case has this id; the message lists those that exist."""


@dataclass(frozen=True, eq=False)
class CaseSource:
    """A case as its author wrote it: `case.yaml` and, where it exists, `zh.yaml`; equal to itself alone."""

    id: str
    document: Document
    chinese: Document | None

    @property
    def variants(self) -> list[str]:
        """The ids of the variants, "base" first."""
        return [BASE, *self.document.data.get("variants", {})]

    @property
    def languages(self) -> list[str]:
        """The languages the case can be played in."""
        return ["en", "zh"] if self.chinese else ["en"]


def read_case(case: str | Path) -> CaseSource:
    """Read a case by its id, its folder or its case.yaml; kept until one of its files changes.

    Do not change what it returns.

    Raises:
        UnknownCase: there is no case with this id.
        ContentError: a file of the case cannot be used; names file and line.
    """
    path = _path_of(case)
    return _read(path, stamp(path), stamp(path.with_name("zh.yaml")))


@lru_cache(maxsize=64)
def _read(path: Path, *stamps: tuple[int, int] | None) -> CaseSource:
    document = read_document(path)
    validate(document, SCHEMA)
    if document.data["id"] != path.parent.name:
        raise document.error(
            ("id",), f"the id is `{document.data['id']}`, but the folder is `{path.parent.name}`. Make them equal."
        )
    write_at = document.data.get("write_at")
    if write_at and not document.data["scenes"].get(write_at, {}).get("choices"):
        raise document.error(
            ("write_at",), f"`{write_at}` is no scene where the trainee answers. Name one that has choices."
        )
    chinese_path = path.with_name("zh.yaml")
    chinese = read_document(chinese_path) if chinese_path.exists() else None
    if chinese is not None and not isinstance(chinese.data, dict):
        raise ContentError(chinese_path, 1, "this file must hold texts under the ids of case.yaml.")
    return CaseSource(path.parent.name, document, chinese)


def strangers(source: CaseSource) -> list[tuple[Place, str]]:
    """Return every id that a variant changes although the case itself does not have it, with its place."""
    data = source.document.data
    endings = {ending["id"]: ending for ending in data["endings"]}
    found: list[tuple[Place, str]] = []

    def compare(changes: dict, known: dict, place: Place) -> None:
        found.extend(((*place, id_), id_) for id_ in changes if id_ not in known)

    for variant_id, variant in data.get("variants", {}).items():
        place = ("variants", variant_id)
        for kind in ("facts", "promises", "house_rules", "scenes"):
            compare(variant.get(kind, {}), data.get(kind, {}), (*place, kind))
        compare(variant.get("endings", {}), endings, (*place, "endings"))
        for scene_id, scene in variant.get("scenes", {}).items():
            known = data["scenes"].get(scene_id, {}).get("choices", {})
            compare(scene.get("choices", {}), known, (*place, "scenes", scene_id, "choices"))
    return found


def data_of(source: CaseSource, variant: str = BASE) -> dict:
    """Return the case's data with a variant's changes laid over it; `endings` become a mapping by id."""
    data = copy.deepcopy(source.document.data)
    changes = data.pop("variants", {})
    data["endings"] = {ending.pop("id"): ending for ending in data["endings"]}
    if variant != BASE:
        _lay_over(data, changes[variant])
    return data


def texts(data: dict) -> Iterator[tuple[str, str]]:
    """Yield each text of a case with its key, such as "scenes.call.choices.ask-inside.say".

    Works on case.yaml and zh.yaml alike (also on one variant of either), although an entry may be a mapping
    with `text` in the one and the bare text in the other, and endings a list or a mapping.
    """
    for key in ("title", "brief"):
        if key in data:
            yield key, data[key]
    for key, value in data.get("customer", {}).items():
        yield f"customer.{key}", value
    for kind in ("facts", "promises"):
        for id_, entry in data.get(kind, {}).items():
            text = entry.get("text") if isinstance(entry, dict) else entry
            if text is not None:
                yield f"{kind}.{id_}", text
    for id_, card in data.get("house_rules", {}).items():
        for key in ("title", "text"):
            if key in card:
                yield f"house_rules.{id_}.{key}", card[key]
    for id_, scene in data.get("scenes", {}).items():
        for position, line in enumerate(lines_of(scene.get("customer", []))):
            yield f"scenes.{id_}.customer.{position}", line
        for choice_id, choice in scene.get("choices", {}).items():
            for key in ("say", "feedback"):
                if key in choice:
                    yield f"scenes.{id_}.choices.{choice_id}.{key}", choice[key]
    endings = data.get("endings", {})
    if isinstance(endings, list):
        endings = {ending["id"]: ending for ending in endings}
    for id_, ending in endings.items():
        for key in ("title", "text"):
            if key in ending:
                yield f"endings.{id_}.{key}", ending[key]
    for id_, variant in data.get("variants", {}).items():
        for key, text in texts(variant):
            yield f"variants.{id_}.{key}", text


def lines_of(says: str | list) -> list[str]:
    """Return what a customer may say in a scene, one text for each line."""
    if isinstance(says, str):
        return [says]
    return [line["say"] if isinstance(line, dict) else line for line in says]


def text_of(source: CaseSource, variant: str = BASE, language: str = "en") -> dict:
    """Return all texts of a case in one language, in the form of the page bundle, policy values filled in.

    A text that the Chinese file does not have is taken from the English one; lint reports it.

    Raises:
        ContentError: a text names a policy value that does not exist.
    """
    merged = _filled(source, dict(texts(data_of(source, variant))), "en")
    if language != "en" and source.chinese:
        own = dict(texts({k: v for k, v in source.chinese.data.items() if k != "variants"}))
        of_variant = dict(texts(source.chinese.data.get("variants", {}).get(variant, {})))
        merged.update(
            _filled(source, {key: text for key, text in {**own, **of_variant}.items() if key in merged}, language)
        )
    tree: dict = {"customer": {}, "facts": {}, "promises": {}, "house_rules": {}, "scenes": {}, "endings": {}}
    for key, text in merged.items():
        _put(tree, key.split("."), text)
    for scene in tree["scenes"].values():
        scene["lines"] = list(scene.pop("customer").values())
        scene.setdefault("choices", {})
    return tree


def policy_values(source: CaseSource) -> dict:
    """Return the policy values of a case by id: the course's own where its story does not hold with the company's."""
    bounds, here = source.document.data.get("policies", {}), values()
    return defaults() if broken_by(bounds, here, read_policies()) else here


def _filled(source: CaseSource, words: dict[str, str], language: str) -> dict[str, str]:
    if not any("{{" in text for text in words.values()):
        return words
    here, known, document = policy_values(source), read_policies(), source.document
    if language != "en" and source.chinese:
        document = source.chinese
    filled = {}
    for key, text in words.items():
        try:
            filled[key] = fill(text, language, here, known)
        except UnknownPolicy as problem:
            line = document.line(tuple(int(part) if part.isdigit() else part for part in key.split(".")))
            raise place_of_error(document.path, line, problem) from None
    return filled


def _path_of(case: str | Path) -> Path:
    path = content_file(case, "cases", "case.yaml")
    if not path.exists() and path != Path(case):
        known = ", ".join(case_ids()) or "none yet"
        raise UnknownCase(f"There is no case `{case}`. The cases are: {known}.")
    return path


def _lay_over(data: dict, changes: dict) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(data.get(key), dict) and key not in ("behaviours", "harm"):
            _lay_over(data[key], value)
        else:
            data[key] = value


def _put(tree: dict, keys: list[str], text: str) -> None:
    for key in keys[:-1]:
        tree = tree.setdefault(key, {})
    tree[keys[-1]] = text
