"""Making a correction: what it speaks of is looked up in the warehouse, and guarded by the text it stands in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipeline.catalogue import Catalogue
from pipeline.corrections import Correction, append_correction, context_in, load_corrections
from pipeline.model import Block, Cell, Grid, Paragraph, Place, UserError

_QUERIES = Path(__file__).resolve().parent.parent / "queries" / "console"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants corrected or decided; `what` is a measure (with `value`) or a rule (with `decision`).

    Of several findings of a rule `measure` and `applicant` say which.
    """

    what: str
    body: str
    year: int
    value: float | None
    decision: str | None
    applicant: str | None
    channel: str | None
    category: str | None
    reason: str
    author: str
    measure: str | None = None


def correct(
    connection: duckdb.DuckDBPyConnection, wish: Wish, catalogue: Catalogue, folder: Path
) -> Correction:
    """Declare a correction in `corrections.csv` of the folder; UserError where what it speaks of is not one thing."""
    known = {correction.correction_id for correction in load_corrections(catalogue, folder)}
    number = next(number for number in range(1, len(known) + 2) if f"c{number:04d}" not in known)
    if wish.what in catalogue.measures:
        if wish.value is None:
            raise UserError("更正指标须用 --value 写明更正后的数")
        made = _override(connection, wish, f"c{number:04d}")
    elif wish.what in {rule.rule for rule in catalogue.rules}:
        if wish.decision is None:
            raise UserError("认定规则须用 --decision accept（原文如此）或 dismiss（排除）")
        made = _decision(connection, wish, f"c{number:04d}")
    else:
        raise UserError(f"没有指标或规则“{wish.what}”；代码见 python -m pipeline dictionary")
    append_correction(made, folder)
    return made


def _ask(connection: duckdb.DuckDBPyConnection, name: str, **parameters: object) -> Sequence[tuple[Any, ...]]:
    return connection.execute((_QUERIES / f"{name}.sql").read_text("utf-8"), parameters).fetchall()


def _override(connection: duckdb.DuckDBPyConnection, wish: Wish, correction_id: str) -> Correction:
    rows = _ask(
        connection, "correctable", measure=wish.what, year=wish.year, body=wish.body, applicant=wish.applicant,
        channel=wish.channel, category=wish.category,
    )  # fmt: skip
    figures = {_figure(list(passages)) for _, passages in groupby(rows, key=lambda row: row[1])}
    if not figures:
        raise UserError(
            f"数据库里没有{wish.body}{wish.year}年的“{wish.what}”"
            f"（{wish.applicant or wish.channel or wish.category or '无细分'}）；请核对，或先 build"
        )
    if len(figures) > 1:
        shown = "；".join(f"{expected}：{guard[:40]}" for _, expected, guard in sorted(figures))
        raise UserError(
            f"{wish.body}{wish.year}年的“{wish.what}”有几处（{shown}），请用 --channel、--category 等指明"
        )
    ((body_id, expected, guard),) = figures
    return Correction(
        correction_id, "override", body_id, wish.year, wish.what, wish.applicant, wish.channel, wish.category, None,
        expected, guard, wish.value, wish.reason, wish.author, dt.datetime.now(dt.UTC).date(),
    )  # fmt: skip


def _figure(rows: Sequence[tuple[Any, ...]]) -> tuple[str, str, str]:
    """Body, what is printed, and the text it stands in, of the passages of one figure's block."""
    body_id, _, value, status, locator, *_ = rows[0]
    place = Place.parse(locator)
    guard = "" if place is None or rows[0][-1] is None else context_in(_block(rows), place)
    return body_id, str(status) if value is None else f"{value:g}", guard


def _block(rows: Sequence[tuple[Any, ...]]) -> Block:
    cells = [row[5:] for row in rows]
    if cells[0][0] is None:
        return Paragraph(cells[0][4])
    return Grid(tuple(Cell(text, row, column, height, width) for row, column, height, width, text in cells))


def _decision(connection: duckdb.DuckDBPyConnection, wish: Wish, correction_id: str) -> Correction:
    found = _ask(
        connection, "decidable", rule=wish.what, year=wish.year, body=wish.body, measure=wish.measure,
        applicant=wish.applicant,
    )  # fmt: skip
    if not found:
        raise UserError(f"{wish.body}{wish.year}年没有“{wish.what}”不符的核验；请核对，或先 build")
    if len(set(found)) > 1:
        shown = "；".join(
            f"{applicant or measure or ''} {message[:40]}" for _, measure, applicant, message in found
        )
        raise UserError(
            f"{wish.body}{wish.year}年的“{wish.what}”有几项不符（{shown}），请用 --measure、--applicant 指明一项"
        )
    body_id, measure, applicant, message = found[0]
    assert wish.decision is not None  # noqa: S101  the caller checked
    return Correction(
        correction_id, wish.decision, body_id, wish.year, measure, applicant, None, None, wish.what, "", message,
        None, wish.reason, wish.author, dt.datetime.now(dt.UTC).date(),
    )  # fmt: skip
