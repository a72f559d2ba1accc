"""Promises of the survey of service quality: every effect that is planted is there, for any seed."""

import random
from functools import cache

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm

from trustkit.course import course_root
from trustkit.data import generate_dataset, load_dataset
from trustkit.data.dataset import _generator, other_data

SEEDS = (20250719, 1, 2, 3, 5, 8, 13, 21)
generator = _generator(course_root() / "datasets" / "servqual" / "generate.py")
DIMENSIONS = generator.DIMENSIONS
INDUSTRIES = generator.INDUSTRIES
EXPECTED, PERCEIVED = ([f"{letter}{number:02d}" for number in range(1, 23)] for letter in "EP")
TRUST, LOYALTY = [f"trust{n}" for n in range(1, 5)], [f"loyalty{n}" for n in range(1, 4)]
SHIPPED = {
    "drivers": ("assurance", "empathy", "assurance", "empathy", "reliability", "reliability"),
    "common": "reliability",
    "fading": "tangibles",
    "loss_ratio": 2.05,
    "behind_attitude": "reliability",
    "loyalty_effect": 0.28,
    "trust_fell_in": "telecom",
}


def cleaned(raw: pd.DataFrame) -> pd.DataFrame:
    once = raw.drop_duplicates("resp_id").copy()
    questions = EXPECTED + PERCEIVED
    once[questions] = once[questions].mask(once[questions] > 7)
    numbers = once.columns[once.dtypes == "Int64"]
    return once.astype(dict.fromkeys(numbers, "float64"))


@cache
def case(kind: str, seed: int) -> tuple[pd.DataFrame, dict]:
    """Return cleaned data and what is true of them."""
    if kind == "shipped":
        return cleaned(generate_dataset("servqual", seed)), SHIPPED
    return cleaned(other_data("servqual", seed)), generator.variation(random.Random(seed))


@pytest.fixture(params=[("shipped", seed) for seed in SEEDS] + [("other", seed) for seed in SEEDS], ids=str)
def data(request):
    return case(*request.param)


def items(columns: list[str], dimension: str) -> list[str]:
    return [columns[at] for at in np.flatnonzero(DIMENSIONS.index(dimension) == generator.DIMENSION_OF_ITEM)]


def scores(survey: pd.DataFrame, columns: list[str] = PERCEIVED) -> pd.DataFrame:
    return pd.DataFrame({name: survey[items(columns, name)].mean(axis=1) for name in DIMENSIONS})


def standardised(y: pd.Series, x: pd.DataFrame):
    both = x.assign(y=y).dropna()
    both = (both - both.mean()) / both.std()
    return sm.OLS(both["y"], sm.add_constant(both[x.columns])).fit()


def alpha(table: pd.DataFrame) -> float:
    return float(pingouin.cronbach_alpha(table.dropna())[0])


def reaction(survey: pd.DataFrame):
    gap = survey[PERCEIVED].mean(axis=1) - survey[EXPECTED].mean(axis=1)
    both = pd.DataFrame({"gain": gap.clip(lower=0), "loss": -gap.clip(upper=0), "y": survey["satisfaction"]}).dropna()
    return sm.OLS(both["y"], sm.add_constant(both[["gain", "loss"]])).fit()


def test_each_scale_hangs_together(data):
    survey, _ = data
    scales = [survey[items(columns, name)] for columns in (EXPECTED, PERCEIVED) for name in DIMENSIONS]
    for scale in (*scales, survey[TRUST], survey[LOYALTY]):
        assert 0.78 < alpha(scale) < 0.92, scale.columns[0]


def test_parallel_analysis_finds_five_factors(data):
    answers = data[0][PERCEIVED].dropna().to_numpy()
    found = np.linalg.eigvalsh(np.corrcoef(answers.T))[::-1]
    rng = np.random.default_rng(0)
    chance = np.percentile(
        [np.linalg.eigvalsh(np.corrcoef(rng.standard_normal(answers.shape).T))[::-1] for _ in range(20)], 95, axis=0
    )
    assert int(np.argmin(found > chance)) == 5


def test_dimensions_go_together_and_are_not_the_same(data):
    survey, _ = data
    quality = scores(survey)
    sure = np.array([alpha(survey[items(PERCEIVED, name)]) for name in DIMENSIONS])
    true = quality.corr().to_numpy() / np.sqrt(np.outer(sure, sure))
    apart = true[np.triu_indices(5, 1)]
    assert apart.min() > 0.38
    assert apart.max() < 0.62


