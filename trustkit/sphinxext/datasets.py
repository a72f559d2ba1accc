"""The {datasets} and {misconceptions} directives: each dataset's card, what is planted, which slips feedback knows."""

from __future__ import annotations

import re
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from trustkit.content import read_document
from trustkit.course import course_root
from trustkit.sphinxext.wording import page_language

SHOWN = {"cards": "card.md", "planted": "planted.md"}
"""What the directive can show of each dataset: the card, or what is planted, which only trainers read."""

ALL_SYNTHETIC = "all_synthetic"
"""Attribute of a section whose figures need no label one by one, since its text declares all of them synthetic."""

_HEADING = re.compile(r"^(#+) ", re.MULTILINE)


class Datasets(SphinxDirective):
    """Puts the cards of all datasets into the page, or what is planted in them."""

    required_arguments = 1
    option_spec: ClassVar[dict] = {}

    def run(self) -> list[nodes.Node]:
        """Return a section for each dataset, or report an argument that nothing answers to."""
        if self.arguments[0] not in SHOWN:
            raise self.error(f"datasets can show: {', '.join(SHOWN)}.")
        texts = sorted((course_root() / "datasets").glob(f"*/{SHOWN[self.arguments[0]]}"), key=_number)
        for path in texts:
            self.env.note_dependency(str(path))
        return _parsed(self, [(str(path), path.read_text(encoding="utf-8")) for path in texts])


class Misconceptions(SphinxDirective):
    """Puts every slip that feedback explains into the page, by assignment."""

    def run(self) -> list[nodes.Node]:
        """Return a table for each assignment."""
        lang = page_language(self.env)
        found = []
        for path in sorted((course_root() / "exercises" / "slips").glob("*.yaml")):
            self.env.note_dependency(str(path))
            rows = [
                f"* - `{name}`\n  - {' '.join(texts[lang].split())}" for name, texts in read_document(path).data.items()
            ]
            body = "\n".join(rows)
            found.append((str(path), f"# {path.stem}\n\n```{{list-table}}\n:widths: 30 70\n\n{body}\n```\n"))
        return _parsed(self, found)


def _number(path) -> tuple[str, str]:
    """Order by the number in the title, such as DS07; those without one come last."""
    first = path.with_name("card.md").read_text(encoding="utf-8").split("\n", 1)[0]
    number = re.search(r"DS\d\d", first)
    return (number[0] if number else "~", path.parent.name)


def _parsed(directive: SphinxDirective, texts: list[tuple[str, str]]) -> list[nodes.Node]:
    """Put the texts into the page as sections: their headings stand one level lower than in the file."""
    before = set(directive.state.document.findall(nodes.section))
    for source, text in texts:
        lines = _HEADING.sub(r"#\1 ", text).split("\n")
        directive.state.nested_parse(StringList(lines, source), 0, nodes.section(), match_titles=True)
    for section in set(directive.state.document.findall(nodes.section)) - before:
        # A card says of all its figures that they are synthetic.
        section[ALL_SYNTHETIC] = True
    return []


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("datasets", Datasets)
    app.add_directive("misconceptions", Misconceptions)
