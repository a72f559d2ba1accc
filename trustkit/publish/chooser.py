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
<style>
  :root {{ --paper: #f6f4ef; --card: #fffdf9; --ink: #22303a; --soft: #5b6770; --line: #ddd6c8; --brand: #14606b; }}
  @media (prefers-color-scheme: dark) {{
    :root {{ --paper: #141a1e; --card: #1c2429; --ink: #e6e3db; --soft: #a3adb3; --line: #33404a; --brand: #7cc4cd; }}
  }}
  * {{ box-sizing: border-box; }}
  body {{
    margin: 0 auto; max-width: 44rem; min-height: 100vh; padding: 2rem 1.25rem;
    display: grid; align-content: center; gap: 2rem;
    background: var(--paper); color: var(--ink);
    line-height: 1.5;
    font-family: system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC",
      "Microsoft YaHei", sans-serif;
  }}
  header {{ display: flex; flex-wrap: wrap; align-items: center; gap: 1rem 1.25rem; }}
  .logo svg {{ display: block; width: 4rem; height: 4rem; }}
  h1 {{ margin: 0; font-size: 1.5rem; line-height: 1.4; font-weight: 650; }}
  h1 span {{ display: block; }}
  ul {{
    list-style: none; display: grid; gap: 1rem; margin: 0; padding: 0;
    grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr));
  }}
  a {{
    display: block; height: 100%; padding: 1.5rem 1.75rem; background: var(--card); color: inherit;
    border: 1px solid var(--line); border-radius: .6rem; text-decoration: none;
  }}
  a:hover, a:focus-visible {{ outline: 2px solid var(--brand); outline-offset: 2px; }}
  strong {{ display: block; margin-bottom: .25rem; color: var(--brand); font-size: 1.2rem; }}
</style>
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
