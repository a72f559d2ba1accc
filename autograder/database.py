"""Where a class keeps its gradebook: in a SQLite file of its own, or in a PostgreSQL database that one setting names.

The environment variable `TRUSTKIT_DATABASE_URL` counts when a class is made. The class then remembers its
database in the file `database.url`, without the password; every program that opens the gradebook reads it there.
No address that leaves this module holds a password: it is added when a connection is made.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

VARIABLE = "TRUSTKIT_DATABASE_URL"
"""Environment variable with the address of the database, such as `postgresql://teacher@db.example/trust`."""

RECORD = "database.url"
"""File in the class folder that names the class's database; a class without it keeps its gradebook in SQLite."""

SECRET_VARIABLES = (VARIABLE, "PGPASSWORD", "PGPASSFILE")
"""Environment variables that no trainee's code may see."""

_DRIVER = "postgresql+psycopg"
_NAMES = ("postgres", "postgresql", _DRIVER)
_SECRETS = ("password", "sslpassword")
_SECONDS_TO_CONNECT = 10
_FORM = "postgresql://USER@HOST/DATABASE"


class DatabaseError(Exception):
    """The gradebook's database cannot be used; the message says why and what to do, without any password."""


def database_url(root: Path | str) -> str:
    """Return SQLAlchemy's address of a class's gradebook, without a password.

    Args:
        root: the class instance's folder.

    Raises:
        DatabaseError: the setting names another database than the class's own, or cannot be read.
    """
    root = Path(root).resolve()
    record, named = root / RECORD, _named()
    if not record.is_file():
        if named is not None and not _is_new(root):
            raise DatabaseError(
                f"The class in {root} keeps its gradebook in a SQLite file, but {VARIABLE} names the database "
                f"{without_password(named)}. A class stays where it was made: unset {VARIABLE} for this class, or "
                "make a new class."
            )
        return f"sqlite:///{root / 'gradebook.db'}"
    recorded = _parsed(record.read_text(encoding="utf-8").strip(), str(record))
    if named is None:
        return without_password(recorded)
    if _place(named) != _place(recorded):
        raise DatabaseError(
            f"The class in {root} keeps its gradebook in {without_password(recorded)}, but {VARIABLE} names "
            f"{without_password(named)}. Unset {VARIABLE} for this class; when its database has moved, write the new "
            f"address into {record}."
        )
    return without_password(named)


def choose_database(root: Path | str) -> None:
    """Settle where a new class keeps its gradebook, by `TRUSTKIT_DATABASE_URL`; does nothing for a class that exists.

    Raises:
        DatabaseError: the database cannot be reached, or holds tables already.
    """
    root, named = Path(root).resolve(), _named()
    if named is None or not _is_new(root):
        return
    address = without_password(named)
    engine = create_engine(make_url(address), connect_args=connect_args(address))
    try:
        tables = inspect(engine).get_table_names()
    except DBAPIError as problem:
        raise explained(problem, address) from None
    finally:
        engine.dispose()
    if tables:
        raise DatabaseError(
            f"The database {address} is not empty, and each class needs one of its own. Make another (createdb NAME) "
            f"and name it in {VARIABLE}."
        )
    root.mkdir(parents=True, exist_ok=True)
    (root / RECORD).write_text(address + "\n", encoding="utf-8")


def has_gradebook(root: Path | str) -> bool:
    """Return whether a class folder has a gradebook, wherever that is kept."""
    return (Path(root) / RECORD).is_file() or (Path(root) / "gradebook.db").is_file()


def without_password(address: URL | str) -> str:
    """Return an address of a database as it may be shown, written and handed on."""
    url = make_url(address)
    # `set` would take None for "as it was"
    return URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database,
        {key: value for key, value in url.query.items() if key not in _SECRETS},
    ).render_as_string(hide_password=False)  # fmt: skip


def connect_args(address: URL | str) -> dict[str, Any]:
    """Return what the driver needs beside an address without a password: the password, and a limit for waiting.

    The password is that of `TRUSTKIT_DATABASE_URL`. When it has none, PostgreSQL's own library looks for one in
    `PGPASSWORD` and in `~/.pgpass`.
    """
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        # not in the address, in which `nbgrader db upgrade` looks for the name of the file
        return {"timeout": 60}
    given: dict[str, Any] = {} if "connect_timeout" in url.query else {"connect_timeout": _SECONDS_TO_CONNECT}
    named = _named()
    if named is not None and _place(named) == _place(url) and named.username == url.username:
        given |= {key: named.query[key] for key in _SECRETS if key in named.query}
        if named.password:
            given["password"] = named.password
    return given


