"""Plays a compiled case: the reference of what each choice does, step by step; pure.

The engine in the page (`trustkit/player/engine.js`) does the same to the bit.
"""

from __future__ import annotations

from typing import NamedTuple

from trustkit.cases.guards import holds
from trustkit.trust.customer import Customer, Model, compensation, outcome, react

NEVER, KEPT, BROKEN = -1, -2, -3
"""What stands in place of a due minute for a promise that was never made, was kept, or was broken."""

COMPASS_BARS = 6


class Position(NamedTuple):
    """Everything that is known after some steps; equal positions have equal futures.

    Attributes:
        scene: index of the scene.
        customer: the customer's state.
        minutes: minutes of contact so far; `clock` adds the minutes that passed on the calendar.
        promises: for each promise of the case its due minute on the clock, or NEVER, KEPT, BROKEN.
        apologies: bit mask of the apology elements used.
        facts: bit mask of the facts known.
        offer: what is on the table, per mille of the harm; -1 before any offer.
        broken: promises broken so far.
        red_lines: bit mask of the red lines crossed.
        earned, least, most: for each compass bar what was earned and what was on offer at least and at most.
    """

    scene: int
    customer: Customer
    minutes: int
    clock: int
    promises: tuple[int, ...]
    apologies: int
    facts: int
    offer: int
    broken: int
    red_lines: int
    earned: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]


class ImpossibleStep(Exception):
    """A step that could not have happened; the message says why."""


class _Choice(NamedTuple):
    """A choice of the compiled case with what can be worked out once."""

    id: str
    tags: tuple[tuple[int, int], ...]
    minutes: int
    offer: int
    promise: tuple[int, int] | None
    keeps: tuple[int, ...]
    reveals: int
    requires: object
    red_line: int
    to: int
    apologies: int
    acts: bool


