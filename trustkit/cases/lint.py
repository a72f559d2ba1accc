"""Checks a case for what would break, mislead or strand a trainee; every rule has a code and a cure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from trustkit.cases.compile import inspect_case
from trustkit.cases.reader import CaseSource, read_case, texts
from trustkit.cases.solve import Solution
from trustkit.content import ContentError, Place
from trustkit.translation import KEY, drift


class Rule(NamedTuple):
    """A rule of the catalogue: what it says is wrong and how to cure it."""

    severity: str
    wrong: str
    cure: str


RULES = {
    # structure
    "broken-file": Rule("error", "The file cannot be read or does not have the form of a case.", "Follow the message."),
    "duplicate-id": Rule("error", "The same id stands twice in one place.", "Rename or remove one."),
    "undefined-scene": Rule("error", "A choice leads to a scene that does not exist.", "Correct `to`."),
    "undefined-fact": Rule("error", "A choice reveals a fact that is not declared.", "Declare it under `facts`."),
    "undefined-promise": Rule(
        "error", "A promise is made or kept that is not declared.", "Declare it under `promises`."
    ),
    "undefined-red-line": Rule("error", "A red line is not on the closed list.", "Use a code of the list."),
    "unknown-behaviour": Rule("error", "A tag is not in the vocabulary.", "Use a tag of the vocabulary."),
    "derived-behaviour": Rule("error", "A tag is one that the engine finds itself.", "Remove it."),
    "bad-guard": Rule(
        "error", "A condition cannot be understood.", "Use facts and comparisons, joined by and, or, not."
    ),
    "no-last-line": Rule("error", "The customer may have nothing to say.", "Leave `when` out of the last line."),
    "no-last-ending": Rule(
        "error", "A conversation may end without an ending.", "Leave `when` out of the last ending."
    ),
    "unreachable-scene": Rule("error", "No choice leads to this scene.", "Lead to it, or remove it."),
    "never-ends": Rule("error", "From this scene no closing scene can be reached.", "Lead on to a closing scene."),
    "fact-never-revealed": Rule("error", "A hidden fact cannot come out.", "Let a choice reveal it, or remove it."),
    "variant-of-nothing": Rule("error", "A variant changes something that the case does not have.", "Correct the id."),
    # state
    "no-choice-on-offer": Rule("error", "A trainee can get stuck.", "Give the scene one choice without `requires`."),
    "too-many-positions": Rule("error", "The case is too large to be solved.", "Let more choices lead together."),
    "guard-never-holds": Rule(
        "error", "A condition holds in no reachable state.", "Loosen it, or remove what it guards."
    ),
    "unreachable-ending": Rule("error", "An ending is reached in no variant.", "Loosen its guard, or remove it."),
    "no-second-path": Rule("error", "Fewer than two ways through pass.", "Make a second good way possible."),
    "missing-red-line": Rule(
        "error", "A red line that the case declares cannot be crossed.", "Mark the choice that crosses it."
    ),
    # language
    "no-chinese": Rule("error", "There is no zh.yaml.", "Write the Chinese texts."),
    "missing-text": Rule("error", "A text has no Chinese.", "Write it in zh.yaml under the same id."),
    "stale-text": Rule(
        "error",
        "The English has changed since it was translated.",
        "Check the Chinese, then run `trustkit translate-stamp`.",
    ),
    "extra-text": Rule(
        "error", "The Chinese file has a text that the case does not have.", "Remove it, or correct its id."
    ),
    "placeholder": Rule("error", "A `{placeholder}` stands in one language only.", "Use the same in both."),
}

_DRIFT = {
    "missing": "missing-text",
    "stale": "stale-text",
    "unstamped": "stale-text",
    "extra": "extra-text",
    "placeholder": "placeholder",
}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that lint found, with what to do about it; sorts by file and line."""

    path: Path
    line: int
    rule: str
    message: str

    @property
    def severity(self) -> str:
        return RULES[self.rule].severity

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity} [{self.rule}] {self.message}"


