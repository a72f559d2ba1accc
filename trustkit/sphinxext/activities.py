"""The {case} and {drill} directives: a complaint case or a drill, playable in the page."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import trustkit
from trustkit.content import ContentError
from trustkit.course import case_folder, case_ids, course_root, drill_ids
from trustkit.sphinxext.declarations import Declared, course_domain
from trustkit.sphinxext.fingerprint import digest_of
from trustkit.sphinxext.wording import language_of, say

logger = logging.getLogger(__name__)

SCRIPT = "trustkit-player.js"
ROOM_SCRIPT = "trustkit-room.js"
STYLE = "trustkit-player.css"

PACKAGE = Path(trustkit.__file__).parent
KNOWN_IDS: dict[str, Callable[[], list[str]]] = {"case": case_ids, "drill": drill_ids}


class activity(nodes.General, nodes.Element):
    """A case or drill in a page.

    Attributes: `kind` ("case" or "drill"), `activity` (its id), `bundle` (what the player needs).
    """


class UnknownActivity(Exception):
    """There is no case or drill with this id; the message lists the ids that exist."""


def load_bundle(kind: str, name: str, language: str) -> dict[str, Any]:
    """Return the page bundle of a case or drill.

    Args:
        kind: "case" or "drill".
        name: its id.
        language: "en" or "zh".

    Raises:
        UnknownActivity: no such id.
        ContentError: its files are not usable.
    """
    refuse_unknown(kind, name)
    if kind == "case":
        from trustkit.cases.bundle import case_bundle as bundle
    else:
        from trustkit.drills.bundle import drill_bundle as bundle
    return bundle(name, language)


def refuse_unknown(kind: str, name: str) -> None:
    """Raise `UnknownActivity` where there is no case or drill with this id."""
    known = KNOWN_IDS[kind]()
    if name not in known:
        raise UnknownActivity(f"there is no {kind} `{name}`. The {kind}s are: {', '.join(known) or '(none yet)'}.")


def report(problem: ContentError) -> None:
    """Report a content file that cannot be used as a warning of the build, with its own file and line."""
    logger.warning("%s", problem.message, location=f"{problem.path}:{problem.line or 1}")


def activity_files(kind: str, name: str) -> list[Path]:
    """Return every file that the page of this activity depends on: its texts, the model and the player."""
    folders = [case_folder(name) if kind == "case" else course_root() / "exercises" / "drills" / name]
    folders += [PACKAGE / part for part in ("trust", "cases" if kind == "case" else "drills", "player")]
    return sorted(
        path
        for folder in folders
        for path in folder.iterdir()
        if path.suffix in {".yaml", ".json", ".py", ".js", ".css"}
    )


def make_activity(env: BuildEnvironment, docname: str, kind: str, name: str) -> activity:
    """Return the node that shows an activity on a page, and note what the page now depends on.

    Raises:
        UnknownActivity: no such id.
        ContentError: its files are not usable.
    """
    node = activity(kind=kind, activity=name, bundle=load_bundle(kind, name, language_of(env.config)))
    node["ids"].append(f"{kind}-{name}")
    for path in activity_files(kind, name):
        env.dependencies[docname].add(str(path))
    course_domain(env).activities.setdefault(docname, []).append((kind, name))
    return node


class ActivityDirective(SphinxDirective):
    """Embeds one case or drill by its id."""

    kind: ClassVar[str]
    required_arguments = 1
    final_argument_whitespace = False
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the node, or report the id that does not exist."""
        name = self.arguments[0]
        if (self.kind, name) in course_domain(self.env).activities.get(self.env.docname, []):
            raise self.error(f"the {self.kind} `{name}` stands twice on this page. Remove one of the two.")
        try:
            node = self.make(name)
        except (UnknownActivity, ContentError) as problem:
            raise self.error(str(problem)) from None
        self.set_source_info(node)
        return [node]

    def make(self, name: str) -> activity:
        """Return the node.

        Raises:
            UnknownActivity: no such id.
            ContentError: its files are not usable.
        """
        return make_activity(self.env, self.env.docname, self.kind, name)


class Case(ActivityDirective):
    """Plays a complaint case in the page."""

    kind = "case"


class Drill(ActivityDirective):
    """Runs a drill in the page."""

    kind = "drill"


def visit_html(translator: HTML5Translator, node: activity) -> None:
    """Write the bundle as data, the place where the player mounts, and a sentence for a page without scripts."""
    translator.body.append(activity_html(translator.builder, translator.builder.current_docname, node["bundle"]))
    raise nodes.SkipNode


def activity_html(builder: StandaloneHTMLBuilder, here: str, bundle: dict[str, Any], *, titled: str = "") -> str:
    """Return what a page holds of an activity: its bundle, the place for the player, a sentence without scripts.

    Args:
        here: the name of the page.
        bundle: what the player needs; the links of this edition are put in.
        titled: the title of a page that is the activity's own, so that the player does not say it again.
    """
    kind, name = bundle["kind"], bundle["id"]
    python = python_of(builder.config, here) if bundle.get("write_at") else None
    data = as_data({**bundle, **links_from(builder, here, bundle), **({"python": python} if python else {})})
    sentence = escape(say(builder.config, f"{kind}-no-script", id=name))
    anchor = f"{kind}-{name}"
    own = f' data-titled="{escape(titled, quote=True)}"' if titled else ""
    brief = brief_html(builder.config, bundle, titled) if kind == "case" else ""
    return (
        f'<div class="tk-activity" id="{anchor}">\n'
        f'<script type="application/json" id="{anchor}-data">{data}</script>\n'
        f'<div class="trustkit" data-trustkit="#{anchor}-data"{own}>{brief}</div>\n'
        f'<noscript><p class="tk-no-script">{sentence}</p></noscript>\n'
        "</div>\n"
    )


