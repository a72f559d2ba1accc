"""Promises of the complaints data: the file is what the generator makes, and what is planted is there."""

import random
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import chi2_contingency

from trustkit.course import course_root
from trustkit.data import generate_dataset, load_dataset, other_data
from trustkit.data.dataset import _generator

FOLDER = course_root() / "datasets" / "complaints"
SEEDS = (20250701, 1, 2, 3, 5, 8, 13)
generator = _generator(FOLDER / "generate.py")


JUSTICES = ["justice_dist", "justice_proc", "justice_int"]


def clean(table: pd.DataFrame) -> pd.DataFrame:
    once = table.drop_duplicates("complaint_id")
    return once[~(once["resolved_at"] < once["opened_at"])]


@pytest.fixture(scope="module", params=SEEDS)
def seed(request):
    return request.param


@pytest.fixture(scope="module")
def cleaned(seed):
    return clean(generator.generate(seed))


@pytest.fixture(scope="module", params=range(6))
def varied(request):
    """Data of marking, cleaned, and the options that they were made with."""
    return clean(other_data("complaints", request.param)), generator.variation(random.Random(request.param))


def justice(frame: pd.DataFrame) -> pd.Series:
    """Return the coefficients of trust on the three kinds of felt justice."""
    rows = frame[["trust_post", *JUSTICES]].astype(float)
    return smf.ols("trust_post ~ " + " + ".join(JUSTICES), rows).fit().params[JUSTICES]


def cost_of_not_asking(frame: pd.DataFrame) -> float:
    back = frame.groupby("closed_without_confirm")["reopened"].mean().astype(float)
    return back[1] - back[0]


def trust_at_equal_severity(frame: pd.DataFrame) -> float:
    rows = frame[frame["opened_at"].dt.quarter.isin([2, 3])]
    rows = rows[["trust_post", "severity"]].astype(float).assign(q3=(rows["opened_at"].dt.quarter == 3).astype(float))
    return smf.ols("trust_post ~ q3 + C(severity)", rows).fit().params["q3"]


