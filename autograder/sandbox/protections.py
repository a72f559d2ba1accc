"""What a missing layer leaves open, said to the person who grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.sandbox.policy import LAYERS


@dataclass(frozen=True)
class Protection:
    """One layer and what is open without it.

    Attributes:
        layer: a name from `LAYERS`.
        leaves_open: one sentence: what a hand-in can do when this layer is missing.
        covered_by: layers that do most of the same work; with one of them there it is less serious.
        leaves_open_covered: the sentence that is true then.
    """

    layer: str
    leaves_open: str
    covered_by: tuple[str, ...] = ()
    leaves_open_covered: str = ""


PROTECTIONS = (
    Protection(
        "rlimits",
        "A hand-in can use all memory, processor time and disk space of this computer.",
        ("cgroup",),
        "A hand-in can use processor time without end and write very large files.",
    ),
    Protection(
        "seccomp",
        "A hand-in can use the network and rarely needed parts of the system, where faults are found most often.",
        ("namespaces",),
        "A hand-in can reach rarely needed parts of the system, where faults are found most often.",
    ),
    Protection(
        "landlock",
        "A hand-in can read and change every file of this account: gradebook, solutions and the work of others.",
        ("namespaces",),
        "One wall instead of two stands between a hand-in and the other files of this account.",
    ),
    Protection(
        "namespaces",
        "A hand-in can see which programs run and which files exist, and nothing hides this computer's files.",
        ("landlock",),
        "A hand-in can see whether a file exists, though not what is in it, and locks between processes do not work.",
    ),
    Protection(
        "cgroup",
        "Memory is limited for each process of a hand-in, not for all of them together.",
    ),
)


def missing_protections(report: Mapping[str, str]) -> list[str]:
    """Return one sentence for each missing layer: what it leaves open, and why it is missing.

    Args:
        report: by layer "" where it is there, else why not, as `probe` and the report of `confine` give it.
    """
    there = {layer for layer in LAYERS if report.get(layer, "not tried") == ""}
    sentences = []
    for protection in PROTECTIONS:
        if protection.layer in there:
            continue
        covered = bool(there & set(protection.covered_by))
        sentence = protection.leaves_open_covered if covered else protection.leaves_open
        sentences.append(f"{sentence} (No {protection.layer}: {report.get(protection.layer, 'not tried')}.)")
    return sentences
