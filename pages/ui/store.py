"""The open warehouse and the answers of its queries: the only place that caches. Knows no page and draws nothing."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import queries
from pages.ui import access
from pipeline import places, sql_box
from pipeline.database import open_to_read

if TYPE_CHECKING:
    from pipeline.page_picture import Box, PagePicture
    from pipeline.paper.model import Paper
    from pipeline.papers import County

ROOT = Path(__file__).resolve().parents[2]
# What tells one build's file from another's: its name, its inode, when it was written.
Build = tuple[str, int, int]


@dataclass(slots=True)
class _Held:
    """What a run of a page is drawn from: the builds, by the name that is current and the counties of who asks.

    They are kept open: a slow run may outlive its file.
    """

    builds: dict[tuple[Path, tuple[str, ...] | None], Build] = field(default_factory=dict)
    opened: dict[Build, duckdb.DuckDBPyConnection] = field(default_factory=dict)


_held: ContextVar[_Held | None] = ContextVar("held", default=None)
Given = ParamSpec("Given")
Found = TypeVar("Found")


def path() -> Path:
    """The file that answers: the current one or, for an editor whose address names a batch, that of its trial."""
    if get_script_run_ctx() is None or "batch" not in st.query_params or not access.visitor().may("editor"):
        return places.warehouse()
    from pipeline.intake import Site, open_batch
    from pipeline.model import UserError

    try:
        lying = open_batch(Site(places.intake()), st.query_params["batch"])
    except UserError:
        return places.warehouse()
    shown = lying.is_on_trial and access.visitor().sees_work_of(lying.author)
    return lying.warehouse if shown else places.warehouse()


def build() -> Build | None:
    """The file that answers the visitor, told apart by what it is and not by its name; None where there is none.

    It is the one behind the current name or, for a visitor of some counties, one that holds nothing but these. There is
    none for who may nothing: no page and no route can forget to ask.
    """
    if pinned := _pinned.get():
        return pinned.build
    asking = access.visitor()
    if asking.role is None:
        return None
    current = path()
    held = _held.get()
    known = (current, asking.counties)
    if held is not None and known in held.builds:
        return held.builds[known]
    try:
        file = _versioned(current)
        if asking.counties is not None:
            from pipeline.scoped import scoped

            file = scoped(file, asking.counties, Path(f"{current}.builds"))
        stat = file.stat()
    except OSError:
        return None
    found = str(file), stat.st_ino, stat.st_mtime_ns
    if held is not None:
        held.builds[known] = found
        with suppress(duckdb.Error):  # whoever asks is told
            held.opened[found] = _connection(*found, None)
    return found


@contextmanager
def one_build() -> Iterator[None]:
    """Answer everything that is asked inside from the build that is current at the first question.

    A page asks several times; were another build published in between, its figures would belong to two.
    """
    token = _held.set(_Held())
    try:
        yield
    finally:
        _held.reset(token)


def _versioned(current: Path) -> Path:
    """The immutable file that the current name is a link to.

    DuckDB hands out the database it already has open under a name, so the name must differ from build to build.
    """
    stat = current.stat()
    return _linked(current, stat.st_ino, stat.st_mtime_ns)


@lru_cache(maxsize=8)
def _linked(current: Path, inode: int, changed: int) -> Path:
    # Run once for each build that comes to be current, as its answer is kept.
    if current == places.warehouse():
        _forget()
    folder = Path(f"{current}.builds")
    if not folder.is_dir():
        return current
    return next((file for file in folder.iterdir() if file.is_file() and file.samefile(current)), current)


def _forget() -> None:
    """Let go of what was asked of earlier builds: nobody asks it again, and an open file keeps its room on the disk."""
    _kept_answer.cache_clear()
    _worked_out.cache_clear()
    _connection.clear()


def known_on() -> dt.date | None:
    """The day whose knowledge the address asks for; None for today's."""
    if pinned := _pinned.get():
        return pinned.day
    try:
        return dt.date.fromisoformat(st.query_params.get("known", ""))
    except ValueError:
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _connection(file: str, inode: int, changed: int, day: dt.date | None) -> duckdb.DuckDBPyConnection:
    if day is None:
        return open_to_read(file)
    # Imported here: it brings all that reads documents, and few readers ask for a day.
    from pipeline.history import open_as_known

    return open_as_known(file, day)


