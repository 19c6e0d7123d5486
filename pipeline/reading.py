"""Files to extractions, in parallel: what cannot be read is said, never raised."""

import datetime as dt
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalogue import Body, Catalogue, default_catalogue
from pipeline.corrections import Correction, Key
from pipeline.extract import Extraction, extract_document
from pipeline.model import Document, UserError
from pipeline.readers import documents_in
from pipeline.sources import Source

_FEWEST_EACH = 8
_CHUNK = 8
_WINDOW = 200
_WATCH_SECONDS = 1.0

Corrections = Mapping[Key, Sequence[Correction]]


@dataclass(slots=True)
class Read:
    """One document after reading: the extraction, or the one line that says why there is none.

    Where corrections speak of it, `days` are the days they were made on and `earlier` its reading before each of them.
    """

    source: Source
    path: str
    extraction: Extraction | None
    refusal: str | None
    earlier: Sequence[Extraction] = ()
    days: Sequence[dt.date] = ()


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads: as many processes of this machine (by default as it has processors), or a Dask scheduler's workers.

    `shared` is a folder that the workers see too.
    """

    workers: int | None
    scheduler: str | None
    shared: Path


def read_all(
    sources: Sequence[Source], catalogue: Catalogue, corrections: Corrections, readers: Readers
) -> Iterator[list[Read]]:
    """The documents of each source, in order."""
    if readers.scheduler and sources:
        from pipeline import fanout  # half a second, and a package that one machine alone does without

        return fanout.read_all(sources, catalogue, corrections, readers.scheduler, readers.shared)
    return _read_here(sources, catalogue, corrections, readers.workers)


def _read_here(
    sources: Sequence[Source], catalogue: Catalogue, corrections: Corrections, workers: int | None
) -> Iterator[list[Read]]:
    count = min(workers or os.cpu_count() or 1, max(1, len(sources) // _FEWEST_EACH))
    if count <= 1:
        yield from (read(source, catalogue, corrections) for source in sources)
        return
    setup = (dict(catalogue.bodies), corrections, os.getpid())
    with ProcessPoolExecutor(count, initializer=_start_worker, initargs=setup) as pool:
        # A window at a time: a pool asked for everything at once holds every answer that nobody has taken yet.
        for at in range(0, len(sources), _WINDOW):
            yield from pool.map(_read_in_worker, sources[at : at + _WINDOW], chunksize=_CHUNK)


def read(source: Source, catalogue: Catalogue, corrections: Corrections) -> list[Read]:
    """The documents of one source; one that cannot be read with the reason."""
    reads: list[Read] = []
    try:
        for path, document in documents_in(source.file, source.path):
            reads.append(_extracted(source, path, document, catalogue, corrections))
    except UserError as error:
        reads.append(Read(source, source.path, None, str(error)))
    return reads


def _extracted(
    source: Source, path: str, document: Document, catalogue: Catalogue, corrections: Corrections
) -> Read:
    extraction = extract_document(document, catalogue, source.declared, corrections)
    report = extraction.report
    key = (report.body_id or "", report.year or 0)
    wanted = corrections.get(key, ())
    days = sorted({correction.made_on for correction in wanted})
    earlier = [
        extract_document(document, catalogue, source.declared, {key: [c for c in wanted if c.made_on < day]})
        for day in days
    ]
    return Read(source, path, extraction, None, earlier, days)


_catalogue: Catalogue | None = None
_corrections: Corrections = {}


def _start_worker(bodies: dict[str, Body], corrections: Corrections, parent: int) -> None:
    global _catalogue, _corrections
    _catalogue, _corrections = replace(default_catalogue(), bodies=bodies), corrections
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """A killed build leaves no worker behind: a worker would wait for ever on a queue that nobody fills."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _read_in_worker(source: Source) -> list[Read]:
    assert _catalogue is not None  # noqa: S101  set by the initializer
    return read(source, _catalogue, _corrections)
