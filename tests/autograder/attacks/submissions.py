"""The hand-ins of a class in which nearly everybody tries something: what each tries, and what it deserves.

Attack code tells on itself: it prints `ATTACK RAN` when it got to its end, and `GOT …` where it got what it wanted.
"""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..conftest import change_cells, meta

ASSIGNMENT = "night-desk"
CELLS = ("check-middle", "check-minutes", "check-late", "check-busy", "role-play")

MIDDLE = "def middle(numbers):\n    return sorted(numbers)[len(numbers) // 2]\n"
MINUTES = "def minutes_by_team(calls):\n    return calls.groupby('team')['minutes'].mean()\n"
LATE = "def late(numbers, limit):\n    return sum(number > limit for number in numbers)\n"
BUSY = "def busy(calls):\n    counted = calls['team'].value_counts()\n    return list(counted[counted > 1].index)\n"
RIGHT = {"middle": MIDDLE, "minutes": MINUTES, "late": LATE, "busy": BUSY}
NOTHING = {
    "middle": "def middle(numbers):\n    return None\n",
    "minutes": "def minutes_by_team(calls):\n    return None\n",
    "late": "def late(numbers, limit):\n    return None\n",
    "busy": "def busy(calls):\n    return None\n",
}
ALL, NONE = (2, 3, 4, 1, 10), (0, 0, 0, 0, 0)
LAB = (2, 3, 4, 1, 0)


@dataclass(frozen=True)
class HandIn:
    """One hand-in and what must come of it.

    Attributes:
        scores: points of the cells `CELLS`; None where nothing is graded.
        answers: sources of the solution cells by `grade_id`.
        note: what must be found in the instructor's note, a regular expression; "" for no note at all.
        may: whether there may be no note, where it depends on the machine's speed.
        ran: whether the attack code gets to its end.
        plays: whether a good attempt of the role-play is handed in.
        files: contents by name beside the notebook.
        edit: changes the notebook's file.
        also: changes the folder once everything is in it.
    """

    scores: tuple[float, ...] | None = NONE
    answers: dict[str, str] = field(default_factory=lambda: NOTHING)
    note: str = ""
    may: bool = False
    ran: bool = False
    plays: bool = False
    files: dict[str, str | bytes] = field(default_factory=dict)
    edit: Callable[[Path], None] | None = None
    also: Callable[[Path], None] | None = None


def first(code: str, answers: dict[str, str] = NOTHING) -> dict[str, str]:
    """Return answers with code before the first of them."""
    return {**answers, "middle": textwrap.dedent(code).strip() + "\n\n" + answers["middle"]}


def does(code: str, answers: dict[str, str] = NOTHING, **more: Any) -> HandIn:
    """Return a hand-in whose first cell does something to its end, and then holds the answers."""
    return HandIn(answers=first(textwrap.dedent(code).strip() + "\nprint('ATTACK RAN')", answers), ran=True, **more)


HONEST = ("aaron", "maria", "zoe")

TIME = {
    "loops-in-a-cell": HandIn((0, 3, 4, 1, 0), first("while True:\n    pass", RIGHT), "took longer than"),
    "loops-in-a-function": HandIn(
        (0, 3, 4, 1, 0),
        {**RIGHT, "middle": "def middle(numbers):\n    while True:\n        pass"},
        "middle took longer than",
    ),
    "ignores-the-interrupt": HandIn(
        NONE,
        first("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass", RIGHT),
        "took longer than",
    ),
    "catches-the-interrupt": HandIn(
        NONE,
        first("""
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """),
        "took longer than",
    ),
    "prints-for-ever": HandIn(
        (0, 3, 4, 1, 0),
        first("while True:\n    print('x' * 5000)", RIGHT),
        "took longer than",
    ),
    "hides-the-time-from-the-clock": HandIn(
        (0, 3, 4, 1, 0),
        {
            **RIGHT,
            "middle": """import signal
def middle(numbers):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass
""",
        },
        "middle took longer than",
    ),
    "answers-slowly-every-time": HandIn(
        (2, 3, 0, 0, 0),
        {**RIGHT, "late": "import time\ndef late(numbers, limit):\n    time.sleep(3.5)"},
        "took longer than 12 seconds in all",
    ),
}

