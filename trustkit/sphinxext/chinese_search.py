"""Search in the Chinese edition: texts and queries are cut into pairs of neighbouring characters."""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}_]+")


class CharacterPairs(SearchLanguage):
    """Finds any Chinese phrase without knowing where its words end.

    A run of Chinese characters is indexed as its single characters and its neighbouring pairs; a query of
    three or more characters asks for all of its pairs. Words in Latin letters stay whole.
    """

    lang = "zh"
    language_name = "Chinese"
    stopwords: set[str] = set()  # noqa: RUF012 (the base class declares it so)
    js_stemmer_code = "class Stemmer { stemWord(word) { return word; } }"
    js_splitter_code = rf"""
var splitQuery = function (query) {{
  const han = /^[{HAN}]/;
  const runs = query.normalize("NFKC").match(/[{HAN}]+|[^{HAN}\s\p{{P}}\p{{S}}]+/gu) || [];
  const terms = [];
  for (const run of runs) {{
    if (!han.test(run) || run.length < 3) {{
      terms.push(run);
      continue;
    }}
    for (let at = 0; at + 2 <= run.length; at += 1) terms.push(run.slice(at, at + 2));
  }}
  return terms;
}};
"""

    def split(self, input: str) -> list[str]:
        """Cut a text into the terms of the index."""
        terms: list[str] = []
        for run in _RUN.findall(input):
            if re.match(rf"[{HAN}]", run):
                terms += run
                terms += (run[at : at + 2] for at in range(len(run) - 1))
            else:
                terms.append(run)
        return terms

    def stem(self, word: str) -> str:
        """Return the word in lower case: neither language is stemmed here."""
        return word.lower()

    def word_filter(self, word: str) -> bool:
        """Keep every term, single characters included."""
        return bool(word)


def register(app: Sphinx) -> None:
    """Take the place of Sphinx's own Chinese search."""
    app.add_search_language(CharacterPairs)
