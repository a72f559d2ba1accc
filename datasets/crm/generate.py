"""The generator of the CRM data: a seed in, the customers, contacts and orders of one synthetic tea shop out.

For trainers and authors: the effects that are planted here, and the bands they must stay in, are described in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about them.
"""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np
import pandas as pd

from trustkit.data.columns import choose, dates, decimals, draw, ids, labels, texts, times, to_scale, whole

CUSTOMERS = 5_000
INTERACTIONS = 60_000
ORDERS = 38_000
# Three of a hundred rows of `customers` are a second record of somebody who has one already.
DUPLICATES = 0.03

INCOMES = ("low", "middle", "high")
INCOME_SHARE = (0.30, 0.45, 0.25)
INCOME_CODE = np.array([-1.2, 0.0, 1.3])
# Years as a customer when the trust question was asked: less than one, one to three, three or more.
TENURE_CODE = np.array([-1.2, 0.0, 1.1])

CITIES = ("Chengdu", "Guadalajara", "Hangzhou", "Leeds", "London", "Mexico City", "Suzhou", "Wuhan")
LANGUAGES = ("en", "es", "zh")
# By language (en, es, zh): share, cities as positions in CITIES, hours before or after UTC.
LANGUAGE_SHARE = (0.24, 0.14, 0.62)
CITIES_OF = ((3, 4), (1, 5), (0, 2, 6, 7))
HOURS_FROM_UTC = (0, -6, 8)

CHANNELS = ("app", "chat", "email", "phone")
TOPICS = ("apology", "cancel", "complaint", "delivery", "offer", "order", "product")
PREFERENCES = ("evening", "mail_only", "morning", "no_calls")
TIERS = ("basic", "gold", "silver")

FIRST_DAY = np.datetime64("2023-01-01")
YEARS = tuple(np.datetime64(f"{year}-01-01") for year in (2023, 2024, 2025, 2026))
# The trust question was asked on this day; the orders that count as "bought again" come from the window after it.
ASKED = np.datetime64("2025-01-10")
WINDOW = (np.datetime64("2025-02-01"), np.datetime64("2025-05-01"))
LAST_DAY = YEARS[3]

FAMILY_ZH = (
    "Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Zhu", "Ma", "Hu",
    "Guo", "He", "Lin", "Luo", "Gao", "Zheng", "Liang", "Xie", "Tang",
)  # fmt: skip
SYLLABLES_ZH = (
    "Wen", "Yu", "Lan", "Hao", "Jia", "Xin", "Mei", "Rui", "Ting", "Bo", "Ning", "Qi", "Yan", "Shu", "Kai", "Min",
    "Zhi", "Fang", "Lei", "Xue", "Qing", "Heng",
)  # fmt: skip
FAMILY_EN = (
    "Reed", "Marsh", "Cole", "Hart", "Frost", "Lane", "Pike", "Dale", "Moss", "Webb", "Nash", "Kerr", "Holm",
    "Quill", "Thorne", "Birch", "Sedge", "Wold",
)  # fmt: skip
GIVEN_EN = (
    "Amy", "Ida", "Ben", "Eve", "Max", "Sam", "Nora", "Ruth", "Adam", "Clara", "Owen", "Tess", "Hugo", "Alma",
    "Leo", "Iris", "Otis", "June",
)  # fmt: skip
FAMILY_ES = (
    "Prado", "Lozano", "Rivas", "Mena", "Solis", "Duarte", "Campos", "Nieto", "Olmos", "Vidal", "Cano", "Pardo",
    "Robles", "Salas",
)  # fmt: skip
GIVEN_ES = (
    "Ana", "Luz", "Ivan", "Rosa", "Pablo", "Elena", "Marco", "Sara", "Diego", "Paula", "Ines", "Raul", "Olga",
    "Nuria",
)  # fmt: skip
INITIALS = "ABCDEFGHJKLMNPRSTVW"