BOMBS = {
    "forks-without-end": HandIn(
        NONE,
        first("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass", NOTHING),
        "took longer than|more processes",
    ),
    "threads-without-end": HandIn(
        NONE,
        first(
            """
        import threading, time
        def again():
            while True:
                try:
                    threading.Thread(target=again, daemon=True).start()
                except RuntimeError:
                    time.sleep(0.01)
        again()
        """,
            NOTHING,
        ),
        "took longer than|more processes",
    ),
    "takes-all-memory-at-once": HandIn((0, 3, 4, 1, 0), first("big = bytearray(1 << 40)", RIGHT)),
    "takes-memory-slowly": HandIn(
        (0, 3, 4, 1, 0),
        first("held = []\nwhile True:\n    held.append(bytearray(1 << 25))", RIGHT),
        "took longer than",
        may=True,
    ),
    "takes-memory-in-many-processes": HandIn(
        NONE,
        first("""
        import os, time
        for number in range(12):
            if os.fork() == 0:
                held = [bytearray(b"x" * (1 << 27)) for _ in range(3)]
                time.sleep(600)
        time.sleep(600)
        """),
        "took longer than",
    ),
    "writes-one-large-file": HandIn(
        (0, 3, 4, 1, 0),
        first(
            """
        with open("large", "wb") as file:
            while True:
                file.write(bytes(1 << 24))
        """,
            RIGHT,
        ),
    ),
    "writes-many-files": HandIn(
        LAB,
        first(
            """
        number = 0
        try:
            while True:
                with open(f"many-{number}", "wb") as file:
                    file.write(bytes(1 << 20))
                number += 1
        except OSError:
            print("ATTACK RAN" if number < 1000 else "GOT the disk")
        """,
            RIGHT,
        ),
        ran=True,
    ),
    "fills-tmp-and-shared-memory": does(
        """
        import os
        for place in ("/tmp/fill", "/dev/shm/fill", "/var/tmp/fill", "/run/fill"):
            try:
                with open(place, "wb") as file:
                    while file.tell() < 1 << 30:
                        file.write(bytes(1 << 24))
                print("GOT", place)
            except OSError:
                pass
            try:
                os.unlink(place)
            except OSError:
                pass
        """,
        RIGHT,
        scores=LAB,
    ),
    "prints-megabytes-for-ever": HandIn(
        (0, 3, 4, 1, 0),
        first("while True:\n    print('x' * (1 << 20))", RIGHT),
        "took longer than",
    ),
    "prints-a-hundred-megabytes-at-once": HandIn(LAB, first("print('x' * 100_000_000)", RIGHT)),
    "writes-a-gigabyte-to-its-descriptors": does(
        """
        import os
        for descriptor in (1, 2):
            for _ in range(512):
                os.write(descriptor, bytes(1 << 20))
        """,
        RIGHT,
        scores=LAB,
    ),
    "displays-a-hundred-megabytes": HandIn(
        LAB,
        first("from IPython.display import HTML, display\ndisplay(HTML('x' * 100_000_000))", RIGHT),
    ),
}

LOOK = """
import glob, os

def look(*paths):
    for path in paths:
        try:
            if os.path.isdir(path):
                print("GOT", path, os.listdir(path)[:20])
            else:
                with open(path, "rb") as file:
                    print("GOT", path, file.read(4000))
        except OSError:
            pass

"""
FILES = {
    "reads-the-gradebook": does(LOOK + "look('@CLASS@/gradebook.db', '../../../gradebook.db', '@CLASS@')"),
    "reads-the-source": does(
        LOOK + "look('@CLASS@/source/night-desk/night-desk.ipynb', '../../../source/night-desk/night-desk.ipynb', "
        "'@COURSE@/exercises/source/night-desk/night-desk.md', '@ROOT@/exercises/source', '@CLASS@/content')"
    ),
    "reads-other-trainees": does(
        LOOK + "look('@CLASS@/submitted/aaron/night-desk/night-desk.ipynb', '@CLASS@/submitted', '@CLASS@/autograded',"
        "'../../aaron', *(set(glob.glob('/tmp/trustkit-*')) - {os.getcwd()}), *glob.glob('@CLASS@/.autograding/*/*'))"
    ),
    "reads-the-grading-seed": does(
        LOOK + "look('@CLASS@/grading-seed', os.environ.get('TRUSTKIT_GRADING_SEED_FILE', 'none'))\n"
        "from autograder.data_checks import grading_seed\n"
        "try:\n    print('GOT', grading_seed())\nexcept Exception as error:\n    pass"
    ),
    "reads-environments": does(
        LOOK + "mine = {key: value for key, value in os.environ.items() if 'wrench' in value}\n"
        "if mine:\n    print('GOT', mine)\n"
        "for path in glob.glob('/proc/[0-9]*/environ') + ['/proc/self/environ', '/proc/1/environ']:\n"
        "    try:\n        found = open(path, 'rb').read()\n    except OSError:\n        continue\n"
        "    if b'wrench' in found:\n        print('GOT', path, found)"
    ),
    "reads-the-instructors-home": does(
        LOOK + "look('@HOME@/letter.txt', '@HOME@', os.path.expanduser('~root/.bashrc'), '/etc/shadow',"
        " '/etc/hostname')"
    ),
    "writes-outside": does("""
        import os, sqlite3
        for path in ("@CLASS@/gradebook.db", "@HOME@/letter.txt", "@CLASS@/autograded/x", "@ROOT@/autograder/x.py",
                     "@PREFIX@/sitecustomize.py", "@CLASS@/nbgrader_config.py", "/etc/x", "/usr/lib/x"):
            try:
                with open(path, "a") as file:
                    print("GOT", path)
            except OSError:
                pass
        try:
            book = sqlite3.connect("@CLASS@/gradebook.db")
            book.execute("update grade set manual_score = 2")
            print("GOT the gradebook")
        except sqlite3.Error:
            pass
        """),
}

NETWORK = {
    "calls-home": does("""
        import socket
        def call(family, kind, address):
            try:
                with socket.socket(family, kind) as line:
                    line.settimeout(1)
                    if kind == socket.SOCK_DGRAM:
                        line.sendto(b"hidden", address)
                    else:
                        line.connect(address)
                        line.send(b"hidden")
                    print("GOT", address)
            except OSError:
                pass
        call(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", @TCP@))
        call(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", @UDP@))
        call(socket.AF_UNIX, socket.SOCK_STREAM, "@SOCKET@")
        call(socket.AF_UNIX, socket.SOCK_STREAM, "\\0@ABSTRACT@")
        call(socket.AF_UNIX, socket.SOCK_DGRAM, "@SOCKET@")
        try:
            print("GOT", socket.getaddrinfo("example.org", 80))
        except OSError:
            pass
        """),
}

