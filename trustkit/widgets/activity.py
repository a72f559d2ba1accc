"""The notebook widgets: the page's own player in a cell, with the finished attempts replayed and kept by Python."""

from __future__ import annotations

import html
import locale
import os
from pathlib import Path

import anywidget
import traitlets

from trustkit import player
from trustkit.attempts.record import AttemptRefused, read_attempts, write_attempt
from trustkit.attempts.replay import Result, best_and_latest, replay
from trustkit.cases.bundle import case_bundle
from trustkit.cases.reader import read_case
from trustkit.content import ContentError
from trustkit.course import CourseNotFound, case_ids, drill_ids
from trustkit.drills.bundle import drill_bundle
from trustkit.panel import panel_answer
from trustkit.workspace import asking_folders, notebook_language, student_id

LANGUAGES = ("en", "zh")
ATTEMPTS_FOLDER = "attempts"

# JupyterLab lets every term of a list float in a narrow column.
_IN_JUPYTERLAB = ".tk-player.tk-player dl :is(dt, dd) { float: none; width: auto; }\n"

_STAND_IN = {
    "en": {
        "case": "Role-play: {title}",
        "drill": "Drill: {title}",
        "simulator": "Simulator: {title}",
        "checker": "Text checker: {title}",
        "hint": "Play it in JupyterLab, or on the page of its lesson.",
    },
    "zh": {
        "case": "角色扮演：{title}",
        "drill": "小练习：{title}",
        "simulator": "模拟：{title}",
        "checker": "文字检查：{title}",
        "hint": "请在 JupyterLab 中运行，或在对应课文的页面上进行。",
    },
}


class CannotShow(Exception):
    """An activity that cannot be shown; a notebook prints the message as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Activity(anywidget.AnyWidget):
    """What all activities have in common: the player, and the attempts as they finish.

    Each finished attempt is replayed, so that its score is Python's own, and written to `attempts/` beside
    the notebook; in a trainee's folder (TRUSTKIT_WORKSPACE) also to each assignment that asks for it. An
    attempt that was kept there earlier is shown again when the notebook is opened anew.

    Attributes:
        bundle: what the player plays.
        attempts: the finished attempt records.
        current: the record of the attempt that is going on, or empty.
        learner: who is playing.
    """

    _esm = player.module()
    _css = player.style() + _IN_JUPYTERLAB
    bundle = traitlets.Dict().tag(sync=True)
    attempts = traitlets.List().tag(sync=True)
    current = traitlets.Dict().tag(sync=True)
    learner = traitlets.Unicode().tag(sync=True)

    def __init__(self, bundle: dict, folder: Path | None = None):
        self._folder = Path(folder) if folder else Path.cwd() / ATTEMPTS_FOLDER
        self._results: dict[str, Result] = {}
        self.refused: list[str] = []
        super().__init__(bundle=bundle, learner=student_id(), attempts=self._kept(bundle["id"]))
        self._take(self.attempts)
        self.observe(lambda change: self._take(change["new"]), "attempts")
        self.on_msg(self._answer)

    def _answer(self, _: object, content: dict, buffers: list) -> None:
        """Answer what the view asks of a simulator or checker: its own panel, or the look at a trainee's words."""
        question = content.get("question") or {}
        try:
            answer = panel_answer(
                question["kind"], question["id"], question["steps"], self.bundle["lang"], question["seed"]
            )
        except Exception as error:
            answer = {"fault": f"{type(error).__name__}: {error}"}
        self.send({"number": content.get("number"), "answer": answer})

    @property
    def results(self) -> list[Result]:
        """The finished attempts as Python scores them, in the order they were finished."""
        return sorted(self._results.values(), key=lambda result: result.record["finished_at"])

    @property
    def best(self) -> dict | None:
        """The scores of the best finished attempt, or None before the first."""
        best, _ = best_and_latest(self.results)
        return best.scores if best else None

    @property
    def latest(self) -> dict | None:
        """The scores of the latest finished attempt, or None before the first."""
        _, latest = best_and_latest(self.results)
        return latest.scores if latest else None

    @property
    def score(self) -> dict | None:
        """The scores that count, which are those of the best attempt, or None before the first."""
        return self.best

    def _kept(self, activity: str) -> list[dict]:
        if not self._folder.is_dir():
            return []
        records, _ = read_attempts(self._folder)
        finished = [record for record in records if record["activity"] == activity and record["finished_at"]]
        return sorted(finished, key=lambda record: record["finished_at"])

    def _folders(self, activity: str) -> list[Path]:
        workspace = os.environ.get("TRUSTKIT_WORKSPACE")
        asked_for = asking_folders(Path(workspace), activity) if workspace else []
        return list(dict.fromkeys([self._folder, *asked_for]))

    def _take(self, records: list[dict]) -> None:
        for record in records:
            if record.get("id") in self._results:
                continue
            try:
                result = replay(record)
                for folder in self._folders(record["activity"]):
                    write_attempt(folder, record)
            except AttemptRefused as error:
                self.refused.append(error.message)
            except OSError as error:
                self.refused.append(f"The attempt could not be written to {self._folder}: {error.strerror}.")
            else:
                self._results[record["id"]] = result

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict] | None:
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        words = _STAND_IN[self.bundle["lang"]]
        name, hint = words[self.bundle["kind"]].format(title=self.bundle["title"]), words["hint"]
        # What a place without widgets shows: a printed notebook, a feedback page, a diff.
        data["text/plain"] = f"{name}\n{hint}"
        data["text/html"] = f"<p><strong>{html.escape(name)}</strong><br>{html.escape(hint)}</p>"
        return data, metadata


