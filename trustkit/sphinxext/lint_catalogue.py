"""The {lint-catalogue} directive: every rule of lint with what is wrong, what to do, and an example."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from trustkit.cases import lint
from trustkit.cases.lint import RULES, lint_case
from trustkit.course import course_root
from trustkit.sphinxext.wording import language_of, say

DEFECTS = Path("tests/cases/defects")
"""Where a checkout has a small case for each rule that breaks it; an installed course has none."""
AROUND = 3
"""How many lines of the example stand above and below the line that lint names."""


@cache
def chinese_rules() -> dict[str, dict[str, str]]:
    """Return what is wrong and what to do in Chinese, by rule; the rules themselves stand in `lint.RULES`."""
    return yaml.safe_load(files("trustkit.cases").joinpath("lint-rules.zh.yaml").read_text(encoding="utf-8"))


class LintCatalogue(SphinxDirective):
    """Prints the catalogue of lint's rules."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return one definition for each rule, in the order in which lint lists them."""
        self.env.note_dependency(lint.__file__)
        self.env.note_dependency(str(files("trustkit.cases").joinpath("lint-rules.zh.yaml")))
        return [nodes.definition_list("", *(self._rule(rule) for rule in RULES), classes=["tk-rules"])]

    def _rule(self, rule: str) -> nodes.definition_list_item:
        severity = say(self.config, f"lint-{RULES[rule].severity}")
        term = nodes.term("", "", nodes.literal("", rule), nodes.Text(f" ({severity})"), ids=[f"lint-{rule}"])
        wrong, cure, foreign = RULES[rule].wrong, RULES[rule].cure, False
        if language_of(self.config) == "zh":
            chinese = chinese_rules().get(rule)
            wrong, cure, foreign = (chinese["wrong"], chinese["cure"], False) if chinese else (wrong, cure, True)
        classes = ["language-en"] if foreign else []
        definition = nodes.definition(
            "",
            nodes.paragraph("", wrong, classes=classes),
            nodes.paragraph(
                "", "", nodes.strong("", say(self.config, "lint-cure")), nodes.Text(" "),
                nodes.inline("", cure, classes=classes),
            ),
            *self._example(rule),
        )  # fmt: skip
        return nodes.definition_list_item("", term, definition)

    def _example(self, rule: str) -> list[nodes.Node]:
        """The lines around the place that lint names in the case with this defect, and what it says there."""
        folder = course_root() / DEFECTS / rule
        if not (folder / "case.yaml").exists():
            return []
        for path in folder.iterdir():
            self.env.note_dependency(str(path))
        finding = next((one for one in lint_case(folder) if one.rule == rule), None)
        if finding is None or not finding.path.is_file():
            return []
        lines = finding.path.read_bytes().decode("utf-8-sig", "replace").splitlines()
        first = max(0, finding.line - 1 - AROUND)
        block = nodes.literal_block("", "\n".join(lines[first : finding.line + AROUND]))
        block["language"] = "yaml"
        # A broken file need not be valid YAML.
        block["force"] = True
        block["linenos"] = True
        block["highlight_args"] = {"linenostart": first + 1, "hl_lines": [finding.line - first]}
        block["classes"].append("language-en")
        # Output of a program, so that a share in it is no figure of the book.
        message = nodes.literal("", finding.message, classes=["language-en"])
        place = nodes.literal("", f"{finding.path.name}:{finding.line}")
        said = nodes.paragraph("", "", place, nodes.Text(" "), message, classes=["tk-said-by-lint"])
        return [nodes.paragraph("", "", nodes.emphasis("", say(self.config, "lint-example"))), block, said]


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("lint-catalogue", LintCatalogue)
