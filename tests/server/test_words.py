"""The words of the server's pages and of the terminal: the same in both languages, and all in use."""

import re
from pathlib import Path

import pytest
import yaml

import trustkit

PACKAGE = Path(trustkit.__file__).parent
FILES = ["server/words.yaml", "terminal.yaml"]


def words(file: str) -> dict[str, dict[str, str]]:
    return yaml.safe_load((PACKAGE / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_words_with_the_same_gaps(file):
    english, chinese = words(file)["en"], words(file)["zh"]
    assert list(english) == list(chinese)
    for name, text in english.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", chinese[name])), name


@pytest.mark.parametrize("file, users", [
    ("server/words.yaml", [*PACKAGE.glob("server/*.py"), *PACKAGE.glob("server/templates/*")]),
    ("terminal.yaml", [PACKAGE / "terminal.py", PACKAGE / "cli.py"]),
])  # fmt: skip
def test_every_word_is_used(file, users):
    text = "\n".join(path.read_text(encoding="utf-8") for path in users)
    made_up = ("by_", "error_")
    unused = [
        name for name in words(file)["en"]
        if not re.search(rf"""\bt\.{name}\b|["']{name}["']""", text) and not name.startswith(made_up)
    ]  # fmt: skip
    assert unused == []
