"""Draws a certificate on one sheet, in English or Chinese, with any name that the fonts at hand can print."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from trustkit.certificate.facts import NameRefused, embedded

CHINESE_FONT = "STSong-Light"
"""A font that readers of PDF bring along, so that the file holds none of it."""
WIDE_FONT = "DejaVuSans"
"""For Latin letters beyond Western Europe, Greek and Cyrillic; it comes with matplotlib."""
INK, QUIET, ACCENT = HexColor("#1c2630"), HexColor("#53606c"), HexColor("#14575e")
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_PIECES = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]|[^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+\s*|\s+")

WORDS = {
    "en": {
        "certifies": "This certifies that",
        "earned": "has earned",
        "shown": "What was shown",
        "drills": "{} drills of the core lessons, each passed by its own mark",
        "cases": "{} different cases of the case room, each passed without a red line",
        "exam": "The exam case “{}”, passed without a red line while a trainer watched",
        "reply": "A written reply to a complaint, marked by a trainer: {} of 32 points, no red line",
        "assignments": "{} assignments, marked through the gradebook",
        "issued": "Issued",
        "valid_until": "Valid until",
        "observed_by": "Observed by",
        "code": "Code",
        "verify": "To verify, ask whoever issued it to run: trustkit verify {}",
        "limits": "Every attempt was replayed before this was issued. It shows that these exercises were passed, "
        "in written cases with invented customers. It does not rank anybody, and it does not show how a person acts "
        "on a bad day with a real one.",
    },
    "zh": {
        "certifies": "兹证明",
        "earned": "已取得",
        "shown": "已完成的内容",
        "drills": "核心课程的 {} 个小练习，均达到各自的通过标准",
        "cases": "案例室中 {} 个不同的案例，均通过且未踩红线",
        "exam": "考核案例“{}”，在培训师观察下通过，未踩红线",
        "reply": "一份投诉书面回复，由培训师评分：{} 分，满分 32 分，未踩红线",
        "assignments": "{} 份作业，均已在成绩册中评分",
        "issued": "签发日期",
        "valid_until": "有效期至",
        "observed_by": "观察人",
        "code": "验证码",
        "verify": "如需验证，请由签发方运行：trustkit verify {}",
        "limits": "签发前，每一次练习都按记录重新推算过。本证书表明持有人通过了这些练习；案例以文字呈现，客户均为虚构。"
        "它不用于排名，也不说明一个人在糟糕的一天面对真实客户时会怎样做。",
    },
}


def draw(facts: dict[str, str], code: str, exam_title: str = "") -> bytes:
    """Return the certificate as a PDF; the same facts give the same bytes.

    Args:
        facts: see `trustkit.certificate.facts.FACTS`; they are also put into the file's own data.
        exam_title: what the exam case is called in the language of the certificate.

    Raises:
        NameRefused: a name holds letters that no font at hand can print.
    """
    words, made = WORDS[facts["lang"]], io.BytesIO()
    lang = {"en": "en", "zh": "zh-CN"}[facts["lang"]]
    canvas = Canvas(made, pagesize=landscape(A4), invariant=1, lang=lang)
    canvas.setTitle(f"{facts['title']}: {facts['name']}")
    canvas.setAuthor(facts["course"])
    canvas.setSubject(code)
    canvas.setKeywords(embedded(facts, code))
    canvas.setCreator("trustkit")
    width, height = landscape(A4)
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.5)
    canvas.rect(28, 28, width - 56, height - 56)
    sheet = _Sheet(canvas, width)
    sheet.centred(facts["course"], height - 76, 13, QUIET)
    sheet.centred(words["certifies"], height - 122, 12, QUIET)
    sheet.centred(facts["name"], height - 166, 34, INK, bold=True)
    sheet.centred(words["earned"], height - 200, 12, QUIET)
    sheet.centred(facts["title"], height - 234, 22, ACCENT, bold=True)
    sheet.centred(words["shown"], height - 272, 11, QUIET)
    at = height - 293
    for name in ("drills", "cases", "exam", "reply", "assignments"):
        if facts[name] not in ("", "0"):
            said = exam_title if name == "exam" and exam_title else facts[name]
            sheet.centred(words[name].format(said), at, 12, INK)
            at -= 19
    thirds = (width / 5, width / 2, width * 4 / 5)
    for name, middle in zip(("issued", "valid_until", "observed_by"), thirds):
        sheet.centred(words[name], 148, 10, QUIET, middle, width / 3.6)
        sheet.centred(facts[name], 130, 13, INK, middle, width / 3.6)
    sheet.centred(f"{words['code']}  {code}", 100, 13, ACCENT, bold=True)
    sheet.centred(words["verify"].format(code), 84, 9, QUIET)
    sheet.lines(words["limits"], 66, 8.5, QUIET, width - 180)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def refuse_unprintable(name: str) -> None:
    """Refuse a name with letters that no font at hand can print.

    Raises:
        NameRefused: with those letters.
    """
    odd = sorted({sign for sign in name if _font_for(sign, bool(_CJK.search(name)), False) is None})
    if odd:
        raise NameRefused(
            f"“{name}”: {', '.join(odd)} cannot be printed on the certificate. Write the name as it stands in a "
            "passport, in Latin, Greek, Cyrillic or Chinese letters."
        )


class _Sheet:
    """Text in the middle of a sheet, each letter in a font that has it."""

    def __init__(self, canvas: Canvas, width: float):
        self.canvas, self.width = canvas, width

    def centred(
        self, text: str, at: float, size: float, colour: Color, middle: float = 0, most: float = 0, bold: bool = False
    ) -> None:
        """Draw one line, smaller where it would be too wide."""
        most = most or self.width - 110
        runs = _runs(text, bold)
        size = min(size, size * most / max(_width(runs, size), 1))
        x = (middle or self.width / 2) - _width(runs, size) / 2
        self.canvas.setFillColor(colour)
        for font, part in runs:
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, at, part)
            x += pdfmetrics.stringWidth(part, font, size)

    def lines(self, text: str, at: float, size: float, colour: Color, most: float) -> None:
        """Draw a text in as many lines as it needs."""
        line = ""
        for piece in [*_PIECES.findall(text), ""]:
            if line and (not piece or _width(_runs((line + piece).rstrip()), size) > most):
                self.centred(line.rstrip(), at, size, colour)
                line, at = "", at - size * 1.4
            line += piece


def _runs(text: str, bold: bool = False) -> list[tuple[str, str]]:
    """Return a text in parts, each with a font that has its letters; a word keeps one look where it can."""
    refuse_unprintable(text)
    chinese, runs = bool(_CJK.search(text)), []
    fonts = [_font_for(sign, chinese, bold) for sign in text]
    if wide := next((font for font in fonts if font and font.startswith(WIDE_FONT)), None):
        fonts = [wide if font != CHINESE_FONT and ord(sign) in _wide(bold) else font for sign, font in zip(text, fonts)]
    for sign, font in zip(text, fonts):
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + sign)
        else:
            runs.append((font, sign))
    return runs


def _width(runs: list[tuple[str, str]], size: float) -> float:
    return sum(pdfmetrics.stringWidth(part, font, size) for font, part in runs)


def _font_for(sign: str, chinese: bool, bold: bool) -> str | None:
    """Return the font for a letter, or None where none has it; `chinese`: whether it stands among Chinese ones."""
    if _CJK.match(sign) or (chinese and (sign.isascii() or sign in "“”‘’—…·")):
        return _chinese()
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        # Letters that run to the left or change their shape with their neighbours would come out wrong.
        shaped = unicodedata.bidirectional(sign) not in ("L", "ON", "ES", "CS", "NSM")
        return None if shaped or ord(sign) not in _wide(bold) else _wide_name(bold)
    return "Helvetica-Bold" if bold else "Helvetica"


@cache
def _chinese() -> str:
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
    return CHINESE_FONT


def _wide_name(bold: bool) -> str:
    return f"{WIDE_FONT}-Bold" if bold else WIDE_FONT


@cache
def _wide(bold: bool) -> frozenset[int]:
    """Return the letters of the wide font."""
    from matplotlib import get_data_path

    name = _wide_name(bold)
    font = TTFont(name, Path(get_data_path()) / "fonts" / "ttf" / f"{name}.ttf")
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)
