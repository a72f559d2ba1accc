"""Does once for a class what a test does for every hand-in alike: hidden data, true answers, tolerances, slips.

A test's statements are run once, in the room its judges are forked from, as far as they need nothing of the trainee's
and have no effect but their values. Of statements that need the trainee, the parts that do not are worked out, and a
loop over what is known is taken turn by turn. What is left runs for each hand-in. Where it is not plain that the order
does not matter, nothing is moved.
"""

from __future__ import annotations

import ast
import builtins
import copy
import dis
import itertools
import random
import types
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.data_checks import grading_seed, hidden_frame
from autograder.running.cells import symbols
from autograder.running.judge import GivenCells, Names, plain_python
from trustkit.data import load_dataset

_LIBRARIES = frozenset({
    "builtins", "numpy", "pandas", "scipy", "statsmodels", "sklearn", "pingouin", "math", "random", "statistics",
    "itertools", "collections", "datetime", "re", "functools", "operator", "json", "unicodedata", "fractions",
    "decimal", "string", "patsy",
})  # fmt: skip
_OF_THE_KIT = (hidden_frame, grading_seed, load_dataset)
_WITH_EFFECTS = frozenset({
    "open", "input", "print", "exec", "eval", "compile", "globals", "locals", "vars", "setattr", "delattr", "display",
    "breakpoint", "exit", "quit", "help", "__import__",
})  # fmt: skip
_METHODS_WITH_EFFECTS = frozenset({
    "to_csv", "to_excel", "to_json", "to_parquet", "to_pickle", "savefig", "write", "seed", "show", "set_state",
    "setstate", "simplefilter", "filterwarnings",
})  # fmt: skip
_CHANGING = frozenset({
    "pop", "append", "remove", "insert", "extend", "update", "popitem", "setdefault", "sort", "shuffle", "clear", "add",
    "discard", "fill", "put", "reverse",
})  # fmt: skip
_OWN_GENERATORS = frozenset({"Random", "SystemRandom", "default_rng", "Generator", "RandomState", "SeedSequence"})
_STATEFUL = (random.Random, np.random.Generator, np.random.RandomState)
_UNCHANGING = (
    types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, str, bytes, int, float, complex, type(None),
    range, np.ufunc, np.generic,
)  # fmt: skip
_CHANGING_CODES = frozenset({"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_ATTR", "DELETE_ATTR", "STORE_GLOBAL"})
_COUNTED = (ast.Call, ast.BinOp, ast.Compare, ast.Subscript)
_MOST_TURNS = 60
_NO_STRAIGHT_LINE = (
    ast.Break, ast.Continue, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Delete, ast.Global,
    ast.NamedExpr, ast.Match, ast.Try,
)  # fmt: skip
_OWN_SCOPE_OR_LAZY = (
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp, ast.BoolOp, ast.JoinedStr,
    ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom,
)  # fmt: skip


@dataclass
class PreparedTest:
    """A test whose common part has been run.

    Attributes:
        source: what it was prepared from.
        left: the statements that are left for each hand-in.
        names: the names the common part has made, with those that are given: what the rest runs in.
        made: names that the common part has made.
    """

    source: str
    left: ast.Module
    names: Names
    made: frozenset[str]


def prepare(tests: Mapping[str, str], given: GivenCells) -> dict[str, PreparedTest]:
    """Run the common part of tests.

    Args:
        tests: the sources by name, in the order of the assignment.
        given: the names that are given.

    Returns:
        The tests by name, without those that are no Python.
    """
    found: dict[str, PreparedTest] = {}
    # An earlier test may have left another value there.
    left_by_tests: set[str] = set()
    for name, source in tests.items():
        with suppress(SyntaxError):
            tree = ast.parse(plain_python(source), f"<test {name}>")
            found[name] = _Preparation(given, left_by_tests).of(tree, source)
            left_by_tests |= symbols(ast.unparse(tree))[0]
    return found


