"""The {case-map} and {case-maps} directives: a case's story map as a picture and as a list, for trainers."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from trustkit.cases.compile import compiled
from trustkit.cases.kept import kept
from trustkit.cases.listing import case_entry, in_order, text_language
from trustkit.cases.reader import read_case, text_of
from trustkit.cases.solve import solve
from trustkit.cases.storymap import BEST, OTHER, MappedChoice, MappedScene, StoryMap, Ways, story_map, ways_of
from trustkit.content import ContentError
from trustkit.course import case_ids
from trustkit.sphinxext.activities import UnknownActivity, activity_files, refuse_unknown, report
from trustkit.sphinxext.wording import BCP47, WORDS, language_of
from trustkit.trust.vocabulary import vocabulary

SHOWN = "trustkit-case-maps"
"""Under this name a page's metadata say which cases its list of maps showed."""


class case_map(nodes.General, nodes.Element):
    """The story map of a case.

    Attributes: `case`, `language` (of its texts), `title`, `svg`. Its children say the same in plain sentences, for
    who cannot see the picture and for output that is not a web page.
    """


def make_map(env: BuildEnvironment, docname: str, case: str) -> case_map:
    """Return the node that shows a case's map on a page, and note what the page now depends on.

    Raises:
        UnknownActivity: there is no such case.
        ContentError: its files are not usable.
    """
    refuse_unknown("case", case)
    for path in activity_files("case", case):
        env.dependencies[docname].add(str(path))
    source = read_case(case)
    language = text_language(source, language_of(env.config))
    red_lines = {code: red_line.words[language].name for code, red_line in vocabulary().red_lines.items()}
    structure = compiled(case)
    # Solved only where it was not solved before, and not held in memory: a book has many cases.
    ways = Ways(*kept("ways", structure["hash"], lambda: ways_of(solve(structure))))
    drawn = story_map(structure, text_of(source, language=language), ways, red_lines, language)
    node = case_map(case=case, language=language, title=drawn.title, svg=drawn.svg())
    node["ids"].append(f"case-map-{case}")
    node += _as_list(drawn)
    return node


def _as_list(drawn: StoryMap) -> list[nodes.Node]:
    """The map in sentences: each scene with its choices, then the endings."""
    words = WORDS[drawn.language]
    scenes = nodes.bullet_list()
    for scene in drawn.in_order():
        later = f" ({scene.later})" if scene.later else ""
        item = nodes.list_item("", nodes.paragraph("", words["map-scene"].format(
            number=scene.number, says=scene.says, later=later
        )))  # fmt: skip
        choices = [nodes.list_item("", _choice(drawn, scene, choice, words)) for choice in scene.choices]
        if choices:
            item += nodes.bullet_list("", *choices)
        scenes += item
    endings = nodes.bullet_list("", *(
        nodes.list_item("", nodes.paragraph("", words["map-ending"].format(
            title=ending.title, when=ending.when, text=" ".join(ending.text.split())
        )))
        for ending in drawn.endings
    ))  # fmt: skip
    return [scenes, nodes.paragraph("", words["map-endings"]), endings]


def _choice(drawn: StoryMap, scene: MappedScene, choice: MappedChoice, words: dict[str, str]) -> nodes.paragraph:
    sentences = [words["map-choice"].format(say=choice.say, number=drawn.scenes[choice.to].number)]
    if choice.red_line:
        sentences.append(words["map-red-line"].format(name=choice.red_line))
    sentences += [words[f"map-{way}"] for way in (BEST, OTHER) if way in choice.ways]
    return nodes.paragraph("", words["map-space"].join(sentences))


class CaseMap(SphinxDirective):
    """Shows the story map of one case."""

    required_arguments = 1
    final_argument_whitespace = False
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the map, or report what is wrong with the case."""
        try:
            node = make_map(self.env, self.env.docname, self.arguments[0])
        except (UnknownActivity, ContentError) as problem:
            raise self.error(str(problem)) from None
        self.set_source_info(node)
        return [node]


class CaseMaps(SphinxDirective):
    """Shows the story maps of all cases, each under its title."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each case; one that cannot be used is reported with its own file and line."""
        language, sections, entries = language_of(self.config), [], []
        known = case_ids()
        self.env.metadata[self.env.docname][SHOWN] = known
        for case in known:
            try:
                entries.append(case_entry(case, language))
            except ContentError as problem:
                report(problem)
        for entry in in_order(entries):
            try:
                node = make_map(self.env, self.env.docname, entry["id"])
            except ContentError as problem:
                report(problem)
                continue
            title = nodes.title("", entry["title"])
            section = nodes.section("", title, node, ids=[f"map-of-{entry['id']}"], names=[])
            if entry["text_lang"] != language:
                section["classes"].append(f"language-{BCP47[entry['text_lang']]}")
            self.set_source_info(section)
            sections.append(section)
        return sections


def visit_html(translator: HTML5Translator, node: case_map) -> None:
    """Write the picture into a file of its own, which prints on one page, and show it above its list."""
    builder = translator.builder
    name = f"case-map-{node['case']}.svg"
    folder = Path(builder.outdir) / builder.imagedir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(node["svg"], encoding="utf-8", newline="\n")
    words = WORDS[node["language"]]
    address = escape(relative_uri(builder.get_target_uri(builder.current_docname), f"{builder.imagedir}/{name}"))
    foreign = node["language"] != language_of(builder.config)
    lang = f' lang="{BCP47[node["language"]]}"' if foreign else ""
    title = escape(node["title"], quote=True)
    translator.body.append(
        f'<figure class="tk-map" id="{node["ids"][0]}"{lang}>\n'
        f'<div class="tk-map-scroll" role="region" tabindex="0" aria-label="{title}">'
        f'<img src="{address}" alt="{title}. {escape(words["map-alt"], quote=True)}" loading="lazy"></div>\n'
        f"<figcaption>{escape(words['map-caption'])} "
        f'<a href="{address}">{escape(words["map-alone"])}</a></figcaption>\n'
        "</figure>\n"
        f'<details class="tk-map-list"{lang}>\n<summary>{escape(words["map-list"])}</summary>\n'
    )


def depart_html(translator: HTML5Translator, node: case_map) -> None:
    """Close the list."""
    translator.body.append("</details>\n")


def read_again(app: Sphinx, env: BuildEnvironment, *_: Any) -> set[str]:
    """Return the pages whose list of maps lacks a case that has come since."""
    known = case_ids()
    return {
        docname
        for docname, metadata in env.metadata.items()
        if SHOWN in metadata and docname in env.found_docs and metadata[SHOWN] != known
    }


def register(app: Sphinx) -> None:
    """Add the two directives and their node."""
    app.add_node(case_map, html=(visit_html, depart_html))
    app.add_directive("case-map", CaseMap)
    app.add_directive("case-maps", CaseMaps)
    app.connect("env-get-outdated", read_again)
