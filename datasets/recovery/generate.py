"""The generator of the recovery data: a seed in, one table of synthetic customers with and without a failure out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, draw, ids, labels, to_scale, whole, with_copies

ROWS = 9_000

GROUPS = ("never_failed", "recovered", "not_recovered")
INDUSTRIES = ("appliance", "bank", "hotel", "shop", "telecom")
INDUSTRY_SHARE = (0.28, 0.14, 0.13, 0.25, 0.20)
SEVERITY_SHARE = (0.30, 0.35, 0.25, 0.10)

# What the order system writes where it does not know the number of orders.
UNKNOWN = 999


def generate(
    seed: int,
    rows: int = ROWS,
    *,
    paradox: float = 0.30,
    repurchase_gain: float = 0.0,
    wom_gain: float = 0.0,
    damage: float = 0.16,
    selection: float = 1.0,
) -> pd.DataFrame:
    """Return customers who had no failure, one that was recovered, or one that was not, the same for the same seed.

    Args:
        seed: any whole number from 0.
        rows: rows in the table, duplicates included; at least 300.
        paradox: points of satisfaction that customers after a good recovery lie above those who never had a failure,
            with the same number of earlier orders.
        repurchase_gain: the same for the share that buys again, -0.15 to 0.15.
        wom_gain: the same for word of mouth, in points of its scale of eleven.
        damage: how much smaller the share that buys again is after a failure without recovery, of middle severity
            and with the same earlier orders, 0 to 0.3.
        selection: how strongly loyal customers are the ones who complain and are then recovered, 0 to 2.

    Returns:
        The table in the order of the file: satisfaction 1 to 7, word of mouth 0 to 10, flags 0 or 1; what is unknown
        is missing. `card.md` explains each column.

    Raises:
        ValueError: too few rows, or a size that is out of range.
    """
    if rows < 300:
        raise ValueError(f"{rows} rows are too few: the planted structure needs at least 300.")
    if not (abs(paradox) <= 1 and abs(repurchase_gain) <= 0.15 and abs(wom_gain) <= 1.5):
        raise ValueError("A gain is too large: at most 1 for satisfaction, 0.15 for repurchase, 1.5 for word of mouth.")
    if not (0 <= damage <= 0.3 and 0 <= selection <= 2):
        raise ValueError("The damage must lie from 0 to 0.3, the selection from 0 to 2.")
    rng = np.random.default_rng(seed)
    copies = round(0.005 * rows)
    n = rows - copies

    loyalty = rng.standard_normal(n)
    failed = rng.random(n) < 0.52
    severity = 1 + draw(rng, SEVERITY_SHARE, n)
    # Loyal customers take the trouble to complain, and mild failures are easier to make good.
    push = 1.0 * selection * loyalty - 0.35 * (severity - 2) + 0.15
    recovered = failed & (rng.random(n) < 1 / (1 + np.exp(-push)))
    lost = failed & ~recovered
    orders = 1 + rng.poisson(4.5 * np.exp(0.55 * loyalty))
    tenure = np.clip(np.rint(np.exp(1.2 + 0.30 * loyalty + 0.5 * rng.standard_normal(n))), 0, 25)

    # What earlier orders tell about a customer: about as far as orders can, from -2 to 2.
    habit = np.clip(np.log(orders / 4.5), -2, 2)
    satisfaction = (
        5.05
        + 0.50 * habit
        + paradox * recovered
        - lost * (0.95 + 0.20 * (severity - 2))
        + 1.05 * rng.standard_normal(n)
    )
    buys = np.clip(
        0.52 + 0.18 * habit + repurchase_gain * recovered - lost * (damage + 0.05 * (severity - 2)), 0.02, 0.98
    )
    word = (
        6.6 + 0.55 * habit + wom_gain * recovered - lost * (1.3 + 0.25 * (severity - 2)) + 1.8 * rng.standard_normal(n)
    )
    # The disappointed answer less often.
    unanswered = rng.random(n) < np.where(lost, 0.30, 0.15)

    position = np.where(recovered, 1, np.where(lost, 2, 0))
    orders[choose(rng, np.arange(n), round(0.01 * n))] = UNKNOWN
    table = pd.DataFrame(
        {
            "customer_id": ids("R", np.arange(1, n + 1), 5),
            "industry": labels(draw(rng, INDUSTRY_SHARE, n), INDUSTRIES),
            "tenure_years": whole(tenure),
            "orders_before": whole(orders),
            "group": labels(position, GROUPS),
            "severity": whole(severity, ~failed),
            "satisfaction": whole(to_scale(satisfaction), unanswered),
            "repurchase_90d": whole(rng.random(n) < buys),
            "wom_score": whole(to_scale(word, 0, 10), unanswered),
        }
    )
    return with_copies(rng, table, copies)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    There a good recovery may leave customers below those without a failure, and it may change what they buy: a
    number that is copied from the shipped file is wrong there.
    """
    return {
        "paradox": chance.choice((-0.40, -0.30, -0.20, 0.55, 0.65, 0.75)),
        "repurchase_gain": chance.choice((-0.12, -0.10, -0.08, 0.07, 0.09, 0.11)),
        "wom_gain": chance.choice((-0.8, -0.6, 0.5, 0.7)),
        "damage": chance.choice((0.02, 0.05, 0.08, 0.23, 0.26, 0.29)),
        "selection": chance.choice((0.6, 0.7, 1.3, 1.4)),
    }
