"""Draws the story map of a case: its scenes in layers, its choices and the good ways through, as one SVG; pure."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from html import escape
from typing import NamedTuple

from trustkit.cases.guards import GAUGES, Guard
from trustkit.cases.play import Play
from trustkit.cases.solve import Solution

WORDS = {
    "en": {
        "title": "Story map of “{title}”",
        "variant": "variant {variant}",
        "about": "{scenes} scenes in layers from top to bottom, with {choices} choices. Each choice leads by a line "
        "to the scene whose number stands beneath it. The best path is bold, another good way is dashed. "
        "The same map as a list stands beside this picture.",
        "best": "best path",
        "other": "another good way",
        "rest": "other choices",
        "red": "red line: {name}",
        "red-legend": "crosses a red line",
        "later": "{time} later",
        "later-legend": "time passes before the scene",
        "number-legend": "the choice leads to scene 4",
        "back": "back up to scene 4",
        "when": "when {guard}",
        "otherwise": "otherwise",
        "end": "end",
        "minutes": "{n} min",
        "hours": "{n} h",
        "days": "{n} d",
    },
    "zh": {
        "title": "《{title}》故事地图",
        "variant": "版本 {variant}",
        "about": "共 {scenes} 个场景，从上到下分层排列，{choices} 个选项。每个选项下方写着它通向的场景编号，并有连线。"
        "粗线是最佳路线，虚线是另一条可行的路线。图旁另有同样内容的文字列表。",
        "best": "最佳路线",
        "other": "另一条可行的路线",
        "rest": "其他选项",
        "red": "红线：{name}",
        "red-legend": "触碰红线",
        "later": "过了{time}",
        "later-legend": "进入该场景前过了一段时间",
        "number-legend": "该选项通向场景 4",
        "back": "回到上面的场景 4",
        "when": "条件：{guard}",
        "otherwise": "其余情况",
        "end": "结束",
        "minutes": "{n} 分钟",
        "hours": "{n} 小时",
        "days": "{n} 天",
    },
}  # fmt: skip

BEST, OTHER, REST = "best", "other", "rest"

WIDTH, PAGE_HEIGHT = 1047, 718
"""The printable part of an A4 page in landscape with margins of 10 mm, in units of 1/96 inch."""

FONT = "Arial, Helvetica, 'Liberation Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif"
SIZE, LINE = 9.4, 11.0
MOST_CELL, LANE, SPACE, HEAD, BOLD = 246.0, 11.0, 12.0, 14.0, 1.14
TOP, BOTTOM, SIDE = 26.0, 22.0, 6.0
CLOSING = 2
"""A closing scene, which has no choices, is as wide as this many."""


@dataclass(frozen=True)
class MappedChoice:
    """A choice on the map: what the agent says, where it leads, and which ways through take it.

    Attributes:
        to: index of the scene it leads to.
        red_line: the name of the red line it crosses; empty where it crosses none.
        ways: "best", "other", both or none.
        back: whether it leads to a scene further up, so that no line is drawn.
    """

    id: str
    say: str
    to: int
    red_line: str
    ways: frozenset[str]
    back: bool


@dataclass(frozen=True)
class MappedScene:
    """A scene on the map.

    Attributes:
        number: its number on the map, in reading order from 1.
        layer: its layer, from 0 at the top.
        says: what the customer says there on a good way through, in full.
        later: the time that passes before it, in words; empty where none does.
        endings: for a closing scene the indices of the endings that can follow.
    """

    id: str
    number: int
    layer: int
    says: str
    later: str
    choices: tuple[MappedChoice, ...]
    endings: tuple[int, ...]


@dataclass(frozen=True)
class MappedEnding:
    """An ending on the map; `ways` as with a choice."""

    id: str
    title: str
    text: str
    when: str
    ways: frozenset[str]


@dataclass(frozen=True)
class StoryMap:
    """What a story map shows; `rows` holds the scenes' indices layer by layer, from left to right."""

    case: str
    title: str
    about: str
    language: str
    scenes: tuple[MappedScene, ...]
    endings: tuple[MappedEnding, ...]
    rows: tuple[tuple[int, ...], ...]

    def in_order(self) -> list[MappedScene]:
        """Return the scenes by their number."""
        return sorted(self.scenes, key=lambda scene: scene.number)

    def svg(self) -> str:
        """Return the map as a self-contained SVG for one A4 page in landscape."""
        return _Drawing(self).svg()


