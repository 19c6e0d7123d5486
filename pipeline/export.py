"""Rows into files that people take away: CSV, XLSX, Parquet, JSON, and CSV in a zip with its notes.

Batches of rows come in, chunks of bytes go out; no more than a batch is held, but for XLSX, which is written to a file
of its own first. What a download is, where it comes from and how it is cited is `About`. Knows no database and no page.
"""

import csv
import io
import json
import math
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

BOM = "\ufeff"
SHEET_ROWS = 1_048_575
CHUNK = 1 << 16

# A cell that begins with one of these is a formula to a spreadsheet (full-width forms too, in Chinese Excel), also
# behind blanks and characters that nobody sees: a spreadsheet may pass over them.
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]"
)
_HARMLESS = re.compile(r"[-－+＋]?\d[\d,.]*%?|[-－]+")
# Characters that XML, and so a sheet, cannot hold.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Beside:
    """A table that lies beside the data in a zip: its file, the name of each column, what each means, its rows."""

    file: str
    names: Mapping[str, str]
    dictionary: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class About:
    """What a download carries beside its rows, in words: (name, text) pairs, the measures, the columns.

    `facts` holds the same for programs. The names of the parts (`sheets`) are the reader's language's too.
    """

    title: str
    notes: Sequence[tuple[str, str]]
    facts: Mapping[str, Any]
    dictionary: Sequence[Mapping[str, Any]]
    dictionary_names: Mapping[str, str]
    sheets: tuple[str, str, str] = ("data", "dictionary", "about")
    beside: Sequence[Beside] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to be written: the columns kept with the name each gets, codes and their words, and the batches.

    `schema` is that of the batches, known before the first of them.
    """

    schema: pa.Schema
    batches: Iterable[pa.RecordBatch]
    names: Mapping[str, str]
    words: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)

    def named(self) -> pa.Schema:
        """The schema of what is written."""
        types = {column: self.schema.field(column).type for column in self.names}
        types |= {column: pa.string() for column in self.words if column in types}
        return pa.schema([(name, types[column]) for column, name in self.names.items()])

    def written(self) -> Iterator[pa.RecordBatch]:
        """The batches with the columns kept, under their names, codes put into words."""
        for batch in self.batches:
            columns = [self._worded(column, batch.column(column)) for column in self.names]
            yield pa.RecordBatch.from_arrays(columns, schema=self.named())

    def _worded(self, column: str, values: pa.Array) -> pa.Array:
        words = self.words.get(column)
        if not words:
            return values
        coded = values.dictionary_encode()
        said = pa.array([words.get(code, code) for code in coded.dictionary.to_pylist()], pa.string())
        return said.take(coded.indices)


Builder = Callable[[Rows, About], Iterator[bytes]]


class TooManyRows(Exception):
    """More rows than a sheet holds."""


def defused(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def plain_number(value: float | None) -> str | None:
    """A number as a spreadsheet reads it back: whole ones without .0."""
    if value is None or math.isnan(value):
        return None
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _texts(values: pa.Array) -> list[str | None]:
    """A column as text: numbers plain, moments to the second, no formula."""
    found = values.to_pylist()
    if pa.types.is_floating(values.type):
        return [plain_number(value) for value in found]
    if pa.types.is_timestamp(values.type):
        return [None if value is None else value.isoformat(" ", "seconds") for value in found]
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return [None if value is None else defused(value) for value in found]
    if pa.types.is_boolean(values.type):
        return [None if value is None else str(value).lower() for value in found]
    return [None if value is None else str(value) for value in found]


class _Sink:
    """A file to write to that hands on what was written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.closed = False

    def write(self, part: Any) -> int:
        data = bytes(part)
        self._parts.append(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def to_csv(rows: Rows, about: About) -> Iterator[bytes]:
    """CSV that Excel opens right: UTF-8 with BOM, CRLF. It has no place for notes: `to_zip` brings them along."""
    head = io.StringIO()
    _writer(head).writerow([defused(name) for name in rows.names.values()])
    yield (BOM + head.getvalue()).encode()
    for batch in rows.written():
        text = io.StringIO()
        _writer(text).writerows(zip(*(_texts(column) for column in batch.columns), strict=True))
        yield text.getvalue().encode("utf-8", "replace")


def _writer(text: io.StringIO) -> Any:
    return csv.writer(text, lineterminator="\r\n")


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def to_json(rows: Rows, about: About) -> Iterator[bytes]:
    """One object: `about`, and `rows` as a list of records; what is missing is null."""
    head = {**about.facts, "notes": dict(about.notes), "dictionary": list(about.dictionary)}
    yield f'{{"about": {json.dumps(head, ensure_ascii=False)},\n"rows": ['.encode()
    first = True
    for batch in rows.written():
        records = [
            json.dumps({name: _json(value) for name, value in record.items()}, ensure_ascii=False)
            for record in batch.to_pylist()
        ]
        if records:
            yield (("\n" if first else ",\n") + ",\n".join(records)).encode("utf-8", "replace")
            first = False
    yield b"\n]}\n"


def to_parquet(rows: Rows, about: About) -> Iterator[bytes]:
    """Parquet, a row group per batch, `about` in its metadata as JSON."""
    head = {**about.facts, "notes": dict(about.notes), "dictionary": list(about.dictionary)}
    schema = rows.named().with_metadata({"about": json.dumps(head, ensure_ascii=False)})
    sink = _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for batch in rows.written():
            writer.write_batch(batch.cast(schema))
            if data := sink.taken():
                yield data
    yield sink.taken()


def to_xlsx(rows: Rows, about: About) -> Iterator[bytes]:
    """A workbook of three sheets: data, definitions of the measures, and what it is and how to cite it."""
    # Imported here, as below: few ask for a workbook, and the pages start without it.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    data = book.create_sheet(about.sheets[0])
    data.freeze_panes = "A2"
    data.append(_bold(data, rows.names.values()))
    count = 0
    for batch in rows.written():
        count += batch.num_rows
        if count > SHEET_ROWS:
            raise TooManyRows
        for row in zip(*(_cells(column) for column in batch.columns), strict=True):
            data.append(row)
    definitions = book.create_sheet(about.sheets[1])
    definitions.append(_bold(definitions, about.dictionary_names.values()))
    for measure in about.dictionary:
        definitions.append([_cell_text(str(measure[name] or "")) for name in about.dictionary_names])
    notes = book.create_sheet(about.sheets[2])
    notes.column_dimensions["A"].width = 18
    notes.column_dimensions["B"].width = 100
    notes.append(_bold(notes, [about.title]))
    for name, text in about.notes:
        notes.append([_cell_text(name), _cell_text(text)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _bold(sheet: Any, names: Iterable[str]) -> list[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = []
    for name in names:
        cell = WriteOnlyCell(sheet, _cell_text(name))
        cell.font = Font(bold=True)
        cells.append(cell)
    return cells


def _cell_text(text: str) -> str:
    return defused(_NO_XML.sub("", text))[:_LONGEST_CELL]


def _cells(values: pa.Array) -> list[Any]:
    """A column as cells of a sheet: numbers and days as such, texts that no sheet runs."""
    found: list[Any] = values.to_pylist()
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return [None if value is None else _cell_text(value) for value in found]
    if pa.types.is_floating(values.type):
        return [None if value is None else int(value) if value.is_integer() else value for value in found]
    return found


def readme(about: About) -> str:
    """The notes as a text of their own."""
    lines = [about.title, "", *(f"{name}: {text}" for name, text in about.notes), ""]
    return BOM + "\r\n".join(lines)


def dictionary_csv(about: About) -> bytes:
    """The measures as CSV, and the columns of what lies beside the data."""
    described = [*about.dictionary, *(column for table in about.beside for column in table.dictionary)]
    return _table_csv(about.dictionary_names, described)


def _table_csv(names: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Columns under their names, every text one that no spreadsheet runs."""
    text = io.StringIO()
    writer = _writer(text)
    writer.writerow([defused(name) for name in names.values()])
    for row in rows:
        writer.writerow([defused(str(row.get(name) or "")) for name in names])
    return (BOM + text.getvalue()).encode("utf-8", "replace")


def to_zip(rows: Rows, about: About) -> Iterator[bytes]:
    """A zip of data.csv, dictionary.csv and README.txt, streamed; and of what lies beside the data."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme(about))
        archive.writestr("dictionary.csv", dictionary_csv(about))
        for table in about.beside:
            archive.writestr(table.file, _table_csv(table.names, table.rows))
        with archive.open("data.csv", "w", force_zip64=True) as file:
            for chunk in to_csv(rows, about):
                file.write(chunk)
                if data := sink.taken():
                    yield data
    yield sink.taken()


FORMATS: Mapping[str, tuple[Builder, str]] = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (to_parquet, "application/vnd.apache.parquet"),
    "json": (to_json, "application/json"),
    "zip": (to_zip, "application/zip"),
}
