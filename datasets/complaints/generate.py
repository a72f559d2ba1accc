"""The generator of the complaints data: a seed in, one year of synthetic complaints of one company out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED_OF_RECORD = 20250701
ROWS = 12_000

# The answers to a survey item run from 1 to 7.
LOWEST, HIGHEST = 1, 7

CHANNELS = ("app", "chat", "email", "phone", "social")
CHANNEL_SHARE = (0.20, 0.22, 0.19, 0.30, 0.09)
# By channel: the minutes within which half of the complaints get a first real answer, and the minutes that
# the company promises.
MEDIAN_RESPONSE = (45.0, 6.5, 260.0, 12.0, 75.0)
PROMISED_RESPONSE = (120, 15, 720, 30, 180)

INDUSTRIES = ("appliance", "bank", "hotel", "shop", "telecom")
INDUSTRY_SHARE = (0.28, 0.14, 0.13, 0.25, 0.20)
CATEGORIES = ("billing", "broken", "information", "late", "staff")
CATEGORY_SHARE = (0.18, 0.30, 0.14, 0.26, 0.12)
ZONES = ("America/Mexico_City", "Asia/Shanghai", "Europe/London")
ZONE_SHARE = (0.14, 0.62, 0.24)
ZONE_OFFSET_HOURS = (-6, 8, 0)

TEAMS = ("T1", "T2", "T3", "T4", "T5", "T6")
# The team that closes early is a small one, so that its number of reopened complaints is not the largest.
TEAM_SHARE = (0.16, 0.31, 0.17, 0.09, 0.15, 0.12)
AGENTS_PER_TEAM = 12

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
    silenced: float = SILENCED,
    trust_loss: float = 0.29,
) -> pd.DataFrame:
    """Return a year of complaints as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        rows: rows in the table, duplicates included; at least 200.
        early_closer: the team that closes complaints without asking the customer.
        silenced: share of the third quarter's complaints that never arrive, 0-0.6.
        trust_loss: how many points lower the trust of those who still complain in that quarter is.

    Returns:
        The table in the order of the file. Times are in UTC and to the minute, durations in minutes, survey
        answers from 1 to 7, flags 0 or 1; what is unknown is missing. `card.md` explains each column.

    Raises:
        ValueError: too few rows, no such team, or a share that is out of range.
    """
    if rows < 200:
        raise ValueError(f"{rows} rows are too few: the planted structure needs at least 200.")
    if early_closer not in TEAMS:
        raise ValueError(f"There is no team {early_closer}; the teams are {', '.join(TEAMS)}.")
    if not 0 <= silenced <= 0.6:
        raise ValueError(f"A share of {silenced} cannot be silenced: at most 0.6, or no mild complaint is left.")
    heard = 1 - SILENT_WITHOUT_BUTTON * (silenced / SILENCED)
    rng = np.random.default_rng(seed)
    copies = round(0.005 * rows)
    n = rows - copies

    quarter = _quarters(rng, n, heard)
    zone = _draw(rng, ZONE_SHARE, n)
    opened = YEAR_START + _days(rng, quarter) * 1440 + _minutes_of_day(rng, zone)
    # Complaints of the same minute keep the order they were drawn in, on every machine.
    order = np.argsort(opened, kind="stable")
    quarter, zone, opened = quarter[order], zone[order], opened[order]
    without_button = quarter == 2

    severity = _severities(rng, without_button, heard)
    channel = _draw(rng, CHANNEL_SHARE, n)
    team = _teams(rng, n, TEAMS.index(early_closer))
    closes_early = team == TEAMS.index(early_closer)
    agent = team * AGENTS_PER_TEAM + rng.integers(0, AGENTS_PER_TEAM, n)

    speed = np.array(MEDIAN_RESPONSE) * rng.uniform(0.85, 1.15, len(CHANNELS))
    response = speed[channel] * np.exp(0.95 * rng.standard_normal(n)) * np.where(severity == 4, 0.8, 1.0)
    response = np.maximum(1, np.rint(response)).astype(np.int64)
    promised = np.array(PROMISED_RESPONSE)[channel]
    has_promise = rng.random(n) < 0.75
    kept = response <= promised

    usual_hours = 50 * (0.7 + 0.15 * severity) * np.exp(0.8 * rng.standard_normal(n))
    work_hours = np.where(closes_early, 0.5, 1.0) * usual_hours
    resolved = opened + response + np.rint(60 * work_hours).astype(np.int64)
    still_open = resolved >= EXPORTED

    unconfirmed = rng.random(n) < np.where(closes_early, 0.62, 0.10)
    reopened = rng.random(n) < 0.04 + 0.03 * severity + 0.40 * unconfirmed

    late = has_promise & ~kept
    satisfaction = (
        5.75
        - 0.30 * np.log(np.maximum(response, 10) / 10)
        - late * (0.35 + 0.45 * np.log(np.maximum(response / promised, 1)))
        - 0.20 * (severity - 2)
        - 0.70 * reopened
        + 0.80 * rng.standard_normal(n)
    )
    trust = (
        4.75
        + 0.50 * (satisfaction - 4.75)
        - 0.45 * unconfirmed
        - 0.30 * closes_early
        - trust_loss * without_button
        + 0.75 * rng.standard_normal(n)
    )
    silent_in_survey = rng.random(n) < 0.20
    unanswered = silent_in_survey | still_open
    response_lost = rng.random(n) < 0.03

    impossible = _choose(rng, np.flatnonzero(~still_open), round(0.01 * n))
    resolved[impossible] = opened[impossible] - rng.integers(10, 3 * 1440, len(impossible))

    table = pd.DataFrame(
        {
            "complaint_id": _ids("C", np.arange(1, n + 1), 5),
            "customer_id": _ids("K", rng.integers(1, int(0.8 * n) + 1, n), 5),
            "opened_at": _times(opened),
            "zone": _labels(zone, ZONES),
            "channel": _labels(channel, CHANNELS),
            "industry": _labels(_draw(rng, INDUSTRY_SHARE, n), INDUSTRIES),
            "category": _labels(_draw(rng, CATEGORY_SHARE, n), CATEGORIES),
            "severity": _whole(severity),
            "team": _labels(team, TEAMS),
            "agent_id": _ids("A", agent + 1, 2),
            "first_response_min": _whole(response, response_lost),
            "promise_due_at": _times(opened + promised, ~has_promise),
            "promise_kept": _whole(kept, ~has_promise),
            "resolved_at": _times(resolved, still_open),
            "closed_without_confirm": _whole(unconfirmed, still_open),
            "reopened": _whole(reopened, still_open),
            "sat_post": _whole(_to_scale(satisfaction), unanswered),
            "trust_post": _whole(_to_scale(trust), unanswered),
        }
    )
    return _with_copies(rng, table, copies)


def to_csv(table: pd.DataFrame) -> bytes:
    """Return the table as the bytes of the CSV file: UTF-8, LF, times like `2025-07-01T08:30Z`."""
    text = table.copy()
    for column in text.columns:
        if isinstance(text[column].dtype, pd.DatetimeTZDtype):
            text[column] = text[column].dt.strftime("%Y-%m-%dT%H:%MZ")
    return text.to_csv(index=False, lineterminator="\n").encode("utf-8")


def write(path: Path, seed: int = SEED_OF_RECORD, rows: int = ROWS) -> None:
    """Write the CSV file for a seed to a path."""
    path.write_bytes(to_csv(generate(seed, rows)))


def _quarters(rng: np.random.Generator, n: int, heard: np.ndarray) -> np.ndarray:
    """Return the quarter (0-3) of each complaint; from the third one only the share that is heard arrives."""
    days = np.diff(QUARTER_DAYS)
    # The size of the cut differs a little from seed to seed, so that it cannot be known without counting.
    arrives = float(SEVERITY_SHARE @ heard) + rng.uniform(-0.012, 0.012)
    # Each quarter is as long as another for this purpose: the effect is one of policy, not of calendar days.
    weight = np.where(np.arange(len(days)) == 2, arrives, 1.0) * rng.uniform(0.996, 1.004, len(days))
    counts = np.rint(n * weight / weight.sum()).astype(int)
    counts[0] += n - counts.sum()
    return np.repeat(np.arange(len(days)), counts)


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
    return _draw(rng, share, n)


def _draw(rng: np.random.Generator, share, n: int) -> np.ndarray:
    edges = np.cumsum(share)
    return np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(edges) - 1)


def _choose(rng: np.random.Generator, among: np.ndarray, how_many: int) -> np.ndarray:
    return np.sort(rng.permutation(among)[:how_many])


def _to_scale(latent: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(latent), LOWEST, HIGHEST).astype(np.int64)


def _ids(letter: str, numbers: np.ndarray, width: int) -> pd.Series:
    return pd.Series([f"{letter}-{number:0{width}d}" for number in numbers.tolist()], dtype="str")


def _labels(codes: np.ndarray, labels: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=list(labels))


def _whole(values: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    column = pd.Series(values.astype(np.int64), dtype="Int64")
    return column if missing is None else column.mask(missing)


def _times(minutes: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    column = pd.Series(minutes.astype("datetime64[us]")).dt.tz_localize("UTC")
    return column if missing is None else column.mask(missing)


def _with_copies(rng: np.random.Generator, table: pd.DataFrame, copies: int) -> pd.DataFrame:
    """Return the table with some rows exported a second time, further down in the file."""
    n = len(table)
    source = np.sort(rng.permutation(n)[:copies])
    place = source + 1 + np.floor(rng.random(copies) * (n - source)).astype(np.int64)
    position = np.concatenate([np.arange(n, dtype=float), place - 0.5])
    rows = np.concatenate([np.arange(n), source])[np.argsort(position, kind="stable")]
    return table.iloc[rows].reset_index(drop=True)


if __name__ == "__main__":
    target = Path(__file__).with_name("complaints.csv")
    write(target)
    print(f"{target.name}: {ROWS} rows, {target.stat().st_size / 1e6:.2f} MB, seed {SEED_OF_RECORD}")