class Ways(NamedTuple):
    """What a map needs to know of a solution; JSON-ready, so that it can be kept without the solution.

    Attributes:
        best: the choices of the best path.
        other: those of the acceptable path; None where there is none.
        ends: each closing scene with an ending that can follow it, as indices.
    """

    best: list[str]
    other: list[str] | None
    ends: list[list[int]]


def ways_of(solution: Solution) -> Ways:
    """Return the ways through a case that a map marks."""
    other = solution.acceptable_path()
    ends = sorted({(end.scene, solution.play.ending(end)) for end in solution.ends})
    return Ways(list(solution.best_path().choices), list(other.choices) if other else None, [list(end) for end in ends])


def story_map(structure: dict, text: dict, ways: Ways, red_lines: dict[str, str], language: str = "en") -> StoryMap:
    """Return the story map of one variant of a case.

    Args:
        structure: its compiled structure.
        text: its texts, as `trustkit.cases.reader.text_of` returns them.
        ways: the ways through it; the best path and the acceptable one are marked.
        red_lines: the name of each red line by its id.
        language: the language of `text`, "en" or "zh".
    """
    words, scenes = WORDS[language], structure["scenes"]
    back = _leading_back(structure)
    layers = _layers(structure, back)
    play = Play(structure)
    walked = {BEST: _steps(play, ways.best), OTHER: _steps(play, ways.other) if ways.other else ({}, {}, -1)}
    rows = _ordered(structure, layers, back)
    numbers = {scene: number for number, scene in enumerate((scene for row in rows for scene in row), 1)}
    reached = defaultdict(set)
    for scene, ending in ways.ends:
        reached[scene].add(ending)

    def choice(at: int, index: int) -> MappedChoice:
        compiled = scenes[at]["choices"][index]
        id_ = compiled["id"]
        red_line = "" if compiled["red_line"] < 0 else structure["red_lines"][compiled["red_line"]]["id"]
        return MappedChoice(
            id_, text["scenes"][scenes[at]["id"]]["choices"][id_]["say"], compiled["to"],
            red_lines.get(red_line, red_line),
            frozenset(way for way, (taken, _, _) in walked.items() if taken.get(at) == id_), (at, index) in back,
        )  # fmt: skip

    def line(at: int) -> str:
        lines = text["scenes"][scenes[at]["id"]]["lines"]
        return lines[walked[BEST][1].get(at, walked[OTHER][1].get(at, len(lines) - 1))]

    return StoryMap(
        structure["case"],
        words["title"].format(title=text["title"])
        + ("" if structure["variant"] == "base" else " · " + words["variant"].format(variant=structure["variant"])),
        words["about"].format(scenes=len(scenes), choices=sum(len(scene["choices"]) for scene in scenes)),
        language,
        tuple(
            MappedScene(
                scene["id"], numbers[at], layers[at], " ".join(line(at).split()), _time(scene["elapsed"], words),
                tuple(choice(at, index) for index in range(len(scene["choices"]))), tuple(sorted(reached[at])),
            )
            for at, scene in enumerate(scenes)
        ),
        tuple(
            MappedEnding(
                ending["id"], text["endings"][ending["id"]]["title"], text["endings"][ending["id"]]["text"],
                words["when"].format(guard=guard_text(ending["when"], structure["facts"]))
                if ending["when"]
                else words["otherwise"],
                frozenset(way for way, (_, _, reaches) in walked.items() if reaches == at),
            )
            for at, ending in enumerate(structure["endings"])
        ),
        rows,
    )  # fmt: skip


