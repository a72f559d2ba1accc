"""The generator of the journeys data: a seed in, half a year of synthetic repair journeys of one company out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import decimals, draw, ids, labels, times, whole, with_copies

JOURNEYS = 6_500

STEPS = (
    "page opened", "enquiry sent", "price told", "visit requested", "date confirmed", "technician assigned",
    "visit made", "repair done", "asked after", "customer confirmed", "plan offered", "came back",
)  # fmt: skip
STAGE = (1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5)
ACTORS = ("customer", "depot", "desk", "technician")
ACTOR = (0, 0, 2, 0, 2, 1, 3, 3, 2, 0, 2, 0)
SYSTEMS = ("crm", "dispatch", "handheld", "website")
SYSTEM = (3, 3, 0, 3, 0, 1, 2, 2, 0, 0, 0, 3)
# By step: about what share of the journeys there usually end there, and the usual minutes since the step before.
USUAL_LOSS = (0.250, 0.150, 0.110, 0.040, 0.050, 0.030, 0.040, 0.060, 0.080, 0.120, 0.360)
USUAL_WAIT = (9, 95, 620, 180, 240, 2_600, 70, 2_900, 310, 14_400, 50_400)
SPREAD = (0.9, 0.8, 1.0, 0.7, 0.7, 0.6, 0.5, 0.25, 0.9, 0.4, 0.45)
LONGEST_WAIT = 120 * 1440

DEPOTS = ("Birch", "Canal", "Elm", "Harbour", "Mill", "Quarry")
DEPOT_SHARE = (0.31, 0.13, 0.22, 0.17, 0.10, 0.07)
# The depot of middle size is the slow one; the largest has the most lost journeys of all, the far one long travel.
SLOW, FAR = DEPOTS.index("Harbour"), DEPOTS.index("Mill")
FAR_TRAVEL = 2.6

VISIT_MADE = STEPS.index("visit made")
NOT_LOGGED = 0.13
# One ordinary step sticks out by as much as the largest of eleven steps sometimes does by chance.
STICKS_OUT = 2.2
CULPRITS = ("visit requested", "date confirmed", "visit made", "repair done")

FIRST_DAY = np.datetime64("2025-01-01T00:00", "m")
DAYS = 181


def generate(
    seed: int,
    journeys: int = JOURNEYS,
    *,
    culprit: str = "date confirmed",
    excess: float = 0.07,
    slow_depot: str = "Harbour",
    slow: float = 6.0,
) -> dict[str, pd.DataFrame]:
    """Return the event log and the table of the steps, the same for the same seed.

    Args:
        seed: any whole number from 0.
        journeys: number of journeys; at least 1,000.
        culprit: the step after which more journeys than usual are lost.
        excess: by how much the share that is lost there exceeds the usual one, 0-0.1; 0 switches the effect off.
        slow_depot: the depot at which they are lost.
        slow: by how much its wait for the next step is multiplied; 1 switches it off.

    Returns:
        `events` (one row for each logged step of a journey, in the order of time) and `steps` (one row for each
        step, with its usual loss and wait). Times are in UTC and to the minute, waits in minutes, losses shares.

    Raises:
        ValueError: too few journeys, no such step or depot, or a size that is out of range.
    """
    if journeys < 1_000:
        raise ValueError(f"{journeys} journeys are too few: the planted structure needs at least 1,000.")
    if culprit not in CULPRITS:
        raise ValueError(f"{culprit!r} cannot be the culprit; it can be {', '.join(CULPRITS)}.")
    if not 0 <= excess <= 0.1:
        raise ValueError(f"An excess of {excess} is not between 0 and 0.1.")
    if slow_depot not in DEPOTS:
        raise ValueError(f"There is no depot {slow_depot}; the depots are {', '.join(DEPOTS)}.")
    if not 1 <= slow <= 20:
        raise ValueError(f"A wait cannot be multiplied by {slow}: at least 1, at most 20.")
    rng = np.random.default_rng(seed)
    role = _roles(DEPOTS.index(slow_depot))
    depot = draw(rng, np.array(DEPOT_SHARE)[role], journeys)
    at_slow, at_far = role[depot] == SLOW, role[depot] == FAR
    broken = STEPS.index(culprit)

    # What is usual differs a little from seed to seed.
    usual = np.round(np.array(USUAL_LOSS) * rng.uniform(0.93, 1.07, len(USUAL_LOSS)), 3)
    usual_wait = np.rint(np.array(USUAL_WAIT) * rng.uniform(0.9, 1.1, len(USUAL_WAIT)))
    last = _last_steps(rng, usual, at_slow, broken, excess)
    wait = _waits(rng, usual_wait, journeys)
    wait[:, broken + 1] *= np.where(at_slow, slow, 1.0)
    wait[:, VISIT_MADE] *= np.where(at_far, FAR_TRAVEL, 1.0)
    wait = np.clip(np.rint(wait), 1, LONGEST_WAIT).astype(np.int64)
    wait[:, 0] = 0
    at = _begins(rng, journeys).astype(np.int64)[:, None] + np.cumsum(wait, axis=1)

    happened = np.arange(len(STEPS)) <= last[:, None]
    logged = happened.copy()
    forgotten = rng.random(journeys) < NOT_LOGGED
    logged[:, VISIT_MADE] &= ~(forgotten & (last > VISIT_MADE))
    case, step = np.nonzero(logged)
    order = np.argsort(at[case, step], kind="stable")
    case, step = case[order], step[order]

    minutes = wait[case, step]
    wrong_clock = (rng.random(len(case)) < 0.01) & (step > 0)
    minutes = np.where(wrong_clock, -minutes, minutes)
    # The handhelds lose more waits than the other systems do.
    lost = rng.random(len(case)) < np.where(np.array(SYSTEM)[step] == SYSTEMS.index("handheld"), 0.08, 0.02)
    outcome = np.where(step < last[case], 2, np.where(step == len(STEPS) - 1, 0, 1))
    # Journeys are numbered in the order in which they began.
    number = np.empty(journeys, dtype=np.int64)
    number[np.argsort(at[:, 0], kind="stable")] = np.arange(1, journeys + 1)
    events = pd.DataFrame(
        {
            "case_id": ids("J", number[case], 5),
            "ts": times(at[case, step]),
            "stage": whole(np.array(STAGE)[step]),
            "step": labels(step, STEPS),
            "actor": labels(np.array(ACTOR)[step], ACTORS),
            "system": labels(np.array(SYSTEM)[step], SYSTEMS),
            "depot": labels(depot[case], DEPOTS),
            "wait_min": whole(minutes, lost | (step == 0)),
            "outcome": labels(outcome, ("finished", "left", "went on")),
        }
    )
    return {"events": with_copies(rng, events, round(0.005 * len(events))), "steps": _steps(usual, usual_wait)}


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Whoever answers with a name or a number of the shipped files instead of a method must fail there: another step
    loses too many, at another depot, by another share, after another wait.
    """
    return {
        "culprit": chance.choice(("visit requested", "visit made", "repair done")),
        "excess": chance.choice((0.045, 0.05, 0.084, 0.088)),
        "slow_depot": chance.choice(("Birch", "Canal", "Elm", "Mill", "Quarry")),
        "slow": chance.choice((3.5, 4.0, 9.0, 10.0)),
    }


