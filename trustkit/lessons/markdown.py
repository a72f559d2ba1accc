"""Reads MyST Markdown the way the book does, without building it: tokens, directives and their options."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

DIRECTIVE = re.compile(r"^\{([\w:.-]+)\}\s*(.*)$")
"""What a fence says that is a directive: its name, and its argument."""

NOT_PARSED = ("code-cell", "code-block", "code", "literalinclude", "math", "raw", "mermaid", "eval-rst")
"""Directives whose body is not Markdown."""


@cache
def parser() -> MarkdownIt:
    """Return the parser with the plugins that the book uses."""
    made = MarkdownIt("commonmark").enable("table")
    for plugin in (
        front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin, deflist_plugin,
        tasklists_plugin, attrs_block_plugin,
    ):  # fmt: skip
        made.use(plugin)
    return made.use(attrs_plugin)


def options(content: str) -> tuple[dict[str, Any], int]:
    """Return the options at the head of a directive's body, and how many lines they take."""
    lines = content.split("\n")
    if lines and lines[0].strip() == "---":
        end = next((at for at, text in enumerate(lines[1:], 1) if text.strip() == "---"), None)
        if end is not None:
            return _mapping("\n".join(lines[1:end])), end + 1
    count = 0
    while count < len(lines) and re.match(r":[\w-]+:", lines[count]):
        count += 1
    return _mapping("\n".join(text[1:].replace(":", ": ", 1) for text in lines[:count])), count


def _mapping(text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return data if isinstance(data, dict) else {}
