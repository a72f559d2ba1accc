"""The {calibration} directive: what the simulated handlers make of the cases, as tables and one figure."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from trustkit.cases import calibration
from trustkit.cases.calibration import Population
from trustkit.cases.figure import draw_calibration
from trustkit.cases.handlers import handlers
from trustkit.cases.reader import read_case, text_of
from trustkit.course import case_ids
from trustkit.sphinxext.declarations import Use, course_domain
from trustkit.sphinxext.evidence import labelled
from trustkit.sphinxext.tables import table
from trustkit.sphinxext.wording import language_of, say


class Calibration(SphinxDirective):
    """Shows one part of the calibration: `rows`, `handlers`, `figure` or `cases`."""

    required_arguments = 1
    has_content = False
    parts: ClassVar[tuple[str, ...]] = ("rows", "handlers", "figure", "cases")

    def run(self) -> list[nodes.Node]:
        """Return the part that was asked for, with the note that all of it is simulated."""
        part = self.arguments[0]
        if part not in self.parts:
            raise self.error(f"there is no part `{part}` of the calibration. The parts are: {', '.join(self.parts)}.")
        for case in case_ids():
            self.env.note_dependency(str(read_case(case).document.path))
        self.env.note_dependency(calibration.__file__)
        found = _populations(tuple(case_ids()))
        shown = getattr(self, f"_{part}")(found)
        if part not in ("figure", "cases"):
            return [shown]
        note = self._labelled("synthetic", "", say(self.config, "calibration-note"))
        return [shown, nodes.paragraph("", "", note)]

    def _rows(self, found: Sequence[Population]) -> nodes.Node:
        language = language_of(self.config)
        return table(
            self._heads("claim", "holds", "row-source"),
            (
                (
                    # What was not read at its source is no more than a claim.
                    self._labelled("cited" if row.evidence else "claim", row.evidence, row.claim(language)),
                    say(self.config, f"calibration-{'yes' if row.holds else 'no'}"),
                    row.source,
                )
                for row in calibration.rows(found)
            ),
            (60, 10, 30),
        )

    def _handlers(self, found: Sequence[Population]) -> nodes.Node:
        language = language_of(self.config)
        rows = []
        for handler in handlers().values():
            crowds = [one.crowds[handler.id] for one in found]
            means = [sum(values) / len(crowds) for values in zip(*crowds)]
            words = handler.words[language]
            rows.append((f"{words.name}: {words.meaning}", f"{means[0]:.0f}", f"{means[1]:.0f}", _of_ten(means[2])))
        return table(self._heads("handler", "conduct", "outcome", "of-ten"), rows, (55, 15, 15, 15))

    def _cases(self, found: Sequence[Population]) -> nodes.Node:
        language = language_of(self.config)
        rows = []
        for one in found:
            source = read_case(one.case)
            title = text_of(source, language=language)["title"]
            passed = (_of_ten(one.crowds[id_].passed) for id_ in ("novice", "competent", "expert"))
            rows.append((title, str(source.document.data["difficulty"]), str(calibration.difficulty(one)), *passed))
        names = [handlers()[id_].words[language].name for id_ in ("novice", "competent", "expert")]
        return table([*self._heads("case", "declared", "measured"), *names], rows, (40, 12, 12, 12, 12, 12))

    def _figure(self, found: Sequence[Population]) -> nodes.Node:
        language = language_of(self.config)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "calibration.svg"
            draw_calibration(found, path, language)
            drawing = path.read_text(encoding="utf-8")
        drawing = drawing[drawing.index("<svg") :]
        alternative = say(self.config, "calibration-figure")
        drawing = drawing.replace("<svg ", f'<svg role="img" aria-label="{alternative}" ', 1)
        # It is wider than a phone and scrolls there, so that a keyboard must reach it.
        frame = f'<div class="tk-calibration" tabindex="0" role="region" aria-label="{alternative}">{drawing}</div>'
        figure = nodes.figure("", nodes.raw("", frame, format="html"))
        figure += nodes.caption("", alternative)
        return figure

    def _labelled(self, kind: str, key: str, text: str) -> labelled:
        node = labelled("", text, kind=kind, key=key, label=say(self.config, kind))
        node["help"] = say(self.config, f"{kind}-help", key=key)
        self.set_source_info(node)
        if key:
            course_domain(self.env).uses.setdefault(self.env.docname, []).append(Use(kind, key, self.lineno))
        return node

    def _heads(self, *names: str) -> list[str]:
        return [say(self.config, f"calibration-{name}") for name in names]


@cache
def _populations(cases: tuple[str, ...]) -> list[Population]:
    # One after the other: a build has them worked out already, on all processors.
    return [calibration.population(case) for case in cases]


def _of_ten(share: float) -> str:
    return f"{10 * share:.0f}"


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("calibration", Calibration)
