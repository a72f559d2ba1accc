"""The generator of the complaints data: a seed in, one year of synthetic complaints of one company out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, draw, ids, labels, texts, times, to_scale, whole, with_copies

ROWS = 12_000

CHANNELS = ("app", "chat", "email", "phone", "social")
CHANNEL_SHARE = (0.20, 0.22, 0.19, 0.30, 0.09)
# By channel: the minutes within which half of the complaints get a first real answer, and the minutes that
# the company promises.
MEDIAN_RESPONSE = (45.0, 6.5, 260.0, 12.0, 75.0)
PROMISED_RESPONSE = (120, 15, 720, 30, 180)

INDUSTRIES = ("appliance", "bank", "hotel", "shop", "telecom")
INDUSTRY_SHARE = (0.28, 0.14, 0.13, 0.25, 0.20)
# What each line of business sells; a name is text in the file, and not always typed alike.
PRODUCTS = (
    ("F3 fridge", "K2 oven", "L7 washer"),
    ("Card One", "Home 20", "Save 7"),
    ("City 24", "Garden 8", "Harbor 5"),
    ("Basket A1", "Basket B2", "Express 60"),
    ("Fibre 500", "Mobile 5G", "TV 4K"),
)
PRODUCT_SHARE = (0.46, 0.33, 0.21)
CATEGORIES = ("billing", "broken", "information", "late", "staff")
CATEGORY_SHARE = (0.18, 0.30, 0.14, 0.26, 0.12)
ZONES = ("America/Mexico_City", "Asia/Shanghai", "Europe/London")
ZONE_SHARE = (0.14, 0.62, 0.24)
ZONE_OFFSET_HOURS = (-6, 8, 0)

TEAMS = ("T1", "T2", "T3", "T4", "T5", "T6")
# The team that closes early is a small one, so that its number of reopened complaints is not the largest.
TEAM_SHARE = (0.16, 0.31, 0.17, 0.09, 0.15, 0.12)
AGENTS_PER_TEAM = 12

REMEDIES = ("apology", "none", "refund", "repair", "replacement", "voucher")
# What a remedy gives, on the scale on which a complaint of severity 1 needs 0.75.
REMEDY_WORTH = np.array([1.0, 0.0, 2.8, 2.4, 2.8, 1.6])
# Shares of the remedies by severity.
REMEDY_SHARE = np.array(
    [
        (0.44, 0.24, 0.06, 0.08, 0.02, 0.16),
        (0.30, 0.15, 0.13, 0.20, 0.05, 0.17),
        (0.16, 0.09, 0.23, 0.28, 0.12, 0.12),
        (0.08, 0.05, 0.30, 0.27, 0.23, 0.07),
    ]
)

JUSTICES = ("dist", "proc", "int")
STRONG, WEAK = 0.46, (0.22, 0.16)

SEVERITY_SHARE = np.array([0.30, 0.35, 0.25, 0.10])
# With no complaint button the mild cases give up first: the share that stays silent, by severity, 0.297 in all.
SILENT_WITHOUT_BUTTON = np.array([0.45, 0.32, 0.18, 0.05])
SILENCED = 0.297

YEAR_START = np.datetime64("2025-01-01T00:00", "m")
# First day of each quarter, as days from the first of January, and one past the end.
QUARTER_DAYS = (0, 90, 181, 273, 365)
# The file was exported when the year ended: a complaint not closed by then is still open.
EXPORTED = np.datetime64("2026-01-01T00:00", "m")


def generate(
    seed: int,
    rows: int = ROWS,
    *,
    early_closer: str = "T4",
    early_effect: float = 1.0,
    early_cost: float = 0.40,
    silenced: float = SILENCED,
    trust_loss: float = 0.25,
    slope: float = 0.30,
    strongest: str = "int",
) -> pd.DataFrame:
    """Return a year of complaints as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        rows: rows in the table, duplicates included; at least 200.
        early_closer: the team that closes complaints without asking the customer.
        early_effect: how much that team differs from the others, from 0 (not at all) to 1.
        early_cost: by how much the chance of a reopened complaint rises when nobody asked, 0-0.6.
        silenced: share of the third quarter's complaints that never arrive, 0-0.6.
        trust_loss: how many points lower the trust of those who still complain in that quarter is.
        slope: points of satisfaction lost with each unit of the logarithm of the minutes, after the first ten.
        strongest: the kind of justice that moves trust most: "dist", "proc" or "int".

    Returns:
        The table in the order of the file. Times are in UTC and to the minute, durations in minutes, survey
        answers from 1 to 7 (word of mouth 0 to 10), flags 0 or 1; what is unknown is missing. `card.md` explains
        each column.

    Raises:
        ValueError: too few rows, no such team or justice, or a share that is out of range.
    """
    if early_closer not in TEAMS:
        raise ValueError(f"There is no team {early_closer}; the teams are {', '.join(TEAMS)}.")
    if not (0 <= early_effect <= 1 and 0 <= early_cost <= 0.6):
        raise ValueError("The early closer needs an effect from 0 to 1 and a cost from 0 to 0.6.")
    if strongest not in JUSTICES:
        raise ValueError(f"There is no justice {strongest}; they are {', '.join(JUSTICES)}.")
    copies, n, heard = _sizes(rows, silenced)
    rng = np.random.default_rng(seed)

    quarter, _ = _quarters(rng, n, heard)
    zone = draw(rng, ZONE_SHARE, n)
    opened = YEAR_START + _days(rng, quarter) * 1440 + _minutes_of_day(rng, zone)
    # Complaints of the same minute keep the order they were drawn in, on every machine.
    order = np.argsort(opened, kind="stable")
    quarter, zone, opened = quarter[order], zone[order], opened[order]
    without_button = quarter == 2

    severity = _severities(rng, without_button, heard)
    channel = draw(rng, CHANNEL_SHARE, n)
    industry = draw(rng, INDUSTRY_SHARE, n)
    team = _teams(rng, n, TEAMS.index(early_closer))
    closes_early = (team == TEAMS.index(early_closer)) * early_effect
    agent = team * AGENTS_PER_TEAM + rng.integers(0, AGENTS_PER_TEAM, n)
    manner = 0.35 * rng.standard_normal(len(TEAMS) * AGENTS_PER_TEAM)

    speed = np.array(MEDIAN_RESPONSE) * rng.uniform(0.85, 1.15, len(CHANNELS))
    response = speed[channel] * np.exp(0.95 * rng.standard_normal(n)) * np.where(severity == 4, 0.8, 1.0)
    response = np.maximum(1, np.rint(response)).astype(np.int64)
    promised = np.array(PROMISED_RESPONSE)[channel]
    has_promise = rng.random(n) < 0.75
    kept = response <= promised
    made = opened + np.minimum(rng.geometric(0.5, n) - 1, 6)

    usual_hours = 50 * (0.7 + 0.15 * severity) * np.exp(0.8 * rng.standard_normal(n))
    work_hours = (1 - 0.5 * closes_early) * usual_hours
    resolved = opened + response + np.rint(60 * work_hours).astype(np.int64)
    still_open = resolved >= EXPORTED
    contacts = 1 + rng.poisson((0.30 + 0.14 * severity) * (1 - 0.5 * closes_early))

    unconfirmed = rng.random(n) < 0.10 + 0.52 * closes_early
    reopened = rng.random(n) < 0.04 + 0.03 * severity + early_cost * unconfirmed
    remedy = (np.cumsum(REMEDY_SHARE, axis=1)[severity - 1] <= rng.random(n)[:, None]).sum(1).clip(0, 5)

    late = has_promise & ~kept
    wait = np.log(np.maximum(response, 10) / 10)
    overdue = np.log(np.maximum(response / promised, 1))
    mood = 0.45 * rng.standard_normal(n)
    fit = np.clip(REMEDY_WORTH[remedy] - 0.75 * severity, -1.5, 1.0)
    justice = {
        "dist": 4.9 + 0.65 * fit + mood + 0.85 * rng.standard_normal(n),
        "proc": 5.1 - 0.22 * wait - late * (0.25 + 0.30 * overdue) - 0.45 * reopened - 0.30 * unconfirmed
        + mood + 0.85 * rng.standard_normal(n),
        "int": 4.8 + manner[agent] - 0.15 * unconfirmed + mood + 0.90 * rng.standard_normal(n),
    }  # fmt: skip
    fair = {name: felt - 4.8 for name, felt in justice.items()}
    satisfaction = (
        5.75
        - slope * wait
        - late * (0.35 + 0.60 * overdue)
        - 0.20 * (severity - 2)
        - 0.70 * reopened
        + 0.15 * (fair["dist"] + fair["int"])
        + 0.70 * rng.standard_normal(n)
    )
    others = [name for name in JUSTICES if name != strongest]
    weight = {strongest: STRONG, **dict(zip(others, WEAK, strict=True))}
    trust = (
        4.75
        + sum(weight[name] * fair[name] for name in JUSTICES)
        - 0.32 * (severity - 2)
        - 0.35 * unconfirmed
        - 0.25 * closes_early
        - trust_loss * without_button
        + 0.75 * rng.standard_normal(n)
    )
    word = 5.6 + 1.0 * (trust - 4.6) + 1.5 * rng.standard_normal(n)
    buys = rng.random(n) < 1 / (1 + np.exp(0.25 - 0.45 * (trust - 4.6)))
    too_early = opened.astype(np.int64) + 90 * 1440 > EXPORTED.astype(np.int64)
    silent_in_survey = rng.random(n) < 0.20
    unanswered = silent_in_survey | still_open
    response_lost = rng.random(n) < 0.03

    impossible = choose(rng, np.flatnonzero(~still_open), round(0.01 * n))
    resolved[impossible] = opened[impossible] - rng.integers(10, 3 * 1440, len(impossible))
    customers = int(0.8 * n)
    customer = rng.integers(1, customers + 1, n)

    table = pd.DataFrame(
        {
            "complaint_id": ids("C", np.arange(1, n + 1), 5),
            "customer_id": ids("K", customer, 5),
            "customer_since": _since(rng, customers)[customer - 1],
            "opened_at": times(opened),
            "zone": labels(zone, ZONES),
            "channel": labels(channel, CHANNELS),
            "industry": labels(industry, INDUSTRIES),
            "product_line": _products(rng, industry),
            "category": labels(draw(rng, CATEGORY_SHARE, n), CATEGORIES),
            "severity": whole(severity),
            "team": labels(team, TEAMS),
            "agent_id": ids("A", agent + 1, 2),
            "first_response_min": whole(response, response_lost),
            "promise_made_at": times(made, ~has_promise),
            "promise_due_at": times(opened + promised, ~has_promise),
            "promise_kept": whole(kept, ~has_promise),
            "resolved_at": times(resolved, still_open),
            "contacts": whole(contacts, still_open),
            "remedy": labels(remedy, REMEDIES, still_open),
            "closed_without_confirm": whole(unconfirmed, still_open),
            "reopened": whole(reopened, still_open),
            "justice_dist": whole(to_scale(justice["dist"]), unanswered),
            "justice_proc": whole(to_scale(justice["proc"]), unanswered),
            "justice_int": whole(to_scale(justice["int"]), unanswered),
            "sat_post": whole(to_scale(satisfaction), unanswered),
            "trust_post": whole(to_scale(trust), unanswered),
            "wom_score": whole(to_scale(word, 0, 10), unanswered),
            "repurchase_90d": whole(buys, too_early),
        }
    )
    table["customer_since"] = table["customer_since"].astype("str")
    return with_copies(rng, table, copies)


def silent(
    seed: int, rows: int = ROWS, *, silenced: float = SILENCED, trust_loss: float = 0.25, **_: object
) -> pd.DataFrame:
    """Return those whose problem of the third quarter never became a complaint: the truth that no trainee sees.

    Args:
        seed, rows, silenced, trust_loss: as for `generate`; other options of it change nothing here.

    Returns:
        A row for each, with `silent_flag` (always 1), `severity`, and `trust`, their latent trust.
    """
    _, n, heard = _sizes(rows, silenced)
    rng = np.random.default_rng(seed)
    _, number = _quarters(rng, n, heard)
    severity = 1 + draw(rng, SEVERITY_SHARE * (1 - heard), number)
    # Nobody treated them badly; nobody treated them at all.
    trust = 4.15 - 0.32 * (severity - 2) - trust_loss + rng.standard_normal(number)
    return pd.DataFrame({"silent_flag": whole(np.ones(number)), "severity": whole(severity), "trust": trust})


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Whoever answers with a name or a number of the shipped file instead of a method must fail there: another team
    closes early, another justice counts most, and the sizes differ by more than chance and tolerance can.
    """
    return {
        "early_closer": chance.choice(("T1", "T2", "T3", "T5", "T6")),
        "early_cost": chance.choice((0.29, 0.31, 0.33, 0.48, 0.51, 0.54)),
        "slope": chance.choice((0.18, 0.20, 0.22, 0.38, 0.40, 0.42)),
        "strongest": chance.choice(("dist", "proc")),
        "silenced": chance.choice((0.19, 0.22, 0.38, 0.41)),
        "trust_loss": chance.choice((0.13, 0.16, 0.39, 0.42)),
    }