def lint_case(case: str | Path) -> list[Finding]:
    """Return all findings about a case, by file and line; an empty list where all is well.

    Raises:
        UnknownCase: there is no case with this id.
    """
    try:
        source = read_case(case)
    except ContentError as error:
        return [Finding(error.path, max(error.line, 1), error.rule, error.message)]
    return sorted({*_structure(source), *_language(source)})


def _structure(source: CaseSource) -> list[Finding]:
    found = _duplicate_endings(source) + _variants_of_nothing(source)
    if found:
        return found
    solutions: list[Solution] = []
    for variant in source.variants:
        faults, solution = inspect_case(source, variant)
        found += [Finding(error.path, error.line, error.rule, error.message) for error in faults]
        if solution:
            solutions.append(solution)
    broken_references = {rule for rule in RULES if rule.startswith("undefined-")}
    if not any(finding.rule in broken_references for finding in found):
        dead_ends = _dead_ends(source)
        if any(finding.rule == "never-ends" for finding in dead_ends):
            # A conversation that goes round for ever is also too large; one cause, one finding.
            found = [finding for finding in found if finding.rule != "too-many-positions"]
        found += dead_ends + _hidden_forever(source)
    if len(solutions) == len(source.variants) and not found:
        found += _state(source, solutions)
    return found


def _duplicate_endings(source: CaseSource) -> list[Finding]:
    ids = [ending["id"] for ending in source.document.data["endings"]]
    return [
        _finding(source, ("endings", at, "id"), "duplicate-id", f"the ending `{id_}` stands twice.")
        for at, id_ in enumerate(ids)
        if id_ in ids[:at]
    ]


def _variants_of_nothing(source: CaseSource) -> list[Finding]:
    data = source.document.data
    endings = {ending["id"]: ending for ending in data["endings"]}
    found = []

    def compare(changes: dict, known: dict, place: Place) -> None:
        for id_ in changes:
            if id_ not in known:
                found.append(
                    _finding(source, (*place, id_), "variant-of-nothing", f"`{id_}` is not in the case itself.")
                )

    for variant_id, variant in data.get("variants", {}).items():
        place = ("variants", variant_id)
        for kind in ("facts", "promises", "scenes"):
            compare(variant.get(kind, {}), data.get(kind, {}), (*place, kind))
        compare(variant.get("endings", {}), endings, (*place, "endings"))
        for scene_id, scene in variant.get("scenes", {}).items():
            known = data["scenes"].get(scene_id, {}).get("choices", {})
            compare(scene.get("choices", {}), known, (*place, "scenes", scene_id, "choices"))
    return found


def _dead_ends(source: CaseSource) -> list[Finding]:
    """Scenes that nothing leads to (searched forward), and scenes that lead nowhere (searched backward)."""
    data = source.document.data
    leads = {
        id_: {choice["to"] for choice in scene.get("choices", {}).values()} for id_, scene in data["scenes"].items()
    }
    start = data.get("start", next(iter(leads)))
    forward = _closure({start}, leads)
    arrives: dict[str, set[str]] = {id_: set() for id_ in leads}
    for id_, targets in leads.items():
        for target in targets:
            arrives[target].add(id_)
    backward = _closure({id_ for id_, targets in leads.items() if not targets}, arrives)
    return [
        _finding(source, ("scenes", id_), "unreachable-scene", f"nothing leads to the scene `{id_}`.")
        for id_ in leads
        if id_ not in forward
    ] + [
        _finding(source, ("scenes", id_), "never-ends", f"from the scene `{id_}` the conversation never ends.")
        for id_ in leads
        if id_ not in backward
    ]


