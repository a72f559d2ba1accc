"""The generator of the service quality survey: a seed in, 2,400 synthetic answers to a SERVQUAL questionnaire out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, draw, ids, labels, to_scale, whole, with_copies

RESPONDENTS = 2_400

INDUSTRIES = ("bank", "education", "health", "hotel", "shop", "telecom")
INDUSTRY_SHARE = (0.17, 0.14, 0.15, 0.16, 0.20, 0.18)
WAVES = ("2019", "2024")
AGES = ("18-29", "30-44", "45-59", "60+")
AGE_SHARE = (0.22, 0.33, 0.27, 0.18)
LANGUAGES = ("en", "es", "zh")
LANGUAGE_SHARE = (0.31, 0.14, 0.55)

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
ITEMS_OF = (4, 5, 4, 4, 5)
DIMENSION_OF_ITEM = np.repeat(np.arange(len(DIMENSIONS)), ITEMS_OF)
ITEMS = len(DIMENSION_OF_ITEM)

# By dimension: how strongly it hangs together with the others, and the mean expectation and perception.
GENERAL = np.array([0.66, 0.72, 0.73, 0.71, 0.70])
EXPECTED = np.array([4.85, 5.60, 5.35, 5.45, 5.20])
PERCEIVED = np.array([5.50, 5.00, 5.05, 5.20, 4.95])
EXPECTED_MORE_IN_WAVE_2 = np.array([0.0, 0.0, 0.25, 0.0, 0.0])

# How people fill in a form, whatever they think: share, what is added to each answer, how far from the middle.
STYLE_SHARE = (0.72, 0.14, 0.09, 0.05)
STYLE_SHIFT = np.array([0.0, 0.45, 0.0, 0.0])
STYLE_STRETCH = np.array([1.0, 1.0, 1.25, 0.75])

TOP, COMMON, OTHER = 0.48, 0.24, 0.08
FADING = (0.22, 0.03)
BEHIND, BESIDE = 0.42, 0.09
LOYALTY_OTHER = 0.11
EXTRACT = 40
EXAGGERATED = 0.42


def generate(
    seed: int,
    respondents: int = RESPONDENTS,
    *,
    drivers: tuple[str, ...] = ("assurance", "empathy", "assurance", "empathy", "reliability", "reliability"),
    common: str = "reliability",
    fading: str = "tangibles",
    loss: float = 1.12,
    loss_ratio: float = 2.05,
    behind_attitude: str = "reliability",
    attitude_effect: float = 0.10,
    loyalty_effect: float = 0.28,
    trust_fell_in: str = "telecom",
    trust_fall: float = 0.55,
    effect: float = 1.0,
    mess: bool = True,
) -> pd.DataFrame:
    """Return the answers of a survey as one typed table, the same for the same seed.

    Args:
        seed: any whole number from 0.
        respondents: people who answered, at least 400; a few more rows, because some stand in the table twice.
        drivers: the dimension that drives `overall_quality` most, by industry in the order of `INDUSTRIES`.
        common: the dimension that drives it second where another one leads, and that drives loyalty.
        fading: the dimension whose coefficient nearly vanishes from the first wave to the second.
        loss: points of satisfaction that one point of negative disconfirmation costs; 0 for no reaction at all.
        loss_ratio: this divided by what one point of positive disconfirmation brings; 1 for no asymmetry.
        behind_attitude: the dimension that shapes both the rating of the attitude and trust.
        attitude_effect: the direct effect of attitude on trust, standardised.
        loyalty_effect: the standardised coefficient of `common` for loyalty.
        trust_fell_in: the industry in which trust fell from the first wave to the second.
        trust_fall: by how many points; 0 for nowhere.
        effect: a factor on everything that quality does to the overall rating, trust and loyalty; 0 for nothing there.
        mess: whether the table has copies, impossible values and missing ones.

    Returns:
        The table in the order of the file. All answers go from 1 to 7; `card.md` explains each column.

    Raises:
        ValueError: too few respondents, or no such dimension or industry, or a size that is out of range.
    """
    _check(respondents, drivers, (common, fading, behind_attitude), trust_fell_in, loss, loss_ratio)
    n, rng = respondents, np.random.default_rng(seed)
    wave = (np.arange(n) >= n // 2).astype(np.int64)
    industry, age, language = (draw(rng, share, n) for share in (INDUSTRY_SHARE, AGE_SHARE, LANGUAGE_SHARE))
    expected, perceived = _answers(rng, industry, wave)
    quality = np.column_stack([perceived[:, d == DIMENSION_OF_ITEM].mean(axis=1) for d in range(len(DIMENSIONS))])
    z = (quality - quality.mean(axis=0)) / quality.std(axis=0)
    mood = rng.standard_normal(n)

    def unexplained() -> np.ndarray:
        """What quality does not explain: in part a mood that colours every verdict of one person."""
        return 0.4 * mood + np.sqrt(1 - 0.4**2) * rng.standard_normal(n)

    weights = _weights(drivers, DIMENSIONS.index(common), DIMENSIONS.index(fading))
    overall = to_scale(4.7 + 1.15 * (effect * (weights[industry, wave] * z).sum(axis=1) + 0.50 * unexplained()))

    disconfirmed = (perceived - expected).mean(axis=1)
    reaction = (loss / loss_ratio) * np.maximum(disconfirmed, 0) - loss * np.maximum(-disconfirmed, 0)
    satisfaction = to_scale(5.0 + reaction + 0.42 * unexplained())

    behind = DIMENSIONS.index(behind_attitude)
    attitude = 0.72 * z[:, behind] + 0.16 * z.mean(axis=1) + 0.55 * rng.standard_normal(n)
    attitude = to_scale(4.9 + 1.15 * attitude)
    kindness = (attitude - attitude.mean()) / attitude.std()

    beside = np.full(len(DIMENSIONS), BESIDE)
    beside[behind] = BEHIND
    trust = _rest_of_one(effect * ((beside * z).sum(axis=1) + attitude_effect * kindness), unexplained())
    fell = (industry == INDUSTRIES.index(trust_fell_in)) & (wave == 1)
    trust_items = _scale(rng, 4.7 - trust_fall * fell, trust, 4)

    # A mean of three questions measures loyalty with an error, which makes every coefficient a little smaller.
    small = np.full(len(DIMENSIONS), LOYALTY_OTHER)
    small[DIMENSIONS.index(common)] = loyalty_effect
    small[DIMENSIONS.index(fading)] = 0.6 * LOYALTY_OTHER
    loyalty_items = _scale(rng, 4.5, _rest_of_one(effect * (small * z).sum(axis=1) / 0.90, unexplained()), 3)

    answers = np.column_stack([expected, perceived, overall, attitude, trust_items, satisfaction, loyalty_items])
    lost = _lost(rng, age, quality.mean(axis=1), answers.shape[1]) if mess else np.zeros(answers.shape, dtype=bool)
    twice = np.zeros(answers.shape, dtype=bool)
    if mess:
        # A key that was pressed twice: 5 became 55.
        for row in choose(rng, np.arange(n), round(0.01 * n)):
            twice[row, choose(rng, np.flatnonzero(~lost[row, : 2 * ITEMS]), 1)] = True
    whole_rows = np.flatnonzero(~(lost | twice).any(axis=1))
    extract = _extract(rng, whole_rows, z, loyalty_items.mean(axis=1), common, fading)
    answers = np.where(twice, 11 * answers, answers)

    columns = {
        "resp_id": ids("R", np.arange(1, n + 1), 4),
        "industry": labels(industry, INDUSTRIES),
        "wave": labels(wave, WAVES),
    }
    columns |= {name: whole(answers[:, at], lost[:, at]) for at, name in enumerate(_NAMES)}
    columns |= {
        "age_band": labels(age, AGES),
        "language": labels(language, LANGUAGES),
        "in_extract": whole(np.isin(np.arange(n), extract)),
    }
    table = pd.DataFrame(columns)
    return with_copies(rng, table, round(0.005 * n)) if mess else table


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Each industry has another main driver, another dimension is strong everywhere, another one fades, the reaction to
    disappointment has another size, and something else stands behind attitude.
    """
    middle = ["responsiveness", "assurance", "empathy"]
    chance.shuffle(middle)
    common, fading = middle[0], middle[1]
    free = [name for name in DIMENSIONS if name not in (common, fading)]
    shipped = ("assurance", "empathy", "assurance", "empathy", "reliability", "reliability")
    lead = [chance.choice([name for name in free if name != usual]) for usual in shipped]
    for place in chance.sample(range(len(lead)), 2):
        if shipped[place] != common:
            lead[place] = common
    # A strong reaction where the ratio is large, so that the gain is still large enough to be seen.
    weak = (chance.uniform(1.25, 1.5), chance.uniform(0.82, 0.94))
    strong = (chance.uniform(2.85, 3.15), chance.uniform(1.22, 1.28))
    ratio, loss = chance.choice((weak, strong))
    return {
        "drivers": tuple(lead),
        "common": common,
        "fading": fading,
        "loss": round(loss, 2),
        "loss_ratio": round(ratio, 2),
        "behind_attitude": chance.choice(("responsiveness", "assurance", "empathy")),
        "loyalty_effect": round(chance.choice((chance.uniform(0.20, 0.23), chance.uniform(0.33, 0.36))), 3),
        "trust_fell_in": chance.choice(("bank", "education", "health", "hotel", "shop")),
    }