def slope(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the slope of satisfaction on log(minutes) and its standard error."""
    frame = frame.dropna(subset=["first_response_min", "sat_post"])
    x = np.log(frame["first_response_min"].to_numpy(dtype=float))
    y = frame["sat_post"].to_numpy(dtype=float)
    x = x - x.mean()
    b = (x * y).sum() / (x * x).sum()
    rest = y - y.mean() - b * x
    return b, np.sqrt((rest @ rest) / (len(x) - 2) / (x @ x))


def test_the_file_is_small_and_has_its_declared_rows():
    file = FOLDER / "complaints.csv"
    assert file.stat().st_size < 2_500_000
    assert len(load_dataset("complaints")) == 12_000


@pytest.mark.parametrize("rows", [200, 201, 1_000, 12_000, 30_000])
def test_any_number_of_rows_comes_out_exact(rows):
    assert len(generator.generate(1, rows)) == rows


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"rows": 50}, "too few"),
        ({"early_closer": "T9"}, "no team T9"),
        ({"silenced": 0.9}, "cannot be silenced"),
        ({"early_effect": 2.0}, "effect from 0 to 1"),
        ({"early_cost": 0.7}, "cost from 0 to 0.6"),
        ({"strongest": "kind"}, "no justice kind"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(arguments, says):
    with pytest.raises(ValueError, match=says):
        generator.generate(1, **arguments)


def test_the_declared_mess_is_there_and_no_other():
    raw = load_dataset("complaints")
    copies = raw.duplicated()
    assert copies.sum() == raw.duplicated("complaint_id").sum() == 60
    once = raw[~copies]
    assert (once["resolved_at"] < once["opened_at"]).mean() == pytest.approx(0.01, abs=0.001)
    assert once["first_response_min"].isna().mean() == pytest.approx(0.03, abs=0.006)
    still_open = once["resolved_at"].isna()
    assert 0.005 < still_open.mean() < 0.015
    empty = [
        "reopened",
        "closed_without_confirm",
        "contacts",
        "remedy",
        "sat_post",
        "trust_post",
        "wom_score",
        *JUSTICES,
    ]
    assert once.loc[still_open, empty].isna().all(None)
    assert once.loc[~still_open, ["reopened", "closed_without_confirm"]].notna().all(None)
    assert once.loc[~still_open, "trust_post"].isna().mean() == pytest.approx(0.20, abs=0.02)
    assert (once["promise_due_at"].isna() == once["promise_kept"].isna()).all()
    assert (once["promise_due_at"].isna() == once["promise_made_at"].isna()).all()
    waits = once["promise_due_at"] - once["promise_made_at"]
    assert (waits.dropna() > pd.Timedelta(0)).all()
    assert (once["promise_made_at"].dropna() >= once["opened_at"][once["promise_made_at"].notna()]).all()
    assert once["complaint_id"].tolist() == sorted(once["complaint_id"])
    names = once["product_line"]
    repaired = names.str.normalize("NFKC")
    assert (repaired != names).mean() == pytest.approx(0.04, abs=0.01)
    assert names.str.endswith(" ").mean() == pytest.approx(0.02, abs=0.006)
    assert repaired.str.strip().nunique() == 15
    assert once["customer_since"].str.contains("年").mean() == pytest.approx(0.20, abs=0.03)
    assert once.groupby("customer_id")["customer_since"].nunique().max() == 1
    late = once["opened_at"] > pd.Timestamp("2025-10-03T00:00Z")
    assert (once["repurchase_90d"].isna() == late).all()


def test_both_forms_of_a_date_are_needed_because_older_customers_have_the_other(cleaned):
    parts = cleaned["customer_since"].str.extract(r"^(\d{4})[-年](\d{1,2})[-月](\d{1,2})日?$").astype(int)
    since = pd.to_datetime(parts.set_axis(["year", "month", "day"], axis=1), utc=True)
    days = (cleaned["opened_at"] - since).dt.days
    assert days.min() > 0
    assert days.median() - days[cleaned["customer_since"].str.contains("-")].median() > 100


def test_all_complaints_lie_in_the_year_and_in_customers_daytime():
    once = load_dataset("complaints").drop_duplicates("complaint_id")
    assert (once["opened_at"].dt.year == 2025).all()
    for zone, hours in (("Asia/Shanghai", once["opened_at"].dt.tz_convert("Asia/Shanghai").dt.hour),):
        there = hours[once["zone"] == zone]
        assert there.between(7, 21).mean() > 0.85


def test_satisfaction_falls_with_the_logarithm_of_the_first_response(cleaned):
    b, error = slope(cleaned)
    assert -0.36 < b < -0.18
    assert b + 1.96 * error < 0


def test_satisfaction_is_flat_up_to_ten_minutes(cleaned):
    fast = cleaned[cleaned["promise_kept"] != 0]
    at_once = fast.loc[fast["first_response_min"] <= 4, "sat_post"].mean()
    soon = fast.loc[fast["first_response_min"].between(5, 10), "sat_post"].mean()
    assert abs(at_once - soon) < 0.25


def test_satisfaction_falls_more_steeply_after_the_promised_time(cleaned):
    kept, _ = slope(cleaned[cleaned["promise_kept"] == 1])
    broken, _ = slope(cleaned[cleaned["promise_kept"] == 0])
    assert broken < 1.4 * kept < 0


def test_the_early_closer_is_fastest_and_has_most_reopened_and_least_trust(cleaned):
    teams = cleaned.groupby("team")
    rate = teams["reopened"].mean().astype(float)
    hours = (cleaned["resolved_at"] - cleaned["opened_at"]).groupby(cleaned["team"]).median()
    assert rate.idxmax() == "T4"
    assert rate["T4"] >= 2 * rate.median()
    assert hours.idxmin() == "T4"
    assert teams["trust_post"].mean().astype(float).idxmin() == "T4"
    assert teams["closed_without_confirm"].mean().astype(float).idxmax() == "T4"


def test_the_early_closer_wins_first_contacts_only_while_nobody_asks_what_came_back(cleaned):
    closed = cleaned[cleaned["reopened"].notna()]
    once = closed["contacts"] == 1
    ticked = once.groupby(closed["team"], observed=True).mean().astype(float)
    solved = (once & (closed["reopened"] == 0)).groupby(closed["team"], observed=True).mean().astype(float)
    assert ticked.idxmax() == "T4"
    assert ticked["T4"] - ticked.drop("T4").max() > 0.1
    assert solved["T4"] - solved.median() < 0.06


def test_closing_without_asking_brings_complaints_back(cleaned):
    assert cost_of_not_asking(cleaned) == pytest.approx(0.40, abs=0.04)
    rows = cleaned[["reopened", "closed_without_confirm", "severity"]].astype(float)
    equal = smf.ols("reopened ~ closed_without_confirm + C(severity)", rows).fit().params["closed_without_confirm"]
    assert equal == pytest.approx(cost_of_not_asking(cleaned), abs=0.02)


def test_the_early_closer_does_not_have_the_largest_number_of_reopened(cleaned):
    assert cleaned.groupby("team")["reopened"].sum().astype(float).idxmax() == "T2"


@pytest.mark.parametrize("team", ["T1", "T2", "T6"])
def test_another_team_can_be_the_early_closer(team):
    table = generate_dataset("complaints", 4, early_closer=team)
    assert table.groupby("team")["reopened"].mean().astype(float).idxmax() == team


def test_without_the_button_complaints_fall_by_a_third_and_trust_falls_while_satisfaction_stays(cleaned):
    quarter = cleaned["opened_at"].dt.quarter
    count = quarter.value_counts()
    means = cleaned.groupby(quarter)[["trust_post", "sat_post"]].mean().astype(float)
    assert count[3] / count[2] - 1 == pytest.approx(-0.30, abs=0.03)
    assert means.loc[3, "trust_post"] - means.loc[2, "trust_post"] == pytest.approx(-0.3, abs=0.1)
    assert abs(means.loc[3, "sat_post"] - means.loc[2, "sat_post"]) < 0.12


def test_without_the_button_trust_falls_at_equal_severity_too_but_less(cleaned):
    trust = cleaned.groupby(cleaned["opened_at"].dt.quarter)["trust_post"].mean().astype(float)
    equal = trust_at_equal_severity(cleaned)
    assert -0.34 < equal < -0.14
    assert equal - (trust[3] - trust[2]) > 0.02


def test_what_is_missing_in_the_quarter_without_the_button_is_the_number_of_the_silent(seed, cleaned):
    silent = generator.silent(seed)
    count = cleaned["opened_at"].dt.quarter.value_counts()
    assert count[[1, 2, 4]].mean() - count[3] == pytest.approx(len(silent), rel=0.06)
    assert (silent["silent_flag"] == 1).all()
    third = cleaned[cleaned["opened_at"].dt.quarter == 3]
    assert silent["trust"].mean() < third["trust_post"].mean() - 0.1
    assert silent["severity"].mean() < third["severity"].mean()
    assert "silent_flag" not in cleaned


def test_felt_treatment_has_the_largest_coefficient_on_trust(cleaned):
    together = justice(cleaned)
    assert together["justice_int"] == pytest.approx(0.42, abs=0.06)
    assert together["justice_int"] - together.drop("justice_int").max() > 0.1
    assert together.drop("justice_int").between(0.1, 0.3).all()
    rows = cleaned[["trust_post", *JUSTICES]].astype(float)
    for name in JUSTICES:
        assert smf.ols(f"trust_post ~ {name}", rows).fit().params[name] > together[name] + 0.03


def test_word_of_mouth_and_repurchase_follow_trust(cleaned):
    rows = cleaned[["trust_post", "wom_score", "repurchase_90d"]].astype(float)
    assert rows["trust_post"].corr(rows["wom_score"]) > 0.4
    assert rows["trust_post"].corr(rows["repurchase_90d"]) > 0.1
    assert 0.3 < rows["repurchase_90d"].mean() < 0.6


def test_in_data_of_marking_other_names_and_sizes_are_true(varied):
    frame, options = varied
    teams = frame.groupby("team", observed=True)
    assert teams["reopened"].mean().astype(float).idxmax() == options["early_closer"] != "T4"
    assert teams["closed_without_confirm"].mean().astype(float).idxmax() == options["early_closer"]
    assert cost_of_not_asking(frame) == pytest.approx(options["early_cost"], abs=0.04)
    together = justice(frame)
    assert together.idxmax() == f"justice_{options['strongest']}" != "justice_int"
    assert slope(frame)[0] == pytest.approx(-0.95 * options["slope"], abs=0.06)
    count = frame["opened_at"].dt.quarter.value_counts()
    assert 1 - count[3] / count[2] == pytest.approx(options["silenced"], abs=0.03)
    assert trust_at_equal_severity(frame) == pytest.approx(-options["trust_loss"], abs=0.1)


def test_with_the_effect_switched_off_all_teams_close_alike():
    alarms = 0
    for seed in range(8):
        frame = clean(generate_dataset("complaints", seed, early_effect=0.0))
        closed = frame[frame["closed_without_confirm"].notna()]
        alarms += chi2_contingency(pd.crosstab(closed["team"], closed["closed_without_confirm"])).pvalue < 0.01
    assert alarms <= 1


def test_without_the_button_the_mild_complaints_are_the_ones_that_are_missing(cleaned):
    mild = (cleaned["severity"] == 1).groupby(cleaned["opened_at"].dt.quarter).mean()
    assert mild[3] < mild[2] - 0.03


def test_the_channel_does_not_decide_what_is_reopened(cleaned):
    table = pd.crosstab(cleaned["channel"], cleaned["reopened"]).to_numpy(dtype=float)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    assert ((table - expected) ** 2 / expected).sum() < 18.5


def test_the_generator_touches_no_file_when_it_generates(monkeypatch):
    def refused(*arguments, **named):
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", refused)
    monkeypatch.setattr(Path, "open", refused)
    assert len(generator.generate(1, 300)) == 300


def test_the_bands_on_the_trainers_page_are_those_asserted_here():
    page = (FOLDER / "planted.md").read_text(encoding="utf-8")
    for band in (
        "−0.36 and −0.18",
        "−30 ± 3 %",
        "−0.3 ± 0.1",
        "less than 0.12",
        "under 18.5",
        "at least twice the median",
        "at least 1.4 times",
        "0.40 ± 0.04",
        "0.42 ± 0.06",
        "between −0.14 and −0.34",
        "± 6 %",
    ):
        assert re.search(re.escape(band), page), band
