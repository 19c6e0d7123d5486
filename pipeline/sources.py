"""The folders of documents: what lies in them, what their manifests declare, and what is new since the last build."""

import csv
import datetime as dt
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.catalogue import Body, Catalogue, Population, load_bodies, load_population
from pipeline.extract import Declared
from pipeline.model import CatalogueError, UserError
from pipeline.readers.limits import Limits

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = "manifest.csv"
FIGURES = "published_figures.csv"
BODIES = "bodies.csv"
POPULATION = "population.csv"
_MANIFEST_COLUMNS = ["path", "body", "year", "url", "sha256"]
_RECEIVED = "received"
_IGNORED = frozenset({MANIFEST, BODIES, POPULATION})
_TRUTH = ".truth.json"


class Source(NamedTuple):
    """A file to read: its folder, its path there, what the manifest says of it, its size and time of change (ns).

    `name` is what a warehouse knows it by: its path from the project's root, or in full where it lies elsewhere.
    """

    folder: Path
    path: str
    name: str
    declared: Declared
    sha256: str | None
    size: int
    modified: int

    @property
    def file(self) -> Path:
        return self.folder / self.path


def sources_in(folder: Path) -> list[Source]:
    """The documents below a folder in a stable order. Hidden files, truths and the catalogue's own are left out."""
    if not folder.is_dir():
        raise UserError(f"{folder}：没有这个文件夹；请用 --sources 指明文件所在的文件夹")
    declared = _manifest(folder)
    for path in declared:
        if not (folder / path).is_file():
            raise CatalogueError(f"{folder / MANIFEST}：列有“{path}”，文件夹里没有这个文件")
    full = folder.resolve()
    prefix = (full.relative_to(ROOT) if full.is_relative_to(ROOT) else full).as_posix()
    undeclared = (Declared(), None)
    return [
        Source(folder, path, f"{prefix}/{path}", *declared.get(path, undeclared), size, modified)
        for path, size, modified in sorted(_files(str(folder)))
    ]


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of change of the documents; os.scandir, because a folder may hold a hundred thousand.

    No link is followed: who may put files here could name any file of this machine. A folder that cannot be listed is
    given as if it were a document, so that reading it says why.
    """
    waiting = [(folder, "")]
    while waiting:
        place, below = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = list(entries)
        except OSError:
            yield below.rstrip("/"), 0, 0
            continue
        for entry in found:
            if entry.name.startswith((".", "~$")) or entry.name in _IGNORED or entry.name.endswith(_TRUTH):
                continue
            # A name of other bytes than UTF-8 can be kept nowhere: under the name that is shown it is not found.
            path = os.fsencode(f"{below}{entry.name}").decode("utf-8", "replace")
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{path}/"))
            elif entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    stat = entry.stat()
                    yield path, stat.st_size, stat.st_mtime_ns


def _manifest(folder: Path) -> dict[str, tuple[Declared, str | None]]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    if list(rows.fieldnames or []) not in (_MANIFEST_COLUMNS, [*_MANIFEST_COLUMNS, _RECEIVED]):
        raise CatalogueError(f"{path} 第 1 行：列应为 {','.join(_MANIFEST_COLUMNS)}，其后可有 {_RECEIVED}")
    declared: dict[str, tuple[Declared, str | None]] = {}
    for number, row in enumerate(rows, start=2):
        if row["year"] and not row["year"].isdigit():
            raise CatalogueError(f"{path} 第 {number} 行：year 应为四位年份，现为“{row['year']}”")
        year = int(row["year"]) if row["year"] else None
        received = _day(row.get(_RECEIVED) or "", f"{path} 第 {number} 行")
        declared[row["path"]] = (
            Declared(row["body"] or None, year, row["url"] or None, received),
            row["sha256"] or None,
        )
    return declared


def _day(text: str, where: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CatalogueError(f"{where}：{_RECEIVED} 应为 2026-01-31 的样子，现为“{text}”") from error


def bodies_of(folders: list[Path], catalogue: Catalogue) -> dict[str, Body]:
    """The catalogue's bodies and those that the folders declare beside their documents."""
    bodies = dict(catalogue.bodies)
    for folder in folders:
        if (folder / BODIES).exists():
            bodies = load_bodies(folder / BODIES, bodies)
    return bodies


def population_of(
    folders: list[Path], catalogue: Catalogue, bodies: Mapping[str, Body]
) -> tuple[Population, ...]:
    """The catalogue's populations and those that the folders declare for `bodies` beside their documents."""
    population = catalogue.population
    for folder in folders:
        if (folder / POPULATION).exists():
            population = load_population(folder / POPULATION, bodies, population)
    return population


def changed_sources(sources: list[Source]) -> Iterator[str]:
    """The documents whose bytes are not those the manifest was written for."""
    for source in sources:
        if source.sha256 and digest_of(source) != source.sha256:
            yield changed(source)


def changed(source: Source) -> str:
    """One line that says that a file's bytes are not those its manifest was written for."""
    return f"{source.file}：内容与 {MANIFEST} 记录的 sha256 不符；原件不得改动，换了原件请同时更新清单"


def digest_of(source: Source) -> str:
    """The SHA-256 of a file's bytes; empty where it cannot be opened or no reader takes it, which reading it says better."""
    if source.size > Limits().max_bytes:
        return ""
    try:
        with source.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def declared_as(source: Source) -> str:
    """What the manifest says of a file, in one comparable line."""
    said = source.declared
    return "|".join(
        str(value or "") for value in (said.body, said.year, said.url, said.received, source.sha256)
    )