def guard_text(guard: Guard, facts: list[str]) -> str:
    """Return a compiled guard as an author writes it, such as "trust >= 40 and not medicine"."""
    kind = guard[0]
    if kind == "fact":
        return facts[guard[1]]
    if kind == "cmp":
        return f"{guard[2]} {guard[1]} {guard[3] // 1000 if guard[2] in GAUGES else guard[3]}"
    parts = [guard_text(part, facts) for part in guard[1:]]
    parts = [f"({text})" if part[0] in ("and", "or") else text for part, text in zip(guard[1:], parts)]
    return f"not {parts[0]}" if kind == "not" else f" {kind} ".join(parts)


def _steps(play: Play, choices: list[str]) -> tuple[dict[int, str], dict[int, int], int]:
    """The choice taken and the line heard in each scene of a path, and the ending it reaches."""
    positions = play.walk(choices)
    taken = {position.scene: choice for position, choice in zip(positions, choices)}
    return taken, {position.scene: play.line(position) for position in positions}, play.ending(positions[-1])


def _time(minutes: int, words: dict[str, str]) -> str:
    if not minutes:
        return ""
    size, unit = next(
        ((size, unit) for size, unit in ((1440, "days"), (60, "hours")) if minutes >= size), (1, "minutes")
    )
    amount = minutes / size
    shown = f"{amount:.0f}" if amount == round(amount) else f"{amount:.1f}"
    return words["later"].format(time=words[unit].format(n=shown))


def _leading_back(structure: dict) -> set[tuple[int, int]]:
    """The choices (scene, index) that close a circle: found walking on from the start, the first way in first."""
    scenes, back = structure["scenes"], set()
    done, above = set(), {structure["start"]["scene"]}
    waiting = [(structure["start"]["scene"], iter(enumerate(scenes[structure["start"]["scene"]]["choices"])))]
    while waiting:
        at, choices = waiting[-1]
        for index, choice in choices:
            to = choice["to"]
            if to in above:
                back.add((at, index))
            elif to not in done:
                above.add(to)
                waiting.append((to, iter(enumerate(scenes[to]["choices"]))))
                break
        else:
            waiting.pop()
            above.discard(at)
            done.add(at)
    return back


def _layers(structure: dict, back: set[tuple[int, int]]) -> list[int]:
    """The layer of each scene: below every scene that leads to it; closing scenes share the last one."""
    scenes = structure["scenes"]
    sorter = TopologicalSorter(dict.fromkeys(range(len(scenes)), ()))
    for at, scene in enumerate(scenes):
        for index, choice in enumerate(scene["choices"]):
            if (at, index) not in back:
                sorter.add(choice["to"], at)
    sorter.prepare()
    layers, layer = [0] * len(scenes), 0
    while sorter.is_active():
        ready = sorter.get_ready()
        for at in ready:
            layers[at] = layer
        sorter.done(*ready)
        layer += 1
    last = max(layers)
    if any(scene["choices"] for scene, layer in zip(scenes, layers) if layer == last):
        last += 1
    return [layer if scene["choices"] else last for scene, layer in zip(scenes, layers)]


