"""The customer's hidden state and how one step of service moves it; pure integer arithmetic.

All gauges are thousandths of a point, 0 to 100 000. Division is floor division and every result is clamped
at once, so that this reference and the engine in the page agree to the bit.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

FULL = 100_000
HALF = 50_000


class Customer(NamedTuple):
    """What the customer feels and believes; every field but `failures` is a gauge in thousandths of a point.

    Attributes:
        distributive, procedural, interactional: felt justice.
        expected_distributive, expected_procedural, expected_interactional: what is expected of each.
        cognitive, affective, social: the three bases of trust.
        anger: anger.
        failures: how often the firm has failed this customer so far; a count.
    """

    distributive: int
    procedural: int
    interactional: int
    expected_distributive: int
    expected_procedural: int
    expected_interactional: int
    cognitive: int
    affective: int
    social: int
    anger: int
    failures: int


class Model(NamedTuple):
    """The numbers of the trust model as the engine needs them; see `constants.yaml` for sources.

    Weights, rates and offers are per mille; losses and the compensation curve are thousandths of a point.
    """

    rate: int
    expectation_rate: int
    loss_weight: tuple[int, int, int]
    trust_weights: tuple[int, int, int]
    satisfaction_weights: tuple[int, int, int]
    outcome_weights: tuple[int, int]
    later_failure_gain: int
    compensation_curve: tuple[tuple[int, int], ...]
    fair_offer: tuple[int, int]
    excessive_offer_loss: int
    offer_strength: int
    honesty_loss: int
    impatience: int
    pass_mark: tuple[int, int]


@cache
def constants() -> dict:
    """Return `constants.yaml` as it stands."""
    return yaml.safe_load(files(__package__).joinpath("constants.yaml").read_text(encoding="utf-8"))


@cache
def default_model() -> Model:
    """Return the model with the numbers of `constants.yaml`."""
    given = constants()
    return Model(
        rate=given["rate"],
        expectation_rate=given["expectation_rate"],
        loss_weight=tuple(given["loss_weight"][j] for j in ("distributive", "procedural", "interactional")),
        trust_weights=tuple(given["trust_weights"][b] for b in ("cognitive", "affective", "social")),
        satisfaction_weights=tuple(
            given["satisfaction_weights"][j] for j in ("distributive", "procedural", "interactional")
        ),
        outcome_weights=(given["outcome_weights"]["trust"], given["outcome_weights"]["satisfaction"]),
        later_failure_gain=given["later_failure_gain"],
        compensation_curve=tuple((offer, move) for offer, move in given["compensation_curve"]),
        fair_offer=(given["fair_offer"]["from"], given["fair_offer"]["to"]),
        excessive_offer_loss=given["excessive_offer_loss"],
        offer_strength=given["offer_strength"],
        honesty_loss=given["honesty_loss"],
        impatience=given["impatience"],
        pass_mark=(given["pass_mark"]["conduct"], given["pass_mark"]["outcome"]),
    )


def opening(named_or_gauges: str | dict, failures: int) -> Customer:
    """Return the customer at the start of a case.

    Args:
        named_or_gauges: "calm", "disappointed", "angry", "betrayed", or a mapping of gauges in points
            (0-100) that changes the opening "calm" where it names a gauge.
        failures: how often the firm has failed this customer before the case begins.
    """
    openings = constants()["openings"]
    named = isinstance(named_or_gauges, str)
    gauges = openings[named_or_gauges] if named else {**openings["calm"], **named_or_gauges}
    return Customer(
        *(gauges[name] * 1000 for name in ("distributive", "procedural", "interactional")),
        *(points * 1000 for points in gauges["expected"]),
        *(gauges[name] * 1000 for name in ("cognitive", "affective", "social", "anger")),
        failures,
    )


def clamp(value: int) -> int:
    """Return `value` held between 0 and 100 000."""
    return 0 if value < 0 else FULL if value > FULL else value


def compensation(model: Model, offer: int) -> int:
    """Return how far an offer moves distributive justice: straight lines between the points of the curve.

    Args:
        offer: what is on the table, per mille of the harm; beyond the last point the last value holds.
    """
    curve = model.compensation_curve
    before = curve[0]
    if offer <= before[0]:
        return before[1]
    for point in curve[1:]:
        if offer <= point[0]:
            return before[1] + (point[1] - before[1]) * (offer - before[0]) // (point[0] - before[0])
        before = point
    return before[1]


def react(
    customer: Customer,
    model: Model,
    moves: list[int | None],
    *,
    over_patience: int = 0,
    new_failures: int = 0,
    cognitive_loss: int = 0,
    honesty_broken: bool = False,
    ends: bool = False,
) -> Customer:
    """Return the customer after one step of service.

    Args:
        moves: for distributive, procedural and interactional justice the sum of what the step's behaviours
            move, in thousandths, or None where no behaviour touched it (that justice then stays).
        over_patience: minutes of contact in this step beyond the customer's patience.
        new_failures: promises that were found broken in this step; they count before anything is felt.
        cognitive_loss: a further loss of cognitive trust in this step, in thousandths.
        honesty_broken: the step crossed a red line of honesty.
        ends: the contact ends with this step, so that its changes of trust count once more.
    """
    failures = customer.failures + new_failures
    felt = list(customer[0:3])
    expected = list(customer[3:6])
    shift = [0, 0, 0]
    for j in (0, 1, 2):
        move = moves[j]
        if move is None:
            continue
        gap = clamp(HALF + move) - expected[j]
        step = gap * model.rate // 1000
        if gap < 0:
            step = step * model.loss_weight[j] // 1000
        elif failures >= 2:
            step = step * model.later_failure_gain // 1000
        shift[j] = step
        felt[j] = clamp(felt[j] + step)
        expected[j] = clamp(expected[j] + gap * model.expectation_rate // 1000)
    d, p, i = shift
    times = 2 if ends else 1
    cognitive = clamp(customer.cognitive + times * ((500 * d + 500 * p) // 1000))
    affective = clamp(customer.affective + times * i)
    social = clamp(customer.social + times * ((750 * d + 250 * p) // 1000))
    if honesty_broken:
        cognitive = clamp(cognitive - model.honesty_loss)
        affective = clamp(affective - model.honesty_loss)
    cognitive = clamp(cognitive - cognitive_loss)
    anger = clamp(clamp(customer.anger + over_patience * model.impatience) - i)
    return Customer(*felt, *expected, cognitive, affective, social, anger, failures)


def trust(customer: Customer, model: Model) -> int:
    """Return trust, a gauge: the weighted sum of its three bases."""
    c, a, s = model.trust_weights
    return (c * customer.cognitive + a * customer.affective + s * customer.social) // 1000


def satisfaction(customer: Customer, model: Model) -> int:
    """Return satisfaction with how the case was handled, a gauge: the weighted sum of felt justice."""
    d, p, i = model.satisfaction_weights
    return (d * customer.distributive + p * customer.procedural + i * customer.interactional) // 1000


def never_failed() -> Customer:
    """Return the baseline of calibration: a customer to whom nothing has happened."""
    return opening("calm", 0)


def silent(customer: Customer, model: Model) -> Customer:
    """Return a customer who does not complain: nothing is offered, nobody asks, and the failure stands."""
    left = react(customer, model, [compensation(model, 0), None, None], new_failures=1)
    return left._replace(affective=clamp(left.affective - constants()["silence"]))


def repurchase(customer: Customer, model: Model) -> int:
    """Return how likely the customer is to buy again, a gauge that is read off and never fed back.

    It rises with trust and satisfaction and falls with each failure; it orders customers and is no share of them.
    """
    return _read_out(customer, model, "repurchase")


def word_of_mouth(customer: Customer, model: Model) -> int:
    """Return how well the customer will speak of the firm, a gauge read off like `repurchase`."""
    return _read_out(customer, model, "word_of_mouth")


def _read_out(customer: Customer, model: Model, name: str) -> int:
    weights = constants()["read_outs"][name]
    felt = weights["trust"] * trust(customer, model) + weights["satisfaction"] * satisfaction(customer, model)
    gauge = felt // 1000
    for _ in range(customer.failures):
        gauge = gauge * weights["kept"] // 1000
    return gauge


def outcome(customer: Customer, model: Model) -> int:
    """Return the raw outcome, a gauge: trust and satisfaction weighted, before the case's own scale."""
    t, s = model.outcome_weights
    return (t * trust(customer, model) + s * satisfaction(customer, model)) // 1000
