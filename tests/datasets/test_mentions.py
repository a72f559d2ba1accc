"""Promises of the mentions data: what is planted is there, for the seed of record, other seeds and hidden data."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from trustkit.course import course_root
from trustkit.data import generate_dataset, load_dataset, other_data

SHIPPED = (20241104, 1, 2, 3, 5)
HIDDEN = (4, 7, 11, 20)
DAYS, LEARNING = 400, 70


def brands_of(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each brand by day, copies dropped, with the ratios to the same weekdays before."""
    once = table.drop_duplicates().sort_values("date")
    found = {}
    for brand, rows in once.groupby("brand", observed=True):
        rows = rows.reset_index(drop=True).astype({"mentions": float, "neg_accounts": float})
        for column in ("mentions", "neg_accounts"):
            usual = rows.groupby(rows["date"].dt.day_name())[column].transform(
                lambda days: days.rolling(8, min_periods=4).median().shift(1)
            )
            rows[f"{column}_ratio"] = rows[column] / usual
        found[str(brand)] = rows
    return found


@pytest.fixture(scope="module", params=[*(("shipped", one) for one in SHIPPED), *(("hidden", one) for one in HIDDEN)])
def brands(request):
    kind, seed = request.param
    make = generate_dataset if kind == "shipped" else other_data
    return brands_of(make("mentions", seed, with_truth=True))


def days_of(brands, kind):
    """Return the rows of the brand that meets an event, on the days of that event."""
    (rows,) = [rows[rows["event_truth"] == kind] for rows in brands.values() if (rows["event_truth"] == kind).any()]
    return rows


def test_the_file_has_400_days_of_three_brands_and_the_declared_mess():
    raw = load_dataset("mentions")
    once = raw.drop_duplicates()
    assert (len(raw), len(once)) == (1_206, 1_200)
    assert not once.duplicated(["date", "brand"]).any()
    assert (once["mentions"] == 0).mean() == pytest.approx(0.01, abs=0.001)
    assert once.loc[once["mentions"] == 0, ["neg_share", "neg_accounts", "top_terms"]].isna().all(None)
    assert once["neg_accounts"].isna().mean() == pytest.approx(0.04, abs=0.004)
    assert once["date"].min() == pd.Timestamp("2024-11-04") and once["date"].max() == pd.Timestamp("2025-12-08")


def test_the_truth_is_not_in_the_file_and_changes_nothing_else():
    table = load_dataset("mentions")
    told = generate_dataset("mentions", 20241104, with_truth=True)
    pd.testing.assert_frame_equal(table, told.drop(columns=["event_truth", "due"]), check_dtype=False)


def test_each_brand_has_a_week_of_its_own(brands):
    for rows in brands.values():
        usual = rows[rows["event_truth"] == "none"]
        median = usual.groupby(usual["date"].dt.day_name())["neg_accounts"].median()
        assert 1.7 < median.max() / median.min() < 8


def test_the_level_of_talk_has_a_trend(brands):
    for brand, sign in (("Harbor Air", 1), ("Lantern Home", 1), ("Northbank", -1)):
        rows = brands[brand]
        usual = rows[(rows["event_truth"] == "none") & (rows["mentions"] > 0)]
        frame = pd.DataFrame(
            {
                "level": np.log(usual["mentions"]),
                "day": usual.index,
                "weekday": usual["date"].dt.day_name(),
            }
        )
        fit = smf.ols("level ~ day + weekday", frame).fit()
        assert np.sign(fit.params["day"]) == sign
        assert fit.pvalues["day"] < 0.01


def test_three_crises_one_of_them_slow_and_nothing_while_one_learns(brands):
    kinds = [rows["event_truth"].unique().tolist() for rows in brands.values()]
    assert sorted("slow crisis" in kind for kind in kinds) == [False, False, True]
    assert sorted("crisis" in kind for kind in kinds) == [False, True, True]
    for rows in brands.values():
        assert (rows["event_truth"][:LEARNING] == "none").all()
        assert rows["due"].sum() == 1
        assert rows.loc[rows["event_truth"].isin(["crisis", "slow crisis"]), "neg_accounts"].notna().all()


def test_a_sudden_crisis_shows_on_its_first_or_second_day(brands):
    for rows in brands.values():
        first = int(rows["due"].astype(int).argmax())
        if rows["event_truth"][first] == "crisis":
            assert rows["neg_accounts_ratio"][first : first + 2].max() > 2


