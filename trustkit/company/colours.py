"""The company's colours: how well they can be read on the book's paper, and the style sheet that sets them."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from pathlib import Path

MODES = ("light", "dark")
ROLES = ("primary", "link")
"""What a company colours: headings, buttons and marks, and the links in the text."""

LEAST = 4.5
"""The least contrast of text to its background, as a ratio (WCAG 2.2, success criterion 1.4.3, level AA)."""

PAPER = ("--pst-color-background", "--pst-color-on-background", "--pst-color-surface", "--pst-color-primary-bg")
"""The properties of the book's style on which text stands."""

_PRIMARY = (
    "--pst-color-primary", "--pst-color-primary-highlight",
    "--sd-color-primary", "--sd-color-primary-highlight",
)  # fmt: skip
_ON_PRIMARY = (
    "--pst-color-primary-text", "--pst-color-primary-highlight-text",
    "--sd-color-primary-text", "--sd-color-primary-highlight-text",
)  # fmt: skip
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_BLOCK = r'html\[data-theme="{mode}"\] \{{(.*?)\}}'


def is_colour(text: object) -> bool:
    """Return whether this is a colour as we read it: `#rgb` or `#rrggbb`."""
    return isinstance(text, str) and bool(_HEX.fullmatch(text))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, by the formula of WCAG 2.2.

    >>> round(contrast("#000", "#ffffff"))
    21
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def papers(style: str, mode: str) -> list[str]:
    """Return the colours on which text stands in the light or in the dark.

    Args:
        style: the book's style sheet, `book/_static/course.css`.
        mode: "light" or "dark".
    """
    named = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", "".join(re.findall(_BLOCK.format(mode=mode), style, re.DOTALL))))

    def resolved(value: str) -> str:
        inner = re.fullmatch(r"var\((--[\w-]+)\)", value)
        return resolved(named.get(inner[1], "")) if inner else value

    found = [resolved(named.get(name, "")) for name in PAPER]
    return [colour for colour in dict.fromkeys(found) if is_colour(colour)]


def least_contrast(colour: str, backgrounds: list[str]) -> float:
    """Return the contrast to the background on which the colour is read worst."""
    return min(contrast(colour, background) for background in backgrounds)


def near_colour(colour: str, backgrounds: list[str]) -> str:
    """Return the nearest colour of this hue that can be read on all backgrounds; else black or white."""
    darker = sum(map(_luminance, backgrounds)) / len(backgrounds) > 0.18
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for step in range(1, 101):
        lighter = lightness * (1 - step / 100) if darker else lightness + (1 - lightness) * step / 100
        found = "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lighter, saturation))
        if least_contrast(found, backgrounds) >= LEAST:
            return found
    return "#000000" if darker else "#ffffff"


def style_sheet(colours: Mapping[str, Mapping[str, str]]) -> str:
    """Return the style sheet of a company's colours; what it does not name stays as it is.

    Args:
        colours: by mode ("light", "dark") and role ("primary", "link").
    """
    lines = []
    for mode in MODES:
        own, book = colours.get(mode, {}), []
        primary = own.get("primary")
        if primary:
            ink = max(("#ffffff", "#101418"), key=lambda ink: contrast(ink, primary))
            book += [f"{name}: {primary};" for name in _PRIMARY] + [f"{name}: {ink};" for name in _ON_PRIMARY]
            # The player has colours of its own; its class thrice outweighs the longest of its own selectors.
            lines.append(
                f'html[data-theme="{mode}"] body .tk-player.tk-player.tk-player '
                f"{{ --tk-accent: {primary}; --tk-on-accent: {ink}; }}"
            )
            # The first page of the site has no theme; it goes by the reader's device.
            rule = f":root {{ --brand: {primary}; }}"
            lines.append(rule if mode == "light" else f"@media (prefers-color-scheme: dark) {{ {rule} }}")
        if link := own.get("link") or primary:
            book.append(f"--pst-color-link: {link};")
        if book:
            lines.append(f'html[data-theme="{mode}"] {{ {" ".join(book)} }}')
    return "\n".join(lines)


def course_style(root: Path) -> str:
    """Return the book's style sheet; empty in a course without one."""
    path = root / "book" / "_static" / "course.css"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _parts(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
