"""The facts of a certificate, and the code that only the holder of the key can make for them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import unicodedata

FACTS = (
    "name",
    "track",
    "title",
    "course",
    "lang",
    "issued",
    "valid_until",
    "observed_by",
    "drills",
    "cases",
    "exam",
    "attempt",
    "reply",
    "assignments",
)
"""What a certificate says, each as a text; the code covers all of them."""

MOST_LETTERS = 80
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _LETTERS = 4, 5
_OF_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-‐‑‒–—_.]+")
_MARK = b"trustkit-certificate-1:"
_EMBEDDED = re.compile(rb"trustkit-certificate-1:([A-Za-z0-9_=-]{0,20000})")


class NameRefused(ValueError):
    """A name that cannot stand on a certificate; the message says why."""


def canonical(facts: dict[str, str]) -> bytes:
    """Return the one way in which these facts are written down for the code."""
    ordered = {name: facts.get(name, "") for name in FACTS}
    return _MARK + json.dumps(ordered, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def code_of(facts: dict[str, str], key: bytes) -> str:
    """Return the verification code: 100 bits of an HMAC-SHA256, as four groups of five letters and digits."""
    number = int.from_bytes(hmac.new(key, canonical(facts), hashlib.sha256).digest(), "big") >> 156
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_GROUPS * _LETTERS)))
    return "-".join(letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS))


def is_code_of(code: str, facts: dict[str, str], key: bytes) -> bool:
    """Return whether a code belongs to these facts and this key."""
    return hmac.compare_digest(code.encode(), code_of(facts, key).encode())


def read_code(text: str) -> str | None:
    """Return a code as it is printed, however it was typed; None for what cannot be one.

    Small letters, spaces and missing hyphens are fine, and so are O for 0 and I or L for 1.
    """
    letters = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_OF_ALIKE)
    if len(letters) != _GROUPS * _LETTERS or set(letters) - set(_ALPHABET):
        return None
    return "-".join(letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS))


def embedded(facts: dict[str, str], code: str) -> str:
    """Return facts and code as one word, which the file's own data carry."""
    text = json.dumps({"code": code, "facts": facts}, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return _MARK.decode() + base64.urlsafe_b64encode(text.encode("ascii")).decode("ascii")


def extracted(content: bytes) -> tuple[dict[str, str], str] | None:
    """Return facts and code of a file's content; None where it carries none that can be read.

    Of several the last one counts: a file that was changed and saved again has the newest data at its end.
    """
    for found in reversed(_EMBEDDED.findall(content)):
        try:
            said = json.loads(base64.b64decode(found, altchars=b"-_", validate=True))
            facts, code = said["facts"], said["code"]
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
            continue
        texts = isinstance(facts, dict) and all(isinstance(one, str) for one in facts.values())
        if texts and isinstance(code, str) and set(facts) == set(FACTS):
            return facts, code
    return None


def marked(content: bytes) -> bool:
    """Return whether a file's content claims to be a certificate of this course, readable or not."""
    return _MARK in content


def person(text: str, whose: str) -> str:
    """Return a person's name as it is printed.

    Raises:
        NameRefused: it is empty, too long, or holds what no name has.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise NameRefused(f"{whose} is empty.")
    if not name[0].isalpha():
        raise NameRefused(f"{whose} begins with a letter; “{name}” does not.")
    if len(name) > MOST_LETTERS:
        raise NameRefused(f"{whose} has {len(name)} characters; at most {MOST_LETTERS} fit on the sheet.")
    odd = sorted({sign for sign in name if unicodedata.category(sign)[0] in "CS" or sign in '<>"\\|;'})
    if odd:
        raise NameRefused(f"{whose} cannot hold {', '.join(repr(sign) for sign in odd)}.")
    return name
