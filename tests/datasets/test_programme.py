"""Promises of the loyalty card's data: members differ before they join, and the roll-out shows what the card adds."""

import random

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from trustkit.data import generate_dataset, load_dataset, other_data
from trustkit.data.dataset import _folder, _generator

SEEDS = (20250915, 1, 2, 3, 5, 8)
WAITING = ("east", "south")


def cleaned(raw: pd.DataFrame) -> pd.DataFrame:
    once = raw.drop_duplicates(["customer_id", "month"])
    known = once[(once["spend"] >= 0).fillna(False)].copy()
    known["offered"] = (known["month"] >= known["rollout_month"]).fillna(False).astype(int)
    known["region"] = known["region"].astype(object)
    return known.astype({"month": int, "spend": float, "visits": int, "member": int})


@pytest.fixture(scope="module", params=SEEDS)
def months(request):
    return cleaned(generate_dataset("programme", request.param))


def naive(months: pd.DataFrame) -> float:
    mean = months[months["offered"] == 1].groupby("member")["spend"].mean()
    return mean[1] / mean[0] - 1


def cells(months: pd.DataFrame) -> pd.DataFrame:
    return months.groupby(["region", "month"], as_index=False).agg(
        spend=("spend", "mean"), n=("spend", "size"), offered=("offered", "max")
    )


def in_levels(months: pd.DataFrame) -> float:
    table = cells(months)
    extra = smf.wls("spend ~ offered + C(region) + C(month)", table, weights=table["n"]).fit().params["offered"]
    return extra / (months.loc[months["offered"] == 1, "spend"].mean() - extra)


def in_logarithms(months: pd.DataFrame) -> float:
    table = cells(months)
    fit = smf.wls("np.log(spend) ~ offered + C(region) + C(month)", table, weights=table["n"]).fit()
    return float(np.exp(fit.params["offered"]) - 1)


def without(months: pd.DataFrame, region: str) -> pd.DataFrame:
    return months[months["region"] != region]


def test_members_spend_far_more_and_most_of_it_was_there_before(months):
    assert naive(months) > 0.30
    early = months[months["rollout_month"].notna() & (months["offered"] == 0)]
    mean = early.groupby(early["joined_month"].notna())["spend"].mean()
    assert 0.22 < mean[True] / mean[False] - 1 < 0.34


def test_the_shipped_slide_says_thirty_eight_and_six():
    shipped = cleaned(load_dataset("programme"))
    assert naive(shipped) == pytest.approx(0.38, abs=0.02)
    assert in_levels(without(shipped, "lake")) == pytest.approx(0.06, abs=0.01)


def test_the_staggered_roll_out_recovers_the_effect(months):
    usable = without(months, "lake")
    assert 0.04 < in_levels(usable) < 0.08
    assert 0.04 < in_logarithms(usable) < 0.08


def test_the_region_with_new_prices_spoils_the_estimate_and_shows_in_what_a_purchase_costs(months):
    assert in_levels(months) - in_levels(without(months, "lake")) > 0.03
    total = months.groupby(["region", "offered"])[["spend", "visits"]].sum()
    paid = (total["spend"] / total["visits"]).unstack().dropna()
    rise = paid[1] / paid[0]
    assert 1.20 < rise["lake"] < 1.30
    assert rise.drop("lake").between(0.97, 1.03).all()


def test_the_road_before_is_the_same(months):
    for region in ("hills", "west"):
        early = months[(months["month"] < 8) & months["region"].isin([region, *WAITING])]
        early = early.assign(card=(early["region"] == region).astype(int))
        fit = smf.ols("spend ~ month * card", early).fit(cov_type="HC1")
        low, high = fit.conf_int(0.001).loc["month:card"]
        assert low < 0 < high


def test_a_tilted_road_is_found():
    tilted = cleaned(generate_dataset("programme", 4, drift=0.02, drift_region="hills"))
    early = tilted[(tilted["month"] < 8) & tilted["region"].isin(["hills", *WAITING])]
    fit = smf.ols("spend ~ month * card", early.assign(card=(early["region"] == "hills").astype(int))).fit()
    assert fit.pvalues["month:card"] < 0.001


def test_trust_came_before_the_card_and_does_not_change_with_it(months):
    asked = months.dropna(subset=["trust"])
    asked = asked[asked["rollout_month"].notna()].assign(joins=lambda rows: rows["joined_month"].notna())
    mean = asked.astype({"trust": float}).groupby(["offered", "joins"])["trust"].mean().unstack()
    gap = mean[True] - mean[False]
    assert 0.3 < gap[0] < 0.9
    assert abs(gap[1] - gap[0]) < 0.12


def test_a_card_without_an_effect_and_a_placebo_month_show_none():
    for seed in SEEDS:
        nothing = cleaned(generate_dataset("programme", seed, effect=0.0))
        assert abs(in_levels(without(nothing, "lake"))) < 0.02
        early = cleaned(generate_dataset("programme", seed))
        early = early[(early["offered"] == 0) & (early["month"] < 8)]
        placebo = early.assign(offered=(early["month"] >= early["rollout_month"] - 2).fillna(False).astype(int))
        assert abs(in_levels(placebo)) < 0.02


def test_in_data_of_the_same_kind_the_method_finds_what_is_true_there():
    vary = _generator(_folder("programme") / "generate.py").variation
    for seed in range(10):
        varied = vary(random.Random(seed))
        other = cleaned(other_data("programme", seed))
        assert varied["price_region"] != "lake"
        assert abs(varied["effect"] - 0.06) > 0.03
        usable = without(other, varied["price_region"])
        assert in_levels(usable) == pytest.approx(varied["effect"], abs=0.02)
        assert in_logarithms(usable) == pytest.approx(varied["effect"], abs=0.02)
        assert naive(other) > varied["effect"] + 0.15


def test_the_option_of_no_effect_tells_what_would_have_happened():
    card, none = (cleaned(generate_dataset("programme", 6, effect=effect)) for effect in (0.06, 0.0))
    assert card[["customer_id", "month", "member"]].equals(none[["customer_id", "month", "member"]])
    clean = (card["offered"] == 1) & (card["region"] != "lake")
    assert card.loc[clean, "spend"].sum() / none.loc[clean, "spend"].sum() - 1 == pytest.approx(0.06, abs=0.002)
    others = card["member"] == 0
    assert card.loc[others, "spend"].equals(none.loc[others, "spend"])


def test_the_declared_mess_is_there_and_no_other():
    raw = load_dataset("programme")
    copies = raw.duplicated()
    assert copies.sum() == raw.duplicated(["customer_id", "month"]).sum() == 336
    once = raw[~copies]
    assert len(once) == 84_000
    assert (once["spend"] == -1).mean() == pytest.approx(0.01, abs=0.0005)
    assert once["spend"].isna().mean() == pytest.approx(0.03, abs=0.003)
    assert once.loc[once["month"] == 12, "spend"].isna().mean() > 0.04
    assert (once["visits"] == 0).mean() == pytest.approx(0.02, abs=0.005)
    assert (once["member"] == (once["month"] >= once["joined_month"]).fillna(False).astype(int)).all()
    assert (once["joined_month"] >= once["rollout_month"]).dropna().all()
    assert once.loc[once["trust"].notna(), "month"].isin([3, 6, 9, 12]).all()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"customers": 100}, "too few"),
        ({"price_region": "east"}, "not in east"),
        ({"drift_region": "moon"}, "no region moon"),
        ({"effect": 0.9}, "effect is 0.9"),
        ({"level": 5.0}, "level is 5.0"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("programme", 1, **options)
