"""The filter of system calls and the search for control groups, also for machines other than this one."""

from __future__ import annotations

import errno
import struct

import pytest

from autograder.sandbox import cgroup, seccomp

JOB = 4321
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
EVERYTHING = seccomp.Surroundings(namespaces=True, foreign_signals_refused=True, foreign_truncation_refused=True)
OLD_KERNEL = seccomp.Surroundings(namespaces=False, foreign_signals_refused=False, foreign_truncation_refused=False)
NEW_KERNEL = seccomp.Surroundings(namespaces=False, foreign_signals_refused=True, foreign_truncation_refused=True)
TABLES = (
    seccomp._ALWAYS_REFUSED,
    seccomp._PRETENDED,
    seccomp._REFUSED_ON_SHARED_FILES,
    seccomp._REFUSED_ON_FILES_THAT_CAN_BE_EMPTIED,
    seccomp._TO_BE_LOOKED_AT,
)


def verdict(program: bytes, number: int, architecture: int, arguments: tuple[int, ...] = ()) -> str:
    """Run a filter as the kernel does, and return "allowed", "killed" or the name of the error ("0" pretends)."""
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *[value & 0xFFFFFFFFFFFFFFFF for value in given])
    steps = list(struct.iter_unpack("=HBBI", program))
    place = register = 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            (register,) = struct.unpack_from("=I", data, value)
        elif code == 0x54:
            register &= value
        elif code in (0x15, 0x35, 0x45):
            holds = {0x15: register == value, 0x35: register >= value, 0x45: bool(register & value)}[code]
            place += yes if holds else no
        else:
            assert code == 0x06
            if value == 0x7FFF0000:
                return "allowed"
            if value == 0x80000000:
                return "killed"
            return errno.errorcode.get(value & 0xFFFF, "0")


def number_of(name: str, machine: str) -> int:
    place = MACHINES[machine][0]
    return next(table[name][place] for table in TABLES if name in table)


def ask(around: seccomp.Surroundings, machine: str, name: str, *arguments: int) -> str:
    program = seccomp.program(around, JOB, machine)
    return verdict(program, number_of(name, machine), MACHINES[machine][1], arguments)


UNIX, INET, NETLINK, STREAM, DATAGRAM, CLOSE_ON_EXEC = 1, 2, 16, 1, 2, 0o2000000
CREATE, TRUNCATE = 0o100, 0o1000


def test_the_list_of_what_is_refused_everywhere_is_complete():
    wanted = """
        acct add_key bpf chroot clock_settime delete_module fanotify_init finit_module fsmount fsopen init_module
        io_uring_enter io_uring_register io_uring_setup kcmp kexec_file_load kexec_load keyctl memfd_create mount
        mount_setattr move_mount move_pages mq_open msgget name_to_handle_at open_by_handle_at open_tree
        perf_event_open pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev ptrace quotactl
        reboot request_key semget setns settimeofday shmget swapoff swapon syslog umount2 unshare userfaultfd
    """
    assert set(wanted.split()) <= set(seccomp._ALWAYS_REFUSED)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("around", [EVERYTHING, NEW_KERNEL, OLD_KERNEL], ids=["all", "new kernel", "old kernel"])
def test_what_no_exercise_needs_is_refused_everywhere(around, machine):
    for name, numbers in seccomp._ALWAYS_REFUSED.items():
        if numbers[MACHINES[machine][0]] >= 0:
            assert ask(around, machine, name) == "EPERM", name
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert ask(around, machine, "clone", flag | 17) == "EPERM"
    assert ask(around, machine, "clone3") == "ENOSYS"
    assert ask(around, machine, "socket", INET, STREAM) == "EACCES"
    assert ask(around, machine, "socket", NETLINK, 3) == "EACCES"
    assert ask(around, machine, "socketpair", INET, STREAM) == "EACCES"
    assert ask(around, machine, "ioctl", 0, 0x5412) == "EPERM"


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("around", [EVERYTHING, NEW_KERNEL, OLD_KERNEL], ids=["all", "new kernel", "old kernel"])
def test_what_every_program_needs_is_allowed(around, machine):
    # a thread, a fork
    assert ask(around, machine, "clone", 0x3D0F00) == "allowed"
    assert ask(around, machine, "clone", 0x1200011) == "allowed"
    assert ask(around, machine, "openat", -100, 0, CREATE | TRUNCATE | 1, 0o644) == "allowed"
    assert ask(around, machine, "openat", -100, 0, 0, 0o6000) == "allowed"
    assert ask(around, machine, "socketpair", UNIX, STREAM | CLOSE_ON_EXEC) == "allowed"
    assert ask(around, machine, "kill", JOB, 2) == "allowed"
    assert ask(around, machine, "kill", 0, 2) == "allowed"
    assert ask(around, machine, "kill", -JOB, 2) == "allowed"
    assert ask(around, machine, "tgkill", JOB, JOB + 1, 6) == "allowed"
    assert ask(around, machine, "prlimit64", 0, 7) == "allowed"
    assert ask(around, machine, "ioctl", 1, 0x5401) == "allowed"
    assert ask(around, machine, "fcntl", 5, 1030) == "allowed"
    for number in range(500):
        known = any(number == numbers[MACHINES[machine][0]] for table in TABLES for numbers in table.values())
        if not known:
            program = seccomp.program(around, JOB, machine)
            assert verdict(program, number, MACHINES[machine][1]) == "allowed", number


