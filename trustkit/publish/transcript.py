"""A complaint case on paper: the conversation along its best path, and what each sentence did; pure."""

from __future__ import annotations

from html import escape
from typing import Any

from trustkit.cases.debrief import Debrief, debrief
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of

DAY, HOUR = 1440, 60


def transcript(bundle: dict[str, Any], words: dict[str, str], *, titled: bool = False, told: bool = True) -> str:
    """Return a case as HTML: the customer, what one knows, each turn with its effect, the ending, another way.

    Args:
        bundle: the case as a page holds it.
        words: the words of print, in the language of the page.
        titled: whether the title stands above it already.
        told: whether the conversation may be told; of an exam only what a handler knows before is printed.
    """
    first = bundle["variants"][0]
    structure, text = first["structure"], first["text"]
    parts = [f'<div class="case"{_language(bundle)}><p class="kind">{escape(words["case" if told else "exam"])}</p>']
    if not titled:
        parts.append(f'<p class="title">{escape(text["title"])}</p>')
    customer = text["customer"]
    parts.append(f"<p><strong>{escape(customer['name'])}</strong>. {escape(customer['about'])}</p>")
    parts.append(f'<p class="label">{escape(words["brief"])}</p>{_paragraphs(text["brief"])}')
    parts.append(_cards(bundle, text, words))
    if not told:
        return "\n".join(part for part in [*parts, "</div>"] if part)
    story = debrief(structure, list(solution_of(structure).best_path().choices))
    parts.append(_turns(bundle, structure, text, story, words))
    ending = text["endings"][story.ending]
    parts.append(
        f'<p class="label">{escape(words["ending"])}{words["colon"]}{escape(ending["title"])}</p>'
        f"{_paragraphs(ending['text'])}"
        f"<p>{escape(words['scores'].format(conduct=story.conduct, outcome=story.outcome))}</p>"
    )
    if story.acceptable_path:
        walk = zip(Play(structure).walk(story.acceptable_path), story.acceptable_path)
        said = [text["scenes"][structure["scenes"][at.scene]["id"]]["choices"][choice]["say"] for at, choice in walk]
        entries = "".join(f"<li>{escape(one)}</li>" for one in said)
        parts.append(f'<p class="label">{escape(words["other"])}</p><ol class="other">{entries}</ol>')
    parts.append("</div>")
    return "\n".join(part for part in parts if part)


def _cards(bundle: dict, text: dict, words: dict[str, str]) -> str:
    cards = [
        f"<dt>{escape(code)} {escape(card['title'])}</dt><dd>{escape(card['text'])}</dd>"
        for code, card in text["house_rules"].items()
    ]
    named = []
    for code in bundle["rules"]:
        link = bundle["rule_links"].get(code)
        named.append(f'<a href="{escape(link, quote=True)}">{escape(code)}</a>' if link else escape(code))
    found = f"<dl>{''.join(cards)}</dl>" if cards else ""
    if named:
        found += f"<p>{words['book_rules'].format(codes=', '.join(named))}</p>"
    return f'<p class="label">{escape(words["rules"])}</p>{found}' if found else ""


def _turns(bundle: dict, structure: dict, text: dict, story: Debrief, words: dict[str, str]) -> str:
    name = text["customer"]["name"]
    rows = []
    for turn, before, after in zip(story.turns, story.gauges, story.gauges[1:]):
        scene = text["scenes"][turn.scene]
        choice = scene["choices"][turn.choice]
        rows.append(_said(name, scene["lines"][turn.line], "them"))
        rows.append(_said(words["you"], choice["say"], "you"))
        effect = [bundle["behaviours"][id_]["name"] for id_, _ in turn.behaviours if id_ in bundle["behaviours"]]
        effect.append(words["trust"].format(change=f"{round(turn.trust / 1000):+d}".replace("-", "−")))
        rows.append(
            f'<p class="effect"><strong>{escape(words["effect"])}{words["colon"]}</strong>'
            f"{escape(choice['feedback'])} <em>{escape(' · '.join(effect))}</em></p>"
        )
        for fact in turn.revealed:
            if fact in text["facts"]:
                rows.append(f'<p class="effect">{escape(words["learned"].format(text=text["facts"][fact]))}</p>')
        spent = next(
            one["minutes"]
            for place in structure["scenes"] if place["id"] == turn.scene
            for one in place["choices"] if one["id"] == turn.choice
        )  # fmt: skip
        passed = after.clock - before.clock - spent
        if passed > 0:
            rows.append(f'<p class="later">{escape(words["later"].format(duration=_duration(passed, words)))}</p>')
    scene, line = story.closing
    rows.append(_said(name, text["scenes"][scene]["lines"][line], "them"))
    return f'<div class="talk">{"".join(rows)}</div>'


def _said(who: str, what: str, side: str) -> str:
    return f'<div class="said {side}"><p class="who">{escape(who)}</p>{_paragraphs(what)}</div>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n") if part.strip())


def _duration(minutes: int, words: dict[str, str]) -> str:
    if minutes >= DAY:
        return words["days"].format(n=round(minutes / DAY, 1) if minutes % DAY else minutes // DAY)
    if minutes >= 2 * HOUR:
        return words["hours"].format(n=round(minutes / HOUR))
    return words["minutes"].format(n=minutes)


def _language(bundle: dict) -> str:
    return "" if bundle["text_lang"] == bundle["lang"] else f' lang="{bundle["text_lang"]}"'
