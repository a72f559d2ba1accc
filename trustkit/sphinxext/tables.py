"""Makes a table of the book from rows of text or nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str | nodes.Node]], widths: Sequence[int], *, wide: bool = False
) -> nodes.table:
    """Return a table; a cell is a text or an inline node, and `widths` are shares of the page's width.

    A wide table keeps its width on a narrow screen and scrolls there.
    """
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), cols=len(widths))
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *(_row(cells) for cells in rows))
    return nodes.table("", group, classes=["tk-wide"] if wide else [])


def _row(cells: Sequence[str | nodes.Node]) -> nodes.row:
    texts = (nodes.Text(cell) if isinstance(cell, str) else cell for cell in cells)
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", text)) for text in texts))
