"""How long the datasets take to make and to load, and each lab's solved source to run, alone in a process."""

from __future__ import annotations

import json
import subprocess
import sys
import time

from figure import Figure

from autograder.rehearse import lab_points
from autograder.source import read_exercise
from trustkit.course import assignment_ids, course_root
from trustkit.data import dataset_names, generate_dataset, load_dataset
from trustkit.data.schema import read_schema

SEED = 7
RUN = """
import json, resource, sys, time
begun = time.perf_counter()
from autograder.rehearse import rehearse, solved_answers
from autograder.source import read_exercise
exercise = read_exercise(sys.argv[1])
marks = rehearse(exercise, solved_answers(exercise), 7)
assert marks.points and all(marks.points.values()), marks
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6]))
"""


def figures() -> list[Figure]:
    folder = course_root() / "datasets"
    made = [name for name in dataset_names() if (folder / name / "generate.py").is_file()]
    seconds = 0.0
    for name in made:
        schema = read_schema(folder / name / "schema.yaml")
        begun = time.process_time()
        generate_dataset(name, SEED, next(iter(schema.tables)))
        seconds += time.process_time() - begun
    loads = []
    for name in dataset_names():
        for table in read_schema(folder / name / "schema.yaml").tables:
            loads.append(
                (min(_seconds(lambda name=name, table=table: load_dataset(name, table)) for _ in range(3)), table)
            )
    slowest, which = max(loads)
    found = [
        Figure("labs: all generators together", seconds, "s CPU", "< 20"),
        Figure(f"labs: load the slowest table ({which})", 1000 * slowest, "ms", "< 200"),
    ]
    for name in assignment_ids():
        if not lab_points(read_exercise(name)):
            continue
        done = subprocess.run([sys.executable, "-c", RUN, name], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-400:]}")
        cpu, memory = json.loads(done.stdout)
        found += [
            Figure(f"lab {name}: solved source, imports included", cpu, "s CPU", "< 20"),
            Figure(f"lab {name}: most memory", memory, "GB", "< 1"),
        ]
    return found


def _seconds(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
