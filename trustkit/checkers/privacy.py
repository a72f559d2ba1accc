"""The privacy checker: personal data in a reply, which may be forwarded, printed or read aloud.

Numbers are told apart by their form and their check digits: a card by the rule of Luhn, an identity number of China
by its last digit, a bank account by the remainder of 97. Names, addresses and health are found by words.
"""

from __future__ import annotations

import re

from trustkit import blocks
from trustkit.blocks import Block
from trustkit.checkers.page import page
from trustkit.checkers.reply import text_language
from trustkit.checkers.wordlists import Span, places, whole_sentences

ID = "privacy"
TITLE = {"en": "Personal data in a reply", "zh": "回复里的个人信息"}
ABOUT = {
    "en": "Find numbers, addresses, health and other people in a reply before it is sent.",
    "zh": "在寄出之前，找出回复里的号码、住址、健康情况和别人的事。",
}
MINUTES = 10

NUMBERS = ("id", "card", "account", "phone", "mail")
WORDED = ("address", "birth", "health", "third-person")
KINDS = (*NUMBERS, *WORDED)
"""What is looked for."""
LIST = "privacy"

_DIGITS = re.compile(r"(?<![\w*])(?:\+|\(\+?)?\d(?:[ ()./-]{0,2}\d){6,22}(?![\w*])|(?<![\w*])\d{17}[Xx](?!\w)")
# In Chinese a number touches the words around it, which count as letters.
_DIGITS_ZH = re.compile(
    r"(?<![0-9A-Za-z*])(?:\+|\(\+?)?\d(?:[ ()./-]{0,2}\d){6,22}(?![0-9A-Za-z*])"
    r"|(?<![0-9A-Za-z])\d{17}[Xx](?![0-9A-Za-z])"
)
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}", re.ASCII)
_DESK = re.compile(
    r"(?:service|support|info|help|hello|contact|care|complaints?|privacy|noreply|no-reply|kefu|office|team)[\w.+-]*@",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?<![一二三四五六七八九零〇幺])[一幺][三四五六七八九][一二三四五六七八九零〇幺]{9}(?![一二三四五六七八九零〇幺])"
)
_DATE = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_card(digits: str) -> bool:
    """Return whether 13 to 19 digits hold the check of Luhn, as the numbers of bank cards do."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_identity_number(number: str) -> bool:
    """Return whether 18 characters are an identity number of China: a day of birth inside, and the last one right."""
    if not re.fullmatch(
        r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", number, re.ASCII
    ):
        return False
    return "10X98765432"[sum(int(one) * weight for one, weight in zip(number, _WEIGHTS)) % 11] == number[-1].upper()


def is_account(number: str) -> bool:
    """Return whether an international bank account number has the right check: remainder 1 of 97."""
    plain = number.replace(" ", "")
    if not (15 <= len(plain) <= 34 and plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def is_phone(said: str) -> bool:
    """Return whether digits with their marks are built like a telephone number of a person."""
    digits = re.sub(r"\D", "", said)
    if said.lstrip("(").startswith(("+", "00")):
        return 9 <= len(digits) <= 16
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return True
    if digits.startswith(("0800", "400", "800")) and len(digits) in (10, 11):
        return False
    if digits.startswith("0"):
        return 10 <= len(digits) <= 12 and not re.fullmatch(r"\d{12}", said)
    return bool(re.fullmatch(r"\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}", said))


def found_in(text: str) -> list[tuple[str, int, int]]:
    """Return each kind of personal data with its place, in order."""
    found: list[tuple[str, int, int]] = []

    def add(kind: str, start: int, end: int) -> None:
        if not any(start < last and first < end for _, first, last in found):
            found.append((kind, start, end))

    told = places(text, LIST, "ours")
    for match in _ACCOUNT.finditer(text):
        if is_account(match.group()):
            add("account", *match.span())
    for start, end in places(text, LIST, "id"):
        add("id", start, end)
    for first, last in whole_sentences(text):
        sentence = text[first:last]
        for match in (_DIGITS_ZH if text_language(sentence) == "zh" else _DIGITS).finditer(sentence):
            start, end = first + match.start(), first + match.end()
            kind = _number(match.group(), _follows(start, told))
            if kind:
                add(kind, start, end)
    for match in _SPOKEN.finditer(text):
        add("phone", *match.span())
    for match in _MAIL.finditer(text):
        if not _DESK.match(match.group()) and not _follows(match.start(), told):
            add("mail", *match.span())
    for start, end in places(text, LIST, "address"):
        # In Chinese nothing parts "our shop is in" from the name of the street.
        if not _follows(start, told) and not any(first <= start < last <= end for first, last in told):
            add("address", start, end)
    for start, end in places(text, LIST, "birth"):
        add("birth", start, end)
    # These are about a sentence; they may lie beside or around a number.
    found += [("health", start, end) for start, end in places(text, LIST, "health")]
    others = sorted({*places(text, LIST, "third-person"), *places(text, LIST, "relation")})
    for place, (start, end) in enumerate(others):
        if not place or start >= others[place - 1][1]:
            found.append(("third-person", start, end))
    return sorted(found, key=lambda one: one[1:])


def check(text: str, language: str = "en") -> list[dict]:
    """Return the findings in a reply (see `trustkit.blocks.finding`), explained in `language`."""
    words = WORDS[language]
    found = []
    for kind, start, end in found_in(text):
        why, better = words["problems"][kind]
        last = re.sub(r"\W", "", text[start:end])[-4:]
        found.append(blocks.finding(kind, why, better.format(last=last), start=start, end=end))
    return found


def labels(text: str) -> set[str]:
    """Return the kinds found in a text, for measuring."""
    return {kind for kind, _, _ in found_in(text)}


def show(answers: list[dict], language: str = "en", seed: int = 0) -> list[Block]:
    """Return the page after these answers."""
    return page(answers, language, WORDS[language], check, lines=9)


def _number(said: str, told: bool) -> str | None:
    """Return the kind of a row of digits; `told` where words before it make it one that may be told."""
    plain = re.sub(r"[^\dXx]", "", said)
    if is_identity_number(plain):
        return "id"
    if told or _DATE.fullmatch(said):
        return None
    if is_card(plain):
        return "card"
    return "phone" if is_phone(said) else None


def _follows(start: int, told: list[Span]) -> bool:
    return any(last <= start <= last + 1 or first <= start < last for first, last in told)


WORDS: dict[str, dict] = {
    "en": {
        "intro": [
            "Write a reply, or paste one in which all names and numbers are invented. Never paste real personal data "
            "here.",
            "The checker looks for telephone, identity, card and account numbers, mails, addresses, days of birth, "
            "words of health that are about somebody, and other people's affairs. Order numbers and your firm's own "
            "line are fine. English or Chinese.",
        ],
        "honest": "It sees forms and words, not purpose or consent. That nothing is found does not prove that a text "
        "may "
        "be sent: a nickname, a photograph or a room can name a person too.",
        "label": "Your reply",
        "none": "Nothing was found that these rules look for. Ask once more of each fact: was it given for this, and "
        "is "
        "it needed here?",
        "problems": {
            "phone": (
                "This looks like a telephone number of a person. A reply may be forwarded, printed or read aloud.",
                "Leave it out, or write its last digits: “the number that ends in {last}”.",
            ),
            "id": (
                "This looks like the number of an identity document. It opens accounts, and it does not change.",
                "Leave it out. If you must compare, ask for the last four characters on a safe channel.",
            ),
            "mail": (
                "A person's mail address. Whoever reads this reply can now write to them.",
                "“The address that you gave us in May” says the same. A service address of your firm is fine.",
            ),
            "card": (
                "This holds the check of a bank card. A card number never belongs in a message.",
                "“The card that ends in {last}”.",
            ),
            "account": (
                "This is a bank account number with a right check.",
                "“The account that ends in {last}”.",
            ),
            "address": (
                "An address tells where somebody lives, and when nobody is there.",
                "“The address in your order”. If it must be compared, ask on a safe channel.",
            ),
            "birth": (
                "A day of birth is a key in many houses, and it rarely helps the customer here.",
                "Leave it out: “the date that we hold does not match your document”.",
            ),
            "health": (
                "This tells of somebody's health. It is sensitive: it needs a definite purpose and a separate, clear "
                "yes.",
                "Say what you do, not why you may know it: “We replace the pump first.”",
            ),
            "third-person": (
                "Somebody else, together with a fact about them. Their data belong to their purpose, not to this "
                "reply.",
                "Leave the person out: “We have seen this fault before.”",
            ),
        },
    },
    "zh": {
        "intro": [
            "写一段回复，或者贴一段姓名、号码都是虚构的回复。真实的个人信息请不要贴在这里。",
            "这里会找电话、证件号、卡号、账号、邮箱、住址、生日，会找和某个人连在一起的健康用语，也会找别人的事。"
            "订单号和公司自己的电话没有关系。中文或英文都可以。",
        ],
        "honest": "它只认格式和字面，不知道目的，也不知道本人是否同意。没有找到，不证明这段话可以发："
        "一个绰号、一张照片、一个房号，也能让人认出是谁。",
        "label": "你的回复",
        "none": "没有发现这些规则要找的内容。每一件事再问一遍：客户是为这件事给的吗？这里用得着吗？",
        "problems": {
            "phone": (
                "这像是某个人的电话号码。回复可能被转发、打印或者当众念出来。",
                "删掉，或者只写最后几位：“尾号{last}的号码”。",
            ),
            "id": (
                "这像是证件号。证件号能开户，而且一辈子不变。",
                "删掉。一定要核对，请在安全的渠道里只问最后四位。",
            ),
            "mail": (
                "这是个人邮箱，看到这段回复的人都能给他写信。",
                "写“您五月留的邮箱”就够了。公司的服务邮箱没有关系。",
            ),
            "card": (
                "这串数字符合银行卡号的校验。卡号不该出现在任何消息里。",
                "写“尾号{last}的卡”。",
            ),
            "account": (
                "这是一个校验正确的银行账号。",
                "写“尾号{last}的账户”。",
            ),
            "address": (
                "住址说出了一个人住在哪里，也就说出了什么时候家里没人。",
                "写“订单上的地址”。一定要核对，请换安全的渠道。",
            ),
            "birth": (
                "生日在很多地方当钥匙用，在这里多半帮不了客户。",
                "删掉：“我们登记的日期和您的证件不一致。”",
            ),
            "health": (
                "这里说到了某个人的健康。健康信息是敏感信息，要有明确的目的，还要单独、明确的同意。",
                "只说你做什么，不说你凭什么知道：“我们先给您换泵。”",
            ),
            "third-person": (
                "这里有另一个人，还有他的一件事。他的信息只为他自己的事而留，不为这段回复。",
                "不提这个人：“这种故障我们以前见过。”",
            ),
        },
    },
}
