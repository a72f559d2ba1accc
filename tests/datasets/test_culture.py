"""Promises of the culture survey: what is planted is there, for the seed of record, other seeds and hidden data."""

from itertools import combinations

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from trustkit.data import generate_dataset, load_dataset, other_data

POSITIVE, NEGATIVE = ["trust1", "trust2", "trust3"], ["trust4", "trust5", "trust6"]
TRUST = POSITIVE + NEGATIVE
MEASURES = ["value_pdi", "value_ind", "value_uai", "pref_explanation", "pref_apology", "pref_compensation"]
HIGHER = {
    "trust": "CD", "value_pdi": "AD", "value_ind": "BD", "value_uai": "AB",
    "pref_explanation": "AC", "pref_apology": "AD", "pref_compensation": "CD",
}  # fmt: skip
SHIPPED = {"agreeing": "B", "shifted": "trust2", "shifted_in": "D", "turned": 0, "effect": 0.4}
CASES = [(seed, {}) for seed in (20250310, 1, 2)] + [
    (3, {"agreeing": "A", "agreement": 0.65, "shifted": "trust1", "shifted_in": "C", "shift": 1.1, "turned": 1}),
    (4, {"agreeing": "C", "agreement": 0.4, "shifted": "trust3", "shifted_in": "B", "shift": -1.15, "turned": 2}),
    (5, {"agreeing": "D", "agreement": 0.68, "shifted": "trust3", "shifted_in": "A", "shift": 1.2, "turned": 3}),
]


def repaired(table: pd.DataFrame) -> pd.DataFrame:
    once = table.drop_duplicates("id").copy()
    once[MEASURES + TRUST] = once[MEASURES + TRUST].astype(float)
    once[MEASURES] = once[MEASURES].mask(once[MEASURES] == 9)
    once["agreement"] = once[TRUST].mean(axis=1) - 4
    once["group"] = once["group"].astype(str)
    return once


@pytest.fixture(scope="module", params=CASES, ids=[str(seed) for seed, _ in CASES])
def survey(request):
    seed, options = request.param
    told = {**SHIPPED, **options}
    return repaired(generate_dataset("culture", seed, **options)), told


def higher(name, told):
    """Return the letters of the groups that lie higher."""
    return {"ABCD"[("ABCD".index(letter) + told["turned"]) % 4] for letter in HIGHER[name]}


def fair_scores(frame, told):
    """Return each measure free of the style, and trust without the shifted sentence."""
    kept = [one for one in POSITIVE if one != told["shifted"]]
    scores = frame[MEASURES].sub(frame["agreement"], axis=0)
    # The shifted sentence is part of the style of its group as well, so take it out there.
    balanced = (frame[kept].mean(axis=1) + frame[NEGATIVE].mean(axis=1)) / 2 - 4
    scores = scores.add(frame["agreement"] - balanced, axis=0)
    return scores.assign(trust=(frame[kept].mean(axis=1) + (8 - frame[NEGATIVE]).mean(axis=1)) / 2)


def cohen(one, other):
    return pg.compute_effsize(one.dropna(), other.dropna(), eftype="cohen")


def test_the_file_has_500_people_in_each_group_and_the_declared_mess():
    raw = load_dataset("culture")
    once = raw.drop_duplicates()
    assert (len(raw), len(once)) == (2_010, 2_000)
    assert (once["group"].value_counts() == 500).all()
    for name in ("value_pdi", "value_ind", "value_uai"):
        assert (once[name] == 9).mean() == pytest.approx(0.01, abs=0.002)
    lost = once[MEASURES + TRUST].isna().mean()
    assert lost.between(0.015, 0.045).all()
    assert lost.mean() == pytest.approx(0.03, abs=0.005)


def test_the_truth_is_not_in_the_file_and_changes_nothing_else():
    told = generate_dataset("culture", 20250310, with_truth=True)
    pd.testing.assert_frame_equal(load_dataset("culture"), told.drop(columns="acquiescence"), check_dtype=False)


def test_languages_are_spread_alike_over_the_groups():
    once = load_dataset("culture").drop_duplicates()
    _, _, stats = pg.chi2_independence(once, x="group", y="language")
    assert stats.loc[0, "pval"] > 0.001


