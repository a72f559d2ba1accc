"""Spares nbgrader work it does again and again: opening the gradebook, and checking its own schemas.

nbgrader opens the gradebook dozens of times for one hand-in, each time with a new engine and a look at all
tables; it checks its metadata schema anew for every cell; and it starts a program to learn a word it has on
disk. After `install` a process keeps one engine for each gradebook and one validator for each schema. What is
written is the same to the row.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import lean_imports  # noqa: F401  (must come before nbgrader)
from autograder.database import DatabaseError, connect_args, explained, is_explained, without_password

import jsonschema  # isort: skip
import nbgrader.api as api  # isort: skip
import nbgrader.nbgraderformat.common as metadata  # isort: skip
from sqlalchemy import Connection, Engine, event, inspect, make_url, select, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Query, Session, scoped_session, sessionmaker

_stock_find = {name: getattr(api.Gradebook, name) for name in ("find_grade", "find_comment", "find_source_cell")}
_stock_open = api.Gradebook.__init__
_stock_close = api.Gradebook.close


@dataclass(frozen=True)
class _Kept:
    """An engine whose tables are known to be there; for a SQLite file, which file it has open."""

    engine: Engine
    file: tuple[int, int] | None


_kept: dict[str, _Kept] = {}
_inherited: list[dict[str, _Kept]] = []
_told: weakref.WeakKeyDictionary[Engine, DatabaseError] = weakref.WeakKeyDictionary()
"""What was last wrong with a gradebook, since it was last opened."""
_lock = threading.RLock()


def install() -> None:
    """Make nbgrader lean in this process, for all its threads; a second call changes nothing."""
    api.Gradebook.__init__ = _open
    api.Gradebook.close = _close
    api.Gradebook.__exit__ = _exit
    for name, find in (("find_grade", _grades), ("find_comment", _comments), ("find_source_cell", _source_cells)):
        setattr(api.Gradebook, name, _at_once(name, find))
    api.get_alembic_version = schema_version
    metadata.BaseMetadataValidator.__init__ = _take_schema
    metadata.jsonschema = _Validation
    # Only a Jupyter server that has loaded formgrader has its handlers.
    formgrader = sys.modules.get("nbgrader.server_extensions.formgrader.base")
    if formgrader is not None:
        formgrader.BaseHandler.on_finish = _close_after_request


@functools.cache
def schema_version() -> str:
    """Return the version of the gradebook's tables that the installed nbgrader works with."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


# The gradebook ------------------------------------------------------------------------------------------------------


def _open(
    self: api.Gradebook, db_url: str, course_id: str = "default_course", authenticator: object | None = None
) -> None:
    """Take the place of `Gradebook.__init__`: the engine is this process's own for that gradebook."""
    with _lock:
        engine = _engine(db_url)
    if engine is None:
        _stock_open(self, db_url, course_id, authenticator)
        return
    self.engine = engine
    self.db = scoped_session(sessionmaker(autoflush=True, bind=engine, future=True))
    self.course_id, self.authenticator = course_id, authenticator
    _told.pop(engine, None)
    try:
        is_there = not course_id or _has_course(engine, course_id)
    except (OperationalError, ProgrammingError):
        # Somebody emptied or replaced the database since this process last saw its tables.
        _prepare(engine)
        is_there = False
    if not is_there:
        _enter_course(self.db, course_id)


def _close(self: api.Gradebook) -> None:
    """Take the place of `Gradebook.close`: the session ends, the engine stays for the next one."""
    if any(kept.engine is self.engine for kept in list(_kept.values())):
        self.db.remove()
    else:
        _stock_close(self)


def _exit(self: api.Gradebook, kind: type | None, problem: BaseException | None, traceback: object) -> None:
    """Take the place of `Gradebook.__exit__`: what comes of a failure that nobody heard is told by its cause.

    nbgrader logs rows, which reads them, and `logging` passes over whatever happens then: only the next use of the
    session fails, in the library's own words.

    Raises:
        DatabaseError: the database could not be used.
    """
    self.close()
    if isinstance(problem, SQLAlchemyError) and (told := _told.get(self.engine)):
        raise told from None


def _close_after_request(self: Any) -> None:
    """End formgrader's session with each request: a database that went away meanwhile would spoil it for good."""
    gradebook = self.settings.get("nbgrader_gradebook")
    if gradebook is not None:
        self.settings["nbgrader_gradebook"] = None
        gradebook.close()


def _at_once(name: str, find: Callable[..., Query]) -> Callable[..., Any]:
    """Return what takes the place of a method that looks for one row by its cell's name: all of a notebook are read.

    Args:
        name: the method.
        find: returns the query for cells' names and rows, by the arguments after the cell's name.
    """
    stock = _stock_find[name]

    @functools.wraps(stock)
    def found(self: api.Gradebook, cell: str, *where: str) -> Any:
        read = self.__dict__.setdefault("_read_at_once", {})
        if (name, where) not in read:
            read[name, where] = dict(find(self.db, *where).all())
        row = read[name, where].get(cell)
        # one that has been made or removed since is looked for as ever
        return row if row is not None and inspect(row).persistent else stock(self, cell, *where)

    return found


def _grades(db: Session, notebook: str, assignment: str, student: str) -> Query:
    return _of_hand_in(db, api.Grade, notebook, assignment, student)


def _comments(db: Session, notebook: str, assignment: str, student: str) -> Query:
    return _of_hand_in(db, api.Comment, notebook, assignment, student)


