"""The calls of the Linux kernel that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from functools import cache

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18
MNT_DETACH = 2

MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_NOEXEC = 1, 2, 4, 8

_AT_FDCWD = -100
_AT_EMPTY_PATH = 0x1000
_AT_RECURSIVE = 0x8000
_OPEN_TREE_CLONE = 1
_MOVE_MOUNT_F_EMPTY_PATH = 4

# By call: the number on x86_64 and on aarch64, -1 where there is none.
_NUMBERS = {
    "capset": (126, 91),
    "clone": (56, 220),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
}
_MACHINES = ("x86_64", "aarch64")


@cache
def library() -> ctypes.PyDLL:
    """Return the C library; raises `OSError` on a system that is not Linux on one of the known processors.

    It keeps the interpreter's lock: all callers have one thread, and one of the calls returns in two processes.
    """
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        raise OSError(f"not on {sys.platform} {platform.machine()}")
    found = ctypes.PyDLL(None, use_errno=True)
    found.syscall.restype = ctypes.c_long
    return found


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call by its name and return its result; raises `OSError`."""
    number = _NUMBERS[name][_MACHINES.index(platform.machine())]
    values = [ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value) for value in arguments]
    return _checked(library().syscall(ctypes.c_long(number), *values), name)


def prctl(option: int, value: int = 0, third: int = 0) -> int:
    """Set a property of this process; raises `OSError`."""
    longs = [ctypes.c_ulong(part) for part in (value, third, 0, 0)]
    return _checked(library().prctl(ctypes.c_int(option), *longs), f"prctl {option}")


def clone_into(namespaces: int) -> int:
    """Fork into new namespaces: the child's process id in the parent and 0 in the child, as `os.fork`.

    Raises:
        OSError: the kernel does not allow it.
    """
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    child = library().syscall(
        ctypes.c_long(_NUMBERS["clone"][_MACHINES.index(platform.machine())]),
        *[ctypes.c_long(value) for value in (namespaces | signal.SIGCHLD, 0, 0, 0, 0)],
    )
    code = ctypes.get_errno()
    if child == 0:
        python.PyOS_AfterFork_Child()
        return 0
    python.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError(code, f"clone: {os.strerror(code)}")
    return child


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system; raises `OSError`."""
    source_, target_, kind_, options_ = (None if text is None else os.fsencode(text)
                                         for text in (source, target, kind, options))  # fmt: skip
    result = library().mount(source_, target_, kind_, ctypes.c_ulong(flags), options_)
    _checked(result, f"mount {kind or ''} on {target}")


def unmount(target: str, flags: int = 0) -> None:
    """Take a mounted file system away; raises `OSError`."""
    _checked(library().umount2(os.fsencode(target), ctypes.c_int(flags)), f"umount {target}")


def open_tree(path: str, *, everything: bool = True) -> int:
    """Return a descriptor of a detached copy of what is mounted at a path; raises `OSError`.

    Args:
        path: a folder or a file.
        everything: with all that is mounted below it.
    """
    flags = _OPEN_TREE_CLONE | os.O_CLOEXEC | (_AT_RECURSIVE if everything else 0)
    return call("open_tree", _AT_FDCWD, os.fsencode(path), flags)


def set_mount_attributes(tree: int, attributes: int) -> None:
    """Set attributes of a detached tree, with all that is mounted below it; raises `OSError`."""
    _mount_setattr(tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, attributes)


def make_read_only(path: str) -> None:
    """Make one mount read-only, not those below it; raises `OSError`."""
    _mount_setattr(_AT_FDCWD, os.fsencode(path), 0, MOUNT_ATTR_RDONLY)


def _mount_setattr(folder: int, path: bytes, flags: int, attributes: int) -> None:
    wanted = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    call("mount_setattr", folder, path, flags, ctypes.addressof(wanted), ctypes.sizeof(wanted))


def attach(tree: int, path: str) -> None:
    """Mount a detached tree at a path and close its descriptor; raises `OSError`."""
    call("move_mount", tree, b"", _AT_FDCWD, os.fsencode(path), _MOVE_MOUNT_F_EMPTY_PATH)
    os.close(tree)


def pivot_into(path: str) -> None:
    """Make a mounted folder the root of this mount namespace and let go of the old root; raises `OSError`."""
    os.chdir(path)
    call("pivot_root", b".", b".")
    # both roots lie on one another now, the old one on top
    unmount(".", MNT_DETACH)
    os.chdir("/")


def forget_first_environment() -> None:
    """Wipe the environment that this process's program was started with; what `os.environ` holds now stays set.

    A fork has it in its memory, and `/proc` shows it, even when a variable was deleted since.

    Raises:
        OSError: `/proc` cannot be read.
    """
    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    begin, end = int(fields[47]), int(fields[48])
    for name, value in os.environb.items():
        # puts it elsewhere
        os.putenv(name, value)
    if 0 < begin < end:
        ctypes.memset(begin, 0, end - begin)


def drop_capabilities() -> None:
    """Give up every capability for good, also that of uid 0 to get them back by starting a program."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            # past the last one, or never had
            break
    try:
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
        prctl(PR_SET_SECUREBITS, 0b101111)
    except OSError:
        # without the capability to set them there is nothing to lose either
        pass
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call("capset", ctypes.addressof(header), ctypes.addressof(nothing))


def read_setting(path: str) -> str:
    """Return what a file of `/proc` or `/sys` says; raises `OSError`."""
    with open(path) as file:
        return file.read()


def write_setting(path: str, text: str) -> None:
    """Write to a file of `/proc` or `/sys` in one go, as the kernel wants it; raises `OSError`."""
    place = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(place, text.encode())
    finally:
        os.close(place)


def host_name(name: str) -> None:
    """Name this UTS namespace; raises `OSError`."""
    _checked(library().sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")