def _hidden_forever(source: CaseSource) -> list[Finding]:
    data = source.document.data
    revealed = {
        fact
        for scene in data["scenes"].values()
        for choice in scene.get("choices", {}).values()
        for fact in choice.get("reveals", [])
    }
    return [
        _finding(source, ("facts", id_), "fact-never-revealed", f"the hidden fact `{id_}` is never revealed.")
        for id_, fact in data.get("facts", {}).items()
        if fact.get("hidden", False) and id_ not in revealed
    ]


def _state(source: CaseSource, solutions: list[Solution]) -> list[Finding]:
    """What can be seen only by visiting every reachable position of every variant."""
    spoken: set[tuple[int, int]] = set()
    offered: set[tuple[int, int]] = set()
    ended: set[int] = set()
    crossed = 0
    found = []
    for variant, solution in zip(source.variants, solutions):
        play = solution.play
        for position in solution.positions:
            spoken.add((position.scene, play.line(position)))
            offered.update((position.scene, index) for index in play.choices(position))
            if play.is_over(position):
                ended.add(play.ending(position))
                crossed |= position.red_lines
        if not play.passed(solution.best_path().end) or solution.acceptable_path() is None:
            found.append(
                _finding(source, (), "no-second-path", f"variant `{variant}` has fewer than two passing ways through.")
            )
    structure = solutions[0].play.structure
    for at, scene in enumerate(structure["scenes"]):
        place = ("scenes", scene["id"])
        if not any(here == at for here, _ in spoken):
            found.append(
                _finding(source, place, "unreachable-scene", f"no state in any variant reaches `{scene['id']}`.")
            )
            continue
        for line, guard in enumerate(scene["lines"]):
            if guard and (at, line) not in spoken:
                found.append(
                    _finding(
                        source, (*place, "customer", line, "when"), "guard-never-holds",
                        f"line {line + 1} of scene `{scene['id']}` is never spoken.",
                    )
                )  # fmt: skip
        for index, choice in enumerate(scene["choices"]):
            if (at, index) not in offered:
                found.append(
                    _finding(
                        source, (*place, "choices", choice["id"], "requires"), "guard-never-holds",
                        f"the choice `{choice['id']}` is never on offer.",
                    )
                )  # fmt: skip
    for index, ending in enumerate(structure["endings"]):
        if index not in ended:
            found.append(
                _finding(
                    source, ("endings", index), "unreachable-ending", f"the ending `{ending['id']}` is never reached."
                )
            )
    codes = [red_line["id"] for red_line in structure["red_lines"]]
    for at, code in enumerate(source.document.data.get("red_lines", [])):
        if code not in codes:
            found.append(_finding(source, ("red_lines", at), "undefined-red-line", f"`{code}` is not on the list."))
        elif not crossed >> codes.index(code) & 1:
            found.append(_finding(source, ("red_lines", at), "missing-red-line", f"no choice crosses `{code}`."))
    return found


def _language(source: CaseSource) -> list[Finding]:
    if source.chinese is None:
        return [_finding(source, (), "no-chinese", "the Chinese texts are missing.")]
    chinese = source.chinese
    stamps = chinese.data.get(KEY, {})
    found = []
    for kind, key in drift(texts(source.document.data), texts(chinese.data), stamps):
        document = source.document if kind == "missing" else chinese
        rule = _DRIFT[kind]
        message = f"`{key}`: {_SAYS[kind]} {RULES[rule].cure}"
        found.append(Finding(document.path, document.line(_place_of(key)), rule, message))
    return found


_SAYS = {
    "missing": "there is no Chinese text.",
    "stale": "the English text has changed.",
    "unstamped": "this text was never stamped.",
    "extra": "there is no such text in the case.",
    "placeholder": "the placeholders differ.",
}


def _place_of(key: str) -> Place:
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for target in edges[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _finding(source: CaseSource, place: Place, rule: str, message: str) -> Finding:
    return Finding(source.document.path, source.document.line(place), rule, f"{message} {RULES[rule].cure}")
