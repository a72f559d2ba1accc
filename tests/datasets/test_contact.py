"""Promises of the contact data: the curve, the reversal and the worth of the stated channel are there."""

import random

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from scipy.stats.contingency import association

from trustkit.course import course_root
from trustkit.data import load_dataset, other_data
from trustkit.data.dataset import _generator

generator = _generator(course_root() / "datasets" / "contact" / "generate.py")
SEEDS = (20250505, 1, 2, 3, 5, 8)
SHIPPED = {"best": 2.5, "match": 0.7, "selection": 1.2}


def cleaned(table):
    """Return the rows that can be used, with plain types and what is compared."""
    rows = table.drop_duplicates("customer_id")
    rows = rows[(rows["trust_t1"] >= 1).fillna(False)]
    reached, sent = rows["channel_sent"].notna(), rows["channel_sent"].astype(str)
    return pd.DataFrame(
        {
            "lot": rows["source"] == "experiment",
            "age": rows["age_band"].astype(str),
            "wanted": rows["preferred_channel"].astype(str),
            "reached": reached,
            "phone": (sent == "phone").astype(float),
            "match": (reached & (sent == rows["preferred_channel"].astype(str))).astype(float),
            "n": rows["contacts_month"].astype(float),
            "useful": rows["useful"].astype(int),
            "after": rows["trust_t1"],
            "change": rows["trust_t1"] - rows["trust_t0"],
        }
    )


def shipped(seed):
    return cleaned(generator.generate(seed)), SHIPPED


def hidden(seed):
    return cleaned(other_data("contact", seed)), generator.variation(random.Random(seed))


@pytest.fixture(
    scope="module", params=[*((shipped, seed) for seed in SEEDS), *((hidden, seed) for seed in (4, 6, 7, 9))]
)
def made(request):
    make, seed = request.param
    return make(seed)


def top_of(rows, value="change"):
    fitted = smf.ols(f"{value} ~ n + I(n**2)", rows).fit().params
    assert fitted["I(n ** 2)"] < 0
    return -fitted["n"] / (2 * fitted["I(n ** 2)"])


def test_trust_is_highest_at_the_planted_number_of_useful_contacts(made):
    rows, planted = made
    top = top_of(rows[rows["lot"] & (rows["useful"] == 1)])
    assert top == pytest.approx(planted["best"], abs=0.3)


def test_general_contacts_only_tire(made):
    rows, _ = made
    general = rows[rows["lot"] & (rows["useful"] == 0)]
    straight = smf.ols("change ~ n", general).fit()
    assert -0.11 < straight.params["n"] < -0.05
    assert straight.conf_int().loc["n", 1] < 0
    # monotone: each third of the range lies below the one before
    thirds = general.groupby(pd.cut(general["n"], [-1, 2, 5, 8]), observed=True)["change"].mean()
    assert thirds.is_monotonic_decreasing


def test_a_curve_through_both_kinds_has_its_top_too_low(made):
    rows, _ = made
    lot = rows[rows["lot"]]
    assert top_of(lot) < top_of(lot[lot["useful"] == 1]) - 0.5


def test_in_everyday_work_the_phoned_trust_more_and_within_each_age_less(made):
    rows, _ = made
    field = rows[~rows["lot"] & rows["reached"]]
    gap = field.groupby("phone")["after"].mean()
    assert gap[1.0] - gap[0.0] > 0.1
    within = field.groupby(["age", "phone"])["after"].mean().unstack()
    assert ((within[1.0] - within[0.0]) < -0.03).all()
    adjusted = smf.ols("after ~ phone + age", field).fit()
    assert adjusted.params["phone"] < -0.15
    assert adjusted.conf_int().loc["phone", 1] < 0


def test_by_lot_the_telephone_does_nothing_and_nothing_is_reversed(made):
    rows, _ = made
    lot = rows[rows["lot"] & rows["reached"]]
    for value in ("change", "after"):
        assert abs(smf.ols(f"{value} ~ phone", lot).fit().tvalues["phone"]) < 1.5
    assert abs(smf.ols("after ~ phone + age", lot).fit().params["phone"]) < 0.1