ENDS = {
    "kills-everything": HandIn(
        NONE,
        first("""
        import os, signal
        for target in (os.getppid(), 1, -1, 0, *range(2, 70000, 1)):
            try:
                if target != os.getpid():
                    os.kill(target, signal.SIGKILL)
            except OSError:
                pass
        """),
        "The notebook's process ended here",
    ),
    "ends-python-in-a-cell": HandIn(
        (0, 0, 0, 0, 10), first("import os\nos._exit(0)", RIGHT), "its code ended Python", plays=True
    ),
    "ends-python-in-a-function": HandIn(
        (0, 3, 4, 1, 0),
        {**RIGHT, "middle": "import os\ndef middle(numbers):\n    os._exit(0)"},
        "middle could not be called: its code ended Python",
    ),
    "exits-in-a-function": HandIn(
        (0, 3, 4, 1, 0), {**RIGHT, "middle": "import sys\ndef middle(numbers):\n    sys.exit(0)"}
    ),
    "raises-a-generator-exit": HandIn(
        (0, 3, 4, 1, 0), {**RIGHT, "middle": "def middle(numbers):\n    raise GeneratorExit"}
    ),
    "crashes-in-a-function": HandIn(
        (0, 3, 4, 1, 0),
        {**RIGHT, "middle": "import ctypes\ndef middle(numbers):\n    ctypes.string_at(0)"},
        "middle could not be called: its code ended Python",
    ),
    "calls-itself-without-end": HandIn(
        (0, 3, 4, 1, 0),
        {
            **RIGHT,
            "middle": "import sys\nsys.setrecursionlimit(10**9)\n"
            "def middle(numbers):\n    return sorted([0], key=lambda one: middle(numbers))",
        },
        "middle could not be called: its code ended Python",
    ),
    "leaves-a-daemon": does(
        """
        import ctypes, os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                ctypes.CDLL(None).prctl(15, b"tk-left-behind", 0, 0, 0)
                for signal in range(1, 64):
                    try:
                        __import__("signal").signal(signal, __import__("signal").SIG_IGN)
                    except (OSError, ValueError):
                        pass
                time.sleep(900)
            os._exit(0)
        """,
        RIGHT,
        scores=LAB,
    ),
}

PATCHES = {
    "drops-asserts-from-the-code": does("""
        import ast
        class Drop(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)
            def visit_Raise(self, node):
                return ast.copy_location(ast.Pass(), node)
        get_ipython().ast_transformers.append(Drop())
        """),
    "rewrites-every-cell": does("""
        shell = get_ipython()
        shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
        shell.run_cell = lambda *a, **k: None
        shell.showtraceback = shell._showtraceback = lambda *a, **k: None
        """),
    "patches-builtins": HandIn(
        NONE,
        first("""
        import builtins
        builtins.len = builtins.abs = builtins.sum = lambda *a: 1
        builtins.isinstance = lambda *a: True
        builtins.type = lambda *a: int
        builtins.sorted = lambda *a: [7]
        builtins.AssertionError = builtins.Exception = builtins.BaseException = type("Never", (), {})
        builtins.__import__ = lambda *a, **k: None
        """),
        "its code ended Python",
    ),
    "patches-pandas-and-numpy": does("""
        import numpy as np
        import pandas as pd
        pd.DataFrame.__eq__ = pd.Series.__eq__ = lambda *a: True
        pd.DataFrame.copy = pd.DataFrame.groupby = lambda self, *a, **k: {"day": 5.0, "night": 9.0}
        np.isclose = np.allclose = lambda *a, **k: True
        """),
    "patches-the-checks": does("""
        import sys
        import autograder.data_checks as checks
        import autograder.role_play as role_play
        for name in dir(checks):
            if name.startswith("expect_"):
                setattr(checks, name, lambda *a, **k: None)
        expect_numbers = answer_of = lambda *a, **k: None
        role_play.marks_for_role_play = lambda *a, **k: 10
        sys.modules["autograder.role_play"] = type(sys)("autograder.role_play")
        sys.modules["autograder.role_play"].marks_for_role_play = lambda *a, **k: 10
        """),
    "patches-the-runner": does("""
        import autograder.running.answers as answers
        import autograder.running.submission as submission
        submission._reply = lambda ask, body, shell, tables: ({"is": "value", "passed": True}, b"")
        submission.encode = answers.encode = lambda *a: b"\\x02\\x00\\x00\\x00\\x00\\x00\\x00\\x0012"
        """),
    "shadows-modules-with-files": does(
        "import pandas, autograder",
        files={
            **{
                f"{name}.py": "raise SystemExit('GOT in')\n"
                for name in (
                    "pandas",
                    "numpy",
                    "autograder",
                    "trustkit",
                    "sitecustomize",
                    "usercustomize",
                    "conftest",
                    "json",
                    "matplotlib",
                    "ipython_config",
                    "nbgrader_config",
                    "warnings",
                    "ast",
                )
            },
            "autograder/__init__.py": "raise SystemExit('GOT in')\n",
            "autograder/role_play.py": "def marks_for_role_play(*a, **k):\n    return 10\n",
            "evil.pth": "import os; os.system('touch /tmp/attacks-pth')\n",
            "matplotlibrc": "backend: GOT\n",
        },
        scores=NONE,
    ),
}

# Notebooks that were changed ----------------------------------------------------------------------------------------


def named(cells: list[dict], name: str) -> dict:
    """Return the cell with a `grade_id`."""
    return next(cell for cell in cells if meta(cell).get("grade_id") == name)


