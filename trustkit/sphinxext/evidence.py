"""Evidence labels: every figure says where it comes from, and links to the reference or rule card that backs it."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from trustkit.company.overlay import company_of
from trustkit.content import ContentError
from trustkit.policies import UnknownPolicy, fill
from trustkit.sphinxext.declarations import Use, course_domain
from trustkit.sphinxext.references import GROUPS, Reference, ReferencesError, read_references, references_path
from trustkit.sphinxext.wording import language_of, page_language, say, say_on

KINDS = ("cited", "synthetic", "rule", "claim")
NEEDS_KEY = {"cited": "R13", "rule": "CN-3G"}
"""The kinds that must name their source, each with an example key."""


class labelled(nodes.Inline, nodes.TextElement):
    """A figure or sentence with its label. Attributes: `kind`, `key` (or ""), `label`, `help`."""


class declared_evidence(nodes.General, nodes.Element):
    """A reference or rule card on the page that declares it. Attributes: `key`, `what`, `title`, `facts`."""


class claim_entry(nodes.General, nodes.Element):
    """A statement of the register of claims, with what we found. Attributes: `key`, `place`, `facts`."""


class EvidenceRole(SphinxRole):
    """Labels a figure or sentence: {cited}`text|key`, {synthetic}`text`, {rule}`text|key`, {claim}`text`."""

    def __init__(self, kind: str):
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the labelled figure, or report the key that is missing."""
        text, _, key = (part.strip() for part in nodes.unescape(self.text).rpartition("|"))
        if not text:
            text, key = key, ""
        if self.kind in NEEDS_KEY and not key:
            example = NEEDS_KEY[self.kind]
            message = self.inliner.reporter.error(
                f"{{{self.kind}}} must say what backs it: a key after a bar, as in {{{self.kind}}}`{text}|{example}`.",
                line=self.lineno,
            )
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        node = labelled(
            self.rawtext,
            text,
            kind=self.kind,
            key=key,
            label=say_on(self.env, self.kind),
            help=say_on(self.env, f"{self.kind}-help", key=key),
        )
        self.set_source_info(node)
        if key:
            use = Use(self.kind, key, self.lineno)
            course_domain(self.env).uses.setdefault(self.env.docname, []).append(use)
        return [node], []


class References(SphinxDirective):
    """Prints references from `book/references.bib` and declares their keys: those of a group, or those named."""

    has_content = False
    option_spec: ClassVar[dict] = {"group": str.strip, "keys": str.strip}

    def run(self) -> list[nodes.Node]:
        """Return the references with their anchors, or report what is wrong with the file or the options."""
        path = references_path()
        self.env.note_dependency(str(path))
        try:
            found = read_references(path)
        except ReferencesError as problem:
            raise self.error(str(problem)) from None
        return [self._entry(reference) for reference in self._wanted(found, path.name)]

    def _wanted(self, found: list[Reference], name: str) -> list[Reference]:
        if ("group" in self.options) == ("keys" in self.options):
            raise self.error("references need either `:group:` or `:keys:`, as in `:group: lessons`.")
        if "keys" in self.options:
            by_key = {reference.key: reference for reference in found}
            keys = [key.strip() for key in self.options["keys"].split(",") if key.strip()]
            missing = [key for key in keys if key not in by_key]
            if missing:
                raise self.error(f"{name} has no reference {', '.join(missing)}. It has: {', '.join(by_key)}.")
            return [by_key[key] for key in keys]
        if self.options["group"] not in GROUPS:
            raise self.error(f"there is no group `{self.options['group']}`; use {', '.join(GROUPS)}.")
        return [reference for reference in found if reference.group == self.options["group"]]

    def _entry(self, reference: Reference) -> declared_evidence:
        here = language_of(self.config)
        anchor = _declare(self, "reference", reference.key, reference.short[here])
        node = declared_evidence(
            key=reference.key,
            what="reference",
            title=reference.short[here],
            facts=[(say(self.config, "checked"), reference.checked[here])],
        )
        node["ids"].append(anchor)
        self.set_source_info(node)
        self.state.nested_parse(StringList([reference.text[here]], str(references_path())), 0, node)
        return node


class RuleCard(SphinxDirective):
    """Declares a rule of law, standard or house policy, with its date and place."""

    required_arguments = 1
    final_argument_whitespace = False
    has_content = True
    facts = ("date", "jurisdiction", "source", "version")
    option_spec: ClassVar[dict] = dict.fromkeys(("title", *facts), str.strip)

    def run(self) -> list[nodes.Node]:
        """Return the card with its anchor, or report a key declared twice or a body left empty."""
        key = self.arguments[0]
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", key):
            raise self.error(f"the key `{key}` may hold letters, digits, dots and hyphens only, as in CN-3G.")
        if not "".join(self.content).strip():
            raise self.error(f"{{rule-card}} {key} has no text. Say what it is, between the fences.")
        if own := company_card(self, key):
            return [own]
        title = self.options.get("title", "")
        anchor = _declare(self, "rule-card", key, title)
        node = declared_evidence(
            key=key,
            what="rule-card",
            title=title,
            facts=[(say(self.config, name), self.options[name]) for name in self.facts if self.options.get(name)],
        )
        node["ids"].append(anchor)
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def company_card(directive: SphinxDirective, key: str) -> declared_evidence | None:
    """Return the company's rule card with this key, declared on the page; None where the company has none."""
    language = page_language(directive.env)
    try:
        company = company_of()
        card = company.card(key, language) if company else None
        if not card:
            return None
        text = fill(card.text, language)
    except (ContentError, UnknownPolicy) as problem:
        raise directive.error(str(problem)) from None
    facts = [(say_on(directive.env, name), value) for name, value in card.facts.items() if value]
    node = declared_evidence(key=key, what="rule-card", title=card.title, facts=facts)
    node["ids"].append(_declare(directive, "rule-card", key, card.title))
    directive.set_source_info(node)
    lines = StringList(text.split("\n"), str(company.folder / "company.yaml"))
    directive.state.nested_parse(lines, 0, node)
    return node


