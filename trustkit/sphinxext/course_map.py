"""Where a page stands in the course, and lists of lessons and modules that can say how far somebody is.

A list whose every line begins with a link to a lesson becomes a list of lessons, one of links to modules becomes
their cards. Without a script both are what the author wrote, with times; the script adds what was read and passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from trustkit.certificate.offer import paths_of
from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.lessons.page import Lesson, lesson_files, read_lessons
from trustkit.sphinxext.activities import as_data, pages_with, write_static
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.fingerprint import digest_of
from trustkit.sphinxext.passport import PASSPORT, case_links
from trustkit.sphinxext.wording import say

SCRIPT = "trustkit-progress.js"
STAMP = "course map"
COUNTED = ("case", "drill", "simulator")
"""The activities that can be passed; a text checker gives no marks."""

_MODULE = re.compile(r"^(?:.*/)?(\d\d)-[^/]+/index$")


@dataclass(frozen=True)
class CourseMap:
    """The lessons and modules of an edition as its pages see them.

    Attributes:
        pages: the page of each lesson, by number ("1.1").
        modules: the first page of each module, by number ("1").
        lessons: what the lessons hold, by number.
        paths: the paths that take each lesson, by its number.
    """

    pages: Mapping[str, str]
    modules: Mapping[str, str]
    lessons: Mapping[str, Lesson]
    paths: Mapping[str, tuple[str, ...]]

    def of_module(self, module: str) -> list[str]:
        """Return the numbers of a module's lessons, in order."""
        return [number for number in self.lessons if number.split(".")[0] == module and number in self.pages]

    def minutes(self, module: str) -> int:
        """Return how long a module's lessons take together."""
        return sum(self.lessons[number].minutes for number in self.of_module(module))


@lru_cache(maxsize=2)
def _read(root: Path, digest: str) -> tuple[dict[str, Lesson], dict[str, tuple[str, ...]]]:
    """Return the lessons by number and the paths that take each; `digest` says which state of the files is meant."""
    lessons = read_lessons(root)[0]
    try:
        paths = paths_of(root, lessons)
    except ContentError:
        # The page with the paths reports it, with its place.
        paths = {}
    taken = {lesson.number: tuple(name for name, path in paths.items() if lesson in path.lessons) for lesson in lessons}
    return {lesson.number: lesson for lesson in lessons}, taken


def course_map(env: BuildEnvironment) -> CourseMap:
    """Return the map of the edition that is being built."""
    root = course_root()
    lessons, paths = _read(root, _digest(root))
    pages = {number: declared.docname for number, declared in course_domain(env).lessons().items()}
    modules = {str(int(found[1])): page for page in sorted(env.found_docs) if (found := _MODULE.match(page))}
    return CourseMap({number: pages[number] for number in lessons if number in pages}, modules, lessons, paths)


def _digest(root: Path) -> str:
    files = [*lesson_files(root), *(path for path in (root / "book/paths.yaml",) if path.is_file())]
    return digest_of(files, root)


