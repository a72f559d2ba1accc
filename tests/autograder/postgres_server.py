"""A PostgreSQL server of the tests' own: started, crashed and stopped at will, in a folder that goes away."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from trustkit.environment import find_postgres

USER, PASSWORD = "keeper", "s3cret:of/the@desk%21"
"""The password has the characters that an address of a database must write in another way."""


def programs() -> Path | None:
    """Return the folder of the server's programs, or None where PostgreSQL is not installed."""
    found = find_postgres()
    return Path(found).resolve().parent if found else None


class Server:
    """One server on a free port of 127.0.0.1, with password sign-in and no unix socket."""

    def __init__(self) -> None:
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="trustkit-postgres-"))
        # PostgreSQL refuses to be run by root
        self._account = {} if os.geteuid() else _some_account()
        if self._account:
            shutil.chown(self.folder, self._account["user"], self._account["group"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = subprocess.run(
            [self._programs / "initdb", "-D", self.folder / "data", "-U", USER, "-A", "scram-sha-256",
             f"--pwfile={secret}", "--no-sync", "-E", "UTF8", "--locale=C"],
            cwd=self.folder, capture_output=True, text=True, **self._account,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-c",
                 "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"],
                cwd=self.folder, stdout=log, stderr=log, **self._account,
            )  # fmt: skip
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.own("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < until and self._process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.1)

    def crash(self) -> None:
        """End the server at once; every connection breaks, and nothing is written in an orderly way."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """Stop the server and delete what it kept."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)

    def own(self, database: str) -> str:
        """Return the address of a database as psycopg takes it, password included."""
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def shown(self, database: str) -> str:
        """Return the address that people see and SQLAlchemy takes, without the password."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def make_database(self, name: str) -> str:
        """Make an empty database and return its address, password included.

        Where the server can, it sorts as English readers do, which SQLite does not.
        """
        try:
            english = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'"
            self.run("postgres", f'CREATE DATABASE "{name}" {english}')
        except (psycopg.errors.SyntaxError, psycopg.errors.FeatureNotSupported):
            self.run("postgres", f'CREATE DATABASE "{name}"')
        return self.own(name)

    def run(self, database: str, statement: str) -> None:
        """Run one statement in a database."""
        with psycopg.connect(self.own(database), autocommit=True) as connection:
            connection.execute(statement)


def _some_account() -> dict[str, object]:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise AssertionError("root cannot run PostgreSQL, and there is neither a `postgres` nor a `nobody` to run it as")
