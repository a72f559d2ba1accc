"""The generator of the loyalty programme's data: customers of tea shops, month by month, for one year.

For trainers and authors: what is planted is described in `planted.md` beside this file, not in the trainee's `card.md`.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, draw, ids, labels, to_scale, whole, with_copies

CUSTOMERS = 7_000
MONTHS = 12

REGIONS = ("bay", "city", "east", "hills", "lake", "north", "south", "west")
REGION_SHARE = (0.11, 0.16, 0.13, 0.11, 0.18, 0.12, 0.10, 0.09)
# The month in which the card was first offered; 0 where that did not happen within the year.
ROLLOUT = (4, 6, 0, 8, 6, 4, 0, 8)
OFFERED = tuple(name for name, month in zip(REGIONS, ROLLOUT, strict=True) if month)
REGION_LEVEL = (1.02, 1.04, 0.99, 0.97, 1.01, 0.98, 1.00, 0.99)
SEASON = (0.97, 1.03, 0.96, 0.97, 0.99, 1.02, 1.05, 1.04, 0.99, 1.01, 1.05, 1.14)

JOINS = 0.60
DELAY_SHARE = (0.78, 0.14, 0.08)
AWAY = 0.02
TICKET = 24.0
SURVEY_MONTHS = (3, 6, 9, 12)
UNKNOWN = -1


def generate(
    seed: int,
    customers: int = CUSTOMERS,
    *,
    effect: float = 0.06,
    price_region: str = "lake",
    price_rise: float = 0.25,
    selection: float = 0.32,
    level: float = 92.0,
    drift: float = 0.0,
    drift_region: str = "north",
) -> pd.DataFrame:
    """Return one row for each customer and month, the same for the same seed.

    Every option leaves all other draws as they are: two tables of one seed differ by the option alone.

    Args:
        seed: any whole number from 0.
        customers: how many customers; at least 400.
        effect: what offering the card adds to the spending of all customers of a region, as a share, -0.2 to 0.4.
        price_region: the region with the card in which prices rise in the month in which the card comes.
        price_rise: by which share, 0 to 0.5.
        selection: how strongly those who spend much are drawn to the card, 0 to 0.8.
        level: what a customer spends in a month, about, in yuan.
        drift: by which share a month one region's spending rises more than that of the others, -0.05 to 0.05.
        drift_region: that region.

    Returns:
        The table in the order of the file. Spending is in yuan; -1 is what an offline till wrote.

    Raises:
        ValueError: too few customers, no such region, or a number that is out of range.
    """
    if customers < 400:
        raise ValueError(f"{customers} customers are too few: the regions need at least 400.")
    if price_region not in OFFERED:
        raise ValueError(f"Prices rise with the card in one of {', '.join(OFFERED)}, not in {price_region}.")
    if drift_region not in REGIONS:
        raise ValueError(f"There is no region {drift_region}; the regions are {', '.join(REGIONS)}.")
    for name, value, least, most in (
        ("effect", effect, -0.2, 0.4),
        ("price_rise", price_rise, 0, 0.5),
        ("selection", selection, 0, 0.8),
        ("level", level, 40, 400),
        ("drift", drift, -0.05, 0.05),
    ):
        if not least <= value <= most:
            raise ValueError(f"{name} is {value}; it must lie between {least} and {most}.")
    rng = np.random.default_rng(seed)
    n = customers

    region = draw(rng, _shares(price_region), n)
    start = np.array(ROLLOUT)[region]
    taste = rng.standard_normal(n)  # how much somebody likes the tea: spends more, whatever the card does
    trust = 0.35 * taste + np.sqrt(1 - 0.35**2) * rng.standard_normal(n)
    keen = selection * taste + 0.25 * trust + rng.standard_normal(n) * np.sqrt(1 - selection**2)
    joins = (start > 0) & (keen > np.quantile(keen, 1 - JOINS))
    joined = np.where(joins, start + draw(rng, DELAY_SHARE, n), 0)

    month = np.arange(1, MONTHS + 1)
    offered = (start[:, None] > 0) & (month >= start[:, None])
    member = joins[:, None] & (month >= joined[:, None])
    usual = level * 0.9 * np.array(REGION_LEVEL)[region] * np.exp(0.42 * taste)
    season = np.array(SEASON) * np.exp(0.01 * rng.standard_normal(MONTHS))
    without = usual[:, None] * season * np.exp(0.22 * rng.standard_normal((n, MONTHS)))
    without *= rng.random((n, MONTHS)) >= AWAY
    without *= np.where(region == REGIONS.index(drift_region), 1 + drift, 1.0)[:, None] ** (month - 1)

    # Only who holds the card changes what he buys. The share is set so that all customers who were offered it,
    # holders or not, together spend `effect` more in the regions without a rise of prices.
    dearer = region == REGIONS.index(price_region)
    clean = offered & ~dearer[:, None]
    held = without[clean & member].sum() / without[clean].sum()
    spend = without * (1 + member * effect / held)

    visits = spend / TICKET * (92.0 / level) * np.exp(0.18 * rng.standard_normal((n, MONTHS)))
    at_new_prices = dearer[:, None] & offered
    visits *= np.where(at_new_prices, 1 - 0.2 * price_rise, 1.0)
    spend *= np.where(at_new_prices, (1 + price_rise) * (1 - 0.2 * price_rise), 1.0)
    yuan = np.rint(spend).astype(np.int64)
    visits = np.where(yuan > 0, np.maximum(1, np.floor(visits + rng.random((n, MONTHS)))), 0)

    complaints = (rng.random((n, MONTHS)) < 0.035).astype(np.int64) + (rng.random((n, MONTHS)) < 0.004)
    answer = to_scale(4.6 + 0.75 * trust[:, None] + 0.7 * rng.standard_normal((n, MONTHS)))
    unasked = ~np.isin(month, SURVEY_MONTHS) | (rng.random((n, MONTHS)) < 0.25)

    lost = rng.random((n, MONTHS)) < np.where(month == 12, 0.05, 0.028)
    offline = np.zeros(n * MONTHS, dtype=bool)
    offline[choose(rng, np.flatnonzero(~lost.ravel()), round(0.01 * n * MONTHS))] = True

    each = np.repeat(np.arange(n), MONTHS)
    table = pd.DataFrame(
        {
            "customer_id": ids("L", np.arange(1, n + 1), 4)[each].reset_index(drop=True),
            "month": whole(np.tile(month, n)),
            "region": labels(region[each], REGIONS),
            "rollout_month": whole(start[each], start[each] == 0),
            "joined_month": whole(joined[each], joined[each] == 0),
            "member": whole(member.ravel()),
            "spend": whole(np.where(offline, UNKNOWN, yuan.ravel()), lost.ravel()),
            "visits": whole(visits.ravel()),
            "complaints": whole(complaints.ravel()),
            "trust": whole(answer.ravel(), unasked.ravel()),
        }
    )
    return with_copies(rng, table, round(0.004 * n * MONTHS))


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    The card does nearly nothing or twice as much, another region has the new prices, and others are drawn to it.
    """
    return {
        "effect": round(chance.choice((0.0, 0.02, 0.10, 0.12)) + chance.uniform(-0.005, 0.005), 3),
        "price_region": chance.choice([name for name in OFFERED if name != "lake"]),
        "price_rise": chance.choice((0.20, 0.30)),
        "selection": chance.choice((0.22, 0.25, 0.44, 0.48)),
        "level": round(chance.choice((1.25, 0.65)) * chance.uniform(92, 120), 1),
    }


def _shares(price_region: str) -> np.ndarray:
    """Return the regions' shares of the customers; the one with the new prices takes the large share of the lake."""
    share, usual, dearer = np.array(REGION_SHARE), REGIONS.index("lake"), REGIONS.index(price_region)
    share[[usual, dearer]] = share[[dearer, usual]]
    return share
