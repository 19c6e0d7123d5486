"""What happens, one line of JSON each, for whoever runs the server: builds, publishing, healing, requests, failures.

Off unless PIPELINE_LOG says where to. A line never holds who it was, what was typed or searched, nor the words of an error,
which may quote either: the role of a visitor, the kind of an error and where in the program it came up are enough to act.
"""

import datetime as dt
import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from pipeline import places

LOG = logging.getLogger("events")
STDERR = "stderr"
_ABOUT = "about"
_FRAMES = 8


class AsJson(logging.Formatter):
    """A record as one line of JSON: `time`, `level`, `what`, then what is told of it."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
        }
        told |= {name: value for name, value in getattr(record, _ABOUT, {}).items() if value is not None}
        if record.exc_info and record.exc_info[1] is not None:
            told |= _failure(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)


def _failure(error: BaseException) -> dict[str, Any]:
    """The kind of an error and the places it came through, the innermost last; not its words."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}


def _short(file: str) -> str:
    path = Path(file)
    return path.relative_to(places.ROOT).as_posix() if path.is_relative_to(places.ROOT) else path.name


class _Quiet(logging.Handler):
    """What a handler does where a line cannot be written: it is said once, and the work goes on."""

    said = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # a file that cannot even be opened
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is of logging
        if not _Quiet.said:
            _Quiet.said = True
            print(f"PIPELINE_LOG：运行日志写不进去（{sys.exc_info()[1]}）", file=sys.stderr)


class _ToFile(_Quiet, WatchedFileHandler):
    """Lines into a file; whoever turns logs over renames it, and a new one is begun."""


class _ToStderr(_Quiet, logging.StreamHandler):  # type: ignore[type-arg]
    """Lines to where the server's own go."""


def begin() -> None:
    """Write events to where PIPELINE_LOG says; nothing where it says nothing. Once in a process is enough."""
    target = places.log()
    if target is None or is_on():
        return
    to_file = target != STDERR
    handler = _ToFile(target, encoding="utf-8", delay=True) if to_file else _ToStderr(sys.stderr)
    handler.setFormatter(AsJson())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


def end() -> None:
    """Write no more events in this process."""
    for handler in [handler for handler in LOG.handlers if isinstance(handler, _Quiet)]:
        LOG.removeHandler(handler)
        handler.close()
    LOG.propagate = True


def is_on() -> bool:
    """Whether anybody reads events in this process."""
    return any(isinstance(handler, _Quiet) for handler in LOG.handlers)


def tell(
    what: str, *, level: int = logging.INFO, error: BaseException | None = None, **about: object
) -> None:
    """One event; `about` holds only what may be read by anybody who runs the server."""
    if is_on():
        LOG.log(level, what, exc_info=error, extra={_ABOUT: about})


@contextmanager
def told(what: str, **about: Any) -> Iterator[dict[str, Any]]:
    """An event with how long it took, told when it has ended, as a failure where it failed; more may be put into it."""
    more: dict[str, Any] = {}
    started = time.monotonic()
    try:
        yield more
    except BaseException as error:
        tell(what, level=logging.ERROR, error=error, **about, **more, ms=_ms(started), outcome="failed")
        raise
    tell(what, **about, **more, ms=_ms(started))


def _ms(started: float) -> int:
    return round(1000 * (time.monotonic() - started))
