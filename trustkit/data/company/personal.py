"""Takes people out of what is read: ids become pseudonyms, and names, numbers, mails and addresses are masked.

What stands in free text cannot be masked for certain: a name that no rule can know stays. So text is left out unless
somebody asks for it.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from trustkit.checkers.privacy import found_in, is_account, is_card, is_identity_number, is_phone

KEY_BYTES = 32
PREFIX = {"complaint_id": "C", "customer_id": "K", "agent_id": "A"}
_LONGEST, _SHORT = 20_000, 200
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧施洪褚祝柯翁"
)
_HAN = "\u4e00-\u9fff"
_TITLE_ZH = "先生|女士|小姐|太太|阿姨|大爷|经理|师傅|老师"
_NOBODY = frozenset("这那位一各有两几老大贵客每哪某诸")
_WORD = r"[^\W\d_][\w'’\-]*"
_CAPITAL = r"(?-i:[A-Z\u00c0-\u00de])[\w'’\-]*"
_MAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}")
_DIGITS = re.compile(
    r"(?<![\w*])(?:\+|\(\+?)?\d(?:[ ()./\-–]{0,2}\d){6,30}[Xx]?(?!\d)|(?<!\d)\d(?:[ \-]?\d){6,30}[Xx]?"
)
_SPOKEN = re.compile(r"[零〇一二三四五六七八九幺]{7,}")
_DATE = re.compile(
    r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}(?: \d{1,2})?|\d{1,2}([-/.])\d{1,2}\2(?:19|20)?\d\d(?: \d{1,2})?"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SAID_NAME = (
    # The group `name` is what is masked.
    re.compile(
        rf"\b(?:dear|hi|hello|hey)[ ,]+(?:mr|mrs|ms|miss|dr|mx)?\.? ?(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})", re.I
    ),
    re.compile(
        r"\b(?:my (?:full |first |last )?name is|my name['’]s|name:|named|this is|signed by|signed:|i am|i['’]m)[ :]+"
        rf"(?:mr|mrs|ms|miss|dr)?\.? ?(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})",
        re.I,
    ),
    re.compile(rf"\bmy (?:full |first |last )?name is (?P<name>{_WORD}(?: {_CAPITAL}){{0,3}})", re.I),
    re.compile(rf"\b(?:mr|mrs|ms|miss|dr|prof)\b\.? ?(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,2}})", re.I),
    re.compile(
        r"\b(?:regards|sincerely|faithfully|cheers|thanks|thank you|best wishes|yours)[,.!]*[ \t]{0,5}\n\s{0,5}"
        rf"(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})",
        re.I,
    ),
    re.compile(
        rf"(?:我叫|我的名字是|我名叫|本人姓名|姓名)[是为：: ]*(?P<name>[{_HAN}·]{{2,4}}|{_WORD}(?: {_CAPITAL}){{0,3}})"
    ),
    re.compile(rf"(?:我是|本人)(?P<name>[{_SURNAMES}][{_HAN}]{{1,2}})(?=[，。,.！!；;\s]|$)"),
    re.compile(rf"(?:我姓|免贵姓)(?P<name>[{_HAN}])"),
    re.compile(rf"(?P<name>(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])[{_HAN}]{{0,2}}?)(?={_TITLE_ZH})"),
    re.compile(rf"(?P<name>[{_HAN}])(?={_TITLE_ZH})"),
)
_FOUND = {
    "id": "id", "card": "card", "account": "account", "phone": "phone", "mail": "mail", "address": "address",
    "birth": "birth", "health": "health", "third-person": "person",
}  # fmt: skip


class Pseudonyms:
    """Gives each person of one import the same pseudonym, which nobody can turn back without the key.

    Args:
        key: 32 random bytes; a new one makes other pseudonyms.
    """

    def __init__(self, key: bytes | None = None):
        self.key = key or secrets.token_bytes(KEY_BYTES)
        self._of = lru_cache(maxsize=65_536)(self._made)

    def of(self, column: str, person: str) -> str:
        """Return the pseudonym of an id in a column: `K-` and 13 letters and digits; capitals and spaces are one."""
        return self._of(column, person)

    def _made(self, column: str, person: str) -> str:
        same = " ".join(unicodedata.normalize("NFKC", person).casefold().split())
        digest = hmac.digest(self.key, f"{column}\0{same}".encode("utf-8", "replace"), "sha256")
        return f"{PREFIX[column]}-{base64.b32encode(digest[:8]).decode('ascii').rstrip('=').lower()}"


class Masks:
    """Masks what tells of a person; `counts` says how much of each kind was found, as places masked."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._known = lru_cache(maxsize=4_096)(_label)

    def value(self, said: str, names: Iterable[str] = ()) -> str:
        """Return a label, such as a product or a team, without mails and numbers of people, and without `names`.

        Other numbers stay, since they may be all that tells two articles apart.
        """
        masked, found = self._known(said) if len(said) <= _SHORT else _label(said)
        self.counts.update(found)
        for name in names:
            masked, more = _without_name(masked, name)
            self.counts["name"] += more
        return masked

    def text(self, said: str, names: Iterable[str] = ()) -> str:
        """Return a free text masked as far as rules can; each place becomes a word such as `[phone]`.

        Args:
            said: the text; what is longer than 20,000 characters is cut off.
            names: names of people that stand in other columns of the row.
        """
        masked = said[:_LONGEST]
        for name in names:
            masked, found = _without_name(masked, name)
            self.counts["name"] += found
        masked, found = _short(masked)
        self.counts.update(found)
        for kind, start, end in _apart(found_in(masked)):
            if "[" not in masked[start:end]:
                masked = f"{masked[:start]}[{_FOUND[kind]}]{masked[end:]}"
                self.counts[_FOUND[kind]] += 1
        return masked


