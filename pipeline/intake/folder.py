"""A folder into a batch, once or again and again: what nobody has seen yet, read for trial, and published if asked to."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.database import open_to_read
from pipeline.intake.batch import DISCARDED, Batch, Site, batches, begin
from pipeline.intake.publishing import discard, publish
from pipeline.intake.receiving import Received, receive
from pipeline.intake.trial import Line, lines_of, trial
from pipeline.model import UserError
from pipeline.readers import load_file
from pipeline.sources import sources_in
from pipeline.warehouse import Built, Progress


@dataclass(frozen=True, slots=True)
class Taken:
    """What a folder came to: its batch (None where nothing was new), a line per document, what was left out and why."""

    batch: Batch | None
    lines: list[Line] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    aside: list[tuple[str, str]] = field(default_factory=list)
    built: Built | None = None


def take(site: Site, folder: Path, who: str, *, publishing: bool, progress: Progress | None = None) -> Taken:
    """Receive the folder's new files, read them for trial, set aside what cannot be published, publish the rest."""
    unread: list[Received] = []
    batch, said = receive(begin(site, who), _new_files(site, folder, unread), who)
    refused = [*unread, *(one for one in said if one.path is None)]
    if not batch.files:
        discard(batch, "没有新的文件", who)
        return Taken(None, refused=refused)
    trial(batch, progress)
    lines = lines_of(batch)
    aside: list[tuple[str, str]] = []
    if publishing:
        for path, why in _not_ready(batch, lines):
            batch = batch.put_aside(path, why, who)
            aside.append((path, why))
        if not batch.kept():
            return Taken(batch, lines, refused, aside)
        if aside:
            trial(batch)
        batch, built = publish(batch, who, progress=progress)
        return Taken(batch, lines, refused, aside, built)
    return Taken(batch, lines, refused, aside)


def _new_files(site: Site, folder: Path, unread: list[Received]) -> Iterator[tuple[str, bytes]]:
    """The folder's documents that are in no batch and not in the warehouse; what cannot be read goes to `unread`."""
    known = {
        file.sha256 for batch in batches(site) if batch.state != DISCARDED for file in batch.files.values()
    }
    if site.warehouse.exists():
        with open_to_read(site.warehouse) as connection:
            known |= {sha256 for (sha256,) in connection.execute("select sha256 from source_file").fetchall()}
    for source in sources_in(folder):
        try:
            data = load_file(source.file)
        except UserError as error:
            unread.append(Received(source.path, None, str(error)))
            continue
        if hashlib.sha256(data).hexdigest() not in known:
            yield source.path, data


def _not_ready(batch: Batch, lines: list[Line]) -> Iterator[tuple[str, str]]:
    """The files that cannot be published as they are, each with the reason."""
    told = {file.path: "没有读出任何内容" for file in batch.kept()}
    for line in lines:
        if line.is_ready:
            told.pop(line.path, None)
        elif line.same_as is not None:
            told[line.path] = line.same_as
        elif line.refused is not None:
            told[line.path] = line.refused
        else:
            told[line.path] = "没有认出单位" if line.body_id is None else "没有认出年度"
    yield from told.items()


def watch(
    site: Site,
    folder: Path,
    who: str,
    *,
    publishing: bool,
    seconds: float,
    told: Callable[[Taken], None],
    rounds: int | None = None,
) -> None:
    """Take what is new every so many seconds, for ever or for so many rounds; a file that still grows waits a round."""
    seen: dict[str, tuple[int, int]] = {}
    done: dict[str, tuple[int, int]] = {}
    while rounds is None or rounds > 0:
        now = {source.path: (source.size, source.modified) for source in sources_in(folder)}
        if now and now == seen and now != done:
            try:
                told(take(site, folder, who, publishing=publishing))
            finally:
                done = now
        seen = now
        if rounds is not None:
            rounds -= 1
        time.sleep(seconds)