def generate(
    seed: int,
    *,
    trust_effect: float = 0.40,
    confounding: float = 1.0,
    leading: str = "tenure",
    broken_hazard: float = 2.2,
    apology_hazard: float = 1.3,
    churn: float = 0.20,
    price_slopes: tuple[float, float, float] = (-0.45, -0.30, -0.15),
) -> dict[str, pd.DataFrame]:
    """Return the three tables `customers`, `interactions` and `orders`, the same for the same seed.

    Args:
        seed: any whole number from 0.
        trust_effect: how much one point of trust adds to the logarithm of the orders in a year, 0-1; with 0 trust
            changes neither orders nor referrals nor leaving.
        confounding: how much tenure and income add to the orders, 0-2; 1 is what is shipped.
        leading: which of the two does more: "tenure" or "income".
        broken_hazard: by how much two or more broken promises of one year multiply the hazard of leaving in the
            next, 1-4; with 1 promises change nothing.
        apology_hazard: the same where an apology whose promise was kept came after them; not above `broken_hazard`.
        churn: share of customers without broken promises who leave within a year, 0.05-0.4.
        price_slopes: change of the logarithm of an order's amount for one of the price index, for low, middle and
            high trust.

    Raises:
        ValueError: an option that is out of range.
    """
    made, _ = _made(
        seed, trust_effect, confounding, leading, broken_hazard, apology_hazard, churn, tuple(price_slopes)
    )  # fmt: skip
    return {name: table.copy() for name, table in made.items()}


