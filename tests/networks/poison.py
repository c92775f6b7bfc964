"""A relay on loopback between a bot and its server, which slips whole lines in, as a broken server might send them."""

import contextlib
import socket
import threading

CHUNK_BYTES = 65536


class Poison:
    """One connection at a time, without TLS; what a test injects stands between two lines of the server."""

    def __init__(self, listen_port: int, target_port: int) -> None:
        self._target_port = target_port
        self._writing = threading.Lock()
        self._near: socket.socket | None = None
        self._door = socket.create_server(("127.0.0.1", listen_port))
        threading.Thread(target=self._welcome, daemon=True).start()

    def inject(self, lines: bytes) -> None:
        """Send whole lines to the one who is connected, as if the server had."""
        assert self._near is not None, "somebody has connected"
        with self._writing:
            self._near.sendall(lines)

    def close(self) -> None:
        """Let nobody in any more."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _welcome(self) -> None:
        while True:  # ends when the door is closed
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target_port))
            self._near = near
            threading.Thread(target=self._up, args=(near, far), daemon=True).start()
            threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(CHUNK_BYTES):
                far.sendall(data)
        _end(far)

    def _down(self, far: socket.socket, near: socket.socket) -> None:
        partial = b""
        with contextlib.suppress(OSError):
            while data := far.recv(CHUNK_BYTES):
                whole, line_end, partial = (partial + data).rpartition(b"\n")
                with self._writing:
                    near.sendall(whole + line_end)
        _end(near)


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
