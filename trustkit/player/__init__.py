"""The player: one set of ES modules that plays a case or a drill in a book page, from a file and in Jupyter.

The case room of the book, which leads to the cases, the skills passport and the panels of simulators and checkers are
made of the same modules.
"""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^{}]*\} from "\./([a-z]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) )", re.MULTILINE)
_NAME = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_DEFAULT = "export default { render };\n"
STYLES = ("player.css", "panel.css", "passport.css")


def script() -> str:
    """Return the player as one classic script that mounts itself; it also works from a file."""
    return f'(function () {{\n"use strict";\n{_joined("page.js")}}})();\n'


def room_script() -> str:
    """Return the case room as one classic script that mounts itself; it also works from a file."""
    return f'(function () {{\n"use strict";\n{_joined("roompage.js")}}})();\n'


def passport_script() -> str:
    """Return the skills passport as one classic script that mounts itself; it also works from a file."""
    return f'(function () {{\n"use strict";\n{_joined("passportpage.js")}}})();\n'


def progress_script() -> str:
    """Return what notes and shows how far somebody is, as one classic script for every page."""
    return f'(function () {{\n"use strict";\n{_joined("progresspage.js")}}})();\n'


def panel_script() -> str:
    """Return the panels of simulators and checkers as one classic script that mounts itself."""
    return f'(function () {{\n"use strict";\n{_joined("panelpage.js")}}})();\n'


def lms_script() -> str:
    """Return the launch page of a package for learning platforms as one classic script that mounts itself."""
    return f'(function () {{\n"use strict";\n{_joined("lmspage.js")}}})();\n'


def lms_style() -> str:
    """Return the style of the frame of such a package, which stands beside the course's own."""
    return (_FOLDER / "lms.css").read_text(encoding="utf-8")


def worker() -> str:
    """Return the worker that runs Python for the panels of a page: a module of its own, which imports nothing."""
    return (_FOLDER / "worker.js").read_text(encoding="utf-8")


def lab_script() -> str:
    """Return the script that shows on a page the way into the browser lab, where there is one."""
    return f'(function () {{\n"use strict";\n{_joined("lab.js")}}})();\n'


def preview_script() -> str:
    """Return the player as one classic script for the preview of a case that is being written."""
    return f'(function () {{\n"use strict";\n{_joined("preview.js")}}})();\n'


def module() -> str:
    """Return the player as one ES module with `export default { render }`, as anywidget wants it."""
    return _joined("widget.js") + _DEFAULT


@cache
def style() -> str:
    """Return the player's style sheet."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in STYLES)


@cache
def _joined(entry: str) -> str:
    """Return a module and all it imports as one text without imports, each module after those it needs.

    Raises:
        ValueError: a module uses another form of import or export, or two modules use one top-level name.
    """
    texts: dict[str, str] = {}
    owners: dict[str, str] = {}

    def add(name: str) -> None:
        source = (_FOLDER / name).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(source):
            if needed not in texts:
                add(needed)
        text = _EXPORT.sub("", _IMPORT.sub("", source.replace(_DEFAULT, "")))
        if odd := re.search(r"^\s*(?:import|export)\b.*", text, re.MULTILINE):
            raise ValueError(
                f'{name}: cannot join `{odd.group().strip()}`. Write `import {{ name }} from "./module.js";` '
                "and put `export` in front of a function, class or const."
            )
        for top in _NAME.findall(text):
            if owners.setdefault(top, name) != name:
                raise ValueError(f"{name}: `{top}` is also a name in {owners[top]}. Rename one of them.")
        texts[name] = text

    add(entry)
    return "\n".join(texts.values())
