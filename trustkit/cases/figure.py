"""Draws how the simulated handlers fare: one mark for each handler at each case, conduct against outcome."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trustkit.cases.calibration import Population
from trustkit.cases.handlers import handlers
from trustkit.trust.customer import default_model

MARKERS = ("v", "s", "P", "o", "D", "*")
"""One shape for each handler, so that colour is not the only sign."""


def draw_calibration(found: Sequence[Population], path: Path, language: str = "en") -> None:
    """Write the figure as SVG: x is conduct, y is outcome, 0-100; the marked corner is where an attempt can pass."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    words = WORDS[language]
    # Letters stay letters, in the fonts of the page, and the same input gives the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "trustkit", "font.size": 11}):
        figure, axes = pyplot.subplots(figsize=(7, 5.2), layout="constrained")
        conduct, outcome = default_model().pass_mark
        axes.fill_between([conduct, 100], outcome, 100, color="#00000012", linewidth=0)
        axes.text(conduct, outcome - 1.5, words["passes"], va="top", fontsize=9)
        for marker, (id_, handler) in zip(MARKERS, handlers().items()):
            x = [one.crowds[id_].conduct for one in found]
            y = [one.crowds[id_].outcome for one in found]
            axes.scatter(x, y, marker=marker, s=42, alpha=0.8, label=handler.words[language].name, linewidths=0)
        axes.set(xlim=(0, 100), ylim=(0, 100), xlabel=words["conduct"], ylabel=words["outcome"])
        axes.legend(loc="upper left", frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None, "Title": words["title"]})
        pyplot.close(figure)


WORDS = {
    "en": {
        "title": "How simulated handlers fare at each case",
        "conduct": "conduct, 0 to 100",
        "outcome": "outcome, 0 to 100",
        "passes": "passes, if no red line",
    },
    "zh": {
        "title": "模拟处理者在各个案例中的表现",
        "conduct": "行为分，0 到 100",
        "outcome": "结果分，0 到 100",
        "passes": "没踩红线即通过",
    },
}
