"""What a first visit to a lesson weighs, in bytes; how fast it is, the benchmarks measure."""

import gzip
import re

import pytest

LIMIT = 200_000
"""All that a first visit loads, fonts apart, as a server compresses it. The promise is 300 KB."""
NEXT = 30_000
"""The page itself, which is all that another lesson loads when its case is known."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_lesson_with_a_case_and_a_drill_is_light(site, language):
    page = site / language / "01-what-trust-is/1-1-customer-trust.html"
    text = page.read_text(encoding="utf-8")
    named = {
        page.parent / address.split("?")[0]
        for address in re.findall(r'<(?:script|link|img)\b[^>]*\b(?:src|href)="([^"]+\.(?:js|css|svg)[^"]*)"', text)
    }
    weights = {path.name: len(gzip.compress(path.read_bytes(), 6)) for path in {page, *named}}
    assert sum(weights.values()) < LIMIT, weights
    assert weights[page.name] < NEXT
    assert len([name for name in weights if name.endswith(".css")]) <= 2, weights
