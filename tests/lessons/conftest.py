"""A small sound lesson, and a course that holds it."""

from pathlib import Path

import pytest

FIRST = " ".join(["She waited for the call and nobody rang her."] * 40)
SECOND = " ".join(["You can say what happens next and who does it."] * 40)

SOUND = f"""(lesson-1-2)=
# 1.2 A small lesson

```{{objectives}}
:lesson: "1.2"
:time: 20
:track: agent

- Tell two things apart in ten scenes.
  - practise: drill two-things
  - assess: drill two-things, task
```

## A moment

{FIRST}

````{{dropdown}} Compare your answer
Her {{term}}`trust <customer trust>` is {{cited}}`not the same as her satisfaction|R1`.
````

## The idea

{SECOND}

| word | meaning |
|---|---|
| trust | looks ahead |

```{{drill}} two-things
```

## What good people do wrong here

- They are quick.

## Second attempt

Try again.

## Three key points

1. One.
2. Two.
3. Three.

## Sources

None.
"""


@pytest.fixture
def sound() -> str:
    """The text of a lesson without a fault."""
    return SOUND


@pytest.fixture
def course(tmp_path) -> Path:
    """A course with that lesson, a plan, and a record of where its items are taught."""
    page = tmp_path / "book/en/01-first/1-2-small.md"
    page.parent.mkdir(parents=True)
    page.write_text(SOUND, encoding="utf-8")
    (tmp_path / "book/coverage").mkdir()
    (tmp_path / "book/coverage/plan.csv").write_text("id,lessons\nS0.1,1.2\nS0.2,1.2 9.9\n", encoding="utf-8")
    (tmp_path / "book/coverage/01.yaml").write_text(
        '"1.2":\n'
        "  S0.1: {topic: Waiting, words: waited for the call}\n"
        "  S0.2: {topic: Next steps, words: what happens next and who does it}\n",
        encoding="utf-8",
    )
    (tmp_path / "book/paths.yaml").write_text('agent: {tracks: [agent, both], core: ["1.2"]}\n', encoding="utf-8")
    return tmp_path
