"""Compares the two editions page by page: same structure, same labels, same evidence, same code, same terms."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path

from markdown_it.token import Token

from trustkit.course import course_root
from trustkit.lessons.markdown import DIRECTIVE, NOT_PARSED, options, parser
from trustkit.sphinxext.terms import GlossaryError, glossary_path, read_glossary

TREES = ("book", "notebooks")
EVIDENCE = ("cited", "synthetic", "rule", "claim")

NAMED_BY_ARGUMENT = ("case", "case-map", "checker", "drill", "rule-card", "simulator")
"""Directives whose argument is an id that both editions share."""

PICTURES = ("figure", "image")
_TITLED_TARGET = re.compile(r"^.*<([^<>]+)>$", re.DOTALL)
_LANGUAGE_IN_PATH = re.compile(r"(?<=[/._-])(?:en|zh)(?=[/._-])")


@dataclass(frozen=True)
class Finding:
    """A difference between the editions.

    Attributes:
        path: the file to look at, relative to the course.
        line: its line, from 1; 0 for the file as a whole.
        message: what differs and what to do.
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


@dataclass(frozen=True)
class Mark:
    """Something in a page that the other edition must have too: what it is, and its line."""

    what: str
    line: int
    section: int = 0


@dataclass
class Page:
    """What counts when two editions of a page are compared."""

    path: str
    headings: list[Mark] = field(default_factory=list)
    labels: list[Mark] = field(default_factory=list)
    directives: list[Mark] = field(default_factory=list)
    evidence: list[Mark] = field(default_factory=list)
    pictures: list[Mark] = field(default_factory=list)
    cells: list[Mark] = field(default_factory=list)
    terms: list[Mark] = field(default_factory=list)


def check_parity(root: Path | None = None) -> list[Finding]:
    """Return every difference between the English and the Chinese edition of a course; none if they agree.

    Compared are the pages of `book/` and `notebooks/`: that each has its twin (a page of the book may wait for its
    Chinese text), and in each pair headings
    (levels and number), labels, directives and their ids, evidence labels (kind and key, section by
    section), pictures, code cells (byte for byte) and the glossary terms used.

    Args:
        root: the course folder; found by `course_root` if not given.
    """
    root = root or course_root()
    names, problems = term_ids(glossary_path(root), root)
    findings = list(problems)
    for tree in TREES:
        pages = {language: _pages(root / tree / language) for language in ("en", "zh")}
        for name in sorted(pages["en"] | pages["zh"]):
            missing = next((language for language in ("en", "zh") if name not in pages[language]), None)
            if missing == "zh" and tree == "book":
                # It stands in the Chinese edition in English, and says so.
                continue
            if missing:
                there = "zh" if missing == "en" else "en"
                findings.append(
                    Finding(
                        f"{tree}/{there}/{name}",
                        0,
                        f"this page has no twin. Write {tree}/{missing}/{name}, or remove this page.",
                    )
                )
                continue
            try:
                english, chinese = (
                    read_page((root / tree / language / name).read_text("utf-8-sig"), f"{tree}/{language}/{name}")
                    for language in ("en", "zh")
                )
            except UnicodeDecodeError:
                findings.append(Finding(f"{tree}/en|zh/{name}", 0, "one of the two is not in UTF-8. Save it again."))
                continue
            findings += compare(english, chinese, names)
    return findings


def compare(english: Page, chinese: Page, names: dict[str, str]) -> list[Finding]:
    """Return the differences of one pair of pages.

    Args:
        english: the English page.
        chinese: its Chinese twin.
        names: the id of each glossary term, by its name in either language, in lower case.
    """
    findings = [
        *_in_order("heading", english, chinese, english.headings, chinese.headings),
        *_in_order("label", english, chinese, english.labels, chinese.labels),
        *_in_order("directive", english, chinese, english.directives, chinese.directives),
        *_in_order("picture", english, chinese, english.pictures, chinese.pictures),
        *_cells(english, chinese),
    ]
    same_sections = len(english.headings) == len(chinese.headings)
    sections = range(len(english.headings) + 1) if same_sections else [None]
    for section in sections:
        here, there = (
            [mark for mark in page.evidence if section is None or mark.section == section]
            for page in (english, chinese)
        )
        findings += _as_sets("evidence label", english, chinese, here, there, counted=True)
    known = [_with_ids(page, names) for page in (english, chinese)]
    findings += _as_sets("glossary term", english, chinese, *known)
    return findings


def term_ids(path: Path, root: Path) -> tuple[dict[str, str], list[Finding]]:
    """Return the id of each term by its names, and what is wrong with the table of terms."""
    if not path.exists():
        return {}, []
    try:
        terms = read_glossary(path)
    except GlossaryError as error:
        return {}, [Finding(path.relative_to(root).as_posix(), 0, str(error).replace(f"{root}/", ""))]
    return {name.lower(): term.id for term in terms for name in term.names()}, []


def read_page(text: str, path: str) -> Page:
    """Return what counts of a page's text, which is MyST Markdown."""
    page = Page(path)
    _read(text, 1, page)
    return page


