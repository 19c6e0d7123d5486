"""A batch read for trial: a copy of the warehouse with the batch in it, and a line of what each file came to."""

import hashlib
import shutil
from dataclasses import dataclass, replace

from pipeline import warehouse
from pipeline.catalogue import default_catalogue
from pipeline.correcting import Wish, correct
from pipeline.corrections import FILE as CORRECTIONS
from pipeline.corrections import Correction, load_corrections
from pipeline.database import open_to_read
from pipeline.intake.batch import Batch, write_whole
from pipeline.model import UserError
from pipeline.settings import load_settings
from pipeline.sources import ROOT
from pipeline.warehouse import Built, Progress

_OF = "of.txt"
_LINES = ROOT / "queries" / "console" / "intake_lines.sql"


@dataclass(frozen=True, slots=True)
class Line:
    """What a file came to: one line for each document in it, or one that says why there is none.

    `figures` counts values, `broken` checks that do not hold, `issues` things not accounted for; `same_as` names a file of
    the same bytes, `earlier` another document of the same body and year that was there before.
    """

    path: str
    report_id: str | None
    body_id: str | None
    body: str | None
    county: str | None
    county_code: str | None
    year: int | None
    layout: str | None
    published: str | None
    figures: int
    broken: int
    issues: int
    same_as: str | None
    earlier: str | None
    refused: str | None

    @property
    def is_ready(self) -> bool:
        """Whether it is known whose and of which year it is, so that it can be published."""
        return self.report_id is not None and self.body_id is not None and self.year is not None


def corrections_of(batch: Batch) -> list[Correction]:
    """The corrections in force and the batch's own, which get names that nobody has."""
    catalogue = default_catalogue()
    known = load_corrections(catalogue, batch.site.corrections)
    own = load_corrections(catalogue, batch.corrections())
    taken = {correction.correction_id for correction in known}
    return [*known, *(replace(one, correction_id=free_id(taken)) for one in own)]


def free_id(taken: set[str]) -> str:
    """The next name of a correction; it is then taken."""
    found = next(name for number in range(1, len(taken) + 2) if (name := f"c{number:04d}") not in taken)
    taken.add(found)
    return found


def trial(batch: Batch, progress: Progress | None = None) -> Built:
    """Bring the trial's warehouse up to date with the batch: only what has changed since the last time is read."""
    target = batch.warehouse
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if batch.site.warehouse.exists():
            beside = target.with_name(".copy")
            shutil.copyfile(batch.site.warehouse, beside)
            beside.replace(target)
    state = _state(batch)
    built = warehouse.build(
        [*batch.site.folders, batch.documents],
        target,
        progress=progress,
        corrections=corrections_of(batch),
        settings=replace(load_settings(), kept_builds=1),
    )
    write_whole(target.with_name(_OF), state)
    return built


def _state(batch: Batch) -> str:
    """What a trial is of: the files and what is declared of them, the batch's corrections, what is published."""
    digest = hashlib.sha256(
        repr([(file.path, file.sha256, file.body, file.year) for file in batch.kept()]).encode()
    )
    own = batch.corrections() / CORRECTIONS
    digest.update(own.read_bytes() if own.exists() else b"")
    digest.update(str(warehouse.held_name(batch.site.warehouse)).encode())
    return digest.hexdigest()


def correct_in(batch: Batch, wish: Wish) -> Batch:
    """Add a correction to the batch, of what its trial shows; it is in force in the trial that is read next."""
    _need_trial(batch)
    with open_to_read(batch.warehouse) as connection:
        made = correct(connection, wish, default_catalogue(), batch.corrections())
    about = f"{wish.body} {wish.year} {wish.what} {made.expected or made.guard} → {made.value if made.value is not None else made.action} {wish.reason}"
    return batch.changed("correct", wish.author, about)


def _need_trial(batch: Batch) -> None:
    if not batch.warehouse.exists():
        raise UserError(f"{batch.batch_id}：还没有试读，请先读一遍")


def is_fresh(batch: Batch) -> bool:
    """Whether there is a trial of the batch as it is now."""
    of = batch.warehouse.with_name(_OF)
    return batch.warehouse.exists() and of.exists() and of.read_text("utf-8") == _state(batch)


def lines_of(batch: Batch) -> list[Line]:
    """What each file of the batch came to, by the trial; in the order of the names."""
    _need_trial(batch)
    with open_to_read(batch.warehouse) as connection:
        prefix = _prefix(batch)
        found = connection.execute(_LINES.read_text("utf-8"), {"prefix": prefix})
        return [Line(*row) for row in found.fetchall()]


def _prefix(batch: Batch) -> str:
    """What the trial's warehouse puts before the names of the batch's files."""
    full = batch.documents.resolve()
    return f"{(full.relative_to(ROOT) if full.is_relative_to(ROOT) else full).as_posix()}/"
