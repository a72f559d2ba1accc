"""Plays a case or a drill in a terminal: plain text, numbered choices, and a debrief at the end.

It reads lines and prints lines, nothing else, so that a pipe can play as well as a person.
"""

from __future__ import annotations

import random
import secrets
import shutil
import textwrap
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trustkit.attempts.record import new_record, now
from trustkit.attempts.replay import replay
from trustkit.cases.debrief import debrief
from trustkit.cases.play import Play
from trustkit.drills.kinds import is_right

BAR = 20
DAY, HOUR = 1440, 60


class Stopped(Exception):
    """The player left before the end (Ctrl-C, or no more lines to read)."""


class Terminal:
    """A place to print to and read from, in one language.

    Args:
        language: "en" or "zh".
        read: returns one line of what was typed; raises EOFError or KeyboardInterrupt when there is no more.
        write: prints one line.
    """

    def __init__(self, language: str, read: Callable[[str], str] = input, write: Callable[[str], Any] = print):
        self.language, self._read, self._write = language, read, write
        self._wide = min(shutil.get_terminal_size().columns, 100)

    def words(self, name: str, /, **values: object) -> str:
        """Return our own words by their name, filled in."""
        return _words()[self.language][name].format(**values)

    def say(self, text: str = "", indent: str = "", hang: str | None = None) -> None:
        """Print a paragraph, wrapped to the width of the terminal."""
        for line in text.split("\n") or [""]:
            if self.language == "zh" or not line.strip():
                self._write(indent + line)
                continue
            wrapped = textwrap.wrap(
                line, self._wide, initial_indent=indent, subsequent_indent=indent if hang is None else hang,
                break_on_hyphens=False, break_long_words=False,
            )  # fmt: skip
            for row in wrapped:
                self._write(row)

    def heading(self, text: str) -> None:
        """Print a heading with an empty line around it."""
        self._write("")
        self._write(f"== {text} ==")

    def pick(self, options: list[str]) -> int:
        """Print numbered options and return the index of the one that is chosen.

        Raises:
            Stopped: there is nothing more to read.
        """
        for number, option in enumerate(options, 1):
            self.say(option, indent=f"  {number}. ", hang="     ")
        while True:
            typed = self._typed("choose", most=len(options))
            if typed.isdecimal() and 1 <= int(typed) <= len(options):
                return int(typed) - 1
            self.say(self.words("not_a_choice", most=len(options)))

    def pick_several(self, options: list[str], *, fewest: int = 0, most: int | None = None) -> list[int]:
        """Print numbered options and return the indices of those that are chosen, in the order in which they are typed.

        Raises:
            Stopped: there is nothing more to read.
        """
        for number, option in enumerate(options, 1):
            self.say(option, indent=f"  {number}. ", hang="     ")
        name = "arrange" if fewest == len(options) else "choose_several" if fewest else "choose_any"
        while True:
            typed = self._typed(name, most=len(options)).replace(",", " ").replace("，", " ").split()
            picked = [int(one) - 1 for one in typed if one.isdecimal()]
            sound = len(set(picked)) == len(typed) and all(0 <= one < len(options) for one in picked)
            if sound and fewest <= len(picked) <= (most or len(options)):
                return picked
            self.say(self.words("not_these" if fewest < len(options) else "not_all", most=len(options)))

    def _typed(self, name: str, **values: object) -> str:
        try:
            return self._read(self.words(name, **values)).strip()
        except (EOFError, KeyboardInterrupt):
            raise Stopped from None


