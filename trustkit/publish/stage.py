"""Lays out the sources of one edition as they will be published: `book/en/x.md` becomes `x.md`."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from trustkit.company.overlay import FOOTER, STATIC, STYLE, Company, company_of

LANGUAGES = ("en", "zh")

SHARED = ("book/_static", "book/_templates")
"""Folders that every edition needs, at the same place as in the course."""

NOT_PUBLISHED = ("__pycache__", "attempts", "_config.yml")
"""Names beside the pages that are nobody's reading: what a trainee played lies in `attempts`."""

TRAINERS = "trainers"
"""The folder of a language with the pages for trainers; answer keys stand there, so no other reader gets them."""

TRAINERS_CAPTION = "For trainers only"

CAPTIONS = "captions"
"""Key of a language's `_config.yml`: its captions for those of the table of contents (not a Jupyter Book key)."""

_FOOTER = ("author.html", "copyright.html", "last-updated.html", "extra-footer.html")
"""What the theme itself puts under a page."""

_LINK = re.compile(r"(?:\.\./)+(?:book|notebooks)/(?:en|zh)/[^\s)\"'>#`]*")


class StageError(Exception):
    """An edition cannot be laid out; the message names the file and what to do."""


def published_path(source: str, language: str) -> str | None:
    """Return where a file of the course stands in its edition; None if it is not part of that edition.

    >>> published_path("book/en/glossary.md", "en")
    'glossary.md'
    >>> published_path("notebooks/en/trust-drill.md", "en")
    'notebooks/trust-drill.md'
    """
    for tree, place in ((f"book/{language}/", ""), (f"notebooks/{language}/", "notebooks/")):
        if source.startswith(tree):
            return place + source.removeprefix(tree)
    if source.startswith(tuple(f"{folder}/" for folder in SHARED)):
        return source
    return None


def source_path(published: str, language: str, root: Path) -> str:
    """Return the file of the course that stands at this place of an edition (the inverse of `published_path`)."""
    if published in ("_config.yml", "_toc.yml") or published.startswith(SHARED):
        return published
    if published.startswith("notebooks/"):
        return f"notebooks/{language}/{published.removeprefix('notebooks/')}"
    return written(f"book/{language}/{published}", root)


def written(source: str, root: Path) -> str:
    """Return a file of `book/<language>/`, or the English one where that language has not written it yet.

    A lesson without its Chinese text stands in the Chinese edition in English, and the page says so: a reader
    who follows a link finds the lesson and not a gap.
    """
    english = re.sub(r"^book/\w+/", "book/en/", source)
    return source if (root / source).is_file() or not (root / english).is_file() else english


def untranslated(root: Path, language: str) -> list[str]:
    """Return the pages that stand in English in the edition of this language, as page names ("01-what/1-2-kinds")."""
    names = []
    for path in _sources(root, "en") if language != "en" else ():
        source = path.relative_to(root).as_posix()
        if path.suffix == ".md" and source.startswith("book/en/"):
            published = published_path(source, "en")
            if published and not (root / f"book/{language}/{published}").is_file():
                names.append(published.removesuffix(".md"))
    return names


def with_published_links(text: str, source: str, language: str) -> str:
    """Return a page's text with its links between `book/` and `notebooks/` as they are in the edition."""
    here = published_path(source, language)
    if here is None:
        return text

    def relink(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[0]))
        there = published_path(target, language)
        return match[0] if there is None else posixpath.relpath(there, posixpath.dirname(here) or ".")

    return _LINK.sub(relink, text)


def merged(base: dict[str, Any], *overlays: dict[str, Any]) -> dict[str, Any]:
    """Return the settings with each overlay laid over the one before: mappings merge, anything else replaces."""
    result = deepcopy(base)
    for overlay in overlays:
        for key, value in overlay.items():
            if isinstance(value, dict) and isinstance(result.get(key), dict):
                result[key] = merged(result[key], value)
            else:
                result[key] = deepcopy(value)
    return result


def edition_config(root: Path, language: str, editions: tuple[str, ...] = LANGUAGES) -> dict[str, Any]:
    """Return the settings of one edition: the course's, then the language's.

    Args:
        root: the course folder.
        language: "en" or "zh".
        editions: the languages published side by side.

    Raises:
        StageError: a settings file is missing or not YAML.
    """
    overlay = root / "book" / language / "_config.yml"
    config = merged(_read_yaml(root / "_config.yml"), _read_yaml(overlay) if overlay.exists() else {})
    config.pop(CAPTIONS, None)
    ours = {"trustkit_editions": list(editions), "trustkit_untranslated": untranslated(root, language)}
    config = merged(config, {"sphinx": {"config": ours}})
    company = company_of(root)
    return merged(config, _branded(config, company, language)) if company else config


