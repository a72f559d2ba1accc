"""A chart that crosses between the processes of a grading run shows what it showed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from autograder.data_checks import AnswerNotYet, expect_chart
from autograder.running.answers import decode, encode
from autograder.running.charts import describe, redraw

DAYS = pd.date_range("2024-01-01", periods=5)


def _bars(ax):
    ax.bar(["a", "b"], [1, 2], yerr=[0.1, 0.2], label="x")
    ax.legend()


def _lying_bars(ax):
    ax.barh(["low", "mid"], [1, 2], xerr=[[0.1, 0.1], [0.2, 0.2]])
    ax.invert_yaxis()
    ax.text(1, 0, "hi")


def _points(ax):
    ax.errorbar([1, 2], [3, 4], yerr=0.1, fmt="o", label="q")
    ax.axhline(0)
    ax.legend()


def _days(ax):
    ax.plot(DAYS, range(5))
    ax.fill_between(DAYS, 0, range(5))
    ax.axvline(DAYS[1])


def _scatter(ax):
    ax.scatter([1, 2], [3, 4])
    ax.set_xscale("log")
    ax.axvspan(1, 2)


def _of_pandas(ax):
    pd.Series([1, 2], index=["u", "v"]).plot.bar(ax=ax)


@pytest.fixture(params=[_bars, _lying_bars, _points, _days, _scatter, _of_pandas], ids=lambda draw: draw.__name__)
def chart(request):
    ax = Figure().add_subplot()
    request.param(ax)
    ax.set(title="What it says", xlabel="across", ylabel="up")
    return ax


def shown(ax) -> dict:
    """Return what a test can see of a chart."""
    return {
        "words": [ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), *(text.get_text() for text in ax.texts)],
        "limits": [*ax.get_xlim(), *ax.get_ylim()],
        "ticks": [[tick.get_text() for tick in axis.get_ticklabels()] for axis in (ax.xaxis, ax.yaxis)],
        "lines": [np.asarray(data).tolist() for line in ax.lines for data in (line.get_xdata(), line.get_ydata())],
        "in data": [line.get_transform() == ax.transData for line in ax.lines],
        "boxes": [(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in ax.patches if hasattr(p, "get_x")],
        "paths": [path.vertices.tolist() for one in ax.collections for path in one.get_paths()],
        "offsets": [np.asarray(one.get_offsets()).tolist() for one in ax.collections],
        "containers": [type(one).__name__ for one in ax.containers],
        "legend": [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else None,
    }


def test_a_chart_arrives_with_all_that_a_test_can_see(chart):
    arrived = decode(encode(chart, describe), redraw)
    assert type(arrived) is type(chart)
    before, after = shown(chart), shown(arrived)
    np.testing.assert_allclose(after.pop("limits"), before.pop("limits"))
    assert after == before


def test_a_figure_arrives_with_all_its_parts():
    figure = Figure()
    upper, lower = figure.subplots(2)
    upper.plot([1, 2], [3, 4])
    lower.bar([1, 2], [3, 4])
    figure.suptitle("Both")
    arrived = decode(encode(figure, describe), redraw)
    assert type(arrived) is Figure
    assert arrived.get_suptitle() == "Both"
    assert [len(ax.lines) for ax in arrived.axes] == [1, 0]
    assert [len(ax.patches) for ax in arrived.axes] == [0, 2]


def test_the_checks_say_the_same_of_a_chart_that_arrived(chart):
    arrived = decode(encode(chart, describe), redraw)
    for wanted, intervals in (([1, 2], False), ([3, 4], True), ([77], False)):
        said = []
        for ax in (chart, arrived):
            try:
                expect_chart(ax, shows=wanted, intervals=intervals)
                said.append("")
            except AnswerNotYet as refused:
                said.append(str(refused))
        assert said[0] == said[1]


def test_a_chart_of_a_hundred_thousand_pieces_is_refused_where_it_is_made():
    ax = Figure().add_subplot()
    for number in range(6000):
        ax.axhline(number)
    with pytest.raises(ValueError, match="pieces"):
        encode(ax, describe)
