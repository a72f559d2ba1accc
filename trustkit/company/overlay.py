"""Reads a company's overlay: one file, `company.yaml`, beside its logo and its own cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trustkit.company.colours import style_sheet
from trustkit.content import ContentError, Document, digest, read_document
from trustkit.course import COMPANY, case_ids, company_folder
from trustkit.policies import values

FILE = "company.yaml"
STATIC = "brand"
"""The folder below `_static` in which the site keeps what is the company's; `company` is left out of every build."""
STYLE = "company.css"
FOOTER = "company-footer.html"

_FOOTER_STYLE = """
.tk-company-name { display: block; font-size: 0.85rem; font-weight: 600; }
.tk-company-footer { margin-top: 0.5rem; font-size: 0.875rem; }
.tk-company-footer p { margin: 0.15rem 0; }
body > header > .logo img { display: block; width: auto; height: 4rem; }
body > footer p { margin: 0.15rem 0; font-size: 0.9rem; }
body > footer a { display: inline; padding: 0; background: none; border: 0; color: var(--brand); }
body > footer a { text-decoration: underline; }
html[data-theme="dark"] .tk-logo-light, html:not([data-theme="dark"]) .tk-logo-dark { display: none; }
"""


@dataclass(frozen=True)
class Card:
    """A rule card of the company in one language; `facts` are its date, place, source and version by name."""

    title: str
    text: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Company:
    """What a company says in its `company.yaml`.

    Attributes:
        folder: where it stands.
        data: the file as plain data, as an author wrote it.
    """

    folder: Path
    data: Mapping[str, Any]

    def said(self, key: str, language: str) -> str:
        """Return a text of the file in a language, else in the other one; empty where there is none."""
        return _said(self.data.get(key), language)

    @property
    def languages(self) -> tuple[str, ...]:
        """The editions to publish."""
        return tuple(language for language in ("en", "zh") if language in self.data.get("languages", ("en", "zh")))

    @property
    def may_be_found(self) -> bool:
        """Whether search engines may list the site."""
        return self.data.get("search-engines") == "allowed"

    @property
    def cards(self) -> list[str]:
        """The ids of its rule cards, in its own order."""
        return list(self.data.get("rules", {}))

    def card(self, id_: str, language: str) -> Card | None:
        """Return a rule card in a language, or None where the company has none with this id."""
        one = self.data.get("rules", {}).get(id_)
        if one is None:
            return None
        place = _said(one.get("jurisdiction"), language) or self.said("short", language) or self.said("name", language)
        facts = {
            "date": str(one.get("date", "")),
            "jurisdiction": place,
            "source": _said(one.get("source"), language),
            "version": str(one.get("version", "")),
        }
        return Card(_said(one.get("title"), language), _said(one.get("text"), language), facts)

    def picture(self, which: str) -> Path | None:
        """Return a picture's file: "light", "dark" (the light one where there is none) or "favicon"; None without."""
        logo = self.data.get("logo", {})
        name = self.data.get("favicon") if which == "favicon" else logo.get(which) or logo.get("light")
        return self.folder / name if name else None

    def published_picture(self, which: str) -> str:
        """Return where the site keeps a picture, below `_static`; empty without one."""
        path = self.picture(which)
        return f"{STATIC}/{'favicon' if which == 'favicon' else f'logo-{which}'}{path.suffix.lower()}" if path else ""

    def static_files(self) -> dict[str, bytes]:
        """Return what the site keeps of the company, by its place below `_static`."""
        pictures = {self.published_picture(which): self.picture(which) for which in ("light", "dark", "favicon")}
        found = {place: path.read_bytes() for place, path in pictures.items() if path}
        sheet = style_sheet(self.data.get("colours", {})) + _FOOTER_STYLE
        return {**found, f"{STATIC}/{STYLE}": sheet.encode("utf-8")}

    def brand(self, language: str) -> dict[str, str]:
        """Return what header, first page and footer say of the company in a language."""
        contact = self.data.get("contact", {})
        return {
            "name": self.said("name", language),
            "short": self.said("short", language) or self.said("name", language),
            "contact": _said(contact.get("text"), language),
            "mail": contact.get("mail", ""),
            "legal": self.said("legal", language),
            "logo_light": self.published_picture("light"),
            "logo_dark": self.published_picture("dark"),
            "favicon": self.published_picture("favicon"),
        }


def company_of(root: Path | None = None) -> Company | None:
    """Return the company whose overlay is used, or None where there is none.

    Raises:
        ContentError: the folder holds no `company.yaml`, or the file cannot be read.
    """
    folder = company_folder(root)
    if folder is None:
        return None
    document = read_company(folder)
    return Company(folder, document.data)


def read_company(folder: Path) -> Document:
    """Return the company's file with its lines.

    Raises:
        ContentError: there is no such file, or it is no mapping in YAML.
    """
    path = folder / FILE
    if not path.is_file():
        raise ContentError(
            path, 0, f"this file does not exist. `trustkit company new {folder.name}` makes one; without an overlay "
            f"leave out --company (and {COMPANY}).", "company",
        )  # fmt: skip
    document = read_document(path)
    if not isinstance(document.data, dict):
        raise ContentError(path, 1, "this file must hold keys and values, such as `name: {en: …, zh: …}`.", "company")
    return document


def text_stamp(root: Path) -> str:
    """Return what changes when a page may say something else: the policy values, the company's cards and cases."""
    company = company_of(root)
    own = company and [company.data.get("rules"), company.said("short", "en"), company.said("name", "en")]
    return digest([values(root), own, case_ids(root) if company else []])


def _said(pair: Any, language: str) -> str:
    if not isinstance(pair, dict):
        return ""
    return str(pair.get(language) or pair.get("en") or pair.get("zh") or "").strip()