def mark_lists(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the lists of lessons and modules of a page into what the script can add to, and say what they hold."""
    if app.builder.format != "html":
        return
    known = course_map(app.env)
    address = app.builder.get_relative_uri
    lessons = {address(docname, page): number for number, page in known.pages.items() if page != docname}
    modules = {address(docname, page): number for number, page in known.modules.items() if page != docname}
    shown: list[str] = []
    home = False
    for found in list(doctree.findall(nodes.bullet_list)):
        if numbers := _led_to(found, lessons):
            _mark(found, "tk-lesson-list", (_standing("lesson", number) for number in numbers))
            shown += numbers
        elif numbers := _led_to(found, modules):
            _mark(found, "tk-module-list", (_module_facts(app, known, number) for number in numbers))
            shown += [one for number in numbers for one in known.of_module(number)]
            home = True
    module = next((number for number, page in known.modules.items() if page == docname), "")
    if module and (own := known.of_module(module)):
        _add_beginning(app, doctree, docname, known, own)
        shown += own
    here = next((number for number, page in known.pages.items() if page == docname), "")
    shown += [here] if here else []
    if shown:
        data = _data(app.builder, docname, known, list(dict.fromkeys(shown)), module, home)
        doctree += _raw(f'<script type="application/json" id="course-map">{as_data(data)}</script>')


def _led_to(found: nodes.bullet_list, targets: Mapping[str, str]) -> list[str]:
    """Return the numbers that a list's lines begin with links to; none where one of them does not."""
    numbers = []
    for item in found.children:
        first = item.children[0] if item.children else None
        link = first.children[0] if isinstance(first, nodes.paragraph) and first.children else None
        place, _, anchor = link.get("refuri", "").partition("#") if isinstance(link, nodes.reference) else ("", "", "")
        # A link into the middle of a lesson is not one to the lesson.
        if place not in targets or (anchor and not anchor.startswith(("lesson-", "module-"))):
            return []
        numbers.append(targets[place])
    return numbers if len(numbers) > 1 else []


def _mark(found: nodes.bullet_list, kind: str, added: Iterator[str]) -> None:
    found["classes"].append(kind)
    for item, text in zip(found.children, added):
        said = item.children[0].children[1:]
        if said and isinstance(said[0], nodes.Text):
            # The title stands on a line of its own.
            said[0].parent.replace(said[0], nodes.Text(re.sub(r"^\s*[:：]", "", said[0])))
        item += _raw(text)


def _standing(kind: str, number: str) -> str:
    return f'<p class="tk-standing" data-{kind}="{number}"></p>\n'


def _module_facts(app: Sphinx, known: CourseMap, module: str) -> str:
    facts = escape(_length(app, known, module))
    return f'<p class="tk-card-facts">{facts}</p>\n{_standing("module", module)}'


def _length(app: Sphinx, known: CourseMap, module: str) -> str:
    half_hours = round(known.minutes(module) / 30)
    return say(app.config, "module-length", lessons=len(known.of_module(module)), hours=f"{half_hours / 2:g}")


def _add_beginning(app: Sphinx, doctree: nodes.document, docname: str, known: CourseMap, own: list[str]) -> None:
    """Put the button that leads on below the list of a module's lessons, or at the end of its page."""
    href = escape(app.builder.get_relative_uri(docname, known.pages[own[0]]), quote=True)
    title = escape(say(app.config, "begin-with", title=app.env.titles[known.pages[own[0]]].astext()))
    button = _raw(f'<p class="tk-go"><a class="tk-button" href="{href}">{title}</a></p>\n')
    for found in doctree.findall(nodes.bullet_list):
        if "tk-lesson-list" in found["classes"]:
            found.parent.insert(found.parent.index(found) + 1, button)
            return
    doctree += button


def _data(
    builder: StandaloneHTMLBuilder, here: str, known: CourseMap, shown: list[str], module: str, home: bool
) -> dict[str, Any]:
    """Return what the script needs on a page: the lessons it shows, and on the home page where all of them are."""

    def lesson(number: str) -> dict[str, Any]:
        one, page = known.lessons[number], known.pages[number]
        entry: dict[str, Any] = {
            "number": number,
            "activities": [f"{named.kind}:{named.id}" for named, _ in one.shown if named.kind in COUNTED],
        }
        if home or module:
            entry |= {
                "title": builder.env.titles[page].astext(),
                "href": builder.get_relative_uri(here, page),
                "minutes": one.minutes,
                "paths": list(known.paths.get(number, ())),
            }
        return entry

    data: dict[str, Any] = {"lessons": [lesson(number) for number in shown]}
    if module:
        data["module"] = module
    if home:
        data["home"] = True
        data["modules"] = {number: known.of_module(number) for number in known.modules}
        data["cases"] = [one for one in case_links(builder, here) if one["href"]]
        if pages := sorted(pages_with(builder.env, PASSPORT)):
            data["passport"] = f"{builder.get_relative_uri(here, pages[0])}#take-away"
    return data


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def describe_place(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Tell the templates where a page stands: its module, which lesson of it, and what comes after it."""
    known = course_map(app.env)
    lesson = next((number for number, page in known.pages.items() if page == pagename), None)
    module = next((number for number, page in known.modules.items() if page == pagename), None)
    context["place"] = None
    if lesson:
        number = lesson.split(".")[0]
        own = known.of_module(number)
        at = own.index(lesson)
        after = own[at + 1] if at + 1 < len(own) else None
        context["place"] = {
            "lesson": lesson,
            "module": _module_link(app, pagename, known, number),
            "which": say(app.config, "lesson-which", at=at + 1, of=len(own)),
            "minutes": say(app.config, "minutes", count=known.lessons[after].minutes) if after else "",
        }
    elif module:
        context["place"] = {
            "lesson": "",
            "module": {"name": say(app.config, "module-number", number=module), "title": "", "href": ""},
            "which": _length(app, known, module) if known.of_module(module) else "",
            "minutes": "",
        }


def _module_link(app: Sphinx, here: str, known: CourseMap, number: str) -> dict[str, str]:
    page = known.modules.get(number)
    return {
        "name": say(app.config, "module-number", number=number),
        "title": app.env.titles[page].astext() if page else "",
        "href": app.builder.get_relative_uri(here, page) if page else "",
    }


def notice_changes(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the pages with lists of lessons or modules where a lesson or a path changed."""
    state, now = course_domain(env).data["state"], _digest(course_root())
    before, state[STAMP] = state.get(STAMP), now
    if before in (None, now):
        return set()
    return {page for page in env.found_docs if _MODULE.match(page) or page.split("/")[-1] in ("index", "paths")}


def write_script(app: Sphinx) -> None:
    """Put the script beside the pages, before the pages refer to it."""
    from trustkit import player

    write_static(app, SCRIPT, player.progress_script)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the script on every page: the contents at the side say what was read."""
    app.add_js_file(SCRIPT, loading_method="defer")


def register(app: Sphinx) -> None:
    """Mark the lists once their links are known, and describe every page."""
    app.connect("env-get-outdated", notice_changes)
    app.connect("builder-inited", write_script)
    app.connect("doctree-resolved", mark_lists)
    app.connect("html-page-context", describe_place)
    app.connect("html-page-context", add_script)
