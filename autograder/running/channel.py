"""Messages between the processes of a grading run: a small JSON head and, where needed, bytes, over a socket."""

from __future__ import annotations

import functools
import json
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

_SIZES = struct.Struct("<II")
MOST_HEAD = 16 << 20
"""Most bytes of a message's JSON head."""
MOST_BODY = 192 << 20
"""Most bytes that may follow a head: what a test may hand to a trainee's function, or get back from it."""
_MOST_UNSEEN = 8 << 20
"""Most bytes for which there is room before any of them has come: anybody can say that more will."""


class ChannelClosed(Exception):
    """The other side has ended."""


class ChannelTimeout(Exception):
    """The other side did not answer in time."""


class BadMessage(Exception):
    """The other side sent something that is no message; a hand-in's process may send anything."""


class _Coming:
    """A message whose head has come. Its body is read to where it stays: each copy of megabytes costs as much again."""

    def __init__(self, text: bytes, size: int, begun: bytes | bytearray):
        self.text, self.size, self.here = text, size, len(begun)
        self.body = bytearray(min(size, _MOST_UNSEEN))
        self.body[: len(begun)] = begun

    def room(self) -> memoryview:
        """Return where the next bytes belong."""
        if self.here == len(self.body):
            self.body += bytes(min(self.size, 2 * self.here) - self.here)
        return memoryview(self.body)[self.here :]


class Channel:
    """One end of a conversation. Nothing that arrives is ever run, unpickled or trusted here: it is JSON and bytes.

    Args:
        sock: a connected stream socket; the channel owns it.
    """

    def __init__(self, sock: socket.socket):
        self._sock = sock
        self._held = bytearray()
        self._coming: _Coming | None = None

    def fileno(self) -> int:
        """Return the descriptor, for waiting on several channels."""
        return self._sock.fileno()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def send(self, head: dict[str, Any], body: bytes = b"", deadline: float | None = None) -> None:
        """Send one message.

        Args:
            deadline: a moment of `time.monotonic()`; None waits for ever.

        Raises:
            ChannelClosed: nobody listens.
            ChannelTimeout: the other side does not take it.
            ValueError: it is too large to be received, or cannot be said in JSON.
        """
        text = json.dumps(head).encode("ascii")
        if len(text) > MOST_HEAD or len(body) > MOST_BODY:
            raise ValueError(f"a message of {len(text) + len(body):,} bytes is too large")
        # With a deadline nothing may block: the other side may stop reading half-way.
        flags = socket.MSG_NOSIGNAL | (socket.MSG_DONTWAIT if deadline is not None else 0)
        for part in (_SIZES.pack(len(text), len(body)) + text, body):
            view = memoryview(part)
            while view:
                self._wait(select.POLLOUT, deadline)
                try:
                    view = view[self._sock.send(view, flags) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise ChannelClosed from None

    def receive(self, deadline: float | None = None) -> tuple[dict[str, Any], bytearray]:
        """Return the next message; after a timeout the next call goes on where this one stopped.

        Raises:
            ChannelClosed: the other side has ended.
            ChannelTimeout: the deadline passed first.
            BadMessage: what came is no message, or too large.
        """
        if self._coming is None:
            self._hold(_SIZES.size, deadline)
            head_size, body_size = _SIZES.unpack_from(self._held)
            if head_size > MOST_HEAD or body_size > MOST_BODY:
                raise BadMessage(f"a message of {head_size + body_size:,} bytes is too large")
            self._hold(_SIZES.size + head_size, deadline)
            text = bytes(self._held[_SIZES.size : _SIZES.size + head_size])
            rest = self._held[_SIZES.size + head_size :]
            self._coming, self._held = _Coming(text, body_size, rest[:body_size]), rest[body_size:]
        coming = self._coming
        while coming.here < coming.size:
            coming.here += self._read(lambda: self._sock.recv_into(coming.room()), deadline)
        self._coming, text, body = None, coming.text, coming.body
        try:
            head = json.loads(text)
        except (ValueError, RecursionError):
            raise BadMessage("what came is not JSON") from None
        if not isinstance(head, dict):
            raise BadMessage("a message has no head")
        return head, body

    def _hold(self, size: int, deadline: float | None) -> None:
        while len(self._held) < size:
            wanted = min(max(size - len(self._held), 65536), 1 << 20)
            self._held += self._read(functools.partial(self._sock.recv, wanted), deadline)

    def _read(self, read: Callable[[], Any], deadline: float | None) -> Any:
        """Return what a call of the socket reads, which is never nothing."""
        while True:
            self._wait(select.POLLIN, deadline)
            try:
                more = read()
            except BlockingIOError:
                continue
            except OSError:
                raise ChannelClosed from None
            if not more:
                raise ChannelClosed
            return more

    def _wait(self, event: int, deadline: float | None) -> None:
        if deadline is None:
            return
        poll = select.poll()
        poll.register(self._sock, event)
        left = deadline - time.monotonic()
        # one that never stops talking is late as well
        if left < 0 or not poll.poll(left * 1000):
            raise ChannelTimeout


def pair() -> tuple[Channel, socket.socket]:
    """Return our end of a new conversation, and the socket for the other process."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    return Channel(mine), theirs
