"""The {case-room} directive: a list of all cases by industry, each of which gets a page of its own in the book."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from trustkit.cases.listing import case_entry, in_order
from trustkit.content import ContentError
from trustkit.course import case_folder, case_folders, case_ids, course_root
from trustkit.sphinxext.activities import (
    PACKAGE,
    ROOM_SCRIPT,
    SCRIPT,
    activity_html,
    as_data,
    load,
    load_bundle,
    report,
)
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.fingerprint import digest_of
from trustkit.sphinxext.wording import BCP47, language_of, say
from trustkit.trust.vocabulary import vocabulary

logger = logging.getLogger(__name__)

STAMP = "cases"
MOST = 5
"""The highest difficulty."""


class case_room(nodes.General, nodes.Element):
    """The list of all cases.

    Attributes: `entries` (what the list says about each case). Its children say the same in plain sentences, for
    the search and for output that is not a web page.
    """


class CaseRoom(SphinxDirective):
    """Lists all cases; each links to its own page, which is made in the build."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the list; a case that cannot be read is reported with its own file and line, and left out."""
        domain, here = course_domain(self.env), self.env.docname
        other = next((docname for docname in domain.case_rooms if docname != here), None)
        if other or here in domain.case_rooms:
            raise self.error(
                f"the case room stands on the page {other or here} already. A book has one; remove one of the two."
            )
        entries = []
        for id_ in case_ids():
            try:
                entries.append(case_entry(id_, language_of(self.config)))
            except ContentError as problem:
                report(problem)
        domain.case_rooms[here] = in_order(entries)
        node = case_room(entries=domain.case_rooms[here])
        for entry in node["entries"] or [None]:
            node += nodes.paragraph("", self._sentence(entry) if entry else say(self.config, "room-nobody"))
        self.set_source_info(node)
        return [node]

    def _sentence(self, entry: dict[str, Any]) -> str:
        return say(
            self.config,
            "room-plain",
            title=entry["title"],
            customer=entry["customer"]["name"],
            industry=entry["industry_name"],
            channel=entry["channel_name"],
            minutes=entry["minutes"],
            level=entry["difficulty"],
        )


def visit_html(translator: HTML5Translator, node: case_room) -> None:
    """Write the list by industry, readable as it is, and the data with which the script makes it a room."""
    builder, here = translator.builder, translator.builder.current_docname
    level = min(4, translator.section_level + 1)
    groups = "".join(
        f'<section class="tk-room-group" data-industry="{escape(industry, quote=True)}">\n'
        f"<h{level}>{escape(named)}</h{level}>\n"
        f'<ul class="tk-people">\n{"".join(_entry_html(builder, here, entry) for entry in entries)}</ul>\n</section>\n'
        for (industry, named), entries in groupby(
            node["entries"], key=lambda entry: (entry["industry"], entry["industry_name"])
        )
    )
    if not groups:
        groups = f"<p>{escape(say(builder.config, 'room-nobody'))}</p>\n"
        translator.body.append(groups)
        raise nodes.SkipNode
    data = as_data(_room_data(builder, node["entries"]))
    translator.body.append(
        f'<script type="application/json" id="case-room-data">{data}</script>\n'
        '<div class="tk-player tk-room" data-trustkit-room="#case-room-data"'
        f' data-headings="{level}">\n{groups}</div>\n'
    )
    raise nodes.SkipNode


def _room_data(builder: StandaloneHTMLBuilder, entries: list[dict[str, Any]]) -> dict[str, Any]:
    language, words = language_of(builder.config), vocabulary()
    needed = ("id", "title", "text_lang", "industry", "industry_name", "difficulty", "minutes", "compass", "variants")
    return {
        "lang": language,
        "cases": [
            {**{key: entry[key] for key in needed}, "customer": {"name": entry["customer"]["name"]}}
            for entry in entries
        ],
        "compass": {id_: named[language].name for id_, named in words.compass.items()},
        "behaviours": {
            id_: {"name": behaviour.words[language].name, "compass": behaviour.compass, "sign": behaviour.sign}
            for id_, behaviour in words.behaviours.items()
        },
    }


def _entry_html(builder: StandaloneHTMLBuilder, here: str, entry: dict[str, Any]) -> str:
    config, language = builder.config, language_of(builder.config)
    foreign = entry["text_lang"] != language
    lang = f' lang="{BCP47[entry["text_lang"]]}"' if foreign else ""
    words, level = vocabulary(), entry["difficulty"]
    skills = [words.compass[skill][language].name for skill in entry["compass"] if skill in words.compass]
    comma = say(config, "room-comma")
    dots = "●" * level + "○" * (MOST - level)
    facts = [
        escape(entry["channel_name"]),
        escape(say(config, "room-about", minutes=entry["minutes"])),
        f'<span class="tk-level">{escape(say(config, "room-difficulty", level=level))} '
        f'<span class="tk-dots" aria-hidden="true">{dots}</span></span>',
    ]
    if skills:
        facts.append(escape(say(config, "room-trains", skills=comma.join(skills))))
    if lessons := _lesson_links(builder, here, entry["lessons"]):
        facts.append(escape(say(config, "room-lessons")) + comma.join(lessons))
    if foreign:
        facts.append(escape(say(config, "room-english")))
    href = escape(builder.get_relative_uri(here, page_of(here, entry["id"])), quote=True)
    customer = entry["customer"]
    return (
        f'<li class="tk-person" data-case="{entry["id"]}">\n'
        f'<p class="tk-person-title"><a href="{href}"{lang}>{escape(entry["title"])}</a></p>\n'
        f'<p class="tk-person-who"{lang}><strong>{escape(customer["name"])}</strong> '
        f'<span class="tk-quiet">{escape(customer["about"])}</span></p>\n'
        f'<p class="tk-quiet tk-person-facts">{" · ".join(facts)}</p>\n</li>\n'
    )


