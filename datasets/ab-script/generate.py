"""The generator of the script test: a seed in, a finished A/B test of two opening scripts out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.

The numbers of solved and reopened tickets are set group by group, within a small jitter, and chance decides which
tickets they are. So what is planted is there for every seed, and what is switched off is really not there.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import decimals, draw, ids, labels, to_scale, whole, with_copies

ROWS = 16_000
DAYS = 14
ARMS = ("A", "B")
HISTORIES = ("first", "returning")
TOPICS = ("billing", "card", "delivery", "fees", "login")
TOPIC_SHARE = (0.15, 0.24, 0.21, 0.14, 0.26)
SEGMENTS = tuple(f"{region}-{way}" for region in ("east", "north", "south", "west") for way in ("app", "phone", "web"))
SEGMENT_SHARE = (0.11, 0.09, 0.08, 0.07, 0.10, 0.06, 0.10, 0.08, 0.07, 0.09, 0.08, 0.07)
# Monday first; the test begins on a Monday and runs two whole weeks.
WEEKDAY_WEIGHT = np.array([1.25, 1.10, 1.0, 1.0, 1.05, 0.75, 0.65])
NONE = "none"


def generate(
    seed: int,
    *,
    first_share: float = 0.30,
    base: float = 0.65,
    first_effect: float = 0.04,
    rest_effect: float = 0.0,
    harmed_topic: str = "billing",
    harm: float = 0.05,
    loud_segment: str = NONE,
    loud_effect: float = 0.0,
    early_luck: float = 2.3,
) -> pd.DataFrame:
    """Return one finished test as a typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        first_share: share of customers who complain for the first time, 0.2-0.5.
        base: share of tickets solved with script A, 0.3-0.8.
        first_effect: how much larger that share is with script B among those who complain for the first time.
        rest_effect: the same among all others.
        harmed_topic: the topic in which script B raises reopening.
        harm: how much larger the share of reopened tickets is there, 0-0.2.
        loud_segment: the segment in which script B really works better; "none" for none.
        loud_effect: how much larger the share of solved tickets is there, all histories together.
        early_luck: the difference after day 3, in standard errors.

    Raises:
        ValueError: there is no such topic or segment, or a share is out of range.
    """
    if harmed_topic not in TOPICS:
        raise ValueError(f"There is no topic {harmed_topic}; the topics are {', '.join(TOPICS)}.")
    if loud_segment not in (NONE, *SEGMENTS):
        raise ValueError(f"There is no segment {loud_segment}; there are {', '.join(SEGMENTS)}, or {NONE}.")
    if not (0.2 <= first_share <= 0.5 and 0.3 <= base <= 0.8 and 0 <= harm <= 0.2):
        raise ValueError("The shares must lie within 0.2-0.5 (first), 0.3-0.8 (base) and 0-0.2 (harm).")
    if max(abs(first_effect), abs(rest_effect), abs(loud_effect)) > 0.15:
        raise ValueError("An effect of more than 0.15 is no effect of a script.")
    rng = np.random.default_rng(seed)
    copies, pilot = 80, 160
    n = ROWS - copies - pilot

    arm = rng.permutation(np.arange(n) % 2)
    first = _shares(rng, arm, (first_share, 1 - first_share)) == 0
    topic = _shares(rng, arm, TOPIC_SHARE)
    segment = _shares(rng, arm, SEGMENT_SHARE)
    wanted = _wanted(rng, arm, first, segment, base, first_effect, rest_effect, loud_segment, loud_effect)
    solved = _filled(rng, 2 * (2 * segment + first) + arm, wanted)

    harms = np.where(np.arange(len(TOPICS)) == TOPICS.index(harmed_topic), harm, 0.0)
    usual = 0.08 + 0.02 * rng.uniform(-1, 1, len(TOPICS))
    half = (harms + rng.permutation(np.linspace(-0.004, 0.004, len(TOPICS)))) / 2
    usual = np.where(harms > 0, 0.08 + harms / 2, usual)
    reopen = np.stack([usual - half, usual + half], axis=1).ravel()
    reopened = _filled(rng, 2 * topic + arm, reopen, 0.3 * solved)
    day = _days(rng, arm, solved, early_luck)

    minutes = 11 * np.exp(0.55 * rng.standard_normal(n)) + 1.2 * arm + 2.5 * (topic == 0)
    hurt = (arm == 1) & (harms[topic] > 0)
    trust = 4.4 + 0.7 * solved - 0.6 * reopened - 0.40 * hurt + 1.0 * rng.standard_normal(n)
    unanswered = rng.random(n) < 0.58

    table = pd.DataFrame(
        {
            "arm": arm, "day": day, "first": first, "topic": topic, "segment": segment, "resolved": solved,
            "minutes": minutes, "reopened": reopened, "trust": to_scale(trust), "unanswered": unanswered,
        }
    )  # fmt: skip
    before = table.iloc[rng.integers(0, n, pilot)].assign(
        day=0, arm=1, resolved=(rng.random(pilot) < base + 0.12).astype(np.int64)
    )
    table = pd.concat([table, before], ignore_index=True)
    table = table.iloc[np.lexsort((rng.random(len(table)), table["day"]))].reset_index(drop=True)
    rows = len(table)
    table = pd.DataFrame(
        {
            "ticket_id": ids("T", np.arange(1, rows + 1), 5),
            "day": whole(table["day"].to_numpy()),
            "arm": labels(table["arm"].to_numpy(), ARMS),
            "history": labels(1 - table["first"].to_numpy().astype(np.int64), HISTORIES),
            "topic": labels(table["topic"].to_numpy(), TOPICS),
            "segment": labels(table["segment"].to_numpy(), SEGMENTS),
            "resolved": whole(table["resolved"].to_numpy()),
            "handle_min": decimals(table["minutes"].to_numpy(), 1, rng.random(rows) < 0.03),
            "reopened_7d": whole(table["reopened"].to_numpy()),
            "trust_3d": whole(table["trust"].to_numpy(), table["unanswered"].to_numpy()),
        }
    )
    return with_copies(rng, table, copies)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Another topic is harmed, one segment really differs, and all effects differ from those of the shipped file by far
    more than a check allows.
    """
    return {
        "first_share": chance.choice((0.36, 0.42)),
        "base": chance.choice((0.50, 0.55, 0.72)) + chance.uniform(-0.015, 0.015),
        "first_effect": chance.choice((0.075, 0.09, 0.105)),
        "rest_effect": chance.choice((-0.045, -0.03, 0.035, 0.05)),
        "harmed_topic": chance.choice(("card", "delivery", "fees", "login")),
        "harm": chance.choice((0.08, 0.10, 0.12)),
        "loud_segment": chance.choice(SEGMENTS),
        "loud_effect": 0.15,
        "early_luck": chance.choice((-2.6, 0.4, 3.4)),
    }


