"""The open warehouse and the answers of its queries: the only place that caches. Knows no page and draws nothing."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import queries
from pages.ui import access
from pipeline import harmless, places, sql_box
from pipeline import page_picture as pictures
from pipeline.database import open_to_read
from pipeline.history import open_as_known
from pipeline.intake import Site, open_batch
from pipeline.model import Place, UserError
from pipeline.page_picture import Box, PagePicture
from pipeline.readers import DEFAULT_LIMITS
from pipeline.scoped import scoped

ROOT = Path(__file__).resolve().parents[2]


def path() -> Path:
    """The file that answers: the current one or, for an editor whose address names a batch, that of its trial."""
    if get_script_run_ctx() is None or "batch" not in st.query_params or not access.visitor().may("editor"):
        return places.warehouse()
    try:
        lying = open_batch(Site(places.intake()), st.query_params["batch"])
    except UserError:
        return places.warehouse()
    return lying.warehouse if lying.is_on_trial else places.warehouse()


def build() -> tuple[str, int, int] | None:
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
    try:
        file = _versioned(current)
        if asking.counties is not None:
            file = scoped(file, asking.counties, Path(f"{current}.builds"))
        stat = file.stat()
    except OSError:
        return None
    return str(file), stat.st_ino, stat.st_mtime_ns


def _versioned(current: Path) -> Path:
    """The immutable file that the current name is a link to.

    DuckDB hands out the database it already has open under a name, so the name must differ from build to build.
    """
    folder = Path(f"{current}.builds")
    if not folder.is_dir():
        return current
    return next((file for file in folder.iterdir() if file.is_file() and file.samefile(current)), current)


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
    return open_to_read(file) if day is None else open_as_known(file, day)


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(
    build: tuple[str, int, int], day: dt.date | None, name: str, parameters: dict[str, object]
) -> pd.DataFrame:
    try:
        return queries.ask(_connection(*build, day), name, **parameters)
    except (duckdb.FatalException, duckdb.InternalException):
        # An internal error of DuckDB invalidates the whole database: without reopening, every page stays broken.
        _connection.clear()
        raise


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One build as known on one day: several questions to it are answered from the same rows."""

    build: tuple[str, int, int]
    day: dt.date | None

    def ask(self, name: str, **parameters: object) -> pd.DataFrame:
        """The answer of `queries/screens/<name>.sql`."""
        return _answer(self.build, self.day, name, parameters)

    def stream(self, name: str, **parameters: object) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """The answer of `queries/screens/<name>.sql` batch by batch, not kept: its columns, and its rows."""
        return queries.stream(_connection(*self.build, self.day), name, **parameters)


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


def connection_of(build: tuple[str, int, int], day: dt.date | None) -> duckdb.DuckDBPyConnection:
    """The open warehouse of a build as known on a day, for what asks it more than a screen's questions."""
    return _connection(*build, day)


def snapshot(day: dt.date | None) -> Snapshot:
    """The build that is current now, as known on a day."""
    current = build()
    if current is None:
        raise FileNotFoundError(path())
    return Snapshot(current, day)


@st.cache_data(max_entries=16, ttl=600, show_spinner=False)
def _run(build: tuple[str, int, int], statement: str) -> sql_box.Answer:
    return sql_box.run(Path(build[0]), statement)


def run(statement: str) -> sql_box.Answer:
    """The answer of an analyst's own statement from the current build; see pipeline/sql_box.py."""
    return _run(snapshot(None).build, statement)


# What is drawn of an original is told apart by what its bytes are, never by its name.


@st.cache_data(max_entries=64, show_spinner=False)
def page_picture(sha256: str, page: int, _data: bytes, _boxes: tuple[Box, ...]) -> PagePicture:
    """A page of a document as a picture; see pipeline/page_picture.py."""
    return pictures.draw(_data, page, _boxes)


@st.cache_data(max_entries=16, show_spinner=False)
def harmless_page(sha256: str, media_type: str, places: tuple[str, ...], _data: bytes) -> str:
    """A web page made harmless, with its figures marked; see pipeline/harmless.py."""
    found = [place for place in map(Place.parse, places) if place is not None]
    return harmless.page(_data, media_type, found, DEFAULT_LIMITS)
