"""Writes the report on an import: what was read, what was not and why, without anybody's data in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trustkit.data.company.convert import EXAMPLES, Seen
from trustkit.data.company.export import ENCODINGS
from trustkit.data.company.importing import Imported
from trustkit.data.company.words import words_of

Task = tuple[str, Sequence[str]]
"""A task of the lab and what stands in its way, in words."""


def report_on(imported: Imported, tasks: Sequence[Task], language: str = "en") -> str:
    """Return the report as Markdown.

    Args:
        imported: what came of the import.
        tasks: the tasks that cannot be done on the table, or only with care, each with the reasons.
        language: "en" or "zh".
    """
    words = words_of(language)
    sections = [
        [f"# {words['title'].format(name=imported.path.name)}", *_file(imported, words)],
        [f"## {words['rows']}", *_rows(imported, words)],
        [f"## {words['odd']}", *_odd(imported, words)],
        [f"## {words['lost']}", *_lost(imported, words)],
        [f"## {words['columns']}", *_columns(imported, words, language)],
        [f"## {words['tasks']}", *_tasks(tasks, words)],
        [f"## {words['privacy']}", *_privacy(imported, words)],
    ]
    return "\n\n".join(part for section in sections for part in section if part) + "\n"


def _file(imported: Imported, words: dict) -> list[str]:
    form = imported.form
    said = words["encoding"].format(
        encoding=ENCODINGS[form.encoding], delimiter=words["delimiters"].get(form.delimiter, f"`{form.delimiter}`")
    )
    return [
        words["read-as"].format(title=imported.mapping.title) + " " + said + (f" {words['packed']}" * form.packed),
        words["zone"][imported.zone_said].format(zone=imported.zone.key) + " " + words["days"],
    ]


def _rows(imported: Imported, words: dict) -> list[str]:
    rows = [
        (words["rows-read"], imported.rows),
        (words["rows-kept"], imported.kept),
        (words["rows-rejected"], imported.rejected.counts.total()),
        *((words["rows-left-out"].format(header=header), count) for header, count in imported.left_out.items()),
    ]
    parts = [_table(words["rows-table"], [(what, f"{count:,}") for what, count in rows])]
    if imported.rejected.counts:
        why = [f"- {words['reasons'][reason]}: {said}" for reason, said in _told(imported.rejected, words)]
        parts += [words["rejected-why"], "\n".join(why)]
    quarters = [(f"{year}-Q{quarter}", f"{count:,}") for (year, quarter), count in sorted(imported.quarters.items())]
    parts += [
        words["period"].format(first=imported.first[:10], last=imported.last[:10]),
        words["quarters"],
        _table(words["quarters-table"], quarters),
    ]
    return parts if imported.mapping.only else [*parts, words["complaints-only"]]


def _odd(imported: Imported, words: dict) -> list[str]:
    found = [*_told(imported.duplicates, words), *_told(imported.conversion.odd, words)]
    return ["\n".join(f"- {words[what]} {said}" for what, said in found)] if found else [words["odd-none"]]


def _lost(imported: Imported, words: dict) -> list[str]:
    found = [
        (f"`{what[1]}`", words["problems"][what[0]], said) for what, said in _told(imported.conversion.problems, words)
    ]
    return [words["lost-about"], _table(words["lost-table"], found)] if found else [words["nothing"]]


def _columns(imported: Imported, words: dict, language: str) -> list[str]:
    conversion, rows = imported.conversion, []
    for name in conversion.columns:
        if name in imported.missing:
            continue
        sources = conversion.sources.get(name, ())
        remarks = []
        for rule in imported.mapping.rules.get(name, ()):
            if rule.remark and (said := rule.remark.get(language, rule.remark["en"])) not in remarks:
                remarks.append(said)
        share = imported.filled[name] / imported.kept
        told = f"{share:.0%}" if share in (0, 1) or 0.01 <= share <= 0.99 else f"{share:.1%}"
        rows.append((f"`{name}`", words["comma"].join(f"`{one}`" for one in sources), told, " ".join(remarks)))
    parts = [_table(words["columns-table"], rows)]
    for key, names in (("empty-columns", imported.missing), ("unread", conversion.unread)):
        if names:
            parts.append(words[key].format(columns=words["comma"].join(f"`{name}`" for name in names)))
    return parts


def _tasks(tasks: Sequence[Task], words: dict) -> list[str]:
    if not tasks:
        return [words["tasks-all"]]
    return [words["tasks-some"], "\n".join(f"- **{title}**: {'; '.join(reasons)}" for title, reasons in tasks)]


def _privacy(imported: Imported, words: dict) -> list[str]:
    ids = [name for name in sorted(imported.mapping.pseudonyms) if imported.filled[name]]
    told = words["comma"].join(f"`{name}`" for name in ids)
    parts = [words["privacy-ids"].format(columns=told) if ids else words["privacy-none"]]
    if "complaint_id" not in ids:
        parts.append(words["privacy-complaint"])
    parts.append(words["privacy-text" if "text" in imported.conversion.sources else "privacy-no-text"])
    masked = [f"{words['masks'][kind]} {count:,}" for kind, count in imported.conversion.masks.counts.items() if count]
    if masked:
        parts.append(words["privacy-masked"].format(masked=words["comma"].join(masked)))
    return [" ".join(parts), words["privacy-rejected"], words["privacy-ask"]]


def _told(seen: Seen, words: dict) -> Iterable[tuple]:
    """Yield what was found with its number and the first lines, the most frequent first."""
    for what, count in seen.counts.most_common():
        lines = ", ".join(f"{line}" for line in seen.lines[what]) + (words["more"] if count > EXAMPLES else "")
        yield what, words["lines"].format(count=f"{count:,}", lines=words["line"].format(lines=lines))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    # A sign of a column in a header of the export must not break the table.
    cells = [[str(one).replace("|", "\\|").replace("\n", " ") for one in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *cells])
