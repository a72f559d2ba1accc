"""Reads a drill from its folder: structure and English from drill.yaml, Chinese from zh.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trustkit.content import Document, digest, read_document, validate
from trustkit.course import content_file, drill_ids

SCHEMA = Path(__file__).with_name("drill.schema.json")


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
        """The content hash: ids, keys and pass mark, not words."""
        data = self.document.data
        return digest(
            {
                "drill": self.id,
                "pass": data["pass"],
                "categories": list(data["categories"]),
                "items": {id_: [item["key"], item.get("red_line", False)] for id_, item in data["items"].items()},
            }
        )


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
    if data["pass"] > len(data["items"]):
        raise document.error(("pass",), f"`pass` is {data['pass']}, but there are only {len(data['items'])} items.")
    for id_, item in data["items"].items():
        place = ("items", id_)
        if item["key"] not in data["categories"]:
            raise document.error(
                (*place, "key"), f"`{item['key']}` is not a category. They are: {', '.join(data['categories'])}."
            )
        for category in data["categories"]:
            if category not in item["feedback"]:
                raise document.error((*place, "feedback"), f"item `{id_}` lacks feedback for the answer `{category}`.")
        for category in item["feedback"]:
            if category not in data["categories"]:
                raise document.error((*place, "feedback", category), f"`{category}` is not a category of this drill.")
    chinese_path = path.with_name("zh.yaml")
    return DrillSource(path.parent.name, document, read_document(chinese_path) if chinese_path.exists() else None)


def texts(data: dict) -> Iterator[tuple[str, str]]:
    """Yield each text of a drill with its key, such as "items.parcel-photo.feedback.trust"; for either file."""
    for key in ("title", "intro"):
        if key in data:
            yield key, data[key]
    for id_, name in data.get("categories", {}).items():
        yield f"categories.{id_}", name
    for id_, item in data.get("items", {}).items():
        if "text" in item:
            yield f"items.{id_}.text", item["text"]
        for category, text in item.get("feedback", {}).items():
            yield f"items.{id_}.feedback.{category}", text


def _path_of(drill: str | Path) -> Path:
    path = content_file(drill, "exercises/drills", "drill.yaml")
    if not path.exists() and path != Path(drill):
        known = ", ".join(drill_ids()) or "none yet"
        raise UnknownDrill(f"There is no drill `{drill}`. The drills are: {known}.")
    return path
