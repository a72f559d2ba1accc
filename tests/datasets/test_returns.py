"""Promises of the returns data: what is planted is there, for the seed of record, other seeds and hidden data."""

import pandas as pd
import pytest

from trustkit.data import generate_dataset, load_dataset, other_data

SHIPPED = (20240101, 1, 2, 3, 5)
HIDDEN = (0, 4, 7, 11, 20, 33)


def repaired(table: pd.DataFrame) -> pd.DataFrame:
    once = table.drop_duplicates().copy()
    once["sold"] = once["sold"].abs()
    return once.dropna(subset=["returned"]).astype({"sold": float, "returned": float})


@pytest.fixture(scope="module", params=[*(("shipped", one) for one in SHIPPED), *(("hidden", one) for one in HIDDEN)])
def returns(request):
    kind, seed = request.param
    make = generate_dataset if kind == "shipped" else other_data
    return repaired(make("returns", seed, with_truth=True))


def rates(rows: pd.DataFrame) -> pd.Series:
    """Return the pooled return rate of each line."""
    sums = rows.groupby("line", observed=True)[["returned", "sold"]].sum()
    return sums["returned"] / sums["sold"]


def rises(returns: pd.DataFrame) -> pd.Series:
    """Return by how many times each line's rate is higher at the end than at the start, against its like."""
    weeks = sorted(returns["week"].unique())
    rise = rates(returns[returns["week"] > weeks[-14]]) / rates(returns[returns["week"] <= weeks[25]])
    changed = returns.groupby("line", observed=True)["policy_change"].max()
    return rise / rise.groupby(changed).transform("median")


def lines(returns, story):
    return set(returns.loc[returns["defect_truth"] == story, "line"].astype(str))


def test_the_file_has_24_lines_of_104_weeks_and_the_declared_mess():
    raw = load_dataset("returns")
    once = raw.drop_duplicates()
    assert (len(raw), len(once)) == (2_508, 2_496)
    assert not once.duplicated(["week", "line"]).any()
    assert (once["sold"] < 0).mean() == pytest.approx(0.01, abs=0.001)
    assert once["returned"].isna().mean() == pytest.approx(0.03, abs=0.001)
    assert (once["sold"].abs() > 40).all()


def test_the_truth_is_not_in_the_file_and_changes_nothing_else():
    told = generate_dataset("returns", 20240101, with_truth=True)
    pd.testing.assert_frame_equal(load_dataset("returns"), told.drop(columns="defect_truth"), check_dtype=False)


def test_the_defect_is_the_line_that_rises_most_against_its_like(returns):
    rise = rises(returns)
    assert {rise.idxmax()} == lines(returns, "defect")
    assert 1.5 < rise.max() < 2.7
    assert rise.drop(rise.idxmax()).max() < 1.45


def test_the_defect_is_slow_and_has_no_promotion_or_new_policy_beside_it(returns):
    rows = returns[returns["defect_truth"] == "defect"]
    assert (rows["policy_change"] == 0).all()
    quarter = rates(rows.assign(line=(rows["week"].rank() - 1) // 8))
    assert (quarter / quarter.shift(1)).max() < 1.7


def test_the_promotion_has_the_largest_weekly_rate_and_the_usual_quality(returns):
    weekly = returns["returned"] / returns["sold"]
    (line,) = lines(returns, "promotion")
    assert returns["line"][weekly.idxmax()] == line
    rows = returns[returns["line"] == line]
    peak = rows["week"][rows["defect_truth"] == "promotion"].min()
    around = rows["week"].between(peak - pd.Timedelta(weeks=10), peak + pd.Timedelta(weeks=16))
    assert rates(rows[around])[line] / rates(rows[~around])[line] == pytest.approx(1, abs=0.15)


def test_the_new_policy_raises_the_rate_of_its_five_lines_at_once(returns):
    changed = lines(returns, "policy")
    assert len(changed) == 5
    first = returns.loc[returns["policy_change"] == 1, "week"].min()
    before, after = rates(returns[returns["week"] < first]), rates(returns[returns["week"] >= first])
    ours = before.index.isin(list(changed))
    effect = (after - before)[ours].median() - (after - before)[~ours].median()
    assert 0.02 < effect < 0.09
    assert 1.45 < (after / before)[ours].median() / (after / before)[~ours].median() < 2.3
    soon = rates(returns[returns["week"].between(first, first + pd.Timedelta(weeks=7))])
    assert (soon / before)[ours].median() > 1.4


def test_comparing_the_years_finds_the_policy_and_not_the_defect(returns):
    middle = returns["week"].min() + pd.Timedelta(weeks=52)
    rise = rates(returns[returns["week"] >= middle]) / rates(returns[returns["week"] < middle])
    assert rise.idxmax() in lines(returns, "policy")


def test_all_lines_drift_a_little(returns):
    stories = lines(returns, "defect") | lines(returns, "policy") | lines(returns, "promotion")
    middle = returns["week"].min() + pd.Timedelta(weeks=52)
    rise = rates(returns[returns["week"] >= middle]) / rates(returns[returns["week"] < middle])
    assert 1.0 < rise.drop(list(stories)).median() < 1.15


@pytest.mark.parametrize("seed", range(8))
def test_without_a_defect_no_line_rises_against_its_like(seed):
    returns = repaired(other_data("returns", seed, growth=0.0, with_truth=True))
    assert not lines(returns, "defect")
    assert rises(returns).max() < 1.45


def test_hidden_data_tell_the_stories_of_other_lines():
    for seed in range(12):
        returns = other_data("returns", seed, with_truth=True)
        assert lines(returns, "defect") != {"L07"}
        assert lines(returns, "promotion") != {"L16"}
        assert not lines(returns, "policy") & {f"L{number:02d}" for number in range(9, 14)}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"defect": "L99"}, "no line"),
        ({"defect": "L16"}, "lines of their own"),
        ({"first_changed": 22}, "1 to 20"),
        ({"growth": -1}, "0 to 3"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("returns", 1, **options)
