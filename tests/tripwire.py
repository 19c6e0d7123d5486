"""Wires that a server under attack must not touch: every connection that its processes make is written down."""

import os
from collections.abc import Mapping
from pathlib import Path

# Python runs this before anything else in each of the server's processes.
HOOK = """
import os, sys
def _watch(event, given):
    if event in ("socket.connect", "socket.sendto"):
        told = given[1]
        where = told[0] if isinstance(told, tuple) else str(told)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        where = given[0]
    else:
        return
    with open({record!r}, "a", encoding="utf-8") as file:
        file.write(f"{{event}} {{where}}\\n")
sys.addaudithook(_watch)
_watch("socket.getaddrinfo", ("strung",))
"""
LOOPBACK = {"strung", "127.0.0.1", "::ffff:127.0.0.1", "::1", "localhost", "None", "::", "0.0.0.0"}  # noqa: S104


class Wire:
    """The record of connections, and the environment that makes a server write it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.record = folder / "connections.txt"
        (folder / "sitecustomize.py").write_text(HOOK.format(record=str(self.record)), "utf-8")
        self.environ: Mapping[str, str] = {
            "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
        }

    def outside(self) -> list[str]:
        """The connections and questions for addresses that led off this machine."""
        if not self.record.exists():
            return []
        lines = set(self.record.read_text("utf-8").splitlines())
        return sorted(line for line in lines if line.partition(" ")[2] not in LOOPBACK)