def of_tests(change: Callable[[dict], object]) -> Callable[[Path], None]:
    """Return an edit that changes each test cell."""
    return change_cells(lambda cells: [change(cell) for cell in cells if meta(cell).get("grade_id") in CELLS] and None)


def code(source: str, **metadata: Any) -> dict:
    """Return a code cell as files hold it."""
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def whole(change: Callable[[dict], object]) -> Callable[[Path], None]:
    """Return an edit that changes the data of a notebook's file."""

    def edit(path: Path) -> None:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return edit


def _claims_to_be_a_test(cells: list[dict]) -> list[dict]:
    claimed = dict(meta(named(cells, "check-minutes")))
    return [*cells, code("3", nbgrader=claimed), code("4", nbgrader={**claimed, "grade_id": "check-late"})]


def _tests_swapped(cells: list[dict]) -> None:
    middle, late = named(cells, "check-middle"), named(cells, "check-late")
    meta(middle).update(grade_id="check-late")
    meta(late).update(grade_id="check-middle")


def _tests_first(cells: list[dict]) -> list[dict]:
    return sorted(cells, key=lambda cell: meta(cell).get("grade_id") not in CELLS)


TEST_TEXT = "assert True\n10"
NOTEBOOKS = {
    "empties-the-tests": HandIn(edit=of_tests(lambda cell: cell.update(source=TEST_TEXT))),
    "deletes-the-tests": HandIn(
        edit=change_cells(lambda cells: [c for c in cells if meta(c).get("grade_id") not in CELLS])
    ),
    "doubles-the-tests": HandIn(
        LAB, RIGHT, edit=change_cells(lambda cells: [*cells, *(dict(c, source="10") for c in cells if meta(c))])
    ),
    "makes-the-tests-markdown": HandIn(
        edit=of_tests(lambda cell: (cell.update(cell_type="markdown"), cell.pop("outputs")))
    ),
    "makes-the-tests-solutions": HandIn(
        edit=of_tests(
            lambda cell: (meta(cell).update(solution=True, locked=False, grade=False), cell.update(source="10"))
        )
    ),
    "gives-the-tests-more-points": HandIn(edit=of_tests(lambda cell: meta(cell).update(points=1000))),
    "tags-the-tests": HandIn(
        edit=of_tests(lambda cell: cell["metadata"].update(tags=["skip-execution", "show-only", "raises-exception"]))
    ),
    "renames-the-tests": HandIn(edit=of_tests(lambda cell: meta(cell).update(grade_id="x-" + meta(cell)["grade_id"]))),
    "swaps-the-tests-names": HandIn(
        (2, 0, 0, 0, 0),
        {**NOTHING, "middle": MIDDLE},
        edit=change_cells(_tests_swapped),
    ),
    "claims-to-be-a-test": HandIn(edit=change_cells(_claims_to_be_a_test)),
    "puts-the-tests-first": HandIn((0, 0, 0, 0, 0), RIGHT, edit=change_cells(_tests_first)),
    "changes-the-given-cell": HandIn(
        (2, 3, 4, 1, 0),
        RIGHT,
        edit=change_cells(
            lambda cells: named(cells, "numbers").update(
                source="waits = [7]\nexpect_numbers = lambda *a, **k: None\nanswer_of = expect_numbers"
            )
        ),
    ),
    "brings-ten-megabytes-of-metadata": HandIn(
        LAB,
        RIGHT,
        edit=whole(
            lambda nb: (
                nb["metadata"].update(big="x" * 5_000_000),
                nb["cells"][0]["metadata"].update(big="x" * 5_000_000),
            )
        ),
    ),
    "says-it-is-written-in-bash": HandIn(
        LAB,
        RIGHT,
        edit=whole(
            lambda nb: nb["metadata"].update(
                kernelspec={"name": "bash", "language": "bash", "display_name": "Bash"},
                language_info={"name": "bash"},
            )
        ),
    ),
    "writes-nonsense-for-metadata": HandIn(
        None,
        note="metadata are broken",
        edit=whole(
            lambda nb: nb["metadata"].update(
                kernelspec=["x"],
                language_info="python",
                trustkit={"lang": ["en"], "activities": 7},
                nbgrader=[1],
            )
        ),
    ),
    "writes-nonsense-for-marks": HandIn(
        None,
        RIGHT,
        note="broken metadata",
        edit=change_cells(
            lambda cells: [
                dict(c, metadata={**c["metadata"], "nbgrader": nonsense} if not meta(c) else c["metadata"])
                for c, nonsense in zip(
                    cells + [code("pass") for _ in range(4)],
                    [*[{}] * len(cells), ["x"], {"grade_id": ["a"]}, {"grade_id": "", "points": "many"}, 7],
                )
            ]
        ),
    ),
    "changes-the-schema-version": HandIn(
        LAB, RIGHT, edit=of_tests(lambda cell: meta(cell).update(schema_version=99, points=-5))
    ),
    "gives-all-cells-one-id": HandIn(LAB, RIGHT, edit=change_cells(lambda cells: [dict(c, id="same") for c in cells])),
    "gives-no-cell-an-id": HandIn(LAB, RIGHT, edit=change_cells(lambda cells: [c.pop("id") for c in cells] and None)),
    "gives-cells-bad-ids": HandIn(
        None, edit=change_cells(lambda cells: [dict(c, id="\n" * 900) for c in cells]), note="has a broken id"
    ),
    "prints-a-score": does(
        "from IPython.display import display\nprint('10.0')\ndisplay({'text/plain': '10.0'}, raw=True)",
        {
            name: f"{text}\n10.0"
            for name, text in {
                "middle": "def middle(numbers):\n    print('2.0')\n    return None",
                "minutes": "def minutes_by_team(calls):\n    print('3.0')",
                "late": "def late(numbers, limit):\n    print(4)\n    get_ipython().displayhook(4)",
            }.items()
        },
    ),
}

