"""Reads all rows of a gradebook in a form that does not depend on its random ids."""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import MetaData, create_engine, select

_ROUNDS = 8  # more than the longest chain of tables that refer to each other


def rows_of(db_url: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every table, sorted; a random id stands as a digest of the row it belongs to."""
    engine = create_engine(db_url)
    try:
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            found = {
                name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for name, table in tables.tables.items()
            }
    finally:
        engine.dispose()
    known: dict[str, str] = {}
    for _ in range(_ROUNDS):
        digests: dict[str, list[str]] = {}
        for name, rows in sorted(found.items()):
            for row in rows:
                if is_random(row.get("id")):
                    others = sorted((key, _word(value, known)) for key, value in row.items() if key != "id")
                    digests.setdefault(row["id"], []).append(repr((name, others)))
        known = {id_: hashlib.sha256("".join(parts).encode()).hexdigest()[:12] for id_, parts in digests.items()}
    return {
        name: sorted(({key: _word(value, known) for key, value in row.items()} for row in rows), key=repr)
        for name, rows in found.items()
    }


def is_random(value: object) -> bool:
    """Return whether a value is an id that nbgrader drew."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value) is not None


def _word(value: object, known: dict[str, str]) -> str:
    return known.get(value, "an id") if is_random(value) else repr(value)