def _opened(build: Build, day: dt.date | None) -> duckdb.DuckDBPyConnection:
    """The build opened; the one that this run of a page already holds, though its file may be gone by now."""
    held = _held.get()
    kept = held.opened.get(build) if held is not None and day is None else None
    return _connection(*build, day) if kept is None else kept


class Answer(pd.DataFrame):
    """A query's answer, which all readers share: it is never written to, only what is derived from it."""

    def __setitem__(self, key: object, value: object) -> None:
        raise TypeError("an answer is shared: derive a frame from it")


def _asked(build: Build, day: dt.date | None, name: str, parameters: dict[str, object]) -> Answer:
    try:
        frame = queries.ask(_opened(build, day), name, **parameters)
    except (duckdb.FatalException, duckdb.InternalException):
        # An internal error of DuckDB invalidates the whole database: without reopening, every page stays broken.
        _connection.clear()
        raise
    # Pages read cell by cell, and each cell of a column of pandas' own text is put together anew.
    return Answer(frame.astype({name: object for name in frame.columns if frame[name].dtype == "str"}))


@lru_cache(maxsize=512)
def _kept_answer(
    build: Build, day: dt.date | None, name: str, parameters: tuple[tuple[str, Hashable], ...]
) -> Answer:
    return _asked(build, day, name, {key: _thawed(value) for key, value in parameters})


def _answer(build: Build, day: dt.date | None, name: str, parameters: dict[str, object]) -> Answer:
    """The answer of one build as known on one day; kept, but for one without a limit, which is a download's."""
    if parameters.get("limit", ...) is None:
        return _asked(build, day, name, parameters)
    return _kept_answer(build, day, name, tuple((key, _frozen(value)) for key, value in parameters.items()))


def _frozen(value: object) -> Hashable:
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value  # type: ignore[return-value]


def _thawed(value: object) -> object:
    return list(map(_thawed, value)) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class _Same:
    """An answer as an argument: the same object is the same answer."""

    answer: Answer = field(compare=False, hash=False)
    number: int

    @classmethod
    def of(cls, value: object) -> Hashable:
        return cls(value, id(value)) if isinstance(value, Answer) else _frozen(value)


@dataclass(frozen=True, slots=True)
class _Call:
    """A function with its arguments. Streamlit makes a page's functions anew in each run, from the same code."""

    code: CodeType
    key: tuple[Hashable, ...]
    function: Callable[..., object] = field(compare=False)
    given: tuple[object, ...] = field(compare=False)


@lru_cache(maxsize=1024)
def _worked_out(call: _Call, build: Build | None, day: dt.date | None) -> object:
    return call.function(*call.given)


