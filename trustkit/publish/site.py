"""Makes the built book ready for a company's server: what a server asks for beside the pages."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from trustkit.company.overlay import company_of
from trustkit.course import course_root
from trustkit.publish.build import INPUTS, build_book
from trustkit.publish.crawl import pages_of
from trustkit.publish.lab import remove_lab
from trustkit.publish.pdf import COURSE, print_course, words_of
from trustkit.publish.serving import LAB_FOLDER, LAB_POLICY, POLICY
from trustkit.publish.stage import LANGUAGES
from trustkit.publish.stamp import Stamp, stamp_of
from trustkit.sphinxext.wording import BCP47, NAMES

ROBOTS = "User-agent: *\nDisallow: /\n"
"""For search engines that see the intranet: a course with answers in it is nobody's search result."""

OPEN_ROBOTS = "User-agent: *\nDisallow:\n"
"""For a company that wants its course to be found."""

PLACE = b'<div class="tk-version"></div>'
"""What the template leaves in each page for the version."""

PDF = "pdf"
"""The folder of the site with the PDFs."""

_NOT_FOUND = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{logo}">
<title>Page not found · 找不到页面</title>
{head}</head>
<body>
{before}<header>
<div class="logo"><img src="{logo}" height="64" alt=""></div>
<h1><span>This page is not here.</span>{between}<span lang="zh-Hans">找不到这个页面。</span></h1>
</header>
<main>
<p>The course may have been renewed since the link was made. {where_en}</p>
<p lang="zh-Hans">链接做好之后，课程可能更新过。{where_zh}</p>
{links}</main>
{after}</body>
</html>
"""
_WHERE = {
    False: ("Open the course's first page and search there.", "请打开课程首页，在那里搜索。"),
    True: ("Begin at one of these pages and search there.", "请从下面的首页进入，再搜索。"),
}
_SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


class NoAddress(ValueError):
    """What was given as the address of the published course is none; the message says what one looks like."""


def checked_address(address: str) -> str:
    """Return the address of the published course with a slash at its end; "" stays "".

    Raises:
        NoAddress: it does not begin with http:// or https:// and a host, or has a question or an anchor in it.
    """
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise NoAddress(
            f"“{address}” is not the address of a course. It looks like this: https://intranet.example/trust/"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def publish_site(
    languages: Sequence[str] = LANGUAGES,
    out: Path | None = None,
    *,
    root: Path | None = None,
    address: str = "",
    pdf: bool = False,
    lab: Callable[[Path], object] = remove_lab,
    say: Callable[[str], object] = print,
) -> Path:
    """Build the book and lay beside it what a server needs; return the folder, to be copied as it is.

    Args:
        languages, out, root, say: as for `build_book`.
        address: where the course will stand, such as "https://intranet.example/trust/"; "" where nobody knows yet.
        pdf: print the course as well.
        lab: puts the lab for the browser into the folder, or takes an old one out.

    Raises:
        trustkit.publish.build.BuildFailed: something is wrong with the book.
        trustkit.publish.browser.NoBrowser: it is to be printed, and there is no Chromium here.
        trustkit.publish.pdf.NotPrinted: it cannot be printed as it should be.
        NoAddress: the address is none.
    """
    root = (root or course_root()).resolve()
    address = checked_address(address)
    stamp = Stamp("", "", "")
    printed = root / "_build" / PDF

    def finish(editions: dict[str, Path], digest: str) -> Callable[[str, bytes], bytes]:
        nonlocal stamp
        stamp = stamp_of(root, INPUTS, digest)
        made = print_course(root, editions, printed, stamp, address=address, say=say) if pdf else []
        there = {one.path.relative_to(printed).as_posix() for one in made}
        return lambda name, page: stamped(name, page, stamp, there)

    site = build_book(languages, out, root=root, finish=finish, say=say)
    published = [language for language in LANGUAGES if language in languages]
    _copy_pdf(printed, site / PDF, published if pdf else [])
    for name, content in _beside(root, site, published, address, stamp):
        path = site / name
        if content is None:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    lab(site)
    return site


def stamped(name: str, page: bytes, stamp: Stamp, printed: set[str]) -> bytes:
    """Return a page with its version, and with links to the PDFs that were made.

    Args:
        name: the page's place in the site, such as "en/06-complaints/index.html".
        page: the page as it was built.
        stamp: the version.
        printed: the PDFs that are there, such as "en/course.pdf".
    """
    language, _, rest = name.partition("/")
    words, up, links = words_of(language), "../" * name.count("/"), []
    for pdf, text in ((f"{language}/{COURSE}.pdf", "whole"), (f"{language}/{rest.partition('/')[0]}.pdf", "this")):
        if pdf in printed:
            links.append(f'<a href="{up}{PDF}/{pdf}">{escape(words[text])}</a>')
    shown = f"<p>{escape(str(stamp))}</p>" + (f"<p>{' '.join(links)}</p>" if links else "")
    return page.replace(PLACE, f'<div class="tk-version">{shown}</div>'.encode(), 1)


def data_address(picture: Path) -> str:
    """Return a picture (SVG, PNG) as an address that holds it, for a page that may ask for no file."""
    kind = "svg+xml" if picture.suffix.lower() == ".svg" else "png"
    return f"data:image/{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"


def not_found_page(logo: str, languages: Sequence[str], address: str) -> str:
    """Return the page for addresses that do not exist.

    A server shows it at whatever depth somebody asked for. So it asks for no file by a relative path; where the course
    is to stand is needed for its style and for the way home.

    Args:
        logo: the address of the logo, which holds the picture itself.
        languages: the editions.
        address: where the course will stand; "" where nobody knows yet.
    """
    home = urlsplit(address).path
    entries = "".join(
        f'<li><a href="{home}{language}/index.html" lang="{BCP47[language]}" hreflang="{BCP47[language]}">'
        f"<strong>{NAMES[language]}</strong></a></li>"
        for language in languages
    )
    where_en, where_zh = _WHERE[bool(address)]
    return _NOT_FOUND.format(
        logo=logo,
        # Without a style sheet this is all that the policy leaves.
        between=" " if address else "<br>",
        before="" if address else '<div align="center">\n',
        after="" if address else "</div>\n",
        head=f'<link rel="stylesheet" href="{home}{languages[0]}/_static/chooser.css">\n' if address else "",
        links=f"<ul>{entries}</ul>\n" if address else "",
        where_en=where_en, where_zh=where_zh,
    )  # fmt: skip


def sitemap(pages: Sequence[str], address: str, date: str) -> str:
    """Return the list of the pages for an intranet's search engine, as sitemaps.org describes it."""
    changed = f"<lastmod>{date}</lastmod>" if date else ""
    entries = (f"<url><loc>{escape(address + quote(page))}</loc>{changed}</url>\n" for page in pages)
    return f"{_SITEMAP}{''.join(entries)}</urlset>\n"