def test_reliability_drives_the_overall_rating_most():
    for seed in SEEDS:
        survey, _ = case("shipped", seed)
        found = standardised(survey["overall_quality"], scores(survey)).params[list(DIMENSIONS)]
        assert found.idxmax() == "reliability"
        assert found["reliability"] > found.drop("reliability").max() + 0.04


def test_each_industry_has_its_own_main_driver(data):
    survey, true = data
    for industry, driver in zip(INDUSTRIES, true["drivers"], strict=True):
        rows = survey[survey["industry"] == industry]
        found = standardised(rows["overall_quality"], scores(rows)).params[list(DIMENSIONS)]
        assert found.idxmax() == driver, industry
        assert 0.36 < found[driver] < 0.66, industry


def test_one_dimension_fades_from_the_first_wave_to_the_second(data):
    survey, true = data
    fits = {}
    for wave in generator.WAVES:
        rows = survey[survey["wave"] == wave]
        fits[wave] = standardised(rows["overall_quality"], scores(rows))
    before, after = (fits[wave].params[true["fading"]] for wave in generator.WAVES)
    error = np.hypot(*(fits[wave].bse[true["fading"]] for wave in generator.WAVES))
    assert 0.14 < before < 0.32
    assert -0.06 < after < 0.12
    assert before - after > 1.96 * error


def test_disappointment_weighs_more_by_the_planted_ratio(data):
    survey, true = data
    slopes = reaction(survey).params
    ratio = -slopes["loss"] / slopes["gain"]
    assert slopes["loss"] < 0 < slopes["gain"]
    if true is SHIPPED:
        assert 1.7 < ratio < 2.4
    else:
        assert 0.75 < ratio / true["loss_ratio"] < 1.3
        assert not 1.75 < ratio < 2.35


def test_attitude_looks_like_the_main_driver_until_what_stands_behind_it_is_added(data):
    survey, true = data
    behind, trust, quality = true["behind_attitude"], survey[TRUST].mean(axis=1), scores(survey)
    alone = standardised(trust, quality.drop(columns=behind).assign(attitude=survey["attitude"])).params.drop("const")
    beside = standardised(trust, quality.assign(attitude=survey["attitude"])).params.drop("const")
    assert alone["attitude"] > alone.drop("attitude").max() + 0.10
    assert beside.idxmax() == behind
    assert beside["attitude"] < min(0.22, alone["attitude"] / 2)
    assert 0.55 < quality[behind].corr(survey["attitude"]) < 0.85


def test_the_same_coefficient_is_significant_in_all_and_not_in_the_extract(data):
    survey, true = data
    quality, loyalty, extract = scores(survey), survey[LOYALTY].mean(axis=1), survey["in_extract"] == 1
    everybody, few = standardised(loyalty, quality), standardised(loyalty[extract], quality[extract])
    one, lucky = true["common"], true["fading"]
    assert extract.sum() == 40
    assert survey.loc[extract, EXPECTED + PERCEIVED + LOYALTY].notna().all(None)
    assert abs(everybody.params[one] - true["loyalty_effect"]) < 0.09
    assert everybody.pvalues[one] < 0.001
    assert abs(few.params[one] - everybody.params[one]) < 0.07
    assert few.pvalues[one] > 0.05
    assert few.params[lucky] > 0.30
    assert few.pvalues[lucky] < 0.05
    assert everybody.params[lucky] < 0.15


def test_in_the_shipped_file_both_coefficients_are_point_two_eight():
    survey = cleaned(load_dataset("servqual"))
    quality, loyalty, extract = scores(survey), survey[LOYALTY].mean(axis=1), survey["in_extract"] == 1
    everybody, few = standardised(loyalty, quality), standardised(loyalty[extract], quality[extract])
    assert round(everybody.params["reliability"], 2) == round(few.params["reliability"], 2) == 0.28


def test_more_than_half_of_all_random_samples_of_forty_miss_it():
    survey, _ = case("shipped", SEEDS[0])
    both = scores(survey).assign(loyalty=survey[LOYALTY].mean(axis=1)).dropna()
    missed = 0
    for seed in range(200):
        some = both.sample(40, random_state=seed)
        missed += standardised(some["loyalty"], some[list(DIMENSIONS)]).pvalues["reliability"] > 0.05
    assert 100 < missed < 180


