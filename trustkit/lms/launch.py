"""The launch page of a package: one document with all its pages, of which the script shows one at a time. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from trustkit.lms.pages import Page
from trustkit.sphinxext.wording import BCP47

_PAGE = """<!DOCTYPE html>
<html lang="{tag}" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>{title}</title>
{styles}
<script defer src="{script}"></script>
</head>
<body>
<div class="lms-frame">
<a id="leave" href="#" hidden></a>
<p class="tk-notice tk-problem" id="notice" role="alert" hidden></p>
<noscript><p class="tk-notice tk-problem">{no_script}</p></noscript>
{contents}<main><article class="bd-article"></article></main>
{rules}</div>
<script type="application/json" id="package">{data}</script>
{templates}
</body>
</html>
"""

_NO_SCRIPT = {
    "en": "This activity runs in the page. Please switch on JavaScript in your browser.",
    "zh": "这项活动在网页里进行，请在浏览器中打开 JavaScript。",
}
_PAGES = {"en": "Pages", "zh": "页面"}
_RULES = {"en": "Rule cards", "zh": "规则卡"}


def launch_page(
    *, standard: str, language: str, title: str, pages: Sequence[Page], styles: Sequence[str], script: str, cards: str
) -> str:
    """Return the launch page as HTML.

    Args:
        standard: "1.2", "2004" or "cmi5".
        language: "en" or "zh".
        title: the title of the package.
        pages: its pages, in order.
        styles: its style sheets, in order.
        script: its script.
        cards: the HTML of the rule cards that its pages lead to.
    """
    data = {
        "format": standard,
        "lang": language,
        "pages": [{"id": page.id, "title": page.title, "activities": page.activities} for page in pages],
    }
    entries = "\n".join(
        f'<li><a href="#/{page.id}" data-page="{page.id}">{escape(page.title)} <span class="lms-done"></span></a></li>'
        for page in pages
    )
    contents = f'<nav aria-label="{_PAGES[language]}">\n<ol>\n{entries}\n</ol>\n</nav>\n' if len(pages) > 1 else ""
    rules = (
        f'<details class="lms-rules"><summary>{_RULES[language]}</summary>\n{cards}</details>\n'
        if cards.strip()
        else ""
    )
    return _PAGE.format(
        tag=BCP47[language],
        title=escape(title),
        styles="\n".join(f'<link rel="stylesheet" href="{style}">' for style in styles),
        script=script,
        no_script=_NO_SCRIPT[language],
        contents=contents,
        rules=rules,
        data=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
        templates="\n".join(f'<template data-page="{page.id}">\n{page.html}</template>' for page in pages),
    )
