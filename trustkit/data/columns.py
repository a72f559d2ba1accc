"""What generators of datasets draw and make columns with: the same seed gives the same columns on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def draw(rng: np.random.Generator, shares: Sequence[float] | np.ndarray, n: int) -> np.ndarray:
    """Return `n` positions (0 to k - 1) drawn with the `k` given shares, which need not add up to 1."""
    edges = np.cumsum(shares)
    return np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(edges) - 1)


def choose(rng: np.random.Generator, among: np.ndarray, how_many: int) -> np.ndarray:
    """Return `how_many` of the given positions, each at most once, in ascending order."""
    return np.sort(rng.permutation(among)[:how_many])


def to_scale(latent: np.ndarray, least: int = 1, most: int = 7) -> np.ndarray:
    """Return answers to a survey item: whole numbers from `least` to `most`."""
    return np.clip(np.rint(latent), least, most).astype(np.int64)


def ids(prefix: str, numbers: np.ndarray, width: int = 5) -> pd.Series:
    """Return ids such as `C-00042`."""
    return pd.Series([f"{prefix}-{number:0{width}d}" for number in numbers.tolist()], dtype="str")


def labels(positions: np.ndarray, names: Sequence[str], missing: np.ndarray | None = None) -> pd.Series:
    """Return a categorical column from positions in the list of its categories."""
    codes = positions if missing is None else np.where(missing, -1, positions)
    return pd.Series(pd.Categorical.from_codes(codes, categories=list(names)))


def texts(values: Sequence[str], missing: np.ndarray | None = None) -> pd.Series:
    """Return a column of text."""
    column = pd.Series(list(values), dtype="str")
    return column if missing is None else column.mask(missing)


def whole(values: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    """Return a column of whole numbers (`Int64`), missing where the mask says so."""
    column = pd.Series(np.asarray(values).astype(np.int64), dtype="Int64")
    return column if missing is None else column.mask(missing)


def decimals(values: np.ndarray, places: int, missing: np.ndarray | None = None) -> pd.Series:
    """Return a column of numbers, rounded to the places that its file shows; NaN where the mask says so."""
    column = pd.Series(np.round(np.asarray(values, dtype=float), places) + 0.0)
    return column if missing is None else column.mask(missing)


def times(minutes: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    """Return a column of times in UTC from whole minutes since 1970 (or `datetime64[m]`)."""
    column = pd.Series(minutes.astype("datetime64[m]").astype("datetime64[us]")).dt.tz_localize("UTC")
    return column if missing is None else column.mask(missing)


def dates(days: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    """Return a column of days from whole days since 1970 (or `datetime64[D]`)."""
    column = pd.Series(days.astype("datetime64[D]").astype("datetime64[us]"))
    return column if missing is None else column.mask(missing)


def with_copies(rng: np.random.Generator, table: pd.DataFrame, copies: int) -> pd.DataFrame:
    """Return the table with some rows standing in it a second time, further down."""
    n = len(table)
    source = np.sort(rng.permutation(n)[:copies])
    place = source + 1 + np.floor(rng.random(copies) * (n - source)).astype(np.int64)
    position = np.concatenate([np.arange(n, dtype=float), place - 0.5])
    rows = np.concatenate([np.arange(n), source])[np.argsort(position, kind="stable")]
    return table.iloc[rows].reset_index(drop=True)