def _shares(rng: np.random.Generator, arm: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Return groups of the given sizes, as large in one arm as in the other, apart from rounding."""
    groups = np.empty(len(arm), dtype=np.int64)
    for one in (0, 1):
        place = np.flatnonzero(arm == one)
        edges = np.rint(np.cumsum(shares) / sum(shares) * len(place)).astype(np.int64)
        groups[rng.permutation(place)] = np.searchsorted(edges, np.arange(len(place)), side="right")
    return groups


def _wanted(
    rng: np.random.Generator,
    arm: np.ndarray,
    first: np.ndarray,
    segment: np.ndarray,
    base: float,
    first_effect: float,
    rest_effect: float,
    loud_segment: str,
    loud_effect: float,
) -> np.ndarray:
    """Return the share of solved tickets for each segment, history (others, first) and arm, in this order."""
    effects = np.array([rest_effect, first_effect]) + rng.uniform(-1, 1, 2) * (0.001, 0.0015)
    size = np.bincount(segment, minlength=len(SEGMENTS)).astype(float)
    part = np.bincount(segment, first, minlength=len(SEGMENTS)) / size
    of_histories = part * effects[1] + (1 - part) * effects[0]
    error = np.sqrt(4 * base * (1 - base) / size)
    # What each segment shows, in standard errors: the differences of chance that twelve segments have, drawn so
    # that one of them looks like a find and no other is near it.
    shown = rng.permutation(np.linspace(-1.15, 1.15, len(SEGMENTS))) * error
    lucky = int(rng.integers(len(SEGMENTS)))
    overall = float(size @ of_histories / size.sum())
    fixed = np.zeros(len(SEGMENTS), dtype=bool)
    if loud_segment == NONE:
        shown[lucky], fixed[lucky] = rng.uniform(2.25, 2.5) * error[lucky], True
    else:
        loud = SEGMENTS.index(loud_segment)
        shown[loud], fixed[loud] = loud_effect, True
    # The others make up for it, so that the effects of the histories come out as planted.
    rest = ~fixed
    shown[rest] += (overall * size.sum() - size @ shown) / size[rest].sum()
    own = shown - of_histories
    level = base + 0.03 * rng.uniform(-1, 1, len(SEGMENTS))
    level += base - float(size @ level / size.sum())
    shares = np.empty((len(SEGMENTS), 2, 2))
    # Nobody's first complaint is solved a little less often, whatever the script.
    for history, shift in ((0, 0.03 * float(first.mean())), (1, -0.03 * float(1 - first.mean()))):
        shares[:, history, 0] = level + shift
        shares[:, history, 1] = level + shift + effects[history] + own
    return shares.ravel()


def _filled(
    rng: np.random.Generator, group: np.ndarray, shares: np.ndarray, late: np.ndarray | float = 0.0
) -> np.ndarray:
    """Return flags that are 1 in each group for its share of rows; who is `late` is taken less often.

    What rounding leaves over is carried on from group to group within an arm (every second group).
    """
    size = np.bincount(group, minlength=len(shares))
    exact = size * shares
    count = np.empty(len(shares), dtype=np.int64)
    for one in (0, 1):
        total = np.rint(np.cumsum(exact[one::2])).astype(np.int64)
        count[one::2] = np.diff(total, prepend=0)
    order = np.lexsort((rng.random(len(group)) + late, group))
    rank = np.arange(len(group)) - np.repeat(np.cumsum(size) - size, size)
    flags = np.zeros(len(group), dtype=np.int64)
    flags[order] = rank < count[group[order]]
    return flags


def _days(rng: np.random.Generator, arm: np.ndarray, solved: np.ndarray, luck: float) -> np.ndarray:
    """Return the day (1-14) of each ticket, with the wanted difference of the arms after day 3."""
    weight = np.tile(WEEKDAY_WEIGHT, 2) * rng.uniform(0.97, 1.03, DAYS)
    day = np.empty(len(arm), dtype=np.int64)
    early = round(float(weight[:3].sum() / weight.sum()) * len(arm) / 2)
    rate = float(solved.mean())
    gap = luck * np.sqrt(2 * rate * (1 - rate) / early)
    for one, sign in ((0, -1), (1, 1)):
        yes = round(early * (rate + sign * gap / 2))
        for outcome, wanted in ((1, yes), (0, early - yes)):
            place = rng.permutation(np.flatnonzero((arm == one) & (solved == outcome)))
            day[place[:wanted]] = 1 + draw(rng, weight[:3], wanted)
            day[place[wanted:]] = 4 + draw(rng, weight[3:], len(place) - wanted)
    return day