def _branded(config: dict[str, Any], company: Company, language: str) -> dict[str, Any]:
    """Return what a company's overlay changes in the settings of an edition; lists are given whole."""
    sphinx = config.get("sphinx", {}).get("config", {})
    footer = sphinx.get("html_theme_options", {}).get("footer_content_items", _FOOTER)
    brand = company.brand(language)
    changed: dict[str, Any] = {
        "sphinx": {"config": {
            "html_context": {"company": brand, "may_be_found": company.may_be_found},
            "html_css_files": [*sphinx.get("html_css_files", ()), f"{STATIC}/{STYLE}"],
            "html_theme_options": {"footer_content_items": [*footer, FOOTER]},
        }}
    }  # fmt: skip
    if title := company.said("course-title", language):
        changed["title"] = title
    if brand["logo_light"]:
        changed["logo"] = f"book/_static/{brand['logo_light']}"
    if brand["favicon"]:
        changed["html"] = {"favicon": f"book/_static/{brand['favicon']}"}
    return changed


def edition_toc(root: Path, language: str, trainers: bool = False) -> dict[str, Any]:
    """Return the table of contents of one edition, with published paths and captions in its language.

    Args:
        root: the course folder.
        language: "en" or "zh".
        trainers: whether the pages for trainers are part of it, in the order of their names, `index` first.

    Raises:
        StageError: a caption has no translation, or a page is missing.
    """
    toc = _read_yaml(root / "_toc.yml")
    if trainers:
        pages = sorted((root / "book/en" / TRAINERS).glob("*.md"), key=lambda path: (path.stem != "index", path.stem))
        chapters = [{"file": f"book/en/{TRAINERS}/{path.stem}"} for path in pages]
        toc["parts"] = [*toc.get("parts", []), {"caption": TRAINERS_CAPTION, "chapters": chapters}]
    overlay = root / "book" / language / "_config.yml"
    captions = (_read_yaml(overlay) if overlay.exists() else {}).get(CAPTIONS) or {}

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: convert_entry(key, entry) for key, entry in value.items()}

    def convert_entry(key: str, entry: Any) -> Any:
        if key in ("root", "file"):
            return page(entry)
        if key in ("caption", "title") and language != "en":
            if entry not in captions:
                raise StageError(
                    f"{overlay.relative_to(root)}: the table of contents says “{entry}” and there is no {language} "
                    f"text for it. Add it under `{CAPTIONS}:`."
                )
            return captions[entry]
        return convert(entry)

    def page(name: str) -> str:
        source = re.sub(r"^(book|notebooks)/en/", rf"\1/{language}/", name)
        if not any((root / written(f"{source}{suffix}", root)).is_file() for suffix in (".md", "")):
            raise StageError(f"_toc.yml lists {name}, but {source}.md does not exist. Write it, or take it out.")
        return published_path(source, language) or name

    return convert(toc)


def stage(
    root: Path, language: str, target: Path, editions: tuple[str, ...] = LANGUAGES, *, trainers: bool = False
) -> None:
    """Make the folder `target` hold the sources of one edition; files that did not change stay untouched.

    Args:
        root: the course folder.
        language: "en" or "zh".
        target: the folder to fill.
        editions: the languages published side by side.
        trainers: whether the pages for trainers are part of it.

    Raises:
        StageError: the edition cannot be laid out.
    """
    wanted: dict[str, bytes] = {
        "_config.yml": _as_yaml(edition_config(root, language, editions)),
        "_toc.yml": _as_yaml(edition_toc(root, language, trainers)),
    }
    # What this language has not written stands there in English, its pictures included.
    for spoken in dict.fromkeys(("en", language)):
        for source in _sources(root, spoken):
            name = source.relative_to(root).as_posix()
            if spoken != language and name.startswith("notebooks/"):
                continue
            if not trainers and name.startswith(f"book/{spoken}/{TRAINERS}/"):
                continue
            content = source.read_bytes()
            if source.suffix == ".md":
                content = _text(source, content, root, spoken)
            wanted[published_path(name, spoken) or name] = content
    if company := company_of(root):
        wanted |= {f"book/_static/{place}": content for place, content in company.static_files().items()}
    for name, content in wanted.items():
        path = target / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _remove_others(target, set(wanted))


def _text(source: Path, content: bytes, root: Path, language: str) -> bytes:
    name = source.relative_to(root).as_posix()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StageError(f"{name}:{line}: this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    return with_published_links(text.replace("\r\n", "\n"), name, language).encode("utf-8")


def _sources(root: Path, language: str) -> Iterator[Path]:
    for folder in (*SHARED, f"book/{language}", f"notebooks/{language}"):
        for path in sorted((root / folder).rglob("*")):
            private = any(part.startswith(".") or part in NOT_PUBLISHED for part in path.relative_to(root).parts)
            if path.is_file() and not private and path.suffix != ".ipynb":
                yield path


def _remove_others(target: Path, wanted: set[str]) -> None:
    for folder, _, files in os.walk(target, topdown=False):
        for file in files:
            path = Path(folder, file)
            if path.relative_to(target).as_posix() not in wanted:
                path.unlink()
        if not os.listdir(folder) and Path(folder) != target:
            os.rmdir(folder)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise StageError(f"{path}: this file does not exist.") from None
    except yaml.YAMLError as error:
        raise StageError(f"{path}: this is not valid YAML: {error}") from None
    return data or {}


def _as_yaml(data: dict[str, Any]) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000).encode("utf-8")