@pytest.mark.parametrize("machine", MACHINES)
def test_in_namespaces_a_job_is_free_among_its_own(machine):
    assert ask(EVERYTHING, machine, "socket", UNIX, STREAM) == "allowed"
    assert ask(EVERYTHING, machine, "socketpair", UNIX, DATAGRAM) == "allowed"
    assert ask(EVERYTHING, machine, "connect") == "allowed"
    assert ask(EVERYTHING, machine, "kill", 77, 9) == "allowed"
    assert ask(EVERYTHING, machine, "fchmodat", 0, 0, 0o755) == "allowed"
    assert ask(EVERYTHING, machine, "truncate") == "allowed"


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("around", [NEW_KERNEL, OLD_KERNEL], ids=["new kernel", "old kernel"])
def test_without_namespaces_shared_files_and_sockets_are_out_of_reach(around, machine):
    assert ask(around, machine, "socket", UNIX, STREAM) == "EACCES"
    assert ask(around, machine, "connect") == "EACCES"
    assert ask(around, machine, "socketpair", UNIX, DATAGRAM | CLOSE_ON_EXEC) == "EACCES"
    assert ask(around, machine, "openat", -100, 0, TRUNCATE) == "EACCES"
    assert ask(around, machine, "openat", -100, 0, CREATE | 1, 0o4755) == "EPERM"
    assert ask(around, machine, "openat", -100, 0, 0o20200001, 0o2755) == "EPERM"
    assert ask(around, machine, "openat2") == "ENOSYS"
    assert ask(around, machine, "mknodat", -100, 0, 0o104755) == "EPERM"
    assert ask(around, machine, "fchmodat", -100, 0, 0o777) == "0"
    assert ask(around, machine, "fchownat", -100, 0, 0) == "EACCES"
    assert ask(around, machine, "setxattr") == "EACCES"
    assert ask(around, machine, "prlimit64", 99, 7) == "EPERM"
    assert ask(around, machine, "sched_setaffinity", 99) == "EPERM"
    assert ask(around, machine, "setpriority", 0, 99) == "EPERM"
    assert ask(around, machine, "setpriority", 2, 0) == "EPERM"
    assert ask(around, machine, "ioprio_set", 3, 0) == "EPERM"
    assert ask(around, machine, "setpriority", 0, 0) == "allowed"
    assert ask(around, machine, "prctl", 4, 0) == "EPERM"
    assert ask(around, machine, "prctl", 15) == "allowed"


@pytest.mark.parametrize("machine", MACHINES)
def test_where_nothing_else_keeps_signals_inside_the_filter_does(machine):
    for name, arguments in {
        "kill": (99, 9),
        "tkill": (99, 9),
        "tgkill": (99, 99, 9),
        "rt_sigqueueinfo": (99, 9),
        "rt_tgsigqueueinfo": (99, 99, 9),
        "pidfd_send_signal": (5, 9),
        "fcntl": (5, 8, 99),
        "ioctl": (5, 0x8901),
    }.items():
        assert ask(OLD_KERNEL, machine, name, *arguments) == "EPERM", name
        assert ask(NEW_KERNEL, machine, name, *arguments) == "allowed", name
    for target in (-1, -99, 1):
        assert ask(OLD_KERNEL, machine, "kill", target, 9) == "EPERM"
    for command in (10, 15):
        assert ask(OLD_KERNEL, machine, "fcntl", 5, command) == "EPERM"


@pytest.mark.parametrize("machine", MACHINES)
def test_where_nothing_else_keeps_files_from_being_emptied_the_filter_does(machine):
    assert ask(OLD_KERNEL, machine, "truncate") == "EACCES"
    assert ask(NEW_KERNEL, machine, "truncate") == "allowed"


def test_calls_in_the_form_of_another_processor_do_not_pass():
    program = seccomp.program(EVERYTHING, JOB, "x86_64")
    assert verdict(program, 0, 0x40000003) == "killed"
    assert verdict(program, 0x40000000 + 41, MACHINES["x86_64"][1]) == "ENOSYS"
    assert verdict(seccomp.program(EVERYTHING, JOB, "aarch64"), 0, MACHINES["x86_64"][1]) == "killed"


def test_an_unknown_processor_has_no_filter():
    with pytest.raises(OSError, match="no filter for riscv64"):
        seccomp.program(EVERYTHING, JOB, "riscv64")


DESKTOP = (
    "0::/user.slice/user-1000.slice/user@1000.service/app.slice/terminal.scope\n",
    "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
)
CONTAINER = ("0::/\n", "1210 1209 0:30 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n")
OLD_CONTAINER = (
    "5:pids:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/docker/abc\n",
    "40 39 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
    "41 39 0:32 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n",
)
MIXED = (
    "8:pids:/\n4:memory:/jobs/one\n0::/\n",
    "33 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "34 31 0:30 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
    "35 31 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
)
APP = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice"


@pytest.mark.parametrize(
    ("own", "mounts", "found", "candidates"),
    [
        (*DESKTOP, {}, [f"{APP}/terminal.scope", APP]),
        (*CONTAINER, {}, ["/sys/fs/cgroup"]),
        (*OLD_CONTAINER, {"memory": "/sys/fs/cgroup/memory", "pids": "/sys/fs/cgroup/pids"}, []),
        (
            *MIXED,
            {"memory": "/sys/fs/cgroup/memory/jobs/one", "pids": "/sys/fs/cgroup/pids"},
            ["/sys/fs/cgroup/unified"],
        ),
        ("", "", {}, []),
    ],
    ids=["desktop", "container", "old container", "mixed", "none"],
)
def test_groups_are_made_inside_the_own_group_or_beside_it(own, mounts, found, candidates):
    assert cgroup.find_parents(own, mounts) == (found, candidates)
