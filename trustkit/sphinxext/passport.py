"""The {passport} directive: what was finished in this browser, and what a certificate still asks for."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from trustkit.cases.listing import case_entry
from trustkit.certificate.mastery import rules_of, title_of
from trustkit.certificate.offer import offer_of, paths_of
from trustkit.content import ContentError
from trustkit.course import case_folders, case_ids, course_root, drill_ids
from trustkit.drills.reader import read_drill, text_language
from trustkit.lessons.page import Lesson, read_lessons
from trustkit.panel import KINDS
from trustkit.sphinxext.activities import PACKAGE, as_data, load, pages_to_renew, pages_with, report, write_static
from trustkit.sphinxext.case_room import page_of
from trustkit.sphinxext.deck import TESTS
from trustkit.sphinxext.declarations import Declared, course_domain
from trustkit.sphinxext.wording import language_of, say
from trustkit.trust.vocabulary import vocabulary

PASSPORT = "passport"
SCRIPT = "trustkit-passport.js"
CONTENT = ("exercises/drills/*/*.yaml", "book/*/[0-9][0-9]-*/*.md", "book/paths.yaml")
"""What the passport is made from beside the cases, below the course."""


class passport(nodes.General, nodes.Element):
    """The skills passport in a page. Its child says what it is, for output that is not a web page."""


class Passport(SphinxDirective):
    """Puts the skills passport into the page."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the passport, or report what keeps it from being made."""
        shown = course_domain(self.env).activities.setdefault(self.env.docname, [])
        if (PASSPORT, PASSPORT) in shown:
            raise self.error("the passport stands twice on this page. Remove one of the two.")
        root = course_root()
        try:
            paths_of(root, read_lessons(root)[0])
        except ContentError as problem:
            raise self.error(str(problem)) from None
        shown.append((PASSPORT, PASSPORT))
        node = passport("", nodes.paragraph("", say(self.config, "passport-elsewhere")))
        self.set_source_info(node)
        return [node]


def visit_html(translator: HTML5Translator, node: passport) -> None:
    """Write what the course holds as data, the place of the passport, and a sentence for a page without scripts."""
    builder = translator.builder
    data = as_data(passport_data(builder, builder.current_docname))
    sentence = escape(say(builder.config, "passport-no-script"))
    translator.body.append(
        f'<script type="application/json" id="passport-data">{data}</script>\n'
        '<div class="trustkit" data-trustkit-passport="#passport-data"></div>\n'
        f'<noscript><p class="tk-no-script">{sentence}</p></noscript>\n'
    )
    raise nodes.SkipNode


def passport_data(builder: StandaloneHTMLBuilder, here: str) -> dict[str, Any]:
    """Return what the passport on the page `here` needs: activities with their pages, lessons by path, the rules."""
    language, root, words = language_of(builder.config), course_root(), vocabulary()
    offer, lessons = offer_of(root), read_lessons(root)[0]
    paths = paths_of(root, lessons)
    cases = list(_cases(builder, here, language))
    taken = {
        name: [_lesson(builder, here, one, one.number in path.core) for one in path.lessons if _declared(builder, one)]
        for name, path in paths.items()
    }
    room = [one for one in cases if one["id"] in offer.cases]
    first = min(room, key=lambda one: (one["difficulty"], one["minutes"]), default=None)
    return {
        "lang": language,
        "compass": {id_: named[language].name for id_, named in words.compass.items()},
        "behaviours": {
            id_: {"name": behaviour.words[language].name, "compass": behaviour.compass, "sign": behaviour.sign}
            for id_, behaviour in words.behaviours.items()
        },
        "cases": cases,
        "drills": sorted(_drills(builder, here, language), key=_in_order),
        "panels": list(_panels(builder, here, language)),
        "modules": _modules(builder),
        "paths": taken,
        "rules": {name: [rule.as_dict() for rule in rules_of(name, offer)] for name in paths},
        "titles": {name: title_of(name, language) for name in paths},
        "start": {"lesson": next((one for path in taken.values() for one in path), None), "case": first},
    }


def _cases(builder: StandaloneHTMLBuilder, here: str, language: str) -> Iterator[dict[str, Any]]:
    room = next(iter(course_domain(builder.env).case_rooms), None)
    for id_ in case_ids():
        try:
            entry = case_entry(id_, language)
        except ContentError as problem:
            report(problem)
            continue
        if room and not entry["exam"]:
            href = builder.get_relative_uri(here, page_of(room, id_))
        else:
            href = _address(builder, here, "case", id_)
        kept = {key: entry[key] for key in ("id", "title", "text_lang", "difficulty", "minutes")}
        yield {"kind": "case", **kept, "customer": entry["customer"]["name"], "href": href}