def explained(problem: DBAPIError, address: URL | str) -> DatabaseError:
    """Return what a person can do about a database that cannot be used."""
    url = make_url(address)
    said = " ".join(str(problem.orig).split())
    if meaning := _meaning(said, url):
        return DatabaseError(meaning)
    if url.get_backend_name() == "sqlite":
        return DatabaseError(f"The gradebook {url.database} cannot be used: {said}.")
    return DatabaseError(f"The database {without_password(url)} cannot be used: {said}")


def is_explained(problem: DBAPIError, address: URL | str) -> bool:
    """Return whether it is known what is wrong with the database, and what to do."""
    return _meaning(" ".join(str(problem.orig).split()), make_url(address)) is not None


def _meaning(said: str, url: URL) -> str | None:
    lower, lite = said.casefold(), url.get_backend_name() == "sqlite"
    for words, meaning in _MEANINGS_OF_SQLITE if lite else _MEANINGS:
        if any(word in lower for word in words):
            return meaning.format(
                database=url.database if lite else without_password(url), name=url.database,
                user=url.username or "you", folder=Path(url.database or "").parent,
            )  # fmt: skip
    return None


_MEANINGS_OF_SQLITE = (
    (
        ("is locked",),
        "The gradebook {database} has been in use by another program all the time. End that program (formgrader, a "
        "viewer of databases, a backup); then run the same command again.",
    ),
    (
        ("disk is full",),
        "The folder {folder} is full, so the gradebook cannot be written. Make room there; then run the same command "
        "again.",
    ),
    (
        ("readonly database", "unable to open database file"),
        "The gradebook {database} cannot be opened or written by this account. Look at who owns it and its folder.",
    ),
)
"""What SQLite says, and what that means for the person in front of it."""

_MEANINGS = (
    (
        ("password authentication failed", "no password supplied", "pam authentication failed"),
        "The database {database} does not accept the password of `{user}`, or was given none. Put it into ~/.pgpass "
        f"(readable by you only), or into {VARIABLE} as postgresql://USER:PASSWORD@HOST/DATABASE.",
    ),
    (
        ("does not exist", "peer authentication failed", "ident authentication failed", "no pg_hba.conf entry"),
        "The database server is there, but the database `{name}` is not, or `{user}` may not use it: {database}. Make "
        "the database (createdb {name}), or correct the address.",
    ),
    (
        ("permission denied",),
        "`{user}` may not make tables in the database {database}. Let its owner give that right, or use a database "
        "that `{user}` owns.",
    ),
    (
        ("no space left on device",),
        "The disk of the database server of {database} is full. Make room there; then run the same command again.",
    ),
    (
        ("too many clients", "remaining connection slots", "too many connections"),
        "The database server has no connection free for {database}. Wait until other programs have finished, or "
        "raise max_connections.",
    ),
    (
        (
            "connection refused", "timeout expired", "timed out", "could not translate host", "failed to resolve host",
            "name or service not known", "no such file or directory", "no route to host", "network is unreachable",
            "connection is bad", "starting up", "shutting down", "closed the connection", "terminating connection",
            "in recovery mode",
        ),
        "The database server of {database} does not answer. Start it, or correct the address; then run the same "
        "command again.",
    ),
)  # fmt: skip
"""What the driver or the server says, and what that means for the person in front of it."""


def _named() -> URL | None:
    text = os.environ.get(VARIABLE, "").strip()
    return _parsed(text, VARIABLE) if text else None


def _parsed(text: str, where: str) -> URL:
    try:
        url = make_url(text)
        if url.drivername not in _NAMES or not url.database:
            raise ValueError
        return url.set(drivername=_DRIVER)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise DatabaseError(
            f"{where} does not hold the address of a PostgreSQL database. Write it as {_FORM}; characters like @ : / "
            "in a user name or password as %40 %3A %2F."
        ) from None


def _place(url: URL) -> tuple[str, int, str | None]:
    host = url.host or url.query.get("host") or "localhost"
    return str(host), int(url.port or url.query.get("port") or 5432), url.database


def _is_new(root: Path) -> bool:
    return not has_gradebook(root) and not (root / "class.json").exists()