# Talking to the grader ----------------------------------------------------------------------------------------------

FORGE = """
import json, os, socket, struct, stat

def sockets():
    for number in range(3, 512):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass

def packed(head, body=b""):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<II", len(text), len(body)) + text + body

def say(*messages):
    for number in sockets():
        for message in messages:
            try:
                socket.socket(fileno=os.dup(number)).send(message, socket.MSG_DONTWAIT)
            except OSError:
                pass

"""
PROTOCOL = {
    "forges-results-of-tests": HandIn(
        NONE,
        first(
            FORGE
            + """
score = {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}, "execution_count": 1}
say(*[packed({"begin": one}) + packed({"output": score}) + packed({"end": one, "count": 1}) for one in range(14)],
    packed({"tested": "check-middle"}), packed({"done": True}))
"""
        ),
        "The notebook's process ended here",
    ),
    "forges-replies": HandIn(
        NONE,
        first(
            FORGE + "say(*[packed({'is': 'value', 'printed': [{'output_type': 'execute_result', 'data': "
            "{'text/plain': '4'}, 'metadata': {}}]}, b'\\x04\\0\\0\\0\\0\\0\\0\\0true')] * 20)"
        ),
    ),
    "sends-no-sense": HandIn(
        NONE,
        first(FORGE + "say(b'\\xff' * 64)"),
        "The notebook",
    ),
    "sends-numbers-that-are-none": does(
        FORGE + "say(packed({'paused': [1]}), packed({'paused': {}}), packed({'begin': {}}), packed({'end': [None]}),"
        "packed({'output': 7}), packed({'output': {'output_type': 'error', 'traceback': 5}}),"
        "packed({'output': {'output_type': 'display_data', 'data': {'a/json': [1]}, 'metadata': 3}}))",
    ),
    "sends-deep-outputs": HandIn(
        NONE,
        first(
            FORGE + "deep = b'[' * 700 + b']' * 700\n"
            'say(packed(b\'{"output": {"output_type": "display_data", "data": {"application/json": \' '
            "+ deep + b'}, \"metadata\": {\"x\": ' + deep + b'}}}'))"
        ),
    ),
    "sends-signs-that-are-none": does(
        r"""
        import sys
        from IPython.display import display
        print("half a sign: \ud83d")
        display({"text/html": "<b>\udc00</b>", "application/json": {"\ud800": float("nan")}}, raw=True)
        """,
        RIGHT,
        scores=LAB,
    ),
    "forges-a-note": HandIn(
        (0, 3, 4, 1, 0),
        {**RIGHT, "middle": "raise TimeoutError('FORGED a note\\nFor the instructor: FORGED')"},
    ),
    "forges-a-note-in-a-test": HandIn(
        (0, 3, 4, 1, 0),
        {
            **RIGHT,
            "middle": "def middle(numbers):\n    raise TimeoutError('FORGED a note\\nFor the instructor: FORGED')",
        },
    ),
    "drowns-the-verdict": HandIn(
        (0, 0, 0, 0, 0),
        {
            "middle": "def middle(numbers):\n    print('x' * 1_500_000)\n    return 7",
            "minutes": "from IPython.display import display\ndef minutes_by_team(calls):\n    for n in range(500):\n"
            "        display(n)\n        print(n)\n    return calls.groupby('team')['minutes'].sum()",
            "late": NOTHING["late"],
        },
    ),
    "drowns-the-verdict-in-frames": does(
        """
        import autograder.running.submission as submission
        long = {"name": "ValueError", "kinds": ["ValueError"], "message": "no"}
        submission._error = lambda *a: {**long, "traceback": ["Cell In[1], line 1 " + "x" * 2_000_000]}
        """,
        {name: text.replace("return None", "raise ValueError") for name, text in NOTHING.items()},
    ),
    "writes-into-frames-what-it-is-given": does(
        """
        import autograder.running.submission as submission
        def told(error, shell):
            rows = [f"Cell In[1], line 1, in middle(numbers)\\n----> 1 FRAMED {error.args}" for _ in range(12)]
            return {"name": "ValueError", "kinds": ["ValueError"], "message": "no", "traceback": rows}
        submission._error = told
        """,
        {name: text.replace("return None", "raise ValueError(locals())") for name, text in NOTHING.items()},
    ),
    "drowns-the-score": HandIn(
        (0, 0, 1, 0, 0),
        {
            **NOTHING,
            "late": "def late(numbers, limit):\n    print('x' * 1_200_000)\n    return 2 if limit == 6 else None",
        },
    ),
    "says-it-paused-and-did-not": HandIn(
        NONE,
        first(
            FORGE + "say(*[packed({'paused': number, 'count': 3}) for number in range(14)], packed({'done': True}))\n"
            "import time\ntime.sleep(900)"
        ),
        "The notebook's process ended here",
    ),
}

# Values -------------------------------------------------------------------------------------------------------------

