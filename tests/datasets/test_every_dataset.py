"""What every dataset promises: its file is what its generator makes, and its card gives nothing away."""

import random
import re
from pathlib import Path

import pandas as pd
import pytest

from trustkit.course import course_root
from trustkit.data import dataset_names, generate_dataset, load_dataset, other_data
from trustkit.data.dataset import _generator
from trustkit.data.schema import read_schema
from trustkit.data.table import to_csv

FOLDER = course_root() / "datasets"
MADE = [name for name in dataset_names() if (FOLDER / name / "generate.py").is_file()]
TABLES = [(name, table) for name in MADE for table in read_schema(FOLDER / name / "schema.yaml").tables]
IN_CARD = {"en": r"[A-Za-z]{3}", "zh": r"[\u4e00-\u9fff]"}


def described(name: str, table: str):
    return read_schema(FOLDER / name / "schema.yaml").tables[table]


def seed_of(name: str) -> int:
    return read_schema(FOLDER / name / "schema.yaml").seed


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_shipped_file_is_what_the_generator_makes_byte_for_byte(name, table):
    told = described(name, table)
    made = generate_dataset(name, seed_of(name), table)
    assert to_csv(made, told.columns) == (FOLDER / name / told.file).read_bytes()
    pd.testing.assert_frame_equal(load_dataset(name, table), made[[column.name for column in told.columns]])


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_same_seed_gives_the_same_table_and_another_seed_another(name, table):
    first, again, other = (generate_dataset(name, seed, table) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
    assert (first.dtypes.astype(str) == other.dtypes.astype(str)).all()


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_data_of_the_same_kind_can_be_made_from_any_seed(name, table):
    shipped = load_dataset(name, table)
    for seed in (0, 5, 2**31 - 1):
        other = other_data(name, seed, table)
        assert other.columns.tolist()[: len(shipped.columns)] == shipped.columns.tolist()
        assert not other.equals(shipped)


@pytest.mark.parametrize("name", MADE)
def test_what_varies_is_drawn_from_the_seed_alone(name):
    vary = _generator(FOLDER / name / "generate.py").variation
    assert vary(random.Random(3)) == vary(random.Random(3))
    assert len({str(vary(random.Random(seed))) for seed in range(12)}) > 1


@pytest.mark.parametrize("name", MADE)
def test_the_generator_touches_no_file_when_it_generates(name, monkeypatch):
    generator = _generator(FOLDER / name / "generate.py")
    generator.generate(1)

    def refused(*arguments, **named):
        raise AssertionError("a file was opened")

    monkeypatch.setattr("builtins.open", refused)
    monkeypatch.setattr(Path, "open", refused)
    generator.generate(1)


@pytest.mark.parametrize("name", dataset_names())
def test_the_card_explains_every_column_in_both_languages(name):
    card = (FOLDER / name / "card.md").read_text(encoding="utf-8")
    for table in read_schema(FOLDER / name / "schema.yaml").tables.values():
        assert f"`{table.file}`" in card
        for column in table.columns:
            rows = [line for line in card.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert rows, f"{column.name} is not on the card"
            assert any(column.meaning["en"] in row and column.meaning["zh"] in row for row in rows), column.name


@pytest.mark.parametrize("name", MADE)
def test_the_card_says_where_the_data_come_from_and_nothing_of_what_is_planted(name):
    card = (FOLDER / name / "card.md").read_text(encoding="utf-8")
    for word in ("Purpose 用途", "Load it 读取", "Origin 来源", "Licence 许可", "Synthetic", "演练数据", "MIT"):
        assert word in card, word
    assert f"seed {seed_of(name)}" in card
    assert not re.search(r"plant|埋设|hidden", card, re.I)
    for language in IN_CARD.values():
        assert re.search(language, card)


@pytest.mark.parametrize("name", MADE)
def test_the_trainers_page_says_what_is_planted(name):
    assert len((FOLDER / name / "planted.md").read_text(encoding="utf-8").split()) > 60
