"""A batch into the dashboard and out again: files, manifest and corrections in one step with the build, or not at all."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline import events, warehouse
from pipeline.catalogue import default_catalogue
from pipeline.corrections import COLUMNS, append_correction, load_corrections
from pipeline.corrections import FILE as CORRECTIONS
from pipeline.intake.batch import DISCARDED, OPEN, PUBLISHED, PUBLISHING, Batch, open_batch, write_rows
from pipeline.intake.trial import Line, free_id, is_fresh, lines_of
from pipeline.model import UserError
from pipeline.sources import MANIFEST
from pipeline.warehouse import Built, Progress

_MANIFEST = ("path", "body", "year", "url", "sha256", "received")


def publish(
    batch: Batch,
    who: str,
    *,
    may: Callable[[Line], bool] = lambda line: True,
    progress: Progress | None = None,
) -> tuple[Batch, Built]:
    """Publish a batch: a build and a swap. Where that fails everything is as it was, and the batch is open again.

    A publishing that was cut off is taken up where it stood. `may` says of a document whether the publisher may touch it.
    """
    with _deed("publish", batch) as told, batch.site.alone():
        batch = open_batch(batch.site, batch.batch_id)
        if batch.state not in (OPEN, PUBLISHING):
            raise UserError(f"{batch.batch_id}：这一批不在待发布状态")
        _refuse(batch, may)
        if batch.state == OPEN:
            for line in lines_of(batch):
                if line.same_as is not None and not batch.file(line.path).aside:
                    batch = batch.put_aside(line.path, line.same_as, who)
            before = warehouse.held_name(batch.site.warehouse)
            plan = {"corrections": _names_for_corrections(batch), "before": before}
            batch = batch.changed("publishing", who, state=PUBLISHING, published=plan)
        try:
            built = _publish(batch, progress)
        except BaseException:
            _take_out(batch)
            # Where that cannot be written down the batch is one whose publishing was cut off.
            with suppress(UserError):
                batch.changed("publish_failed", who, state=OPEN, published={})
            raise
        done = {
            **batch.published,
            "build": built.build_id,
            "after": warehouse.held_name(batch.site.warehouse),
        }
        told.update(build=built.build_id, documents=len(batch.kept()))
        about = f"{len(batch.kept())} 份，版本 {built.build_id}"
        return batch.changed("publish", who, about, state=PUBLISHED, published=done), built


@contextmanager
def _deed(what: str, batch: Batch) -> Iterator[dict[str, Any]]:
    """A deed that is told of, and whose failure on the disk is said in words."""
    try:
        with events.told(what, batch=batch.batch_id) as told:
            yield told
    except OSError as error:
        raise UserError(
            f"{batch.batch_id}：写不进去（{error}）；看板现有的内容没有变，请核对磁盘空间和权限后再试"
        ) from error


def _refuse(batch: Batch, may: Callable[[Line], bool]) -> None:
    if not batch.kept() and not (batch.folder / CORRECTIONS).exists():
        raise UserError(f"{batch.batch_id}：没有可以发布的文件")
    if batch.state == OPEN and not is_fresh(batch):
        raise UserError(f"{batch.batch_id}：试读之后又有改动，请再读一遍")
    lines = lines_of(batch)
    unready = [line.path for line in lines if not line.is_ready and line.same_as is None]
    unready += sorted({file.path for file in batch.kept()} - {line.path.split("#")[0] for line in lines})
    if unready:
        raise UserError(f"{unready[0]} 等 {len(unready)} 份还没有认出单位或年度，或读不了；请指明，或先搁置")
    if outside := [line for line in lines if line.is_ready and not may(line)]:
        raise UserError(f"{outside[0].path}：{outside[0].county or '这个单位'}不在您的权限之内")


def _names_for_corrections(batch: Batch) -> list[str]:
    catalogue = default_catalogue()
    taken = {known.correction_id for known in load_corrections(catalogue, batch.site.corrections)}
    return [free_id(taken) for _ in load_corrections(catalogue, batch.corrections())]


def _publish(batch: Batch, progress: Progress | None) -> Built:
    site = batch.site
    target = site.sources / batch.batch_id
    if batch.kept() and not target.exists():
        coming = site.sources / f".{batch.batch_id}"
        shutil.rmtree(coming, ignore_errors=True)
        coming.mkdir(parents=True)
        for file in batch.kept():
            shutil.copyfile(batch.documents / file.path, coming / file.path)
        coming.replace(target)
    _rewrite_manifest(site.sources, batch, batch.rows(batch.batch_id))
    catalogue = default_catalogue()
    known = {one.correction_id for one in load_corrections(catalogue, site.corrections)}
    own = load_corrections(catalogue, batch.corrections())
    for name, correction in zip(batch.published["corrections"], own, strict=True):
        if name not in known:
            append_correction(replace(correction, correction_id=name), site.corrections)
    corrections = load_corrections(catalogue, site.corrections)
    return warehouse.build(site.folders, site.warehouse, corrections=corrections, progress=progress)


def _rewrite_manifest(folder: Path, batch: Batch, rows: list[dict[str, str]]) -> None:
    """The folder's manifest with these rows for the batch, and the other rows as they were."""
    path = folder / MANIFEST
    kept = [row for row in _rows(path) if not row["path"].startswith(f"{batch.batch_id}/")]
    write_rows(path, _MANIFEST, [*kept, *rows])


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, none where there is none."""
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines())) if path.exists() else []


def _take_out(batch: Batch) -> None:
    """Undo what publishing did to the folder, its manifest and the corrections."""
    site = batch.site
    _rewrite_manifest(site.sources, batch, [])
    shutil.rmtree(site.sources / batch.batch_id, ignore_errors=True)
    shutil.rmtree(site.sources / f".{batch.batch_id}", ignore_errors=True)
    path, names = site.corrections / CORRECTIONS, set(batch.published.get("corrections", ()))
    if names and path.exists():
        kept = [row for row in _rows(path) if row["correction_id"] not in names]
        write_rows(path, COLUMNS.split(), kept)


def undo(batch: Batch, who: str, progress: Progress | None = None) -> Batch:
    """Take a published batch out again: the build before it is back at once where it is still held and nothing came after.

    Otherwise a build takes it out. The batch is open again, with everything that was decided of it.
    """
    with _deed("undo", batch), batch.site.alone():
        batch = open_batch(batch.site, batch.batch_id)
        if batch.state != PUBLISHED:
            raise UserError(f"{batch.batch_id}：这一批没有发布，不用撤销")
        site = batch.site
        _take_out(batch)
        is_last = batch.published.get("after") == warehouse.held_name(site.warehouse)
        if not (is_last and warehouse.restore(site.warehouse, batch.published.get("before"))):
            corrections = load_corrections(default_catalogue(), site.corrections)
            warehouse.build(site.folders, site.warehouse, corrections=corrections, progress=progress)
        return batch.changed("undo", who, str(batch.published.get("build", "")), state=OPEN, published={})


def discard(batch: Batch, reason: str, who: str) -> Batch:
    """Give a batch up: its files stay on the disk, but nobody is asked about it any more."""
    with batch.site.alone():
        batch = open_batch(batch.site, batch.batch_id)
        if batch.state != OPEN:
            raise UserError(f"{batch.batch_id}：只有未发布的批次可以作废")
        shutil.rmtree(batch.folder / "trial", ignore_errors=True)
        return batch.changed("discard", who, reason, state=DISCARDED)
