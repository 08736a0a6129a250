"""tests/api/ports.py — ports for servers of tests."""
import contextlib
import random
import socket


def free_port():
    """Below the ports that the kernel gives to outgoing connections, which come and go."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
