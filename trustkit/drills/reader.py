"""Reads a drill from its folder: structure and English from drill.yaml, Chinese from zh.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from trustkit.content import Document, Place, digest, read_document, validate
from trustkit.course import content_file, drill_ids
from trustkit.drills.kinds import answers_of, item_texts, kind_of, right_orders, scale_of, substance
from trustkit.drills.passage import BrokenPassage, phrases

SCHEMA = Path(__file__).with_name("drill.schema.json")
FEWEST_FOR_KAPPA = 8
"""With fewer ratings a kappa says little, so that no pass mark may rest on it."""


class UnknownDrill(Exception):
    """No drill has this id; the message lists those that exist."""


@dataclass(frozen=True)
class DrillSource:
    """A drill as its author wrote it."""

    id: str
    document: Document
    chinese: Document | None

    @property
    def hash(self) -> str:
        """The content hash: ids, keys and pass marks, not words."""
        data = self.document.data
        content = {
            "drill": self.id,
            "pass": data.get("pass"),
            "categories": list(data.get("categories", {})),
            "items": {id_: substance(item) for id_, item in data["items"].items()},
        }
        content |= {name: data[name] for name in ("pass_f1", "pass_kappa") if name in data}
        if "scale" in data:
            content["scale"] = list(data["scale"])
        return digest(content)

    @property
    def languages(self) -> list[str]:
        """The languages in which the drill has texts, English first."""
        return ["en", "zh"] if self.chinese else ["en"]


def read_drill(drill: str | Path) -> DrillSource:
    """Read a drill by its id, its folder or its drill.yaml.

    Raises:
        UnknownDrill: there is no drill with this id.
        ContentError: a file of the drill cannot be used; names file and line.
    """
    path = _path_of(drill)
    document = read_document(path)
    validate(document, SCHEMA)
    data = document.data
    if data["id"] != path.parent.name:
        raise document.error(("id",), f"the id is `{data['id']}`, but the folder is `{path.parent.name}`.")
    for id_, item in data["items"].items():
        _CHECKS[kind_of(item)](document, ("items", id_), item)
    _check_pass_marks(document)
    _check_what_is_shared(document)
    chinese_path = path.with_name("zh.yaml")
    chinese = read_document(chinese_path) if chinese_path.exists() else None
    if chinese:
        _check_chinese(document, chinese)
    return DrillSource(path.parent.name, document, chinese)


def texts(data: dict) -> Iterator[tuple[str, str]]:
    """Yield each text of a drill with its key, such as "items.parcel-photo.feedback.trust"; for either file."""
    for key in ("title", "intro"):
        if key in data:
            yield key, data[key]
    for group in ("categories", "scale"):
        for id_, text in data.get(group, {}).items():
            yield f"{group}.{id_}", text
    for id_, item in data.get("items", {}).items():
        for key, text in item_texts(item):
            yield f"items.{id_}.{key}", text


def text_language(source: DrillSource, language: str) -> str:
    """Return the language in which somebody who asks for `language` gets the drill's texts."""
    return language if language in source.languages else "en"


def _check_choose(document: Document, place: Place, item: dict) -> None:
    answers = answers_of(document.data, item)
    if not answers:
        raise document.error(
            place, f"item `{place[-1]}` has no `answers`, and the drill has no `categories`. Write one of the two."
        )
    keys = item["key"] if isinstance(item["key"], list) else [item["key"]]
    for key in keys:
        if key not in answers:
            what = "an answer of this item" if "answers" in item else "a category"
            raise document.error((*place, "key"), f"`{key}` is not {what}. They are: {', '.join(answers)}.")
    what = "an answer of this item" if "answers" in item else "a category of this drill"
    _check_feedback(document, place, item, answers, "the answer", what)


