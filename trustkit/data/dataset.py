"""Loads a dataset of the course by its name, as a typed pandas table."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pandas as pd

from trustkit.course import course_root
from trustkit.data.schema import DatasetError, read_schema
from trustkit.data.table import read_table


class UnknownDataset(Exception):
    """A dataset name that the course does not have; the message lists those it has."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def load_dataset(name: str) -> pd.DataFrame:
    """Return a dataset of the course as a typed table.

    Times are in UTC, categories are pandas categories, whole numbers and flags are nullable integers
    (`Int64`), so that a missing value stays missing. `frame.attrs` holds `citation`, `licence`, `title`,
    `version` and `seed`. It does not matter in which folder the notebook lies.

    Args:
        name: the dataset's name, such as "complaints".

    Raises:
        UnknownDataset: the course has no dataset of that name.
        DatasetError: the file differs from its schema; the message names row and column.
    """
    return read_dataset(_folder(name))


def read_dataset(folder: Path) -> pd.DataFrame:
    """Return the dataset of a folder that holds a `schema.yaml` and the CSV file it names.

    Raises:
        DatasetError: the schema or the file is missing or wrong.
    """
    schema = read_schema(folder / "schema.yaml")
    frame = read_table(folder / schema.file, schema.columns)
    frame.attrs = {
        "name": folder.name,
        "title": schema.title["en"],
        "citation": schema.citation,
        "licence": schema.licence,
        "version": schema.version,
        "seed": schema.seed,
    }
    return frame


def generate_dataset(name: str, seed: int, **options: object) -> pd.DataFrame:
    """Return a dataset as its generator makes it from a seed: same columns and types, other values.

    Args:
        name: the dataset's name.
        seed: any whole number from 0.
        options: further arguments of that dataset's `generate`.

    Raises:
        UnknownDataset: the course has no dataset of that name.
        DatasetError: the dataset has no generator.
    """
    return _generator(_folder(name) / "generate.py").generate(seed, **options)


def dataset_names(root: Path | None = None) -> list[str]:
    """Return the names of all datasets, sorted: the folders of `datasets/` that hold a `schema.yaml`."""
    return sorted(path.parent.name for path in ((root or course_root()) / "datasets").glob("*/schema.yaml"))


def _folder(name: str) -> Path:
    root = course_root()
    names = dataset_names(root)
    if name not in names:
        raise UnknownDataset(f"There is no dataset {name!r}; the course has: {', '.join(names)}.")
    return root / "datasets" / name


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
