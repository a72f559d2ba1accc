"""The generator of the null twins: a seed in, a test of two identical scripts out, in which there is nothing to find.

For trainers and authors: how it is made sure that there is nothing, and that one segment looks like a find all the
same, is described in `planted.md` beside this file. The trainee's page is `card.md`.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import draw, ids, labels, to_scale, whole

ROWS = 4_000
DAYS = 14
AGENTS = 24
SEGMENTS = tuple(f"{region}-{way}" for region in ("east", "north", "south", "west") for way in ("app", "phone", "web"))
SEGMENT_SHARE = (0.11, 0.09, 0.08, 0.07, 0.10, 0.06, 0.10, 0.08, 0.07, 0.09, 0.08, 0.07)
WEEKDAY_WEIGHT = (1.25, 1.10, 1.0, 1.0, 1.05, 0.75, 0.65)
# Differences in standard errors: 1.28 is p = 0.2 and 1.96 is p = 0.05. The one alarm lies between 2.05 (0.04) and
# 2.5 (0.012), so that no correction for twelve looks lets it through; every other segment stays under 1.85 (0.064).
QUIET, ALARM, OTHERS = 1.20, (2.05, 2.5), 1.85
TRIES = 5_000


def generate(seed: int, *, rate: float = 0.65, twin: int = 0) -> pd.DataFrame:
    """Return one test of two identical scripts as a typed table, the same for the same seed.

    Chance draws the arms again until the arms are alike overall and exactly one of the twelve segments looks like a
    find. Nothing else is set.

    Args:
        seed: any whole number from 0.
        rate: share of tickets that are solved, in both arms, 0.3-0.8.
        twin: which of the seed's tests; each number gives another one.

    Raises:
        ValueError: a rate out of range.
    """
    if not 0.3 <= rate <= 0.8:
        raise ValueError(f"A rate of {rate} is out of range: 0.3 to 0.8.")
    rng = np.random.default_rng([seed, twin])
    segment = draw(rng, SEGMENT_SHARE, ROWS)
    level = rate + 0.05 * rng.uniform(-1, 1, len(SEGMENTS))
    agent = rng.integers(0, AGENTS, ROWS)
    skill = 0.03 * rng.standard_normal(AGENTS)
    solved = (rng.random(ROWS) < level[segment] + skill[agent]).astype(np.int64)
    trust = to_scale(4.3 + 0.8 * solved + 1.1 * rng.standard_normal(ROWS))
    unanswered = rng.random(ROWS) < 0.45
    arm = _arms(rng, segment, solved, np.where(unanswered, 0, trust))
    return pd.DataFrame(
        {
            "ticket_id": ids("N", np.arange(1, ROWS + 1), 5),
            "day": whole(1 + np.sort(draw(rng, WEEKDAY_WEIGHT * 2, ROWS))),
            "arm": labels(arm, ("A", "B")),
            "segment": labels(segment, SEGMENTS),
            "agent": ids("A", agent + 1, 2),
            "resolved": whole(solved),
            "trust_3d": whole(trust, unanswered),
        }
    )


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind: other rates, and another test of that seed."""
    return {"rate": chance.choice((0.50, 0.57, 0.74)), "twin": chance.randint(1, 1_000)}


def _arms(rng: np.random.Generator, segment: np.ndarray, solved: np.ndarray, trust: np.ndarray) -> np.ndarray:
    """Return arms (0 or 1) drawn by chance, again and again, until the test looks as `planted.md` says."""
    fair = np.arange(len(segment)) % 2
    answered = trust > 0
    spread = trust[answered].std()
    for _ in range(TRIES):
        arm = rng.permutation(fair)
        by_segment = _standard_errors(segment, arm, solved, len(SEGMENTS))
        overall = _standard_errors(np.zeros_like(segment), arm, solved, 1)[0]
        in_a, in_b = (answered & (arm == one) for one in (0, 1))
        gap = trust[in_b].mean() - trust[in_a].mean()
        felt = gap / (spread * np.sqrt(1 / in_a.sum() + 1 / in_b.sum()))
        strongest, *others = np.sort(np.abs(by_segment))[::-1]
        quiet = abs(overall) < QUIET and abs(felt) < QUIET and others[0] < OTHERS
        if quiet and ALARM[0] < strongest < ALARM[1]:
            return arm
    raise ValueError(f"No such test came up in {TRIES} draws.")  # pragma: no cover


def _standard_errors(group: np.ndarray, arm: np.ndarray, solved: np.ndarray, groups: int) -> np.ndarray:
    """Return for each group the difference in solved tickets, B minus A, in standard errors (pooled)."""
    size = np.bincount(2 * group + arm, minlength=2 * groups).reshape(groups, 2).astype(float)
    hits = np.bincount(2 * group + arm, solved, minlength=2 * groups).reshape(groups, 2)
    pooled = hits.sum(axis=1) / size.sum(axis=1)
    error = np.sqrt(pooled * (1 - pooled) * (1 / size).sum(axis=1))
    return (hits[:, 1] / size[:, 1] - hits[:, 0] / size[:, 0]) / error
