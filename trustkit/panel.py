"""Runs a simulator or checker for its panel: the answers so far in, the blocks to show out.

The page's worker and the notebook's kernel ask the same function, so that both show the same. Nothing is kept in
between: undo, resume and replay are the same call with other answers.
"""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from types import ModuleType
from typing import Any

from trustkit import checkers, simulators
from trustkit.blocks import Block, Result, check_answer, open_form

KINDS = {"simulator": simulators, "checker": checkers}
LANGUAGES = ("en", "zh")

_STALE = {
    "en": "This answer belongs to another question than the one that is open.",
    "zh": "这个回答对应的不是当前的问题。",
}


def panel_bundle(kind: str, id: str, language: str = "en") -> dict[str, Any]:
    """Return what the panel of a simulator or checker needs to begin: its title, length and version.

    Raises:
        trustkit.simulators.UnknownSimulator, trustkit.checkers.UnknownChecker: no such id.
    """
    module = KINDS[kind].load(id)
    return {
        "kind": kind,
        "id": id,
        "lang": language,
        "title": module.TITLE[language],
        "about": module.ABOUT[language],
        "minutes": module.MINUTES,
        "hash": content_hash(kind, id),
    }


def content_hash(kind: str, id: str) -> str:
    """Return the mark of a module's version: 16 hex digits of the digest of its source and of its word lists."""
    package = KINDS[kind]
    package.load(id)
    stem = package.MODULES[id]
    digest = hashlib.sha256()
    for file in sorted(files(package.__name__).iterdir(), key=lambda file: file.name):
        if file.name == f"{stem}.py" or (file.name.startswith(stem) and file.name.endswith(".toml")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def panel_answer(
    kind: str, id: str, steps: list[dict[str, Any]], language: str = "en", seed: int = 0, *, new: int = 1
) -> dict[str, Any]:
    """Return what a panel shows after these steps.

    Args:
        steps: the forms submitted so far, each `{form, values}`.
        seed: what the run is drawn from.
        new: how many steps at the end are checked against their forms; those before were checked when they came.

    Returns:
        `blocks`; `undo`, whether the last answer may be taken back; `result`, `{passed, parts}` once a simulator
        run counts, else None. Or `{problem}`, a sentence for the person whose last answer does not fit.
    """
    module = KINDS[kind].load(id)
    answers = [step["values"] for step in steps]
    undo = False
    try:
        for number in range(max(0, len(steps) - max(new, 1)), len(steps)):
            asked = open_form(module.show(answers[:number], language, seed))
            if asked is None or asked["id"] != steps[number].get("form"):
                raise ValueError(_STALE[language])
            if number >= len(steps) - new:
                check_answer(asked, answers[number], language)
            undo = not asked["final"]
        blocks: list[Block] = module.show(answers, language, seed)
        return {"blocks": blocks, "undo": undo, "result": _scores(module, answers, seed)}
    except ValueError as error:
        return {"problem": str(error)}


def panel_answer_json(question: str) -> str:
    """Return what `panel_answer` says to a question in JSON, as JSON: how the page's worker asks.

    Anything but an answer that does not fit is a fault of the module and comes back as `{fault}`.
    """
    asked = json.loads(question)
    try:
        said = panel_answer(asked["kind"], asked["id"], asked["steps"], asked["lang"], asked["seed"])
    except Exception as error:
        said = {"fault": f"{type(error).__name__}: {error}"}
    return json.dumps(said, ensure_ascii=False)


def _scores(module: ModuleType, answers: list[dict[str, Any]], seed: int) -> dict[str, Any] | None:
    judge = getattr(module, "judge", None)
    if judge is None:
        return None
    result: Result = judge(answers, seed)
    return {"passed": result.reached, "parts": dict(result.parts)} if result.finished else None