def test_the_slow_crisis_climbs_and_never_leaps(brands):
    rows = days_of(brands, "slow crisis")
    assert len(rows) > 35
    weekly = rows["neg_accounts"].rolling(7).mean().dropna()
    assert (weekly / weekly.shift(7)).max() < 3
    due = int(rows["due"].astype(int).argmax())
    assert due > 7
    assert rows["neg_accounts_ratio"].iloc[due - 1 : due + 2].max() > 2


def test_the_meme_is_loud_and_hardly_negative(brands):
    rows = days_of(brands, "meme")
    assert rows["mentions_ratio"].max() > 4
    assert rows["neg_accounts_ratio"].mean() < 1.6


def test_the_bots_are_many_messages_of_few_accounts(brands):
    rows = days_of(brands, "bots")
    each = rows["mentions"] * rows["neg_share"] / rows["neg_accounts"]
    assert len(rows) == 3
    assert (each > 4).all()
    assert rows["neg_accounts_ratio"].mean() < 1.6


def test_the_holiday_is_loud_and_mild_for_all_brands(brands):
    for rows in brands.values():
        days = rows[rows["event_truth"] == "holiday"]
        assert len(days) == 7
        assert 1.5 < days["mentions_ratio"].median() < 2.4
        assert days["neg_accounts_ratio"].mean() < 1.4


def false_days(rows, rings):
    """Return how many days after the learning time ring without a crisis."""
    outside = rows["event_truth"].isin(["none", "meme", "bots", "holiday"])
    return int((rings & outside)[LEARNING:].sum())


def test_the_reference_alarm_is_a_day_late_at_most_and_false_once_a_month_at_most(brands):
    false = 0
    for rows in brands.values():
        rings = rows["neg_accounts_ratio"] > 1.8
        crisis = rows["event_truth"].isin(["crisis", "slow crisis"])
        due = int(rows["due"].astype(int).argmax())
        assert (rings & crisis).to_numpy()[: due + 2].any()
        false += false_days(rows, rings)
    assert false <= (DAYS - LEARNING) / 30


def test_an_alarm_without_the_weekday_rings_too_often(brands):
    false = 0
    for rows in brands.values():
        usual = rows["neg_accounts"].rolling(28, min_periods=14).median().shift(1)
        false += false_days(rows, rows["neg_accounts"] > 1.8 * usual)
    assert false > (DAYS - LEARNING) / 30


@pytest.mark.parametrize("seed", range(6))
def test_a_year_without_crises_has_none_and_the_noise_stays(seed):
    brands = brands_of(other_data("mentions", seed, crises=False, with_truth=True))
    kinds = {kind for rows in brands.values() for kind in rows["event_truth"]}
    assert kinds == {"none", "meme", "bots", "holiday"}
    for rows in brands.values():
        rings = (rows["neg_accounts_ratio"] > 1.8)[LEARNING:]
        assert rings.rolling(4).sum().max() < 3


def test_hidden_data_never_have_the_crises_where_the_file_has_them():
    assert days_of(brands_of(generate_dataset("mentions", 20241104, with_truth=True)), "slow crisis")["brand"].iloc[
        0
    ] == ("Lantern Home")
    for seed in range(8):
        rows = days_of(brands_of(other_data("mentions", seed, with_truth=True)), "slow crisis")
        assert rows["brand"].iloc[0] != "Lantern Home"


@pytest.mark.parametrize(
    ("options", "says"),
    [({"slow": "Ninth Leaf"}, "no brand"), ({"meme": "Lantern Home"}, "two brands"), ({"size": 9}, "out of range")],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("mentions", 1, **options)


def test_the_log_of_the_lab_tells_what_is_in_the_file():
    told = generate_dataset("mentions", 20241104, with_truth=True).drop_duplicates()
    events = told[~told["event_truth"].isin(["none", "after"])]
    source = (course_root() / "exercises" / "source" / "early-warning" / "early-warning.md").read_text(encoding="utf-8")
    for (_brand, _kind), rows in events.groupby(["brand", "event_truth"], observed=True):
        first, last = (f"{day:%Y-%m-%d}" for day in (rows["date"].min(), rows["date"].max()))
        assert f'"{first}", "{last}"' in source
    for day in told.loc[told["due"] == 1, "date"]:
        assert f'"{day:%Y-%m-%d}"' in source
