"""The layer "namespaces": a job that sees a file system, processes and a network of its own."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from autograder.sandbox import system_calls as system
from autograder.sandbox.policy import Policy

NAMESPACES = (
    system.CLONE_NEWNS
    | system.CLONE_NEWPID
    | system.CLONE_NEWNET
    | system.CLONE_NEWIPC
    | system.CLONE_NEWUTS
)  # fmt: skip

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
TEMPORARY, SHARED_MEMORY = "/tmp", "/dev/shm"

_MOST_FILES = 100_000
_SMALLEST_FILE = 4096
_OWN_FILES = 16
_MOST_LINKS = 40


class ScratchError(OSError):
    """The scratch folder's files cannot be brought into the cell."""


def clone() -> int:
    """Fork into new namespaces, as `os.fork`; the child is the first process of its own, and must call `map_ids`.

    Raises:
        OSError: this machine does not allow it.
    """
    try:
        return system.clone_into(NAMESPACES | system.CLONE_NEWUSER)
    except OSError:
        if os.geteuid() != 0:
            raise
        # root needs no user namespace for the others
        return system.clone_into(NAMESPACES)


def map_ids(user: int, group: int) -> None:
    """Keep, in the new user namespace, the user and group that this process had before.

    Args:
        user: effective user id before `clone`.
        group: effective group id before `clone`.

    Raises:
        OSError: this machine does not allow it.
    """
    if system.read_setting("/proc/self/uid_map").strip():
        # there is no new user namespace: root needed none
        return
    # files under /proc belong to root while a process may not be looked into
    system.prctl(system.PR_SET_DUMPABLE, 1)
    system.write_setting("/proc/self/setgroups", "deny")
    system.write_setting("/proc/self/uid_map", f"{user} {user} 1")
    system.write_setting("/proc/self/gid_map", f"{group} {group} 1")
    system.prctl(system.PR_SET_DUMPABLE, 0)


def build_root(policy: Policy, *, copy: bool = True) -> None:
    """Replace the root of this mount namespace by one that holds only what the policy names.

    Args:
        policy: what is to be there.
        copy: with the files of the scratch folder.

    Raises:
        ScratchError: the files of the scratch folder do not fit, or cannot be read.
        OSError: this machine does not allow it.
    """
    system.mount(None, "/", None, system.MS_REC | system.MS_PRIVATE)
    scratch = os.path.realpath(policy.scratch)
    links, places = _plan((*policy.read, *DEVICES, policy.scratch))
    trees = {place: system.open_tree(place) for place in places if place != scratch}
    for place, tree in trees.items():
        # a device file works on a read-only mount too
        nodev = 0 if place in DEVICES else system.MOUNT_ATTR_NODEV
        system.set_mount_attributes(tree, system.MOUNT_ATTR_RDONLY | system.MOUNT_ATTR_NOSUID | nodev)
    source = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)

    # any folder will do to build on; this one exists and is of no further use
    root = scratch
    plain = system.MS_NOSUID | system.MS_NODEV
    system.mount("tmpfs", root, "tmpfs", plain, "size=4m,mode=755")
    written = f"{root}/.written"
    os.mkdir(written)
    system.mount("tmpfs", written, "tmpfs", plain, _size(policy.limits.scratch_bytes))
    # one file system for all three, so that they have one limit together
    for path, mode in ((TEMPORARY, 0o1777), (SHARED_MEMORY, 0o1777), (scratch, 0o755)):
        if path in trees:
            continue
        folder = f"{written}/{len(trees)}"
        os.mkdir(folder)
        os.chmod(folder, mode)
        if path == scratch and copy:
            _copy(source, folder)
        trees[path] = system.open_tree(folder, everything=False)
    os.close(source)
    system.unmount(written, system.MNT_DETACH)
    os.rmdir(written)

    # parents before what lies in them
    for place in sorted(trees):
        _make_place(root + place, folder=_is_folder(trees[place]))
        system.attach(trees[place], root + place)
    for link, target in links.items():
        _make_link(root + link, target)
    os.makedirs(f"{root}/proc", exist_ok=True)
    # A container hides parts of its own /proc: then the job goes without.
    with suppress(OSError):
        # Without the part that describes the machine; uid 0 could change that without any capability.
        system.mount("proc", f"{root}/proc", "proc", plain | system.MS_NOEXEC | system.MS_RDONLY, "subset=pid")
    system.pivot_into(root)
    system.make_read_only("/")
    system.host_name("sandbox")


def temporary_folder(policy: Policy) -> str:
    """Return where a job in namespaces keeps its temporary files."""
    _, places = _plan(policy.read)
    return os.path.realpath(policy.scratch) if TEMPORARY in places else TEMPORARY


def _size(most: int) -> str:
    # memory is used by empty files too
    files = min(_MOST_FILES, most // _SMALLEST_FILE + _OWN_FILES) if most else _MOST_FILES
    return f"nr_inodes={files},mode=755" + (f",size={most}" if most else "")


def _plan(paths: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """Return the symbolic links on the way to these paths, and the real places they lead to, none inside another."""
    links: dict[str, str] = {}
    real: set[str] = set()
    for path in paths:
        rest, here, followed = path.strip("/").split("/"), "", 0
        while rest:
            part = rest.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                here = os.path.dirname(here)
                here = "" if here == "/" else here
                continue
            there = f"{here}/{part}"
            try:
                target = os.readlink(there)
            except OSError as error:
                if error.errno == errno.EINVAL:
                    here = there
                    continue
                here = ""
                break
            links[there] = target
            followed += 1
            if followed > _MOST_LINKS:
                here = ""
                break
            rest = target.strip("/").split("/") + rest
            here = "" if target.startswith("/") else here
        if here and os.path.exists(here):
            real.add(here)
    places = [place for place in sorted(real) if not _lies_in(place, real)]
    return {link: target for link, target in links.items() if not _lies_in(link, real)}, places


def _lies_in(path: str, folders: set[str]) -> bool:
    while (path := os.path.dirname(path)) != "/":
        if path in folders:
            return True
    return False


def _is_folder(tree: int) -> bool:
    return stat.S_ISDIR(os.fstat(tree).st_mode)


def _make_place(path: str, *, folder: bool) -> None:
    if os.path.lexists(path):
        return
    if folder:
        os.makedirs(path)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o444))


def _make_link(path: str, target: str) -> None:
    if not os.path.lexists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def _copy(source: int, folder: str) -> None:
    """Copy the plain files and folders below an open folder; links and everything else are left out."""
    for entry in list(os.scandir(source)):
        target = f"{folder}/{entry.name}"
        try:
            if entry.is_dir(follow_symlinks=False):
                inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=source)
                os.mkdir(target)
                _copy(inner, target)
                os.chmod(target, 0o700 | stat.S_IMODE(os.fstat(inner).st_mode) & 0o777)
                os.close(inner)
            elif entry.is_file(follow_symlinks=False):
                _copy_file(source, entry.name, target)
        except ScratchError:
            raise
        except OSError as error:
            raise ScratchError(error.errno, f"{entry.name} cannot be copied: {os.strerror(error.errno)}") from error


def _copy_file(source: int, name: str, target: str) -> None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    original = os.open(name, flags, dir_fd=source)
    try:
        about = os.fstat(original)
        if not stat.S_ISREG(about.st_mode):
            return
        copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            while os.sendfile(copy, original, None, 1 << 24):
                pass
            os.fchmod(copy, 0o600 | stat.S_IMODE(about.st_mode) & 0o777)
            os.utime(copy, ns=(about.st_atime_ns, about.st_mtime_ns))
        finally:
            os.close(copy)
    finally:
        os.close(original)