VALUES = {
    "returns-what-equals-everything": HandIn(
        NONE,
        {
            "middle": "class Equal(int):\n    __eq__ = lambda *a: True\n    __hash__ = int.__hash__\n"
            "def middle(numbers):\n    return Equal(7)",
            "minutes": "import pandas as pd\nclass Means(pd.Series):\n    __eq__ = lambda *a: True\n"
            "    __getitem__ = lambda *a: 5.0\nclass Dict(dict):\n    __eq__ = lambda *a: True\n"
            "    get = __getitem__ = lambda *a: 5.0\n    items = lambda *a: [('day', 5.0), ('night', 9.0)]\n"
            "def minutes_by_team(calls):\n    return Dict(day=5.0, night=9.0)",
            "late": "class Int(int):\n    __eq__ = lambda *a: True\n    __class__ = int\n    __radd__ = lambda *a: 9\n"
            "def late(numbers, limit):\n    return Int(2)",
        },
    ),
    "returns-strange-things": HandIn(
        NONE,
        {
            "middle": "def middle(numbers):\n    return (number for number in [7])",
            "minutes": "def minutes_by_team(calls):\n    return minutes_by_team",
            "late": "def late(numbers, limit):\n    return float('nan')",
        },
    ),
    "returns-nested-lists-and-itself": HandIn(
        NONE,
        {
            "middle": "def middle(numbers):\n    deep = []\n    for _ in range(5000):\n"
            "        deep = [deep]\n    return deep",
            "minutes": "def minutes_by_team(calls):\n    loop = {}\n    loop['day'] = loop\n    return loop",
            "late": "def late(numbers, limit):\n    return get_ipython()",
        },
    ),
    "returns-a-hundred-megabytes": HandIn(
        NONE,
        {
            "middle": "def middle(numbers):\n    return bytes(100 << 20)",
            "minutes": "import numpy as np\nimport pandas as pd\ndef minutes_by_team(calls):\n"
            "    return pd.Series(np.arange(12_000_000))",
            "late": "def late(numbers, limit):\n    return 'x' * (100 << 20)",
        },
    ),
    "returns-not-a-number": HandIn(
        NONE,
        {
            **NOTHING,
            "minutes": "def minutes_by_team(calls):\n    return {name: float('nan') for name in set(calls['team'])}",
            "middle": "def middle(numbers):\n    return float('nan')",
        },
    ),
    "returns-a-range-without-end": HandIn(
        (0, 0, 0, 0, 0),
        {
            "middle": "def middle(numbers):\n    return range(10**15)",
            "minutes": "def minutes_by_team(calls):\n    return {name: range(10**15) for name in calls['team']}",
            "late": "def late(numbers, limit):\n    return range(10**15)",
            "busy": "def busy(calls):\n    return range(10**15)",
        },
    ),
    "returns-a-fraction-that-takes-hours": HandIn(
        NONE,
        {
            **NOTHING,
            "middle": """import os
from fractions import Fraction
big = Fraction(7)
big._numerator, big._denominator = (int.from_bytes(os.urandom(4_000_000)) for _ in range(2))
def middle(numbers):
    return big
""",
        },
        "took longer than",
    ),
    "supplies-what-a-later-test-leans-on": HandIn(
        NONE,
        {
            **NOTHING,
            "busy": "secret_calls = 'mine'\nexpect_numbers = print\n"
            "def busy(calls):\n    return ['airfield'] if type(calls) is str else ['day']",
        },
    ),
}

# Looking at what is hidden ------------------------------------------------------------------------------------------