def case_links(builder: StandaloneHTMLBuilder, here: str) -> list[dict[str, Any]]:
    """Return every case with its title, its customer and its address, as seen from the page `here`."""
    return [
        {key: one[key] for key in ("id", "title", "text_lang", "customer", "href")}
        for one in _cases(builder, here, language_of(builder.config))
    ]


def _drills(builder: StandaloneHTMLBuilder, here: str, language: str) -> Iterator[dict[str, Any]]:
    for id_ in drill_ids():
        try:
            source = read_drill(id_)
        except ContentError as problem:
            report(problem)
            continue
        data = source.document.data
        spoken = text_language(source, language)
        title = source.chinese.data.get("title", data["title"]) if spoken == "zh" else data["title"]
        yield {
            "kind": "drill",
            "id": id_,
            "title": title,
            "text_lang": spoken,
            "lesson": data["lesson"],
            "module": None if any(data.get(name) for name in TESTS) else int(data["lesson"].split(".")[0]),
            "href": _address(builder, here, "drill", id_),
        }


def _in_order(drill: dict[str, Any]) -> tuple[bool, list[int], str]:
    """Return the place of a drill in a list: by lesson, tests at the end."""
    return drill["module"] is None, [int(part) for part in drill["lesson"].split(".")], drill["id"]


def _panels(builder: StandaloneHTMLBuilder, here: str, language: str) -> Iterator[dict[str, Any]]:
    for kind, package in KINDS.items():
        for id_ in sorted(package.MODULES):
            title = package.load(id_).TITLE[language]
            yield {"kind": kind, "id": id_, "title": title, "href": _address(builder, here, kind, id_)}


def _lesson(builder: StandaloneHTMLBuilder, here: str, lesson: Lesson, core: bool) -> dict[str, Any]:
    docname = _declared(builder, lesson).docname
    return {
        "number": lesson.number,
        "module": lesson.module,
        "title": builder.env.titles[docname].astext(),
        "href": builder.get_relative_uri(here, docname),
        "core": core,
        "activities": [{"kind": one.kind, "id": one.id} for one, _ in lesson.shown],
    }


def _declared(builder: StandaloneHTMLBuilder, lesson: Lesson) -> Declared | None:
    return course_domain(builder.env).lessons().get(lesson.number)


def _address(builder: StandaloneHTMLBuilder, here: str, kind: str, id_: str) -> str | None:
    """Return where an activity stands, as seen from the page `here`: on the first lesson that has it."""
    pages = sorted(page for page, shown in course_domain(builder.env).activities.items() if (kind, id_) in shown)
    return f"{builder.get_relative_uri(here, pages[0])}#{kind}-{id_}" if pages else None


def _modules(builder: StandaloneHTMLBuilder) -> dict[str, str]:
    """Return the titles of the modules by number: those of the pages `01-…/index` of this edition."""
    found = {}
    for docname in sorted(builder.env.found_docs):
        folder, _, page = docname.rpartition("/")
        number = folder.split("/")[-1][:2]
        if page == "index" and number.isdecimal():
            found[str(int(number))] = builder.env.titles[docname].astext()
    return found


def notice_changes(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the page with the passport where a lesson, a case, a drill, a rule or the script changed."""
    root = course_root()
    files = [path for pattern in CONTENT for path in root.glob(pattern)]
    files += [path for folder in case_folders(root) for path in folder.glob("*/*.yaml")]
    for part in ("certificate", "player", "trust"):
        files += [path for path in (PACKAGE / part).iterdir() if path.is_file()]
    return pages_to_renew(env, PASSPORT, files)


def write_script(app: Sphinx) -> None:
    """Put the passport's script beside the pages, before the pages refer to it."""
    from trustkit import player

    write_static(app, SCRIPT, player.passport_script)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the passport's script on its page, and on no other."""
    if pagename in pages_with(app.env, PASSPORT):
        load(app, SCRIPT)


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_node(passport, html=(visit_html, None))
    app.add_directive(PASSPORT, Passport)
    app.connect("env-get-outdated", notice_changes)
    app.connect("builder-inited", write_script)
    app.connect("html-page-context", add_script)
