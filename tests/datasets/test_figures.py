"""Promises of the reported figures: each planted defect is there and stands out, and the honest twin has none."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, false_discovery_control

from trustkit.data import generate_dataset, load_dataset, other_data
from trustkit.data.dataset import _folder, _generator

STATEMENT = ["report", "branch", "action", "measure", "unit"]
SHIPPED = {"declared_rounder": "R2", "silent_rounder": "R5", "twin_maker": "R3", "contradictions": 6}
generator = _generator(_folder("figures") / "generate.py")


def hidden_options(seed):
    import random

    return generator.variation(random.Random(seed))


CASES = [(generate_dataset, seed, SHIPPED) for seed in (20250223, 1, 2)]
CASES += [(other_data, seed, hidden_options(seed)) for seed in (7, 11, 20260422)]


@pytest.fixture(scope="module", params=CASES, ids=[str(seed) for _, seed, _ in CASES])
def case(request):
    make, seed, options = request.param
    return make("figures", seed, "reported"), make("figures", seed, "honest"), options


def roundness(figures):
    """Return by report the share of multiples of 5 and its one-sided p-value."""
    percent = figures[figures["unit"].eq("percent") & figures["value"].notna()]
    rounded = (percent["value"] % 5 == 0).groupby(percent["report"], observed=True).agg(["sum", "size"])
    p = [binomtest(int(hits), int(size), 0.2, alternative="greater").pvalue for hits, size in rounded.to_numpy()]
    return pd.DataFrame({"share": rounded["sum"] / rounded["size"], "p": p})


def twin_rows(figures):
    known = figures[figures["value"].notna()]
    same = known.groupby(["report", "action", "measure", "unit", "value"], observed=True)["branch"]
    return known[same.transform("nunique") > 1]


def surprise(figures):
    """Return by report how many standard deviations its twins lie above those of its shuffled values."""
    rng = np.random.default_rng(0)
    known = figures[figures["value"].notna()].drop_duplicates([*STATEMENT, "value"])
    found = {}
    for report, rows in known.groupby("report", observed=True):
        claim = rows.groupby(["action", "measure", "unit"], observed=True).ngroup().to_numpy()
        percent, value = rows["unit"].eq("percent").to_numpy(), rows["value"].to_numpy()
        counts = []
        for shuffled in range(101):
            dealt = value.copy()
            for mine in (percent, ~percent):
                dealt[mine] = rng.permutation(value[mine]) if shuffled else value[mine]
            counts.append(pd.Series(1_000 * claim + dealt).duplicated(keep=False).sum())
        found[report] = (counts[0] - np.mean(counts[1:])) / np.std(counts[1:])
    return pd.Series(found)


def contradicting(figures):
    return figures[figures.groupby(STATEMENT, observed=True)["value"].transform("nunique") > 1]


def test_one_report_rounds_and_says_nothing(case):
    reported, _, options = case
    found = roundness(reported)
    assert found.loc[options["silent_rounder"], "share"] > 0.4
    assert found.loc[options["silent_rounder"], "p"] < 0.000001
    says = reported.groupby("report", observed=True)["rounding"].first()
    assert says[options["silent_rounder"]] == "none"


def test_one_report_rounds_and_says_so_and_has_the_most_twins_by_chance(case):
    reported, _, options = case
    declared = options["declared_rounder"]
    assert reported.loc[reported["rounding"] == "to 5", "report"].unique().tolist() == [declared]
    assert roundness(reported).loc[declared, "share"] > 0.97
    assert twin_rows(reported)["report"].value_counts().idxmax() == declared


def test_the_twin_maker_stands_out_against_chance_and_nobody_else_does(case):
    reported, honest, options = case
    found = surprise(reported)
    assert found[options["twin_maker"]] > 5
    assert found.drop(options["twin_maker"]).max() < 4
    assert surprise(honest).max() < 4


def test_contradictions_are_as_many_as_planted_and_none_is_honest(case):
    reported, honest, options = case
    rows = contradicting(reported)
    assert len(rows) == 2 * options["contradictions"]
    assert rows.groupby(STATEMENT, observed=True)["place"].nunique().eq(2).all()
    assert contradicting(honest).empty


def test_an_honest_report_looks_round_by_chance_and_only_one(case):
    reported, honest, options = case
    parts = [options["declared_rounder"], options["silent_rounder"]]
    for p in (roundness(reported)["p"].drop(parts), roundness(honest)["p"].drop(parts[0])):
        assert 0.015 < p.min() < 0.045
        assert p.sort_values().iloc[1] > 0.07
        assert (false_discovery_control(p) > 0.05).all()
        assert p.min() > 0.05 / 8


def test_lines_rise_within_a_report_and_about_three_in_a_hundred_values_are_lost():
    table = load_dataset("figures", "reported")
    assert (table.groupby("report", observed=True)["line"].diff().dropna() > 0).all()
    assert not table.duplicated("figure_id").any()
    assert table["value"].isna().mean() == pytest.approx(0.03, abs=0.015)
    assert table["place"].eq("summary").mean() == pytest.approx(0.06, abs=0.02)


def test_defects_can_be_switched_off():
    table = generate_dataset("figures", 3, "reported", silent_rounder="none", twin_maker="none", contradictions=0)
    assert roundness(table)["p"].drop("R2").min() > 0.015
    assert surprise(table).max() < 4
    assert contradicting(table).empty


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"silent_rounder": "R9"}, "no report R9"),
        ({"silent_rounder": "R3"}, "two roles"),
        ({"silent_share": 0.1}, "must lie within"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("figures", 1, "reported", **options)
