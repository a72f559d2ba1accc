"""Which cells belong to whom: given by the assignment, written by the trainee, or a test."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.running.cells import GIVEN, OWN, SKIPPED, TEST, kind_of, read_assignment
from autograder.source import assignment_ids, read_exercise, write_source
from trustkit.course import course_root


def given(source: str, name: str = "given"):
    return _cell(source, name, locked=True)


def own(source: str, name: str = "own"):
    return _cell(source, name, solution=True)


def a_test(source: str, name: str = "test"):
    return _cell(source, name, grade=True, locked=True, points=1)


def _cell(source: str, name: str, **marks):
    marks = {"grade": False, "solution": False, "locked": False, "grade_id": name, "schema_version": 3, **marks}
    return new_code_cell(source, metadata={"nbgrader": marks})


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (given("x = 1"), GIVEN), (own("x = 1"), OWN), (a_test("assert x"), TEST), (new_code_cell("x = 1"), OWN),
        (new_code_cell("  "), SKIPPED), (new_markdown_cell("x"), SKIPPED),
        (new_code_cell("x", metadata={"tags": ["show-only"]}), SKIPPED),
    ],
)  # fmt: skip
def test_a_cell_belongs_to_who_may_change_it(cell, kind):
    assert kind_of(cell, "show-only") == kind


def test_the_opening_is_what_comes_before_the_trainees_first_cell():
    cells = [given("import math"), a_test("assert math"), given("t = [1]"), own("def f(): ..."), given("u = t")]
    assignment = read_assignment(new_notebook(cells=cells))
    assert assignment.opening == ("import math", "t = [1]")
    assert assignment.given == ("import math", "t = [1]", "u = t")


def test_a_given_cell_that_needs_the_trainees_function_is_not_the_judges():
    cells = [given("t = [1]"), own("def clean(t): ..."), given("cleaned = clean(t)"), given("size = len(cleaned)")]
    assert read_assignment(new_notebook(cells=cells)).given == ("t = [1]",)


def test_names_inside_functions_and_comprehensions_count():
    cells = [own("rate = 2"), given("def f(x):\n    return [rate * y for y in x]"), given("def g(x):\n    return x")]
    assert read_assignment(new_notebook(cells=cells)).given == ("def g(x):\n    return x",)


def test_modules_are_found_wherever_they_are_imported():
    source = "def f():\n    import statsmodels.api as sm\n    from sklearn.metrics import f1_score\n    return sm"
    assert {"statsmodels.api", "sklearn.metrics"} <= set(read_assignment(new_notebook(cells=[own(source)])).modules)


@pytest.mark.parametrize("name", assignment_ids(course_root()))
def test_no_given_cell_of_the_course_needs_the_trainee(name, tmp_path):
    import nbformat

    write_source(read_exercise(name), "en", tmp_path)
    notebook = nbformat.read(next(tmp_path.rglob("*.ipynb")), as_version=4)
    assignment = read_assignment(notebook, "show-only")
    kinds = [kind_of(cell, "show-only") for cell in notebook.cells]
    assert len(assignment.given) == kinds.count(GIVEN)
    assert len(assignment.tests) == kinds.count(TEST)
