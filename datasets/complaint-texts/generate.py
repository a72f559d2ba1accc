"""The generator of the complaint texts: a seed in, texts of customers in English and Chinese with their labels out.

For trainers and authors: a text is put together from sentences that were written for the course (`parts-en.yaml`,
`parts-zh.yaml`), so its labels are known by construction. What is planted, and the bands it must stay in, stands in
`planted.md` beside this file. The trainee's page is `card.md`, which says nothing about it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from trustkit.data.columns import choose, draw, ids, labels, texts, whole

ROWS = 1_200
TEXTS_PER_AGENT = 20

LANGUAGES = ("en", "zh")
SENTIMENTS = ("negative", "neutral", "positive")
TOPICS = ("app", "billing", "delivery", "fault", "privacy", "promise", "refund", "staff")
CHANNELS = ("app", "chat", "email", "social")
TRAITS = ("plain", "sarcasm", "very polite", "negation", "mixed", "regional")
TRAIT_SHARE = (0.56, 0.08, 0.12, 0.10, 0.07, 0.07)
STYLES = ("blunt", "short", "plain", "letter")
STYLE_SHARE = (0.12, 0.30, 0.34, 0.24)
# By style: how polite it counts (very polite texts have 4), and through which channel it comes.
POLITENESS = {"blunt": 1, "short": 2, "plain": 2, "letter": 3, "polite": 4}
CHANNEL_SHARE = {
    "blunt": (0.20, 0.35, 0.10, 0.35),
    "short": (0.20, 0.60, 0.05, 0.15),
    "plain": (0.35, 0.15, 0.35, 0.15),
    "letter": (0.05, 0.00, 0.95, 0.00),
    "polite": (0.15, 0.20, 0.65, 0.00),
}
# How urgent the matter is (levels 1 to 4), whatever is felt about it.
LEVELS = (0.29, 0.30, 0.22, 0.19)
AT_HOME = ("delivery", "fault", "promise")
COSTS = {
    "delivery": ("home", "contact"), "fault": ("home", "contact"), "promise": ("home", "contact"),
    "billing": ("money", "contact"), "refund": ("money", "contact"), "staff": ("contact",),
    "app": ("digital", "contact"), "privacy": ("contact",),
}  # fmt: skip
# What is at stake where much is, and where little is.
AMOUNTS = ((236, 310, 345, 420, 480, 560, 640, 790, 860), (18, 25, 39, 49, 64, 89, 120, 149))
CODERS_RIGHT = {"plain": 0.95, "sarcasm": 0.74, "very polite": 0.80, "negation": 0.90, "mixed": 0.88, "regional": 0.88}


def generate(
    seed: int,
    rows: int = ROWS,
    *,
    negative: float = 0.40,
    largest_topic: str = "delivery",
    angriest_topic: str = "staff",
    urgent_topic: str = "fault",
    calm_but_urgent: float = 1.0,
    agent_effect: float = 0.0,
    agent_luck: float = 1.0,
) -> pd.DataFrame:
    """Return the texts as one typed table, half of them English and half Chinese, the same for the same seed.

    Args:
        seed: any whole number from 0.
        rows: texts in the table; a multiple of 40 from 240.
        negative: share of negative texts among those without sarcasm and great politeness, 0.3-0.6.
        largest_topic: the topic with the most texts.
        angriest_topic: the topic whose texts are negative most often.
        urgent_topic: the topic with the largest share of urgency 4.
        calm_but_urgent: how many times as often a text that is not negative is about an urgent matter, 0.2-4.
        agent_effect: how much more negative the texts are that a third of the agents is given; 0 for not at all.
        agent_luck: share of the texts that reach an agent by chance, 0-1; the rest is dealt out evenly by sentiment.

    Returns:
        The table in the order of the file; `card.md` explains each column.

    Raises:
        ValueError: a number of rows or a share that is out of range, or no such topic.
    """
    _check(rows, negative, (largest_topic, angriest_topic, urgent_topic), calm_but_urgent, agent_effect, agent_luck)
    rng = np.random.default_rng(seed)
    half = rows // 2
    made = [
        row
        for lang in LANGUAGES
        for row in _texts(rng, lang, half, negative, largest_topic, angriest_topic, urgent_topic, calm_but_urgent)
    ]
    order = rng.permutation(rows)
    table = pd.DataFrame([made[at] for at in order])
    sentiment = table["sentiment"].to_numpy()
    agent = _agents(rng, sentiment, agent_effect, agent_luck)
    coders = [_coder(rng, table["trait"].tolist(), sentiment) for _ in range(2)]
    skipped = [np.isin(np.arange(rows), choose(rng, np.arange(rows), round(0.02 * rows))) for _ in range(2)]
    trait = table["trait"]
    return pd.DataFrame(
        {
            "text_id": ids("X", np.arange(1, rows + 1), 4),
            "lang": labels(table["lang"].to_numpy(), LANGUAGES),
            "channel": labels(table["channel"].to_numpy(), CHANNELS),
            "agent_id": ids("A", agent + 1, 2),
            "text": texts(table["text"].tolist()),
            "label_sentiment": labels(sentiment, SENTIMENTS),
            "label_topic": labels(table["topic"].to_numpy(), TOPICS),
            "urgency": whole(table["urgency"].to_numpy()),
            "politeness": whole(table["politeness"].to_numpy()),
            "sarcasm": whole((trait == "sarcasm").to_numpy()),
            "negation": whole((trait == "negation").to_numpy()),
            "mixed_language": whole((trait == "mixed").to_numpy()),
            "regional_words": whole((trait == "regional").to_numpy()),
            "trust_loss_span": texts(table["span"].tolist(), (table["span"] == "").to_numpy()),
            "coder_a_sentiment": labels(coders[0], SENTIMENTS, skipped[0]),
            "coder_b_sentiment": labels(coders[1], SENTIMENTS, skipped[1]),
        }
    )


def variation(chance: random.Random) -> dict[str, object]:
    """Return arguments for texts of the same kind in which other answers are true.

    Whoever answers with a topic or a number of the shipped file instead of a method must fail there: another topic is
    the largest, another the angriest, another the most urgent, and calm texts are urgent more or less often.
    """
    topics = ["app", "billing", "privacy", "promise", "refund"]
    chance.shuffle(topics)
    return {
        "negative": chance.choice((0.33, 0.34, 0.47, 0.48)),
        "largest_topic": topics[0],
        "angriest_topic": topics[1],
        "urgent_topic": topics[2],
        "calm_but_urgent": chance.choice((0.4, 0.5, 2.2, 2.6)),
    }


def _check(
    rows: int,
    negative: float,
    topics: tuple[str, ...],
    calm_but_urgent: float,
    agent_effect: float,
    agent_luck: float,
) -> None:
    if rows < 240 or rows % 40:
        raise ValueError(f"{rows} rows do not fit: take a multiple of 40 from 240, so that each agent has 20 texts.")
    if not 0.3 <= negative <= 0.6:
        raise ValueError(f"A negative share of {negative} is out of range: 0.3 to 0.6.")
    for topic in topics:
        if topic not in TOPICS:
            raise ValueError(f"There is no topic {topic}; the topics are {', '.join(TOPICS)}.")
    if len(set(topics)) < len(topics):
        raise ValueError("The largest, the angriest and the most urgent topic must be three topics.")
    if not 0.2 <= calm_but_urgent <= 4:
        raise ValueError(f"calm_but_urgent is {calm_but_urgent}; it must lie between 0.2 and 4.")
    if not 0 <= agent_effect <= 5:
        raise ValueError(f"An agent effect of {agent_effect} is out of range: 0 to 5.")
    if not 0 <= agent_luck <= 1:
        raise ValueError(f"agent_luck is a share, from 0 to 1, not {agent_luck}.")


def _texts(
    rng: np.random.Generator,
    lang: str,
    n: int,
    negative: float,
    largest: str,
    angriest: str,
    urgent: str,
    calm_but_urgent: float,
) -> list[dict[str, object]]:
    """Return `n` texts of one language with their labels."""
    counts = [round(share * n) for share in TRAIT_SHARE[1:]]
    traits = rng.permutation(np.repeat(np.arange(len(TRAITS)), [n - sum(counts), *counts]))
    topic_share = np.where(np.array(TOPICS) == largest, 0.22, 0.78 / 7)
    # The sizes differ a little from seed to seed, so that they cannot be known without counting.
    topic = draw(rng, topic_share * rng.uniform(0.9, 1.1, len(TOPICS)), n)
    writer, seen, made = Writer(rng, lang), set(), []
    for trait, about in zip(traits.tolist(), topic.tolist()):
        name, subject = TRAITS[trait], TOPICS[about]
        mood = _mood(rng, name, 0.72 if subject == angriest else negative)
        if name == "sarcasm":
            share = np.array((0.35, 0.50, 0.15, 0.0))
        elif name == "very polite":
            share = np.array((0.0, 0.0, 0.6, 0.4))
        else:
            share = np.array(LEVELS)
        share = share * (1, 1, 1, calm_but_urgent if mood != "negative" else 1)
        share = share * ((0.6, 0.6, 1, 2.4) if subject == urgent else (1, 1, 1, 0.75))
        share = share * (1, 1, 1, 0.6 if mood == "positive" else 1)
        level = 1 + int(draw(rng, share, 1)[0])
        style = "polite" if name == "very polite" else STYLES[int(draw(rng, STYLE_SHARE, 1)[0])]
        if mood != "negative" and style == "blunt":
            style = "plain"
        # A few very polite texts are about small matters.
        if name == "plain" and mood != "negative" and level <= 2 and rng.random() < 0.12:
            style = "polite"
        while True:
            text, span, urgency = writer.write(name, subject, mood, level, style)
            if text not in seen:
                break
        seen.add(text)
        made.append(
            {
                "lang": LANGUAGES.index(lang),
                "trait": name,
                "topic": about,
                "sentiment": SENTIMENTS.index(mood),
                "urgency": urgency,
                "politeness": POLITENESS[style],
                "channel": int(draw(rng, CHANNEL_SHARE[style], 1)[0]),
                "text": text,
                "span": span,
            }
        )
    return made


def _mood(rng: np.random.Generator, trait: str, negative: float) -> str:
    if trait == "sarcasm":
        return "negative"
    shares = (0.45, 0.55, 0.0) if trait == "very polite" else (negative, 0.5 * (1 - negative), 0.5 * (1 - negative))
    return SENTIMENTS[int(draw(rng, shares, 1)[0])]


def _agents(rng: np.random.Generator, sentiment: np.ndarray, effect: float, luck: float) -> np.ndarray:
    """Return the agent of each text, twenty for each; with an effect the first third gets more negative ones."""
    n = len(sentiment)
    agents = rng.permutation(n // TEXTS_PER_AGENT)
    noise = rng.standard_normal(n)
    if effect:
        # The first rounds of dealing go to a third of the agents; negative texts come to the top more often.
        order = np.argsort(-(noise + effect * (sentiment == 0)), kind="stable")
        third = len(agents) // 3 * TEXTS_PER_AGENT
        order = np.concatenate([rng.permutation(order[:third]), rng.permutation(order[third:])])
        return _placed(order, np.repeat(agents, TEXTS_PER_AGENT))
    order = np.argsort(noise, kind="stable")
    by_chance = round(luck * n / len(agents)) * len(agents)
    evenly = order[by_chance:]
    evenly = evenly[np.argsort(sentiment[evenly], kind="stable")]
    turns = np.concatenate([np.tile(agents, by_chance // len(agents)), np.tile(agents, len(evenly) // len(agents))])
    return _placed(np.concatenate([order[:by_chance], evenly]), turns)


def _placed(order: np.ndarray, agents: np.ndarray) -> np.ndarray:
    found = np.empty(len(order), dtype=np.int64)
    found[order] = agents
    return found


def _coder(rng: np.random.Generator, traits: Sequence[str], sentiment: np.ndarray) -> np.ndarray:
    """Return the sentiment that a person wrote down who read the text once; people err one step, or are fooled."""
    right = rng.random(len(sentiment)) < np.array([CODERS_RIGHT[trait] for trait in traits])
    step = np.where(sentiment == 0, 1, np.where(sentiment == 2, -1, np.where(rng.random(len(sentiment)) < 0.7, -1, 1)))
    fooled = np.where(np.array(traits) == "sarcasm", 2, sentiment + step)
    return np.where(right, sentiment, fooled)


class Writer:
    """Puts texts of one language together, sentence by sentence, the way people write complaints."""

    def __init__(self, rng: np.random.Generator, lang: str):
        self.rng, self.lang, self.parts = rng, lang, _parts(lang)

    def write(self, trait: str, topic: str, mood: str, level: int, style: str) -> tuple[str, str, int]:
        """Return a text, the words in which it shows lost trust (or none), and how urgent it is (1-4)."""
        self.given = {
            "thing": [self._one(self.parts["things"])],
            "month": self._shuffled(self.parts["months"]),
            "day": self._shuffled(self.parts["days"]),
            "hour": self._shuffled(self.parts["hours"]),
            "n": self._shuffled([str(one) for one in range(3, 10)]),
            "days": self._shuffled([str(one) for one in range(3, 15)]),
            "amount": [str(int(self.rng.choice(AMOUNTS[level <= 2])))],
        }
        self.used = dict.fromkeys(self.given, 0)
        span, urgency = "", level
        if mood == "positive":
            body, urgency = self._positive(trait, topic, level)
        elif mood == "neutral":
            body = self._neutral(trait, topic, level, style)
        else:
            body, span = self._negative(trait, topic, level, style)
        return *self._dressed(body, span, style, mood), urgency

    def _negative(self, trait: str, topic: str, level: int, style: str) -> tuple[list[str], str]:
        parts, rng = self.parts, self.rng
        event = [self._event(topic, level)]
        if trait != "sarcasm" and rng.random() < 0.45:
            event.append(self._cost(topic))
        span, after = "", []
        if trait == "sarcasm":
            kind, trust = rng.random(), 0.12
            lines = self._home("sarcasm", "line", topic)
            # Praise that is only praise: nothing but the event shows how it is meant.
            strong, praise = parts["positive"]["strong"], parts["positive"]["praise"]
            if kind < 0.25:
                feeling = [self._one(lines)]
            elif kind < 0.55:
                feeling = [self._one(strong), self._one(lines)]
            elif kind < 0.80:
                feeling = self._some(strong, 0.8)
            else:
                feeling = [self._one(praise), self._one(parts["sarcasm"]["bare"])]
        elif trait == "very polite":
            feeling, trust = [self._one(parts["polite"]["feeling"])], 0.50
        elif trait in ("negation", "mixed", "regional"):
            feeling, trust = self._own(trait, "negative"), 0.22
        else:
            kind, trust = rng.random(), 0.30
            if kind < 0.85:
                feeling = self._some(parts["negative"]["strong"], 0.7)
            elif kind < 0.91:
                feeling = [self._one(self._home("negative", "concession", topic))]
            elif level <= 3:
                feeling = [self._one(self._home("negative", "quiet", topic))]
            else:
                feeling = [self._one(parts["negative"]["strong"])]
        if rng.random() < trust:
            line = self._one(parts["trust"]["polite"] if style == "polite" else self._trust_lines(topic))
            span = re.search(r"\[\[(.*?)]]", line)[1]
            after = [line.replace("[[", "").replace("]]", "")]
        wish = []
        if style == "polite":
            wish = [self._one(parts["polite"]["ask"])]
        elif rng.random() < 0.45:
            wish = [self._one(parts["ask"][topic])]
        first = feeling[0] in parts["negative"]["strong"] and rng.random() < 0.25
        return (feeling + event if first else event + feeling) + after + wish, span

    def _neutral(self, trait: str, topic: str, level: int, style: str) -> list[str]:
        parts, rng = self.parts, self.rng
        body = [self._event(topic, level)]
        if rng.random() < 0.25:
            body.append(self._cost(topic))
        statements = parts["neutral"]["statement"] + (parts["neutral"]["fault"] if topic == "fault" else [])
        statements = statements + (parts["neutral"]["calm"] + parts["neutral"]["small"] if level <= 2 else [])
        if trait in ("negation", "mixed", "regional"):
            body.append(self._one(parts[trait]["neutral"]))
        elif style != "polite" or rng.random() < 0.35:
            body += self._some(statements, 0.5)
        if style == "polite":
            body.append(self._one(parts["polite"]["ask"]))
        elif rng.random() < 0.75:
            body.append(self._one(parts["ask"][topic]))
        return body

    def _positive(self, trait: str, topic: str, level: int) -> tuple[list[str], int]:
        parts, rng = self.parts, self.rng
        if trait in ("negation", "mixed", "regional"):
            feeling = self._own(trait, "positive")
        else:
            kind = rng.random()
            if kind < 0.86:
                feeling = self._some(parts["positive"]["strong"], 0.85)
            elif kind < 0.94:
                feeling = [self._one(parts["positive"]["turn"]), self._one(parts["positive"]["strong"])]
            else:
                feeling = [self._one(self._home("positive", "quiet", topic))]
        if level >= 3 or rng.random() < 0.35:
            # Glad about the people, and the matter itself is open.
            praise = [
                self._one(parts["positive"]["praise"]),
                *(feeling if trait != "plain" or rng.random() < 0.6 else []),
            ]
            return [
                *praise,
                self._one(parts["positive"]["bridge"]),
                self._event(topic, level),
                self._one(parts["ask"][topic]),
            ], level
        body = [self._event(topic, level)]
        if rng.random() < 0.3:
            body.append(self._cost(topic))
        return [*body, self._one(parts["positive"]["resolution"][topic]), *feeling], 1

    def _dressed(self, body: list[str], span: str, style: str, mood: str) -> tuple[str, str]:
        """Return the text with its opening and its end, in the writer's way of typing."""
        parts, rng = self.parts, self.rng
        opening, ending = [], []
        # Nobody begins with the oven and goes on with the heater.
        named = any("{thing}" in line for line in body)
        first_lines = [line for line in parts["openings"]["plain"] if named or "{thing}" not in line]
        if style == "polite":
            opening, ending = [self._one(parts["openings"]["polite"])], [self._one(parts["polite"]["end"])]
        elif style == "letter":
            opening = [self._one(parts["openings"]["letter"])]
            if rng.random() < 0.6:
                opening.append(self._one(first_lines))
            ending = [self._one(parts["endings"]["letter"])]
        elif style == "plain":
            if rng.random() < 0.7:
                opening = [self._one(first_lines)]
            if rng.random() < 0.45:
                ending = [self._one(parts["endings"]["plain"])]
        elif style == "short" and rng.random() < 0.6:
            opening = [self._one(parts["openings"]["short"])]
        body = [self._filled(one) for one in [*opening, *body, *ending]]
        span = self._filled(span) if "{" not in span else span
        if self.lang == "en":
            text = _joined(body)
            if style in ("blunt", "short") and rng.random() < 0.5:
                text, span = (_typed_fast(one) for one in (text, span))
                text = text.rstrip(".")
        else:
            text = "".join(body)
            if style in ("blunt", "short") and rng.random() < 0.5:
                text = text.replace("。", " ").strip()
        if span and span not in text:
            # A comma before it made its first letter small.
            span = span[0].lower() + span[1:]
        return text, span

    def _own(self, trait: str, mood: str) -> list[str]:
        """Return a feeling in a turn of speech of its own, for some with a usual sentence behind it."""
        own = [self._one(self.parts[trait][mood])]
        return own + [self._one(self.parts[mood]["strong"])] * (self.rng.random() < 0.50)

    def _trust_lines(self, topic: str) -> list[str]:
        lines = self.parts["trust"]
        more = "home" if topic in AT_HOME else "money" if topic in ("billing", "refund") else ""
        return lines["any"] + (lines[more] if more else [])

    def _event(self, topic: str, level: int) -> str:
        return self._one(self.parts["events"][topic][level])

    def _cost(self, topic: str) -> str:
        return self._one([line for kind in COSTS[topic] for line in self.parts["cost"][kind]])

    def _home(self, group: str, kind: str, topic: str) -> list[str]:
        """Return the lines of a kind, with those that only fit somebody who is waiting at home."""
        lines = self.parts[group]
        return lines[kind] + (lines[f"{kind}_home"] if topic in AT_HOME else [])

    def _one(self, lines: Sequence[str]) -> str:
        return lines[int(self.rng.integers(0, len(lines)))]

    def _some(self, lines: Sequence[str], second: float) -> list[str]:
        """Return one line, or two different ones with the given chance."""
        first = self._one(lines)
        other = self._one([line for line in lines if line != first])
        return [first, other] if self.rng.random() < second else [first]

    def _shuffled(self, values: Sequence[str]) -> list[str]:
        return [values[at] for at in self.rng.permutation(len(values)).tolist()]

    def _filled(self, line: str) -> str:
        """Return a line with one of each (a|b), and its slots filled; within a text no day or hour comes twice."""
        line = re.sub(r"\(([^()]*\|[^()]*)\)", lambda found: self._one(found[1].split("|")), line)
        number = self._next("n") if "{n}" in line else ""
        return re.sub(r"\{(\w+)}", lambda found: self._next(found[1]), line.replace("{n}", number))

    def _next(self, slot: str) -> str:
        values = self.given[slot]
        self.used[slot] += 1
        return values[(self.used[slot] - 1) % len(values)]


@cache
def _parts(lang: str) -> dict[str, object]:
    text = (Path(__file__).parent / f"parts-{lang}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _joined(lines: Sequence[str]) -> str:
    """Return sentences as one text; after a comma the next one goes on with a small letter."""
    text = ""
    for line in lines:
        if text.endswith(",") and not re.match(r"(I\b|[A-Z]{2}|Lantern|\W)", line):
            line = line[0].lower() + line[1:]
        text += f" {line}" if text else line
    return text


def _typed_fast(text: str) -> str:
    return text.lower().replace("please", "pls")