def test_higher_groups_lie_higher_by_a_small_difference(survey):
    frame, told = survey
    scores = fair_scores(frame, told)
    for name in ["trust", *MEASURES]:
        up = higher(name, told)
        found = [
            cohen(scores.loc[frame["group"] == one, name], scores.loc[frame["group"] == other, name])
            for one in up
            for other in set("ABCD") - up
        ]
        assert all(0.08 < d < 0.6 for d in found), name
        assert 0.18 < np.mean(found) < 0.45, name


def test_groups_of_one_level_do_not_differ_in_trust(survey):
    frame, told = survey
    trust = fair_scores(frame, told)["trust"]
    up = higher("trust", told)
    found = [
        abs(cohen(trust[frame["group"] == one], trust[frame["group"] == other]))
        for one, other in (sorted(up), sorted(set("ABCD") - up))
    ]
    assert np.mean(found) < 0.16


def test_people_of_one_group_differ_more_than_groups(survey):
    frame, told = survey
    scores = fair_scores(frame, told).assign(group=frame["group"])
    for name in ["trust", *MEASURES]:
        complete = scores.dropna(subset=[name])
        table = pg.anova(complete, dv=name, between="group", detailed=True)
        between, within = table["MS"][0], table["MS"][1]
        size = len(complete) / 4
        assert (between - within) / (between + (size - 1) * within) < 0.1, name


def test_one_group_agrees_with_everything(survey):
    frame, told = survey
    style = frame.groupby("group")["agreement"].mean()
    others = style.drop([told["agreeing"], told["shifted_in"]])
    assert style.idxmax() == told["agreeing"]
    assert 0.3 < style[told["agreeing"]] - others.mean() < 0.8


def test_one_sentence_is_answered_otherwise_in_one_group(survey):
    frame, told = survey
    means = frame.groupby("group")[TRUST].mean()
    own = pd.concat([means[side].sub(means[side].mean(axis=1), axis=0) for side in (POSITIVE, NEGATIVE)], axis=1)
    away = (own - own.mean()).abs()
    assert away.max().idxmax() == told["shifted"]
    assert away.max(axis=1).idxmax() == told["shifted_in"]
    assert away.max().max() > 0.4
    assert away.drop(columns=told["shifted"]).max().max() < 0.4


def test_the_lowest_mean_is_a_decoy(survey):
    frame, told = survey
    assert frame[TRUST].mean().idxmin() != told["shifted"]


def test_the_six_sentences_belong_together_once_three_are_reversed(survey):
    frame, _ = survey
    for _group, rows in frame.groupby("group"):
        as_they_stand = rows[TRUST].dropna()
        turned = as_they_stand.assign(**{name: 8 - as_they_stand[name] for name in NEGATIVE})
        assert 0.8 < pg.cronbach_alpha(turned)[0] < 0.93
        assert pg.cronbach_alpha(as_they_stand)[0] < 0


@pytest.mark.parametrize("seed", range(5))
def test_twins_differ_in_nothing_but_their_agreement(seed):
    frame = repaired(other_data("culture", seed, twins=True, shift=0.0))
    style = frame.groupby("group")["agreement"].mean()
    agreeing = style.idxmax()
    free = frame[MEASURES[3:]].sub(frame["agreement"], axis=0).groupby(frame["group"]).mean()
    trust = (frame[POSITIVE].mean(axis=1) + (8 - frame[NEGATIVE]).mean(axis=1)).groupby(frame["group"]).mean() / 2
    raw = frame.groupby("group")[MEASURES[3:]].mean()
    for one, other in combinations("ABCD", 2):
        assert abs(trust[one] - trust[other]) < 0.08
        assert (free.loc[one] - free.loc[other]).abs().max() < 0.08
    assert (raw.loc[agreeing] - raw.drop(agreeing).mean()).min() > 0.3


def test_without_agreement_and_shift_groups_answer_alike():
    frame = repaired(generate_dataset("culture", 6, agreement=0.0, shift=0.0, effect=0.0))
    for name in MEASURES + TRUST:
        assert pg.anova(frame, dv=name, between="group")["p_unc"][0] > 0.001


def test_hidden_data_have_another_group_and_another_sentence():
    shipped = repaired(load_dataset("culture"))
    assert shipped.groupby("group")["agreement"].mean().idxmax() == "B"
    for seed in range(8):
        frame = repaired(other_data("culture", seed, shift=0.0))
        assert frame.groupby("group")["agreement"].mean().idxmax() != "B"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"agreeing": "E"}, "no group"),
        ({"shifted": "trust5"}, "cannot be shifted"),
        ({"effect": 2}, "out of range"),
        ({"shift": 4}, "the scale ends"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("culture", 1, **options)
