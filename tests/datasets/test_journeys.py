"""Promises of the journeys data: the step and the depot that are planted are there, and nothing else is."""

import random

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from trustkit.course import course_root
from trustkit.data import load_dataset, other_data
from trustkit.data.dataset import _generator

generator = _generator(course_root() / "datasets" / "journeys" / "generate.py")
SEEDS = (20250404, 1, 2, 3, 5)


class Log:
    """A log and what follows from it."""

    def __init__(self, events, steps, **planted):
        self.events, self.steps, self.planted = events, steps, planted
        self.order = steps["step"].astype(str).to_list()
        place = events["step"].astype(str).map(self.order.index)
        self.journeys = pd.DataFrame(
            {
                "furthest": place.groupby(events["case_id"]).max(),
                "depot": events["depot"].astype(str).groupby(events["case_id"]).first(),
            }
        )
        counts = pd.Series({name: int((self.journeys["furthest"] >= n).sum()) for n, name in enumerate(self.order)})
        usual = steps["usual_loss"].to_numpy()[:-1]
        table = pd.DataFrame({"reached": counts.iloc[:-1], "gone": counts.diff(-1).iloc[:-1]})
        table["usual"] = usual
        table["lost"] = table["gone"] / table["reached"]
        table["excess"] = table["lost"] - usual
        table["z"] = table["excess"] / np.sqrt(usual * (1 - usual) / table["reached"])
        self.table = table

    def loss_by_depot(self, step):
        n = self.order.index(step)
        there = self.journeys[self.journeys["furthest"] >= n]
        return (there["furthest"] == n).groupby(there["depot"])

    def waits_before(self, step):
        rows = self.events[(self.events["step"].astype(str) == step) & (self.events["wait_min"] >= 0).fillna(False)]
        return rows.groupby(rows["depot"].astype(str))["wait_min"].median().astype(float)


def shipped(seed):
    made = generator.generate(seed)
    return Log(made["events"], made["steps"], culprit="date confirmed", excess=0.07, slow_depot="Harbour", slow=6.0)


def hidden(seed):
    return Log(
        other_data("journeys", seed, "events"),
        other_data("journeys", seed, "steps"),
        **generator.variation(random.Random(seed)),
    )


@pytest.fixture(
    scope="module", params=[*((shipped, seed) for seed in SEEDS), *((hidden, seed) for seed in (4, 6, 7, 9))]
)
def log(request):
    make, seed = request.param
    return make(seed)


def test_one_step_loses_far_more_than_usual(log):
    step, table = log.planted["culprit"], log.table
    assert table["excess"].idxmax() == table["z"].idxmax() == (table["lost"] / table["usual"]).idxmax() == step
    assert table.loc[step, "excess"] == pytest.approx(log.planted["excess"], abs=0.008)
    assert table.loc[step, "z"] > 6


def test_all_other_steps_lose_what_they_usually_lose(log):
    others = log.table.drop(log.planted["culprit"])
    assert others["z"].abs().max() < 2.3
    assert (others["z"].abs() < 1.3).sum() == len(others) - 1


def test_the_large_losses_are_those_of_the_first_stage_and_of_the_last_step(log):
    assert log.table["lost"].nlargest(2).index.to_list() == ["plan offered", "page opened"]
    assert log.table["gone"].idxmax() == "page opened"


def test_one_depot_loses_them_and_the_others_lose_what_is_usual(log):
    step, depot = log.planted["culprit"], log.planted["slow_depot"]
    groups = log.loss_by_depot(step)
    share = groups.mean()
    assert share.idxmax() == depot
    assert share[depot] > 4 * share.median()
    usual = log.table.loc[step, "usual"]
    others = log.loss_by_depot(step).agg(["sum", "size"]).drop(depot).sum()
    error = np.sqrt(usual * (1 - usual) / others["size"])
    assert abs(others["sum"] / others["size"] - usual) < 3 * error