_NAMES = [
    *(f"E{number:02d}" for number in range(1, ITEMS + 1)),
    *(f"P{number:02d}" for number in range(1, ITEMS + 1)),
    "overall_quality",
    "attitude",
    *(f"trust{number}" for number in range(1, 5)),
    "satisfaction",
    *(f"loyalty{number}" for number in range(1, 4)),
]


def _check(
    respondents: int, drivers: tuple[str, ...], named: tuple[str, ...], industry: str, loss: float, ratio: float
) -> None:
    if respondents < 400:
        raise ValueError(f"{respondents} respondents are too few: the planted structure needs at least 400.")
    if len(drivers) != len(INDUSTRIES):
        raise ValueError(f"There are {len(INDUSTRIES)} industries, so {len(INDUSTRIES)} drivers are needed.")
    for name in (*drivers, *named):
        if name not in DIMENSIONS:
            raise ValueError(f"There is no dimension {name}; the dimensions are {', '.join(DIMENSIONS)}.")
    if named[0] == named[1]:
        raise ValueError(f"{named[0]} cannot be strong everywhere and fade as well.")
    if industry not in INDUSTRIES:
        raise ValueError(f"There is no industry {industry}; the industries are {', '.join(INDUSTRIES)}.")
    if not 0 <= loss <= 1.5 or ratio <= 0:
        raise ValueError("A loss goes from 0 to 1.5 points, and its ratio to the gain is above 0.")


