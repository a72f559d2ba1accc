"""The first page of the published site: it offers the editions, with links and nothing else."""

from __future__ import annotations

from html import escape

from trustkit.sphinxext.wording import BCP47, NAMES

_INVITATION = {"en": "Read the course in English", "zh": "阅读中文版课程"}

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{folder}/_static/favicon.svg">
<title>{title}</title>
<link rel="stylesheet" href="{folder}/_static/chooser.css">
</head>
<body>
<header>
<div class="logo" aria-hidden="true">{logo}</div>
<h1>{heading}</h1>
</header>
<main>
<ul>
{entries}
</ul>
</main>
</body>
</html>
"""


def chooser_page(titles: dict[str, str], logo: str) -> str:
    """Return the page as HTML.

    Args:
        titles: the title of the course by language, in the order of the links.
        logo: the logo as SVG.
    """
    entries = "\n".join(
        f'<li><a href="{language}/index.html" lang="{BCP47[language]}" hreflang="{BCP47[language]}">'
        f"<strong>{NAMES[language]}</strong>{_INVITATION[language]}</a></li>"
        for language in titles
    )
    heading = "".join(f'<span lang="{BCP47[language]}">{escape(title)}</span>' for language, title in titles.items())
    first = next(iter(titles))
    title = escape(" · ".join(titles.values()))
    return _PAGE.format(language=BCP47[first], folder=first, title=title, logo=logo, heading=heading, entries=entries)
