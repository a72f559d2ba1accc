"""Turns one record of an export into a row of the complaint table, and counts what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from trustkit.data.company.export import Record
from trustkit.data.company.mapping import ExportMapping, Rule, columns, extra_columns, plain
from trustkit.data.company.personal import Masks, Pseudonyms, tells_of_a_person
from trustkit.data.company.values import duration, minutes_between, moment, number
from trustkit.data.schema import Column, DatasetError

EXAMPLES = 5
"""How many line numbers are kept as examples of each fault."""
WHEN_CLOSED = ("resolved_at", "contacts", "remedy", "closed_without_confirm", "reopened")
"""Columns that are missing while a complaint is open."""
_FLAGS = {
    "1": "1",
    "0": "0",
    "yes": "1",
    "no": "0",
    "true": "1",
    "false": "0",
    "y": "1",
    "n": "0",
    "是": "1",
    "否": "0",
}


class Rejected(Exception):
    """A record that cannot become a row; `reason` is a key of `words.yaml`."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(reason)


class LeftOut(Exception):
    """A record that the mapping leaves out; `header` is the column that decided."""

    def __init__(self, header: str):
        self.header = header
        super().__init__(header)


@dataclass
class Seen:
    """How often something was found, by what it is, and the first lines where."""

    counts: Counter = field(default_factory=Counter)
    lines: dict = field(default_factory=dict)

    def add(self, what: object, line: int) -> None:
        """Count one more, found in a line of the export."""
        self.counts[what] += 1
        if self.counts[what] <= EXAMPLES:
            self.lines.setdefault(what, []).append(line)


