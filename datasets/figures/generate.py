"""The generator of the reported figures: a seed in, the figures of eight agencies' reports out, and an honest twin.

For trainers and authors: the defects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
from scipy.stats import binom

from trustkit.data.columns import decimals, ids, labels, whole

REPORTS = tuple(f"R{number}" for number in range(1, 9))
SIZES = (115, 190, 120, 135, 130, 195, 220, 125)
BRANCHES = ("Beiling", "Chenghai", "Dalwick", "Eastmere", "Fuxi", "Granby", "Hailu", "Ingley", "Jinhe", "Kelso Bay")
ACTIONS = ("apology letter", "call-back", "clear prices", "faster answer", "new app", "self-service", "staff training")
MEASURES = ("complaints", "recommendation", "repurchase", "satisfaction", "trust")
UNITS = ("percent", "points")
ROUNDING = ("none", "to 5")
PLACES = ("body", "summary")
NONE = "none"
# A report that rounds by chance has a share of 0.2. With the honest twin, one report looks like a find
# (p between 0.015 and 0.045, one-sided), and every other one stays over 0.07.
ALARM, OTHERS = (0.015, 0.045), 0.07
# No honest report has more pairs of twins than this many Poisson errors above what its own values give.
FEW_TWINS = 2.0
TRIES = 2_000


def generate(
    seed: int,
    *,
    declared_rounder: str = "R2",
    silent_rounder: str = "R5",
    twin_maker: str = "R3",
    silent_share: float = 0.55,
    twin_groups: int = 12,
    contradictions: int = 6,
    twin: int = 0,
) -> dict[str, pd.DataFrame]:
    """Return the tables "reported" and "honest", the same for the same seed.

    Args:
        seed: any whole number from 0.
        declared_rounder: the report that rounds every percentage to 5 and says so.
        silent_rounder: the report that rounds many percentages and says nothing; "none" for none.
        twin_maker: the report that gives one figure to several branches; "none" for none.
        silent_share: the share of multiples of 5 in the report of the silent rounder, 0.2-1.
        twin_groups: how many figures the twin maker uses for three branches each, 0-20.
        contradictions: how many statements stand in a report a second time with another value, 0-20.
        twin: which of the seed's tables; each number gives other ones.

    Raises:
        ValueError: no such report, one report in two roles, or a number out of range.
    """
    roles = [name for name in (declared_rounder, silent_rounder, twin_maker) if name != NONE]
    for name in roles:
        if name not in REPORTS:
            raise ValueError(f"There is no report {name}; the reports are {', '.join(REPORTS)}.")
    if len(set(roles)) < len(roles):
        raise ValueError("One report cannot have two roles.")
    if not (0.2 <= silent_share <= 1 and 0 <= twin_groups <= 20 and 0 <= contradictions <= 20):
        raise ValueError("The share must lie within 0.2-1, the twins and the contradictions within 0-20.")
    planted = np.random.default_rng([seed, twin, 0])
    honest = np.random.default_rng([seed, twin, 1])
    return {
        "reported": _reports(
            planted, declared_rounder, silent_rounder, twin_maker, silent_share, twin_groups, contradictions
        ),
        "honest": _reports(honest, declared_rounder, NONE, NONE, 0.2, 0, 0),
    }


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true: other reports play the parts."""
    silent = chance.choice(("R1", "R3", "R4", "R8"))
    makes_twins = chance.choice([name for name in ("R1", "R4", "R5", "R8") if name != silent])
    return {
        "declared_rounder": chance.choice(("R6", "R7")),
        "silent_rounder": silent,
        "twin_maker": makes_twins,
        "silent_share": chance.choice((0.50, 0.62, 0.70)),
        "twin_groups": chance.choice((11, 13, 14)),
        "contradictions": chance.choice((8, 9, 10)),
        "twin": chance.randint(1, 1_000),
    }


def _reports(
    rng: np.random.Generator,
    declared: str,
    silent: str,
    twins: str,
    silent_share: float,
    twin_groups: int,
    contradictions: int,
) -> pd.DataFrame:
    """Return eight reports, drawn again until chance has made one of the honest ones look like a find."""
    quiet = [number for number, name in enumerate(REPORTS) if name not in (declared, silent)]
    for _ in range(TRIES):
        body = _body(rng, declared, silent, silent_share, twins, twin_groups)
        in_body = np.sort(_roundness(body)[quiet])
        if not (ALARM[0] < in_body[0] < 1.4 * ALARM[1] and in_body[1] > OTHERS):
            continue
        by_chance = np.array([name != twins for name in REPORTS])
        if _surprise(body)[by_chance].max() > FEW_TWINS:
            continue
        rows = _with_summary(rng, body, contradictions, declared)
        in_all = np.sort(_roundness(rows)[quiet])
        if ALARM[0] < in_all[0] < ALARM[1] and in_all[1] > OTHERS:
            return _printed(rng, rows, declared)
    raise ValueError(f"No such reports came up in {TRIES} draws.")  # pragma: no cover


def _roundness(rows: pd.DataFrame) -> np.ndarray:
    """Return for each report how likely chance gives so many multiples of 5, or more, among its percentages."""
    report, value = rows["report"].to_numpy(), rows["value"].to_numpy()
    counted = rows["percent"].to_numpy() & ~np.isnan(value)
    size = np.bincount(report, counted, minlength=len(REPORTS))
    hits = np.bincount(report, counted & (value % 5 == 0), minlength=len(REPORTS))
    return binom.sf(hits - 1, size, 0.2)


