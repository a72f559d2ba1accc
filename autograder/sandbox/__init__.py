"""The cell a hand-in runs in: it sees only what it was given, and nothing of it is left afterwards. Linux only.

`probe` tells which layers of protection this machine has, `missing_protections` says in plain words what the
others leave open, and `confine` turns a freshly forked process into the supervisor of one confined job.
"""

from autograder.sandbox.policy import LAYERS, Limits, Policy
from autograder.sandbox.probing import probe
from autograder.sandbox.protections import PROTECTIONS, Protection, missing_protections
from autograder.sandbox.supervisor import COULD_NOT_START, LAYER_MISSING, confine

__all__ = [
    "COULD_NOT_START",
    "LAYERS",
    "LAYER_MISSING",
    "PROTECTIONS",
    "Limits",
    "Policy",
    "Protection",
    "confine",
    "missing_protections",
    "probe",
]