def next_steps(site: Path, address: str = "") -> list[str]:
    """Return what was made, how big it is, and what to do with it, as lines for a person."""
    files = [path for path in site.rglob("*") if path.is_file()]
    pages = sum(path.suffix == ".html" for path in files)
    printed = sum(path.suffix == ".pdf" for path in files)
    held = f"{pages} pages" + (f" and {printed} PDFs" if printed else "")
    size = sum(path.stat().st_size for path in files) / 1e6
    lab = [f"The folder lab/, and it alone, needs another one:\n  Content-Security-Policy: {LAB_POLICY}"]
    return [
        f"{site}: {held}, {len(files)} files, {size:.0f} MB.",
        "Next: copy the folder to your web server as it is"
        + (f", so that it answers at {checked_address(address)}." if address else "; any sub-path will do."),
        f"Let the server send this header with every answer:\n  Content-Security-Policy: {POLICY}",
        *(lab if (site / LAB_FOLDER).is_dir() else []),
        "Settings for nginx, IIS and Apache: the page “Publish the course” in the trainer's book, and deploy/.",
    ]


def _beside(
    root: Path, site: Path, languages: Sequence[str], address: str, stamp: Stamp
) -> Iterator[tuple[str, str | None]]:
    """Yield what stands beside the editions: name and content, or None where it is not to be there."""
    company = company_of(root)
    logo = data_address((company and company.picture("light")) or root / "book/_static/logo.svg")
    version = {"kit": stamp.version, "date": stamp.date, "edition": stamp.edition, "languages": list(languages)}
    yield "404.html", not_found_page(logo, languages, address)
    yield "version.json", json.dumps(version, indent=1) + "\n"
    robots = OPEN_ROBOTS if company and company.may_be_found else ROBOTS
    yield "robots.txt", robots + (f"Sitemap: {address}sitemap.xml\n" if address else "")
    pages = [page for page in pages_of(site) if page != "404.html"]
    yield "sitemap.xml", sitemap(pages, address, stamp.date) if address else None


def _copy_pdf(printed: Path, target: Path, languages: Sequence[str]) -> None:
    wanted = {path.relative_to(printed): path for language in languages for path in printed.glob(f"{language}/*.pdf")}
    for name, path in wanted.items():
        copy = target / name
        if copy.is_file() and (copy.stat().st_size, copy.stat().st_mtime_ns) == (
            path.stat().st_size, path.stat().st_mtime_ns
        ):  # fmt: skip
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    for path in target.rglob("*.pdf"):
        if path.relative_to(target) not in wanted:
            path.unlink()
    if not wanted:
        shutil.rmtree(target, ignore_errors=True)