def _surprise(body: pd.DataFrame) -> np.ndarray:
    """Return for each report how far its pairs of twins exceed what its own values give, in Poisson errors."""
    known = body[body["value"].notna()]
    unit = 2 * known["report"].to_numpy() + known["percent"].to_numpy()
    value = np.rint(10 * known["value"].to_numpy()).astype(np.int64)
    claim = unit * 100 + known["claim"].to_numpy()
    units = 2 * len(REPORTS)

    def pairs(group: np.ndarray, per: int) -> np.ndarray:
        found, count = np.unique(group, return_counts=True)
        return np.bincount(found // per, count * (count - 1) / 2, minlength=units)

    possible, twins = pairs(claim, 100), pairs(claim * 10_000 + value, 1_000_000)
    alike = pairs(unit * 10_000 + value, 10_000) / np.maximum(pairs(unit * 10_000, 10_000), 1)
    expected = (possible * alike).reshape(-1, 2).sum(axis=1)
    return (twins.reshape(-1, 2).sum(axis=1) - expected) / np.sqrt(expected)


def _body(
    rng: np.random.Generator, declared: str, silent: str, silent_share: float, twins: str, twin_groups: int
) -> pd.DataFrame:
    """Return the statements of the reports' bodies, each once."""
    cells = len(BRANCHES) * len(ACTIONS) * len(MEASURES)
    report = np.repeat(np.arange(len(REPORTS)), SIZES)
    cell = np.concatenate([rng.permutation(cells)[:size] for size in SIZES])
    branch, claim = cell % len(BRANCHES), cell // len(BRANCHES)
    percent = rng.random(len(report)) < 0.82
    lost = rng.random(len(report)) < 0.03
    steps = np.clip(np.rint(3.4 * np.exp(0.55 * rng.standard_normal(len(report)))), 1, 14).astype(np.int64)
    digit = rng.integers(0, 5, len(report))
    if declared != NONE:
        digit[report == REPORTS.index(declared)] = 0
    if silent != NONE:
        place = rng.permutation(np.flatnonzero((report == REPORTS.index(silent)) & percent & ~lost))
        rounded = round(silent_share * len(place))
        digit[place[:rounded]] = 0
        digit[place[rounded:]] = rng.integers(1, 5, len(place) - rounded)
    value = np.where(percent, 5 * steps + digit, np.round(0.1 + 0.12 * steps + 0.1 * digit, 1))
    if twins != NONE:
        mine = (report == REPORTS.index(twins)) & percent & ~lost
        _make_twins(rng, np.flatnonzero(mine), claim, value, twin_groups)
    value[lost] = np.nan
    return pd.DataFrame({"report": report, "branch": branch, "claim": claim, "percent": percent, "value": value})


def _make_twins(rng: np.random.Generator, place: np.ndarray, claim: np.ndarray, value: np.ndarray, groups: int) -> None:
    """Give one figure to three branches for `groups` statements of a report."""
    counted = np.bincount(claim[place])
    enough = rng.permutation(np.flatnonzero(counted >= 3))[:groups]
    for one in enough:
        chosen = rng.permutation(place[claim[place] == one])[:3]
        value[chosen] = 5 * int(rng.integers(2, 9)) + int(rng.integers(0, 5))


def _with_summary(rng: np.random.Generator, body: pd.DataFrame, contradictions: int, declared: str) -> pd.DataFrame:
    """Return the statements of each report's summary, and then its body.

    A summary repeats statements of the body. Most repeat the figure; one or two give it in the other unit; the
    planted ones contradict it.
    """
    known = body[body["value"].notna()]
    parts = []
    against = np.bincount(rng.integers(0, len(REPORTS), contradictions), minlength=len(REPORTS))
    for number in range(len(REPORTS)):
        mine = known[known["report"] == number]
        chosen = mine.iloc[rng.permutation(len(mine))[: 9 + against[number]]].copy()
        size = len(chosen)
        changed = np.arange(size) < against[number]
        other_unit = (np.arange(size) >= size - 2) & ~changed
        shift = np.where(chosen["percent"], rng.integers(1, 4, size) * 5 + 0.0, rng.integers(4, 9, size) / 10)
        chosen["value"] = np.round(chosen["value"] + changed * shift, 1)
        switched = np.where(chosen["percent"], np.round(0.1 + chosen["value"] / 40, 1), np.rint(chosen["value"] * 38))
        if REPORTS[number] == declared:
            switched = np.where(chosen["percent"], switched, 5 * np.rint(switched / 5))
        chosen["value"] = np.where(other_unit, switched, chosen["value"])
        chosen["percent"] = chosen["percent"] ^ other_unit
        chosen["place"] = 1
        parts += [chosen.iloc[rng.permutation(size)], body[body["report"] == number].assign(place=0)]
    return pd.concat(parts, ignore_index=True)


def _printed(rng: np.random.Generator, rows: pd.DataFrame, declared: str) -> pd.DataFrame:
    """Return the table as it is shipped: each statement with its line."""
    step = pd.Series(rng.integers(1, 5, len(rows)))
    report = rows["report"].to_numpy()
    says = report == (REPORTS.index(declared) if declared != NONE else -1)
    claim = rows["claim"].to_numpy()
    return pd.DataFrame(
        {
            "figure_id": ids("F", np.arange(1, len(rows) + 1), 5),
            "report": labels(report, REPORTS),
            "line": whole(step.groupby(report).cumsum().to_numpy() + 3),
            "place": labels(rows["place"].to_numpy(), PLACES),
            "rounding": labels(says.astype(np.int64), ROUNDING),
            "branch": labels(rows["branch"].to_numpy(), BRANCHES),
            "action": labels(claim % len(ACTIONS), ACTIONS),
            "measure": labels(claim // len(ACTIONS), MEASURES),
            "unit": labels(1 - rows["percent"].to_numpy().astype(np.int64), UNITS),
            "value": decimals(rows["value"].to_numpy(dtype=float), 1, rows["value"].isna().to_numpy()),
        }
    )