class RolePlay(Activity):
    """A complaint case to play: `RolePlay("fridge-failed-twice")`.

    Args:
        case: id of the case.
        lang: "en" or "zh"; left out, the language of the course (see `course_language`).
        variant: the variant to play; left out, each new attempt takes the next one.

    Raises:
        CannotShow: there is no such case, language or variant; the message lists those there are.
    """

    def __init__(self, case: str, lang: str | None = None, variant: str | None = None, *, folder: Path | None = None):
        language = course_language(lang)
        try:
            bundle = case_bundle(_known("case", case, case_ids()), language)
            if variant is not None:
                variants = read_case(case).variants
                if variant not in variants:
                    raise CannotShow(f"`{case}` has no variant `{variant}`. The variants are: {', '.join(variants)}.")
                bundle["variants"] = [one for one in bundle["variants"] if one["id"] == variant]
        except (CourseNotFound, ContentError) as error:
            raise CannotShow(str(error)) from None
        super().__init__(bundle, folder)


class Drill(Activity):
    """A drill to do: `Drill("trust-or-not")`.

    Args:
        drill: id of the drill.
        lang: "en" or "zh"; left out, the language of the course (see `course_language`).

    Raises:
        CannotShow: there is no such drill or language; the message lists those there are.
    """

    def __init__(self, drill: str, lang: str | None = None, *, folder: Path | None = None):
        language = course_language(lang)
        try:
            bundle = drill_bundle(_known("drill", drill, drill_ids()), language)
        except (CourseNotFound, ContentError) as error:
            raise CannotShow(str(error)) from None
        super().__init__(bundle, folder)


def course_language(lang: str | None = None) -> str:
    """Return the language to show: the one asked for, else TRUSTKIT_LANG, else the notebook's, else the locale.

    An assignment's notebook says its language; any other one is in the language its folder is named after,
    such as `notebooks/zh`.

    Raises:
        CannotShow: the language asked for is not one of ours.
    """
    asked = lang or os.environ.get("TRUSTKIT_LANG", "")
    if asked:
        if asked not in LANGUAGES:
            raise CannotShow(f"There is no language `{asked}`. The languages are: {', '.join(LANGUAGES)}.")
        return asked
    here = Path.cwd()
    for language in (notebook_language(here), here.name):
        if language in LANGUAGES:
            return language
    return "zh" if (locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else "en"


def _known(kind: str, activity: object, ids: list[str]) -> str:
    """Return the id if it is one of those there are; a trainee names activities by their ids, never by a path."""
    if activity in ids:
        return str(activity)
    raise CannotShow(f"There is no {kind} `{activity}`. The {kind}s are: {', '.join(ids) or 'none yet'}.")
