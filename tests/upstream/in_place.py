"""A pytest plugin for nbgrader's own tests: they try the installed nbgrader, with our configuration in every course."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from autograder import autograding, lean_nbgrader
from autograder.execute import ExecuteHandIn
from autograder.nbgrader_config import configure

DIFFERENCES = Path(__file__).with_name("differences.yaml")
CONFIGURATION = """from autograder.nbgrader_config import configure

c = get_config()
configure(c, {root!r})
# What is upstream's own: its courses are named on the command line, and its ready-made hand-ins hold this text.
c.CourseDirectory.course_id = ""
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"
"""
"""What a class of ours has in its folder; settings that a test adds below the call take precedence."""

FORK, KERNEL, VALIDATED, STOCK = "fork", "kernel", "validated", "stock"
"""How a notebook was run; the last is a hand-in that our configuration has missed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests be run without our configuration, too."""
    parser.addoption("--stock", action="store_true", help="run nbgrader's tests without our configuration")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Make the unpacked tests those of the installed nbgrader, whose own modules they import relatively."""
    folder = early_config.rootpath / "nbgrader" / "tests"
    spec = importlib.util.spec_from_file_location(
        "nbgrader.tests", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def pytest_configure(config: pytest.Config) -> None:
    """Change nbgrader in this process as each of our classes does."""
    if not config.getoption("stock"):
        lean_nbgrader.install()
        autograding.install()


def _differing(config: pytest.Config) -> dict[str, str]:
    """Return the ids of the tests that a class of ours fails on purpose, and why."""
    if config.getoption("stock"):
        return {}
    listed = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))["differs"]
    return {f"nbgrader/tests/{name}": reason for name, reason in listed.items()}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Expect the listed tests to fail: one that passes is an error of the list."""
    differing = _differing(config)
    for item in items:
        if item.nodeid in differing:
            item.add_marker(pytest.mark.xfail(reason=differing[item.nodeid], strict=True))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a run of all tests fail when a listed test is not there."""
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    if hasattr(config, "workerinput") or reporter is None or not everything:
        return
    gone = _differing(config).keys() - {one.nodeid for one in _reports(reporter)}
    if gone:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"\n{DIFFERENCES} lists what nbgrader does not have: {', '.join(sorted(gone))}.", red=True)


@pytest.fixture(autouse=True)
def our_configuration(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the course of a test a class of ours, and see that nothing in it is graded in another way."""
    if request.config.getoption("stock"):
        yield
        return
    if "api" in request.fixturenames:
        course = request.getfixturevalue("course_dir")
        monkeypatch.setattr(request.module, "Config", lambda: configure(Config(), course))
    if {"temp_cwd", "course_dir"} <= set(request.fixturenames):
        settings = Path(request.getfixturevalue("temp_cwd"), "nbgrader_config.py")
        course = Path(request.getfixturevalue("course_dir"))
        settings.write_text(CONFIGURATION.format(root=str(course)), encoding="utf-8")
        (course / settings.name).symlink_to(settings)
    roads: list[str] = []
    _watch(monkeypatch, roads)
    yield
    request.node.user_properties += [("road", road) for road in roads]
    assert STOCK not in roads, "A hand-in was graded without our configuration."


def _watch(monkeypatch: pytest.MonkeyPatch, roads: list[str]) -> None:
    """Note on which road each notebook is run in this process."""
    forked, in_kernel = ExecuteHandIn._run_forked, Execute.preprocess

    def run_forked(self: ExecuteHandIn, *args: object) -> None:
        roads.append(FORK)
        forked(self, *args)

    def run_in_kernel(self: Execute, *args: object, **options: object) -> object:
        grading = os.environ.get("NBGRADER_EXECUTION") == "autograde"
        roads.append(KERNEL if isinstance(self, ExecuteHandIn) else STOCK if grading else VALIDATED)
        return in_kernel(self, *args, **options)

    monkeypatch.setattr(ExecuteHandIn, "_run_forked", run_forked)
    monkeypatch.setattr(Execute, "preprocess", run_in_kernel)


def _reports(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    return [one for found in reporter.stats.values() for one in found if isinstance(one, pytest.TestReport)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which road the tests' notebooks were run, and what was left out."""
    ended = [one for one in _reports(terminalreporter) if one.when == "teardown"]
    roads = Counter(road for one in ended for _, road in one.user_properties)
    terminalreporter.write_line(
        f"Hand-ins run: {roads[FORK]} in forks (our road), {roads[KERNEL]} in kernels; "
        f"notebooks run by `validate`: {roads[VALIDATED]}."
    )
    for name, reason in yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))["left out"].items():
        terminalreporter.write_line(f"Left out: {name}. {reason}")
