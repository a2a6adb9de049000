"""A stand-in for clamd that speaks INSTREAM: it reads what is sent and answers as it was told."""

import socket
import struct
import threading
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Listens on a socket in ``folder``, or on a port; ``says`` is its answer or its failing."""

    def __init__(self, folder: Path | None = None) -> None:
        self.says = "scan"
        self.seen: list[bytes] = []
        if folder is None:
            self.listening = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{self.listening.getsockname()[1]}"
        else:
            self.listening = socket.socket(socket.AF_UNIX)
            self.listening.bind(str(folder / "clamd.ctl"))
            self.listening.listen()
            self.address = f"unix:{folder}/clamd.ctl"
        self.gone = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.gone.set()
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self.listening.accept()
            except OSError:
                return
            with line:
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        if self.says == "closes at once":
            return
        data = self._received(line)
        self.seen.append(data)
        if self.says == "hangs":
            self.gone.wait(5)
        elif self.says == "drips":
            for _second in range(50):
                if self.gone.wait(0.1):
                    return
                try:
                    line.sendall(b"s")
                except OSError:
                    return
        elif self.says == "scan":
            found = EICAR in data
            line.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")
        else:
            line.sendall(self.says.encode())

    def _received(self, line: socket.socket) -> bytes:
        with line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            parts = []
            while size := struct.unpack("!I", stream.read(4))[0]:
                parts.append(stream.read(size))
            return b"".join(parts)
