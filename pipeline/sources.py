"""The folders of documents: what lies in them and what their manifests declare."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalogue import Body, Catalogue, load_bodies
from pipeline.extract import Declared
from pipeline.model import CatalogueError, UserError

MANIFEST = "manifest.csv"
FIGURES = "published_figures.csv"
BODIES = "bodies.csv"
_MANIFEST_COLUMNS = ["path", "body", "year", "url", "sha256"]
_IGNORED = frozenset({MANIFEST, FIGURES, BODIES})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: the folder it was found under, its path there, and what the manifest says of it."""

    folder: Path
    path: str
    declared: Declared
    sha256: str | None

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
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not _is_ignored(path.relative_to(folder))
    )
    found: list[Source] = []
    for file in files:
        path = file.relative_to(folder).as_posix()
        known, sha256 = declared.get(path, (Declared(), None))
        found.append(Source(folder, path, known, sha256))
    return found


def _is_ignored(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return hidden or path.name in _IGNORED or path.name.endswith(".truth.json")


def _manifest(folder: Path) -> dict[str, tuple[Declared, str | None]]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    if rows.fieldnames != _MANIFEST_COLUMNS:
        raise CatalogueError(f"{path} 第 1 行：列应为 {','.join(_MANIFEST_COLUMNS)}")
    declared: dict[str, tuple[Declared, str | None]] = {}
    for number, row in enumerate(rows, start=2):
        if row["year"] and not row["year"].isdigit():
            raise CatalogueError(f"{path} 第 {number} 行：year 应为四位年份，现为“{row['year']}”")
        year = int(row["year"]) if row["year"] else None
        declared[row["path"]] = (
            Declared(row["body"] or None, year, row["url"] or None),
            row["sha256"] or None,
        )
    return declared


def bodies_of(folders: list[Path], catalogue: Catalogue) -> dict[str, Body]:
    """The catalogue's bodies and those that the folders declare beside their documents."""
    bodies = dict(catalogue.bodies)
    for folder in folders:
        if (folder / BODIES).exists():
            bodies = load_bodies(folder / BODIES, bodies)
    return bodies


def changed_sources(sources: list[Source]) -> Iterator[str]:
    """The documents whose bytes are not those the manifest was written for."""
    for source in sources:
        if source.sha256 and hashlib.sha256(source.file.read_bytes()).hexdigest() != source.sha256:
            yield f"{source.file}：内容与 {MANIFEST} 记录的 sha256 不符；原件不得改动，换了原件请同时更新清单"
