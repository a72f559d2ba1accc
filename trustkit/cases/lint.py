"""Checks a case for what would break, mislead or strand a trainee; every rule has a code and a cure."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from trustkit.cases import craft
from trustkit.cases.compile import inspect_case
from trustkit.cases.kept import kept
from trustkit.cases.reader import BASE, CaseSource, data_of, policy_values, read_case, text_of, texts
from trustkit.cases.solve import Solution
from trustkit.content import ContentError, Place, digest, read_document
from trustkit.course import CourseNotFound, company_folder, course_root
from trustkit.policies import REFERENCE, read_policies
from trustkit.translation import KEY, drift
from trustkit.trust.customer import default_model
from trustkit.trust.vocabulary import vocabulary


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
    "undefined-card": Rule("error", "A rule card is named that does not exist.", "Declare it under `house_rules`."),
    "undefined-policy": Rule(
        "error", "A policy value is named that does not exist.", "Use a value of `book/policies.yaml`."
    ),
    # craft: of one case
    "few-variants": Rule("warning", "There are fewer than two variants.", "Add some, so that a retry is not recall."),
    "choices-on-offer": Rule(
        "warning", "A scene offers fewer than three or more than four choices.", "Add, merge or guard choices."
    ),
    "path-length": Rule(
        "warning", "The best path is too short or too long.", "Aim at 6 to 10 choices, in an exam at 10 to 16."
    ),
    "too-long": Rule("warning", "A text is longer than anybody would say or read.", "Shorten it."),
    "dominant-choice": Rule(
        "warning",
        "One choice is at least as good as every other in every respect.",
        "Let a rival be better in something.",
    ),
    "guessable": Rule(
        "warning",
        "The best choice is the longest, the first or the most apologetic in more than half of the decisions.",
        "Shorten it, move it, or let a worse choice say sorry.",
    ),
    "passes-by-chance": Rule(
        "warning", "Too many attempts at random pass.", "Let careless choices cost more in later scenes."
    ),
    "few-bad-endings": Rule(
        "warning", "Attempts that fail reach fewer than two endings.", "Write a second way to lose this customer."
    ),
    "not-decisive": Rule(
        "warning",
        "A behaviour listed under `compass` does not decide the case: the pass mark can be reached without it.",
        "Let its absence cost, or do not list it.",
    ),
    "offer-against-card": Rule(
        "warning", "An offer is above what the rule cards allow, and is not marked.", "Lower it, or mark it `against`."
    ),
    "promise-against-card": Rule(
        "warning", "A promise is sooner than the rule cards allow, and is not marked.", "Move it, or mark it `against`."
    ),
    "good-path-against-card": Rule(
        "warning", "A good path goes against a rule card.", "Change the card, the mark or the path."
    ),
    "explained-by-group": Rule(
        "warning",
        "A feedback or a person's description explains behaviour by nationality.",
        "Say what the person wants.",
    ),
    # craft: of the whole library
    "library-guessable": Rule(
        "warning",
        "Over all cases the best choice is the longest, the first or the most apologetic more often than by chance.",
        "Change the cases that do it most.",
    ),
    "library-compass": Rule(
        "warning", "A behaviour of the compass is decisive in fewer than three cases.", "Write a case that needs it."
    ),
    # language
    "no-chinese": Rule("note", "There is no zh.yaml; the case is played in English.", "Write the Chinese texts."),
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

    def as_dict(self) -> dict:
        """Return it as plain data."""
        return {**asdict(self), "path": str(self.path), "severity": self.severity}

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity} [{self.rule}] {self.message}"


@dataclass(frozen=True)
class Examination:
    """What lint learnt about a case.

    Attributes:
        case: the case's id.
        findings: by file and line.
        habits: how often the best choice could be guessed by its looks, over all variants; empty where the
            case has errors.
        neglect: for each compass behaviour what it costs never to do what is strongest in it, 0-100, the
            least over the variants; empty where the case has errors.
        endings: by ending which attempts reach it: "passes", "fails" or "both"; empty where the case has errors.
    """

    case: str
    findings: tuple[Finding, ...]
    habits: tuple[craft.Habit, ...]
    neglect: dict[str, int]
    endings: dict[str, str]

    @property
    def decisive(self) -> list[str]:
        """The compass behaviours without which nobody reaches the pass mark."""
        mark = default_model().pass_mark[1]
        return [behaviour for behaviour, cost in self.neglect.items() if 100 - cost < mark]


def lint_case(case: str | Path) -> list[Finding]:
    """Return all findings about a case, by file and line; an empty list where all is well.

    Raises:
        UnknownCase: there is no case with this id.
    """
    return list(examine(case).findings)


def lint_library(examinations: Sequence[Examination]) -> list[Finding]:
    """Return what is wrong with the cases as a whole, though each may be well by itself."""
    cases = course_root() / "cases"
    found = []
    sound = [one for one in examinations if one.habits]
    for name in craft.HABITS:
        habits = [habit for one in sound for habit in one.habits if habit.name == name]
        seen, expected = sum(habit.seen for habit in habits), sum(habit.expected for habit in habits)
        if seen > expected:
            message = f"the best choice is the {_habit(name)} in {seen} decisions, by chance in {expected:.0f}."
            found.append(_library_finding(cases, "library-guessable", message))
    decisive = Counter(behaviour for one in sound for behaviour in one.decisive)
    for behaviour in vocabulary().compass:
        if decisive[behaviour] < CASES_EACH:
            message = f"`{behaviour}` is decisive in {decisive[behaviour]} of {len(sound)} cases."
            found.append(_library_finding(cases, "library-compass", message))
    return found


CASES_EACH = 3
"""In so many cases of a library each compass behaviour should be decisive."""


def examine(case: str | Path) -> Examination:
    """Return everything that lint can learn about a case; kept until the case, its rule cards or lint changes.

    Raises:
        UnknownCase: there is no case with this id.
    """
    try:
        source = read_case(case)
    except ContentError as error:
        finding = Finding(error.path, max(error.line, 1), error.rule, error.message)
        return Examination(error.path.parent.name, (finding,), (), {}, {})
    files = [document.path for document in (source.document, source.chinese) if document]
    cards = sorted(_cards_of_the_book())
    written = [path.read_bytes().decode("utf-8-sig") for path in files]
    question = [source.id, [digest(text, 32) for text in written], cards]
    if any("{{" in text or "most_offer: " in text for text in written):
        question.append([policy_values(source), *read_policies()])
    answer = kept("lint", question, lambda: _as_data(_examine(source, cards), source.document.path.parent))
    return _from_data(answer, source.document.path.parent)


def examine_all(cases: Sequence[str | Path]) -> list[Examination]:
    """Return the examinations of several cases, on as many processors as there are."""
    with ProcessPoolExecutor(min(len(cases), os.cpu_count() or 1) or 1) as pool:
        return list(pool.map(examine, cases))


def _examine(source: CaseSource, cards: Sequence[str]) -> Examination:
    found, solutions = _structure(source, cards)
    if any(RULES[finding.rule].severity == "error" for finding in found) or not solutions:
        return Examination(source.id, tuple(sorted({*found, *_language(source)})), (), {}, {})
    found += _texts(source)
    found += _policy(source, solutions)
    judged, habits, neglect, endings = _craft(source, solutions)
    return Examination(source.id, tuple(sorted({*found, *judged, *_language(source)})), habits, neglect, endings)


def _as_data(one: Examination, folder: Path) -> dict:
    return {
        "case": one.case,
        "findings": [[os.path.relpath(f.path, folder), f.line, f.rule, f.message] for f in one.findings],
        "habits": [asdict(habit) for habit in one.habits],
        "neglect": one.neglect,
        "endings": one.endings,
    }


def _from_data(data: dict, folder: Path) -> Examination:
    return Examination(
        data["case"],
        tuple(Finding(folder / path, line, rule, message) for path, line, rule, message in data["findings"]),
        tuple(craft.Habit(**habit) for habit in data["habits"]),
        data["neglect"],
        data["endings"],
    )


def _structure(source: CaseSource, cards: Sequence[str]) -> tuple[list[Finding], list[Solution]]:
    found = _duplicate_endings(source) + _undefined_cards(source, cards) + _undefined_policies(source)
    if found:
        return found, []
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
    return found, solutions


def _duplicate_endings(source: CaseSource) -> list[Finding]:
    ids = [ending["id"] for ending in source.document.data["endings"]]
    return [
        _finding(source, ("endings", at, "id"), "duplicate-id", f"the ending `{id_}` stands twice.")
        for at, id_ in enumerate(ids)
        if id_ in ids[:at]
    ]


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


def _undefined_cards(source: CaseSource, cards: Sequence[str]) -> list[Finding]:
    data = source.document.data
    known = {*cards, *data.get("house_rules", {})}
    named: list[tuple[Place, str]] = [(("rules", at), code) for at, code in enumerate(data.get("rules", []))]
    named += [((*place, "against"), choice["against"]) for place, choice in _choices(data) if "against" in choice]
    return [
        _finding(source, place, "undefined-card", f"there is no rule card `{code}`.")
        for place, code in named
        if code not in known
    ]


def _undefined_policies(source: CaseSource) -> list[Finding]:
    """Policy values that texts or settings name and nobody declares, and references that nobody can read."""
    known, data = read_policies(), source.document.data
    found = []
    settings: list[tuple[Place, str]] = [(("policies", id_), id_) for id_ in data.get("policies", {})]
    offers = [((), data), *((("variants", id_), one) for id_, one in data.get("variants", {}).items())]
    settings += [
        ((*place, "most_offer"), one["most_offer"]) for place, one in offers if isinstance(one.get("most_offer"), str)
    ]
    for place, id_ in settings:
        if id_ not in known:
            found.append(_finding(source, place, "undefined-policy", f"there is no policy value `{id_}`."))
        elif place[-1] == "most_offer" and known[id_].kind != "money":
            found.append(_finding(source, place, "undefined-policy", f"the policy value `{id_}` is no money."))
    for document in (source.document, source.chinese):
        for key, text in texts(document.data) if document else ():
            names = [match[1] for match in REFERENCE.finditer(text)]
            wrong = [f"`{id_}`" for id_ in names if id_ not in known]
            if "{{" in REFERENCE.sub("", text):
                wrong.append("what stands in `{{`")
            for name in wrong:
                message = f"`{key}`: there is no policy value {name}. {RULES['undefined-policy'].cure}"
                place = _place_of(key) if document is source.chinese else _text_place(source, key)
                found.append(Finding(document.path, document.line(place), "undefined-policy", message))
    return found


def _cards_of_the_book() -> set[str]:
    """The ids of the cards on the pages, and of those that a company adds to them."""
    try:
        found, company = cards_of_the_course(course_root()), company_folder()
    except CourseNotFound:
        return set()
    if company and (company / "company.yaml").is_file():
        own = read_document(company / "company.yaml").data
        found |= set(own["rules"]) if isinstance(own, dict) and isinstance(own.get("rules"), dict) else set()
    return found


def cards_of_the_course(root: Path) -> set[str]:
    """Return the ids of the rule cards on the pages of a course."""
    pages = (root / "book" / "en").rglob("*.md")
    return {code for page in pages for code in _CARD.findall(page.read_text(encoding="utf-8"))}


_CARD = re.compile(r"^`{3,}\{rule-card\} *(\S+)", re.MULTILINE)


def _texts(source: CaseSource) -> list[Finding]:
    """Texts that nobody would say, and reasons that nobody should give."""
    found = []
    for key, text in texts(source.document.data):
        parts = key.split(".")
        kind = "customer" if "customer" in parts and "scenes" in parts else parts[-1]
        words, most = len(text.split()), craft.MOST_WORDS.get(kind)
        if most and words > most:
            message = f"`{key}` has {words} words; the most is {most}."
            found.append(_finding(source, _text_place(source, key), "too-long", message))
        demonym = _NATIONALITY.search(text) if parts[-1] in ("feedback", "about") else None
        if demonym:
            message = f"`{key}` names a nationality, “{demonym.group()}”."
            found.append(_finding(source, _text_place(source, key), "explained-by-group", message))
    if len(source.variants) < 3:
        message = f"the case has {len(source.variants) - 1} variants beside the base."
        found.append(_finding(source, ("variants",), "few-variants", message))
    return found


_NATIONALITY = re.compile(
    r"\b(?:African|American|Arab|Asian|Brazilian|British|Canadian|Chinese|Dutch|Emirati|English(?:man|woman)|European|"
    r"French|German|Indian|Indonesian|Iranian|Irish|Israeli|Italian|Japanese|Korean|Kuwaiti|Latin[ao]?|Malaysian|Mexican|"
    r"Nigerian|Norwegian|Pakistani|Philippine|Polish|Portuguese|Romanian|Russian|Saudi|Scottish|Singaporean|Spanish|"
    r"Swedish|Swiss|Thai|Turkish|Ukrainian|Vietnamese|Western|Eastern)s?\b"
)
"""Words for where people come from; in a feedback or a description of a person they would be its explanation."""


def _policy(source: CaseSource, solutions: Sequence[Solution]) -> list[Finding]:
    """Offers, promises and good paths that go against the rule cards."""
    found = []
    for variant, solution in zip(source.variants, solutions):
        data = data_of(source, variant)
        for place, choice in _choices(data):
            if "against" in choice:
                continue
            here = _own_place(source, variant, place)
            money = choice.get("offer", 0) * data["harm"]["amount"] / 1000
            most = data.get("most_offer")
            most = policy_values(source)[most] if isinstance(most, str) else most
            if most is not None and money > most * 1.01:
                message = f"variant `{variant}`: this offers {money:,.0f}; the cards allow {most:,.0f}."
                found.append(_finding(source, (*here, "offer"), "offer-against-card", message))
            promise = choice.get("promise")
            soonest = promise and data["promises"][promise["what"]].get("soonest")
            if soonest and promise["due"] < soonest:
                message = f"variant `{variant}`: promised for {promise['due']} minutes; the cards allow {soonest}."
                found.append(_finding(source, (*here, "promise"), "promise-against-card", message))
        for name, path in craft.good_paths(solution):
            for scene, choice in path:
                place = ("scenes", scene, "choices", choice)
                card = data["scenes"][scene]["choices"][choice].get("against")
                if card:
                    message = f"variant `{variant}`: the {name} path takes `{choice}`, which is against {card}."
                    found.append(_finding(source, (*place, "against"), "good-path-against-card", message))
    return found


def _craft(
    source: CaseSource, solutions: Sequence[Solution]
) -> tuple[list[Finding], tuple[craft.Habit, ...], dict[str, int], dict[str, str]]:
    """What makes a case worth practising; every variant counts."""
    found = []
    habits: list[craft.Habit] = []
    neglect = dict.fromkeys(vocabulary().compass, 100)
    endings: dict[str, str] = {}
    for variant, solution in zip(source.variants, solutions):
        said = f"variant `{variant}`"
        decisions = craft.decisions(solution)
        low, high = craft.ON_OFFER
        for decision in decisions:
            place = ("scenes", decision.scene)
            if not low <= len(decision.choices) <= high:
                message = f"{said}: scene `{decision.scene}` can offer {_counted(decision.choices)}."
                found.append(_finding(source, place, "choices-on-offer", message))
            if decision.dominant:
                message = f"{said}: in scene `{decision.scene}` nothing speaks against `{decision.dominant}`"
                message += f" (beside {_listed(decision)})."
                found.append(_finding(source, (*place, "choices", decision.dominant), "dominant-choice", message))
        habits += craft.habits(solution, decisions, text_of(source, variant))
        shortest, longest = craft.PATH_LENGTH["exam" if source.document.data.get("exam") else "practice"]
        steps = len(solution.best_path().choices)
        if not shortest <= steps <= longest:
            found.append(_finding(source, (), "path-length", f"{said}: the best path takes {steps} choices."))
        share = craft.passes_by_chance(solution)
        if share > craft.MOST_BY_CHANCE:
            found.append(_finding(source, (), "passes-by-chance", f"{said}: {share:.1%} of random attempts pass."))
        for ending, who in craft.endings(solution).items():
            endings[ending] = who if endings.get(ending, who) == who else "both"
        for behaviour, cost in zip(neglect, craft.costs_of_neglect(solution)):
            neglect[behaviour] = min(neglect[behaviour], cost)
    together = [_together(name, habits) for name in craft.HABITS]
    for habit in together:
        if habit.seen > habit.decisions * craft.MOST_GIVEAWAY:
            message = f"the best choice is the {_habit(habit.name)} in {habit.seen} of {habit.decisions} decisions."
            found.append(_finding(source, (), "guessable", message))
    bad = [ending for ending, who in endings.items() if who != "passes"]
    if len(bad) < 2:
        found.append(_finding(source, ("endings",), "few-bad-endings", f"attempts that fail end in {len(bad)}."))
    mark = default_model().pass_mark[1]
    for at, behaviour in enumerate(source.document.data.get("compass", [])):
        if behaviour not in neglect:
            message = f"`{behaviour}` is not one of {', '.join(neglect)}."
            found.append(_finding(source, ("compass", at), "not-decisive", message))
        elif 100 - neglect[behaviour] >= mark:
            message = f"without `{behaviour}` an outcome of {100 - neglect[behaviour]} can be reached."
            found.append(_finding(source, ("compass", at), "not-decisive", message))
    return found, tuple(together), neglect, endings


def _together(name: str, habits: Sequence[craft.Habit]) -> craft.Habit:
    same = [habit for habit in habits if habit.name == name]
    return craft.Habit(
        name, sum(h.seen for h in same), round(sum(h.expected for h in same), 3), sum(h.decisions for h in same)
    )


def _habit(name: str) -> str:
    return {"longest": "longest", "first": "first in the file", "most-apologetic": "most apologetic"}[name]


def _counted(choices: Sequence[str]) -> str:
    return f"{len(choices)} choice{'' if len(choices) == 1 else 's'} ({', '.join(choices)})"


def _listed(decision: craft.Decision) -> str:
    return ", ".join(f"`{choice}`" for choice in decision.choices if choice != decision.dominant)


def _choices(data: dict) -> list[tuple[Place, dict]]:
    return [
        (("scenes", scene_id, "choices", choice_id), choice)
        for scene_id, scene in data["scenes"].items()
        for choice_id, choice in scene.get("choices", {}).items()
    ]


def _own_place(source: CaseSource, variant: str, place: Place) -> Place:
    own = ("variants", variant, *place)
    return own if variant != BASE and own in source.document.lines else place


def _text_place(source: CaseSource, key: str) -> Place:
    """Where a text stands; endings are a list in the file and named by id in keys."""
    place = list(_place_of(key))
    if "endings" in place and "variants" not in place:
        at = place.index("endings")
        ids = [ending["id"] for ending in source.document.data["endings"]]
        place[at + 1] = ids.index(place[at + 1])
    return tuple(place)


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


def _library_finding(cases: Path, rule: str, message: str) -> Finding:
    return Finding(cases, 1, rule, f"{message} {RULES[rule].cure}")


def _finding(source: CaseSource, place: Place, rule: str, message: str) -> Finding:
    return Finding(source.document.path, source.document.line(place), rule, f"{message} {RULES[rule].cure}")
