"""The layer "seccomp": a filter that refuses the system calls an exercise never needs.

What is refused depends on the layers that were had before it: where namespaces stand between the job and the
rest of the machine, sockets and signals can do no harm; where they do not, the filter takes their place.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

from autograder.sandbox.system_calls import PR_SET_DUMPABLE, call

# By call: the number on x86_64 and on aarch64, -1 where there is none.
_ALWAYS_REFUSED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, -1),
    "iopl": (172, -1),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "mbind": (237, 235),
    "memfd_create": (319, 279),  # memory that no limit of a process counts
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "modify_ldt": (154, -1),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semget": (64, 190),
    "set_mempolicy": (238, 237),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "uselib": (134, -1),
    "vhangup": (153, 58),
}
# They leave the file as it is and say that all went well, so that copying a file still works: no layer but
# namespaces keeps a job from changing who may open the files of its user anywhere.
_PRETENDED = {
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "futimesat": (261, -1),
    "utime": (132, -1),
    "utimensat": (280, 88),
    "utimes": (235, -1),
}
_REFUSED_ON_SHARED_FILES = {
    "chown": (92, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fremovexattr": (199, 16),
    "fsetxattr": (190, 7),
    "inotify_add_watch": (254, 27),
    "lchown": (94, -1),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "removexattr": (197, 14),
    "removexattrat": (466, 466),
    "setxattr": (188, 5),
    "setxattrat": (463, 463),
    "connect": (42, 203),
    "socket": (41, 198),
}
_REFUSED_ON_FILES_THAT_CAN_BE_EMPTIED = {"truncate": (76, 45)}
_TO_BE_LOOKED_AT = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "creat": (85, -1),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "ioprio_set": (251, 30),
    "kill": (62, 129),
    "mknod": (133, -1),
    "mknodat": (259, 33),
    "open": (2, -1),
    "openat": (257, 56),
    "openat2": (437, 437),
    "pidfd_send_signal": (424, 424),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "setpriority": (141, 140),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "tgkill": (234, 131),
    "tkill": (200, 130),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUALS, _AT_LEAST, _HAS_BITS, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000

_SET_MODE_FILTER = 1
_SPECULATION_ALLOWED = 4

_NEW_NAMESPACES = 0x7E020000
_AF_UNIX, _SOCK_STREAM, _SOCK_SEQPACKET = 1, 1, 5
_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP = 0x5412, 0x541C, 0x8901, 0x8902
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_O_ACCMODE, _O_TRUNC, _O_CREAT_OR_TMPFILE = 0o3, 0o1000, 0o100 | 0o20000000
_SET_ID_BITS = 0o6000

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class Surroundings:
    """What the other layers protect already.

    Attributes:
        namespaces: files, sockets and processes of the machine cannot be named at all.
        foreign_signals_refused: processes of others cannot be signalled.
        foreign_truncation_refused: files outside cannot be emptied.
    """

    namespaces: bool
    foreign_signals_refused: bool
    foreign_truncation_refused: bool


def _refuse(code: int = errno.EPERM) -> Instruction:
    return (_RETURN, 0, 0, _ERROR | code)


_PASS: Instruction = (_RETURN, 0, 0, _ALLOW)


def _argument(position: int) -> Instruction:
    # the lower half; both processors are little-endian
    return (_LOAD, 0, 0, 16 + 8 * position)


def _only(position: int, *values: int, code: int = errno.EPERM) -> list[Instruction]:
    checks = [step for value in values for step in ((_EQUALS, 0, 1, value & 0xFFFFFFFF), _PASS)]
    return [_argument(position), *checks, _refuse(code)]


def _never(position: int, *values: int) -> list[Instruction]:
    checks = [step for value in values for step in ((_EQUALS, 0, 1, value), _refuse())]
    return [_argument(position), *checks, _PASS]


def _without_bits(position: int, bits: int) -> list[Instruction]:
    return [_argument(position), (_HAS_BITS, 0, 1, bits), _refuse(), _PASS]


def _opening(flags: int, mode: int) -> list[Instruction]:
    return [
        # emptied without being opened for writing
        _argument(flags), (_AND, 0, 0, _O_TRUNC | _O_ACCMODE), (_EQUALS, 0, 1, _O_TRUNC), _refuse(errno.EACCES),
        _argument(flags), (_HAS_BITS, 1, 0, _O_CREAT_OR_TMPFILE), _PASS,
        *_without_bits(mode, _SET_ID_BITS),
    ]  # fmt: skip


def _looked_at(around: Surroundings, own: int) -> dict[str, list[Instruction]]:
    # clone3 hides its flags from a filter; the C library then takes clone
    blocks = {"clone": _without_bits(0, _NEW_NAMESPACES), "clone3": [_refuse(errno.ENOSYS)]}
    terminal = [_TIOCSTI, _TIOCLINUX]
    if around.namespaces:
        blocks["socket"] = _only(0, _AF_UNIX, code=errno.EACCES)
        blocks["socketpair"] = _only(0, _AF_UNIX, code=errno.EACCES)
    else:
        # a pair is connected already; of datagrams it is not, so that such a pair could be led elsewhere
        blocks["socketpair"] = [
            _argument(0), (_EQUALS, 1, 0, _AF_UNIX), _refuse(errno.EACCES),
            _argument(1), (_AND, 0, 0, 0xF), (_EQUALS, 0, 1, _SOCK_STREAM), _PASS,
            (_EQUALS, 0, 1, _SOCK_SEQPACKET), _PASS, _refuse(errno.EACCES),
        ]  # fmt: skip
    if not around.namespaces:
        blocks["open"] = _opening(1, 2)
        blocks["openat"] = _opening(2, 3)
        blocks["openat2"] = [_refuse(errno.ENOSYS)]
        blocks["creat"] = _without_bits(1, _SET_ID_BITS)
        # what the init must count it must be able to look at
        blocks["prctl"] = _never(0, PR_SET_DUMPABLE)
        blocks["mknod"] = _without_bits(1, _SET_ID_BITS)
        blocks["mknodat"] = _without_bits(2, _SET_ID_BITS)
        for name in ("sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler", "prlimit64"):
            blocks[name] = _only(0, 0, own)
        # not all processes of this user at once either
        for name, user in (("setpriority", 2), ("ioprio_set", 3)):
            blocks[name] = [_argument(0), (_EQUALS, 0, 1, user), _refuse(), *_only(1, 0, own)]
    if not around.foreign_signals_refused:
        blocks["kill"] = _only(0, 0, own, -own)
        for name in ("tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            blocks[name] = _only(0, own)
        for name in ("tkill", "pidfd_send_signal"):
            blocks[name] = [_refuse()]
        # a descriptor can be told to send any signal to anybody
        blocks["fcntl"] = _never(1, _F_SETOWN, _F_SETSIG, _F_SETOWN_EX)
        terminal += [_FIOSETOWN, _SIOCSPGRP]
    blocks["ioctl"] = _never(1, *terminal)
    return blocks


def program(around: Surroundings, own: int, machine: str | None = None) -> bytes:
    """Return the filter as the kernel takes it.

    Args:
        around: what the other layers protect already.
        own: process id of the job, which is also its process group.
        machine: the processor as `platform.machine()` names it; by default this one.

    Raises:
        OSError: there is no filter for this processor.
    """
    machine = machine or platform.machine()
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no filter for {machine}")
    place, architecture = _MACHINES[machine]
    steps: list[Instruction] = [
        (_LOAD, 0, 0, 4),
        (_EQUALS, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":
        # the x32 numbers of the same calls
        steps += [(_AT_LEAST, 0, 1, 0x40000000), _refuse(errno.ENOSYS)]
    blocks = {_TO_BE_LOOKED_AT[name][place]: block for name, block in _looked_at(around, own).items()}
    plain = dict.fromkeys(_ALWAYS_REFUSED.values(), errno.EPERM)
    if not around.namespaces:
        plain |= dict.fromkeys(_PRETENDED.values(), 0)
        plain |= dict.fromkeys(_REFUSED_ON_SHARED_FILES.values(), errno.EACCES)
    if not around.foreign_truncation_refused:
        plain |= dict.fromkeys(_REFUSED_ON_FILES_THAT_CAN_BE_EMPTIED.values(), errno.EACCES)
    blocks = {numbers[place]: [_refuse(code)] for numbers, code in plain.items()} | blocks
    for number, block in blocks.items():
        if number >= 0:
            steps += [(_EQUALS, 0, len(block), number), *block]
    steps.append(_PASS)
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install(instructions: bytes) -> None:
    """Put this process, and all it starts, under a filter; no new privileges must be set before.

    Raises:
        OSError: the kernel has no filters.
    """
    held = ctypes.create_string_buffer(instructions, len(instructions))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(instructions) // 8, ctypes.addressof(held)))
    try:
        call("seccomp", _SET_MODE_FILTER, _SPECULATION_ALLOWED, ctypes.addressof(header))
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        call("seccomp", _SET_MODE_FILTER, 0, ctypes.addressof(header))
