"""Makes the built book ready for a company's server: what a server asks for beside the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from trustkit.publish.build import build_book
from trustkit.publish.lab import remove_lab
from trustkit.publish.stage import LANGUAGES

ROBOTS = "User-agent: *\nDisallow: /\n"
"""For search engines that see the intranet: a course with answers in it is nobody's search result."""

_NOT_FOUND = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="color-scheme" content="light dark">
<title>Page not found · 找不到页面</title>
</head>
<body>
<main>
<h1>This page is not here.</h1>
<p>The course may have been renewed since the link was made. Open the course's first page and search there.</p>
<h1 lang="zh-Hans">找不到这个页面。</h1>
<p lang="zh-Hans">链接做好之后，课程可能更新过。请打开课程首页，在那里搜索。</p>
</main>
</body>
</html>
"""
"""It stands for itself: at whatever depth a server shows it, it asks for no other file."""


def publish_site(
    languages: Sequence[str] = LANGUAGES, out: Path | None = None, *, root: Path | None = None,
    say: Callable[[str], object] = print, lab: Callable[[Path], object] = remove_lab,
) -> Path:  # fmt: skip
    """Build the book and lay beside it what a server needs; return the folder, to be copied as it is.

    Args:
        languages, out, root, say: as for `build_book`.
        lab: puts the lab for the browser into the folder, or takes an old one out.

    Raises:
        trustkit.publish.build.BuildFailed: something is wrong with the book.
    """
    site = build_book(languages, out, root=root, say=say)
    for name, content in (("robots.txt", ROBOTS), ("404.html", _NOT_FOUND)):
        path = site / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    lab(site)
    return site
