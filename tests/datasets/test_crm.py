"""Promises of the CRM data: what is planted is there for any seed, and nothing is there where it is switched off."""

import difflib
import random
import re
import unicodedata

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from statsmodels.duration.hazard_regression import PHReg

from trustkit.course import course_root
from trustkit.data import load_dataset
from trustkit.data.dataset import _generator
from trustkit.data.schema import read_schema

FOLDER = course_root() / "datasets" / "crm"
CUT = pd.Timestamp("2025-01-01")
END = pd.Timestamp("2026-01-01")
SEED = read_schema(FOLDER / "schema.yaml").seed
SEEDS = (SEED, 1, 2, 3, 5)
FEW_SEEDS = (SEED, 4)
OTHER_SEEDS = (11, 12)
NOTHING = {"trust_effect": 0.0, "broken_hazard": 1.0}
generator = _generator(FOLDER / "generate.py")


def once_each(tables: dict[str, pd.DataFrame], truth: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Return the tables with second records merged into the first ones and impossible values set to missing."""
    customers = tables["customers"]
    customers = customers[~customers["customer_id"].isin(truth) & (customers["joined_at"] < END)].copy()
    customers["trust"] = customers["trust"].where(customers["trust"] <= 7)
    merged = {"customers": customers}
    for name in ("interactions", "orders"):
        merged[name] = tables[name].assign(customer_id=tables[name]["customer_id"].replace(truth))
    return merged


def survey(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the customers with their band of trust, group of tenure and whether they bought again."""
    customers, orders = tables["customers"].copy(), tables["orders"]
    window = orders[orders["date"].between("2025-02-01", "2025-04-30")]
    customers["again"] = customers["customer_id"].isin(window["customer_id"]).astype(int)
    years = (pd.Timestamp("2025-01-10") - customers["joined_at"]).dt.days / 365.25
    customers["tenure"] = pd.cut(years, [-9, 1, 3, 99], labels=["new", "middle", "old"])
    customers["band"] = pd.cut(customers["trust"].astype(float), [0, 3, 4, 7], labels=["low", "middle", "high"])
    return customers


def gaps(tables: dict[str, pd.DataFrame]) -> dict[str, object]:
    """Return fitted models of buying again: high against low trust, unadjusted and adjusted."""
    rows = survey(tables).dropna(subset=["band", "income_band"])
    rows = rows[rows["band"] != "middle"]
    rows = rows.assign(high=(rows["band"] == "high").astype(int))
    terms = {"naive": "", "tenure": "+ C(tenure)", "income": "+ C(income_band)", "both": "+ C(tenure)*C(income_band)"}
    return {name: smf.ols(f"again ~ high {term}", rows).fit() for name, term in terms.items()}


def at_risk(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the customers of 1 January 2025, what was known about them then, and whether they left in that year."""
    customers = tables["customers"]
    here = customers[(customers["joined_at"] < CUT) & ~(customers["left_at"] < CUT)].copy()
    contacts = tables["interactions"]
    past = contacts[contacts["ts"].between(pd.Timestamp("2024-01-01", tz="UTC"), pd.Timestamp("2025-01-01", tz="UTC"))]
    broken = past[past["promise_kept"] == 0].groupby("customer_id").size()
    sorry = past[(past["topic"] == "apology") & (past["promise_kept"] == 1)].groupby("customer_id").size()
    broken, sorry = (here["customer_id"].map(one).fillna(0) for one in (broken, sorry))
    here["one"] = (broken == 1).astype(float)
    here["two"] = ((broken >= 2) & (sorry == 0)).astype(float)
    here["sorry"] = ((broken >= 2) & (sorry > 0)).astype(float)
    orders = tables["orders"][tables["orders"]["date"] < CUT]
    year = orders[orders["date"] >= "2024-01-01"].groupby("customer_id").size()
    last = (CUT - orders.groupby("customer_id")["date"].max()).dt.days
    here["often"] = np.log(here["customer_id"].map(year).fillna(0) + 0.5)
    here["recent"] = np.log(here["customer_id"].map(last).fillna(730) + 5)
    here["years"] = np.log((CUT - here["joined_at"]).dt.days / 365.25 + 0.5)
    here["leaves"] = here["left_at"].notna().astype(int)
    here["days"] = (here["left_at"].fillna(END) - CUT).dt.days.clip(lower=1)
    here["farewell"] = here["customer_id"].isin(
        contacts.loc[(contacts["topic"] == "cancel") & (contacts["ts"] >= CUT.tz_localize("UTC")), "customer_id"]
    ).astype(float)  # fmt: skip
    return here


STATE = ["one", "two", "sorry", "years", "often", "recent"]


def hazards(tables: dict[str, pd.DataFrame]) -> tuple[pd.Series, pd.Series]:
    """Return the coefficients of a Cox model of leaving in 2025, and their standard errors."""
    here = at_risk(tables)
    fit = PHReg(here["days"], here[STATE].astype(float), status=here["leaves"]).fit()
    return pd.Series(fit.params, STATE), pd.Series(fit.bse, STATE)


def auc(here: pd.DataFrame, columns: list[str]) -> float:
    """Return the mean AUC of two halves, each scored by a model of the other."""
    half = np.arange(len(here)) % 2 == 0
    found = []
    for train in (half, ~half):
        model = LogisticRegression(max_iter=1000).fit(here.loc[train, columns], here.loc[train, "leaves"])
        score = model.predict_proba(here.loc[~train, columns])[:, 1]
        found.append(roc_auc_score(here.loc[~train, "leaves"], score))
    return float(np.mean(found))


def slopes(tables: dict[str, pd.DataFrame]) -> pd.Series:
    rows = tables["orders"].merge(survey(tables)[["customer_id", "band"]], on="customer_id").dropna(subset=["band"])
    rows = rows.assign(amount=np.log(rows["amount"]), price=np.log(rows["price_paid_index"]))
    return rows.groupby("band", observed=True)[["amount", "price"]].apply(
        lambda part: smf.ols("amount ~ price", part).fit().params["price"]
    )


@pytest.fixture(scope="module", params=SEEDS)
def tables(request):
    made = generator.generate(request.param)
    return once_each(made, generator.duplicates(request.param))


@pytest.fixture(scope="module", params=OTHER_SEEDS)
def other(request):
    options = generator.variation(random.Random(request.param))
    made = generator.generate(request.param, **options)
    return options, once_each(made, generator.duplicates(request.param, **options))


@pytest.fixture(scope="module", params=(SEED, 4, 8))
def nothing(request):
    made = generator.generate(request.param, **NOTHING)
    return once_each(made, generator.duplicates(request.param, **NOTHING))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"trust_effect": 3}, "trust_effect must lie"),
        ({"leading": "city"}, "cannot lead"),
        ({"churn": 0.9}, "churn must lie"),
        ({"price_slopes": (1, 2)}, "three numbers"),
    ],
)
def test_impossible_wishes_are_refused_with_the_reason(options, says):
    with pytest.raises(ValueError, match=says):
        generator.generate(1, **options)


def test_the_tables_have_their_rows_and_belong_together():
    made = generator.generate(4)
    assert {name: len(table) for name, table in made.items()} == {
        "customers": 5_000, "interactions": 60_000, "orders": 38_000,
    }  # fmt: skip
    known = set(made["customers"]["customer_id"])
    assert known >= set(made["orders"]["customer_id"]) | set(made["interactions"]["customer_id"])


def test_the_three_files_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.csv")) < 6_000_000


def test_the_declared_mess_is_there():
    customers = load_dataset("crm", "customers")
    assert (customers["joined_at"] >= END).mean() == pytest.approx(0.01, abs=0.001)
    answers = customers["trust"].dropna()
    assert (answers == 9).mean() == pytest.approx(0.01, abs=0.003)
    assert set(answers) == {1, 2, 3, 4, 5, 6, 7, 9}
    for column in ("birth_year", "income_band"):
        assert customers[column].isna().mean() == pytest.approx(0.03, abs=0.01)
    assert load_dataset("crm", "interactions")["sentiment"].isna().mean() == pytest.approx(0.03, abs=0.005)
    known = customers["joined_at"] < END
    assert not (customers["left_at"] < customers["joined_at"])[known].any()


def test_nobody_orders_after_leaving_and_only_second_records_begin_late():
    made = once_each(generator.generate(6), generator.duplicates(6))
    rows = made["orders"].merge(made["customers"], on="customer_id")
    assert not (rows["date"] > rows["left_at"]).any()
    assert not (rows["date"] < rows["joined_at"]).any()
    contacts = made["interactions"].merge(made["customers"], on="customer_id")
    assert not (contacts["ts"].dt.tz_localize(None) > contacts["left_at"] + pd.Timedelta(2, "D")).any()
    assert (contacts["promise_id"].isna() == contacts["promise_kept"].isna()).all()


def test_tenure_and_income_account_for_about_half_of_the_gap(tables):
    found = {name: fit.params["high"] for name, fit in gaps(tables).items()}
    assert 0.38 < found["naive"] < 0.54
    assert 0.17 < found["both"] < 0.29
    assert 1.7 < found["naive"] / found["both"] < 2.3
    assert found["tenure"] < found["income"] - 0.05


def test_referrals_follow_trust(tables):
    mean = survey(tables).groupby("band", observed=True)["referrals"].mean()
    assert mean["high"] > 1.8 * mean["low"]


def test_broken_promises_raise_the_hazard_and_a_kept_apology_lowers_it(tables):
    ratio = np.exp(hazards(tables)[0])
    assert 1.65 < ratio["two"] < 2.75
    assert 0.95 < ratio["sorry"] < 1.75
    assert ratio["sorry"] < ratio["two"]


def test_a_model_ranks_who_leaves_well_but_not_suspiciously_well(tables):
    assert 0.72 < auc(at_risk(tables), STATE) < 0.82


def test_contacts_from_the_year_to_be_foretold_look_too_good(tables):
    assert auc(at_risk(tables), [*STATE, "farewell"]) > 0.85


def test_price_matters_least_where_trust_is_high(tables):
    slope = slopes(tables)
    assert -0.21 < slope["high"] < -0.09
    assert slope["low"] < slope["high"] - 0.08


def test_other_data_have_another_confounder_and_other_sizes(other):
    options, tables = other
    found = {name: fit.params["high"] for name, fit in gaps(tables).items()}
    assert found["income"] < found["tenure"] - 0.05
    assert found["both"] < found["naive"] - 0.08
    b, error = hazards(tables)
    assert abs(b["two"] - np.log(options["broken_hazard"])) < 2.5 * error["two"]
    assert abs(b["sorry"] - np.log(options["apology_hazard"])) < 2.5 * error["sorry"]
    assert abs(slopes(tables)["high"] - options["price_slopes"][2]) < 0.07
    assert auc(at_risk(tables), STATE) > 0.68


def test_switched_off_trust_leaves_the_naive_gap_and_takes_the_adjusted_one(nothing):
    fits = gaps(nothing)
    assert fits["naive"].params["high"] > 0.12
    assert abs(fits["both"].params["high"]) < 0.05
    low, high = fits["both"].conf_int().loc["high"]
    assert low < 0 < high


def test_switched_off_promises_leave_no_hazard(nothing):
    b, error = hazards(nothing)
    assert (b[["one", "two", "sorry"]].abs() < 1.96 * error[["one", "two", "sorry"]]).all()


def plain(text: str) -> str:
    """Return a name in plain letters, its parts in the order of the alphabet."""
    return "".join(sorted(re.findall("[a-z]+", unicodedata.normalize("NFKC", text).lower()), reverse=True))


def f1(found: set[tuple[str, str]], truth: dict[str, str]) -> float:
    right = len(found & set(truth.items()))
    return 2 * right / (len(found) + len(truth))


@pytest.mark.parametrize("seed", FEW_SEEDS)
def test_second_records_can_be_found_but_not_by_the_telephone_alone(seed):
    customers, truth = generator.generate(seed)["customers"], generator.duplicates(seed)
    assert len(truth) == 150
    customers = customers.assign(
        digits=customers["phone"].map(lambda text: re.sub(r"\D", "", unicodedata.normalize("NFKC", text))),
        letters=customers["name"].map(plain),
    )
    by_phone = customers.merge(customers, on="digits", suffixes=("_1", "_2"))
    by_phone = by_phone[by_phone["customer_id_1"] < by_phone["customer_id_2"]]
    both = by_phone[
        (by_phone["birth_year_1"] == by_phone["birth_year_2"]).fillna(False)
        | (by_phone["birth_year_1"].isna() | by_phone["birth_year_2"].isna())
    ]
    by_name = customers.dropna(subset="birth_year").merge(customers, on=["birth_year", "city"], suffixes=("_1", "_2"))
    by_name = by_name[by_name["customer_id_1"] < by_name["customer_id_2"]]
    alike = [
        difflib.SequenceMatcher(None, a, b).ratio() >= 0.94 if abs(len(a) - len(b)) <= 1 and set(a) & set(b) else False
        for a, b in zip(by_name["letters_1"], by_name["letters_2"], strict=True)
    ]
    pairs = {
        name: set(zip(rows["customer_id_2"], rows["customer_id_1"], strict=True))
        for name, rows in (("phone", by_phone), ("both", both), ("name", by_name[alike]))
    }
    assert f1(pairs["phone"], truth) < 0.85
    assert f1(pairs["both"] | pairs["name"], truth) >= 0.90


def test_the_bands_on_the_trainers_page_are_those_asserted_here():
    page = (FOLDER / "planted.md").read_text(encoding="utf-8")
    for band in ("1.7–2.3", "1.65–2.75", "0.95–1.75", ".72–.82", "at least .90", "−0.21 to −0.09", "± 0.05"):
        assert band in page, band