def test_by_lot_the_stated_channel_is_worth_what_is_planted(made):
    rows, planted = made
    lot = rows[rows["lot"] & rows["reached"]]
    plain = smf.ols("change ~ match", lot).fit()
    assert plain.params["match"] == pytest.approx(planted["match"], abs=0.1)
    adjusted = smf.ols("change ~ match + C(n) * useful", lot).fit()
    assert abs(adjusted.params["match"] - plain.params["match"]) < 1.5 * plain.bse["match"]
    field = rows[~rows["lot"] & rows["reached"]]
    chosen = smf.ols("after ~ match", field).fit().params["match"]
    assert chosen < plain.params["match"] - 0.05


def test_contacts_go_with_trust_where_they_were_chosen_and_against_it_where_they_were_drawn(made):
    rows, _ = made
    slope = {lot: smf.ols("after ~ n", part).fit().params["n"] for lot, part in rows.groupby("lot")}
    assert slope[False] > 0.15
    assert slope[True] < -0.05


def test_age_explains_little_of_the_stated_channel(made):
    rows, _ = made
    assert association(pd.crosstab(rows["age"], rows["wanted"]).to_numpy(), method="cramer") ** 2 < 0.2
    for channel in ("app", "letter", "message", "phone"):
        wanted = rows.assign(this=(rows["wanted"] == channel).astype(float))
        assert pingouin.anova(wanted, dv="this", between="age")["np2"].iloc[0] < 0.2


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_switched_on_the_telephone_is_found(seed):
    rows = cleaned(generator.generate(seed, phone=0.3))
    lot = rows[rows["lot"] & rows["reached"]]
    assert smf.ols("change ~ phone", lot).fit().tvalues["phone"] > 5


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_switched_off_the_stated_channel_is_worth_nothing(seed):
    rows = cleaned(generator.generate(seed, match=0.0))
    lot = rows[rows["lot"] & rows["reached"]]
    assert abs(smf.ols("change ~ match", lot).fit().tvalues["match"]) < 3


def test_the_file_has_its_declared_rows_and_mess_and_no_other():
    table = load_dataset("contact")
    assert len(table) == 6_030
    assert table.duplicated().sum() == table.duplicated("customer_id").sum() == 30
    once = table.drop_duplicates("customer_id")
    assert (once["source"] == "experiment").sum() == 4_000
    assert (once["trust_t1"] == 0).mean() == pytest.approx(0.01, abs=0.001)
    unsub = once["unsub"] == 1
    assert once.loc[~unsub, "trust_t1"].isna().mean() == pytest.approx(0.02, abs=0.006)
    assert once.loc[unsub, "trust_t1"].isna().mean() == pytest.approx(0.20, abs=0.07)
    assert (once["channel_sent"].isna() == (once["contacts_month"] == 0)).all()
    known = once.loc[once["trust_t1"] > 0, "trust_t1"]
    assert known.between(1, 7).all()


def test_more_general_contacts_make_more_people_ask_for_silence():
    once = load_dataset("contact").drop_duplicates("customer_id")
    many = once[once["contacts_month"] >= 6].groupby("useful")["unsub"].mean().astype(float)
    assert many[0] > 2 * many[1]


def test_hidden_data_differ_by_more_than_the_tolerances():
    for seed in range(30):
        varied = generator.variation(random.Random(seed))
        assert abs(varied["best"] - 2.5) > 0.8
        assert abs(varied["match"] - 0.7) > 0.12


@pytest.mark.parametrize("option", ["best", "match", "phone", "selection"])
def test_impossible_wishes_are_refused_with_the_reason(option):
    with pytest.raises(ValueError, match=f"{option} = 9 is out of range"):
        generator.generate(1, **{option: 9})


def test_each_lot_is_drawn_equally_often():
    once = generator.generate(1).drop_duplicates("customer_id")
    lot = once[once["source"] == "experiment"]
    counts = pd.crosstab(lot["contacts_month"], lot["useful"]).to_numpy()
    assert np.ptp(counts) <= 10