def _ordered(structure: dict, layers: list[int], back: set[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """The scenes layer by layer, each row in the order that lets lines cross least (barycentres, a few sweeps)."""
    scenes = structure["scenes"]
    rows = [[at for at in range(len(scenes)) if layers[at] == layer] for layer in range(max(layers) + 1)]
    rows = [row for row in rows if row]
    links = [
        (at, (index + 0.5) / len(scene["choices"]), choice["to"])
        for at, scene in enumerate(scenes)
        for index, choice in enumerate(scene["choices"])
        if (at, index) not in back
    ]

    def places() -> dict[int, float]:
        return {at: (place + 0.5) / len(row) for row in rows for place, at in enumerate(row)}

    def length() -> float:
        place = places()
        width = {at: 1 / len(row) for row in rows for at in row}
        return sum(abs(place[at] + (port - 0.5) * width[at] - place[to]) for at, port, to in links)

    best, least = [list(row) for row in rows], length()
    for sweep in range(6):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            place = places()
            pull = {}
            for here in row:
                if sweep % 2 == 0:
                    near = [place[at] + (port - 0.5) / 4 for at, port, to in links if to == here]
                else:
                    near = [place[to] for at, _, to in links if at == here]
                pull[here] = sum(near) / len(near) if near else place[here]
            row.sort(key=pull.__getitem__)
        if length() < least - 1e-9:
            best, least = [list(row) for row in rows], length()
    return tuple(tuple(row) for row in best)


class _Drawing:
    """Places boxes and lines of a map, row by row, and writes them as SVG."""

    def __init__(self, shown: StoryMap):
        self.map, self.words = shown, WORDS[shown.language]
        self.rows = shown.rows
        self.lanes = self._lanes()
        self.out: list[str] = []
        self.on_top: list[str] = []
        self.boxes: dict[int, tuple[float, float]] = {}
        self.ports: dict[tuple[int, int], float] = {}
        self.lane_at: dict[tuple[int, tuple[int, str]], float] = {}
        for row in range(len(self.rows)):
            self._place(row)
        self._heights()

    def svg(self) -> str:
        shown = self.map
        self._boxes()
        self._lines()
        self._endings()
        self.out += self.on_top
        self._legend()
        id_ = f"story-map-{shown.case}"
        height = round(self.height)
        # The longest stories are made smaller as a whole, so that each fits on one page.
        scale = min(277 / WIDTH, 190 / height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{shown.language}" '
            f'aria-labelledby="{id_}-title {id_}-about" width="{WIDTH * scale:.1f}mm" height="{height * scale:.1f}mm" '
            f'viewBox="0 0 {WIDTH} {height}" font-family="{FONT}" font-size="{SIZE}" fill="#111">\n'
            f'<title id="{id_}-title">{escape(shown.title)}</title>\n'
            f'<desc id="{id_}-about">{escape(shown.about)}</desc>\n'
            "<style>@page { size: A4 landscape; margin: 10mm; }</style>\n"
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(self.out) + "\n</svg>\n"
        )

    # ------------------------------------------------------------ places

    def _row_of(self, scene: int) -> int:
        return next(at for at, row in enumerate(self.rows) if scene in row)

    def _lanes(self) -> list[list[tuple[int, str]]]:
        """For each row the lines that pass through it on their way further down: (scene they lead to, style)."""
        lanes: list[dict] = [{} for _ in self.rows]
        for at, row in enumerate(self.rows):
            for scene in row:
                for choice in self.map.scenes[scene].choices:
                    if choice.back:
                        continue
                    for style in _styles(choice.ways):
                        for between in range(at + 1, self._row_of(choice.to)):
                            lanes[between][(choice.to, style)] = None
        return [list(row) for row in lanes]

    def _place(self, row: int) -> None:
        """Give each scene and lane of a row its place; lanes go to the side where their lines come from."""
        scenes = self.rows[row]
        middle = WIDTH / 2
        pull = {lane: self._pull(row, lane, middle) for lane in self.lanes[row]}
        items: list = list(scenes)
        for lane in sorted(pull, key=lambda lane: pull[lane]):
            # Among the scenes of the row, where the line bends least.
            share = pull[lane] / WIDTH
            at = round(share * len(scenes)) if len(scenes) > 1 else int(share > 0.5)
            before = sum(1 for item in items if isinstance(item, int) and scenes.index(item) < at)
            place = 0
            while before or (place < len(items) and not isinstance(items[place], int)):
                if isinstance(items[place], int):
                    if not before:
                        break
                    before -= 1
                place += 1
            items.insert(place, lane)
        cells = sum(len(self.map.scenes[scene].choices) or CLOSING for scene in scenes)
        gaps = SPACE * (len(scenes) - 1) + LANE * len(pull) + (SPACE if pull else 0)
        cell = min(MOST_CELL, (WIDTH - 2 * SIDE - gaps) / cells)
        total = cell * cells + gaps
        x = (WIDTH - total) / 2
        for before, item in zip([None, *items], items):
            if isinstance(item, int):
                if before is not None:
                    x += SPACE if isinstance(before, int) else SPACE / 2
                width = cell * (len(self.map.scenes[item].choices) or CLOSING)
                self.boxes[item] = (x, width)
                for index in range(len(self.map.scenes[item].choices)):
                    self.ports[item, index] = x + cell * (index + 0.5)
                x += width
            else:
                if isinstance(before, int):
                    x += SPACE / 2
                self.lane_at[row, item] = x + LANE / 2
                x += LANE

    def _pull(self, row: int, lane: tuple[int, str], middle: float) -> float:
        """Where the lines of a lane come from, on average: ports and lanes of the row above."""
        near = [x for x, _ in self._sources(row, lane)]
        return sum(near) / len(near) if near else middle

    def _sources(self, row: int, lane: tuple[int, str]) -> list[tuple[float, bool]]:
        """The ports (and the lane) of the row above that feed a line; each with whether it is a port."""
        to, style = lane
        found = [
            (self.ports[scene, index], True)
            for scene in self.rows[row - 1]
            for index, choice in enumerate(self.map.scenes[scene].choices)
            if choice.to == to and not choice.back and style in _styles(choice.ways)
        ]
        if (row - 1, lane) in self.lane_at:
            found.append((self.lane_at[row - 1, lane], False))
        return found

    def _heights(self) -> None:
        """Share the page's height out: more lines of text where there are few rows, longer gaps where lines cross."""
        self.gaps = []
        for row in range(1, len(self.rows)):
            sideways = sum(1 for x, to, _ in self._into(row) if abs(x - to) > 30)
            self.gaps.append(min(40.0, 15.0 + 2.0 * sideways))
        self.gaps.append(20.0)
        speaking = [row for row in self.rows if any(self.map.scenes[scene].choices for scene in row)]
        closing = len(self.rows) - len(speaking)
        fixed = TOP + BOTTOM + sum(self.gaps) + closing * (HEAD + 6) + (2 * LINE + 10)
        room = (PAGE_HEIGHT - fixed) / max(1, len(speaking)) - HEAD - 8.5
        self.most = max(2, min(6, int(room / LINE)))
        self.tops, self.bottoms, self.text_lines = [], [], []
        y = TOP
        for at, row in enumerate(self.rows):
            lines = max((self._wanted(scene) for scene in row), default=0)
            self.text_lines.append(lines)
            self.tops.append(y)
            y += HEAD + 2 + (lines * LINE + 6.5 if lines else 2)
            self.bottoms.append(y)
            y += self.gaps[at]
        self.ending_top = y
        self.height = max(y + 2 * LINE + 10 + BOTTOM, 300)

    def _wanted(self, scene: int) -> int:
        """How many lines the fullest cell of a scene needs, as far as there is room."""
        choices = self.map.scenes[scene].choices
        if not choices:
            return 0
        width = self.boxes[scene][1] / len(choices) - 13
        return max(
            min(self.most, len(_wrapped(choice.say, width, self.most)) + (1 if choice.red_line else 0))
            for choice in choices
        )

    def _into(self, row: int) -> list[tuple[float, float, str]]:
        """Every line between the row above and this one: (from x, to x, style)."""
        found = []
        for scene in self.rows[row]:
            incoming = []
            for style in (REST, OTHER, BEST):
                incoming += [(x, style) for x, _ in self._sources(row, (scene, style))]
            incoming.sort()
            x, width = self.boxes[scene]
            found += zip(
                (one for one, _ in incoming), _spread([one for one, _ in incoming], x + 8, x + width - 8),
                (style for _, style in incoming),
            )  # fmt: skip
        for lane in self.lanes[row]:
            found += [(x, self.lane_at[row, lane], lane[1]) for x, _ in self._sources(row, lane)]
        return found

    # ------------------------------------------------------------ drawing

    def _boxes(self) -> None:
        self._text(SIDE, 17, self.map.title, WIDTH - 2 * SIDE, size=13, weight="bold")
        for row, scenes in enumerate(self.rows):
            top, bottom = self.tops[row], self.bottoms[row]
            for at in scenes:
                scene = self.map.scenes[at]
                x, width = self.boxes[at]
                self.out.append(f'<g id="map-{self.map.case}-{scene.id}">')
                self._rect(x, top, width, bottom - top, "#fff", "#333", 1.2, 4)
                self.out.append(
                    f'<path d="M{x + 4:.1f} {top:.1f}H{x + width - 4:.1f}Q{x + width:.1f} {top:.1f} {x + width:.1f} '
                    f'{top + 4:.1f}V{top + HEAD:.1f}H{x:.1f}V{top + 4:.1f}Q{x:.1f} {top:.1f} {x + 4:.1f} {top:.1f}Z" '
                    'fill="#e4e9ee"/>'
                )
                start = x + 5
                start += self._text(start, top + 10.5, str(scene.number), width, weight="bold") + 5
                if scene.later:
                    start = self._later(start, top, scene.later)
                self._text(start, top + 10.5, scene.says, x + width - 5 - start)
                for index, choice in enumerate(scene.choices):
                    self._cell(at, index, choice, row)
                self.out.append("</g>")

    def _later(self, x: float, top: float, later: str) -> float:
        width = _width(later, 8.4) + 14
        # A clock face, and the time in a frame of its own.
        self._rect(x, top + 2, width, HEAD - 4, "#fff", "#333", 0.7, 5)
        self.out.append(
            f'<circle cx="{x + 6:.1f}" cy="{top + 7:.1f}" r="3.2" fill="none" stroke="#333" stroke-width=".8"/>'
            f'<path d="M{x + 6:.1f} {top + 5:.1f}V{top + 7:.1f}H{x + 8:.1f}" fill="none" stroke="#333" '
            'stroke-width=".8"/>'
        )
        self._text(x + 11, top + 9.8, later, width, size=8.4)
        return x + width + 5

    def _cell(self, at: int, index: int, choice: MappedChoice, row: int) -> None:
        x, whole = self.boxes[at]
        width = whole / len(self.map.scenes[at].choices)
        left, top, bottom = x + width * index, self.tops[row] + HEAD, self.bottoms[row]
        if index:
            self.out.append(
                f'<path d="M{left:.1f} {top:.1f}V{bottom:.1f}" stroke="#bbb" stroke-width=".8" fill="none"/>'
            )
        if choice.ways:
            dash = "" if BEST in choice.ways else ' stroke-dasharray="5 3"'
            stroke = 2.4 if BEST in choice.ways else 1.6
            self.out.append(
                f'<rect x="{left + 2:.1f}" y="{top + 2:.1f}" width="{width - 4:.1f}" '
                f'height="{bottom - top - 4:.1f}" rx="3" fill="none" stroke="#111" stroke-width="{stroke}"{dash}/>'
            )
        y, lines = top + 12, self.text_lines[row]
        if choice.red_line:
            self._octagon(left + 12, y - 3.4)
            self._text(left + 19, y, self.words["red"].format(name=choice.red_line), width - 24, weight="bold")
            y += LINE
            lines -= 1
        for line in _wrapped(choice.say, width - 13, lines):
            self._text(left + 7, y, line, width - 9)
            y += LINE
        port = self.ports[at, index]
        mark = f"{'↑' if choice.back else '↓'}{self.map.scenes[choice.to].number}"
        # Its white rim keeps it legible where a line passes behind it.
        self.on_top.append(
            f'<text x="{port + 4:.1f}" y="{bottom + 8.6:.1f}" font-size="8.4" font-weight="bold" stroke="#fff" '
            f'stroke-width="2.6" paint-order="stroke" stroke-linejoin="round">{mark}</text>'
        )
        if choice.back:
            self.out.append(f'<path d="M{port:.1f} {bottom:.1f}v6" stroke="#555" stroke-width="1" fill="none"/>')

    def _octagon(self, x: float, y: float) -> None:
        corners = ((-2, -4.6), (2, -4.6), (4.6, -2), (4.6, 2), (2, 4.6), (-2, 4.6), (-4.6, 2), (-4.6, -2))
        points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
        self.out.append(
            f'<polygon points="{points}" fill="#b00020"/>'
            f'<path d="M{x:.1f} {y - 2.8:.1f}v3M{x:.1f} {y + 1.6:.1f}v1.2" stroke="#fff" stroke-width="1.4"/>'
        )

    def _lines(self) -> None:
        drawn = []
        for row in range(1, len(self.rows)):
            top, bottom = self.bottoms[row - 1], self.tops[row]
            drawn += [(style, x, top, to, bottom, to in self._lane_places(row)) for x, to, style in self._into(row)]
            for lane in self.lanes[row]:
                x = self.lane_at[row, lane]
                drawn.append((lane[1], x, self.tops[row], x, self.bottoms[row], True))
        # The good ways lie on top of the others.
        for style, x, top, to, bottom, passes in sorted(drawn, key=lambda one: (REST, OTHER, BEST).index(one[0])):
            self._line(style, x, top, to, bottom, arrow=not passes)

    def _lane_places(self, row: int) -> set[float]:
        return {self.lane_at[row, lane] for lane in self.lanes[row]}

    def _line(self, style: str, x: float, top: float, to: float, bottom: float, *, arrow: bool) -> None:
        stroke, colour, dash = _LOOK[style]
        end = bottom - 5 if arrow else bottom
        middle = (top + end) / 2
        shape = (
            f"V{end:.1f}" if abs(x - to) < 0.05 else f"C{x:.1f} {middle:.1f} {to:.1f} {middle:.1f} {to:.1f} {end:.1f}"
        )
        self.out.append(
            f'<path class="{style}" d="M{x:.1f} {top:.1f}{shape}" fill="none" stroke="{colour}" '
            f'stroke-width="{stroke}"{dash}/>'
        )
        if arrow:
            self.out.append(f'<path d="M{to - 3.4:.1f} {end - 1:.1f}h6.8l-3.4 6z" fill="{colour}"/>')

    def _endings(self) -> None:
        endings, top = self.map.endings, self.ending_top
        width = min(240.0, (WIDTH - 2 * SIDE - SPACE * (len(endings) - 1)) / len(endings))
        left = (WIDTH - width * len(endings) - SPACE * (len(endings) - 1)) / 2
        places = [left + at * (width + SPACE) for at in range(len(endings))]
        height = 2 * LINE + 8
        for at, ending in enumerate(endings):
            x = places[at]
            stroke = 2.4 if BEST in ending.ways else 1.6 if OTHER in ending.ways else 1.0
            dash = "" if BEST in ending.ways or not ending.ways else ' stroke-dasharray="5 3"'
            self.out.append(
                f'<g id="map-{self.map.case}-ending-{ending.id}"><rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" '
                f'height="{height:.1f}" rx="14" fill="#f6f6f6" stroke="#111" stroke-width="{stroke}"{dash}/>'
            )
            self._text(x + 12, top + 12, ending.title, width - 24, weight="bold")
            self._text(x + 12, top + 12 + LINE, ending.when, width - 24, size=8.4)
            self.out.append("</g>")
        last = len(self.rows) - 1
        drawn = []
        for scene in self.rows[last]:
            reached = self.map.scenes[scene].endings
            x, wide = self.boxes[scene]
            starts = _spread([places[at] + width / 2 for at in reached], x + 10, x + wide - 10)
            for start, at in zip(starts, reached):
                ways = self.map.endings[at].ways
                drawn += [(style, start, places[at] + width / 2) for style in _styles(ways)]
        for style, x, to in sorted(drawn, key=lambda one: (REST, OTHER, BEST).index(one[0])):
            shift = 5 if style == OTHER and (BEST, x, to) in drawn else 0
            self._line(style, x + shift, self.bottoms[last], to + shift, top, arrow=True)

    def _legend(self) -> None:
        y = self.height - 10
        x = SIDE
        for style in (BEST, OTHER, REST):
            stroke, colour, dash = _LOOK[style]
            self.out.append(
                f'<path d="M{x:.1f} {y - 3:.1f}h26" fill="none" stroke="{colour}" stroke-width="{stroke}"{dash}/>'
            )
            x += 31 + self._text(x + 31, y, self.words[style], 200) + 16
        self._octagon(x + 5, y - 3.2)
        x += 14 + self._text(x + 14, y, self.words["red-legend"], 200) + 16
        x = self._later(x, y - 10.5, self.words["later"].format(time=self.words["hours"].format(n=8)))
        x += self._text(x, y, self.words["later-legend"], 250) + 16
        marks = [("↓4", "number-legend")]
        if any(choice.back for scene in self.map.scenes for choice in scene.choices):
            marks.append(("↑4", "back"))
        for mark, word in marks:
            x += self._text(x, y, mark, 20, weight="bold") + 5
            x += self._text(x, y, self.words[word], 250) + 16

    def _rect(
        self, x: float, y: float, w: float, h: float, fill: str, stroke: str, thick: float, round_: float
    ) -> None:
        self.out.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{round_}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick}"/>'
        )

    def _text(self, x: float, y: float, text: str, room: float, *, size: float = SIZE, weight: str = "") -> float:
        """Write one line, clipped to `room`, and return the width it takes at most."""
        bold = BOLD if weight else 1.0
        text = _clipped(text, room / bold, size)
        look = (f' font-size="{size}"' if size != SIZE else "") + (f' font-weight="{weight}"' if weight else "")
        self.out.append(f'<text x="{x:.1f}" y="{y:.1f}"{look}>{escape(text, quote=False)}</text>')
        return _width(text, size) * bold


