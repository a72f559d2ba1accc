"""The case room in a notebook: choose any case from a list and play it below."""

from __future__ import annotations

from pathlib import Path

import ipywidgets

from trustkit.cases.listing import case_entry, in_order
from trustkit.content import ContentError
from trustkit.course import CourseNotFound, case_ids
from trustkit.widgets.activity import CannotShow, RolePlay, course_language

_WORDS = {
    "en": {
        "choose": "Choose a case …",
        "label": "Case",
        "line": "{industry_name}: {title} ({customer}, difficulty {difficulty} of 5, about {minutes} min)",
        "stand_in": "Case room: choose one of {count} cases in JupyterLab, or on the page “Case room” of the book.",
    },
    "zh": {
        "choose": "选一个案例……",
        "label": "案例",
        "line": "{industry_name}：{title}（{customer}，难度 {difficulty} / 5，约 {minutes} 分钟）",
        "stand_in": "案例室：共 {count} 个案例，请在 JupyterLab 里选，或到课程网页的“案例室”里选。",
    },
}


class CaseRoom(ipywidgets.VBox):
    """A list of all cases; the one that is chosen is played below it, like `RolePlay("…")`.

    Args:
        lang: "en" or "zh"; left out, the language of the course (see `course_language`).

    Attributes:
        cases: the list to choose from; its value is the id of the case, or "".

    Raises:
        CannotShow: there is no course here, or not in this language.
    """

    def __init__(self, lang: str | None = None, *, folder: Path | None = None):
        self._language, self._folder = course_language(lang), folder
        words = _WORDS[self._language]
        try:
            entries = in_order([entry for id_ in case_ids() if (entry := self._entry(id_))])
        except CourseNotFound as error:
            raise CannotShow(str(error)) from None
        options = [
            (words["line"].format(**{**entry, "customer": entry["customer"]["name"]}), entry["id"]) for entry in entries
        ]
        self.cases = ipywidgets.Dropdown(
            options=[(words["choose"], ""), *options],
            description=words["label"],
            layout=ipywidgets.Layout(width="100%", max_width="46rem"),
        )
        super().__init__([self.cases])
        self.cases.observe(lambda change: self._open(change["new"]), "value")

    @property
    def play(self) -> RolePlay | None:
        """The case that is being played, or None before one was chosen."""
        return next((child for child in self.children if isinstance(child, RolePlay)), None)

    def _entry(self, case: str) -> dict | None:
        try:
            return case_entry(case, self._language)
        except ContentError:
            # An author will see what is wrong with it in lint; a trainee has the others.
            return None

    def _open(self, case: str) -> None:
        if not case:
            self.children = [self.cases]
            return
        try:
            below: ipywidgets.Widget = RolePlay(case, self._language, folder=self._folder)
        except CannotShow as error:
            below = ipywidgets.Label(str(error))
        self.children = [self.cases, below]

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        data = super()._repr_mimebundle_(**kwargs)
        # What a place without widgets shows: a printed notebook, a feedback page, a diff.
        data["text/plain"] = _WORDS[self._language]["stand_in"].format(count=len(self.cases.options) - 1)
        return data