def brief_html(config: Config, bundle: dict[str, Any], titled: str = "") -> str:
    """Return the beginning of a case's brief as the player shows it to somebody new.

    It stands in the page, so that nobody has to wait for the player in order to read; the player takes its place.
    """
    text = bundle["variants"][0]["text"]
    spoken = bundle.get("text_lang", bundle["lang"])
    own = ' dir="auto"' + (f' lang="{spoken}"' if spoken != bundle["lang"] else "")

    def fact(name: str, value: str, attributes: str = "") -> str:
        return f"<dt>{escape(say(config, name))}</dt><dd{attributes}>{value}</dd>"

    customer = f"<strong>{escape(text['customer']['name'])}</strong><br>{escape(text['customer']['about'])}"
    facts = (
        fact("brief-channel", escape(bundle["channel_name"])),
        fact("brief-time", escape(say(config, "room-about", minutes=bundle["minutes"]))),
        fact("brief-difficulty", escape(say(config, "brief-level", level=bundle["difficulty"]))),
    )
    title = text.get("title", bundle["title"])
    paragraphs = "".join(f"<p{own}>{escape(part.strip())}</p>" for part in text["brief"].split("\n\n") if part.strip())
    return (
        '<!--brief--><div class="tk-player tk-case"><div class="tk-card tk-brief">'
        + ("" if titled == title else f'<p class="tk-title"{own}>{escape(title)}</p>')
        + f'<dl class="tk-facts"><div class="tk-wide">{fact("brief-customer", customer, own)}</div>'
        + "".join(f"<div>{one}</div>" for one in facts)
        + f"</dl><p><strong>{escape(say(config, 'brief-known'))}</strong></p>{paragraphs}</div></div><!--/brief-->"
    )


def links_from(builder: StandaloneHTMLBuilder, here: str, bundle: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the addresses of the lessons and rule cards of this edition, as seen from the page `here`."""
    domain = course_domain(builder.env)

    def address(declared: Declared, anchor: str = "") -> str:
        page = "" if declared.docname == here else builder.get_relative_uri(here, declared.docname)
        return f"{page}#{anchor}" if anchor else page

    lessons = {number: address(lesson) for number, lesson in sorted(domain.lessons().items()) if lesson.docname != here}
    if bundle["kind"] != "case":
        return {"lesson_links": lessons}
    named = {code for choices in bundle["against"].values() for code in choices.values()}
    cards = {code: domain.declared("rule", code) for code in sorted({*bundle["rules"], *named})}
    cards = {code: card for code, card in cards.items() if card}
    return {
        "lesson_links": lessons,
        "rule_links": {code: address(card, card.anchor) for code, card in cards.items()},
        "rule_titles": {code: card.title for code, card in cards.items() if card.title},
    }


def python_of(config: Config, here: str) -> dict[str, Any] | None:
    """Return where the page `here` finds Python, and how many bytes that is; None where it was not published."""
    if not config.trustkit_python:
        return None
    base = posixpath.relpath(config.trustkit_python, posixpath.dirname(here) or ".")
    return {"base": f"{base}/", "bytes": config.trustkit_python_bytes}


def as_data(value: Any) -> str:
    """Return a value as JSON that can stand inside a script element, where only `<` could end or open something."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def plain_sentence(env: BuildEnvironment, node: activity) -> str:
    """Return the sentence that stands for an activity where nothing can be played."""
    bundle = node["bundle"]
    return say(
        env.config,
        f"{node['kind']}-elsewhere",
        id=node["activity"],
        title=bundle["title"],
        minutes=bundle["minutes"],
        count=len(bundle.get("items", ())),
    )


def write_player(app: Sphinx) -> None:
    """Put the player's scripts and style beside the pages, before the pages refer to them."""
    from trustkit import player

    write_static(app, SCRIPT, player.script)
    write_static(app, ROOM_SCRIPT, player.room_script)
    write_static(app, STYLE, player.style)


def write_static(app: Sphinx, name: str, text: Callable[[], str]) -> None:
    """Put a file of ours beside the pages of a web book; one that is there already stays untouched."""
    if app.builder.format != "html":
        return
    path, content = Path(app.outdir) / "_static" / name, text().encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def pages_with(env: BuildEnvironment, kind: str) -> set[str]:
    """Return the pages that show something of this kind."""
    return {page for page, shown in course_domain(env).activities.items() if any(one == kind for one, _ in shown)}


def pages_to_renew(env: BuildEnvironment, kind: str, files: Iterable[Path]) -> set[str]:
    """Return the pages that show something of this kind where one of its files changed since the last build."""
    state, now = course_domain(env).data["state"], digest_of(files, course_root())
    before, state[kind] = state.get(kind), now
    return set() if before == now else pages_with(env, kind) & env.found_docs


def add_player(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the player on the pages that use it, and on no other."""
    if any(kind in KNOWN_IDS for kind, _ in course_domain(app.env).activities.get(pagename, ())):
        load(app, SCRIPT)


def load(app: Sphinx, script: str) -> None:
    """Load one of our scripts, and the style, on the page that is being written."""
    # After the theme's own styles, which would win otherwise.
    app.add_css_file(STYLE, priority=900)
    app.add_js_file(script, loading_method="defer")


def register(app: Sphinx) -> None:
    """Add the two directives and their node."""
    app.add_node(activity, html=(visit_html, None))
    app.add_directive("case", Case)
    app.add_directive("drill", Drill)
    app.connect("builder-inited", write_player)
    app.connect("html-page-context", add_player)
