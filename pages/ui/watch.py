"""What the server tells of its readers, for whoever runs it: pages drawn, plain HTTP answered, refusals, failures.

Never who it was, nor what was typed, picked or searched: the page, the role, the build, how long it took.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from starlette.types import Scope

from pages.ui import access, store
from pipeline import events

LOG = logging.getLogger("dashboard")
_LEVELS = {"done": logging.INFO, "refused": logging.WARNING, "failed": logging.ERROR}


@dataclass(slots=True)
class Run:
    """A run of a page; what became of it, and the number of its failure."""

    page: str
    outcome: str = "done"
    number: str | None = None
    needs: str | None = None
    error: Exception | None = None

    def failed(self, error: Exception) -> str:
        """The page could not be shown: the number under which the reader asks and the log answers."""
        self.outcome, self.error, self.number = "failed", error, secrets.token_hex(4)
        if not events.is_on():
            LOG.error("a page could not be shown: %s, number %s", self.page, self.number, exc_info=error)
        return self.number


_running: ContextVar[Run | None] = ContextVar("running", default=None)


@contextmanager
def page(name: str) -> Iterator[Run]:
    """Tell of a run of a page once it has ended. A run that is cut short by the next one is no failure."""
    run = Run(name)
    token = _running.set(run)
    started = time.monotonic()
    # Asked at the beginning: in a run that has been stopped nothing of the session can be asked.
    seen = {"role": access.visitor().role, "build": build()} if events.is_on() else {}
    try:
        yield run
    finally:
        _running.reset(token)
        if events.is_on():
            level = _LEVELS[run.outcome]
            events.tell(
                "page", level=level, error=run.error, page=name, **seen, ms=round(1000 * (time.monotonic() - started)), outcome=run.outcome, number=run.number,
                needs=run.needs,
            )  # fmt: skip


def build() -> str | None:
    """The build that answers whoever asks, as its file is named."""
    current = store.build()
    return None if current is None else PurePath(current[0]).stem.rsplit("-", 1)[0]


def refused(needs: str) -> None:
    """The run that is on asks for a page that the visitor's role does not open."""
    if (run := _running.get()) is not None:
        run.outcome, run.needs = "refused", needs


def about(scope: Scope) -> dict[str, Any]:
    """Where a route leaves what is told of its answer."""
    told: dict[str, Any] = scope.setdefault("state", {}).setdefault("told", {})
    return told


def answered(
    path: str, status: int, ms: int, told: dict[str, Any], error: Exception | None = None
) -> str | None:
    """An answer of plain HTTP, without its query; for a failure, the number under which whoever asked can ask about it."""
    number = secrets.token_hex(4) if error else None
    level = logging.ERROR if status >= 500 else logging.WARNING if status >= 400 else logging.INFO
    events.tell("request", level=level, error=error, path=path, status=status, ms=ms, number=number, **told)
    if error and not events.is_on():
        LOG.error("%s could not be answered, number %s", path, number, exc_info=error)
    return number