def _of_hand_in(db: Session, kind: type, notebook: str, assignment: str, student: str) -> Query:
    handed_in = db.query(api.SubmittedNotebook.id).join(
        api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id
    ).join(
        api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id
    ).join(
        api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id
    ).filter(
        api.Notebook.name == notebook, api.Assignment.name == assignment,
        api.SubmittedAssignment.student_id == student,
    )  # fmt: skip
    cells = db.query(api.BaseCell.name, kind).join(kind, kind.cell_id == api.BaseCell.id)
    return cells.filter(kind.notebook_id.in_(handed_in))


def _source_cells(db: Session, notebook: str, assignment: str) -> Query:
    cells = db.query(api.SourceCell.name, api.SourceCell).join(
        api.Notebook, api.Notebook.id == api.SourceCell.notebook_id
    )
    return cells.join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id).filter(
        api.Notebook.name == notebook, api.Assignment.name == assignment
    )


def _engine(db_url: str) -> Engine | None:
    """Return the engine kept for a gradebook, made when it is new; None for what exists in one connection only."""
    url = make_url(db_url)
    path = None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database.startswith((":", "file:")):
            return None
        # nbgrader changes the working folder, so a relative path is not always the same gradebook.
        path = Path(url.database).absolute()
        url = url.set(database=str(path))
    key = url.render_as_string(hide_password=False)
    kept = _kept.get(key)
    # While the engine has a connection to a deleted file, no new file can get that file's number.
    if kept and kept.file == _file_number(path):
        return kept.engine
    if kept:
        del _kept[key]
        kept.engine.dispose()
    # Many sessions may be open at once in a server. A connection that a restarted database has dropped is replaced.
    engine = api.create_engine(
        url, echo=False, future=True, max_overflow=-1, pool_pre_ping=path is None, connect_args=connect_args(url)
    )
    event.listen(engine, "handle_error", _explain)
    try:
        _prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    _kept[key] = _Kept(engine, _file_number(path))
    return engine


def _explain(context: ExceptionContext) -> None:
    """Raise in words what happens when the database cannot be reached, goes away, is locked or its disk is full."""
    problem, engine = context.sqlalchemy_exception, context.engine
    # a ping that finds the connection broken only leads to a new one
    if context.is_pre_ping or engine is None or not isinstance(problem, DBAPIError):
        return
    gone = context.is_disconnect or context.connection is None
    if gone or (isinstance(problem, OperationalError) and is_explained(problem, engine.url)):
        _told[engine] = explained(problem, engine.url)
        raise _told[engine]


def _file_number(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare(engine: Engine) -> None:
    """Make the tables that are missing, as nbgrader does; of several processes at once only one makes them.

    Raises:
        DatabaseError: the database does not let us in, or its tables are those of another nbgrader.
    """
    try:
        with engine.connect() as connection:
            if not _has_tables(connection):
                _make_tables(connection)
            _check_version(connection)
    except (OperationalError, ProgrammingError) as problem:
        raise explained(problem, engine.url) from None


def _has_tables(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    return there.issuperset(api.Base.metadata.tables) and "alembic_version" in there


def _make_tables(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('nbgrader tables'))"))
    existed = bool(inspect(connection).get_table_names())
    api.Base.metadata.create_all(bind=connection)
    if not existed:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(
            text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": schema_version()}
        )
    connection.commit()


def _check_version(connection: Connection) -> None:
    version = None
    if inspect(connection).has_table("alembic_version"):
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if version != schema_version():
        raise DatabaseError(
            f"The tables of the gradebook {without_password(connection.engine.url)} are those of another nbgrader "
            f"(version {version or 'unknown'}, not {schema_version()}). Make a copy of the gradebook first; then bring "
            "it up to date with `nbgrader db upgrade`, typed in the class folder."
        )


def _has_course(engine: Engine, course_id: str) -> bool:
    # without a session: a gradebook is opened ten times for each hand-in
    with engine.connect() as connection:
        return connection.execute(select(api.Course.id).where(api.Course.id == course_id)).first() is not None


def _enter_course(db: scoped_session, course_id: str) -> None:
    """Enter the course, as `Gradebook.check_course` does, also when another process does the same right now."""
    if db.get(api.Course, course_id) is None:
        db.add(api.Course(id=course_id))
        try:
            db.commit()
        except IntegrityError:
            db.rollback()
            if db.get(api.Course, course_id) is None:
                raise
    db.commit()


def _forget_parents_engines() -> None:
    """Begin anew in a forked child: a connection that two processes use mixes up their answers."""
    global _kept, _lock
    # Kept out of use but referred to: letting go of them would close the parent's connections.
    _inherited.append(_kept)
    _kept, _lock = {}, threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents_engines)


# The schemas of cell metadata ---------------------------------------------------------------------------------------


class _Validation:
    """Takes the place of the module `jsonschema` in nbgrader's metadata checks."""

    ValidationError = jsonschema.ValidationError

    @staticmethod
    def validate(instance: Any, schema: dict[str, Any]) -> None:
        """Check an instance as `jsonschema.validate` does, with the schema itself checked once.

        Raises:
            jsonschema.ValidationError: the instance does not fit.
        """
        validator = _validators.get(id(schema))
        if validator is None:
            jsonschema.validate(instance, schema)
            return
        error = jsonschema.exceptions.best_match(validator.iter_errors(instance))
        if error is not None:
            raise error


def _take_schema(self: metadata.BaseMetadataValidator) -> None:
    self.schema = _schema(self.schema_version)


_validators: dict[int, Any] = {}
"""Validator by the identity of a schema; `_schema` keeps its schemas, so an identity stays true."""


@functools.cache
def _schema(version: int) -> dict[str, Any]:
    schema = json.loads(Path(metadata.root, f"v{version}.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    _validators[id(schema)] = kind(schema)
    return schema