def _sizes(rows: int, silenced: float) -> tuple[int, int, np.ndarray]:
    """Return the number of copies and of complaints, and by severity the share that is heard without the button."""
    if rows < 200:
        raise ValueError(f"{rows} rows are too few: the planted structure needs at least 200.")
    if not 0 <= silenced <= 0.6:
        raise ValueError(f"A share of {silenced} cannot be silenced: at most 0.6, or no mild complaint is left.")
    copies = round(0.005 * rows)
    return copies, rows - copies, 1 - SILENT_WITHOUT_BUTTON * (silenced / SILENCED)


def _quarters(rng: np.random.Generator, n: int, heard: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the quarter (0-3) of each complaint that arrives, and how many of the third one do not."""
    days = np.diff(QUARTER_DAYS)
    # The size of the cut differs a little from seed to seed, so that it cannot be known without counting.
    arrives = float(SEVERITY_SHARE @ heard) + rng.uniform(-0.012, 0.012)
    # Each quarter is as long as another for this purpose: the effect is one of policy, not of calendar days.
    weight = np.where(np.arange(len(days)) == 2, arrives, 1.0) * rng.uniform(0.996, 1.004, len(days))
    counts = np.rint(n * weight / weight.sum()).astype(int)
    counts[0] += n - counts.sum()
    return np.repeat(np.arange(len(days)), counts), round(counts[2] * (1 / arrives - 1))


def _days(rng: np.random.Generator, quarter: np.ndarray) -> np.ndarray:
    """Return the day of each complaint, 0 for the first of January; weekends get less than their share."""
    first = np.array(QUARTER_DAYS)[quarter]
    length = np.diff(QUARTER_DAYS)[quarter]
    day, other_day = (first + np.floor(rng.random(len(quarter)) * length).astype(np.int64) for _ in range(2))
    weekday = (day + 2) % 7  # the first of January 2025 was a Wednesday, and Monday is 0
    return np.where((weekday >= 5) & (rng.random(len(quarter)) < 0.4), other_day, day)


def _minutes_of_day(rng: np.random.Generator, zone: np.ndarray) -> np.ndarray:
    """Return the minute of the day in UTC; most complaints come in the customer's own daytime."""
    local = np.rint(60 * np.clip(14 + 4 * rng.standard_normal(len(zone)), 0, 23.98)).astype(np.int64)
    # Wrapping keeps the day, and with it the quarter, that was drawn.
    return (local - 60 * np.array(ZONE_OFFSET_HOURS)[zone]) % 1440


def _severities(rng: np.random.Generator, without_button: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Return the severities (1-4); where there is no button, fewer mild ones."""
    arrives = SEVERITY_SHARE * heard
    usual = np.cumsum(SEVERITY_SHARE)
    fewer_mild = np.cumsum(arrives / arrives.sum())
    draw = rng.random(len(without_button))
    level = np.where(without_button, np.searchsorted(fewer_mild, draw), np.searchsorted(usual, draw))
    return 1 + level.clip(0, 3)


def _teams(rng: np.random.Generator, n: int, early: int) -> np.ndarray:
    """Return the team of each complaint; the early closer takes the small share that T4 has otherwise."""
    share = np.array(TEAM_SHARE)
    usual = TEAMS.index("T4")
    share[[usual, early]] = share[[early, usual]]
    return draw(rng, share, n)


def _since(rng: np.random.Generator, customers: int) -> np.ndarray:
    """Return each customer's first day as the export writes it: two systems, two forms."""
    days = np.floor(365 * (1 + 9 * rng.beta(1.2, 1.8, customers))).astype(np.int64)
    first = np.datetime64("2025-01-01", "D") - days
    # The older system wrote most of its days in the other form, so the older customers are the ones that have it.
    other = rng.random(customers) < np.where(days > 5 * 365, 0.45, 0.03)
    iso = np.datetime_as_string(first)
    written = [
        f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:])}日" if old else day
        for day, old in zip(iso.tolist(), other.tolist(), strict=True)
    ]
    return np.array(written, dtype=object)


def _products(rng: np.random.Generator, industry: np.ndarray) -> pd.Series:
    """Return the product line of each complaint, a few of them in full-width letters or with a stray space."""
    names = np.array(PRODUCTS, dtype=object)[industry, draw(rng, PRODUCT_SHARE, len(industry))]
    typed = rng.random(len(industry))
    wide = {name: name.translate(_FULL_WIDTH) for line in PRODUCTS for name in line}
    written = [
        wide[name] if chance < 0.04 else f"{name} " if chance < 0.06 else name
        for name, chance in zip(names.tolist(), typed.tolist(), strict=True)
    ]
    return texts(written)


# Full-width forms stand at a fixed distance from ASCII; the space has one of its own.
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