def play_case(bundle: dict, variant: str, learner: str, terminal: Terminal, seed: int | None = None) -> dict:
    """Play a case to its end and return the finished attempt record; `tell_debrief` tells its story.

    Args:
        bundle: the case as `trustkit.cases.bundle.case_bundle` returns it.
        variant: id of the variant.
        learner: who is playing.
        seed: order in which choices are shown; left out, drawn.

    Raises:
        Stopped: the player left before the end.
    """
    chosen = next(one for one in bundle["variants"] if one["id"] == variant)
    structure, text = chosen["structure"], chosen["text"]
    record = new_record(
        "case", bundle["id"], structure["hash"], lang=bundle["lang"], learner=learner, host="terminal",
        variant=variant, seed=secrets.randbelow(2**31) if seed is None else seed,
    )  # fmt: skip
    order = random.Random(record["seed"])
    play, started = Play(structure), time.monotonic()
    customer = text["customer"]
    terminal.heading(text["title"])
    terminal.say(f"{terminal.words('customer')}{terminal.words('colon')}{customer['name']} — {customer['about']}")
    terminal.heading(terminal.words("brief"))
    terminal.say(text["brief"])
    if text["house_rules"] or bundle["rules"]:
        terminal.heading(terminal.words("rules"))
    for code, card in text["house_rules"].items():
        terminal.say(f"{code} {card['title']}")
        terminal.say(card["text"], indent="  ")
    if bundle["rules"]:
        terminal.say(terminal.words("book_rules", codes=", ".join(bundle["rules"])))
    position = play.start()
    while True:
        scene = structure["scenes"][position.scene]
        said = text["scenes"][scene["id"]]
        terminal.say()
        terminal.say(f"[{_duration(terminal, position.minutes)}] {customer['name']}:")
        terminal.say(said["lines"][play.line(position)], indent="  ")
        if play.is_over(position):
            break
        options = play.choices(position)
        order.shuffle(options)
        ids = [scene["choices"][index]["id"] for index in options]
        terminal.say()
        picked = terminal.pick([said["choices"][id_]["say"] for id_ in ids])
        record["steps"].append({"at": int(time.monotonic() - started), "scene": scene["id"], "choice": ids[picked]})
        before, position = position, play.step(position, options[picked])
        _tell_what_happened(terminal, structure, text, before, position, scene["choices"][options[picked]])
    record["finished_at"] = now()
    record["result"] = replay(record).scores
    return record


def do_drill(bundle: dict, learner: str, terminal: Terminal, seed: int | None = None) -> dict:
    """Do a drill to its end and return the finished attempt record.

    Args:
        bundle: the drill as `trustkit.drills.bundle.drill_bundle` returns it.

    Raises:
        Stopped: the player left before the end.
    """
    record = new_record(
        "drill", bundle["id"], bundle["hash"], lang=bundle["lang"], learner=learner, host="terminal",
        seed=secrets.randbelow(2**31) if seed is None else seed,
    )  # fmt: skip
    started = time.monotonic()
    items = list(bundle["items"])
    order = random.Random(record["seed"])
    order.shuffle(items)
    terminal.heading(bundle["title"])
    if bundle["text_lang"] != bundle["lang"]:
        terminal.say(terminal.words("drill_english_only"))
    terminal.say(bundle["intro"])
    for number, item in enumerate(items, 1):
        terminal.heading(terminal.words("item", number=number, of=len(items)))
        terminal.say(item["text"])
        answer = _ASK[item["kind"]](bundle, item, terminal, order)
        record["steps"].append({"at": int(time.monotonic() - started), "item": item["id"], "answer": answer})
        _tell_item(bundle, item, answer, terminal)
    record["finished_at"] = now()
    scores = record["result"] = replay(record).scores
    terminal.say()
    verdict = terminal.words("passed" if scores["passed"] else "failed")
    terminal.say(terminal.words("marks", right=scores["right"], of=scores["of"], passed=verdict))
    for name in ("f1", "kappa"):
        if name in scores:
            terminal.say(terminal.words(name, share=_share(scores[name])))
    if not scores["passed"]:
        _tell_needed(bundle, record, terminal)
    return record


