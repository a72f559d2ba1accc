"""The guard language of a case: comparisons over the customer's state and known facts, joined by and, or, not."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from trustkit.trust.customer import Model, satisfaction, trust

if TYPE_CHECKING:
    from trustkit.cases.play import Position

GAUGES = (
    "trust", "satisfaction", "cognitive", "affective", "social",
    "distributive", "procedural", "interactional", "anger",
)  # fmt: skip
COUNTS = ("minutes", "clock", "failures", "offer", "broken", "red_lines")
QUANTITIES = GAUGES + COUNTS

_COMPARE = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt,
    "<": operator.lt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TOKEN = re.compile(r"\s*(?:(>=|<=|==|!=|>|<|\(|\))|([a-z][a-z0-9_-]*)|(-?\d+))")

Guard = list
"""A compiled guard: ["and", g…], ["or", g…], ["not", g], ["fact", bit] or ["cmp", sign, quantity, integer]."""


class GuardError(Exception):
    """A guard that cannot be understood; the message says where and what would be right."""


def parse(text: str, facts: Mapping[str, int]) -> Guard:
    """Return the compiled form of a guard.

    Args:
        text: for example "trust >= 40 and not medicine"; gauges are in points 0-100.
        facts: the case's fact ids and their bit.

    Raises:
        GuardError: unknown name, missing number, unbalanced parenthesis and the like.
    """
    parser = _Parser(_tokens(text), facts, text)
    guard = parser.any_of()
    if parser.left():
        raise GuardError(f"`{text}`: did not expect `{parser.peek()}` here. Join parts with `and` or `or`.")
    return guard


def holds(guard: Guard | None) -> Callable[[Position, Model], bool]:
    """Return a function that says whether a compiled guard holds in a position; None always holds."""
    if guard is None:
        return lambda position, model: True
    kind = guard[0]
    if kind == "and":
        parts = [holds(part) for part in guard[1:]]
        return lambda position, model: all(part(position, model) for part in parts)
    if kind == "or":
        parts = [holds(part) for part in guard[1:]]
        return lambda position, model: any(part(position, model) for part in parts)
    if kind == "not":
        part = holds(guard[1])
        return lambda position, model: not part(position, model)
    if kind == "fact":
        mask = 1 << guard[1]
        return lambda position, model: position.facts & mask != 0
    compare, read, number = _COMPARE[guard[1]], _reader(guard[2]), guard[3]
    return lambda position, model: compare(read(position, model), number)


def facts_in(guard: Guard | None) -> set[int]:
    """Return the bits of the facts that a compiled guard asks for."""
    if guard is None or guard[0] == "cmp":
        return set()
    if guard[0] == "fact":
        return {guard[1]}
    return set().union(*(facts_in(part) for part in guard[1:]))


def _reader(quantity: str) -> Callable[[Position, Model], int]:
    if quantity == "trust":
        return lambda position, model: trust(position.customer, model)
    if quantity == "satisfaction":
        return lambda position, model: satisfaction(position.customer, model)
    if quantity == "failures" or quantity in GAUGES:
        return lambda position, model: getattr(position.customer, quantity)
    if quantity == "red_lines":
        return lambda position, model: position.red_lines.bit_count()
    return lambda position, model: getattr(position, quantity)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise GuardError(f"`{text}`: cannot read `{text[at:].strip()[:12]}`.")
        found.append(match.group().strip())
        at = match.end()
    if not found:
        raise GuardError("an empty guard. Write a condition such as `trust >= 40`, or leave the key out.")
    return found


class _Parser:
    """Recursive descent over the tokens: any_of → all_of → one → comparison, fact or parenthesis."""

    def __init__(self, tokens: list[str], facts: Mapping[str, int], text: str):
        self._tokens = tokens
        self._facts = facts
        self._text = text
        self._at = 0

    def left(self) -> bool:
        return self._at < len(self._tokens)

    def peek(self) -> str:
        return self._tokens[self._at] if self.left() else ""

    def any_of(self) -> Guard:
        return self._joined("or", self.all_of)

    def all_of(self) -> Guard:
        return self._joined("and", self.one)

    def one(self) -> Guard:
        token = self._take()
        if token == "not":
            return ["not", self.one()]
        if token == "(":
            guard = self.any_of()
            if self._take() != ")":
                raise GuardError(f"`{self._text}`: a closing `)` is missing.")
            return guard
        if token in QUANTITIES:
            return self._comparison(token)
        if token in self._facts:
            return ["fact", self._facts[token]]
        raise GuardError(
            f"`{self._text}`: `{token or 'nothing'}` is neither a fact of this case nor one of {', '.join(QUANTITIES)}."
        )

    def _joined(self, word: str, part: Callable[[], Guard]) -> Guard:
        parts = [part()]
        while self.peek() == word:
            self._take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def _comparison(self, quantity: str) -> Guard:
        sign, number = self._take(), self._take()
        if sign not in _COMPARE or not re.fullmatch(r"-?\d+", number):
            raise GuardError(
                f"`{self._text}`: after `{quantity}` comes a comparison and a whole number, "
                f"for example `{quantity} >= 40`."
            )
        scale = 1000 if quantity in GAUGES else 1
        return ["cmp", sign, quantity, int(number) * scale]

    def _take(self) -> str:
        token = self.peek()
        self._at += 1
        return token
