"""Promises of the transparency experiment: what is planted is there, and where nothing is planted nothing is."""

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
import statsmodels.formula.api as smf
from scipy.stats import chi2_contingency, f_oneway, spearmanr, ttest_ind
from statsmodels.stats.anova import anova_lm

from trustkit.data import generate_dataset, load_dataset, other_data

SEEDS = (20251120, 1, 2, 3, 5, 8, 13, 21)
PAIRS = (("mid", "low"), ("mid", "high"), ("high", "low"))


def cleaned(raw: pd.DataFrame) -> pd.DataFrame:
    table = raw.drop_duplicates("id").dropna(subset=["trust"]).copy()
    table["transparency"] = table["transparency"].astype(object)
    return table.astype({"expectation_violated": int})


@pytest.fixture(scope="module", params=SEEDS)
def experiment(request):
    return cleaned(generate_dataset("transparency", request.param))


def letters(table: pd.DataFrame, violated: int, answer: str = "trust") -> dict[str, pd.Series]:
    return dict(iter(table[table["expectation_violated"] == violated].groupby("transparency")[answer]))


def size(table: pd.DataFrame, violated: int, first: str, second: str, answer: str = "trust") -> float:
    trust = letters(table, violated, answer)
    return pg.compute_effsize(trust[first], trust[second], eftype="cohen")


def interaction_p(table: pd.DataFrame) -> float:
    fit = smf.ols("trust ~ C(transparency) * expectation_violated", table).fit()
    return anova_lm(fit).loc["C(transparency):expectation_violated", "PR(>F)"]


def test_where_expectations_were_violated_the_middle_letter_leads(experiment):
    trust = letters(experiment, 1)
    for other in ("low", "high"):
        assert 0.28 < size(experiment, 1, "mid", other) < 0.46
        assert ttest_ind(trust["mid"], trust[other], equal_var=False).confidence_interval().low > 0


def test_the_effect_depends_on_the_expectation(experiment):
    assert interaction_p(experiment) < 0.001


def test_where_nothing_is_planted_the_letters_do_the_same(experiment):
    for first, second in PAIRS:
        assert abs(size(experiment, 0, first, second)) < 0.10
    assert abs(size(experiment, 1, "high", "low")) < 0.10
    assert f_oneway(*letters(experiment, 0).values()).pvalue > 0.2


def test_violated_expectations_go_with_less_trust_and_fairness(experiment):
    for answer in ("trust", "fairness"):
        mean = experiment.groupby("expectation_violated")[answer].mean()
        assert 0.5 < mean[0] - mean[1] < 1.0


def test_fairness_has_the_same_shape_and_is_weaker(experiment):
    assert 0.12 < size(experiment, 1, "mid", "low", "fairness") < 0.36
    assert abs(size(experiment, 0, "mid", "low", "fairness")) < 0.12


def test_the_lot_is_fair_and_reading_time_goes_with_the_letter_and_not_with_trust(experiment):
    counts = pd.crosstab(experiment["transparency"], experiment["expectation_violated"])
    assert chi2_contingency(counts).pvalue > 0.001
    read = experiment[experiment["minutes_read"] < 600]
    assert read.groupby("transparency")["minutes_read"].median()[["low", "mid", "high"]].is_monotonic_increasing
    for _, rows in read.groupby(["transparency", "expectation_violated"]):
        assert abs(spearmanr(rows["minutes_read"], rows["trust"]).statistic) < 0.17


def test_without_an_effect_nothing_is_found():
    for seed in SEEDS:
        table = cleaned(generate_dataset("transparency", seed, effect=0.0))
        assert interaction_p(table) > 0.2
        for violated in (0, 1):
            assert max(abs(size(table, violated, *pair)) for pair in PAIRS) < 0.10


def test_in_data_of_the_same_kind_another_letter_is_best_and_helps_clearly_more():
    for seed in range(12):
        trust = letters(cleaned(other_data("transparency", seed)), 1)
        mean = pd.Series({letter: answers.mean() for letter, answers in trust.items()}).sort_values()
        assert mean.index[-1] in ("low", "high")
        assert pg.compute_effsize(trust[mean.index[-1]], trust[mean.index[-2]]) > 0.48
        moved = letters(cleaned(other_data("transparency", seed, affected="met", best="mid")), 0)
        assert moved["mid"].mean() - max(moved["low"].mean(), moved["high"].mean()) > 0.4


def test_the_declared_mess_is_there_and_no_other():
    raw = load_dataset("transparency")
    assert len(raw) == 3_000
    assert raw.duplicated().sum() == raw.duplicated("id").sum() == 18
    once = raw.drop_duplicates("id")
    assert (once["minutes_read"] > 700).mean() == pytest.approx(0.01, abs=0.002)
    assert once["minutes_read"].isna().mean() == pytest.approx(0.03, abs=0.01)
    assert once["trust"].isna().mean() == pytest.approx(0.032, abs=0.01)
    assert (once["trust"].isna() == once["fairness"].isna()).all()
    assert once["transparency"].value_counts().max() - once["transparency"].value_counts().min() <= 1
    steps = 4 * once["trust"].dropna().to_numpy()
    assert np.allclose(steps, np.rint(steps))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"rows": 100}, "too few"),
        ({"best": "most"}, "no level most"),
        ({"affected": "all"}, "no group all"),
        ({"effect": 2.0}, "effect is 2.0"),
        ({"violated": 0.05}, "violated is 0.05"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("transparency", 1, **options)