def _roles(slow: int) -> np.ndarray:
    """Return by depot whose size and travel it has; the slow one changes places with Harbour."""
    role = np.arange(len(DEPOTS))
    role[[SLOW, slow]] = role[[slow, SLOW]]
    return role


def _last_steps(
    rng: np.random.Generator, usual_loss: np.ndarray, at_slow: np.ndarray, broken: int, excess: float
) -> np.ndarray:
    """Return the position of the last step of each journey.

    The number that is lost at a step is the usual one, give or take little more than one standard error.
    """
    last = np.full(len(at_slow), len(STEPS) - 1)
    on = np.ones(len(at_slow), dtype=bool)
    sticks_out = rng.choice([step for step in range(len(usual_loss)) if step != broken])
    off = rng.uniform(-1.2, 1.2, len(usual_loss))
    off[sticks_out] = STICKS_OUT
    for step, usual in enumerate(usual_loss):
        here = rng.permutation(np.flatnonzero(on))
        n = len(here)
        lost = here[: round(n * usual + off[step] * np.sqrt(n * usual * (1 - usual)))]
        on[lost] = False
        if step == broken:
            more = rng.permutation(np.flatnonzero(on & at_slow))[: round(excess * n)]
            on[more] = False
        last[~on & (last == len(STEPS) - 1)] = step
    return last


def _waits(rng: np.random.Generator, usual_wait: np.ndarray, journeys: int) -> np.ndarray:
    """Return the minutes before each step, by journey and step; the first step has none."""
    speed = usual_wait * rng.uniform(0.96, 1.04, len(usual_wait))
    waits = speed * np.exp(np.array(SPREAD) * rng.standard_normal((journeys, len(usual_wait))))
    return np.column_stack([np.zeros(journeys), waits])


def _begins(rng: np.random.Generator, journeys: int) -> np.ndarray:
    """Return the minute in which each journey begins: in the daytime of UTC+8, on weekends less often."""
    day, other_day = (np.floor(rng.random(journeys) * DAYS).astype(np.int64) for _ in range(2))
    weekday = (day + 2) % 7  # the first of January 2025 was a Wednesday, and Monday is 0
    day = np.where((weekday >= 5) & (rng.random(journeys) < 0.35), other_day, day)
    local = np.rint(60 * np.clip(15 + 4 * rng.standard_normal(journeys), 0, 23.98)).astype(np.int64)
    return FIRST_DAY + day * 1440 + (local - 480) % 1440


def _steps(usual_loss: np.ndarray, usual_wait: np.ndarray) -> pd.DataFrame:
    """Return the table of the steps: what was usual in the two years before."""
    n = len(STEPS)
    position = np.arange(n)
    return pd.DataFrame(
        {
            "position": whole(position + 1),
            "step": labels(position, STEPS),
            "stage": whole(np.array(STAGE)),
            "usual_loss": decimals(np.array([*usual_loss, 0.0]), 3, position == n - 1),
            "usual_wait_min": whole(np.array([0, *usual_wait]), position == 0),
        }
    )
