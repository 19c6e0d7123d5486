"""The original behind a report: the very bytes it was read from, or the reason why they are not there.

A warehouse names files; a name alone proves nothing. What is given back lies inside the folder of documents that it was
read from, links followed, and has the SHA-256 that the report was read under. Nothing else leaves this module.
"""

import hashlib
from pathlib import Path

from pipeline import places
from pipeline.model import UserError
from pipeline.readers import DEFAULT_LIMITS, load_file
from pipeline.readers.archive import member
from pipeline.readers.limits import Limits
from pipeline.sources import ROOT


class Lost(Exception):
    """An original that cannot be shown. `code`: unknown, outside, gone, unreadable or changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def original(
    file: str | None,
    path: str | None,
    sha256: str | None,
    *,
    root: Path = ROOT,
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """The bytes of the document that a report names; Lost where they are not those that were read.

    `file` is the file as the warehouse knows it, `path` the document below its folder: the same file, or a member of it.
    """
    folder, below, inside = _taken_apart(file or "", path or "")
    try:
        data = _read(root / folder, below, limits)
    except Lost as lost:
        data = _kept_in_batch(below, lost, limits)
    if inside:
        try:
            found = member(data, inside, limits)
        except UserError as error:
            raise Lost("changed") from error
        if found is None:
            raise Lost("changed")
        data = found
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Lost("changed")
    return data


def _kept_in_batch(below: str, lost: Lost, limits: Limits) -> bytes:
    """A document that is gone, from the batch it came in with: while one is taken out again, readers still see it."""
    batch, _, name = below.partition("/")
    if lost.code != "gone" or not name:
        raise lost
    return _read(places.intake() / batch / "files", name, limits)


def _taken_apart(file: str, path: str) -> tuple[str, str, str]:
    """The folder of documents, the file below it, and the member of that file where it is an archive."""
    cuts = [at for at, character in enumerate(path) if character == "/"]
    for end in [len(path), *reversed(cuts)]:
        below = path[:end]
        if below and file.endswith(f"/{below}"):
            if any(part in ("", ".", "..") for part in below.split("/")) or ".." in file.split("/"):
                raise Lost("outside")
            return file[: -len(below) - 1] or "/", below, path[end + 1 :]
    raise Lost("unknown")


def _read(folder: Path, below: str, limits: Limits) -> bytes:
    try:
        inside = folder.resolve(strict=True)
        named = (inside / below).resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Lost("gone") from error
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name no system has
        raise Lost("unreadable") from error
    if not named.is_relative_to(inside):
        raise Lost("outside")
    if not named.is_file():
        raise Lost("gone")
    try:
        return load_file(named, limits)
    except UserError as error:
        raise Lost("unreadable") from error
