"""Promises of the script test: what is planted is there for every seed, and what is switched off is not."""

import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from trustkit.data import generate_dataset, load_dataset, other_data

SEEDS = (20250808, 1, 2, 3, 5)
OTHERS = (7, 11, 20260422)


def in_plan(table):
    once = table.drop_duplicates("ticket_id")
    return once[once["day"].between(1, 14)]


def compared(tickets, measure="resolved"):
    """Return the difference of the shares, B minus A, its 95 % interval and its p-value."""
    count = tickets.groupby("arm", observed=True)[measure].agg(["sum", "size"]).astype(float)
    (a, n_a), (b, n_b) = count.loc["A"], count.loc["B"]
    low, high = confint_proportions_2indep(b, n_b, a, n_a, method="wald", compare="diff")
    p = proportions_ztest([b, a], [n_b, n_a])[1]
    return b / n_b - a / n_a, low, high, p


def by(tickets, column, measure="resolved"):
    found = {name: compared(rows, measure) for name, rows in tickets.groupby(column, observed=True)}
    return pd.DataFrame(found, index=["gap", "low", "high", "p"]).T


@pytest.fixture(scope="module", params=SEEDS)
def tickets(request):
    return in_plan(generate_dataset("ab-script", request.param))


@pytest.fixture(scope="module")
def nothing():
    return in_plan(generate_dataset("ab-script", 4, first_effect=0.0, harm=0.0, early_luck=0.0))


def test_on_average_b_solves_a_little_more_and_the_test_cannot_tell(tickets):
    gap, low, high, p = compared(tickets)
    assert gap == pytest.approx(0.012, abs=0.005)
    assert low < 0 < high
    assert p > 0.05


def test_only_first_complaints_gain(tickets):
    found = by(tickets, "history")
    assert found.loc["first", "gap"] == pytest.approx(0.04, abs=0.005)
    assert found.loc["first", "low"] > 0
    assert found.loc["returning", "gap"] == pytest.approx(0, abs=0.005)


def test_billing_is_reopened_more_often_and_only_a_look_at_each_topic_shows_it(tickets):
    found = by(tickets, "topic", "reopened_7d")
    assert found.loc["billing", "gap"] == pytest.approx(0.05, abs=0.005)
    assert found.loc["billing", "p"] < 0.001
    others = found.drop("billing")
    assert others["gap"].abs().max() < 0.007
    assert others["p"].min() > 0.3
    assert compared(tickets, "reopened_7d")[3] > 0.05


def test_day_three_looks_significant_and_the_end_does_not(tickets):
    assert compared(tickets[tickets["day"] <= 3])[3] < 0.05
    assert compared(tickets)[3] > 0.05


def test_one_undeclared_segment_looks_like_a_find_and_survives_no_correction(tickets):
    p = by(tickets, "segment")["p"]
    assert (p < 0.05).sum() == 1
    assert 0.008 < p.min() < 0.05
    assert not multipletests(p, method="holm")[0].any()
    assert not multipletests(p, method="fdr_bh")[0].any()


def test_trust_falls_with_b_in_billing_only(tickets):
    means = tickets.groupby([tickets["topic"].eq("billing"), "arm"], observed=True)["trust_3d"].mean().unstack()
    gap = means["B"] - means["A"]
    assert -0.7 < gap[True] < -0.1
    assert abs(gap[False]) < 0.12


def test_chance_has_made_the_arms_alike(tickets):
    for column in ("history", "topic", "segment"):
        share = pd.crosstab(tickets[column], tickets["arm"], normalize="columns")
        assert (share["A"] - share["B"]).abs().max() < 0.002
    assert tickets["arm"].value_counts().nunique() == 1


def test_the_declared_mess_is_there():
    raw = load_dataset("ab-script")
    assert len(raw) == 16_000
    assert raw.duplicated().sum() == raw.duplicated("ticket_id").sum() == 80
    once = raw.drop_duplicates("ticket_id")
    before = once[once["day"] == 0]
    assert len(before) == 160
    assert set(before["arm"]) == {"B"}
    assert once["handle_min"].isna().mean() == pytest.approx(0.03, abs=0.006)
    assert once["trust_3d"].isna().mean() == pytest.approx(0.58, abs=0.02)
    per_day = once[once["day"] > 0]["day"].value_counts().astype(float)
    assert per_day[[6, 7, 13, 14]].max() < per_day[[1, 2, 8, 9]].min()


@pytest.mark.parametrize("seed", OTHERS)
def test_in_hidden_data_other_answers_are_true(seed):
    tickets = in_plan(other_data("ab-script", seed))
    harmed = by(tickets, "topic", "reopened_7d")
    assert (harmed["gap"] > 0.05).sum() == 1
    assert harmed["gap"].idxmax() != "billing"
    assert harmed["gap"].max() > 0.07
    assert harmed["p"].sort_values().iloc[1] > 0.3
    histories = by(tickets, "history")["gap"]
    assert histories["first"] > 0.07
    assert abs(histories["returning"]) > 0.02


@pytest.mark.parametrize("seed", OTHERS)
def test_in_hidden_data_one_segment_really_differs(seed):
    p = by(in_plan(other_data("ab-script", seed, first_effect=0.0, rest_effect=0.0)), "segment")["p"].sort_values()
    assert p.iloc[0] < 0.0001
    assert p.iloc[1] > 0.03


def test_what_is_switched_off_is_not_there(nothing):
    assert abs(compared(nothing)[0]) < 0.003
    assert by(nothing, "history")["gap"].abs().max() < 0.005
    assert by(nothing, "topic", "reopened_7d")["p"].min() > 0.3
    assert compared(nothing[nothing["day"] <= 3])[3] > 0.5
    assert not multipletests(by(nothing, "segment")["p"], method="holm")[0].any()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"harmed_topic": "weather"}, "no topic weather"),
        ({"loud_segment": "moon"}, "no segment moon"),
        ({"base": 0.95}, "must lie within"),
        ({"first_effect": 0.5}, "no effect of a script"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("ab-script", 1, **options)
