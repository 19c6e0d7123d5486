"""Who did what, when: a file to which lines are only ever added, each with a hash over all before it."""

import csv
import datetime as dt
import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock

FILE = "log.csv"
COLUMNS = ("at", "who", "what", "batch", "about", "chain")


def add(folder: Path, who: str, what: str, batch: str, about: str = "") -> None:
    """Add a line; it is on the disk when this returns. `what` is a code, `about` what it was done to."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".log.lock"):
        path = folder / FILE
        _mend(path)
        last = ""
        for line in lines(folder):
            last = line["chain"] or ""
        moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        said = [moment, *(" ".join(text.split()) for text in (who, what, batch, about))]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not path.exists() or not path.stat().st_size:
            writer.writerow(COLUMNS)
        writer.writerow([*said, _chain(last, said)])
        _append(path, text.getvalue().encode())


def _append(path: Path, line: bytes) -> None:
    """Add to the file, or leave it as it was: on a full disk half a line would be in the way of the next."""
    with path.open("ab", buffering=0) as file:
        whole = file.tell()
        try:
            while line:
                line = line[file.write(line) :]
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, whole)
            raise


def _mend(path: Path) -> None:
    """Take off half a line at the end: whoever wrote it was cut off, and its deed was never answered as done."""
    if not path.exists():
        return
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)


def lines(folder: Path) -> Iterator[Mapping[str, str]]:
    """The lines in their order; none where nothing has been done yet."""
    path = folder / FILE
    if path.exists():
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            yield from csv.DictReader(file)


def broken(folder: Path) -> int | None:
    """The number of the first line that was changed, or before which one was taken out; None where all is whole."""
    last = ""
    for number, line in enumerate(lines(folder), start=2):
        if line["chain"] != _chain(last, [line[name] or "" for name in COLUMNS[:-1]]):
            return number
        last = line["chain"]
    return None


def _chain(last: str, said: list[str]) -> str:
    return hashlib.sha256("\0".join([last, *said]).encode()).hexdigest()[:24]
