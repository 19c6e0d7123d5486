"""检索: in which reports words stand, where in each, and in how many of each year's reports."""

import math

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, provenance, sheet, store, tables
from pages.ui.charts import Ending, Piece
from pages.ui.tables import Column
from pages.ui.words import Words, speak
from pipeline.search import spans, words_of

HITS = 20


def named(words: list[str], say: Words) -> str:
    return say("search.and").join(say("search.word", word=word) for word in words)


def answer(years: pd.DataFrame, words: list[str], say: Words) -> str:
    """How many passages in how many reports of which years, with its n of N."""
    first, last, held = years["year"].min(), years["year"].max(), years["held"].sum()
    span = say("search.span.one" if first == last else "search.span.many", first=first, last=last)
    if not words:
        return say("search.ready", span=span, held=held)
    reports, passages = int(years["reports"].sum()), int(years["passages"].sum())
    if not reports:
        return say("search.nothing", words=named(words, say), span=span, held=held)
    counts = {"reports": say.number(reports), "passages": say.number(passages)}
    return say("search.found", words=named(words, say), span=span, held=held, **counts)


def show_years(years: pd.DataFrame, words: list[str], say: Words) -> None:
    """Of each year's reports, how many say it."""
    newest = years.iloc[0]
    colours = charts.palette()
    pieces, ends = [], []
    for row in years.itertuples():
        hover = say("search.year.hover", year=row.year, n=row.reports, all=row.held)
        if row.reports:
            label = say.number(row.reports)
            pieces.append(Piece(str(row.year), colours.blue, row.reports, label, hover, None, None))
        if row.held > row.reports:
            pieces.append(Piece(str(row.year), colours.soft, row.held - row.reports, "", hover, None, None))
        ends.append(Ending(str(row.year), row.held, say("search.year.end", n=row.reports, all=row.held)))
    title = say(
        "search.years", words=named(words, say), year=newest["year"], n=newest["reports"], all=newest["held"]
    )
    with st.container(border=True):
        sheet.title(title, say("search.years.note"))
        figure = charts.stacked([str(year) for year in years["year"]], pieces, ends)
        charts.show(figure, key="reports-of-years", alt=say("search.years.alt"))
        columns = [
            Column(say("column.year"), [str(year) for year in years["year"]]),
            Column(
                say("search.column.reports"), [say.number(count) for count in years["reports"]], numeric=True
            ),
            Column(say("search.column.held"), [say.number(count) for count in years["held"]], numeric=True),
            Column(say("search.column.passages"), passages_of(years, say), numeric=True),
        ]
        with st.expander(say("search.years.listed")):
            tables.show(columns, key="years-listed", alt=say("search.years.alt"))


def passages_of(years: pd.DataFrame, say: Words) -> list[str]:
    """Passages by year; none where none of the year's reports says it."""
    return [say.number(row.passages if row.reports else row.reports) for row in years.itertuples()]


def show_hits(found: pd.DataFrame, words: list[str], say: Words) -> None:
    for number, (_, row) in enumerate(found.iterrows()):
        where = [say("search.report", **row[["body", "year"]]), say.section(row["section"]), place(row, say)]
        hits = spans(row["text"], words)
        with st.container(key=f"hit-{number}", gap=None):
            provenance.show_hit(say("source.part").join(where), row["text"], hits)
            cell = provenance.locator(row)
            places = [f"{cell}:{start}-{end}" for start, end in hits[: provenance.MOST_PLACES]]
            provenance.link(row["report_id"], None, say("open.source"), places)


def place(row: pd.Series, say: Words) -> str:
    if pd.isna(row["cell_row"]):
        return say("source.place.block", at=int(row["block"]) + 1)
    cell = {name: int(row[name]) + 1 for name in ("cell_row", "cell_column")}
    return say("search.cell", **cell)


def show_help(say: Words) -> None:
    """What the box takes, with words to try."""
    sheet.note(say("search.help"))
    sheet.note(say("search.try"))
    with st.container(horizontal=True, key="try"):
        for word in say.family("search.try").values():
            st.button(word, key=f"try-{word}", type="tertiary", on_click=filters.put, args=("q", word))


def show_found(years: pd.DataFrame, words: list[str], say: Words) -> None:
    total = int(years["passages"].sum())
    pages = math.ceil(total / HITS)
    current = filters.page_asked(pages)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        show_years(years, words, say)
    with right:
        first = current * HITS
        shown = {"first": first + 1, "last": min(first + HITS, total), "total": say.number(total)}
        sheet.title(say("search.hits", **shown), say("search.hits.note"))
        found = store.ask("search_passages", words=words, limit=HITS, offset=first, **view.query())
        show_hits(found, words, say)
        sheet.steps(current, pages, say)
    tables.download_hits(view, words, say, name=say("menu.search"))


say = speak()
view = sheet.opened(say)
head = st.container()
sought = words_of(filters.words_sought(say))
held = store.ask("search_years", words=sought or [""], **view.query())
with head:
    question = say("search.question.of", words=named(sought, say)) if sought else say("search.question")
    sheet.head(question, [answer(held, sought, say) if len(held) else say("search.none")], view.invented, say)
if sought and held["reports"].sum():
    show_found(held, sought, say)
else:
    show_help(say)