def kept(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Work a function out once for a build, a day and its arguments, and then give the same again.

    Only for one that depends on nothing else (not on the theme of the browser), and whose result nobody changes. Its
    arguments are given by their places: what can be hashed, lists of that, and answers. With a frame that is no answer
    it is worked out each time.
    """

    @wraps(function)
    def of_now(*given: Given.args, **_: Given.kwargs) -> Found:
        if any(isinstance(one, pd.DataFrame) and not isinstance(one, Answer) for one in given):
            return function(*given)
        call = _Call(function.__code__, tuple(map(_Same.of, given)), function, given)
        return _worked_out(call, build(), known_on())  # type: ignore[return-value]

    return of_now


def is_there() -> bool:
    """Whether there is a warehouse that can be opened and holds a body."""
    try:
        return not ask("scopes").empty
    except (duckdb.Error, FileNotFoundError):
        return False


def ask(name: str, **parameters: object) -> pd.DataFrame:
    """The answer of `queries/screens/<name>.sql` from the current build, as known on the day the address names."""
    return ask_as_known(known_on(), name, **parameters)


def ask_as_known(day: dt.date | None, name: str, **parameters: object) -> pd.DataFrame:
    """The answer of `queries/screens/<name>.sql` from the current build, as it was known at the end of a day."""
    current = build()
    if current is None:
        raise FileNotFoundError(path())
    return _answer(current, day, name, parameters)


def ask_anew(name: str) -> pd.DataFrame:
    """The same of the current build, never an answer that was kept."""
    current = build()
    if current is None:
        raise FileNotFoundError(path())
    return _asked(current, None, name, {})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One build as known on one day: several questions to it are answered from the same rows."""

    build: Build
    day: dt.date | None

    def ask(self, name: str, **parameters: object) -> pd.DataFrame:
        """The answer of `queries/screens/<name>.sql`."""
        return _answer(self.build, self.day, name, parameters)

    def stream(self, name: str, **parameters: object) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """The answer of `queries/screens/<name>.sql` batch by batch, not kept: its columns, and its rows."""
        return queries.stream(_opened(self.build, self.day), name, **parameters)


Made = TypeVar("Made")
_pinned: ContextVar[Snapshot | None] = ContextVar("pinned", default=None)


def later(make: Callable[[], Made]) -> Callable[[], Made]:
    """Something that is made only when a button is pressed, from what the page shows now.

    Streamlit makes it outside of the page's run, where neither the address nor the visitor is known.
    """
    seen = snapshot(known_on())

    def made() -> Made:
        token = _pinned.set(seen)
        try:
            return make()
        finally:
            _pinned.reset(token)

    return made


def snapshot(day: dt.date | None) -> Snapshot:
    """The build that is current now, as known on a day."""
    current = build()
    if current is None:
        raise FileNotFoundError(path())
    return Snapshot(current, day)


# What writes papers, draws pages and reads documents is imported where it is asked for: the pages start without it.
@st.cache_data(max_entries=32, show_spinner=False)
def _county(build: Build, day: dt.date | None, scope: str, year: int) -> "County":
    from pipeline.papers import gather
    from pipeline.settings import load_settings

    days = load_settings().correction_days
    return gather(_opened(build, day), scope, year, days=days, on=day)


@st.cache_data(max_entries=64, show_spinner=False)
def _paper(build: Build, day: dt.date | None, scope: str, year: int, body: str | None) -> "Paper":
    from pipeline.brief import brief
    from pipeline.letters import letter

    county = _county(build, day, scope, year)
    if body is None:
        return brief(_opened(build, day), county)
    return letter(county, next(row for row in county.owed if row["body_id"] == body))


def county(scope: str, year: int) -> "County":
    """What papers about a county and year rest on; UserError where nothing was owed then."""
    current = snapshot(known_on())
    return _county(current.build, current.day, scope, year)


def paper(scope: str, year: int, body: str | None) -> "Paper":
    """The brief of a county and year, or the letter to one of its bodies."""
    current = snapshot(known_on())
    return _paper(current.build, current.day, scope, year, body)


def paper_as(scope: str, year: int, body: str | None, form: str) -> bytes:
    """The same as docx or pdf."""
    from pipeline.paper.printed import as_pdf
    from pipeline.paper.word import as_docx

    return (as_docx if form == "docx" else as_pdf)(paper(scope, year, body))


def letters_as_zip(scope: str, year: int) -> bytes:
    """All letters of a county and year."""
    from pipeline.letters import as_zip

    return as_zip(county(scope, year))


@st.cache_data(max_entries=16, ttl=600, show_spinner=False)
def _run(build: Build, statement: str) -> sql_box.Answer:
    return sql_box.run(Path(build[0]), statement)


def run(statement: str) -> sql_box.Answer:
    """The answer of an analyst's own statement from the current build; see pipeline/sql_box.py."""
    return _run(snapshot(None).build, statement)


# What is drawn of an original is told apart by what its bytes are, never by its name.


@st.cache_data(max_entries=64, show_spinner=False)
def page_picture(sha256: str, page: int, _data: bytes, _boxes: "tuple[Box, ...]") -> "PagePicture":
    """A page of a document as a picture; see pipeline/page_picture.py."""
    from pipeline.page_picture import draw

    return draw(_data, page, _boxes)


@st.cache_data(max_entries=16, show_spinner=False)
def harmless_page(sha256: str, media_type: str, places: tuple[str, ...], _data: bytes) -> str:
    """A web page made harmless, with its figures marked; see pipeline/harmless.py."""
    from pipeline import harmless
    from pipeline.model import Place
    from pipeline.readers import DEFAULT_LIMITS

    found = [place for place in map(Place.parse, places) if place is not None]
    return harmless.page(_data, media_type, found, DEFAULT_LIMITS)