def test_trust_fell_in_one_industry_and_in_no_other(data):
    survey, true = data
    trust = survey[TRUST].mean(axis=1)
    fell = survey["industry"] == true["trust_fell_in"]
    change = {}
    for where, rows in (("there", fell), ("elsewhere", ~fell)):
        means = trust[rows].groupby(survey["wave"], observed=True).mean()
        change[where] = means["2024"] - means["2019"]
    assert -0.85 < change["there"] < -0.25
    assert -0.2 < change["elsewhere"] < 0.2


def test_expectations_of_responsiveness_rose(data):
    survey, _ = data
    means = scores(survey, EXPECTED)["responsiveness"].groupby(survey["wave"], observed=True).mean()
    assert 0.05 < means["2024"] - means["2019"] < 0.40


def test_reliability_has_the_widest_gap_and_tangibles_alone_are_above_expectations(data):
    survey, _ = data
    gaps = (scores(survey) - scores(survey, EXPECTED)).mean()
    assert gaps.idxmin() == "reliability"
    assert (gaps > 0).to_dict() == {name: name == "tangibles" for name in DIMENSIONS}


@pytest.mark.parametrize("seed", SEEDS)
def test_effects_that_are_switched_off_are_not_there(seed):
    survey = cleaned(generate_dataset("servqual", seed, effect=0.0, loss=0.0, trust_fall=0.0))
    quality = scores(survey)
    for verdict in (survey["overall_quality"], survey[TRUST].mean(axis=1), survey[LOYALTY].mean(axis=1)):
        assert standardised(verdict, quality).rsquared < 0.02
    assert reaction(survey).rsquared < 0.02
    trust = survey[TRUST].mean(axis=1).groupby([survey["industry"], survey["wave"]], observed=True).mean().unstack()
    assert (trust["2024"] - trust["2019"]).abs().max() < 0.5


def test_without_asymmetry_losses_weigh_no_more_than_gains():
    alarms = 0
    for seed in range(40):
        fit = reaction(cleaned(generate_dataset("servqual", seed, loss_ratio=1.0, loss=0.5)))
        alarms += fit.t_test("loss + gain = 0").pvalue < 0.05
    assert alarms <= 6


def test_the_declared_mess_is_there_and_no_other():
    raw = load_dataset("servqual")
    assert len(raw) == 2_412
    assert raw.duplicated().sum() == raw.duplicated("resp_id").sum() == 12
    once = raw.drop_duplicates()
    assert once["wave"].value_counts().to_dict() == {"2019": 1_200, "2024": 1_200}
    questions = once[EXPECTED + PERCEIVED]
    assert (questions > 7).sum().sum() == 24
    assert set(questions.stack().dropna().astype(int)) <= {*range(1, 8), *range(11, 78, 11)}
    assert 0.02 < once[PERCEIVED].isna().mean().mean() < 0.045
    assert 0.005 < once[EXPECTED].isna().mean().mean() < 0.02
    assert 0.03 < once["satisfaction"].isna().mean() < 0.08
    assert once["resp_id"].tolist() == sorted(once["resp_id"])


def test_data_without_mess_are_whole():
    clean = generate_dataset("servqual", 3, mess=False)
    assert len(clean) == 2_400
    assert clean.notna().all(None)
    assert (clean[EXPECTED + PERCEIVED] <= 7).all(None)


def test_other_data_never_have_the_answers_of_the_shipped_file():
    for seed in range(200):
        true = generator.variation(random.Random(seed))
        for mine, shipped in zip(true["drivers"], SHIPPED["drivers"], strict=True):
            assert mine != shipped
        for name in ("common", "fading", "behind_attitude", "trust_fell_in"):
            assert true[name] != SHIPPED[name]


@pytest.mark.parametrize("respondents", [400, 401, 1_000, 5_000])
def test_any_number_of_people_can_be_asked(respondents):
    table = generate_dataset("servqual", 1, respondents=respondents)
    assert table["resp_id"].nunique() == respondents
    assert table.drop_duplicates("resp_id")["in_extract"].sum() == 40


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"respondents": 50}, "too few"),
        ({"drivers": ("empathy",)}, "6 drivers are needed"),
        ({"common": "luck"}, "no dimension luck"),
        ({"common": "empathy", "fading": "empathy"}, "fade as well"),
        ({"trust_fell_in": "space"}, "no industry space"),
        ({"loss_ratio": 0}, "its ratio"),
        ({"loss": 3}, "from 0 to 1.5"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generate_dataset("servqual", 1, **options)