def _check_match(document: Document, place: Place, item: dict) -> None:
    left, right, key = item["left"], item["right"], item["key"]
    for id_ in left:
        if id_ not in key:
            raise document.error((*place, "key"), f"item `{place[-1]}` has no key for `{id_}`. Add `{id_}: …`.")
    for id_, partner in key.items():
        if id_ not in left:
            raise document.error((*place, "key", id_), f"`{id_}` does not stand under `left`: {', '.join(left)}.")
        if partner not in right:
            raise document.error(
                (*place, "key", id_), f"`{partner}` does not stand under `right`. There are: {', '.join(right)}."
            )
    _check_feedback(document, place, item, left, "the entry", "an entry on the left")


def _check_order(document: Document, place: Place, item: dict) -> None:
    parts = item["parts"]
    orders = right_orders(item)
    for at, order in enumerate(orders):
        here = (*place, "key") if at == 0 else (*place, "also", at - 1)
        name = "`key`" if at == 0 else f"order {at} of `also`"
        if sorted(order) != sorted(parts):
            odd = [id_ for id_ in order if id_ not in parts] or [id_ for id_ in parts if id_ not in order]
            raise document.error(
                here, f"{name} must name every part once; look at `{odd[0]}`. The parts are: {', '.join(parts)}."
            )
    if len({tuple(order) for order in orders}) == sum(1 for _ in permutations(parts)):
        raise document.error((*place, "also"), "every order counts as right, so that there is nothing to decide.")
    _check_feedback(document, place, item, parts, "the part", "a part")


def _check_marks(document: Document, place: Place, item: dict) -> None:
    found = _phrases_of(document, place, item["passage"])
    if not found:
        raise document.error((*place, "passage"), "no phrase can be marked. Put some of them in [[id|words]].")
    for key in item["key"]:
        if key not in found:
            raise document.error(
                (*place, "key"), f"`{key}` is no bracket of the passage. The brackets are: {', '.join(found)}."
            )
    if set(item["key"]) == set(found):
        raise document.error(
            (*place, "passage"),
            "every bracket is to be marked. Add at least one that is not, so that there is something to decide.",
        )
    _check_feedback(document, place, item, found, "the bracket", "a bracket of the passage")


def _check_rate(document: Document, place: Place, item: dict) -> None:
    scale = list(scale_of(document.data, item))
    if not scale:
        raise document.error(
            place, f"item `{place[-1]}` has no `scale`, and the drill has none either. Write one of the two."
        )
    key, feedback = item["key"], item["feedback"]
    if key not in scale:
        raise document.error((*place, "key"), f"`{key}` is not on the scale: {', '.join(map(str, scale))}.")
    if item.get("within", 0) >= scale[-1] - scale[0]:
        raise document.error((*place, "within"), "every mark on the scale would count as right. Make it smaller.")
    if "[[" in item.get("passage", ""):
        raise document.error((*place, "passage"), "a rate item has nothing to mark: take the [[ ]] out.")
    for side, exists, end in (("lower", key > scale[0], "lowest"), ("higher", key < scale[-1], "highest")):
        if exists and side not in feedback:
            raise document.error((*place, "feedback"), f"item `{place[-1]}` lacks feedback for a mark that is {side}.")
        if side in feedback and not exists:
            raise document.error(
                (*place, "feedback", side), f"the key is the {end} mark, so that nobody sees this. Remove it."
            )


_CHECKS = {
    "choose": _check_choose,
    "multi-choose": _check_choose,
    "match": _check_match,
    "order": _check_order,
    "mark-in-text": _check_marks,
    "rate": _check_rate,
}


def _check_feedback(document: Document, place: Place, item: dict, ids: Collection[str], one: str, what: str) -> None:
    for id_ in ids:
        if id_ not in item["feedback"]:
            raise document.error((*place, "feedback"), f"item `{place[-1]}` lacks feedback for {one} `{id_}`.")
    for id_ in item["feedback"]:
        if id_ not in ids:
            raise document.error((*place, "feedback", id_), f"`{id_}` is not {what}. There are: {', '.join(ids)}.")


