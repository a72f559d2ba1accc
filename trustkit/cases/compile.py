"""Compiles a case to the structure that the engines play: integers, indices and guards, no words."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from trustkit.cases.guards import GuardError, parse
from trustkit.cases.kept import kept
from trustkit.cases.play import Play
from trustkit.cases.reader import BASE, CaseSource, data_of, read_case, strangers
from trustkit.cases.solve import Solution, Stuck, TooManyPositions, solve
from trustkit.content import ContentError, Document, Place, digest
from trustkit.trust.customer import default_model, opening
from trustkit.trust.vocabulary import APOLOGY_ELEMENTS, Behaviour, vocabulary

FORMAT = 1
DERIVED = ("broken-promise", "repeated-apology", "offer-below-harm", "offer-fair", "offer-excessive")
ALWAYS = (*DERIVED, "act", "declare-repentance")
"""Behaviours that the engine itself asks for; they stand in every structure."""


def compile_case(source: CaseSource, variant: str = BASE) -> dict:
    """Return the compiled structure of one variant of a case, JSON-ready.

    `hash` is made of everything but the texts and `bounds`, so that an attempt stays gradable when only
    words change, and is the same in every language.

    Raises:
        ContentError: the case names something that does not exist, a guard cannot be understood, or it has
            more reachable positions than can be solved exactly; names file and line.
    """
    if variant not in source.variants:
        raise source.document.error(
            ("variants",), f"there is no variant `{variant}`. The variants are: {', '.join(source.variants)}."
        )
    structure = _unsolved(source, variant, _raise)
    assert structure is not None, "a fault was raised"
    structure["bounds"] = kept("bounds", structure["hash"], lambda: _solve(source, variant, structure)[0])
    return structure


def inspect_case(source: CaseSource, variant: str) -> tuple[list[ContentError], Solution | None]:
    """Return every fault of one variant of a case, and its solution where there is none; for lint."""
    faults: list[ContentError] = []
    structure = _unsolved(source, variant, faults.append)
    if structure is None:
        return faults, None
    try:
        bounds, solution = _solve(source, variant, structure)
    except ContentError as error:
        return [*faults, error], None
    kept("bounds", structure["hash"], lambda: bounds)
    return faults, solution


def compiled(case: str | Path, variant: str = BASE) -> dict:
    """Return the compiled structure of a case by its id; kept until the case's files change.

    Do not change what it returns.
    """
    return _compiled(read_case(case), variant)


_compiled = lru_cache(maxsize=64)(compile_case)


def _raise(error: ContentError) -> None:
    raise error


def _unsolved(source: CaseSource, variant: str, report: Callable[[ContentError], None]) -> dict | None:
    """The compiled structure with bounds that are still open; None where a fault was reported."""
    faults = 0

    def count(error: ContentError) -> None:
        nonlocal faults
        faults += 1
        report(error)

    for place, id_ in strangers(source):
        count(source.document.error(place, f"`{id_}` is not in the case itself. Correct the id.", "variant-of-nothing"))
    if faults:
        return None
    structure = _Compiler(source, variant, count).structure()
    if faults:
        return None
    structure["hash"] = digest(structure)
    structure["bounds"] = {"worst": 0, "best": 0}
    return structure


def _solve(source: CaseSource, variant: str, structure: dict) -> tuple[dict, Solution]:
    try:
        solution = solve(structure)
    except TooManyPositions as error:
        raise source.document.error(
            (),
            f"variant `{variant}`: {error}. Let more choices lead to the same scene, or offer fewer.",
            "too-many-positions",
        ) from None
    except Stuck as error:
        raise source.document.error(
            ("scenes", error.scene, "choices"),
            f"variant `{variant}`: {error}. Give it one choice without `requires`.",
            "no-choice-on-offer",
        ) from None
    return {"worst": solution.worst_raw, "best": solution.best_raw}, solution


class _Compiler:
    """One pass over one variant of a case; every fault is reported with the line it is about.

    Where `report` returns instead of raising, the pass goes on so that an author sees all faults at once.
    """

    def __init__(self, source: CaseSource, variant: str, report: Callable[[ContentError], None]):
        self._report = report
        self._variant = variant
        self._document: Document = source.document
        self._data = data_of(source, variant)
        self._facts = {fact: bit for bit, fact in enumerate(self._data.get("facts", {}))}
        self._promises = {promise: index for index, promise in enumerate(self._data.get("promises", {}))}
        self._scenes = {scene: index for index, scene in enumerate(self._data["scenes"])}
        words = vocabulary()
        self._red_lines = {code: index for index, code in enumerate(words.red_lines)}
        used = set(ALWAYS)
        for scene_id, scene in self._data["scenes"].items():
            for choice_id, choice in scene.get("choices", {}).items():
                for tag in choice["behaviours"]:
                    self._check_tag(tag, ("scenes", scene_id, "choices", choice_id, "behaviours", tag))
                used.update(tag for tag in choice["behaviours"] if tag in words.behaviours)
        self._behaviours = {id_: index for index, id_ in enumerate(id_ for id_ in words.behaviours if id_ in used)}

    def structure(self) -> dict:
        data, words = self._data, vocabulary()
        start = data.get("start", next(iter(data["scenes"])))
        return {
            "format": FORMAT,
            "case": data["id"],
            "variant": self._variant,
            "harm": data["harm"],
            "patience": data["patience"],
            "failures_before": data["failures_before"],
            "start": {
                "scene": self._index(self._scenes, start, "scene", ("start",)),
                "customer": list(opening(data["opening"], data["failures_before"])),
            },
            "model": default_model()._asdict(),
            "facts": list(self._facts),
            "known": sum(1 << bit for fact, bit in self._facts.items() if not data["facts"][fact].get("hidden", False)),
            "promises": list(self._promises),
            "scenes": [self._scene(scene_id) for scene_id in self._scenes],
            "endings": self._endings(),
            "behaviours": [self._behaviour(words.behaviours[id_]) for id_ in self._behaviours],
            "derived": {id_: self._behaviours[id_] for id_ in ALWAYS},
            "red_lines": [{"id": r.code, "honesty": r.honesty} for r in words.red_lines.values()],
        }

    def _scene(self, scene_id: str) -> dict:
        scene, place = self._data["scenes"][scene_id], ("scenes", scene_id)
        says = scene["customer"]
        guards = [
            self._guard(line, "when", (*place, "customer", position)) if isinstance(line, dict) else None
            for position, line in enumerate(says if isinstance(says, list) else [says])
        ]
        if guards[-1] is not None:
            self._fault(
                (*place, "customer", len(guards) - 1),
                f"the last line of scene `{scene_id}` has a `when`. Leave it out, so that one line always fits.",
                "no-last-line",
            )
        return {
            "id": scene_id,
            "elapsed": scene.get("elapsed", 0),
            "keeps": self._kept(scene, place),
            "lines": guards,
            "choices": [
                self._choice(choice_id, choice, (*place, "choices", choice_id))
                for choice_id, choice in scene.get("choices", {}).items()
            ],
        }

    def _choice(self, choice_id: str, choice: dict, place: Place) -> dict:
        promise = choice.get("promise")
        if promise and "what" not in promise:
            self._fault(
                (*place, "promise"), "a variant cannot add a promise to a choice that has none.", "undefined-promise"
            )
            promise = None
        return {
            "id": choice_id,
            "tags": [
                [self._behaviours[tag], strength]
                for tag, strength in choice["behaviours"].items()
                if tag in self._behaviours
            ],
            "minutes": choice.get("minutes", 2),
            "offer": choice.get("offer", -1),
            "promise": promise
            and [
                self._index(self._promises, promise["what"], "promise", (*place, "promise", "what")),
                promise["due"],
            ],
            "keeps": self._kept(choice, place),
            "reveals": sum(
                1 << self._index(self._facts, fact, "fact", (*place, "reveals", position))
                for position, fact in enumerate(dict.fromkeys(choice.get("reveals", [])))
            ),
            "requires": self._guard(choice, "requires", place),
            "red_line": self._index(self._red_lines, choice["red_line"], "red line", (*place, "red_line"))
            if "red_line" in choice
            else -1,
            "to": self._index(self._scenes, choice["to"], "scene", (*place, "to")),
        }

    def _endings(self) -> list[dict]:
        endings = [
            {"id": ending_id, "when": self._guard(ending, "when", ("endings", position))}
            for position, (ending_id, ending) in enumerate(self._data["endings"].items())
        ]
        if endings[-1]["when"] is not None:
            self._fault(
                ("endings", len(endings) - 1),
                f"the last ending, `{endings[-1]['id']}`, has a `when`. Leave it out, so that one ending always fits.",
                "no-last-ending",
            )
        return endings

    def _kept(self, holder: dict, place: Place) -> list[int]:
        return [
            self._index(self._promises, promise, "promise", (*place, "keeps", position))
            for position, promise in enumerate(holder.get("keeps", []))
        ]

    def _guard(self, holder: dict, key: str, place: Place) -> list | None:
        if key not in holder:
            return None
        try:
            return parse(holder[key], self._facts)
        except GuardError as error:
            self._fault((*place, key), f"the guard {error}", "bad-guard")
            return None

    def _check_tag(self, tag: str, place: Place) -> None:
        behaviour = vocabulary().behaviours.get(tag)
        if behaviour is None:
            self._fault(
                place,
                f"`{tag}` is not a behaviour of the vocabulary. {_nearest(tag, list(vocabulary().behaviours))}",
                "unknown-behaviour",
            )
        elif behaviour.derived:
            self._fault(
                place,
                f"`{tag}` is found by the engine and is never tagged. Remove it from this choice.",
                "derived-behaviour",
            )

    def _index(self, known: dict[str, int], id_: str, kind: str, place: Place) -> int:
        if id_ not in known:
            self._fault(
                place,
                f"there is no {kind} `{id_}`. {_nearest(id_, list(known))}",
                f"undefined-{kind.replace(' ', '-')}",
            )
        return known.get(id_, 0)

    def _fault(self, place: Place, message: str, rule: str) -> None:
        self._report(self._document.error(self._in_file(place), message, rule))

    def _in_file(self, place: Place) -> Place:
        """The place in the file: a variant's own value where it has one."""
        own = ("variants", self._variant, *place)
        return own if own in self._document.lines else place

    @staticmethod
    def _behaviour(behaviour: Behaviour) -> dict:
        return {
            "id": behaviour.id,
            "compass": list(vocabulary().compass).index(behaviour.compass),
            "sign": behaviour.sign,
            "moves": list(behaviour.moves),
            "apology": 1 << APOLOGY_ELEMENTS.index(behaviour.apology) if behaviour.apology else 0,
        }


def play_of(case: str | Path, variant: str = BASE) -> Play:
    """Return a case ready to be played, by its id."""
    return Play(compiled(case, variant))


def _nearest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(f'`{name}`' for name in close)}?"
    return f"Known are: {', '.join(known)}." if known else "None is declared."