def _pages(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.md")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _read(text: str, first_line: int, page: Page) -> None:
    for token in parser().parse(text):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            page.headings.append(Mark(f"level {len(token.markup) if token.markup[0] == '#' else token.tag[1:]}", line))
        elif token.type == "myst_target":
            page.labels.append(Mark(token.content, line))
        elif token.type in ("fence", "colon_fence"):
            _read_fence(token, line, page)
        elif token.type == "inline":
            _read_inline(token.children or [], line, page)


def _read_fence(token: Token, line: int, page: Page) -> None:
    match = DIRECTIVE.match(token.info.strip())
    if not match:
        page.directives.append(Mark("code block", line))
        return
    name, argument = match[1], match[2].strip()
    given, skipped = options(token.content)
    shown = f"{name} {argument}" if name in NAMED_BY_ARGUMENT else name
    if name == "objectives":
        shown += "".join(f" {key}={given[key]}" for key in sorted(given))
    page.directives.append(Mark(f"{{{shown}}}", line))
    if "name" in given:
        page.labels.append(Mark(str(given["name"]), line))
    if name in PICTURES:
        page.pictures.append(Mark(_LANGUAGE_IN_PATH.sub("*", argument), line))
    if name == "code-cell":
        page.cells.append(Mark(token.content, line))
    if name not in NOT_PARSED:
        body = "\n".join(token.content.split("\n")[skipped:])
        _read(body, line + 1 + skipped, page)


def _read_inline(tokens: Sequence[Token], line: int, page: Page) -> None:
    section = len(page.headings)
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "image":
            page.pictures.append(Mark(_LANGUAGE_IN_PATH.sub("*", str(token.attrs.get("src", ""))), line))
        elif token.type == "myst_role":
            name, content = token.meta["name"].strip("{}"), token.content
            if name in EVIDENCE:
                key = content.rpartition("|")[2].strip() if "|" in content else ""
                page.evidence.append(Mark(f"{{{name}}} {key}".strip(), line, section))
            elif name == "term":
                titled = _TITLED_TARGET.match(content)
                page.terms.append(Mark((titled[1] if titled else content).strip(), line, section))
        if token.type == "myst_role":
            line += token.content.count("\n")


def _with_ids(page: Page, names: dict[str, str]) -> list[Mark]:
    """Return the page's terms by their ids; names that the glossary does not have are the book build's concern."""
    found = []
    for mark in page.terms:
        name = " ".join(mark.what.split()).lower()
        if name in names:
            found.append(Mark(names[name], mark.line, mark.section))
    return found


def _in_order(what: str, english: Page, chinese: Page, here: list[Mark], there: list[Mark]) -> Iterator[Finding]:
    matcher = SequenceMatcher(None, [mark.what for mark in here], [mark.what for mark in there], autojunk=False)
    for operation, from_, to, other_from, other_to in matcher.get_opcodes():
        if operation == "equal":
            continue
        for one, other in zip_longest(here[from_:to], there[other_from:other_to]):
            if one and other:
                yield Finding(
                    chinese.path, other.line,
                    f"{what} {other.what} stands where {english.path}:{one.line} has {one.what}. Make the two agree.",
                )  # fmt: skip
            elif one:
                near = there[other_from - 1].line if other_from else 1
                yield Finding(
                    chinese.path, near,
                    f"the {what} {one.what} of {english.path}:{one.line} is missing after this line. "
                    "Add it here, or take it out there.",
                )  # fmt: skip
            else:
                yield Finding(
                    chinese.path, other.line,
                    f"{what} {other.what} has no counterpart in {english.path}. Add it there, or take it out here.",
                )  # fmt: skip


def _as_sets(
    what: str, english: Page, chinese: Page, here: list[Mark], there: list[Mark], *, counted: bool = False
) -> Iterator[Finding]:
    """Compare without regard to order, since a sentence may turn its parts round in translation."""
    pages = ((english, chinese, here, there), (chinese, english, there, here))
    for page, other, marks, others in pages:
        spare = Counter(mark.what for mark in others)
        for mark in marks:
            if spare[mark.what] > 0:
                spare[mark.what] -= counted
                continue
            yield Finding(
                page.path, mark.line,
                f"the {what} {mark.what} has no counterpart in {other.path}. Add it there, or take it out here.",
            )  # fmt: skip
            if not counted:
                spare[mark.what] = 1


def _cells(english: Page, chinese: Page) -> Iterator[Finding]:
    for number, (one, other) in enumerate(zip_longest(english.cells, chinese.cells), 1):
        if not one or not other:
            # The missing directive is reported already.
            return
        if one.what == other.what:
            continue
        for offset, (code, twin) in enumerate(zip_longest(one.what.split("\n"), other.what.split("\n")), 1):
            if code != twin:
                yield Finding(
                    chinese.path, other.line + offset,
                    f"code cell {number} differs from {english.path}:{one.line + offset}: `{twin or ''}` instead of "
                    f"`{code or ''}`. Code is the same in both editions; put words into the text around it.",
                )  # fmt: skip
                break


def main() -> int:
    """Print the differences between the editions of the course here; the status is 1 if there are any."""
    findings = check_parity()
    for finding in findings:
        print(finding)
    print(f"{len(findings)} differences between the editions." if findings else "The two editions agree.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