class Play:
    """A compiled case ready to be played.

    Args:
        structure: what `trustkit.cases.compile.compile_case` returns for one variant.
    """

    def __init__(self, structure: dict):
        self.structure = structure
        self.model = _model(structure["model"])
        self._behaviours = [(b["compass"], b["sign"], tuple(b["moves"]), b["apology"]) for b in structure["behaviours"]]
        self._derived = structure["derived"]
        self._act = structure["derived"]["act"]
        self._repentance = structure["derived"]["declare-repentance"]
        self._scenes = [
            (
                scene["elapsed"],
                tuple(scene["keeps"]),
                [holds(guard) for guard in scene["lines"]],
                [self._prepare(choice) for choice in scene["choices"]],
            )
            for scene in structure["scenes"]
        ]
        self._endings = [holds(ending["when"]) for ending in structure["endings"]]
        self._honesty = [red_line["honesty"] for red_line in structure["red_lines"]]
        self._conduct_cache: dict = {}
        self._range_cache: dict = {}

    def start(self) -> Position:
        """Return the position before the first choice."""
        zero = (0,) * COMPASS_BARS
        start = self.structure["start"]
        return Position(
            start["scene"], Customer(*start["customer"]), 0, 0,
            (NEVER,) * len(self.structure["promises"]), 0, self.structure["known"], -1, 0, 0, zero, zero, zero,
        )  # fmt: skip

    def choices(self, position: Position) -> list[int]:
        """Return the indices of the choices that are on offer here; empty in a closing scene."""
        return [
            index
            for index, choice in enumerate(self._scenes[position.scene][3])
            if choice.requires is None or choice.requires(position, self.model)
        ]

    def line(self, position: Position) -> int:
        """Return the index of what the customer says here: the first line whose guard holds."""
        for index, fits in enumerate(self._scenes[position.scene][2]):
            if fits(position, self.model):
                return index
        raise AssertionError("the compiler makes sure that a scene's last line has no guard")

    def is_over(self, position: Position) -> bool:
        """Return whether the contact has ended here."""
        return not self._scenes[position.scene][3]

    def ending(self, position: Position) -> int | None:
        """Return the index of the ending reached here, or None while the contact goes on."""
        if not self.is_over(position):
            return None
        for index, fits in enumerate(self._endings):
            if fits(position, self.model):
                return index
        raise AssertionError("the compiler makes sure that the last ending has no guard")

    def index_of(self, position: Position, choice_id: str) -> int:
        """Return the index of a choice by its id.

        Raises:
            ImpossibleStep: the scene has no such choice, or it was not on offer.
        """
        scene = self.structure["scenes"][position.scene]
        for index, choice in enumerate(scene["choices"]):
            if choice["id"] == choice_id:
                if index in self.choices(position):
                    return index
                raise ImpossibleStep(
                    f"the choice `{choice_id}` of scene `{scene['id']}` was not on offer at that moment"
                )
        raise ImpossibleStep(f"the scene `{scene['id']}` has no choice `{choice_id}`")

    def behaviours(self, position: Position, index: int) -> list[tuple[int, int]]:
        """Return what a choice amounts to here: (behaviour index, strength), the derived ones included.

        Broken promises are not among them: they follow from time, not from the words of this choice.
        """
        return list(self._counted(position, self._scenes[position.scene][3][index]))

    def step(self, position: Position, index: int) -> Position:
        """Return the position after a choice.

        Args:
            index: index of the choice in its scene; it must be on offer (see `choices`).
        """
        choice = self._scenes[position.scene][3][index]
        elapsed, scene_keeps, _, next_choices = self._scenes[choice.to]
        model = self.model
        # 1. Time passes; promises fall due.
        minutes = position.minutes + choice.minutes
        patience = self.structure["patience"]
        over = max(0, minutes - patience) - max(0, position.minutes - patience)
        spoken = position.clock + choice.minutes
        clock = spoken + elapsed
        promises, newly_broken = position.promises, 0
        if choice.promise or choice.keeps or scene_keeps or any(due >= 0 for due in promises):
            promises, newly_broken = self._fall_due(promises, choice, scene_keeps, spoken, clock)
        # 2. Derived behaviours join the tags.
        counted = self._counted(position, choice)
        new_offer = choice.offer >= 0 and choice.offer != position.offer
        d = p = i = 0
        touched_d = touched_p = touched_i = False
        for behaviour, strength in counted:
            moves = self._behaviours[behaviour][2]
            if moves[0]:
                d += moves[0] * strength
                touched_d = True
            if moves[1]:
                p += moves[1] * strength
                touched_p = True
            if moves[2]:
                i += moves[2] * strength
                touched_i = True
        if new_offer:
            d += compensation(model, choice.offer)
            touched_d = True
        if newly_broken:
            moves = self._behaviours[self._derived["broken-promise"]][2]
            d += moves[0] * newly_broken
            p += moves[1] * newly_broken
            i += moves[2] * newly_broken
            touched_d = touched_p = touched_i = True
        # 3.-5. The customer feels it.
        red_line = choice.red_line
        customer = react(
            position.customer,
            model,
            [d if touched_d else None, p if touched_p else None, i if touched_i else None],
            over_patience=over,
            new_failures=newly_broken,
            cognitive_loss=model.excessive_offer_loss if new_offer and choice.offer > model.fair_offer[1] else 0,
            honesty_broken=red_line >= 0 and self._honesty[red_line],
            ends=not next_choices,
        )
        earned = self._conduct(position, choice)
        least, most = self._range(position)
        return Position(
            choice.to, customer, minutes, clock, promises,
            position.apologies | choice.apologies,
            position.facts | choice.reveals,
            choice.offer if choice.offer >= 0 else position.offer,
            position.broken + newly_broken,
            position.red_lines | (1 << red_line if red_line >= 0 else 0),
            tuple([a + b for a, b in zip(position.earned, earned)]),
            tuple([a + b for a, b in zip(position.least, least)]),
            tuple([a + b for a, b in zip(position.most, most)]),
        )  # fmt: skip

    def walk(self, choice_ids: list[str]) -> list[Position]:
        """Return the positions from the start along a list of choice ids.

        Raises:
            ImpossibleStep: one of them could not have been chosen; the message counts steps from 1.
        """
        positions = [self.start()]
        for number, choice_id in enumerate(choice_ids, 1):
            here = positions[-1]
            if self.is_over(here):
                raise ImpossibleStep(f"step {number}: the conversation had already ended")
            try:
                index = self.index_of(here, choice_id)
            except ImpossibleStep as error:
                raise ImpossibleStep(f"step {number}: {error}") from None
            positions.append(self.step(here, index))
        return positions

    def conduct_bars(self, position: Position) -> list[int | None]:
        """Return the six conduct bars, 0-100 each; None where nothing was on offer to be assessed by."""
        return [
            None if most == least else 100 * (earned - least) // (most - least)
            for earned, least, most in zip(position.earned, position.least, position.most)
        ]

    def conduct(self, position: Position) -> int:
        """Return conduct, 0-100: the mean of the assessed bars, or 0 where none is assessed."""
        bars = [bar for bar in self.conduct_bars(position) if bar is not None]
        return sum(bars) // len(bars) if bars else 0

    def raw_outcome(self, position: Position) -> int:
        """Return the outcome as a gauge, before it is put on the case's own scale."""
        return outcome(position.customer, self.model)

    def outcome(self, position: Position) -> int:
        """Return the outcome on the case's own scale: 0 its worst reachable end, 100 its best without a red line."""
        worst, best = self.structure["bounds"]["worst"], self.structure["bounds"]["best"]
        if best <= worst:
            return 100
        return max(0, min(100, 100 * (self.raw_outcome(position) - worst) // (best - worst)))

    def passed(self, position: Position) -> bool:
        """Return whether an ended attempt passes: no red line, and both scores at the pass mark or above."""
        return (
            position.red_lines == 0
            and self.conduct(position) >= self.model.pass_mark[0]
            and self.outcome(position) >= self.model.pass_mark[1]
        )

    def _prepare(self, choice: dict) -> _Choice:
        tags = tuple(map(tuple, choice["tags"]))
        mask = 0
        for behaviour, _ in tags:
            mask |= self._behaviours[behaviour][3]
        return _Choice(
            choice["id"], tags, choice["minutes"], choice["offer"],
            tuple(choice["promise"]) if choice["promise"] else None, tuple(choice["keeps"]), choice["reveals"],
            holds(choice["requires"]) if choice["requires"] else None, choice["red_line"], choice["to"], mask,
            any(behaviour == self._act for behaviour, _ in tags),
        )  # fmt: skip

    def _counted(self, position: Position, choice: _Choice) -> tuple[tuple[int, int], ...]:
        """The tags that count here: a repeated apology element without a new remedy turns into its opposite."""
        new_offer = choice.offer >= 0 and choice.offer != position.offer
        # Nearly every choice is plain: nothing to derive.
        if not new_offer and not choice.apologies & position.apologies and not (
            position.broken and choice.apologies
        ):  # fmt: skip
            return choice.tags
        counted, repeated = [], 0
        remedy = choice.acts or choice.offer > position.offer
        for behaviour, strength in choice.tags:
            element = self._behaviours[behaviour][3]
            again = element & position.apologies
            hollow = behaviour == self._repentance and position.broken > 0
            if element and not remedy and (again or hollow):
                repeated += 1
            else:
                counted.append((behaviour, strength))
        if repeated:
            counted.append((self._derived["repeated-apology"], min(3, repeated)))
        if new_offer:
            low, high = self.model.fair_offer
            name = (
                "offer-below-harm" if choice.offer < low
                else "offer-excessive" if choice.offer > high
                else "offer-fair"
            )  # fmt: skip
            counted.append((self._derived[name], self.model.offer_strength))
        return tuple(counted)

    def _conduct(self, position: Position, choice: _Choice) -> tuple[int, ...]:
        key = (position.scene, choice.id, position.apologies, position.offer, position.broken > 0)
        value = self._conduct_cache.get(key)
        if value is None:
            bars = [0] * COMPASS_BARS
            for behaviour, strength in self._counted(position, choice):
                compass, sign, _, _ = self._behaviours[behaviour]
                bars[compass] += sign * strength
            value = self._conduct_cache[key] = tuple(bars)
        return value

    def _range(self, position: Position) -> tuple[tuple[int, ...], tuple[int, ...]]:
        on_offer = tuple(self.choices(position))
        key = (position.scene, on_offer, position.apologies, position.offer, position.broken > 0)
        value = self._range_cache.get(key)
        if value is None:
            all_choices = self._scenes[position.scene][3]
            columns = list(zip(*(self._conduct(position, all_choices[index]) for index in on_offer)))
            value = self._range_cache[key] = (tuple(map(min, columns)), tuple(map(max, columns)))
        return value

    @staticmethod
    def _fall_due(
        promises: tuple[int, ...], choice: _Choice, scene_keeps: tuple[int, ...], spoken: int, clock: int
    ) -> tuple[tuple[int, ...], int]:
        """Return the promises after a step, and how many were found broken in it."""
        now = list(promises)
        broken = 0
        for promise in choice.keeps:
            if now[promise] >= spoken:
                now[promise] = KEPT
        if choice.promise:
            promise, due = choice.promise
            now[promise] = spoken + due
        for promise in scene_keeps:
            if now[promise] >= clock:
                now[promise] = KEPT
        for promise, due in enumerate(now):
            if 0 <= due < clock:
                now[promise] = BROKEN
                broken += 1
        return tuple(now), broken


def _model(given: dict) -> Model:
    """The model as numbers and tuples, although JSON has turned the tuples into lists."""
    return Model(**{name: _frozen(value) for name, value in given.items()})


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
