"""The first page of the published site: it offers the editions, with links and nothing else."""

from __future__ import annotations

from html import escape

from trustkit.company.overlay import STATIC, STYLE, Company
from trustkit.sphinxext.wording import BCP47, NAMES

_INVITATION = {"en": "Read the course in English", "zh": "阅读中文版课程"}

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{robots}<meta name="color-scheme" content="light dark">
<link rel="icon" href="{icon}">
<title>{title}</title>
<link rel="stylesheet" href="{folder}/_static/chooser.css">
{style}</head>
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
{footer}</body>
</html>
"""

_ROBOTS = '<meta name="robots" content="noindex, nofollow, noarchive">\n'


def chooser_page(titles: dict[str, str], logo: str, company: Company | None = None) -> str:
    """Return the page as HTML.

    Args:
        titles: the title of the course by language, in the order of the links.
        logo: the course's own logo as SVG.
        company: whose name, logo, colours, contact and legal notice the page carries.
    """
    entries = "\n".join(
        f'<li><a href="{language}/index.html" lang="{BCP47[language]}" hreflang="{BCP47[language]}">'
        f"<strong>{NAMES[language]}</strong>{_INVITATION[language]}</a></li>"
        for language in titles
    )
    first = next(iter(titles))
    static = f"{first}/_static"
    heads = titles
    icon, style, footer = f"{static}/favicon.svg", "", ""
    if company:
        brands = {language: company.brand(language) for language in titles}
        heads = {language: f"{brands[language]['name']} · {title}" for language, title in titles.items()}
        own = brands[first]
        icon = f"{static}/{own['favicon']}" if own["favicon"] else icon
        logo = _logo(static, own) or logo
        style = f'<link rel="stylesheet" href="{static}/{STATIC}/{STYLE}">\n'
        footer = f"<footer>\n{''.join(_notices(language, brand) for language, brand in brands.items())}</footer>\n"
    return _PAGE.format(
        language=BCP47[first],
        folder=first,
        title=escape(" · ".join(titles.values())),
        logo=logo,
        heading="".join(f'<span lang="{BCP47[language]}">{escape(head)}</span>' for language, head in heads.items()),
        entries=entries,
        robots="" if company and company.may_be_found else _ROBOTS,
        icon=icon,
        style=style,
        footer=footer,
    )


def _logo(static: str, brand: dict[str, str]) -> str:
    if not brand["logo_light"]:
        return ""
    light = f'<img src="{static}/{brand["logo_light"]}" alt="">'
    if brand["logo_dark"] == brand["logo_light"]:
        return light
    dark = f'<source srcset="{static}/{brand["logo_dark"]}" media="(prefers-color-scheme: dark)">'
    return f"<picture>{dark}{light}</picture>"


def _notices(language: str, brand: dict[str, str]) -> str:
    mail = f' <a href="mailto:{escape(brand["mail"], quote=True)}">{escape(brand["mail"])}</a>' if brand["mail"] else ""
    said = [f"{escape(brand['contact'])}{mail}" if brand["contact"] or mail else "", escape(brand["legal"])]
    return "".join(f'<p lang="{BCP47[language]}">{text}</p>\n' for text in said if text)