def _answers(rng: np.random.Generator, industry: np.ndarray, wave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what people expected and what they perceived, one column for each of the 22 questions."""
    n = len(industry)
    style = draw(rng, STYLE_SHARE, n)
    general = rng.standard_normal(n)
    hopes = 0.10 * general + np.sqrt(1 - 0.10**2) * rng.standard_normal(n)
    made = []
    for mean, common, spread in ((EXPECTED, hopes, 1.20), (PERCEIVED, general, 1.40)):
        factor = GENERAL * common[:, None] + np.sqrt(1 - GENERAL**2) * rng.standard_normal((n, len(DIMENSIONS)))
        loading = rng.uniform(0.74, 0.84, ITEMS)
        level = mean + rng.normal(0, 0.10, (len(INDUSTRIES), len(DIMENSIONS)))[industry]
        if common is hopes:
            level = level + EXPECTED_MORE_IN_WAVE_2 * wave[:, None]
        own = np.sqrt(1 - loading**2) * rng.standard_normal((n, ITEMS))
        latent = level[:, DIMENSION_OF_ITEM] + rng.normal(0, 0.12, ITEMS)
        latent = latent + spread * (loading * factor[:, DIMENSION_OF_ITEM] + own)
        latent = 4 + STYLE_STRETCH[style][:, None] * (latent - 4) + STYLE_SHIFT[style][:, None]
        made.append(to_scale(latent))
    return made[0], made[1]


def _weights(drivers: tuple[str, ...], common: int, fading: int) -> np.ndarray:
    """Return the coefficients of the overall rating, by industry, wave and dimension."""
    weights = np.full((len(INDUSTRIES), len(WAVES), len(DIMENSIONS)), OTHER)
    weights[:, :, common] = COMMON
    weights[:, :, fading] = FADING
    for place, name in enumerate(drivers):
        weights[place, :, DIMENSIONS.index(name)] = TOP
    return weights


def _rest_of_one(explained: np.ndarray, unexplained: np.ndarray) -> np.ndarray:
    """Return a verdict with a variance of about 1: what is explained, and as much of the rest as is left."""
    return explained - explained.mean() + np.sqrt(max(0.15, 1 - explained.var())) * unexplained


def _scale(rng: np.random.Generator, mean: float | np.ndarray, latent: np.ndarray, items: int) -> np.ndarray:
    """Return the answers to several questions that ask for the same thing."""
    loading = rng.uniform(0.80, 0.86, items)
    own = np.sqrt(1 - loading**2) * rng.standard_normal((len(latent), items))
    return to_scale(np.reshape(mean, (-1, 1)) + 1.2 * (loading * latent[:, None] + own))


def _lost(rng: np.random.Generator, age: np.ndarray, quality: np.ndarray, columns: int) -> np.ndarray:
    """Return which answers are missing: some were skipped, and some people gave up half way."""
    n = len(age)
    lost = rng.random((n, columns)) < 0.01
    unhappy = np.clip(0.045 + 0.03 * (age == 3) - 0.02 * (quality - 5), 0.01, 0.15)
    gave_up = rng.random(n) < unhappy
    last = ITEMS + rng.integers(2, ITEMS, n)
    return lost | (gave_up[:, None] & (np.arange(columns) > last[:, None]))


def _extract(
    rng: np.random.Generator, rows: np.ndarray, z: np.ndarray, loyalty: np.ndarray, common: str, fading: str
) -> np.ndarray:
    """Return 40 people in whom the coefficient for loyalty is what it is in all, but is not significant.

    Of some thousand groups of 40 the one is taken whose coefficient of `common` lies nearest to that of all people,
    while a weak dimension looks strong by luck.
    """
    groups = rng.integers(0, len(rows), (12_000, EXTRACT))
    ordered = np.sort(groups, axis=1)
    groups = rows[groups[(np.diff(ordered, axis=1) > 0).all(axis=1)]]
    true, _ = _coefficients(z[rows][None], loyalty[rows][None])
    b, t = _coefficients(z[groups], loyalty[groups])
    one, lucky = DIMENSIONS.index(common), DIMENSIONS.index(fading)
    off = np.abs(b[:, one] - true[0, one]) / 0.01 + np.abs(b[:, lucky] - EXAGGERATED) / 0.08
    sure = (t[:, one] > 1.75) | (t[:, lucky] < 2.2)
    return groups[np.argmin(off + 100 * sure)]


def _coefficients(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return standardised coefficients and their t values, for many groups of people at once."""
    x = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
    y = (y - y.mean(axis=1, keepdims=True)) / y.std(axis=1, keepdims=True)
    n, k = x.shape[1:]
    inverse = np.linalg.inv(np.einsum("gni,gnj->gij", x, x))
    b = np.einsum("gij,gj->gi", inverse, np.einsum("gni,gn->gi", x, y))
    rest = ((y - np.einsum("gni,gi->gn", x, b)) ** 2).sum(axis=1) / (n - k - 1)
    return b, b / np.sqrt(rest[:, None] * np.einsum("gii->gi", inverse))
