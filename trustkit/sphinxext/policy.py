"""Policy values in pages: `{{goodwill-agent}}` is said in the page's language, as the company has it."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from trustkit.cases.lint import cards_of_the_course
from trustkit.company.overlay import company_of, text_stamp
from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.policies import fill, read_policies, say, unknown_in, values
from trustkit.sphinxext.evidence import company_card
from trustkit.sphinxext.tables import table
from trustkit.sphinxext.wording import page_language, say_on

logger = logging.getLogger(__name__)


def say_values(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the values into a page's text; report one that does not exist with its line, and leave it as it is."""
    if "{{" not in source[0] or not (known := read_policies()):
        return
    here, language = values(), page_language(app.env)
    lines = source[0].split("\n")
    for at, line in enumerate(lines):
        if "{{" not in line:
            continue
        if unknown := [name for name in unknown_in(line, known) if not name.startswith("{{")]:
            logger.warning(
                "there is no policy value `%s`. Correct the id; the values stand in book/policies.yaml.",
                unknown[0], location=(docname, at + 1),
            )  # fmt: skip
        else:
            lines[at] = fill(line, language, here, known)
    source[0] = "\n".join(lines)


class CompanyCards(SphinxDirective):
    """Shows the rule cards that a company adds to those of the page; nothing where there is no company."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the cards that no page of the course declares."""
        try:
            company = company_of()
        except ContentError as problem:
            raise self.error(str(problem)) from None
        if company is None:
            return []
        ours = cards_of_the_course(course_root())
        return [card for id_ in company.cards if id_ not in ours and (card := company_card(self, id_))]


class PolicyValues(SphinxDirective):
    """Lists all policy values: name, value, what it is, and what keeps the course's own."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        here, language = values(), page_language(self.env)
        heads = [say_on(self.env, f"policy-{name}") for name in ("id", "value", "about", "keeps")]
        rows = []
        for id_, policy in read_policies().items():
            keepers = (keeper.split(" ", 1) for keeper in policy.keeps)
            kept = say_on(self.env, "room-comma").join(say_on(self.env, f"keeps-{kind}", name=n) for kind, n in keepers)
            rows.append((nodes.literal("", id_), say(policy, here[id_], language), policy.about[language], kept))
        return [table(heads, rows, (3, 2, 4, 3), wide=True)]


def register(app: Sphinx) -> None:
    """Hook into reading; every page is read again when a value, or a card of the company, is another one."""
    app.add_config_value("trustkit_policies", text_stamp(course_root()), "env", [str])
    app.add_directive("company-cards", CompanyCards)
    app.add_directive("policy-values", PolicyValues)
    app.connect("source-read", say_values)
