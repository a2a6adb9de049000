"""Whether a server may listen on a port. Standard library only: run.py asks before it installs."""

import errno
import socket


def trouble(host: str, port: int) -> str:
    """Return the sentence that says why ``port`` cannot be used; empty when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # A server that has just stopped leaves its port waiting; that is no trouble.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OverflowError:
        return f"{port} is not a port; choose one from 1 to 65535."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {port} is taken by another program. Stop that program, "
                f"or choose another port, for example: --port {port + 1}"
            )
        if error.errno == errno.EACCES:
            return (
                f"Port {port} is reserved for the administrator of this machine. "
                "Choose one above 1023, for example: --port 8000"
            )
        return f"Andon cannot listen on {host}, port {port}: {error.strerror or error}."
    return ""
