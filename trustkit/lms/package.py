"""Makes packages from the built book: takes the pages of a module or a case, and writes the zip."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from trustkit import player
from trustkit.course import case_ids, course_root
from trustkit.lms.launch import launch_page
from trustkit.lms.manifests import LAUNCH, Described, cmi5_structure, scorm_manifest
from trustkit.lms.pages import (
    PYTHON,
    Page,
    Place,
    card_ids,
    cards_of,
    files_in_style,
    read_page,
    styles_of,
)
from trustkit.publish.build import build_book
from trustkit.publish.page_python import FOLDER as PYTHON_FOLDER
from trustkit.sphinxext.slimming import with_data
from trustkit.trust.customer import default_model

STANDARDS = {"1.2": "scorm-1.2", "2004": "scorm-2004", "cmi5": "cmi5"}
"""What a package can be, and how its file is called."""
ALL = "all"
RULES = "rules.html"
CASE_ROOM = "case-room"
SCRIPT, FRAME = "_static/trustkit-lms.js", "_static/trustkit-lms.css"
_MODULE = re.compile(r"(\d+)-[a-z0-9-]+")
_FONT = (".ttf", ".woff", ".eot", ".otf")
"""Fonts that only old browsers ask for; each has a .woff2 beside it."""
_ABOUT = {
    "module": {"en": "A module of the course on customer trust.", "zh": "客户信任课程的一个模块。"},
    "case": {"en": "A complaint to be played, choice by choice.", "zh": "一次由你一句一句应对的投诉。"},
}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class NothingToPack(Exception):
    """There is no such module or case; the message says which there are."""


@dataclass(frozen=True)
class Packed:
    """A package that was written.

    Attributes:
        id: what is in it, such as "case-fridge-failed-twice".
        path: the zip.
        pages: how many pages it has.
        activities: how many cases and drills.
        bytes: its size.
    """

    id: str
    path: Path
    pages: int
    activities: int
    bytes: int


def package(
    standard: str, what: str, language: str = "en", out: Path | None = None, *, root: Path | None = None,
    say: Callable[[str], object] = print,
) -> list[Packed]:  # fmt: skip
    """Write packages for a learning platform and return them; the same course gives the same bytes.

    Args:
        standard: "1.2" and "2004" for SCORM, or "cmi5".
        what: the id of a case, the number or the folder of a module, or "all" for each of them in a package of its own.
        language: "en" or "zh".
        out: the folder to write to; `_build/packages` of the course if not given.
        root: the course folder; found by `course_root` if not given.
        say: takes progress lines.

    Raises:
        NothingToPack: there is no such module or case, or it has no page.
        trustkit.lms.pages.UnreadablePage: a page of the built book is not as it should be.
        trustkit.publish.build.BuildFailed: something is wrong with the book.
    """
    root = (root or course_root()).resolve()
    wanted = _wanted(root, what)
    site = build_book(root=root, say=say)
    edition = _Edition(site, language)
    out = out or root / "_build" / "packages"
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for kind, name in wanted:
        if not edition.has(kind, name):
            # The exam has no page in the case room, and is played while somebody watches.
            if what == ALL:
                continue
            raise NothingToPack(
                f"The book has no page of `{name}`. A case is packed when the case room lists it, a module when "
                "_toc.yml does."
            )
        made.append(_write(edition, standard, kind, name, out))
        say(f"{made[-1].path}: {made[-1].bytes / 1e6:.1f} MB")
    return made


def _wanted(root: Path, what: str) -> list[tuple[str, str]]:
    """Return what to pack as pairs of kind and name.

    Raises:
        NothingToPack: there is no such module or case.
    """
    modules = sorted(path.name for path in (root / "book" / "en").iterdir() if _MODULE.fullmatch(path.name))
    cases = case_ids(root)
    if what == ALL:
        return [*(("module", name) for name in modules), *(("case", name) for name in cases)]
    if what in cases:
        return [("case", what)]
    numbers = {str(int(name.split("-")[0])): name for name in modules}
    if name := numbers.get(what.lstrip("0")) or (what if what in modules else None):
        return [("module", name)]
    raise NothingToPack(
        f"There is no module and no case `{what}`. Modules: {', '.join(numbers)}. Cases: {', '.join(cases)}. "
        f"`{ALL}` packs each of them."
    )


class _Edition:
    """One language of the built book, as packages read it."""

    def __init__(self, site: Path, language: str):
        self.language, self.folder, self.site = language, site / language, site
        self.files = frozenset(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )
        self.cards = frozenset(card_ids(self.text(RULES))) if RULES in self.files else frozenset()

    def text(self, path: str) -> str:
        file = self.folder / path
        return with_data(file.read_text(encoding="utf-8"), file.parent)

    def paths(self, kind: str, name: str) -> list[str]:
        """Return the pages of a module, its first page first, or the page of a case."""
        if kind == "case":
            return [f"{CASE_ROOM}/{name}.html"]
        found = [path for path in self.files if re.fullmatch(rf"{name}/[^/]+\.html", path)]
        return sorted(found, key=_reading_order)

    def has(self, kind: str, name: str) -> bool:
        """Return whether the built book has pages of this module or case."""
        return bool(self.files & set(self.paths(kind, name)))


def _reading_order(path: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    parts = re.split(r"(\d+)", Path(path).stem)
    return Path(path).stem != "index", [(not part.isdigit(), int(part or 0) if part.isdigit() else 0, part)
                                        for part in parts if part]  # fmt: skip


def _write(edition: _Edition, standard: str, kind: str, name: str, out: Path) -> Packed:
    paths = edition.paths(kind, name)
    place = Place({path: Path(path).stem for path in paths}, RULES, edition.cards, edition.files)
    texts = {path: edition.text(path) for path in paths}
    # Python is several megabytes: it comes along for simulators and checkers, not for a look at one's own words.
    with_python = kind == "module" and (edition.site / PYTHON_FOLDER / "manifest.json").is_file()
    pages = [read_page(path, text, place, with_python=with_python) for path, text in texts.items()]
    if kind == "module" and not any(page.python for page in pages):
        pages = [read_page(path, text, place, with_python=False) for path, text in texts.items()]
    files = _files(edition, standard, pages, texts)
    described = _described(edition.language, kind, name, pages)
    if standard == "cmi5":
        files["cmi5.xml"] = cmi5_structure(described).encode()
    else:
        files["imsmanifest.xml"] = scorm_manifest(standard, described, files).encode()
    target = out / f"{described.id}-{edition.language}-{STANDARDS[standard]}.zip"
    _zip(target, files)
    activities = sum(len(page.activities) for page in pages)
    return Packed(described.id, target, len(pages), activities, target.stat().st_size)


def _described(language: str, kind: str, name: str, pages: list[Page]) -> Described:
    marked = any(page.activities for page in pages)
    mark = max(default_model().pass_mark) / 100 if kind == "case" else None
    return Described(f"{kind}-{name}", language, pages[0].title, _ABOUT[kind][language], marked, mark)


def _files(edition: _Edition, standard: str, pages: list[Page], texts: dict[str, str]) -> dict[str, bytes]:
    wanted = frozenset().union(*(page.cards for page in pages))
    place = Place({}, RULES, edition.cards, edition.files)
    cards = cards_of(RULES, edition.text(RULES), wanted, place) if wanted else ""
    styles = list(dict.fromkeys(style for path, text in texts.items() for style in styles_of(path, text)))
    needed = frozenset(styles).union(*(page.assets for page in pages))
    waiting = list(styles)
    while waiting:
        found = files_in_style(waiting[0], edition.text(waiting.pop(0))) & edition.files
        waiting += sorted(name for name in found - needed if name.endswith(".css"))
        needed |= found
    files = {
        name: (edition.folder / name).read_bytes()
        for name in needed
        if name in edition.files and not name.endswith(_FONT)
    }
    if any(page.python for page in pages):
        folder = edition.site / PYTHON_FOLDER
        files |= {
            f"{PYTHON}{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
    files[SCRIPT], files[FRAME] = player.lms_script().encode(), player.lms_style().encode()
    page = launch_page(
        standard=standard, language=edition.language, title=pages[0].title, pages=pages, styles=[*styles, FRAME],
        script=SCRIPT, cards=cards,
    )  # fmt: skip
    return {**files, LAUNCH: page.encode()}


def _zip(target: Path, files: dict[str, bytes]) -> None:
    part = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in _in_order(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, files[name])
    part.replace(target)


def _in_order(names: Iterable[str]) -> list[str]:
    """Return the names with the manifest first, where some platforms look for it."""
    return sorted(names, key=lambda name: (not name.endswith(".xml"), name))
