"""After a build: take away what no reader needs and what belonged to pages that are gone.

What every page loads is joined: one style sheet without the rules that nothing can use, one script, and a small one
more for pages with code, with folded parts or with tabs. Their names say what is in them, so that a browser may keep
them for ever.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from sphinx.application import Sphinx
from tinycss2.ast import AtRule, Node

from trustkit.sphinxext.activities import STYLE as PLAYER_STYLE
from trustkit.sphinxext.case_room import case_pages
from trustkit.sphinxext.search import PAGE as SEARCH
from trustkit.sphinxext.search import STYLE as SEARCH_STYLE
from trustkit.sphinxext.strict_pages import FOLDER, written_pages
from trustkit.sphinxext.unused_rules import (
    characters_in,
    names_in_page,
    names_in_script,
    sheet_of,
    short,
    used_rules,
    without_unused_variables,
)  # fmt: skip

STATIC = "_static/"
FRAME = "frame"
"""The name of what every page loads."""

DROPPED = {
    "fontawesome.js": "a script of 1.4 MB that draws the icons which the theme's font draws as well",
    "bootstrap.js": "tooltips and a button, which course pages have without it",
    "doctools.js": "translations and keys for Sphinx's search",
    "translations.js": "the words of Sphinx's search",
    "sphinx_highlight.js": "marks what Sphinx's search found",
    "searchtools.js": "Sphinx's search",
    "language_data.js": "Sphinx's search",
    "searchindex.js": "Sphinx's search",
}
"""Scripts of the theme that no page loads, and why each was there."""

SOME_PAGES = {
    "code": (re.compile(r"clipboard|copybutton"), re.compile(r'class="[^"]*\bhighlight\b')),
    "folds": (
        re.compile(r"togglebutton|toggleHint|toggleOpenOnPrint"),
        re.compile(r'class="[^"]*(?<![\w-])(?:toggle|toggle-details|dropdown)(?![\w-])'),
    ),
    "tabs": (re.compile(r"design-tabs"), re.compile(r'class="[^"]*\bsd-tab-set\b')),
}
"""What only some pages need: which scripts (by name or content), and what in a page needs them."""

LEFT_OVER = (
    "vendor", "locales", "scripts", "styles", "basic.css", "copybutton_funcs.js", "file.png", "minus.png", "plus.png",
    "webpack-macros.html", "sbt-webpack-macros.html",
)  # fmt: skip
"""What the theme lays beside the pages and nothing asks for any more."""

_ACTIVITY = re.compile(r"(?:^|/)trustkit-[\w-]+\.js$")
_ELEMENTS = f"{FOLDER}/elements.css"
"""What single elements of pages look like, gathered from the sheets that `strict_pages` gave them."""
_OF_ELEMENTS = re.compile(r"(?:\.tk-[0-9a-f]{8} \{[^}]*\}\s*)+")
_SHEET = re.compile(r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]+)"[^>]*>\n?')
_SCRIPT = re.compile(r'[ \t]*<script\b(?![^>]*\bdata-cfasync)[^>]*\bsrc="([^"]+)"[^>]*></script>\n?')
_PRELOAD = re.compile(r'[ \t]*<link\b(?=[^>]*\brel="preload")(?=[^>]*\bas="script")[^>]*>\n?')
_JOINED = re.compile(rf"{STATIC}((?:{FRAME}|{'|'.join(SOME_PAGES)}))\.[0-9a-f]{{12}}\.(js|css)")
_DATA = re.compile(r'(?P<start><script type="application/json" id="(?P<id>[\w-]+)">)(?P<data>[^<]*)</script>')
_BROUGHT = re.compile(r'document\.getElementById\("([\w-]+)"\)\.textContent = JSON\.stringify\((.*)\);\n', re.S)
LARGE = 20_000
"""A bundle with more characters than this does not make its page wait."""
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.S)
_IMPORT = re.compile(r'@import\s+(?:url\()?["\']([^"\']+)["\']\)?\s*;')
_URL = re.compile(r'url\(\s*(["\']?)(?!data:|#|https?:|/)([^"\')]+)\1\s*\)')


@dataclass
class Parts:
    """What is joined, by the name of the joint file: the files, as paths in the edition, in their order."""

    scripts: dict[str, dict[str, None]] = field(default_factory=lambda: {name: {} for name in (FRAME, *SOME_PAGES)})
    sheets: dict[str, None] = field(default_factory=dict)
    elements: dict[str, None] = field(default_factory=dict)


def joined_page(page: str, name: str, parts: Parts, content_of: dict[str, str]) -> str:
    """Return a page that loads the joint files in place of the many, and note in `parts` what they were.

    Args:
        page: the page as the theme made it.
        name: its name, such as "01-what/1-2-kinds".
        parts: what is joined; grows.
        content_of: the text of each script and sheet that was once in a page, by its path.
    """
    up = "../" * name.count("/")
    here = posixpath.dirname(name)
    quiet = _NOSCRIPT.sub(lambda match: match[0].replace("<link", "<kept-link"), page)
    head, end_of_head, body = quiet.partition("</head>")

    def path(address: str) -> str:
        return posixpath.normpath(posixpath.join(here, unquote(address.split("?")[0])))

    def sheet(match: re.Match[str]) -> str:
        file = path(match[1])
        if file.startswith(f"{FOLDER}/"):
            if not _OF_ELEMENTS.fullmatch(content_of[file]):
                return match[0]
            parts.elements[file] = None
        elif not file.startswith(STATIC):
            return match[0]
        else:
            parts.sheets[file] = None
        return ""

    def script(match: re.Match[str]) -> str:
        file = path(match[1])
        if posixpath.basename(file) in DROPPED:
            return ""
        if not file.startswith(STATIC) or _ACTIVITY.search(file):
            return match[0]
        told = f"{file} {content_of.get(file, '')}"
        group = next((group for group, (these, _) in SOME_PAGES.items() if these.search(told)), FRAME)
        parts.scripts[group][file] = None
        return ""

    def theme_script(match: re.Match[str]) -> str:
        return script(match) if f"{STATIC}scripts/" in match[1] else match[0]

    head = _SCRIPT.sub(script, _PRELOAD.sub("", _SHEET.sub(sheet, head)))
    body = _SCRIPT.sub(theme_script, body)
    nothing = "0" * 12
    link = f'<link rel="stylesheet" href="{up}{STATIC}{FRAME}.{nothing}.css" />\n'
    groups = (FRAME, *(group for group, (_, need) in SOME_PAGES.items() if need.search(body)))
    scripts = "".join(f'<script defer src="{up}{STATIC}{group}.{nothing}.js"></script>\n' for group in groups)
    first = re.search(r'[ \t]*<(?:link\b[^>]*\brel="stylesheet"|script\b(?![^>]*data-cfasync))', head)
    place = first.start() if first else len(head)
    head = f"{head[:place]}{link}{scripts}{head[place:]}"
    return f"{head}{end_of_head}{body}".replace("<kept-link", "<link")


def without_data(page: str, up: str) -> tuple[str, dict[str, str]]:
    """Return a page without the large bundles of its activities, and the scripts that bring them, by name.

    A reader gets the text first and the case while reading; a browser keeps the case for the next visit.

    Args:
        page: the page; its activities' scripts stand in its head.
        up: the way from the page to the folder of its edition, such as "../".
    """
    files: dict[str, str] = {}

    def empty(match: re.Match[str]) -> str:
        if len(match["data"]) < LARGE:
            return match[0]
        code = f'document.getElementById("{match["id"]}").textContent = JSON.stringify({match["data"]});\n'
        files[f"{hashlib.sha256(code.encode()).hexdigest()[:12]}.js"] = code
        return f"{match['start']}</script>"

    text = _DATA.sub(empty, page)
    loads = "".join(f'<script defer src="{up}{FOLDER}/{name}"></script>\n' for name in files)
    first = next((script for script in _SCRIPT.finditer(text) if _ACTIVITY.search(script[1].split("?")[0])), None)
    if not files or first is None:
        return page, {}
    return f"{text[: first.start()]}{loads}{text[first.start() :]}", files


def with_data(page: str, folder: Path) -> str:
    """Return a built page with the bundles that `without_data` took out of it, for whoever reads it without a browser.

    Args:
        page: its text.
        folder: where it stands.
    """
    for script in re.findall(rf'<script defer src="[^"]*{FOLDER}/[0-9a-f]{{12}}\.js"></script>\n', page):
        code = (folder / script.split('"')[1]).read_text(encoding="utf-8")
        if brought := _BROUGHT.fullmatch(code):
            empty = f'id="{brought[1]}">'
            page = page.replace(script, "").replace(f"{empty}</script>", f"{empty}{brought[2]}</script>")
    return page


def _text_of(out: Path, file: str) -> str:
    try:
        return (out / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _moved(css: str, folder: str, out: Path) -> str:
    """Return a sheet of this folder as it must be in `_static`, with what it imports in it."""

    def bring(match: re.Match[str]) -> str:
        file = posixpath.normpath(posixpath.join(folder, match[1]))
        return _moved(_text_of(out, file), posixpath.dirname(file), out)

    def address(match: re.Match[str]) -> str:
        file, mark, rest = match[2].partition("#") if "#" in match[2] else match[2].partition("?")
        place = posixpath.relpath(posixpath.normpath(posixpath.join(folder, file)), STATIC.rstrip("/"))
        return f'url("{place}{mark}{rest}")'

    return _IMPORT.sub(bring, _URL.sub(address, css.replace('@charset "UTF-8";', "")))


def _joined_sheet(out: Path, sheets: Iterable[str], ours: set[str], names: set[str], others: str) -> str:
    """Return all sheets as one: of ours every rule, of the theme's those that an element can meet."""
    rules: list[Node] = []
    for file in sheets:
        found = sheet_of(_moved(_text_of(out, file), posixpath.dirname(file), out))
        rules += found if file.removeprefix(STATIC) in ours else used_rules(found, names)
    shown = characters_in(rules)
    fonts, rest = [], []
    for rule in rules:
        is_font = isinstance(rule, AtRule) and rule.lower_at_keyword == "font-face"
        (fonts if is_font else rest).append(rule)
    css = without_unused_variables(short(rest), others)
    return "".join(_lean_font(out, short([rule]), shown) for rule in fonts) + css


