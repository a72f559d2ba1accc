"""What a list of cases says about each one: who calls, about what, how hard it is and what it trains."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from trustkit.cases.reader import CaseSource, read_case, text_of


def case_entry(case: str | Path, language: str = "en") -> dict:
    """Return what a list says about a case in one language; JSON-ready, and without solving the case.

    Raises:
        UnknownCase: there is no case with this id.
        ContentError: a file of the case cannot be used; names file and line.
    """
    source = read_case(case)
    data, text = source.document.data, text_of(source, language=language)
    return {
        "id": source.id,
        "title": text["title"],
        "customer": text["customer"],
        "text_lang": text_language(source, language),
        **{key: data[key] for key in ("industry", "channel", "difficulty", "minutes", "lessons")},
        "industry_name": setting_name("industries", data["industry"], language),
        "channel_name": setting_name("channels", data["channel"], language),
        "exam": data.get("exam", False),
        "compass": data.get("compass", []),
        "rules": data.get("rules", []),
        "variants": source.variants,
    }


def text_language(source: CaseSource, language: str) -> str:
    """Return the language in which somebody who asks for `language` gets the case's texts."""
    return language if language in source.languages else "en"


def setting_name(kind: str, id_: str, language: str) -> str:
    """Return what an industry or a channel is called.

    Args:
        kind: "industries" or "channels".
        id_: such as "home-appliance"; one that is not listed is shown with spaces.
    """
    known = _settings()[kind].get(id_)
    return known[language] if known else id_.replace("-", " ").capitalize()


def in_order(entries: list[dict]) -> list[dict]:
    """Return the entries as a list shows them: by industry, easy ones first, then by title; without exams.

    A case that is an exam stands where it is taken and nowhere else, so that nobody meets it before.
    """
    order = {industry: place for place, industry in enumerate(_settings()["industries"])}
    return sorted(
        (entry for entry in entries if not entry["exam"]),
        key=lambda entry: (
            order.get(entry["industry"], len(order)), entry["industry"], entry["difficulty"], entry["title"],
        ),
    )  # fmt: skip


@cache
def _settings() -> dict:
    return yaml.safe_load(files(__package__).joinpath("settings.yaml").read_text(encoding="utf-8"))