def _apart(found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return what was found, from the last to the first and without overlaps, the longer before the shorter."""
    kept: list[tuple[str, int, int]] = []
    for one in sorted(found, key=lambda one: one[1] - one[2]):
        if not any(one[1] < end and start < one[2] for _, start, end in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: -one[1])


def tells_of_a_person(number: str) -> bool:
    """Return whether the number of a complaint is in truth a mail address, a telephone or an identity number."""
    return bool({"mail", "phone", "id"} & set(_label(number)[1]))


def _label(said: str) -> tuple[str, tuple[str, ...]]:
    """Return a label without mails and numbers of people, and the kinds found."""
    return _numbers(said, keep=True)


def _numbers(said: str, keep: bool) -> tuple[str, tuple[str, ...]]:
    """Return a text without mails and rows of digits, and the kinds found; `keep` leaves numbers of no known kind."""
    found: list[str] = []

    def put(kind: str, was: str) -> str:
        if kind == "number" and keep:
            return was
        found.append(kind)
        return f"[{kind}]"

    masked = _MAIL.sub(lambda match: put("mail", match[0]), said) if "@" in said else said
    masked = _IBAN.sub(lambda match: put("account", "") if is_account(match[0]) else match[0], masked)
    masked = _DIGITS.sub(lambda match: put(_kind_of(match[0]), match[0]) if _kind_of(match[0]) else match[0], masked)
    return masked, tuple(found)


def _short(said: str) -> tuple[str, list[str]]:
    """Return a text without mails, rows of digits and names that its words announce, and the kinds found."""
    masked, numbers = _numbers(said, keep=False)
    found = list(numbers)

    def put(kind: str) -> str:
        found.append(kind)
        return f"[{kind}]"

    masked = _SPOKEN.sub(lambda _: put("phone"), masked)
    for pattern in _SAID_NAME:
        masked = pattern.sub(lambda match: _name(match, put), masked)
    return masked, found


def _kind_of(said: str) -> str:
    """Return what a row of digits is: a kind that is masked, or nothing for a date."""
    digits = re.sub(r"[^\dXx]", "", said)
    if is_identity_number(digits):
        return "id"
    if _DATE.fullmatch(said):
        return ""
    if is_card(digits.rstrip("Xx")):
        return "card"
    return "phone" if is_phone(said) else "number"


def _name(match: re.Match[str], put: Callable[[str], str]) -> str:
    name = match["name"]
    if name in _NOBODY or name.startswith("[") or _NO_NAME.fullmatch(name):
        return match[0]
    start, end = match.start("name") - match.start(), match.end("name") - match.start()
    return match[0][:start] + put("name") + match[0][end:]


def _without_name(text: str, name: str) -> tuple[str, int]:
    """Return a text without a person's name, whole or in parts, and how many places were masked."""
    pattern = _name_pattern(name)
    return pattern.subn("[name]", text) if pattern else (text, 0)


@lru_cache(maxsize=4_096)
def _name_pattern(name: str) -> re.Pattern[str] | None:
    whole = " ".join(name.split())
    if re.search(f"[{_HAN}]", whole):
        plain = "".join(re.findall(f"[{_HAN}]", whole))
        ways = [plain] if len(plain) > 1 else []
        if len(plain) > 2:
            ways.append(plain[1:])
        return re.compile("|".join(map(re.escape, ways))) if ways else None
    if "@" in whole:
        whole = re.sub(r"[._\-+\d]+", " ", whole.split("@")[0]).strip().title()
    parts = [part for part in re.split(r"[\s,]+", whole) if len(part) > 1 and not part[0].isdigit()]
    if not parts:
        return None
    # Whole in any case of letters; a part only with a capital, since Will, May and Mark are words as well.
    joined = r"[\s,]+".join(map(re.escape, parts))
    ways = [f"(?i:{joined})"] if len(parts) > 1 else []
    ways += [re.escape(way) for part in parts for way in (part[0].upper() + part[1:], part.upper())]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


_NO_NAME = re.compile(
    r"sir|madam|team|all|everyone|everybody|support|customer|service|there|not|sorry|very|so|still|now|"
    r"waiting|writing|calling|trying|happy|unhappy|angry|upset|disappointed|going|asking|contacting|the|a|"
    r"an|to|and|that|what|why|how|unacceptable|ridiculous|terrible|your|you|it|is",
    re.IGNORECASE,
)
