"""Loads a dataset of the course by its name, as a typed pandas table."""

from __future__ import annotations

import importlib.util
import random
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pandas as pd

from trustkit.course import CourseNotFound, course_root
from trustkit.data.schema import DatasetError, Schema, Table, read_schema
from trustkit.data.table import read_table, to_csv

SHIPPED = Path(__file__).with_name("shipped")
"""Where a wheel holds the datasets, for notebooks on a machine or in a browser without the course folder."""


class UnknownDataset(Exception):
    """A dataset name that the course does not have; the message lists those it has."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def load_dataset(name: str, table: str | None = None) -> pd.DataFrame:
    """Return a dataset of the course, or one of its tables, as a typed table.

    Times are in UTC, days are dates without a time, categories are pandas categories, whole numbers and flags are
    nullable integers (`Int64`), so that a missing value stays missing. `frame.attrs` holds `citation`, `licence`,
    `title`, `version` and `seed`. It does not matter in which folder the notebook lies, nor whether there is a course
    folder: an installed package brings the datasets along.

    Args:
        name: the dataset's name, such as "complaints".
        table: the table's name, where the dataset has several, such as "orders" of "crm".

    Raises:
        UnknownDataset: the course has no dataset or table of that name.
        DatasetError: the file differs from its schema; the message names row and column.
    """
    return read_dataset(_folder(name), table)


def read_dataset(folder: Path, table: str | None = None) -> pd.DataFrame:
    """Return a table of a folder that holds a `schema.yaml` and the CSV files it names.

    Raises:
        UnknownDataset: the dataset has several tables and no table of that name.
        DatasetError: the schema or the file is missing or wrong.
    """
    schema = read_schema(folder / "schema.yaml")
    wanted = _table(schema, table)
    frame = read_table(folder / wanted.file, wanted.columns)
    frame.attrs = {
        "name": folder.name,
        "table": wanted.name,
        "title": schema.title["en"],
        "citation": schema.citation,
        "licence": schema.licence,
        "version": schema.version,
        "seed": schema.seed,
    }
    return frame


def generate_dataset(name: str, seed: int, table: str | None = None, **options: object) -> pd.DataFrame:
    """Return a dataset, or one of its tables, as its generator makes it from a seed: same columns, other values.

    Args:
        name: the dataset's name.
        seed: any whole number from 0.
        table: the table's name, where the dataset has several.
        options: further arguments of that dataset's `generate`.

    Raises:
        UnknownDataset: the course has no dataset or table of that name.
        DatasetError: the dataset has no generator.
    """
    folder = _folder(name)
    wanted = _table(read_schema(folder / "schema.yaml"), table)
    return _tables(folder, seed, options)[wanted.name]


def other_data(name: str, seed: int, table: str | None = None, **options: object) -> pd.DataFrame:
    """Return data of the same kind as a dataset in which other names and sizes are true.

    The dataset's generator says what varies, in its function `variation`, which takes a `random.Random`.

    Args:
        options: arguments of `generate` that are to hold whatever the variation says.

    Raises:
        UnknownDataset: the course has no dataset or table of that name.
        DatasetError: the dataset has no generator.
    """
    varied = _generator(_folder(name) / "generate.py").variation(random.Random(seed))
    return generate_dataset(name, seed, table, **{**varied, **options})


def write_dataset(name: str) -> list[Path]:
    """Write the CSV files of a dataset as its generator makes them from its seed of record; return their paths.

    Raises:
        UnknownDataset: the course has no dataset of that name.
        DatasetError: the dataset has no generator.
    """
    folder = _folder(name)
    schema = read_schema(folder / "schema.yaml")
    made = _tables(folder, schema.seed, {})
    for table in schema.tables.values():
        (folder / table.file).write_bytes(to_csv(made[table.name], table.columns))
    return [folder / table.file for table in schema.tables.values()]


def dataset_names() -> list[str]:
    """Return the names of all datasets, sorted: the folders of `datasets/` that hold a `schema.yaml`."""
    return sorted(path.parent.name for path in _home().glob("*/schema.yaml"))


def _home() -> Path:
    """Return the folder of the datasets: the course's own, else the one that an installed package brings along."""
    try:
        return course_root() / "datasets"
    except CourseNotFound:
        if SHIPPED.is_dir():
            return SHIPPED
        raise


def _folder(name: str) -> Path:
    names = dataset_names()
    if name not in names:
        raise UnknownDataset(f"There is no dataset {name!r}; the course has: {', '.join(names)}.")
    return _home() / name


def _table(schema: Schema, name: str | None) -> Table:
    if name is None and len(schema.tables) == 1:
        return schema.only
    if name not in schema.tables:
        said = f"There is no table {name!r} in" if name else "Say which table you want of"
        raise UnknownDataset(f"{said} {schema.path.parent.name!r}; it has: {', '.join(schema.tables)}.")
    return schema.tables[name]


def _tables(folder: Path, seed: int, options: dict[str, object]) -> dict[str, pd.DataFrame]:
    """Return all tables of a dataset by name."""
    made = _generator(folder / "generate.py").generate(seed, **options)
    return made if isinstance(made, dict) else {folder.name: made}


@cache
def _generator(path: Path) -> ModuleType:
    if not path.is_file():
        raise DatasetError(path, 0, "this dataset has no generator.")
    spec = importlib.util.spec_from_file_location(f"trustkit_dataset_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # no cache beside the data
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module
