"""The layer "landlock": files outside the given folders cannot be opened, changed or listed."""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterable

from autograder.sandbox.system_calls import call

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FIRST_RIGHTS = (1 << 13) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TO_READ = _EXECUTE | _READ_FILE | _READ_DIR
_TCP_BIND_AND_CONNECT = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_VERSION = 1
_RULE_PATH_BENEATH = 1

GUARDS_TRUNCATION = 3
"""From this version of the interface a file outside cannot be emptied either."""

GUARDS_SIGNALS = 6
"""From this version of the interface processes outside cannot be signalled."""


def landlock_version() -> int:
    """Return the version of the kernel's Landlock interface; raises `OSError` where there is none."""
    return call("landlock_create_ruleset", None, 0, _VERSION)


def restrict(read: Iterable[str], write: Iterable[str], devices: Iterable[str]) -> int:
    """Restrict this process, and all it starts, to these paths; no new privileges must be set before.

    Args:
        read: folders and files to read and execute; those that do not exist are left out.
        write: folders in which everything may be done but making devices.
        devices: files to read and write.

    Returns:
        The version of the interface that was used.

    Raises:
        OSError: the kernel has no Landlock, or it is switched off.
    """
    version = landlock_version()
    rights = _FIRST_RIGHTS
    rights |= _REFER if version >= 2 else 0
    rights |= _TRUNCATE if version >= GUARDS_TRUNCATION else 0
    rights |= _IOCTL_DEV if version >= 5 else 0
    network = _TCP_BIND_AND_CONNECT if version >= 4 else 0
    scope = _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if version >= GUARDS_SIGNALS else 0
    attributes = struct.pack("=QQQ", rights, network, scope)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path in read:
            _allow(rules, path, _TO_READ & rights)
        for path in write:
            _allow(rules, path, rights & ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEV))
        for path in devices:
            _allow(rules, path, _READ_FILE | _WRITE_FILE)
        call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return
        raise
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        call("landlock_add_rule", rules, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