class _Preparation:
    def __init__(self, given: GivenCells, unknown: Iterable[str]):
        self._names = Names(given)
        self._unknown = set(unknown)
        self._touched: set[str] = set()
        self._made: set[str] = set()
        self._safe: dict[int, tuple[bool, Any]] = {}
        self._in_functions: set[str] = set()
        self._loops = 0

    def of(self, tree: ast.Module, source: str) -> PreparedTest:
        left: list[ast.stmt] = []
        scopes = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.Lambda | ast.ClassDef)]
        self._in_functions = {name.id for one in scopes for name in _names_in(one)}
        self._take(tree.body, left)
        rest = ast.fix_missing_locations(ast.Module(left, []))
        return PreparedTest(source, rest, self._names, frozenset(self._made))

    def _take(self, statements: Iterable[ast.stmt], left: list[ast.stmt]) -> bool:
        """Run what can be run of statements, and add to `left` what cannot; return whether that changes a value."""
        changing = False
        for statement in statements:
            if self._is_done(statement):
                continue
            if (turns := self._turns_of(statement)) is None:
                changing |= self._leave(statement, left)
            elif self._take(turns, left):
                # what it went through may hold what was changed
                changing = True
                self._unknown |= self._reached(one.id for one in _names_in(statement.iter))
        return changing

    def _turns_of(self, loop: ast.stmt) -> list[ast.stmt] | None:
        """Return the statements of all turns of a loop, or None where it must stay one.

        In each turn a name that the loop sets before it is read is a name of its own: what one turn is left to do is
        not disturbed by what was done for the next.
        """
        if not isinstance(loop, ast.For) or loop.orelse:
            return None
        if any(isinstance(one, ast.Attribute | ast.Subscript) for one in ast.walk(loop.target)):
            return None
        if any(isinstance(one, _NO_STRAIGHT_LINE) for part in loop.body for one in ast.walk(part)):
            return None
        if not self._is_common(loop.iter):
            return None
        try:
            items = list(itertools.islice(self._value_of(loop.iter), _MOST_TURNS + 1))
        except Exception:
            return None
        if not 0 < len(items) <= _MOST_TURNS:
            return None
        own = _set_in_each_turn(loop)
        written = {one.id for one in _names_in(loop)}
        if own & (self._in_functions | (self._reached(written) - written)):
            # a function that reads them reads them by their name
            return None
        self._loops += 1
        turns: list[ast.stmt] = []
        for number, item in enumerate(items):
            names = {name: f"_trustkit_turn_{self._loops}_{number}_{name}" for name in own}
            turn = (_assignment(loop.target, self._keep(item), loop), *loop.body)
            turns += [_Renamed(names).visit(copy.deepcopy(one)) for one in turn]
        # the loop leaves what its last turn has set
        return turns + [_assignment(ast.Name(name, ast.Store()), names[name], loop) for name in sorted(own)]

    def _is_done(self, statement: ast.stmt) -> bool:
        """Run a statement that can be run once for all, and return whether it was one."""
        bound, free = symbols(ast.unparse(statement))
        imports = isinstance(statement, ast.Import | ast.ImportFrom)
        loads = free | {one.id for one in _names_in(statement) if isinstance(one.ctx, ast.Load) and one.id in bound}
        if bound & self._touched:
            return False
        if not imports and not (self._are_known(loads, bound) and self._may_move(statement, loads)):
            return False
        try:
            exec(compile(ast.Module([statement], []), "<test>", "exec"), self._names)
        except Exception:  # whatever is wrong shows when the test runs
            return False
        self._made |= bound
        self._unknown -= bound
        return True

    def _leave(self, statement: ast.stmt, left: list[ast.stmt]) -> bool:
        """Leave a statement to each hand-in, its common parts worked out; return whether it changes a value."""
        bound, free = symbols(ast.unparse(statement))
        if isinstance(statement, ast.Expr | ast.Assign):
            statement = _Parts(self).visit(statement)
        loaded = self._reached(free | {one.id for one in _names_in(statement)})
        self._touched |= loaded | bound
        self._unknown |= bound
        if changes := self._changes(statement, free):
            self._unknown |= {name for name in loaded if self._may_change(name)}
        left.append(statement)
        return changes

    def work_out(self, part: ast.expr) -> str | None:
        """Return the name that now holds a part's value, or None when it cannot be worked out here."""
        if not any(isinstance(one, _COUNTED) for one in ast.walk(part)) or not self._is_common(part):
            return None
        try:
            return self._keep(self._value_of(part))
        except Exception:
            return None

    def _is_common(self, part: ast.expr) -> bool:
        """Return whether a part comes out the same for every hand-in, whenever it is worked out."""
        bound, free = symbols(ast.unparse(part))
        return not bound and self._are_known(free, ()) and self._may_move(part, free)

    def _value_of(self, part: ast.expr) -> Any:
        return eval(compile(ast.Expression(part), "<test>", "eval"), self._names)

    def _keep(self, value: Any) -> str:
        """Return a new name for a value."""
        name = f"_trustkit_part_{len(self._made)}"
        self._names[name] = value
        self._made.add(name)
        return name

    def _are_known(self, loads: Iterable[str], bound: Iterable[str]) -> bool:
        if self._reached(loads) & self._unknown:
            return False
        for name in loads:
            if name in self._names:
                if not self._is_safe(self._names[name]):
                    return False
            elif name not in bound and (name in _WITH_EFFECTS or not hasattr(builtins, name)):
                return False
        return True

    def _may_move(self, node: ast.AST, loads: Iterable[str]) -> bool:
        """Return whether a node may run before all that is left for each hand-in."""
        methods = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
        if _act(methods) or any(self._is_chance_of_all(one) for one in ast.walk(node)):
            return False
        changes = self._changes(node, loads)
        return not any(
            changes or isinstance(self._names.get(name), _STATEFUL) or hasattr(self._names.get(name), "__next__")
            for name in self._reached(loads) & self._touched
            if self._may_change(name)
        )

    def _is_chance_of_all(self, node: ast.AST) -> bool:
        """Return whether a node draws from the one generator of a whole process: what is drawn depends on the order."""
        if not isinstance(node, ast.Attribute):
            return False
        whose = node.value
        of_python = isinstance(whose, ast.Name) and self._names.get(whose.id) is random
        of_numpy = isinstance(whose, ast.Attribute) and whose.attr == "random"
        return (of_python or of_numpy) and node.attr not in _OWN_GENERATORS

    def _changes(self, node: ast.AST, loads: Iterable[str]) -> bool:
        """Return whether a node may change a value in place, itself or by a function of the tests."""
        if isinstance(node, ast.AugAssign | ast.Delete):
            return True
        for one in ast.walk(node):
            if isinstance(one, ast.Attribute) and one.attr in _CHANGING:
                return True
            if isinstance(one, ast.Subscript | ast.Attribute) and not isinstance(one.ctx, ast.Load):
                return True
        functions = [self._names.get(name) for name in self._reached(loads)]
        return any(_changes_something(one.__code__) for one in functions if _is_written_here(one))

    def _may_change(self, name: str) -> bool:
        return name in self._names and not isinstance(self._names[name], _UNCHANGING)

    def _reached(self, loads: Iterable[str]) -> set[str]:
        """Return names with all that the functions among them reach."""
        reached, waiting = set(), list(loads)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                value = self._names.get(name)
                if _is_written_here(value):
                    waiting += [one for one in _names_of(value.__code__) if one in value.__globals__]
        return reached

    def _is_safe(self, value: Any) -> bool:
        """Return whether a value does nothing but work out other values."""
        if id(value) not in self._safe:
            # a function may call itself
            self._safe[id(value)] = True, value
            self._safe[id(value)] = self._look(value), value
        return self._safe[id(value)][0]

    def _look(self, value: Any) -> bool:
        if isinstance(getattr(value, "__self__", None), _STATEFUL):
            # `from random import choice`
            return False
        if isinstance(value, types.ModuleType):
            return value.__name__.partition(".")[0] in _LIBRARIES
        if any(value is one for one in _OF_THE_KIT):
            return True
        if _is_written_here(value):
            names = _names_of(value.__code__)
            if names & _WITH_EFFECTS or _act(names):
                return False
            return all(self._is_safe(value.__globals__[one]) for one in names if one in value.__globals__)
        place = getattr(value, "__module__", None) if callable(value) else type(value).__module__
        return str(place or type(value).__module__).partition(".")[0] in _LIBRARIES


