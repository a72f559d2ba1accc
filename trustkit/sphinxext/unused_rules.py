"""Takes out of a theme's style sheets the rules that no page and no script can use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

import tinycss2
from tinycss2.ast import AtRule, Declaration, LiteralToken, Node, ParseError, QualifiedRule

_NESTED = {"media", "supports", "layer", "container"}
_PAGE_NAMES = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VARIABLE = re.compile(r"--[\w-]+")


def names_in_page(page: str) -> set[str]:
    """Return the classes and ids that an HTML text gives to its elements."""
    return {name for match in _PAGE_NAMES.finditer(page) for name in (match[1] or match[2] or "").split()}


def names_in_script(script: str) -> set[str]:
    """Return every word of a script that could be a class or an id it gives to an element."""
    return set(_WORD.findall(script))


def sheet_of(css: str) -> list[Node]:
    """Return the rules of a style sheet, parsed, without comments."""
    return tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)


def used_rules(rules: Iterable[Node], names: Set[str]) -> list[Node]:
    """Return the rules that some element can meet, as far as classes and ids tell.

    A selector is dropped when it asks for a class or an id that is not among the names, a rule when no selector is
    left. What stands in `:not(…)`, `:is(…)` and the like is never a reason.
    """
    kept: list[Node] = []
    for rule in rules:
        if isinstance(rule, ParseError):
            continue
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in _split(rule.prelude) if _can_match(one, names)]
            if not selectors:
                continue
            rule.prelude = [token for at, one in enumerate(selectors) for token in (*_comma(at, rule), *one)]
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "charset":
            continue
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in _NESTED and rule.content is not None:
            inner = used_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), names)
            if not inner:
                continue
            rule.content = inner
        kept.append(rule)
    return kept


def short(rules: Iterable[Node]) -> str:
    """Return rules as text without comments and without white space that means nothing."""
    return "".join(_text(rule) for rule in rules)


def without_unused_variables(css: str, others: str = "") -> str:
    """Return a shortened sheet without the custom properties that neither it nor the other texts ask for."""
    pattern = re.compile(r"(?<=[{;])(--[\w-]+):(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*(?:;|(?=\}))")
    while True:
        asked = set(re.findall(r"var\(\s*(--[\w-]+)", css)) | set(_VARIABLE.findall(others))
        leaner = pattern.sub(lambda match: match[0] if match[1] in asked else "", css)  # noqa: B023
        if leaner == css:
            return css
        css = leaner


def _split(tokens: Iterable[Node]) -> Iterator[list[Node]]:
    selector: list[Node] = []
    for token in tokens:
        if token == ",":
            yield selector
            selector = []
        elif selector or token.type != "whitespace":
            selector.append(token)
    yield selector


def _comma(at: int, rule: QualifiedRule) -> list[Node]:
    return [LiteralToken(rule.source_line, rule.source_column, ",")] if at else []


def _can_match(selector: list[Node], names: Set[str]) -> bool:
    for before, token in zip([None, *selector], selector):
        if token.type == "hash" and token.value not in names:
            return False
        if token.type == "ident" and before == "." and token.value not in names:
            return False
    return True


def _text(rule: Node) -> str:
    if isinstance(rule, QualifiedRule):
        return f"{_selector(rule.prelude)}{{{_declarations(rule.content)}}}"
    if isinstance(rule, AtRule):
        prelude = re.sub(r"\s+", " ", tinycss2.serialize(rule.prelude)).strip()
        head = f"@{rule.at_keyword} {prelude}".rstrip()
        if rule.content is None:
            return f"{head};"
        if rule.lower_at_keyword in _NESTED or rule.lower_at_keyword.endswith("keyframes"):
            inner = rule.content
            if any(not isinstance(one, QualifiedRule | AtRule) for one in inner):
                inner = tinycss2.parse_rule_list(inner, skip_comments=True, skip_whitespace=True)
            return f"{head}{{{short(inner)}}}"
        return f"{head}{{{_declarations(rule.content)}}}"
    return ""


def _selector(tokens: list[Node]) -> str:
    text = re.sub(r"\s+", " ", tinycss2.serialize(tokens)).strip()
    return re.sub(r"\s*,\s*", ",", text)


def _declarations(content: list[Node]) -> str:
    parts = []
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if isinstance(one, Declaration):
            value = re.sub(r"\s+", " ", tinycss2.serialize(_without_comments(one.value))).strip()
            parts.append(f"{one.name}:{value}{'!important' if one.important else ''}")
        elif not isinstance(one, ParseError):
            parts.append(_text(one))
    return ";".join(parts)


def _without_comments(tokens: Iterable[Node]) -> list[Node]:
    return [token for token in tokens if token.type != "comment"]


def characters_in(rules: Iterable[Node]) -> set[str]:
    """Return every character that the texts in the rules (`content`, icon variables) can show."""
    found: set[str] = set()

    def look(tokens: Iterable[Node]) -> None:
        for token in tokens:
            if token.type == "string":
                found.update(token.value)
            for inner in ("content", "arguments"):
                if isinstance(getattr(token, inner, None), list):
                    look(getattr(token, inner))

    look(rules)
    return found
