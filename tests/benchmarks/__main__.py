"""Measures the speed the course promises; prints a table and writes `_build/bench.json`.

    python tests/benchmarks [name…]

Each figure is a ratio or a median of one run on this machine; none is asserted anywhere in the tests.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

import bench_book  # noqa: E402
import bench_checkers  # noqa: E402
import bench_engine  # noqa: E402
import bench_grading  # noqa: E402
import bench_labs  # noqa: E402
import bench_library  # noqa: E402
import bench_page  # noqa: E402
import bench_page_python  # noqa: E402
import bench_report  # noqa: E402
import bench_site  # noqa: E402
import bench_start  # noqa: E402
from figure import Figure  # noqa: E402

GROUPS = {
    "engine": bench_engine.figures,
    "library": bench_library.figures,
    "checkers": bench_checkers.figures,
    "labs": bench_labs.figures,
    "report": bench_report.figures,
    "grading": bench_grading.figures,
    "page": bench_page.figures,
    "page-python": bench_page_python.figures,
    "book": bench_book.figures,
    "site": bench_site.figures,
    "start": bench_start.figures,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    found: list[Figure] = []
    for name in names or GROUPS:
        print(f"measuring: {name} …", flush=True)
        found += GROUPS[name]()
    width = max(len(figure.name) for figure in found)
    print()
    for figure in found:
        print(
            f"{figure.name:<{width}}  {figure.value:>10,.3g} {figure.unit:<12} goal {figure.goal:<16} "
            f"{'holds' if figure.holds else 'MISSED'}"
        )
    out = ROOT / "_build" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([figure.as_dict() for figure in found], indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {out.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