class _Parts(ast.NodeTransformer):
    """Puts a name in the place of each largest part that can be worked out once."""

    def __init__(self, preparation: _Preparation):
        self._preparation = preparation

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and not isinstance(node, ast.Name | ast.Constant | ast.Starred | ast.Slice):
            readable = isinstance(getattr(node, "ctx", None), ast.Load | None)
            if readable and (name := self._preparation.work_out(node)) is not None:
                return ast.copy_location(ast.Name(name, ast.Load()), node)
            if isinstance(node, _OWN_SCOPE_OR_LAZY):
                return node
        return self.generic_visit(node)


class _Renamed(ast.NodeTransformer):
    """Gives names other names."""

    def __init__(self, names: Mapping[str, str]):
        self._new = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self._new.get(node.id, node.id), node.ctx), node)


def _assignment(target: ast.expr, name: str, at: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(ast.Assign([target], ast.Name(name, ast.Load())), at))


def _set_in_each_turn(loop: ast.For) -> set[str]:
    """Return the names that each turn of a loop sets before it reads them."""
    own = {one.id for one in _names_in(loop.target)}
    other: set[str] = set()
    for statement in loop.body:
        found, (bound, _) = _names_in(statement), symbols(ast.unparse(statement))
        if isinstance(statement, ast.Assign):
            other |= {one.id for one in found if isinstance(one.ctx, ast.Load)} - own
            own |= bound - other
        else:
            other |= ({one.id for one in found} | bound) - own
    return own


def _act(methods: set[str]) -> bool:
    """Return whether one of these methods reads or writes what is no value."""
    return not _METHODS_WITH_EFFECTS.isdisjoint(methods) or any(one.startswith("read_") for one in methods)


def _is_written_here(value: Any) -> bool:
    """Return whether a value is a function of the assignment's own, given or of its tests."""
    return isinstance(value, types.FunctionType) and value.__module__ == "__main__"


def _changes_something(code: types.CodeType) -> bool:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    own = not _CHANGING.isdisjoint(code.co_names) or any(
        one.opname in _CHANGING_CODES for one in dis.get_instructions(code)
    )
    return own or any(_changes_something(one) for one in inner)


def _names_in(node: ast.AST) -> list[ast.Name]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Name)]


def _names_of(code: types.CodeType) -> set[str]:
    names = set(code.co_names)
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            names |= _names_of(one)
    return names
