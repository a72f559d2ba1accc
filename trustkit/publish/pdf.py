"""Prints the course: one PDF of the whole book and one of each module, and the trainer's answer key.

Chromium prints one document at a time, which keeps the links inside it alive. The contents are printed afterwards,
when the pages have numbers, and laid in front. What has not changed is not printed again.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from trustkit.publish.browser import chromium, need_browser
from trustkit.publish.handout import Handout, answer_key, handout, leaves_of
from trustkit.publish.stage import edition_config, edition_toc
from trustkit.publish.stamp import Stamp
from trustkit.sphinxext.wording import BCP47

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

COURSE = "course"
"""The name of the PDF of the whole book; a module's PDF has the name of its folder."""

WHAT = "The PDF is printed"
_CONTENTS = "https://contents.invalid/"
"""Where links of the contents lead until they are turned into links within the file."""
_PATIENCE_MS = 300_000
_MARGIN = {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}
_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.S)
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>{styles}</style></head>
<body>{body}</body></html>
"""
_FOOTER = (
    '<div style="font-size:7.5px;color:#555;width:100%;padding:0 18mm;display:flex;justify-content:space-between;'
    "font-family:'Noto Sans','Liberation Sans',Arial,'DejaVu Sans','Noto Sans CJK SC','WenQuanYi Zen Hei',sans-serif"
    '"><span>{left}</span><span class="pageNumber"></span></div>'
)
_CHINESE_IS_DRAWN = """() => {
  const drawn = (text) => {
    const canvas = document.createElement("canvas"); canvas.width = canvas.height = 40;
    const pen = canvas.getContext("2d"); pen.font = "32px sans-serif"; pen.fillText(text, 2, 34);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  return drawn("\\u8bfe") !== drawn("\\u4fe1");
}"""
"""Two characters that look the same are two empty boxes."""


class NotPrinted(Exception):
    """A PDF cannot be made as it should be; the message says what to do."""


@dataclass(frozen=True)
class Printed:
    """A PDF that is there now.

    Attributes:
        path: the file.
        pages: how many it has.
        made: whether it was made now; False where it had not changed.
    """

    path: Path
    pages: int
    made: bool


@dataclass(frozen=True)
class _Job:
    name: str
    title: str
    note: str
    handout: Handout
    contents: bool = True


def print_course(
    root: Path,
    editions: dict[str, Path],
    out: Path,
    stamp: Stamp,
    *,
    address: str = "",
    say: Callable[[str], object] = print,
) -> list[Printed]:
    """Print every edition into `out/<language>/`, and the answer keys into `out/trainers/`; return what is there now.

    Args:
        root: the course folder.
        editions: the folder with the pages of each edition, by language.
        out: the folder for the PDFs; what is in it and no longer part of the course goes.
        stamp: what the title page says of the version.
        address: where the course is published, with a slash at its end; "" where nobody knows.
        say: takes progress lines.

    Raises:
        trustkit.publish.browser.NoBrowser: there is no Chromium here.
        NotPrinted: there is no font for Chinese here, or a font could not be embedded.
    """
    need_browser(WHAT)
    record = out / "printed.json"
    known = _stored(record)
    found: list[Printed] = []
    jobs: list[tuple[str, Path, _Job]] = []
    for language, edition in editions.items():
        say(f"{words_of(language)['edition']}: putting pages together to print …")
        for folder, job in _jobs(root, language, edition, address, stamp):
            jobs.append((language, out / folder / f"{job.name}.pdf", job))
    digests = {path: _digest(language, job, stamp) for language, path, job in jobs}
    new = [one for one in jobs if not (one[1].is_file() and known.get(_name(out, one[1]), [""])[0] == digests[one[1]])]
    if new:
        with chromium(WHAT) as browser:
            for number, (language, path, job) in enumerate(new, 1):
                if BCP47[language] != "en":
                    _need_chinese(browser)
                say(f"Printing {number} of {len(new)}: {_name(out, path)}")
                pages = _print(browser, language, job, stamp, path)
                known[_name(out, path)] = [digests[path], pages]
                _keep(record, known)
    made = {path for _, path, _ in new}
    for _, path, _ in jobs:
        found.append(Printed(path, known[_name(out, path)][1], path in made))
    for path in out.rglob("*.pdf"):
        # Another edition that is not asked for today stays for the next time.
        if path not in digests and path.parent.name in editions:
            path.unlink()
    return found


def fonts_not_embedded(reader: PdfReader) -> list[str]:
    """Return the names of the fonts that a PDF uses and does not carry, in order."""
    missing: set[str] = set()
    for font in _fonts(reader):
        for one in font.get("/DescendantFonts", [font]):
            one = one.get_object()
            descriptor = one.get("/FontDescriptor")
            carried = descriptor is not None and any(
                key in descriptor.get_object() for key in ("/FontFile", "/FontFile2", "/FontFile3")
            )
            if not carried and one.get("/Subtype") != "/Type3":
                missing.add(str(one.get("/BaseFont", "?")).lstrip("/"))
    return sorted(missing)


def _fonts(reader: PdfReader) -> Iterator[DictionaryObject]:
    seen = set()
    for page in reader.pages:
        fonts = page.get("/Resources", {}).get_object().get("/Font", {}).get_object()
        for reference in fonts.values():
            key = getattr(reference, "idnum", id(reference))
            if key not in seen:
                seen.add(key)
                yield reference.get_object()


def _jobs(root: Path, language: str, edition: Path, address: str, stamp: Stamp) -> Iterator[tuple[str, _Job]]:
    """Yield each document of an edition with the folder it goes to."""
    from trustkit.cases.reader import read_case
    from trustkit.course import case_ids

    words = words_of(language)
    title = edition_config(root, language)["title"]
    leaves = leaves_of(edition_toc(root, language), edition)
    here = f"{address}{language}/" if address else ""
    exams = frozenset(id_ for id_ in case_ids() if read_case(id_).document.data.get("exam"))
    whole = handout(edition, leaves, words, address=here, exams=exams)
    yield language, _Job(COURSE, title, words["note"], whole)
    for module in dict.fromkeys(leaf.module for leaf in leaves if leaf.module):
        part = [leaf for leaf in leaves if leaf.module == module]
        one = handout(edition, part, words, address=here, top=min(leaf.depth for leaf in part), exams=exams)
        yield language, _Job(module, one.entries[0].title, words["module"].format(title=title), one)
    key = answer_key(edition, leaves, words, exams=exams)
    if key.entries:
        yield "trainers", _Job(f"answers-{language}", words["key_title"], words["key_note"], key)


def _print(browser: Browser, language: str, job: _Job, stamp: Stamp, path: Path) -> int:
    from pypdf import PdfReader, PdfWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    words = words_of(language)
    dated = words["printed" if stamp.date else "undated"].format(version=stamp.version, date=stamp.date)
    footer = _FOOTER.format(left=escape(f"{job.title} · {dated}"))
    body = _pdf(browser, path, _html(language, job.title, job.handout.body, job.handout.styles), footer)
    writer = PdfWriter(clone_from=io.BytesIO(body))
    headings = _headings(writer, job.handout.body)
    places = _places(job.handout, headings)
    numbers = [writer.get_page_number(page) + 1 for page, _ in places]
    front = PdfReader(io.BytesIO(_pdf(
        browser, path, _html(language, job.title, _front(job, words, dated, numbers), ""), "<span></span>"
    )))  # fmt: skip
    for at, page in enumerate(front.pages):
        writer.insert_page(page, at)
    anchors = {entry.anchor: place for entry, place in zip(job.handout.entries, places)}
    _lead_into_the_file(writer, len(front.pages), anchors)
    _finish(writer, job.title, language, stamp, len(front.pages))
    part = path.with_suffix(".part")
    writer.write(part)
    if missing := fonts_not_embedded(PdfReader(part)):
        part.unlink()
        raise NotPrinted(f"{path.name}: these fonts could not be embedded: {', '.join(missing)}. Install others.")
    part.replace(path)
    return len(writer.pages)


def _pdf(browser: Browser, path: Path, html: str, footer: str) -> bytes:
    # From a file beside the PDF, so that pictures are found where the build put them and nothing is served.
    source = path.with_suffix(".html")
    source.write_text(html, encoding="utf-8")
    page = browser.new_page(color_scheme="light", java_script_enabled=False)
    try:
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(source.as_uri(), wait_until="load", timeout=_PATIENCE_MS)
        return page.pdf(
            format="A4", margin=_MARGIN, tagged=True, outline=True, print_background=True,
            display_header_footer=True, header_template="<span></span>", footer_template=footer,
        )  # fmt: skip
    finally:
        page.close()
        source.unlink()


def _html(language: str, title: str, body: str, styles: str) -> str:
    own = Path(__file__).with_name("print.css").read_text(encoding="utf-8")
    return _PAGE.format(language=BCP47[language], title=escape(title), styles=f"{own}\n{styles}", body=body)


def _front(job: _Job, words: dict[str, str], dated: str, numbers: Sequence[int]) -> str:
    rows, part = [], ""
    for entry, number in zip(job.handout.entries, numbers):
        if entry.part != part and entry.part:
            rows.append(f'<p class="part">{escape(entry.part)}</p>')
        part = entry.part
        rows.append(
            f'<a class="depth-{entry.depth}" href="{_CONTENTS}{entry.anchor}"><span>{escape(entry.title)}</span>'
            f'<span class="dots"></span><span>{number}</span></a>'
        )
    return (
        f'<section class="front"><h1>{escape(job.title)}</h1><p>{escape(words["edition"])} · {escape(dated)}</p>'
        f'<p class="note">{escape(job.note)}</p></section>'
        f'<section class="contents"><h1>{escape(words["contents"])}</h1>{"".join(rows)}</section>'
    )


def _headings(writer: PdfWriter, body: str) -> list[tuple[str, DictionaryObject]]:
    """Return the entries of the outline in order, with their titles as the page has them.

    Chromium leaves out the space where a title is broken into lines.
    """
    told = [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for _, text in _HEADING.findall(body)]
    waiting = iter(told)
    found = []
    for item in _outline_items(writer):
        bare = "".join(str(item["/Title"]).split())
        title = next((one for one in waiting if "".join(one.split()) == bare), None)
        if title is None:
            raise NotPrinted(f"The outline has “{item['/Title']}”, and the pages have no such heading in this order.")
        _set(item, "/Title", title)
        found.append((title, item))
    return found


def _outline_items(writer: PdfWriter) -> Iterator[DictionaryObject]:
    def walk(item: Any) -> Iterator[DictionaryObject]:
        while item is not None:
            item = item.get_object()
            yield item
            if "/First" in item:
                yield from walk(item["/First"])
            item = item.get("/Next")

    outlines = writer.root_object.get("/Outlines")
    if outlines is not None and "/First" in outlines.get_object():
        yield from walk(outlines.get_object()["/First"])


def _places(made: Handout, headings: Sequence[tuple[str, DictionaryObject]]) -> list[tuple[Any, float]]:
    """Return for each page of the book the sheet it begins on and how far up its title stands (points)."""
    at, found = 0, []
    for entry in made.entries:
        while headings[at][0] != entry.title:
            at += 1
        sheet, _, _, top, *_ = _target(headings[at][1])
        found.append((sheet.get_object(), float(top)))
        at += 1
    return found


def _target(item: DictionaryObject) -> list[Any]:
    return item["/Dest"] if "/Dest" in item else item["/A"]["/D"]


def _lead_into_the_file(writer: PdfWriter, front: int, anchors: dict[str, tuple[Any, float]]) -> None:
    from pypdf.generic import ArrayObject, FloatObject, NameObject, NullObject

    for page in writer.pages[:front]:
        for reference in page.get("/Annots", []):
            annotation = reference.get_object()
            address = annotation.get("/A", {}).get("/URI", "")
            if address.startswith(_CONTENTS):
                sheet, top = anchors[address.removeprefix(_CONTENTS)]
                del annotation[NameObject("/A")]
                annotation[NameObject("/Dest")] = ArrayObject(
                    [sheet.indirect_reference, NameObject("/XYZ"), NullObject(), FloatObject(top + 12), NullObject()]
                )


def _finish(writer: PdfWriter, title: str, language: str, stamp: Stamp, front: int) -> None:
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, NumberObject

    for item in _outline_items(writer):
        # Closed, so that one sees the modules first.
        if int(item.get("/Count", 0)) > 0:
            item[NameObject("/Count")] = NumberObject(-int(item["/Count"]))
    # The contents have numbers of their own: the first page of the course is page 1.
    writer.set_page_label(0, front - 1, style="/r")
    writer.set_page_label(front, len(writer.pages) - 1, style="/D")
    day = stamp.date.replace("-", "")
    dates = dict.fromkeys(("/CreationDate", "/ModDate"), f"D:{day}000000Z") if day else {}
    writer.metadata = None
    writer.add_metadata({"/Title": title, "/Creator": str(stamp), "/Producer": "Chromium, pypdf", **dates})
    _set(writer.root_object, "/Lang", BCP47[language])
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")


def _set(item: DictionaryObject, key: str, text: str) -> None:
    from pypdf.generic import NameObject, TextStringObject

    item[NameObject(key)] = TextStringObject(text)


def _need_chinese(browser: Browser) -> None:
    page = browser.new_page()
    try:
        if not page.evaluate(_CHINESE_IS_DRAWN):
            raise NotPrinted(
                "The Chinese edition was not printed: there is no Chinese font on this machine. "
                "Debian: apt install fonts-noto-cjk"
            )
    finally:
        page.close()


def _digest(language: str, job: _Job, stamp: Stamp) -> str:
    code = Path(__file__).read_bytes()
    digest = hashlib.sha256(code + f"{language} {job.title} {job.note} {stamp.version} {stamp.date}".encode())
    digest.update(_html(language, job.title, job.handout.body, job.handout.styles).encode())
    for picture in job.handout.pictures:
        digest.update(picture.read_bytes() if picture.is_file() else b"")
    return digest.hexdigest()[:16]


@cache
def words_of(language: str) -> dict[str, str]:
    """Return the words of print in a language, "en" or "zh"."""
    return yaml.safe_load(Path(__file__).with_name("print.yaml").read_text(encoding="utf-8"))[language]


def _name(out: Path, path: Path) -> str:
    return path.relative_to(out).as_posix()


def _stored(record: Path) -> dict[str, list]:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _keep(record: Path, known: dict[str, list]) -> None:
    record.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
