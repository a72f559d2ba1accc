"""Messages arrive whole, however they come in, and whatever the other side sends instead."""

from __future__ import annotations

import os
import struct
import threading
import time
import tracemalloc
from contextlib import suppress

import pytest

from autograder.running.channel import BadMessage, Channel, ChannelClosed, ChannelTimeout, pair


def received(channel: Channel) -> tuple[dict, bytes, int]:
    """Return the next message and after how many timeouts it was there."""
    for timeouts in range(10_000):
        with suppress(ChannelTimeout):
            return *channel.receive(time.monotonic() + 0.001), timeouts
    raise AssertionError("nothing came")


@pytest.mark.parametrize("size", [0, 1, 70_000, 40 << 20])
def test_a_message_is_read_on_after_a_timeout_and_the_next_one_is_not_touched(size):
    ours, theirs = pair()
    body = os.urandom(size)

    def send() -> None:
        with theirs:
            write = theirs.sendall
            head = b'{"n": 1}'
            whole = struct.pack("<II", len(head), size) + head + body
            write(whole[:5])
            time.sleep(0.02)
            write(whole[5 : len(whole) // 2 + 3])
            time.sleep(0.02)
            write(whole[len(whole) // 2 + 3 :] + struct.pack("<II", 2, 1) + b"{}!")

    sending = threading.Thread(target=send)
    sending.start()
    head, got, timeouts = received(ours)
    assert (head, got == body) == ({"n": 1}, True)
    assert timeouts > 0
    assert received(ours)[:2] == ({}, b"!")
    sending.join()
    with pytest.raises(ChannelClosed):
        ours.receive()


@pytest.mark.parametrize(
    "sent", [struct.pack("<II", 1 << 30, 0), struct.pack("<II", 2, 1 << 30), struct.pack("<II", 2, 0) + b"[]",
             struct.pack("<II", 3, 0) + b"{x}"],
)  # fmt: skip
def test_what_is_no_message_is_refused(sent):
    ours, theirs = pair()
    theirs.sendall(sent)
    with pytest.raises(BadMessage):
        ours.receive(time.monotonic() + 5)


def test_what_is_announced_and_does_not_come_takes_little_room():
    ours, theirs = pair()
    theirs.sendall(struct.pack("<II", 2, 190 << 20) + b"{}" + b"x")
    tracemalloc.start()
    with pytest.raises(ChannelTimeout):
        ours.receive(time.monotonic() + 0.1)
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


def test_a_message_that_breaks_off_is_an_end():
    ours, theirs = pair()
    theirs.sendall(struct.pack("<II", 2, 50) + b"{}" + b"x" * 49)
    theirs.close()
    with pytest.raises(ChannelClosed):
        ours.receive()


def test_one_that_never_stops_talking_is_late_all_the_same():
    channel, other = pair()
    other.send(b"x" * 50_000)
    with pytest.raises(ChannelTimeout):
        channel.receive(deadline=time.monotonic() - 1)
