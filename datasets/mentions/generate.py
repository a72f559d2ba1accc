"""The generator of the mentions data: a seed in, 400 days of public mentions of three brands out.

For trainers and authors: the events that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, dates, decimals, labels, texts, whole, with_copies

DAYS = 400
FIRST_DAY = np.datetime64("2024-11-04", "D")  # a Monday
QUIET_START = 70
"""Days at the beginning on which nothing happens, so that every method can learn what is usual."""

BRANDS = ("Harbor Air", "Lantern Home", "Northbank")
LEVEL = np.array([620.0, 900.0, 760.0])
# By brand, what each weekday (Monday first) has of the level of the week.
WEEK = np.array(
    [
        [0.75, 0.70, 0.70, 0.80, 1.75, 1.35, 0.95],
        [1.80, 1.15, 0.85, 0.85, 0.80, 0.70, 0.85],
        [1.85, 1.20, 1.10, 1.10, 1.05, 0.35, 0.35],
    ]
)
# What a year and a bit adds to the level, by brand.
TREND = np.array([0.35, 0.20, -0.15])
NEGATIVE = np.array([0.15, 0.13, 0.17])
# Messages by one account that writes something negative.
MESSAGES_EACH = 1.3

# What a sudden crisis makes of the negative accounts of a usual day, from its first day on.
SUDDEN = np.array([2.9, 4.2, 4.5, 4.0, 3.4, 2.9, 2.4, 2.0, 1.7, 1.5, 1.35, 1.2])
SLOW_DAYS, SLOW_PEAK, SLOW_FADE = 30, 4.0, 14
DUE_AT = 2.5
"""The delay of a slow crisis counts from the day with this many times the usual of the negative accounts."""
AFTER_DAYS = 14

KINDS = ("none", "crisis", "slow crisis", "after", "meme", "bots", "holiday")
USUAL_TERMS = (
    ("delay", "seat", "lounge", "gate", "luggage", "fare"),
    ("fridge", "washer", "repair", "delivery", "kettle", "app"),
    ("card", "branch", "loan", "app", "queue", "rate"),
)
EVENT_TERMS = {
    "crisis": (("stranded", "overnight", "nobody"), ("smoke", "burnt", "recall"), ("locked", "money", "hotline")),
    "slow crisis": (("mould", "blanket", "again"), ("hinge", "broken", "again"), ("fee", "hidden", "again")),
    "meme": (("dance", "cabin", "song"), ("singing", "fridge", "song"), ("cat", "counter", "song")),
    "bots": (("scandal", "link", "refundcode"), ("scandal", "link", "refundcode"), ("scandal", "link", "refundcode")),
    "holiday": (("greetings", "family", "gift"), ("greetings", "family", "gift"), ("greetings", "family", "gift")),
}


def generate(
    seed: int,
    *,
    slow: str = "Lantern Home",
    meme: str = "Harbor Air",
    crises: bool = True,
    size: float = 1.0,
    with_truth: bool = False,
) -> pd.DataFrame:
    """Return 400 days of mentions of three brands as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        slow: the brand with the slow crisis; the other two have a sudden one each.
        meme: the brand that people make jokes with, another than `slow`; the third one meets the bots.
        crises: whether there are crises at all; without them the year holds the meme, the bots and the holiday.
        size: how large the crises are, 0.7 to 2; 1 makes about four times the usual of the negative accounts.
        with_truth: whether to add the columns `event_truth` and `due` (1 on the day from which delay counts).

    Returns:
        One row for each day and brand, in the order of the file, some twice. `card.md` explains each column.

    Raises:
        ValueError: no such brand, one brand for both, or a size that is out of range.
    """
    for brand in (slow, meme):
        if brand not in BRANDS:
            raise ValueError(f"There is no brand {brand}; the brands are {', '.join(BRANDS)}.")
    if slow == meme:
        raise ValueError("The slow crisis and the meme need two brands: their weeks would run into each other.")
    if not 0.7 <= size <= 2:
        raise ValueError(f"A size of {size} is out of range: 0.7 to 2.")
    rng = np.random.default_rng(seed)
    slow_at, meme_at = BRANDS.index(slow), BRANDS.index(meme)
    bots_at = ({0, 1, 2} - {slow_at, meme_at}).pop()

    kind = np.zeros((DAYS, 3), dtype=np.int64)
    due = np.zeros((DAYS, 3), dtype=np.int64)
    people, more, milder = np.ones((DAYS, 3)), np.ones((DAYS, 3)), np.ones((DAYS, 3))
    holiday = QUIET_START + int(rng.integers(8, 22))
    kind[holiday : holiday + 7] = KINDS.index("holiday")
    more[holiday : holiday + 7], milder[holiday : holiday + 7] = 1.9, 0.58
    days_of_meme = slice(start := int(rng.integers(125, 150)), start + 5)
    kind[days_of_meme, meme_at] = KINDS.index("meme")
    more[days_of_meme, meme_at] = np.array([4.0, 7.0, 6.0, 3.5, 2.0])
    milder[days_of_meme, meme_at] = 1.15 / more[days_of_meme, meme_at]
    days_of_bots = slice(start := int(rng.integers(165, 190)), start + 3)
    kind[days_of_bots, bots_at] = KINDS.index("bots")

    at = {meme_at: int(rng.integers(205, 245)), bots_at: int(rng.integers(270, 320))}
    slow_start = int(rng.integers(215, 300))
    if crises:
        for brand, begin in at.items():
            _add(kind, people, brand, begin, 1 + (SUDDEN - 1) * size, "crisis")
            due[begin, brand] = 1
        peak = 1 + (SLOW_PEAK - 1) * size
        climb = np.concatenate([np.linspace(1, peak, SLOW_DAYS + 1)[1:], np.linspace(peak, 1, SLOW_FADE + 1)[1:-1]])
        _add(kind, people, slow_at, slow_start, climb, "slow crisis")
        due[slow_start + int(np.argmax(climb >= DUE_AT - 1e-9)), slow_at] = 1

    weekday = np.arange(DAYS) % 7
    level = LEVEL * WEEK[:, weekday].T * (1 + TREND * np.arange(DAYS)[:, None] / DAYS)
    usual = level * more * np.exp(0.09 * rng.standard_normal((DAYS, 3)))
    share = NEGATIVE * milder * np.exp(0.11 * rng.standard_normal((DAYS, 3)))
    negative_accounts = rng.poisson(usual * share / MESSAGES_EACH * people)
    negative = np.rint(negative_accounts * MESSAGES_EACH * np.exp(0.05 * rng.standard_normal((DAYS, 3))))
    negative = np.maximum(negative, negative_accounts)
    friendly = rng.poisson(usual * (1 - share))
    # The bots: many messages, few accounts.
    negative[days_of_bots, bots_at] += np.rint(level[days_of_bots, bots_at] * np.array([2.0, 4.0, 1.5]))
    negative_accounts[days_of_bots, bots_at] += rng.integers(1, 5, 3)
    mentions = friendly + negative.astype(np.int64)

    quiet = np.flatnonzero((kind == 0).ravel())
    unread = np.zeros(DAYS * 3, dtype=bool)
    unread[choose(rng, quiet, round(0.03 * DAYS * 3))] = True
    down = np.zeros(DAYS * 3, dtype=bool)
    down[choose(rng, quiet, round(0.01 * DAYS * 3))] = True
    terms = [
        "; ".join(_terms(rng, brand, KINDS[kind[day, brand]])) for day in range(DAYS) for brand in range(3)
    ]  # fmt: skip

    table = pd.DataFrame(
        {
            "date": dates(np.repeat(FIRST_DAY + np.arange(DAYS), 3)),
            "brand": labels(np.tile(np.arange(3), DAYS), BRANDS),
            "mentions": whole(np.where(down, 0, mentions.ravel())),
            "neg_share": decimals((negative / mentions).ravel(), 3, unread | down),
            "neg_accounts": whole(negative_accounts.ravel(), unread | down),
            "top_terms": texts(terms, down),
        }
    )
    if with_truth:
        table["event_truth"] = labels(kind.ravel(), KINDS)
        table["due"] = whole(due.ravel())
    return with_copies(rng, table, 6)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true: other brands, other sizes."""
    slow = chance.choice(("Harbor Air", "Northbank"))
    return {
        "slow": slow,
        "meme": chance.choice([brand for brand in BRANDS if brand != slow]),
        "size": chance.choice((0.94, 1.2, 1.35)),
    }


def _add(kind: np.ndarray, people: np.ndarray, brand: int, begin: int, times: np.ndarray, name: str) -> None:
    """Plant a crisis that multiplies the negative accounts of a brand, and the two weeks after it."""
    end = begin + len(times)
    people[begin:end, brand] = times
    kind[begin:end, brand] = KINDS.index(name)
    kind[end : end + AFTER_DAYS, brand] = KINDS.index("after")


def _terms(rng: np.random.Generator, brand: int, kind: str) -> list[str]:
    """Return the three words that were used most on a day."""
    usual = [USUAL_TERMS[brand][one] for one in rng.permutation(len(USUAL_TERMS[brand]))[:3]]
    if kind in ("none", "after"):
        return usual
    # The slow one is not on top of the list from its first day on, and neither is anything else.
    strange = list(EVENT_TERMS[kind][brand])
    return [*strange[:2], usual[0]] if rng.random() < 0.7 else [usual[0], strange[0], usual[1]]
