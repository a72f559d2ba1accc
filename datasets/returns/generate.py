"""The generator of the returns data: a seed in, two years of weekly sales and returns of 24 product lines out.

For trainers and authors: what is planted here, and the bands it must stay in, are described in `planted.md` beside
this file. The trainee's page is `card.md`, which says nothing about it.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, dates, labels, whole, with_copies

WEEKS = 104
FIRST_WEEK = np.datetime64("2024-01-01", "D")  # a Monday
LINES = tuple(f"L{number:02d}" for number in range(1, 25))
# Of what was sold in a week, this share of its returns comes one, two and three weeks later.
COMES_BACK = (0.5, 0.3, 0.2)
CLIMB_WEEKS = 20
DRIFT = 0.12
"""By how much the return rate of every line rises over the two years, as a share of it."""
KINDS = ("none", "defect", "promotion", "policy")


def generate(
    seed: int,
    *,
    defect: str = "L07",
    promotion: str = "L16",
    first_changed: int = 9,
    growth: float = 1.05,
    policy_effect: float = 0.7,
    with_truth: bool = False,
) -> pd.DataFrame:
    """Return two years of weekly sales and returns as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        defect: the line whose parts get slowly worse.
        promotion: the line with the large promotion.
        first_changed: number of the first of the five lines in a row that get the new return policy, 1 to 20.
        growth: by how much the defect raises the return rate in the end, as a share of it; 0 for no defect.
        policy_effect: by how much the new policy raises the return rate of its lines, as a share of it.
        with_truth: whether to add the column `defect_truth` (none, defect, promotion, policy).

    Returns:
        One row for each week and line, in the order of the file, some twice. `card.md` explains each column.

    Raises:
        ValueError: no such line, or one line for two stories, or a size that is out of range.
    """
    for line in (defect, promotion):
        if line not in LINES:
            raise ValueError(f"There is no line {line}; the lines are {LINES[0]} to {LINES[-1]}.")
    if not 1 <= first_changed <= 20:
        raise ValueError(f"Five lines in a row from {first_changed} on do not exist: 1 to 20.")
    changed = np.arange(first_changed - 1, first_changed + 4)
    defect_at, promotion_at = LINES.index(defect), LINES.index(promotion)
    if defect_at == promotion_at or {defect_at, promotion_at} & set(changed.tolist()):
        raise ValueError("Defect, promotion and policy need lines of their own: one line cannot show two of them.")
    if not (0 <= growth <= 3 and 0 <= policy_effect <= 3):
        raise ValueError("A rise is a share of the usual return rate: 0 to 3.")
    rng = np.random.default_rng(seed)
    n = len(LINES)
    week = np.arange(WEEKS)

    level = 260 * np.exp(rng.uniform(0, 1.2, n))
    rate = rng.uniform(0.045, 0.085, n)
    year = 1 + 0.12 * np.sin(2 * np.pi * (week[:, None] + rng.uniform(0, 52, n)) / 52)
    december = np.where((week % 52 >= 47) & (week % 52 <= 50), 1.35, 1.0)[:, None]
    expected = level * year * december

    promo = np.zeros((WEEKS, n), dtype=np.int64)
    others = [line for line in range(n) if line not in (defect_at, promotion_at)]
    for line in choose(rng, np.array(others), 8).tolist():
        begin = int(rng.integers(8, 84))
        promo[begin : begin + 2, line] = 1
        expected[begin : begin + 2, line] *= 1.4
    big = int(rng.integers(62, 74))
    promo[big : big + 3, promotion_at] = 1
    expected[big : big + 3, promotion_at] *= 4.2
    # Who wanted one has bought one: the weeks after a large promotion are quiet.
    expected[big + 3 : big + 6, promotion_at] *= 0.45

    policy = np.zeros((WEEKS, n), dtype=np.int64)
    policy_week = int(rng.integers(52, 60))
    policy[policy_week:, changed] = 1
    defect_week = int(rng.integers(66, 72))
    rise = np.tile((1 + DRIFT * week / WEEKS)[:, None], n)
    rise[:, defect_at] *= 1 + growth * np.clip((week - defect_week) / CLIMB_WEEKS, 0, 1)
    rise *= 1 + policy_effect * policy

    sold = rng.poisson(expected * np.exp(0.07 * rng.standard_normal((WEEKS, n))))
    before = np.vstack([np.tile(np.rint(level).astype(np.int64), (len(COMES_BACK), 1)), sold])
    due = sum(share * before[len(COMES_BACK) - lag : -lag] for lag, share in enumerate(COMES_BACK, start=1))
    returned = rng.poisson(due * rate * rise * np.exp(0.05 * rng.standard_normal((WEEKS, n))))

    cells = np.arange(WEEKS * n)
    unknown = np.zeros(WEEKS * n, dtype=bool)
    unknown[choose(rng, cells, round(0.03 * WEEKS * n))] = True
    turned = np.zeros(WEEKS * n, dtype=bool)
    turned[choose(rng, cells, round(0.01 * WEEKS * n))] = True

    table = pd.DataFrame(
        {
            "week": dates(np.repeat(FIRST_WEEK + 7 * week, n)),
            "line": labels(np.tile(np.arange(n), WEEKS), LINES),
            "sold": whole(np.where(turned, -1, 1) * sold.ravel()),
            "returned": whole(returned.ravel(), unknown),
            "promo": whole(promo.ravel()),
            "policy_change": whole(policy.ravel()),
        }
    )
    if with_truth:
        story = np.zeros((WEEKS, n), dtype=np.int64)
        story[policy == 1] = KINDS.index("policy")
        story[big : big + 6, promotion_at] = KINDS.index("promotion")
        if growth > 0:
            story[defect_week + 1 :, defect_at] = KINDS.index("defect")
        table["defect_truth"] = labels(story.ravel(), KINDS)
    return with_copies(rng, table, 12)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true: other lines, other sizes."""
    first = chance.choice((1, 17, 18, 19))
    return {
        "defect": chance.choice(("L08", "L11", "L13", "L15")),
        "promotion": chance.choice(("L06", "L09", "L10", "L12")),
        "first_changed": first,
        "growth": chance.choice((0.85, 0.95, 1.2)),
        "policy_effect": chance.choice((0.85, 0.95, 1.05)),
    }
