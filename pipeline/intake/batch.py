"""A batch on the disk: its files and what is declared of them, what was set aside, notes, corrections, its state."""

import csv
import datetime as dt
import io
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline.catalogue import FOLDER
from pipeline.intake import log
from pipeline.model import UserError
from pipeline.sources import MANIFEST
from pipeline.warehouse import DEFAULT_SOURCES, DEFAULT_WAREHOUSE

OPEN, PUBLISHING, PUBLISHED, DISCARDED = "open", "publishing", "published", "discarded"
_STATE = "batch.json"
_DECLARED = ("path", "body", "year", "url", "sha256", "received")


@dataclass(frozen=True, slots=True)
class Site:
    """Where things lie: the batches, the folder that is published to, all folders that are read, corrections, warehouse."""

    folder: Path
    sources: Path = DEFAULT_SOURCES
    others: Sequence[Path] = ()
    corrections: Path = FOLDER
    warehouse: Path = DEFAULT_WAREHOUSE

    @property
    def folders(self) -> list[Path]:
        """Every folder that a build reads."""
        return [self.sources, *self.others]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One change at a time, whoever makes it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".lock"):
            yield


@dataclass(frozen=True, slots=True)
class File:
    """A file of a batch: its name, its SHA-256, what somebody declared of it, whether it is set aside, notes on it."""

    path: str
    sha256: str
    body: str | None = None
    year: int | None = None
    aside: bool = False
    reason: str = ""
    notes: tuple[str, ...] = ()
    received: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in together. `published` says what publishing it changed, so that it can be undone."""

    site: Site
    batch_id: str
    author: str
    made_at: str
    state: str = OPEN
    files: Mapping[str, File] = field(default_factory=dict)
    published: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.site.folder / self.batch_id

    @property
    def documents(self) -> Path:
        """The folder of the files that are read."""
        return self.folder / "files"

    @property
    def set_aside(self) -> Path:
        """The folder of the files that are not."""
        return self.folder / "aside"

    @property
    def warehouse(self) -> Path:
        """The warehouse made for trial."""
        return self.folder / "trial" / "warehouse.duckdb"

    @property
    def is_on_trial(self) -> bool:
        """Whether there is a trial that shows more than what is published."""
        return self.state in (OPEN, PUBLISHING) and self.warehouse.exists()

    def kept(self) -> list[File]:
        """The files that are read, in the order of their names."""
        return sorted((file for file in self.files.values() if not file.aside), key=lambda file: file.path)

    def changed(self, what: str, who: str, about: str = "", **values: Any) -> "Batch":
        """The batch with other values, on the disk and in the log. Only an open batch changes what is in it."""
        if self.state != OPEN and "state" not in values:
            raise UserError(f"{self.batch_id}：这一批已{_STATES[self.state]}，不能再改；请先撤销发布")
        new = replace(self, **values)
        try:
            with new.written():
                log.add(self.site.folder, who, what, self.batch_id, about)
        except OSError as error:
            raise UserError(
                f"{self.batch_id}：写不进去（{error}）；这一步没有记下，请核对磁盘空间和权限后再做一次"
            ) from error
        return new

    def save(self) -> None:
        """Write what is known."""
        with self.written():
            pass

    @contextmanager
    def written(self) -> Iterator[None]:
        """Write what is known beside what is there, and put it in its place when what is done inside has worked.

        A reader finds the old or the new whole, and on a full disk neither a change without its line in the log nor a
        line without its change.
        """
        self.documents.mkdir(parents=True, exist_ok=True)
        told = {
            "author": self.author, "made_at": self.made_at, "state": self.state, "published": self.published,
            "files": [asdict(file) for file in self.files.values()],
        }  # fmt: skip
        rows = [_row(file, file.path) for file in self.kept()]
        targets = (self.documents / MANIFEST, self.folder / _STATE)
        try:
            _write_rows(beside(targets[0]), _DECLARED, rows)
            _write(beside(targets[1]), json.dumps(told, ensure_ascii=False, indent=1))
            yield
            for target in targets:
                beside(target).replace(target)
        finally:
            for target in targets:
                beside(target).unlink(missing_ok=True)

    def rows(self, below: str) -> list[dict[str, str]]:
        """What the manifest of the published folder says of the files, which lie there below a folder."""
        return [_row(file, f"{below}/{file.path}") for file in self.kept()]

    # --- what somebody decides ---

    def file(self, path: str) -> File:
        """One of its files; UserError for another name."""
        try:
            return self.files[path]
        except KeyError:
            raise UserError(f"{self.batch_id}：这一批里没有“{path}”") from None

    def with_file(self, file: File, what: str, who: str, about: str) -> "Batch":
        """The batch with a file as it now is."""
        return self.changed(what, who, f"{file.path} {about}".strip(), files={**self.files, file.path: file})

    def declare(self, path: str, body: str | None, year: int | None, reason: str, who: str) -> "Batch":
        """Say whose and of which year a document is; without either what the document says holds."""
        _need(reason, "理由")
        file = replace(self.file(path), body=body, year=year, reason=reason)
        return self.with_file(file, "declare", who, f"{body or '-'} {year or '-'} {reason}")

    def note(self, path: str, text: str, who: str) -> "Batch":
        """Leave a note on a file."""
        _need(text, "内容")
        file = self.file(path)
        return self.with_file(replace(file, notes=(*file.notes, f"{who}：{text}")), "note", who, text)

    def put_aside(self, path: str, reason: str, who: str) -> "Batch":
        """Leave a file out of what is read and published; it stays in the batch."""
        _need(reason, "理由")
        file = self.file(path)
        with self._moved(self.documents, self.set_aside, path):
            return self.with_file(replace(file, aside=True, reason=reason), "aside", who, reason)

    def take_back(self, path: str, who: str) -> "Batch":
        """Read a file that was set aside after all."""
        file = self.file(path)
        with self._moved(self.set_aside, self.documents, path):
            return self.with_file(replace(file, aside=False, reason=""), "back", who, "")

    @contextmanager
    def _moved(self, old: Path, new: Path, path: str) -> Iterator[None]:
        """With a file in the other folder; back again where that could not be written down."""
        if self.state != OPEN:
            raise UserError(f"{self.batch_id}：这一批已{_STATES[self.state]}，不能再改；请先撤销发布")
        new.mkdir(parents=True, exist_ok=True)
        if (old / path).exists():
            (old / path).replace(new / path)
        try:
            yield
        except UserError:
            if (new / path).exists():
                (new / path).replace(old / path)
            raise

    def corrections(self) -> Path:
        """The folder of its own corrections.csv; they come into force when it is published."""
        return self.folder


_STATES = {OPEN: "打开", PUBLISHING: "在发布中", PUBLISHED: "发布", DISCARDED: "作废"}


def _need(text: str, what: str) -> None:
    if not text.strip():
        raise UserError(f"请写明{what}")


def _row(file: File, path: str) -> dict[str, str]:
    year = str(file.year) if file.year else ""
    return {
        "path": path, "body": file.body or "", "year": year, "url": "", "sha256": file.sha256, "received": file.received,
    }  # fmt: skip


def write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """A CSV file, whole or not at all."""
    with _whole(path):
        _write_rows(beside(path), columns, rows)


def write_whole(path: Path, text: str) -> None:
    """A text file, whole or not at all."""
    with _whole(path):
        _write(beside(path), text)


def beside(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.new")


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
        beside(path).replace(path)
    finally:
        beside(path).unlink(missing_ok=True)


def _write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    _write(path, text.getvalue())


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def begin(site: Site, who: str) -> Batch:
    """A new batch."""
    now = dt.datetime.now(dt.UTC)
    batch_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    made = Batch(site, batch_id, who, now.isoformat(timespec="seconds"))
    made.folder.mkdir(parents=True)
    return made.changed("begin", who)


def open_batch(site: Site, batch_id: str) -> Batch:
    """The batch of that name; UserError where there is none, which a made-up name never is."""
    if batch_id not in _names(site):
        raise UserError(f"没有录入批次“{batch_id[:40]}”")
    told = json.loads((site.folder / batch_id / _STATE).read_text("utf-8"))
    files = {one["path"]: File(**{**one, "notes": tuple(one["notes"])}) for one in told.pop("files")}
    return Batch(site, batch_id, files=files, **told)


def batches(site: Site) -> list[Batch]:
    """All batches, the newest first."""
    return [open_batch(site, name) for name in sorted(_names(site), reverse=True)]


def _names(site: Site) -> list[str]:
    if not site.folder.is_dir():
        return []
    return [entry.name for entry in site.folder.iterdir() if (entry / _STATE).is_file()]
