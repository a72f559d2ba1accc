"""Promises of the recovery data: the paradox is in satisfaction alone, and the groups differ before anybody helps."""

import random

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from pingouin import compute_effsize

from trustkit.course import course_root
from trustkit.data import generate_dataset, load_dataset, other_data
from trustkit.data.dataset import _generator

FOLDER = course_root() / "datasets" / "recovery"
SEEDS = (20250917, 1, 2, 3, 5, 8)
OUTCOMES = ["satisfaction", "repurchase_90d", "wom_score"]
generator = _generator(FOLDER / "generate.py")


def clean(table: pd.DataFrame) -> pd.DataFrame:
    once = table.drop_duplicates("customer_id")
    once = once[once["orders_before"] != generator.UNKNOWN]
    numbers = once[["orders_before", "severity", *OUTCOMES]].astype(float)
    return numbers.assign(group=once["group"].astype(str))


@pytest.fixture(scope="module", params=SEEDS)
def cleaned(request):
    return clean(generator.generate(request.param))


@pytest.fixture(scope="module", params=range(6))
def varied(request):
    """Data of marking, cleaned, and the options that they were made with."""
    return clean(other_data("recovery", request.param)), generator.variation(random.Random(request.param))


def equal_history(frame: pd.DataFrame, outcome: str):
    rows = frame[frame["group"] != "not_recovered"]
    rows = rows.assign(recovered=(rows["group"] == "recovered").astype(float))
    return smf.ols(f"{outcome} ~ recovered + np.log(orders_before)", rows).fit()


def equal_history_d(frame: pd.DataFrame, outcome: str) -> float:
    fit = equal_history(frame, outcome)
    return fit.params["recovered"] / np.sqrt(fit.scale)


def plain_d(frame: pd.DataFrame, outcome: str) -> float:
    values = [frame.loc[frame["group"] == name, outcome].dropna() for name in ("recovered", "never_failed")]
    return compute_effsize(*values, eftype="cohen")


def worth(frame: pd.DataFrame) -> float:
    rows = frame[frame["group"] != "never_failed"]
    rows = rows.assign(recovered=(rows["group"] == "recovered").astype(float))
    fit = smf.ols("repurchase_90d ~ recovered + np.log(orders_before) + C(severity)", rows).fit()
    return fit.params["recovered"]


def test_after_a_good_recovery_satisfaction_is_higher_at_equal_history_too(cleaned):
    assert 0.15 < equal_history_d(cleaned, "satisfaction") < 0.40
    assert equal_history(cleaned, "satisfaction").conf_int(0.01).loc["recovered", 0] > 0
    assert 0.25 < plain_d(cleaned, "satisfaction") < 0.50


@pytest.mark.parametrize("outcome", ["repurchase_90d", "wom_score"])
def test_repurchase_and_word_of_mouth_gain_nothing(cleaned, outcome):
    assert abs(equal_history_d(cleaned, outcome)) < 0.08


def test_loyal_customers_are_the_ones_that_are_recovered(cleaned):
    means = cleaned.groupby("group")[["orders_before", "severity", "repurchase_90d"]].mean()
    orders, severity = means["orders_before"], means["severity"]
    assert orders["recovered"] - orders["never_failed"] > 0.7
    assert orders["never_failed"] - orders["not_recovered"] > 0.7
    assert 0.15 < severity["not_recovered"] - severity["recovered"] < 0.45
    plain = means["repurchase_90d"]["recovered"] - means["repurchase_90d"]["never_failed"]
    assert plain - equal_history(cleaned, "repurchase_90d").params["recovered"] > 0.02


def test_recovery_is_worth_a_good_deal_against_no_recovery(cleaned):
    share = cleaned.groupby("group")["repurchase_90d"].mean()
    assert worth(cleaned) == pytest.approx(0.16, abs=0.05)
    assert share["recovered"] - share["not_recovered"] - worth(cleaned) > 0.05


def test_a_failure_without_recovery_costs_about_a_point_of_satisfaction(cleaned):
    means = cleaned.groupby("group")["satisfaction"].mean()
    assert -1.4 < means["not_recovered"] - means["never_failed"] < -0.8


def test_the_disappointed_answer_less_often(cleaned):
    missing = cleaned["satisfaction"].isna().groupby(cleaned["group"]).mean()
    assert missing["not_recovered"] == pytest.approx(0.30, abs=0.04)
    assert missing.drop("not_recovered").sub(0.15).abs().max() < 0.03


def test_with_the_paradox_switched_off_only_selection_is_left():
    alarms, plain = 0, []
    for seed in range(10):
        frame = clean(generate_dataset("recovery", seed, paradox=0.0))
        alarms += equal_history(frame, "satisfaction").conf_int(0.01).loc["recovered", 0] > 0
        plain.append(plain_d(frame, "satisfaction"))
    assert alarms <= 1
    assert np.mean(plain) > 0.04


def test_in_data_of_marking_other_sizes_and_signs_are_true(varied):
    frame, options = varied
    assert abs(options["paradox"] - 0.30) > 0.2
    assert equal_history(frame, "satisfaction").params["recovered"] == pytest.approx(options["paradox"], abs=0.20)
    assert np.sign(equal_history(frame, "satisfaction").params["recovered"]) == np.sign(options["paradox"])
    gain = equal_history(frame, "repurchase_90d").params["recovered"]
    assert gain == pytest.approx(options["repurchase_gain"], abs=0.05)
    assert worth(frame) == pytest.approx(options["damage"] + options["repurchase_gain"], abs=0.06)
    assert equal_history(frame, "wom_score").params["recovered"] == pytest.approx(options["wom_gain"], abs=0.2)


def test_the_declared_mess_is_there_and_no_other():
    raw = load_dataset("recovery")
    assert len(raw) == 9_000
    copies = raw.duplicated()
    assert copies.sum() == raw.duplicated("customer_id").sum() == 45
    once = raw[~copies]
    assert (once["orders_before"] == 999).mean() == pytest.approx(0.01, abs=0.001)
    assert once.loc[once["orders_before"] != 999, "orders_before"].max() < 200
    assert (once["severity"].isna() == (once["group"] == "never_failed")).all()
    assert (once["satisfaction"].isna() == once["wom_score"].isna()).all()
    assert once["repurchase_90d"].notna().all()


@pytest.mark.parametrize("rows", [300, 301, 1_000, 20_000])
def test_any_number_of_rows_comes_out_exact(rows):
    assert len(generator.generate(1, rows)) == rows


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"rows": 50}, "too few"),
        ({"paradox": 2.0}, "too large"),
        ({"repurchase_gain": 0.3}, "too large"),
        ({"damage": 0.5}, "damage must lie"),
        ({"selection": -1.0}, "damage must lie"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(arguments, says):
    with pytest.raises(ValueError, match=says):
        generator.generate(1, **arguments)


def test_the_bands_on_the_trainers_page_are_those_asserted_here():
    page = (FOLDER / "planted.md").read_text(encoding="utf-8")
    for band in (
        "between 0.15 and 0.40",
        "between 0.25 and 0.50",
        "under 0.08",
        "0.16 ± 0.05",
        "−0.8 to −1.4",
        "0.30 ± 0.04",
        "by 0.7 or more",
    ):
        assert band in page, band
