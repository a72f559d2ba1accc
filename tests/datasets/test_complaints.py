"""Promises of the complaints data: the file is what the generator makes, and what is planted is there."""

import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trustkit.course import course_root
from trustkit.data import generate_dataset, load_dataset
from trustkit.data.dataset import _generator
from trustkit.data.schema import read_schema

FOLDER = course_root() / "datasets" / "complaints"
SEEDS = (20250701, 1, 2, 3, 5, 8, 13)
generator = _generator(FOLDER / "generate.py")


@pytest.fixture(scope="module", params=SEEDS)
def cleaned(request):
    table = generator.generate(request.param).drop_duplicates("complaint_id")
    return table[~(table["resolved_at"] < table["opened_at"])]


def slope(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the slope of satisfaction on log(minutes) and its standard error."""
    frame = frame.dropna(subset=["first_response_min", "sat_post"])
    x = np.log(frame["first_response_min"].to_numpy(dtype=float))
    y = frame["sat_post"].to_numpy(dtype=float)
    x = x - x.mean()
    b = (x * y).sum() / (x * x).sum()
    rest = y - y.mean() - b * x
    return b, np.sqrt((rest @ rest) / (len(x) - 2) / (x @ x))


def test_the_shipped_file_is_what_the_generator_makes_byte_for_byte():
    schema = read_schema(FOLDER / "schema.yaml")
    assert schema.seed == generator.SEED_OF_RECORD
    assert generator.to_csv(generator.generate(schema.seed)) == (FOLDER / schema.file).read_bytes()


def test_a_written_file_reads_back_as_the_table_it_was_made_from():
    pd.testing.assert_frame_equal(load_dataset("complaints"), generator.generate(generator.SEED_OF_RECORD))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    first, again, other = (generator.to_csv(generator.generate(seed, 500)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_the_file_is_small_and_has_its_declared_rows():
    file = FOLDER / "complaints.csv"
    assert file.stat().st_size < 2_500_000
    assert len(load_dataset("complaints")) == 12_000


@pytest.mark.parametrize("rows", [200, 201, 1_000, 12_000, 30_000])
def test_any_number_of_rows_comes_out_exact(rows):
    assert len(generator.generate(1, rows)) == rows


def test_twelve_thousand_rows_take_well_under_a_second():
    generator.generate(1)
    started = time.process_time()
    generator.generate(2)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [({"rows": 50}, "too few"), ({"early_closer": "T9"}, "no team T9"), ({"silenced": 0.9}, "cannot be silenced")],
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
    assert once.loc[still_open, ["reopened", "closed_without_confirm", "sat_post", "trust_post"]].isna().all(None)
    assert once.loc[~still_open, ["reopened", "closed_without_confirm"]].notna().all(None)
    assert once.loc[~still_open, "trust_post"].isna().mean() == pytest.approx(0.20, abs=0.02)
    assert (once["promise_due_at"].isna() == once["promise_kept"].isna()).all()
    assert once["complaint_id"].tolist() == sorted(once["complaint_id"])


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
    assert broken < 1.5 * kept < 0


def test_the_early_closer_is_fastest_and_has_most_reopened_and_least_trust(cleaned):
    teams = cleaned.groupby("team")
    rate = teams["reopened"].mean().astype(float)
    hours = (cleaned["resolved_at"] - cleaned["opened_at"]).groupby(cleaned["team"]).median()
    assert rate.idxmax() == "T4"
    assert rate["T4"] >= 2 * rate.median()
    assert hours.idxmin() == "T4"
    assert teams["trust_post"].mean().astype(float).idxmin() == "T4"
    assert teams["closed_without_confirm"].mean().astype(float).idxmax() == "T4"


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


def test_without_the_button_the_mild_complaints_are_the_ones_that_are_missing(cleaned):
    mild = (cleaned["severity"] == 1).groupby(cleaned["opened_at"].dt.quarter).mean()
    assert mild[3] < mild[2] - 0.03


def test_the_channel_does_not_decide_what_is_reopened(cleaned):
    table = pd.crosstab(cleaned["channel"], cleaned["reopened"]).to_numpy(dtype=float)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    assert ((table - expected) ** 2 / expected).sum() < 18.5


def test_the_trainees_card_explains_every_column_in_both_languages_and_gives_nothing_away():
    card = (FOLDER / "card.md").read_text(encoding="utf-8")
    for column in read_schema(FOLDER / "schema.yaml").columns:
        row = next(line for line in card.splitlines() if line.startswith(f"| `{column.name}` |"))
        assert column.meaning["en"] in row
        assert column.meaning["zh"] in row
    for secret in ("T4", "closes early", "30 %", "过早结案", "planted"):
        assert secret not in card


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
    ):
        assert re.search(re.escape(band), page), band
