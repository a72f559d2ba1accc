"""The generator of the culture survey: a seed in, the answers of four groups of customers out.

For trainers and authors: what is planted here, and the bands it must stay in, are described in `planted.md` beside
this file. The trainee's page is `card.md`, which says nothing about it. The groups are letters and stay letters: they
stand for no country, language, faith or people.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, draw, ids, labels, to_scale, whole, with_copies

EACH = 500
GROUPS = ("A", "B", "C", "D")
LANGUAGES = ("en", "es", "zh")
LANGUAGE_SHARE = (0.4, 0.25, 0.35)
TRUST = ("trust1", "trust2", "trust3", "trust4", "trust5", "trust6")
POSITIVE = ("trust1", "trust2", "trust3")
"""A high answer to these means much trust; to the other three it means little trust."""
MEASURES = ("value_pdi", "value_ind", "value_uai", "pref_explanation", "pref_apology", "pref_compensation")
# One positive and one negative question are answered low by everybody: hard to agree with, not unfair.
ITEM_LEVEL = np.array([4.35, 4.2, 3.75, 3.9, 3.8, 3.35])
MEASURE_LEVEL = np.array([3.7, 4.3, 4.1, 4.6, 4.3, 4.1])
# Which groups lie higher: 1 or 0 by group A to D, for trust and then for each measure.
HIGHER = {
    "trust": (0, 0, 1, 1),
    "value_pdi": (1, 0, 0, 1),
    "value_ind": (0, 1, 0, 1),
    "value_uai": (1, 1, 0, 0),
    "pref_explanation": (1, 0, 1, 0),
    "pref_apology": (1, 0, 0, 1),
    "pref_compensation": (0, 0, 1, 1),
}
SPREAD, NOISE = 1.05, 0.8
"""Of trust and of a wish between people of one group, and of one answer, in points."""
STYLE_SPREAD = 0.3
NO_ANSWER = 9


def generate(
    seed: int,
    *,
    agreeing: str = "B",
    agreement: float = 0.5,
    shifted: str = "trust2",
    shifted_in: str = "D",
    shift: float = -0.9,
    effect: float = 0.4,
    turned: int = 0,
    twins: bool = False,
    with_truth: bool = False,
) -> pd.DataFrame:
    """Return the answers of 2,000 customers as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        agreeing: the group that agrees more, whatever it is asked.
        agreement: by how many points; 0 for none.
        shifted: the trust question that means something else to one group, one of the three positive ones.
        shifted_in: that group.
        shift: by how many points its answers are moved there; 0 for none.
        effect: the true difference between a higher and a lower group, in standard deviations within a group, 0-0.6.
        turned: by how many places the pattern of higher and lower groups is turned (A to B to C ...), 0 to 3.
        twins: whether the four groups are the same people four times, apart from `agreement` and `shift`; then no
            difference in trust or in wishes is left, not even by chance.
        with_truth: whether to add the column `acquiescence`, in points.

    Returns:
        One row for each person, in the order of the file, some twice. `card.md` explains each column.

    Raises:
        ValueError: no such group or question, or a size that is out of range.
    """
    for group in (agreeing, shifted_in):
        if group not in GROUPS:
            raise ValueError(f"There is no group {group}; the groups are {', '.join(GROUPS)}.")
    if shifted not in POSITIVE:
        raise ValueError(f"{shifted} cannot be shifted; the questions for it are {', '.join(POSITIVE)}.")
    if not 0 <= effect <= 0.6:
        raise ValueError(f"An effect of {effect} standard deviations is out of range: 0 to 0.6.")
    if not (0 <= agreement <= 1.2 and -1.5 <= shift <= 1.5):
        raise ValueError("Agreement goes from 0 to 1.2 points, a shift from -1.5 to 1.5: beyond that the scale ends.")
    rng = np.random.default_rng(seed)
    n = EACH * len(GROUPS)
    group = np.repeat(np.arange(len(GROUPS)), EACH)

    def noise(columns: int) -> np.ndarray:
        if twins:
            return np.tile(rng.standard_normal((EACH, columns)), (len(GROUPS), 1))
        return rng.standard_normal((n, columns))

    def higher(name: str) -> np.ndarray:
        # In units of the spread; half up and half down, so that the middle of all stays where it is.
        pattern = np.roll(HIGHER[name], turned)[group] - 0.5
        return np.zeros(n) if twins else effect * pattern

    style = agreement * (group == GROUPS.index(agreeing)) + STYLE_SPREAD * noise(1)[:, 0]
    trust = SPREAD * (noise(1)[:, 0] + higher("trust"))
    sign = np.array([1 if name in POSITIVE else -1 for name in TRUST])
    items = ITEM_LEVEL + sign * trust[:, None] + style[:, None] + NOISE * noise(len(TRUST))
    items[:, TRUST.index(shifted)] += shift * (group == GROUPS.index(shifted_in))
    wishes = SPREAD * (noise(len(MEASURES)) + np.column_stack([higher(name) for name in MEASURES]))
    measures = MEASURE_LEVEL + wishes + style[:, None] + NOISE * noise(len(MEASURES))

    order = rng.permutation(n)
    group, items, measures, style = group[order], items[order], measures[order], style[order]
    table = pd.DataFrame(
        {
            "id": ids("P", np.arange(1, n + 1), 4),
            "group": labels(group, GROUPS),
            "language": labels(draw(rng, LANGUAGE_SHARE, n), LANGUAGES),
        }
    )
    for position, name in enumerate(MEASURES):
        answers = to_scale(measures[:, position])
        if name.startswith("value_"):
            answers[choose(rng, np.arange(n), round(0.01 * n))] = NO_ANSWER
        table[name] = whole(answers, np.zeros(n, dtype=bool) if twins else rng.random(n) < 0.03)
    for position, name in enumerate(TRUST):
        # Who trusts little leaves the questions about trust open more often.
        silent = rng.random(n) < 0.03 * np.where(items[:, 0] < ITEM_LEVEL[0], 1.3, 0.7)
        table[name] = whole(to_scale(items[:, position]), np.zeros(n, dtype=bool) if twins else silent)
    if with_truth:
        table["acquiescence"] = np.round(style, 3)
    return with_copies(rng, table, 10)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true: other groups, another question."""
    agreeing = chance.choice(("A", "C", "D"))
    return {
        "agreeing": agreeing,
        "agreement": chance.choice((0.4, 0.6, 0.65)),
        "shifted": chance.choice(("trust1", "trust3")),
        "shifted_in": chance.choice([group for group in ("A", "B", "C") if group != agreeing]),
        "shift": chance.choice((-1.15, 1.1, 1.2)),
        "effect": chance.choice((0.33, 0.45)),
        "turned": chance.choice((1, 2, 3)),
    }