def _lesson_links(builder: StandaloneHTMLBuilder, here: str, numbers: list[str]) -> list[str]:
    lessons = course_domain(builder.env).lessons()
    return [
        f'<a href="{escape(builder.get_relative_uri(here, lessons[number].docname), quote=True)}">{number}</a>'
        for number in numbers
        if number in lessons
    ]


def page_of(room: str, case: str) -> str:
    """Return the name of a case's own page, which lies in a folder named after the room."""
    return f"{room}/{case}"


def case_pages(env: BuildEnvironment) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the pages of the cases by name: the room that each belongs to, and what it says about the case."""
    return {
        page_of(room, entry["id"]): (room, entry)
        for room, entries in course_domain(env).case_rooms.items()
        for entry in entries
    }


def write_case_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each case's page for the theme's page template, with that case's bundle alone."""
    for page, (room, entry) in case_pages(app.env).items():
        try:
            bundle = load_bundle("case", entry["id"], language_of(app.config))
        except ContentError as problem:
            report(problem)
            continue
        yield page, _page_context(app.builder, page, room, entry, bundle), "page.html"


def _page_context(
    builder: StandaloneHTMLBuilder, page: str, room: str, entry: dict[str, Any], bundle: dict[str, Any]
) -> dict[str, Any]:
    title, config = entry["title"], builder.config
    lang = "" if entry["text_lang"] == language_of(config) else f' lang="{BCP47[entry["text_lang"]]}"'
    back = escape(builder.get_relative_uri(page, room), quote=True)
    named = escape(builder.env.titles[room].astext())
    lessons = _lesson_links(builder, page, entry["lessons"])
    to_lessons = f"<p>{escape(say(config, 'room-case-lessons'))}{say(config, 'room-comma').join(lessons)}</p>\n"
    body = (
        f'<section id="case"{lang}>\n<h1>{escape(title)}</h1>\n</section>\n'
        f"{activity_html(builder, page, bundle, titled=title)}"
        f"{to_lessons if lessons else ''}"
    )
    return {
        "title": escape(title),
        "body": f'<p class="tk-way-back"><a href="{back}">← {named}</a></p>\n{body}',
        "parents": [],
        "prev": None,
        "next": None,
        "metatags": "",
        "meta": {},
        "sourcename": "",
        "page_source_suffix": "",
    }


def notice_changed_cases(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the room where a case was added, changed or taken away, or the model or the player changed."""
    root = course_root()
    files = [path for folder in case_folders(root) for path in folder.glob("*/*.yaml")]
    for part in ("trust", "cases", "player"):
        files += [path for path in (PACKAGE / part).iterdir() if path.is_file()]
    state, now = course_domain(env).data["state"], digest_of(files, root)
    before, state[STAMP] = state.get(STAMP), now
    return set() if before == now else set(course_domain(env).case_rooms) & env.found_docs


def report_unknown_rules(app: Sphinx, env: BuildEnvironment) -> None:
    """Report every case that rests on a card which the book's rule page does not have."""
    domain = course_domain(env)
    for entries in domain.case_rooms.values():
        for entry in entries:
            for code in entry["rules"]:
                if not domain.declared("rule", code):
                    path = case_folder(entry["id"]) / "case.yaml"
                    known = ", ".join(sorted(domain.data["rule-card"])) or "(none declared yet)"
                    logger.warning(
                        "this case rests on the rule card `%s`, which the rules page does not have. Declare it there "
                        "with {rule-card} %s, or name one of: %s. A card of the case's own firm stands under "
                        "`house_rules` and is not named under `rules`.",
                        code, code, known, location=f"{path}:{_line_of_rules(path)}",
                    )  # fmt: skip


def _line_of_rules(path: Path) -> int:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith("rules:")), 1)


def add_scripts(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the room's script in the room and the player on the pages of the cases."""
    rooms = course_domain(app.env).case_rooms
    if pagename in rooms:
        load(app, ROOM_SCRIPT)
    elif pagename in case_pages(app.env):
        load(app, SCRIPT)


def register(app: Sphinx) -> None:
    """Add the directive, its node and the pages of the cases."""
    app.add_node(case_room, html=(visit_html, None))
    app.add_directive("case-room", CaseRoom)
    app.connect("env-get-outdated", notice_changed_cases)
    app.connect("env-check-consistency", report_unknown_rules)
    app.connect("html-collect-pages", write_case_pages)
    app.connect("html-page-context", add_scripts)
