"""A loopback relay between two servers whose link tests can cut, hold or mend; it leaves what is said over it alone."""

import contextlib
import socket
import struct
import threading

CHUNK_BYTES = 65536
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends a reset, so that both servers notice at once


class Link:
    """A relay from one port to another; while held it swallows nothing and passes nothing on."""

    def __init__(self, listen_port: int, target_port: int) -> None:
        self._target_port = target_port
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._cut = False
        self._flowing = threading.Event()
        self._flowing.set()
        self._door = socket.create_server(("127.0.0.1", listen_port))
        threading.Thread(target=self._welcome, daemon=True).start()

    def cut(self) -> None:
        """Break the link, and refuse new ones until it is mended."""
        with self._lock:
            self._cut = True
            ends, self._ends = self._ends, []
        for end in ends:
            _reset(end)
        self._flowing.set()

    def hold(self) -> None:
        """Stop passing bytes on, with every connection left open: the black hole."""
        self._flowing.clear()

    def mend(self) -> None:
        """Pass on what was held, and let new links through."""
        self._cut = False
        self._flowing.set()

    def close(self) -> None:
        """Break the link for good."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _welcome(self) -> None:
        while True:  # ends when the door is closed
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._target_port), timeout=5)
        except OSError:
            _reset(near)
            return
        far.settimeout(None)
        with self._lock:
            refused = self._cut
            if not refused:
                self._ends += [near, far]
        if refused:
            _reset(near)
            _reset(far)
            return
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                self._flowing.wait()
                target.sendall(data)
        _reset(source)
        _reset(target)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        end.shutdown(socket.SHUT_RDWR)
    end.close()