def test_that_depot_keeps_customers_waiting_for_the_next_step(log):
    waits = log.waits_before(log.order[log.order.index(log.planted["culprit"]) + 1])
    depot = log.planted["slow_depot"]
    assert waits.idxmax() == depot
    assert waits[depot] / waits.drop(depot).median() == pytest.approx(log.planted["slow"], rel=0.25)


def test_the_largest_depot_and_the_far_one_point_elsewhere(log):
    lost = log.journeys.loc[log.journeys["furthest"] < len(log.order) - 1, "depot"].value_counts()
    far = log.waits_before("visit made").idxmax()
    assert lost.idxmax() != log.planted["slow_depot"]
    assert far != log.planted["slow_depot"]
    assert lost.idxmax() != far


def test_counting_logged_steps_only_finds_a_false_step(log):
    logged = log.events.groupby(log.events["step"].astype(str))["case_id"].nunique().reindex(log.order)
    false = (1 - logged.shift(-1) / logged).iloc[:-1] - log.table["usual"]
    assert false.idxmax() == "technician assigned"
    assert false.max() > log.table["excess"].max()


@pytest.mark.parametrize("seed", SEEDS)
def test_switched_off_nothing_is_broken_although_one_step_sticks_out(seed):
    made = generator.generate(seed, excess=0.0, slow=1.0)
    log = Log(made["events"], made["steps"])
    assert 2.0 < log.table["z"].max() < 2.4
    p_values = [
        binomtest(int(row.gone), int(row.reached), row.usual, alternative="greater").pvalue
        for row in log.table.itertuples()
    ]
    assert not multipletests(p_values, method="holm")[0].any()
    assert min(p_values) < 0.05
    waits = log.waits_before("technician assigned")
    assert waits.max() / waits.min() < 1.6


def test_the_file_has_its_declared_rows_and_mess_and_no_other():
    events = load_dataset("journeys", "events")
    assert 39_000 < len(events) < 41_000
    assert events["case_id"].nunique() == 6_500
    once = events[~events.duplicated()]
    assert 1 - len(once) / len(events) == pytest.approx(0.005, abs=0.001)
    assert not once.duplicated(["case_id", "step"]).any()
    first = once["step"] == "page opened"
    assert (once.loc[~first, "wait_min"] < 0).mean() == pytest.approx(0.01, abs=0.003)
    assert once.loc[first, "wait_min"].isna().all()
    assert once.loc[~first, "wait_min"].isna().mean() == pytest.approx(0.03, abs=0.008)
    assert once["ts"].is_monotonic_increasing
    last = once.groupby("case_id").tail(1)
    assert set(last["outcome"]) == {"left", "finished"}
    assert (once["outcome"] != "went on").sum() == 6_500


def test_all_of_it_lies_in_the_year_and_began_in_daytime():
    events = load_dataset("journeys", "events")
    assert (events["ts"] >= "2024-12-31T16:00Z").all()
    assert (events["ts"] < "2026-07-01T00:00Z").all()
    begun = events.loc[events["step"] == "page opened", "ts"].dt.tz_convert("Asia/Shanghai")
    assert begun.dt.hour.between(8, 21).mean() > 0.85
    assert (begun.dt.weekday >= 5).mean() < 0.26


def test_hidden_data_name_another_step_and_another_depot():
    for seed in range(30):
        varied = generator.variation(random.Random(seed))
        assert varied["culprit"] != "date confirmed"
        assert varied["slow_depot"] != "Harbour"
        assert abs(varied["excess"] - 0.07) > 0.013


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"journeys": 50}, "too few"),
        ({"culprit": "page opened"}, "cannot be the culprit"),
        ({"excess": 0.5}, "not between"),
        ({"slow_depot": "Nowhere"}, "no depot Nowhere"),
        ({"slow": 0.2}, "cannot be multiplied"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(arguments, says):
    with pytest.raises(ValueError, match=says):
        generator.generate(1, **arguments)