def _lean_font(out: Path, face: str, shown: set[str]) -> str:
    """Return a @font-face rule with a font of only those characters that the sheets show; "" where it has none.

    A font without a TrueType file beside it stays as it is: it is somebody's own.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    found = re.search(r'url\("([^"]+)\.ttf"\)', face)
    if not found or not (out / STATIC / f"{found[1]}.ttf").is_file():
        return face
    font = TTFont(out / STATIC / f"{found[1]}.ttf", recalcTimestamp=False)
    # Icons have the characters of no script.
    wanted = {ord(character) for character in shown if character >= "\ue000"} & set(font.getBestCmap())
    if not wanted:
        return ""
    options = Options(hinting=False, notdef_outline=False, layout_features=[], name_IDs=[])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = "woff"
    target = io.BytesIO()
    font.save(target)
    name = _stored(out, posixpath.basename(found[1]), "woff", target.getvalue())
    return re.sub(r"src:[^;}]*", f'src:url("{name}") format("woff")', face)


def _stored(out: Path, name: str, ending: str, content: bytes) -> str:
    """Store a file under a name that says what is in it, and return that name."""
    file = f"{name}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    path = out / STATIC / file
    if not path.is_file():
        path.write_bytes(content)
    return file


def _pages(out: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(out.rglob("*.html")):
        name = path.relative_to(out).with_suffix("").as_posix()
        if not name.startswith("_"):
            yield name, path


def join(app: Sphinx) -> None:
    """Join what the pages load, and let every page load the joint files."""
    out, fresh = Path(app.outdir), set(written_pages(app))
    content_of = {f"{FOLDER}/{path.name}": path.read_text("utf-8") for path in (out / FOLDER).iterdir()}
    texts, parts = {}, Parts()
    for name, path in _pages(out):
        texts[name] = path.read_text(encoding="utf-8")
        if name in fresh and not _JOINED.search(texts[name]):
            page = joined_page(texts[name], name, parts, content_of)
            texts[name], data = without_data(page, "../" * name.count("/"))
            for file, code in data.items():
                (out / FOLDER / file).write_text(code, encoding="utf-8")
    if not parts.sheets:
        return
    scripts = {}
    for group, files in parts.scripts.items():
        scripts[group] = "\n;".join(_without_map(_text_of(out, file)) for file in files)
    activities = "".join(path.read_text("utf-8") for path in sorted((out / STATIC).glob("trustkit-*.js")))
    names = names_in_script(activities + "".join(scripts.values()))
    for text in texts.values():
        names |= names_in_page(text)
    # A build that writes no page with an activity must not lose its style.
    sheets = dict.fromkeys((*parts.sheets, f"{STATIC}{PLAYER_STYLE}", _ELEMENTS))
    (out / _ELEMENTS).write_text(_elements(out, parts, names), encoding="utf-8")
    ours = {*_names(app.config.html_css_files), SEARCH_STYLE, PLAYER_STYLE}
    others = "".join((activities, *scripts.values()))
    for old in (out / STATIC).glob("*.woff"):
        old.unlink()
    sheet = _joined_sheet(out, sheets, ours, names, others)
    files = {(FRAME, "css"): sheet} | {(group, "js"): text for group, text in scripts.items()}
    stored = {key: _stored(out, key[0], key[1], text.encode()) for key, text in files.items()}
    for old in (*(out / STATIC).glob("*.js"), *(out / STATIC).glob("*.css")):
        if _JOINED.fullmatch(STATIC + old.name) and old.name not in stored.values():
            old.unlink()
    for name, path in _pages(out):
        text = _JOINED.sub(lambda match: STATIC + stored[match[1], match[2]], texts[name])
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
    named = {posixpath.basename(_ELEMENTS)}
    for text in texts.values():
        named.update(re.findall(rf"{FOLDER}/([\w.]+)", text))
    for path in (out / FOLDER).iterdir():
        if path.name not in named:
            path.unlink()
    _remove_left_over(
        out / STATIC, [*DROPPED, *(file for files in parts.scripts.values() for file in files)], parts, ours
    )


def _elements(out: Path, parts: Parts, names: set[str]) -> str:
    """Return what single elements look like: what was known before and is still used, and what is new."""
    rules = "".join(_text_of(out, file) for file in (_ELEMENTS, *parts.elements)).splitlines()
    return "".join(f"{rule}\n" for rule in sorted(set(rules)) if rule[1:12] in names)


def _remove_left_over(static: Path, scripts: Iterable[str], parts: Parts, ours: set[str]) -> None:
    for name in LEFT_OVER:
        path = static / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    joined = {file.removeprefix(STATIC) for file in (*scripts, *parts.sheets)}
    for name in joined - ours:
        (static / name).unlink(missing_ok=True)


def _names(files: Iterable[object]) -> Iterator[str]:
    for file in files:
        yield file if isinstance(file, str) else file[0]


def _without_map(script: str) -> str:
    return re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.M)


def slim(app: Sphinx, problem: Exception | None) -> None:
    """Remove source maps, reports of failed cells and pages that left the book; join what pages load."""
    if problem or app.builder.format != "html":
        return
    out = Path(app.outdir)
    shutil.rmtree(out / "reports", ignore_errors=True)
    for path in out.rglob("*.map"):
        path.unlink()
    generated = {"genindex", SEARCH, "index", *case_pages(app.env)}
    for name, path in _pages(out):
        if name not in generated and name not in app.env.found_docs:
            path.unlink()
    join(app)


def register(app: Sphinx) -> None:
    """Run after the builder has finished, and after the theme has written its colours of code, which it does last."""
    app.connect("build-finished", slim, priority=600)
