"""The generator of the contact data: a seed in, synthetic customers of one company and how often it contacted them out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, decimals, draw, ids, labels, whole, with_copies

IN_EXPERIMENT, OBSERVED = 4_000, 2_000

AGES = ("18-39", "40-59", "60+")
CHANNELS = ("app", "letter", "message", "phone")
PHONE = CHANNELS.index("phone")
MOST_CONTACTS = 8

# Older customers trust more, and more of them want to be phoned; most of them want something else.
TRUST_BY_AGE = np.array([2.9, 3.9, 4.9])
PREFERENCE_BY_AGE = np.array([[0.42, 0.09, 0.31, 0.18], [0.33, 0.15, 0.27, 0.25], [0.24, 0.23, 0.22, 0.31]])
BY_CHANCE = 0.25
"""One in four gets the stated channel by lot. The wrong one costs as much as keeps the mean where it is."""
PHONED_BY_AGE = np.array([0.22, 0.50, 0.78])

CURVE = 0.045
"""How fast trust falls to both sides of the best number of useful contacts, in points for each contact squared."""
TIRING = 0.08
"""How many points each contact costs that is of no use to the customer."""
WARM = 0.7
"""Observed customers whom the firm knows well: their trust rises anyhow, and it uses the channel they asked for."""


def generate(
    seed: int,
    *,
    best: float = 2.5,
    match: float = 0.7,
    phone: float = 0.0,
    selection: float = 1.2,
) -> pd.DataFrame:
    """Return customers of an experiment and of everyday work as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        best: the number of useful contacts a month at which trust rises most, 1-4.
        match: how many points the stated channel adds, 0-1.
        phone: how many points the telephone adds by itself, for everybody, 0-0.6.
        selection: how many contacts more a customer gets in everyday work who trusts one point more, 0-2.

    Returns:
        6,000 customers and 30 rows that stand there twice. Trust is from 1 to 7 with one decimal place; what is
        unknown is missing. `card.md` explains each column.

    Raises:
        ValueError: a size that is out of range.
    """
    for name, value, least, most in (
        ("best", best, 1, 4), ("match", match, 0, 1), ("phone", phone, 0, 0.6), ("selection", selection, 0, 2),
    ):  # fmt: skip
        if not least <= value <= most:
            raise ValueError(f"{name} = {value} is out of range: from {least} to {most}.")
    rng = np.random.default_rng(seed)
    n = IN_EXPERIMENT + OBSERVED
    observed = rng.permutation(n) < OBSERVED
    age = draw(rng, (0.34, 0.33, 0.33), n)
    preferred = _by_row(rng, PREFERENCE_BY_AGE[age])
    own_trust, own_change, warm = rng.standard_normal(n), rng.standard_normal(n), rng.random(n) < 0.5

    contacts, channel, useful = (np.zeros(n, dtype=np.int64) for _ in range(3))
    contacts[~observed], channel[~observed], useful[~observed] = _by_lot(rng, IN_EXPERIMENT)
    field = np.flatnonzero(observed)
    channel[field] = _by_habit(rng, age[field], preferred[field], warm[field])
    useful[field] = rng.random(len(field)) < 0.5
    # The channels get equal people: by lot on the whole, in everyday work within each age. What is planted is then
    # not blurred by chance.
    group = np.where(observed, 10 + 2 * age + (channel == PHONE), channel + len(CHANNELS) * (contacts > 0))
    own_change = _centred(own_change, group)
    usual = TRUST_BY_AGE[age]
    by_lot = TRUST_BY_AGE.mean() + _centred(usual + 0.45 * own_trust, group)
    before = np.where(observed, usual + 0.45 * _centred(own_trust, group), by_lot)
    wanted = 2.6 + selection * (before[field] - 3.9) + 1.0 * rng.standard_normal(len(field))
    contacts[field] = np.clip(np.rint(wanted), 0, MOST_CONTACTS)

    reached = contacts > 0
    matched = reached & (channel == preferred)
    after = (
        before
        + np.where(useful == 1, CURVE * (2 * best * contacts - contacts**2), -TIRING * contacts)
        + match * (matched - BY_CHANCE * reached)
        + phone * (reached & (channel == PHONE))
        + WARM * (observed & warm)
        + 0.4 * own_change
    )
    unsub = rng.random(n) < 1 / (1 + np.exp(4.2 - 0.35 * contacts * (1 - 0.6 * useful)))
    silent = rng.random(n) < np.where(unsub, 0.20, 0.02)
    after = np.clip(after, 1, 7)
    failed = choose(rng, np.flatnonzero(~silent), round(0.01 * n))
    after[failed] = 0.0

    table = pd.DataFrame(
        {
            "customer_id": ids("C", np.arange(1, n + 1), 5),
            "source": labels(observed.astype(int), ("experiment", "observational")),
            "age_band": labels(age, AGES),
            "preferred_channel": labels(preferred, CHANNELS),
            "channel_sent": labels(channel, CHANNELS, ~reached),
            "contacts_month": whole(contacts),
            "useful": whole(useful),
            "trust_t0": decimals(np.clip(before, 1, 7), 1),
            "trust_t1": decimals(after, 1, silent),
            "unsub": whole(unsub),
        }
    )
    return with_copies(rng, table, 30)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Whoever answers with a number of the shipped file instead of a method must fail there: another number of contacts
    is best, and a match is worth more or less, by far more than chance and tolerance.
    """
    return {
        "best": chance.choice((1.5, 1.6, 3.4, 3.5)),
        "match": chance.choice((0.52, 0.56, 0.86, 0.9)),
        "selection": chance.choice((0.9, 1.6)),
    }


def _centred(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the values, in each group less its mean."""
    size, total = np.bincount(group), np.bincount(group, values)
    return values - total[group] / size[group]


def _by_row(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """Return one position for each row of shares."""
    edges = np.cumsum(shares, axis=1)
    return (rng.random(len(shares))[:, None] >= edges / edges[:, -1:]).sum(axis=1)


def _by_lot(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return contacts, channel and use, drawn in blocks in which each combination stands once."""
    size = (MOST_CONTACTS + 1) * len(CHANNELS) * 2
    lots = np.concatenate([rng.permutation(size) for _ in range(n // size + 1)])[:n]
    return lots // (2 * len(CHANNELS)), lots // 2 % len(CHANNELS), lots % 2


def _by_habit(rng: np.random.Generator, age: np.ndarray, preferred: np.ndarray, warm: np.ndarray) -> np.ndarray:
    """Return the channel of everyday work: the telephone by age, otherwise often what the customer asked for."""
    phoned = rng.random(len(age)) < PHONED_BY_AGE[age]
    asked = (preferred != PHONE) & (rng.random(len(age)) < np.where(warm, 0.99, 0.65))
    other = np.where(asked, preferred, draw(rng, (0.45, 0.20, 0.35), len(age)))
    return np.where(phoned, PHONE, other)