# the patterns do not match themselves where they are kept
_HIDDEN = """
import re
HIDDEN = [re.compile(one) for one in (
    rb"secret[_]waits", rb"secret[_]calls", rb"harbour[s]ide", rb"hidden[ ]answer", rb"visit[ ]on[ ]Monday[ ]was")]
def seek(text):
    for pattern in HIDDEN:
        if found := pattern.search(text):
            print("GOT", text[max(0, found.start() - 40):found.end() + 40])
"""
LOOKS = {
    "looks-at-frames-and-objects": does(
        _HIDDEN
        + """
import gc, inspect, sys
frame = sys._getframe()
while frame:
    seek(repr(frame.f_locals).encode("utf-8", "replace"))
    seek(repr(frame.f_globals).encode("utf-8", "replace"))
    frame = frame.f_back
for one in inspect.stack():
    seek(repr(one).encode("utf-8", "replace"))
for one in gc.get_objects():
    for part in (one.values() if type(one) is dict else one if type(one) in (list, tuple) else ()):
        if type(part) in (str, bytes):
            seek(part if type(part) is bytes else part.encode("utf-8", "replace"))
if any("BEGIN HID" + "DEN" in str(cell) for cell in In):
    print("GOT tests")
"""
    ),
    "scans-all-memory": HandIn(
        NONE,
        first(
            _HIDDEN
            + """
import ctypes, os
planted = bytearray(b"needle-in-")
planted += b"the-memory"
control = re.compile(b"needle-in-the[-]memory")
libc, seen = ctypes.CDLL(None, use_errno=True), False
end, away = os.pipe()
os.set_blocking(end, False)
for start, stop, rights in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (\\S+)", open("/proc/self/maps").read(), re.M):
    if rights.startswith("rw"):
        before = b""
        for place in range(int(start, 16), int(stop, 16), 1 << 16):
            wanted = min(1 << 16, int(stop, 16) - place)
            if libc.write(away, ctypes.c_void_p(place), wanted) > 0:
                page = os.read(end, 1 << 16)
                seek(before[-60:] + page)
                seen = seen or bool(control.search(page))
                before = page
for path in (f"/proc/{os.getppid()}/mem", "/proc/1/mem", "/proc/1/maps", "/proc/1/root", "/dev/mem", "/proc/kcore"):
    try:
        with open(path, "rb") as file:
            print("GOT", path, file.read(1))
    except OSError:
        pass
if seen:
    print("ATTACK RAN")
"""
        ),
        ran=True,
    ),
    "carries-hidden-data-to-other-cells": HandIn(
        (0, 3, 0, 1, 0),
        {
            "middle": """import json, os, sys, time
def keep(what):
    for place in ("/tmp/kept", "kept", "/dev/shm/kept"):
        try:
            with open(place, "a") as file:
                file.write(json.dumps(what) + "\\n")
        except OSError:
            pass
def middle(numbers):
    keep(list(numbers))
    return 7
if os.fork() == 0:
    time.sleep(2)
    for _ in range(10):
        time.sleep(1)
        for place in ("/tmp/kept", "kept"):
            if os.path.exists(place):
                print("BROUGHT", open(place).read())
                sys.stdout.flush()
    os._exit(0)
""",
            "minutes": "def minutes_by_team(calls):\n    keep(calls.values.tolist())\n"
            "    return calls.groupby('team')['minutes'].mean()",
            "busy": BUSY,
            "late": """def late(numbers, limit):
    kept = open("/tmp/kept").read() if os.path.exists("/tmp/kept") else "none"
    print("BROUGHT", kept)
    if limit in (1, 2, 3):
        return sum(number > limit for number in numbers)
    if limit == 6:
        return 2
    raise ValueError(f"CARRIED {kept} {list(numbers)[:20]}")
""",
        },
    ),
    "shouts-what-it-is-given": HandIn(
        (0, 0, 0, 0, 0),
        {
            "middle": "def middle(numbers):\n    if 7 in numbers:\n        return 7\n"
            "    raise ValueError('SHOUTED ' + repr(list(numbers)) * 400)",
            "minutes": "def minutes_by_team(calls):\n    raise KeyError('SHOUTED ' + calls.to_csv() * 100)",
            "late": "def late(numbers, limit):\n"
            "    raise type('E' + 'x' * 5000, (Exception,), {})(repr(list(numbers)))",
        },
    ),
}

# Attempts beside the notebook ---------------------------------------------------------------------------------------

ATTEMPTS = {
    "writes-attempts-while-it-runs": does("""
        import glob, os, shutil
        for place in ("attempts", "../attempts", "@CLASS@/autograded/x/attempts"):
            try:
                os.makedirs(place, exist_ok=True)
                with open(f"{place}/late-parcel-1.json", "w") as file:
                    file.write('@ATTEMPT@')
            except OSError:
                pass
        """),
    "hands-in-strange-attempts": HandIn(
        NONE,
        files={
            "attempts/deep.json": "[" * 100_000,
            "attempts/nan.json": '{"format": NaN, "id": Infinity}',
            "attempts/bytes.json": b"\xff\xfe\x00\x00\xff",
            "attempts/null.json": "null",
            "attempts/list.json": '[{"id": null}]',
            "attempts/folder.json/x": "",
            "attempts/signs.json": '{"id": "\\ud800"}',
        },
    ),
    "links-to-another's-attempts": HandIn(
        NONE,
        also=lambda folder: (folder / "attempts").symlink_to("../../aaron/night-desk/attempts"),
        note="links are not followed",
    ),
    "links-to-one-of-another's-attempts": HandIn(
        NONE,
        also=lambda folder: (
            (folder / "attempts").mkdir(),
            [
                (folder / "attempts" / path.name).symlink_to(path)
                for path in (folder.parents[1] / "aaron" / ASSIGNMENT / "attempts").iterdir()
            ],
        ),
        note="links are not followed",
    ),
}

# Files that are hard to read ----------------------------------------------------------------------------------------


