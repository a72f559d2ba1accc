"""Writes a matplotlib chart down as the data of what it shows, and draws it anew from them in another process.

What a test looks at survives: lines, bars, bands, points, error bars, texts, titles, axes and legends. Styles do not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_PIECES = 5000
"""Most lines, patches, collections and texts of one chart that are carried over."""


def describe(value: Any) -> dict[str, Any] | None:
    """Return the description of an Axes or a Figure, or None for anything else."""
    import sys

    # a value cannot be a chart before matplotlib has been imported
    if "matplotlib.figure" not in sys.modules:
        return None
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if type(value) is Figure:
        return {"which": None, **_figure(value)}
    if type(value) is Axes and type(value.figure) is Figure:
        return {"which": value.figure.axes.index(value), **_figure(value.figure)}
    return None


def redraw(description: dict[str, Any]) -> Any:
    """Return the Figure, or the Axes of a new Figure, that a description tells of.

    Raises:
        KeyError, TypeError, ValueError: the description is damaged.
    """
    from matplotlib.figure import Figure

    figure = Figure()
    for number, told in enumerate(description["axes"]):
        _redraw_axes(figure.add_axes((0, 0, 1, 1), label=str(number)), told)
    if description["suptitle"]:
        figure.suptitle(str(description["suptitle"]))
    for words in description["legends"]:
        figure.legend(handles=_handles(words))
    return figure if description["which"] is None else figure.axes[description["which"]]


def _figure(figure: Any) -> dict[str, Any]:
    return {
        "suptitle": figure.get_suptitle(),
        "legends": [_legend(one) for one in figure.legends],
        "axes": [_axes(one) for one in figure.axes],
    }


def _axes(ax: Any) -> dict[str, Any]:
    lines, patches = list(ax.lines), list(ax.patches)
    collections, texts = list(ax.collections), list(ax.texts)
    if len(lines) + len(patches) + len(collections) + len(texts) > MOST_PIECES:
        raise ValueError(f"the chart has more than {MOST_PIECES:,} pieces")
    transforms = {
        "data": ax.transData, "axes": ax.transAxes,
        "across": ax.get_yaxis_transform(which="grid"), "along": ax.get_xaxis_transform(which="grid"),
    }  # fmt: skip

    def place(artist: Any) -> str:
        own = artist.get_transform()
        return next((name for name, one in transforms.items() if own == one), "other")

    return {
        "titles": [ax.get_title(loc) for loc in ("center", "left", "right")],
        "labels": [ax.get_xlabel(), ax.get_ylabel()],
        "limits": [list(map(float, ax.get_xlim())), list(map(float, ax.get_ylim()))],
        "scales": [ax.get_xscale(), ax.get_yscale()],
        "ticks": [[np.asarray(one.get_ticklocs(), dtype=float), [t.get_text() for t in one.get_ticklabels()]]
                  for one in (ax.xaxis, ax.yaxis)],
        "lines": [
            {
                "shown": [_column(one.get_xdata(orig=True)), _column(one.get_ydata(orig=True))],
                "drawn": [np.asarray(data, dtype=float) for data in (one.get_xdata(False), one.get_ydata(False))],
                "place": place(one), "label": str(one.get_label()), "visible": bool(one.get_visible()),
            }
            for one in lines
        ],
        "patches": [_patch(one) for one in patches],
        "collections": [
            {
                "kind": type(one).__name__,
                "paths": [np.asarray(path.vertices, dtype=float) for path in one.get_paths()],
                "offsets": np.ma.filled(np.ma.asarray(one.get_offsets(), dtype=float), np.nan),
                "label": str(one.get_label()), "visible": bool(one.get_visible()),
            }
            for one in collections
        ],
        "texts": [
            [*map(float, one.get_unitless_position()), one.get_text(), place(one)] for one in texts
        ],
        "containers": [_container(one, lines, patches, collections) for one in ax.containers],
        "legend": _legend(ax.get_legend()) if ax.get_legend() else None,
    }  # fmt: skip


def _column(values: Any) -> np.ndarray:
    array = np.asarray(values)
    return array if array.dtype.kind in "biufmMU" else np.asarray(array, dtype=object)


def _patch(patch: Any) -> dict[str, Any]:
    from matplotlib.patches import Rectangle

    told: dict[str, Any] = {"label": str(patch.get_label()), "visible": bool(patch.get_visible())}
    if isinstance(patch, Rectangle):
        box = (patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height())
        return told | {"box": [float(one) for one in box]}
    return told | {"path": np.asarray(patch.get_path().vertices, dtype=float)}


def _container(container: Any, lines: list, patches: list, collections: list) -> dict[str, Any] | None:
    from matplotlib.container import BarContainer, ErrorbarContainer

    def among(things: list, wanted: Any) -> list[int]:
        places = {id(one): number for number, one in enumerate(things)}
        return [places[id(one)] for one in wanted if id(one) in places]

    if isinstance(container, BarContainer):
        return {"bars": among(patches, container.patches), "orientation": container.orientation}
    if isinstance(container, ErrorbarContainer):
        points, caps, ranges = container.lines
        return {
            "points": among(lines, [points] if points is not None else []),
            "caps": among(lines, caps),
            "ranges": among(collections, ranges),
            "sides": [bool(container.has_xerr), bool(container.has_yerr)],
        }
    return None


def _legend(legend: Any) -> list[str]:
    return [one.get_text() for one in legend.get_texts()]


def _handles(words: list[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], label=str(one)) for one in words]


def _redraw_axes(ax: Any, told: dict[str, Any]) -> None:
    from matplotlib.container import BarContainer, ErrorbarContainer

    lines = [_redraw_line(ax, one) for one in told["lines"]]
    patches = [ax.add_patch(_redraw_patch(one)) for one in told["patches"]]
    collections = [ax.add_collection(_redraw_collection(one), autolim=False) for one in told["collections"]]
    for x, y, words, place in told["texts"]:
        ax.text(x, y, str(words), transform=_transform(ax, place))
    for one in told["containers"]:
        if one is not None and "bars" in one:
            bars = [patches[number] for number in one["bars"]]
            ax.add_container(BarContainer(bars, orientation=one["orientation"]))
        elif one is not None:
            points = [lines[number] for number in one["points"]]
            parts = (
                points[0] if points else None,
                tuple(lines[number] for number in one["caps"]),
                tuple(collections[number] for number in one["ranges"]),
            )
            ax.add_container(ErrorbarContainer(parts, *(bool(side) for side in one["sides"])))
    ax.set_xscale(_known_scale(told["scales"][0]))
    ax.set_yscale(_known_scale(told["scales"][1]))
    for words, side in zip(told["titles"], ("center", "left", "right"), strict=True):
        ax.set_title(str(words), loc=side)
    ax.set_xlabel(str(told["labels"][0]))
    ax.set_ylabel(str(told["labels"][1]))
    for axis, (places, words) in zip((ax.xaxis, ax.yaxis), told["ticks"], strict=True):
        if len(places) == len(words):
            axis.set_ticks(places, labels=[str(one) for one in words])
    # ticks widen the limits, so the limits come last
    ax.set_xlim(*told["limits"][0])
    ax.set_ylim(*told["limits"][1])
    if told["legend"] is not None:
        ax.legend(handles=_handles(told["legend"]))


def _known_scale(name: Any) -> str:
    return name if name in ("linear", "log", "symlog", "logit") else "linear"


def _redraw_line(ax: Any, told: dict[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    shown_x, shown_y = told["shown"]

    class DrawnLine(Line2D):
        """A line that gives back its data as the trainee gave them, dates and names included."""

        def get_xdata(self, orig: bool = True) -> Any:
            return shown_x if orig else super().get_xdata(False)

        def get_ydata(self, orig: bool = True) -> Any:
            return shown_y if orig else super().get_ydata(False)

    line = DrawnLine(*told["drawn"], label=str(told["label"]), visible=bool(told["visible"]))
    if told["place"] != "data":
        line.set_transform(_transform(ax, told["place"]))
    return ax.add_line(line)


def _transform(ax: Any, place: str) -> Any:
    from matplotlib.transforms import IdentityTransform

    if place == "across":
        return ax.get_yaxis_transform(which="grid")
    if place == "along":
        return ax.get_xaxis_transform(which="grid")
    return {"data": ax.transData, "axes": ax.transAxes}.get(place) or IdentityTransform()


def _redraw_patch(told: dict[str, Any]) -> Any:
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path

    style = {"label": str(told["label"]), "visible": bool(told["visible"])}
    if "box" in told:
        x, y, width, height = told["box"]
        return Rectangle((x, y), width, height, **style)
    return PathPatch(Path(told["path"]), **style)


def _redraw_collection(told: dict[str, Any]) -> Any:
    from matplotlib.collections import LineCollection, PathCollection, PolyCollection
    from matplotlib.path import Path

    style = {"label": str(told["label"]), "visible": bool(told["visible"])}
    if told["kind"] == "LineCollection":
        return LineCollection(told["paths"], **style)
    if "Poly" in told["kind"] or "Fill" in told["kind"]:
        return PolyCollection(told["paths"], closed=False, **style)
    return PathCollection([Path(one) for one in told["paths"]], offsets=told["offsets"], **style)