def _phrases_of(document: Document, place: Place, passage: str) -> dict[str, str]:
    try:
        return phrases(passage)
    except BrokenPassage as problem:
        raise document.error((*place, "passage"), str(problem)) from None


def _check_pass_marks(document: Document) -> None:
    data = document.data
    kinds = [kind_of(item) for item in data["items"].values()]
    if not {"pass", "pass_f1", "pass_kappa"} & set(data):
        raise document.error((), "the drill lacks `pass` (right items needed), and has no `pass_f1` or `pass_kappa`.")
    if data.get("pass", 0) > len(kinds):
        raise document.error(("pass",), f"`pass` is {data['pass']}, but there are only {len(kinds)} items.")
    if "pass_f1" in data and "mark-in-text" not in kinds:
        raise document.error(("pass_f1",), "`pass_f1` counts marks in texts, but no item has the kind mark-in-text.")
    if "pass_kappa" not in data:
        return
    rated = [item for item in data["items"].values() if kind_of(item) == "rate"]
    if len(rated) < FEWEST_FOR_KAPPA:
        raise document.error(
            ("pass_kappa",),
            f"`pass_kappa` needs at least {FEWEST_FOR_KAPPA} rate items; there are {len(rated)}. "
            "Write more of them, or leave it out.",
        )
    if len({tuple(scale_of(data, item)) for item in rated}) > 1:
        raise document.error(("pass_kappa",), "`pass_kappa` needs one scale for all rate items; here they differ.")
    if len({item["key"] for item in rated}) == 1:
        raise document.error(
            ("pass_kappa",), "all rate items have the same key, so that a kappa says nothing. Vary the items."
        )


def _check_what_is_shared(document: Document) -> None:
    data = document.data
    items = data["items"].values()
    if "categories" in data and not any(kind_of(item) == "choose" and "answers" not in item for item in items):
        raise document.error(("categories",), "no item uses these `categories`. Remove them.")
    if "scale" in data and not any(kind_of(item) == "rate" and "scale" not in item for item in items):
        raise document.error(("scale",), "no item uses this `scale`. Remove it.")
    if data.get("path"):
        for id_, item in data["items"].items():
            if "lesson" not in item:
                raise document.error(
                    ("items", id_), f'item `{id_}` names no `lesson`; with `path` every item must, such as "5.2".'
                )
    if ("form" in data) != ("twin" in data):
        raise document.error(("form" if "form" in data else "twin",), "`form` and `twin` belong together. Write both.")
    if data.get("twin") == data["id"]:
        raise document.error(("twin",), "a drill is not its own twin. Name the drill that is the other form.")


def _check_chinese(document: Document, chinese: Document) -> None:
    """Check what a translation could break: which phrases can be marked."""
    if not isinstance(chinese.data, dict):
        raise chinese.error((), "this file must be a mapping with the same ids as drill.yaml.")
    items = chinese.data.get("items", {})
    for id_, item in document.data["items"].items():
        passage = items.get(id_, {}).get("passage") if isinstance(items, dict) else None
        if kind_of(item) != "mark-in-text" or passage is None:
            continue
        place = ("items", id_)
        there, wanted = _phrases_of(chinese, place, passage), phrases(item["passage"])
        differing = sorted(set(there) ^ set(wanted))
        if differing:
            raise chinese.error(
                (*place, "passage"),
                f"the brackets differ from those of the English passage: look at `{differing[0]}`. "
                f"They are: {', '.join(wanted)}.",
            )


def _path_of(drill: str | Path) -> Path:
    path = content_file(drill, "exercises/drills", "drill.yaml")
    if not path.exists() and path != Path(drill):
        known = ", ".join(drill_ids()) or "none yet"
        raise UnknownDrill(f"There is no drill `{drill}`. The drills are: {known}.")
    return path