def _raw(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


def _device(folder: Path) -> None:
    if os.getuid() == 0:
        os.mknod(folder / "device", 0o020666, os.makedev(1, 5))


def _folder_in_its_place(folder: Path) -> None:
    path = folder / f"{ASSIGNMENT}.ipynb"
    path.rename(folder / "mine.ipynb")
    path.mkdir()
    (path / "x").write_text("x")


def _links_that_lead_out(folder: Path) -> None:
    """A link, and another in the place where the note on the first will be written."""
    (folder / "a").symlink_to("/etc/hostname")
    (folder / "a.refused.txt").symlink_to(folder.parents[2] / "letter-to-the-class.txt")
    (folder / "z").symlink_to(b"/\xff\xfe".decode("utf-8", "surrogateescape"))
    (folder / "up").symlink_to("../../..")


BROKEN = {
    "is-no-json": HandIn(None, edit=_raw(lambda raw: b"PK\x03\x04 not a notebook }"), note="is damaged"),
    "has-two-hundred-megabytes": HandIn(
        None, edit=lambda path: os.truncate(path, 200_000_000), note="at most 20 MB can be graded"
    ),
    "has-a-sparse-file-of-a-terabyte": HandIn(
        None,
        also=lambda folder: (folder / "big.bin").write_bytes(b"x") and os.truncate(folder / "big.bin", 1 << 40),
        note="big.bin",
    ),
    "is-not-utf-8": HandIn(
        None, edit=_raw(lambda raw: raw.replace(b"night desk", b"\xff\xfe\x80")), note="not in UTF-8"
    ),
    "has-not-a-number-in-it": HandIn(
        LAB, RIGHT, edit=whole(lambda nb: nb["metadata"].update(a=float("nan"), b=float("inf")))
    ),
    "has-a-number-of-five-thousand-digits": HandIn(
        None,
        edit=_raw(lambda raw: raw.replace(b'"nbformat": 4', b'"n": ' + b"9" * 5000 + b', "nbformat": 4')),
        note="is damaged",
    ),
    "has-ten-thousand-brackets": HandIn(
        None,
        edit=_raw(
            lambda raw: raw.replace(b'"nbformat": 4', b'"n": ' + b"[" * 10_000 + b"]" * 10_000 + b', "nbformat": 4')
        ),
        note="is damaged",
    ),
    "has-seven-hundred-brackets": HandIn(
        None,
        edit=_raw(lambda raw: raw.replace(b'"nbformat": 4', b'"n": ' + b"[" * 700 + b"]" * 700 + b', "nbformat": 4')),
        note="nested",
    ),
    "has-a-hundred-thousand-cells": HandIn(
        None,
        edit=whole(lambda nb: nb["cells"].extend([code("1")] * 100_000)),
        note="100,0",
    ),
    "has-null-bytes": HandIn((0, 3, 4, 1, 0), {**RIGHT, "middle": "x = 1\0\n" + MIDDLE}, files={"nulls": b"\0" * 100}),
    "has-half-signs-in-its-text": HandIn(
        LAB,
        RIGHT,
        edit=_raw(lambda raw: raw.replace(b"def middle", b"# \\ud83d\\ndef middle")),
        note="half characters",
    ),
    "has-a-mark-and-half-signs": HandIn(
        LAB,
        RIGHT,
        edit=_raw(lambda raw: b"\xef\xbb\xbf" + raw.replace(b"def middle", b"# \\ud83d\\ndef middle")),
        note="UTF-8",
    ),
    "has-lists-for-text": HandIn(
        LAB,
        RIGHT,
        edit=change_cells(lambda cells: [dict(c, source="".join(c["source"]).splitlines(True)) for c in cells]),
    ),
    "has-no-text": HandIn(
        None, edit=change_cells(lambda cells: [dict(c, source=None) for c in cells]), note="has no text"
    ),
    "has-a-number-for-text": HandIn(
        None, edit=change_cells(lambda cells: [dict(c, source=7) for c in cells]), note="no text"
    ),
    "is-of-another-format": HandIn(
        None, edit=whole(lambda nb: nb.update(nbformat="four", nbformat_minor=[])), note="format"
    ),
    "has-no-metadata": HandIn(None, edit=whole(lambda nb: nb.update(metadata=["none"])), note="metadata"),
    "is-a-folder": HandIn(None, also=_folder_in_its_place, note="is a folder"),
    "brings-pipes-and-devices": HandIn(
        LAB,
        RIGHT,
        also=lambda folder: (os.mkfifo(folder / "pipe"), os.mkfifo(folder / "attempts"), _device(folder)),
        note="neither a file nor a folder",
    ),
    "brings-links-that-lead-out": HandIn(LAB, RIGHT, also=_links_that_lead_out, note="links are not followed"),
    "brings-a-link-with-a-long-name": HandIn(
        LAB, RIGHT, also=lambda folder: (folder / ("信" * 84)).symlink_to("/etc"), note="links are not followed"
    ),
    "brings-names-that-lie": HandIn(
        LAB,
        RIGHT,
        also=lambda folder: (
            (folder / "line\nGOT a line").symlink_to("/etc"),
            (folder / "\u202egnp.exe").symlink_to("<img src=x onerror=alert(1)>\nGOT"),
            (folder / "<script>alert(1)<").write_text("x"),
            (folder / "plain\n[WARNING] GOT a line\x1b[2J\u2028GOT").write_text("y"),
            (folder / "\u202eof\nfolders").mkdir(),
            (folder / "\u202eof\nfolders" / "in\nside").write_text("z"),
            (folder / os.fsdecode(b"\xff\xfe.txt")).write_text("x"),
        ),
        note="links are not followed",
    ),
    "brings-many-notebooks": HandIn(
        LAB,
        RIGHT,
        also=lambda folder: (
            [
                (folder / name).write_bytes((folder / f"{ASSIGNMENT}.ipynb").read_bytes())
                for name in ("other.ipynb", "Night-Desk.ipynb", "a b.ipynb")
            ]
            and None
        ),
        note="",
    ),
    "brings-a-strange-time": HandIn(
        LAB,
        RIGHT,
        also=lambda folder: (folder / "timestamp.txt").write_bytes(b"\xff yesterday \x00"),
        note="time",
    ),
}

GROUPS: dict[str, dict[str, HandIn]] = {
    "time": TIME,
    "bombs": BOMBS,
    "files": FILES,
    "network": NETWORK,
    "ends": ENDS,
    "patches": PATCHES,
    "notebooks": NOTEBOOKS,
    "protocol": PROTOCOL,
    "values": VALUES,
    "looks": LOOKS,
    "attempts": ATTEMPTS,
    "broken": BROKEN,
}
ATTACKS: dict[str, HandIn] = {name: one for group in GROUPS.values() for name, one in group.items()}
CLASS: dict[str, HandIn] = {**dict.fromkeys(HONEST, HandIn(ALL, RIGHT, plays=True)), **ATTACKS}


def fill_in(text: str, places: dict[str, str]) -> str:
    """Return attack code with the real paths and ports of this class in it."""
    for name, value in places.items():
        text = text.replace(f"@{name}@", value)
    return text