def _declare(directive: SphinxDirective, what: str, key: str, title: str) -> str:
    """Note that the page declares `key`; return its anchor."""
    anchor = f"{'rule' if what == 'rule-card' else 'ref'}-{key.lower().replace('.', '-')}"
    env = directive.env
    earlier = course_domain(env).declare(what, key, env.docname, anchor, directive.lineno, title)
    if earlier:
        raise directive.error(
            f"the key `{key}` is already declared in {env.doc2path(earlier.docname, False)}, "
            f"line {earlier.line}. Keys are unique in an edition."
        )
    return anchor


def evidence_page(env: BuildEnvironment) -> str | None:
    """Return the page that explains the labels: the one named `evidence`, or None in a book without it."""
    return next((name for name in sorted(env.found_docs) if name.rpartition("/")[2] == "evidence"), None)


def _with_links(translator: HTML5Translator, text: str) -> str:
    """Return a fact as HTML in which every key of a declared reference is a link to it."""
    builder = translator.builder

    def link(match: re.Match[str]) -> str:
        declared = course_domain(builder.env).declared("cited", match[0])
        if not declared:
            return escape(match[0])
        here, there = builder.current_docname, declared.docname
        page = "" if here == there else builder.get_relative_uri(here, there)
        return f'<a href="{escape(page, quote=True)}#{declared.anchor}">{escape(match[0])}</a>'

    parts = re.split(r"(\b[A-Z]+\d+\b)", text)
    return "".join(link(re.match(r".*", part)) if at % 2 else escape(part) for at, part in enumerate(parts))


def _target(translator: HTML5Translator, node: labelled) -> str:
    builder = translator.builder
    declared = course_domain(builder.env).declared(node["kind"], node["key"]) if node["key"] else None
    if declared:
        docname, anchor = declared.docname, declared.anchor
    else:
        docname, anchor = evidence_page(builder.env), f"evidence-{node['kind']}"
        labels = builder.env.get_domain("std").anonlabels
        if anchor in labels:
            docname, anchor = labels[anchor]
        elif docname:
            anchor = ""
        else:
            return ""
    fragment = f"#{anchor}" if anchor else ""
    if docname == builder.current_docname:
        return fragment or "#"
    return builder.get_relative_uri(builder.current_docname, docname) + fragment


def visit_figure_html(translator: HTML5Translator, node: labelled) -> None:
    """Open the figure."""
    translator.body.append(f'<span class="tk-evidence tk-{node["kind"]}"><span class="tk-figure">')


def depart_figure_html(translator: HTML5Translator, node: labelled) -> None:
    """Close the figure and write its label, as a link where there is a page to link to."""
    label, help_text = escape(node["label"]), escape(node["help"], quote=True)
    target = _target(translator, node)
    chip = (
        f'<a class="tk-label" href="{escape(target, quote=True)}" title="{help_text}">{label}</a>'
        if target
        else f'<span class="tk-label" title="{help_text}">{label}</span>'
    )
    translator.body.append(f"</span>\N{WORD JOINER}{chip}</span>")


def visit_declared_html(translator: HTML5Translator, node: declared_evidence) -> None:
    """Open the entry with its key and title."""
    title = f'<p class="tk-entry-title">{escape(node["title"])}</p>\n' if node["title"] else ""
    translator.body.append(
        f'<div class="tk-entry tk-{node["what"]}" id="{node["ids"][0]}">\n'
        f'<p class="tk-key">{escape(node["key"])}</p>\n<div class="tk-entry-body">\n{title}'
    )


def depart_declared_html(translator: HTML5Translator, node: declared_evidence) -> None:
    """Write the entry's facts and close it."""
    if node["facts"]:
        facts = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{_with_links(translator, value)}</dd></div>"
            for name, value in node["facts"]
        )
        translator.body.append(f'<dl class="tk-entry-facts simple">{facts}</dl>\n')
    translator.body.append("</div>\n</div>\n")


def visit_claim_html(translator: HTML5Translator, node: claim_entry) -> None:
    """Open the statement with its number and place."""
    translator.body.append(
        f'<div class="tk-entry tk-claim-entry" id="{node["ids"][0]}">\n'
        f'<p class="tk-key">{escape(node["key"])}</p>\n<div class="tk-entry-body">\n'
        f'<p class="tk-entry-title">{escape(node["place"])}</p>\n'
    )


def depart_claim_html(translator: HTML5Translator, node: claim_entry) -> None:
    """Write what we found and close the statement."""
    facts = "".join(
        f'<div><dt>{escape(name)}</dt><dd lang="{language}">{_with_links(translator, value)}</dd></div>'
        for name, value, language in node["facts"]
    )
    translator.body.append(f'<dl class="tk-entry-facts simple">{facts}</dl>\n</div>\n</div>\n')


def _pass(translator: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Let a builder that writes no HTML write the children alone."""


def register(app: Sphinx) -> None:
    """Add the roles, the directives and their nodes."""
    for kind in KINDS:
        app.add_role(kind, EvidenceRole(kind))
    app.add_directive("references", References)
    app.add_directive("rule-card", RuleCard)
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    app.add_node(labelled, html=(visit_figure_html, depart_figure_html))
    app.add_node(declared_evidence, html=(visit_declared_html, depart_declared_html), **plain)
    app.add_node(claim_entry, html=(visit_claim_html, depart_claim_html), **plain)