def duplicates(seed: int, **options: object) -> dict[str, str]:
    """Return the truth that no table holds: the first record of a customer by the id of the second one."""
    named = {**generate.__kwdefaults__, **options}
    _, truth = _made(seed, *(tuple(value) if name == "price_slopes" else value for name, value in named.items()))
    return dict(truth)


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for data of the same kind in which other answers are true.

    Income instead of tenure is the stronger confounder, and every effect has another size.
    """
    return {
        "trust_effect": chance.choice((0.24, 0.28, 0.58, 0.62)),
        "confounding": chance.choice((0.7, 0.75, 1.35, 1.4)),
        "leading": "income",
        "broken_hazard": chance.choice((1.6, 1.7, 3.0, 3.2)),
        "apology_hazard": chance.choice((1.0, 1.05, 1.5, 1.55)),
        "churn": chance.choice((0.11, 0.12, 0.23, 0.25)),
        "price_slopes": chance.choice(((-0.75, -0.55, -0.35), (-0.30, -0.15, 0.0))),
    }


# A test asks for one table after the other, of the same few worlds.
@lru_cache(maxsize=4)
def _made(
    seed: int,
    trust_effect: float,
    confounding: float,
    leading: str,
    broken_hazard: float,
    apology_hazard: float,
    churn: float,
    price_slopes: tuple[float, ...],
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return the tables and the truth about second records."""
    for name, value, least, most in (
        ("trust_effect", trust_effect, 0, 1),
        ("confounding", confounding, 0, 2),
        ("broken_hazard", broken_hazard, 1, 4),
        ("apology_hazard", apology_hazard, 0.5, 4),
        ("churn", churn, 0.05, 0.4),
    ):
        if not least <= value <= most:
            raise ValueError(f"{name} must lie between {least} and {most}; {value} does not.")
    if leading not in ("tenure", "income"):
        raise ValueError(f"{leading!r} cannot lead: it must be 'tenure' or 'income'.")
    if len(price_slopes) != 3:
        raise ValueError("price_slopes needs three numbers: for low, middle and high trust.")
    apology_hazard = min(apology_hazard, broken_hazard)
    rng = np.random.default_rng(seed)
    n = CUSTOMERS - round(DUPLICATES * CUSTOMERS)

    joined = _joined(rng, n)
    tenure = np.digitize((ASKED - joined).astype(int) / 365.25, (1, 3))
    income = draw(rng, INCOME_SHARE, n)
    first, second = (0.80, 0.50) if leading == "tenure" else (0.40, 0.80)
    trait = first * TENURE_CODE[tenure] + second * INCOME_CODE[income] + 1.05 * rng.standard_normal(n)
    first, second = (0.47, 0.27) if leading == "tenure" else (0.20, 0.56)
    habit = _spread(rng, tenure * 3 + income, trait)
    habit = 0.28 * np.log(habit / (1 - habit))
    rate = np.exp(
        confounding * (first * TENURE_CODE[tenure] + second * INCOME_CODE[income]) + trust_effect * trait + habit
    )

    # Who leaves when: year by year, because promises broken in one year count in the next.
    busy = np.exp(0.55 * rng.standard_normal(n))
    begins = np.maximum(joined, FIRST_DAY)
    left = np.full(n, LAST_DAY + 3650)
    state = np.zeros(n, dtype=np.int64)
    promises: list[dict[str, np.ndarray]] = []
    for year in range(3):
        start, end = np.maximum(begins, YEARS[year]), YEARS[year + 1]
        here = (start < end) & (left > end)
        base = _base_hazard(churn, start, joined, habit, trait * (trust_effect > 0))
        factor = np.array([1.0, 1 + (broken_hazard - 1) / 6, broken_hazard, apology_hazard])[state]
        hazard = base * factor / 365
        days = np.maximum((end - start).astype(int), 0)
        chance = 1 - np.exp(-hazard * days)
        goes = _happens(rng, np.where(here, chance, 0.0), state, trait)
        wait = -np.log(1 - rng.random(n) * chance) / hazard
        left = np.where(goes, start + np.minimum(np.floor(wait).astype(np.int64) + 1, np.maximum(days - 1, 1)), left)
        made, state = _promises(rng, year, here, start, np.minimum(left, end), busy)
        promises.append(made)
        if year == 1:
            state_asked = state.copy()

    # The survey: lower where promises were broken; those who trust less and newer customers answer less often.
    felt = 4.35 + trait - np.array([0.0, 0.15, 0.7, 0.2])[state_asked] + 0.20 * rng.standard_normal(n)
    trust = to_scale(felt)
    asked = (joined < ASKED) & (left > ASKED)
    answered = asked & (rng.random(n) < 0.82 + 0.03 * (trust - 4))
    band = np.where(answered, np.digitize(trust, (4, 5)), 3)

    orders = _orders(rng, rate, begins, np.minimum(left, LAST_DAY), band * 9 + tenure * 3 + income)
    # The price index moves by week and a little by order; nobody is offered prices by trust.
    weekly = rng.normal(0, 0.12, 160)
    price = np.exp(weekly[(orders["day"] - FIRST_DAY).astype(int) // 7] + 0.06 * rng.standard_normal(ORDERS))
    price = np.round(np.clip(price, 0.7, 1.4), 2)
    slope = np.array([*price_slopes, np.mean(price_slopes)])[np.digitize(trust, (4, 5))[orders["who"]]]
    usual = np.log(42) + 0.18 * INCOME_CODE[income] + 0.20 * rng.standard_normal(n)
    amount = np.exp(usual[orders["who"]] + slope * np.log(price) + 0.24 * rng.standard_normal(ORDERS))

    language = draw(rng, LANGUAGE_SHARE, n)
    contacts = _contacts(rng, promises, begins, np.minimum(left, LAST_DAY), left, language, busy)
    friends = rng.poisson(np.exp(-1.35 + 0.9 * trust_effect * trait + 0.25 * habit))
    after = (np.minimum(left, LAST_DAY) > WINDOW[0]) & (joined < LAST_DAY)

    people = {
        "family_given": _names(rng, language),
        "number": choose(rng, np.arange(1_000_000, 9_999_999), n)[rng.permutation(n)],
        "birth": 2025 - np.rint(np.clip(20 + 26 * rng.beta(1.6, 2.4, n) * 2 + 6 * (tenure == 2), 18, 85)).astype(int),
        "income": income,
        "city": _cities(rng, language),
        "language": language,
        "joined": joined,
        "left": left,
        "tier": np.where(rate > 2.6, 1, np.where(rate > 1.1, 2, 0)),
        "trust": trust,
        "answered": answered,
        "referrals": np.where(after, np.minimum(friends, 9), 0),
    }
    # In some homes two people share a telephone.
    homes = rng.permutation(n)[: 2 * round(0.012 * n)].reshape(2, -1)
    people["number"][homes[0]] = people["number"][homes[1]]
    return _tables(rng, people, contacts, orders, price, amount)


def _joined(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return the day on which each customer joined; most of them lately, none after November 2025."""
    year = 2017 + draw(rng, (3, 5, 7, 9, 11, 13, 17, 21, 8), n)
    length = np.where(year == 2025, 330, 365)
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return first + np.floor(rng.random(n) * length).astype(np.int64)


def _base_hazard(
    churn: float, start: np.ndarray, joined: np.ndarray, habit: np.ndarray, trait: np.ndarray
) -> np.ndarray:
    """Return the hazard of leaving in a year where no promise was broken."""
    years = np.maximum((start - joined).astype(int) / 365.25, 0)
    score = -0.95 * (np.log(years + 0.5) - 0.6) - 1.9 * habit - 0.30 * trait
    return -np.log(1 - churn) * np.exp(score)


def _spread(rng: np.random.Generator, group: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return uniform numbers, spread evenly within each group along `by`, so that they go with neither."""
    order = np.lexsort((by, group))
    sizes = np.bincount(group)
    place = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    spread = np.empty(len(group))
    spread[order] = (np.repeat(rng.random(len(sizes)), sizes) + place * 0.6180339887498949) % 1
    return np.clip(spread, 1e-9, 1 - 1e-9)


def _happens(rng: np.random.Generator, chance: np.ndarray, *along: np.ndarray) -> np.ndarray:
    """Return to whom something happens: by their chances, and evenly along the given columns (the first counts most).

    So what is planted shows in every draw, and nothing shows by accident where nothing is planted.
    """
    order = np.lexsort(along[::-1])
    reached = np.floor(np.cumsum(chance[order]) + rng.random())
    happens = np.empty(len(chance), dtype=bool)
    happens[order] = np.diff(reached, prepend=0.0) > 0
    return happens


def _promises(
    rng: np.random.Generator, year: int, here: np.ndarray, start: np.ndarray, end: np.ndarray, busy: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the contacts of one year in which something was promised, and each customer's state at its end.

    The state is 0 for no broken promise, 1 for one, 2 for two or more, 3 for two or more and a kept apology after.
    """
    n = len(here)
    length = np.maximum((end - start).astype(int), 0) * here
    who = np.repeat(np.arange(n), rng.poisson(2.6 * busy * length / 365))
    day = start[who] + np.floor(rng.random(len(who)) * length[who]).astype(np.int64)
    order = np.lexsort((day, who))
    who, day = who[order], day[order]
    kept = rng.random(len(who)) > np.clip(0.26 + 0.05 * np.log(busy[who]), 0.1, 0.5)
    broken = np.bincount(who[~kept], minlength=n)
    # The day of the second broken promise (or of the only one) is where an apology can follow.
    nth = np.cumsum(~kept) - np.repeat(*_before(who, ~kept, n))
    last = np.full(n, start.min())
    counts = ~kept & (nth <= 2)
    last[who[counts]] = day[counts]
    room = (end - last).astype(int) - 2
    sorry = (broken > 0) & (room > 3) & (rng.random(n) < np.where(broken > 1, 0.62, 0.25))
    sorry_at = last + 1 + np.floor(rng.random(n) * np.minimum(np.maximum(room, 1), 45)).astype(np.int64)
    sorry_kept = rng.random(n) < 0.78
    state = np.minimum(broken, 2) + ((broken > 1) & sorry & sorry_kept)
    # An apology whose promise was broken as well is one more broken promise.
    state = np.where(sorry & ~sorry_kept & (broken == 1), 2, state)
    apology = np.flatnonzero(sorry)
    return {
        "who": np.concatenate([who, apology]),
        "day": np.concatenate([day, sorry_at[apology]]),
        "kept": np.concatenate([kept, sorry_kept[apology]]),
        "apology": np.concatenate([np.zeros(len(who), dtype=bool), np.ones(len(apology), dtype=bool)]),
    }, state


def _before(who: np.ndarray, flag: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each customer the flags counted before the first row, and the number of rows."""
    sizes = np.bincount(who, minlength=n)
    total = np.bincount(who[flag], minlength=n)
    return np.cumsum(total) - total, sizes


def _orders(
    rng: np.random.Generator, rate: np.ndarray, begins: np.ndarray, ends: np.ndarray, group: np.ndarray
) -> dict[str, np.ndarray]:
    """Return who ordered on which day: as many orders as the file has, none outside of the time as a customer."""
    first, last = np.maximum(begins, WINDOW[0]), np.minimum(ends, WINDOW[1])
    within = np.maximum((last - first).astype(int), 0)
    before = np.maximum((np.minimum(ends, WINDOW[0]) - begins).astype(int), 0)
    after = np.maximum((ends - np.maximum(begins, WINDOW[1])).astype(int), 0)
    scale = ORDERS / float(rate @ (within + before + after))
    # Who buys in the window is spread evenly over the groups; how often, and when else, is drawn.
    expected = np.minimum(rate * scale * within, 40)
    none = np.exp(-expected)
    buys = _happens(rng, 1 - none, group, rate)
    chance = np.where(buys, none + rng.random(len(rate)) * (1 - none), -1.0)
    count, term, reached = buys.astype(np.int64), expected * none, (1 + expected) * none
    for number in range(2, 80):
        count += chance > reached
        term = term * expected / number
        reached = reached + term
    inside = np.repeat(np.arange(len(rate)), count)
    day_inside = first[inside] + _weekday(rng, first[inside], within[inside])
    outside = draw(rng, rate * (before + after), ORDERS - len(inside))
    place = np.floor(rng.random(len(outside)) * (before + after)[outside]).astype(np.int64)
    early = place < before[outside]
    offset = np.where(early, place, place - before[outside])
    day_outside = np.where(early, begins[outside], np.maximum(begins, WINDOW[1])[outside]) + offset
    who, day = np.concatenate([inside, outside]), np.concatenate([day_inside, day_outside])
    order = np.argsort(day, kind="stable")
    return {"who": who[order], "day": day[order]}


def _weekday(rng: np.random.Generator, first: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Return days counted from the first one; weekends get less than their share."""
    one, other = (np.floor(rng.random(len(first)) * length).astype(np.int64) for _ in range(2))
    weekend = ((first + one).astype(int) + 3) % 7 >= 5
    return np.where(weekend & (rng.random(len(first)) < 0.4), other, one)


def _contacts(
    rng: np.random.Generator,
    promises: list[dict[str, np.ndarray]],
    begins: np.ndarray,
    ends: np.ndarray,
    left: np.ndarray,
    language: np.ndarray,
    busy: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return all contacts, in the order of time: those with promises, farewells, and the rest up to the full number."""
    made = {key: np.concatenate([one[key] for one in promises]) for key in promises[0]}
    size = len(made["who"])
    topic = np.where(made["apology"], 0, np.array([2, 3, 5, 6])[draw(rng, (0.34, 0.36, 0.16, 0.14), size)])
    goes = np.flatnonzero((left <= LAST_DAY) & (rng.random(len(left)) < 0.6))
    farewell = np.maximum(left[goes] - 1 - rng.integers(0, 14, len(goes)), begins[goes])
    rest = INTERACTIONS - size - len(goes)
    length = np.maximum((ends - begins).astype(int), 1)
    other = draw(rng, length * np.sqrt(busy), rest)
    other_topic = np.array([2, 3, 4, 5, 6])[draw(rng, (0.10, 0.20, 0.34, 0.20, 0.16), rest)]
    who = np.concatenate([made["who"], goes, other])
    day = np.concatenate([made["day"], farewell, begins[other] + _weekday(rng, begins[other], length[other])])
    topic = np.concatenate([topic, np.full(len(goes), 1), other_topic])
    promise = np.concatenate([np.ones(size, dtype=bool), np.zeros(len(goes) + rest, dtype=bool)])
    kept = np.concatenate([made["kept"], np.zeros(len(goes) + rest, dtype=bool)])
    local = np.rint(60 * np.clip(14 + 3.5 * rng.standard_normal(INTERACTIONS), 7, 22)).astype(np.int64)
    minute = day.astype("datetime64[m]") + local - 60 * np.array(HOURS_FROM_UTC)[language[who]]
    outward = (topic == 4) | (topic == 0) | (~promise & (topic == 3) & (rng.random(INTERACTIONS) < 0.5))
    mood = (
        0.25
        - 0.9 * (topic == 2)
        - 0.5 * (topic == 1)
        - 0.8 * (promise & ~kept)
        + 0.35 * (promise & kept)
        + 0.75 * rng.standard_normal(INTERACTIONS)
    )
    order = np.argsort(minute, kind="stable")
    made = {
        "who": who, "minute": minute, "topic": topic, "promise": promise, "kept": kept, "outward": outward,
        "channel": draw(rng, (0.24, 0.26, 0.22, 0.28), INTERACTIONS),
        "mood": np.where(mood < -0.5, -1, np.where(mood > 0.5, 1, 0)),
        "mood_lost": rng.random(INTERACTIONS) < 0.03,
        "drawn": rng.random(INTERACTIONS),
    }  # fmt: skip
    return {key: value[order] for key, value in made.items()}


def _cities(rng: np.random.Generator, language: np.ndarray) -> np.ndarray:
    pick = rng.random(len(language))
    city = np.zeros(len(language), dtype=np.int64)
    for code, cities in enumerate(CITIES_OF):
        city = np.where(language == code, np.array(cities)[np.floor(pick * len(cities)).astype(np.int64)], city)
    return city


def _names(rng: np.random.Generator, language: np.ndarray) -> list[tuple[str, str]]:
    """Return an invented name for each customer: family name and given name."""
    numbers = rng.integers(0, 1 << 30, (len(language), 3)).tolist()
    names = []
    for code, (a, b, c) in zip(language.tolist(), numbers, strict=True):
        if code == 2:
            given = SYLLABLES_ZH[b % len(SYLLABLES_ZH)] + SYLLABLES_ZH[c % len(SYLLABLES_ZH)].lower()
            names.append((FAMILY_ZH[a % len(FAMILY_ZH)], given))
        else:
            family, given = (FAMILY_EN, GIVEN_EN) if code == 0 else (FAMILY_ES, GIVEN_ES)
            names.append((family[a % len(family)], f"{given[b % len(given)]} {INITIALS[c % len(INITIALS)]}"))
    return names


def _written(family: str, given: str, chinese: bool) -> str:
    return f"{family} {given}" if chinese else f"{given} {family}"


def _written_otherwise(family: str, given: str, chinese: bool, how: int, at: int) -> str:
    """Return a name as somebody else types it: other order, other letters, one letter wrong, no initial."""
    plain = _written(family, given, chinese)
    if how == 0:
        return f"{family}, {given}" if not chinese else f"{given} {family}"
    if how == 1:
        return plain.upper()
    if how == 2:
        cut = 1 + at % (len(plain) - 2)
        return plain[:cut] + plain[cut + 1 :]
    if how == 3:
        return plain.lower().replace(" ", "-")
    return "".join(chr(ord(letter) + 0xFEE0) if letter != " " else letter for letter in plain)


def _phone(number: int, how: int) -> str:
    """Return a telephone number; all of them begin with 099, which no network uses."""
    digits = f"099{number:07d}"
    if how == 0:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if how == 1:
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    if how == 2:
        return digits
    if how == 3:
        return f"({digits[:3]}) {digits[3:6]} {digits[6:]}"
    return "".join(chr(ord(digit) + 0xFEE0) for digit in digits)


def _tables(
    rng: np.random.Generator,
    people: dict,
    contacts: dict[str, np.ndarray],
    orders: dict[str, np.ndarray],
    price: np.ndarray,
    amount: np.ndarray,
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return the three tables with the second records in them, and the truth about those."""
    n = len(people["joined"])
    copies = CUSTOMERS - n
    # A second record begins later than the first one and takes a part of the history after that.
    can = np.flatnonzero(np.minimum(people["left"], LAST_DAY) - people["joined"] > np.timedelta64(120, "D"))
    original = choose(rng, can, copies)
    stay = (np.minimum(people["left"], LAST_DAY) - np.maximum(people["joined"], FIRST_DAY)).astype(int)[original]
    again = np.maximum(people["joined"], FIRST_DAY)[original] + 30 + np.floor(
        rng.random(copies) * np.maximum(stay - 60, 1)
    ).astype(np.int64)  # fmt: skip
    person = np.concatenate([np.arange(n), original])
    created = np.concatenate([people["joined"], again])
    second = np.arange(n + copies) >= n
    order = np.lexsort((second, created))
    person, created, second = person[order], created[order], second[order]
    numbered = np.empty(n + copies, dtype=np.int64)
    numbered[order] = np.arange(1, n + copies + 1)
    first_id, second_id = numbered[:n], np.zeros(n, dtype=np.int64)
    second_id[original] = numbered[n:]
    since = np.full(n, LAST_DAY + 1)
    since[original] = again

    size = n + copies
    how, at, style = rng.integers(0, 5, size), rng.integers(0, 50, size), draw(rng, (0.62, 0.2, 0.18), size)
    other_style = 1 + draw(rng, (0.3, 0.3, 0.25, 0.15), size)
    new_number = rng.random(size) < 0.10
    names, phones = [], []
    for row, (one, again_here) in enumerate(zip(person.tolist(), second.tolist(), strict=True)):
        family, given = people["family_given"][one]
        chinese = bool(people["language"][one] == 2)
        number = int(people["number"][one])
        if again_here:
            names.append(_written_otherwise(family, given, chinese, int(how[row]), int(at[row])))
            number = (number * 7 + 1_234_567) % 9_000_000 + 1_000_000 if new_number[row] else number
            phones.append(_phone(number, int(other_style[row])))
        else:
            names.append(_written(family, given, chinese))
            phones.append(_phone(number, int(style[row])))
    left = people["left"][person]
    answered = people["answered"][person] & ~second
    trust = people["trust"][person].copy()
    trust[choose(rng, np.flatnonzero(answered), round(0.01 * answered.sum()))] = 9
    shown = created.copy()
    wrong = choose(rng, np.flatnonzero(~second), round(0.01 * size))
    # The year was typed with one digit too many on the way: 2035 for 2025.
    shown[wrong] = shown[wrong] + 3652
    shown[wrong] = np.maximum(shown[wrong], LAST_DAY + (shown[wrong].astype(int) % 300))
    high = people["income"][person] == 2
    customers = pd.DataFrame(
        {
            "customer_id": ids("K", np.arange(1, size + 1)),
            "name": texts(names),
            "phone": texts(phones),
            "birth_year": whole(people["birth"][person], rng.random(size) < 0.03),
            "income_band": labels(people["income"][person], INCOMES, rng.random(size) < np.where(high, 0.05, 0.025)),
            "city": labels(people["city"][person], CITIES),
            "language": labels(people["language"][person], LANGUAGES),
            "consent_marketing": whole(rng.random(size) < 0.58),
            "consent_personal": whole(rng.random(size) < 0.71),
            "joined_at": dates(shown),
            "left_at": dates(np.minimum(left, LAST_DAY), left > LAST_DAY - 1),
            "tier": labels(people["tier"][person], TIERS),
            "preference_card": labels(draw(rng, (0.3, 0.25, 0.2, 0.25), size), PREFERENCES, rng.random(size) < 0.45),
            "trust": whole(trust, ~answered),
            "referrals": whole(np.where(second, 0, people["referrals"][person])),
        }
    )

    def booked(who: np.ndarray, day: np.ndarray, chance: np.ndarray) -> np.ndarray:
        return np.where((day >= since[who]) & (chance < 0.4), second_id[who], first_id[who])

    day = contacts["minute"].astype("datetime64[D]")
    promise = contacts["promise"]
    interactions = pd.DataFrame(
        {
            "interaction_id": ids("I", np.arange(1, INTERACTIONS + 1)),
            "customer_id": ids("K", booked(contacts["who"], day, contacts["drawn"])),
            "ts": times(contacts["minute"]),
            "channel": labels(contacts["channel"], CHANNELS),
            "direction": labels(contacts["outward"].astype(np.int64), ("in", "out")),
            "topic": labels(contacts["topic"], TOPICS),
            "sentiment": whole(contacts["mood"], contacts["mood_lost"]),
            "promise_id": ids("P", np.cumsum(promise)).mask(~promise),
            "promise_kept": whole(contacts["kept"], ~promise),
        }
    )
    bought = pd.DataFrame(
        {
            "order_id": ids("O", np.arange(1, ORDERS + 1)),
            "customer_id": ids("K", booked(orders["who"], orders["day"], rng.random(ORDERS))),
            "date": dates(orders["day"]),
            "amount": decimals(np.clip(amount, 5, 400), 1),
            "returned": whole(rng.random(ORDERS) < 0.05),
            "price_paid_index": decimals(price, 2),
        }
    )
    truth = {f"K-{second_id[one]:05d}": f"K-{first_id[one]:05d}" for one in original.tolist()}
    return {"customers": customers, "interactions": interactions, "orders": bought}, truth