_LOOK = {
    BEST: (3.0, "#111", ""),
    OTHER: (1.8, "#111", ' stroke-dasharray="6 4"'),
    REST: (1.0, "#777", ""),
}
"""Thickness, colour and dashes of a line."""


def _styles(ways: frozenset[str]) -> list[str]:
    return [way for way in (BEST, OTHER) if way in ways] or [REST]


def _spread(wanted: list[float], low: float, high: float, apart: float = 9.0) -> list[float]:
    """The places nearest to those wanted (which are in order) between two bounds, none on top of another."""
    if not wanted:
        return []
    apart = min(apart, (high - low) / max(1, len(wanted) - 1))
    places = [min(max(place, low), high) for place in wanted]
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + apart)
    ceiling = high
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], ceiling)
        ceiling = places[at] - apart
    return places


def _width(text: str, size: float) -> float:
    """The width of a text in the widest of the common sans-serifs: no font can be asked here."""
    return size * sum(_share(sign) for sign in text)


def _share(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WF" or sign in "“”…—mW@%":
        return 1.0
    if sign in "ijlI|!'‘’":
        return 0.3
    if sign in " .,:;()[]frt-":
        return 0.4
    if sign in "wM&":
        return 0.87
    return 0.76 if sign.isupper() else 0.63


def _clipped(text: str, room: float, size: float = SIZE, *, more: bool = False) -> str:
    """The text as far as there is room; it ends in … where that is not all, or where `more` comes after it."""
    if not more and _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip(" ,.;:，。；：、") + "…"


def _wrapped(text: str, room: float, most: int, size: float = SIZE) -> list[str]:
    """Break a text into at most `most` lines; the last one ends in … where there is more."""
    lines, line = [], ""
    for word in _words(" ".join(text.split())):
        if line and _width((line + word).rstrip(), size) > room:
            lines.append(line.strip())
            line = ""
        line += word
    lines.append(line.strip())
    return [_clipped(one, room, size, more=at == most - 1 < len(lines) - 1) for at, one in enumerate(lines[:most])]


def _words(text: str) -> list[str]:
    """Pieces between which a line may break: words with their space, and each Chinese character with its point."""
    pieces: list[str] = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        point = wide and unicodedata.category(sign)[0] == "P"
        last = pieces[-1] if pieces else ""
        ended = not last or last.endswith(" ") or (unicodedata.east_asian_width(last[-1]) in "WF")
        if (last and (point or not (ended or wide))) or (last and sign == " "):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
