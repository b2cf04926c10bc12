"""Ports for servers in processes of their own, which bind them a moment after they were chosen."""

import random
import socket


def free_port() -> int:
    """One that nothing listens at.

    Of those below what a system gives to connections by itself, or one of these might have it meanwhile.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
