"""The brief and the letters for their page: worked out once for a build, a day, a county and a year."""

import datetime as dt

import streamlit as st

from pages.ui import store
from pipeline import letters
from pipeline.brief import brief
from pipeline.paper.model import Paper
from pipeline.paper.printed import as_pdf
from pipeline.paper.word import as_docx
from pipeline.papers import County, gather
from pipeline.settings import load_settings


@st.cache_data(max_entries=32, show_spinner=False)
def _county(build: tuple[str, int, int], day: dt.date | None, scope: str, year: int) -> County:
    days = load_settings().correction_days
    return gather(store.connection_of(build, day), scope, year, days=days, on=day)


@st.cache_data(max_entries=64, show_spinner=False)
def _paper(
    build: tuple[str, int, int], day: dt.date | None, scope: str, year: int, body: str | None
) -> Paper:
    county = _county(build, day, scope, year)
    if body is None:
        return brief(store.connection_of(build, day), county)
    return letters.letter(county, next(row for row in county.owed if row["body_id"] == body))


def county(scope: str, year: int) -> County:
    """What papers about a county and year rest on; UserError where nothing was owed then."""
    current = store.snapshot(store.known_on())
    return _county(current.build, current.day, scope, year)


def paper(scope: str, year: int, body: str | None) -> Paper:
    """The brief of a county and year, or the letter to one of its bodies."""
    current = store.snapshot(store.known_on())
    return _paper(current.build, current.day, scope, year, body)


def paper_as(scope: str, year: int, body: str | None, form: str) -> bytes:
    """The same as docx or pdf."""
    return (as_docx if form == "docx" else as_pdf)(paper(scope, year, body))


def letters_as_zip(scope: str, year: int) -> bytes:
    """All letters of a county and year."""
    return letters.as_zip(county(scope, year))