class Conversion:
    """What an export with a certain header becomes by a mapping.

    Args:
        mapping: how its columns become the table's.
        header: its headers.
        zone: where times without a zone were written.
        with_text: whether free text is taken over, masked.
        pseudonyms: the pseudonyms of this import.

    Attributes:
        sources: by column of the table, the headers that it is read from.
        unread: the headers that nothing is read from.
        problems: values that could not be read and are missing now, by (kind, column).
        odd: what is kept but looks wrong, by kind.
        masks: what masks and counts.

    Raises:
        DatasetError: the file lacks a column without which nothing can be read.
    """

    def __init__(
        self, mapping: ExportMapping, header: tuple[str, ...], zone: ZoneInfo, with_text: bool, pseudonyms: Pseudonyms
    ):
        self.mapping, self.zone, self.pseudonyms = mapping, zone, pseudonyms
        self.masks, self.problems, self.odd = Masks(), Seen(), Seen()
        self.now = datetime.now(UTC) + timedelta(days=1)
        at: dict[str, int] = {}
        for place, name in enumerate(header):
            at.setdefault(plain(name), place)
        self._rules: dict[str, list[tuple[int, Rule]]] = {}
        self.sources: dict[str, list[str]] = {}
        for name in columns():
            if name == "text" and not with_text:
                continue
            bound = []
            for rule in mapping.rules.get(name, ()):
                place = next((at[plain(source)] for source in rule.sources if plain(source) in at), None)
                if place is not None:
                    bound.append((place, rule))
            if bound:
                self._rules[name] = bound
                self.sources[name] = [header[place] for place, _ in bound]
        for name in ("opened_at", "complaint_id"):
            if name not in self._rules:
                wanted = " or ".join(f"`{source}`" for rule in mapping.rules[name] for source in rule.sources)
                raise DatasetError(
                    mapping.path, 0, f"`{name}` is read from {wanted}, and the export has no such column. "
                    f"It has: {', '.join(filter(None, header))}.",
                )  # fmt: skip
        for source in mapping.only:
            if plain(source) not in at:
                raise DatasetError(mapping.path, 0, f"`only` names the column `{source}`, which the export has not.")
        # What is read first is what others are measured from.
        first = ("opened_at", "promise_made_at")
        self._order = sorted(self._rules, key=lambda name: first.index(name) if name in first else len(first))
        self._names = [at[plain(name)] for name in mapping.names if plain(name) in at]
        self._only, self._leave_out, self._open = (
            [(at[plain(source)], source, values) for source, values in one.items() if plain(source) in at]
            for one in (mapping.only, mapping.leave_out, mapping.open)
        )
        self._columns = columns()
        used = {place for bound in self._rules.values() for place, _ in bound}
        used |= {place for place, _, _ in (*self._only, *self._leave_out, *self._open)}
        self.unread = [name for place, name in enumerate(header) if place not in used and name]
        self.columns = [name for name in self._columns if name not in extra_columns()]
        self.columns += [name for name in extra_columns() if name in self._rules]
        if "disputed" in self._rules:
            self.columns.insert(self.columns.index("disputed") + 1, "disputed_censored")

    def row(self, record: Record) -> dict[str, str]:
        """Return the row of a record, as texts by column; what is missing is left out.

        Raises:
            Rejected: it has a fault, no id, or no time that can be read.
            LeftOut: the mapping leaves it out.
        """
        if record.fault:
            raise Rejected(record.fault)
        fields = [one.strip() for one in record.fields]
        for place, source, values in self._leave_out:
            if plain(fields[place]) in values:
                raise LeftOut(source)
        for place, source, values in self._only:
            if plain(fields[place]) not in values:
                raise LeftOut(source)
        empty = self.mapping.empty
        names = [fields[place] for place in self._names if fields[place] not in empty]
        row: dict[str, str] = {}
        times: dict[str, datetime] = {}
        for name in self._order:
            column = self._columns[name]
            for place, rule in self._rules[name]:
                said = fields[place]
                if said and said not in empty:
                    value = self._value(column, rule, said, record.line, times, names)
                    if value is not None:
                        row[name] = value
                        break
            if name == "opened_at" and name not in row:
                said = any(fields[place] and fields[place] not in empty for place, _ in self._rules[name])
                raise Rejected("bad-time" if said else "no-time")
        if "complaint_id" not in row:
            raise Rejected("no-id")
        self._censor(row, times["opened_at"])
        self._settle(row, times, fields, record.line)
        return row

    def _value(
        self, column: Column, rule: Rule, said: str, line: int, times: dict[str, datetime], names: list[str]
    ) -> str | None:
        """Return a value as the table writes it, or None; what cannot be read is counted."""
        name, kind = column.name, column.type
        if kind == "time" or name == "customer_since":
            found = moment(said, self.mapping.times, self.zone)
            if found is None:
                if name != "opened_at":
                    self.problems.add(("bad-time", name), line)
                return None
            times[name] = found
            return found.isoformat()[:16] + "Z" if kind == "time" else found.isoformat()[:10]
        if kind == "id":
            if name in self.mapping.pseudonyms or tells_of_a_person(said):
                return self.pseudonyms.of(name, said)
            return said
        if rule.values is not None:
            means = rule.values.get(plain(said), said)
            if means is None or plain(said) in rule.values:
                return means
        if kind == "category":
            return self.masks.value(said)
        if kind == "text":
            return self.masks.text(said, names) if name == "text" else self.masks.value(said, names)
        if kind == "flag":
            return self._flag(name, rule, said, line)
        return self._whole(column, rule, said, line, times)

    def _flag(self, name: str, rule: Rule, said: str, line: int) -> str | None:
        if rule.above is not None:
            found = number(said, self.mapping.decimal)
            if found is None:
                self.problems.add(("not-a-number", name), line)
                return None
            return str(int(found > rule.above))
        if rule.values is None and plain(said) in _FLAGS:
            return _FLAGS[plain(said)]
        self.problems.add(("unknown-value", name), line)
        return None

    def _whole(self, column: Column, rule: Rule, said: str, line: int, times: dict[str, datetime]) -> str | None:
        name = column.name
        if rule.minus:
            last = moment(said, self.mapping.times, self.zone)
            if last is None or rule.minus not in times:
                self.problems.add(("bad-time", name), line)
                return None
            found = minutes_between(times[rule.minus], last)
        else:
            decimal = self.mapping.decimal
            found = duration(said, rule.unit, decimal) if column.unit == "minutes" else number(said, decimal)
            if found is None:
                self.problems.add(("unknown-value" if rule.values else "not-a-number", name), line)
                return None
        if column.unit == "minutes":
            if found < 0:
                self.problems.add(("negative", name), line)
                return None
            found = max(1, round(found)) if found < 1e12 else 1e15
        low = column.least is not None and found < column.least
        if found != int(found) or low or (column.most is not None and found > column.most) or abs(found) >= 1e15:
            self.problems.add(("out-of-range", name), line)
            return None
        return str(int(found))

    def _censor(self, row: dict[str, str], opened: datetime) -> None:
        for _, rule in self._rules.get("disputed", ()):
            late = rule.ended is not None and opened > rule.ended - timedelta(days=rule.margin_days)
            if late:
                row.pop("disputed", None)
            row["disputed_censored"] = str(int("disputed" not in row))

    def _settle(self, row: dict[str, str], times: dict[str, datetime], fields: list[str], line: int) -> None:
        """Empty what an open complaint cannot have, and count times that cannot be."""
        if self._open:
            is_open = any(plain(fields[place]) in values for place, _, values in self._open)
        else:
            is_open = "resolved_at" in self._rules and "resolved_at" not in row
        # Who came back was closed once, even where the complaint is open again today.
        if is_open and row.get("reopened") != "1":
            for name in WHEN_CLOSED:
                row.pop(name, None)
        opened = times["opened_at"]
        if "resolved_at" in row and times["resolved_at"] < opened:
            if self._same_day(opened, times["resolved_at"]):
                row["resolved_at"] = row["opened_at"]
            else:
                self.odd.add("closed-before-received", line)
        if opened > self.now:
            self.odd.add("in-the-future", line)

    def _same_day(self, opened: datetime, resolved: datetime) -> bool:
        """Return whether one of two times is a day without a time, and the other lies on that day."""
        for one, other in ((opened, resolved), (resolved, opened)):
            timed = one.hour or one.minute or one.second
            if not timed and one.date() == other.astimezone(self.zone).date():
                return True
        return False