def _ask_choice(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> str:
    answers = item.get("answers", bundle["categories"])
    if "answers" in item:
        answers = order.sample(answers, len(answers))
    return answers[terminal.pick([one["name"] for one in answers])]["id"]


def _ask_several(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> list[str]:
    answers = order.sample(item["answers"], len(item["answers"]))
    return [answers[at]["id"] for at in terminal.pick_several([one["name"] for one in answers], fewest=1)]


def _ask_match(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> dict[str, str]:
    right = order.sample(item["right"], len(item["right"]))
    found = {}
    for left in item["left"]:
        terminal.say()
        terminal.say(terminal.words("partner", name=left["name"]))
        found[left["id"]] = right[terminal.pick([one["name"] for one in right])]["id"]
    return found


def _ask_order(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> list[str]:
    right, parts = [item["key"], *item.get("also", [])], item["parts"]
    while [part["id"] for part in parts] in right or parts is item["parts"]:
        parts = order.sample(parts, len(parts))
    picked = terminal.pick_several([part["name"] for part in parts], fewest=len(parts))
    return [parts[at]["id"] for at in picked]


def _ask_marks(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> list[str]:
    pieces = [piece for line in item["passage"] for piece in line if "id" in piece]
    numbers = {piece["id"]: number for number, piece in enumerate(pieces, 1)}
    _tell_passage(item, terminal, numbers)
    return [pieces[at]["id"] for at in sorted(terminal.pick_several([piece["text"] for piece in pieces]))]


def _ask_rating(bundle: dict, item: dict, terminal: Terminal, order: random.Random) -> int:
    if "passage" in item:
        _tell_passage(item, terminal, {})
    names = [f"{terminal.words('mark', value=anchor['value'])} {anchor['name']}" for anchor in item["scale"]]
    return item["scale"][terminal.pick(names)]["value"]


_ASK: dict[str, Callable[[dict, dict, Terminal, random.Random], Any]] = {
    "choose": _ask_choice,
    "multi-choose": _ask_several,
    "match": _ask_match,
    "order": _ask_order,
    "mark-in-text": _ask_marks,
    "rate": _ask_rating,
}


def _tell_passage(item: dict, terminal: Terminal, numbers: dict[str, int]) -> None:
    terminal.say()
    for line in item["passage"]:
        shown = (f"[{numbers[one['id']]}: {one['text']}]" if "id" in one else one["text"] for one in line)
        terminal.say("".join(shown), indent="  | ")
    terminal.say()


def _tell_item(bundle: dict, item: dict, answer: Any, terminal: Terminal) -> None:
    """Say whether the answer is right, what would have been, and why."""
    kind, key, feedback = item["kind"], item["key"], item["feedback"]
    right = is_right(item, answer)
    if kind == "choose":
        names = {one["id"]: one["name"] for one in item.get("answers", bundle["categories"])}
        terminal.say(terminal.words("right") if right else terminal.words("wrong", answer=names[key].rstrip(".。")))
        terminal.say(feedback[answer], indent="  ")
        return
    if kind == "rate":
        terminal.say(terminal.words("right") if right else terminal.words("wrong", answer=key))
        reasons = [] if answer == key else [feedback["lower" if answer < key else "higher"]]
        for reason in [*reasons, feedback["key"]]:
            terminal.say(reason, indent="  ")
        return
    terminal.say(terminal.words("right" if right else "not_right"))
    if kind == "match":
        left, partners = ({one["id"]: one["name"] for one in item[side]} for side in ("left", "right"))
        lines = [(answer[id_] == key[id_], f"{left[id_]} → {partners[key[id_]]}", feedback[id_]) for id_ in left]
    elif kind == "order":
        names = {one["id"]: one["name"] for one in item["parts"]}
        best = answer if right else key
        lines = [(answer[at] == id_, f"{at + 1}. {names[id_]}", feedback[id_]) for at, id_ in enumerate(best)]
    else:
        offered = item.get("answers") or [one for line in item["passage"] for one in line if "id" in one]
        lines = []
        for one in offered:
            wanted = one["id"] in key
            name = f"{one.get('name') or one['text']} ({terminal.words('belongs' if wanted else 'belongs_not')})"
            lines.append((wanted == (one["id"] in answer), name, feedback[one["id"]]))
    for good, name, reason in lines:
        terminal.say(f"{'+' if good else '-'} {name}", indent="  ", hang="    ")
        terminal.say(reason, indent="    ")


def _tell_needed(bundle: dict, record: dict, terminal: Terminal) -> None:
    scores = record["result"]
    if bundle["pass"] and scores["right"] < bundle["pass"]:
        terminal.say(terminal.words("needed", **{"pass": bundle["pass"]}))
    for name, words in (("f1", "needed_f1"), ("kappa", "needed_kappa")):
        needed = bundle[f"pass_{name}"]
        if needed and scores.get(name, 0) < needed:
            terminal.say(terminal.words(words, share=_share(needed)))
    answers = {step["item"]: step["answer"] for step in record["steps"]}
    if any(item["red_line"] and not is_right(item, answers[item["id"]]) for item in bundle["items"]):
        terminal.say(terminal.words("needed_red_line"))


def _share(thousandths: int) -> str:
    """Return thousandths as a share with two places, rounded down."""
    return f"{'-' if thousandths < 0 else ''}{abs(thousandths) // 10 / 100:.2f}"


def _tell_what_happened(terminal: Terminal, structure: dict, text: dict, before, after, choice: dict) -> None:
    for bit, fact in enumerate(structure["facts"]):
        if (after.facts & ~before.facts) >> bit & 1 and fact in text["facts"]:
            terminal.say()
            terminal.say(terminal.words("learned", text=text["facts"][fact]), indent="  ")
    passed = after.clock - before.clock - choice["minutes"]
    if passed:
        terminal.say()
        terminal.say(terminal.words("later", duration=_duration(terminal, passed)))


def tell_debrief(bundle: dict, record: dict, terminal: Terminal) -> None:
    """Print the story of a finished attempt: scores, trust turn by turn, what was lost where, and better ways."""
    chosen = next(one for one in bundle["variants"] if one["id"] == record["variant"])
    structure, text = chosen["structure"], chosen["text"]
    story = debrief(structure, [step["choice"] for step in record["steps"]])
    ending = text["endings"][story.ending]
    verdict = terminal.words("passed" if story.passed else "failed")
    terminal.heading(f"{terminal.words('ending')}{terminal.words('colon')}{ending['title']}")
    terminal.say(ending["text"])
    terminal.say()
    terminal.say(terminal.words("scores", conduct=story.conduct, outcome=story.outcome, passed=verdict))
    if story.red_lines:
        names = ", ".join(bundle["red_lines"][code]["name"] for code in story.red_lines)
        terminal.say(terminal.words("red_lines", names=names))
    terminal.heading(terminal.words("conduct"))
    for name, bar in zip(bundle["compass"].values(), story.bars):
        shown = terminal.words("not_assessed") if bar is None else _bar(bar)
        terminal.say(f"  {shown}  {name}" if bar is not None else f"  {shown:{BAR + 4}}  {name}")
    terminal.heading(terminal.words("trust"))
    for turn, gauges in enumerate(story.gauges):
        terminal.say(f"  {_bar(gauges.trust // 1000)}  {turn if turn else terminal.words('start')}")
    terminal.heading(terminal.words("turns"))
    terminal.say(terminal.words("turning_point", turn=story.turning_point + 1))
    for number, turn in enumerate(story.turns, 1):
        choices = text["scenes"][turn.scene]["choices"]
        terminal.say()
        terminal.say(f"{number}. {choices[turn.choice]['say']}", hang="   ")
        terminal.say(choices[turn.choice]["feedback"], indent="   ")
        better = [other for other in turn.instead if other.regret == 0 and not other.red_line]
        if turn.regret > 0 and better:
            terminal.say(terminal.words("cost", regret=turn.regret), indent="   ")
            terminal.say(choices[better[0].choice]["say"], indent="   > ", hang="     ")
        elif turn.regret <= 0:
            terminal.say(terminal.words("nothing_lost"), indent="   ")
    for name, path in (("best", story.best_path), ("acceptable", story.acceptable_path)):
        if path:
            terminal.heading(terminal.words(name))
            for number, (scene, choice) in enumerate(_scenes_along(structure, path), 1):
                terminal.say(text["scenes"][scene]["choices"][choice]["say"], indent=f"{number:2}. ", hang="    ")


def _scenes_along(structure: dict, path: list[str]) -> list[tuple[str, str]]:
    positions = Play(structure).walk(path)
    return [(structure["scenes"][here.scene]["id"], choice) for here, choice in zip(positions, path)]


def _bar(share: int) -> str:
    filled = share * BAR // 100
    return f"{'#' * filled}{'.' * (BAR - filled)} {share:3}"


def _duration(terminal: Terminal, minutes: int) -> str:
    if minutes >= DAY:
        return terminal.words("days", n=round(minutes / DAY, 1) if minutes % DAY else minutes // DAY)
    if minutes >= 2 * HOUR:
        return terminal.words("hours", n=round(minutes / HOUR))
    return terminal.words("minutes", minutes=minutes)


@cache
def _words() -> dict[str, dict[str, str]]:
    return yaml.safe_load(Path(__file__).with_name("terminal.yaml").read_text(encoding="utf-8"))
