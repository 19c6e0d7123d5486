"""数据下载: which figures to take away, in what shape and format; the same choice as a command for scripts."""

import math
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from pages.ui import choice, deeds, filters, sheet, store, tables
from pages.ui.choice import Choice
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak
from pipeline.export import FORMATS, SHEET_ROWS

ROWS = 50
# As many measures as a preview of the wide table has columns for; the file has all of them.
SHOWN = 12
ORDER = ("csv", "xlsx", "parquet", "json", "zip")


def choose(view: View, say: Words) -> tuple[Choice, str]:
    """The choice that the address and the boxes describe, and the format."""
    snapshot = store.snapshot(store.known_on())
    listed = snapshot.ask("measures_listed", language=say.language)
    labels = {
        row.measure: say(
            "export.measure",
            section=say.of("export.section", row.section),
            label=row.label,
            unit=say.of("unit", row.unit),
        )
        for row in listed.itertuples()
    }
    with st.container(border=True, key="choice"):
        left, right = st.columns(2, gap="medium")
        with left:
            measures = filters.some_of(
                "measure", say("export.measures"), labels, say("export.measures.any"), "page"
            )
            bodies = [view.body] if view.body else several_bodies(view, say)
        with right:
            shape = filters.switch("shape", say("export.shape"), named("export.shape", choice.SHAPES, say))
            statuses = []
            if shape == "long":
                codes = named("status", choice.STATUSES, say)
                statuses = filters.some_of(
                    "status", say("export.statuses"), codes, say("export.statuses.any"), "page"
                )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            format_ = filters.switch("format", say("export.format"), named("export.format", ORDER, say))
            names = filters.switch(
                "names", say("export.names"), {code: say.of("export.names", code) for code in choice.NAMES}
            )
            superseded = filters.ticked("superseded", say("export.superseded.ask"))
        sheet.note(say(f"export.format.{format_}.text"))
    kinds = st.query_params.get_all("kind")
    everything = view.years() == full_span(view, say)
    span = "" if everything else say("export.span.plain", first=view.first, last=view.last)
    pairs = choice.address_of(
        scope=view.scope,
        kinds=kinds,
        bodies=bodies,
        years=span,
        measures=measures,
        statuses=statuses,
        shape=shape,
        names=names,
        superseded=superseded,
        known=store.known_on(),
        language=say.language,
    )
    ids = bodies or view.bodies
    chosen = Choice(
        snapshot=snapshot,
        scope=view.scope,
        place=place_of(view, say),
        invented=view.invented is not None,
        bodies=ids,
        all_bodies=not bodies,
        body_names=[view.names[body] for body in ids],
        years=view.years(),
        measures=measures or None,
        statuses=statuses or None,
        shape=shape,
        names=names,
        superseded=superseded,
        say=say,
        address=pairs,
    )
    return chosen, format_


def full_span(view: View, say: Words) -> list[int]:
    """Every year of the scope."""
    scopes = store.ask("scopes").set_index("scope")
    return list(range(int(scopes["first_year"][view.scope]), int(scopes["last_year"][view.scope]) + 1))


def place_of(view: View, say: Words) -> str:
    place = store.ask("scopes").set_index("scope")["place"][view.scope]
    return say("export.real") if pd.isna(place) else str(place)


def several_bodies(view: View, say: Words) -> list[str]:
    return filters.some_of(
        "bodies", say("export.bodies"), view.names, say("export.bodies.any", n=len(view.names)), "page"
    )


def named(family: str, codes: tuple[str, ...], say: Words) -> dict[str, str]:
    return {code: say.of(family, code) for code in codes}


def answer(counted: pd.DataFrame, say: Words) -> list[str]:
    """How many figures of how many reports the choice comes to, and with which statuses."""
    whole = counted.iloc[0]
    if not whole["all_figures"]:
        return [say("export.nothing", all=say.number(whole["all_reports"]))]
    statuses = [
        say("export.counted", status=say.of("status", row.status), n=say.number(row.figures))
        for row in counted.itertuples()
    ]
    counts = {name: say.number(whole[name]) for name in ("all_figures", "reports", "all_reports", "bodies")}
    return [say("export.answer", **counts), say("list.separator").join(statuses)]


def show_preview(chosen: Choice, total: int, say: Words) -> None:
    """The first rows as they will stand in the file; other pages of them on request."""
    pages = math.ceil(total / ROWS)
    with st.container(border=True):
        head = st.container()
        page = (
            filters.page_number(say("export.page", pages=say.number(pages)), pages)
            if pages > 1
            else pages - 1
        )
        rows = chosen.page(ROWS, page * ROWS)
        first = page * ROWS
        with head:
            place = {"first": first + 1, "last": first + len(rows), "total": say.number(total)}
            sheet.title(
                say(f"export.preview.{chosen.shape}", **place), say(f"export.preview.{chosen.shape}.note")
            )
        columns = wide_columns(rows, chosen, say) if chosen.shape == "wide" else long_columns(rows, say)
        tables.show(columns, key="preview", alt=say("export.preview.alt"))


def long_columns(rows: pd.DataFrame, say: Words) -> list[Column]:
    targets = [Target(report, fact) for report, fact in zip(rows["report_id"], rows["fact_id"], strict=True)]
    values = [say.cell(row.value, row.status, row.bound) for row in rows.itertuples()]
    headings = say.family("csv")
    texts = {
        name: said(rows[name]) for name in ("body", "label", "applicant", "channel", "category", "raw_text")
    }
    return [
        Column(headings["body"], texts["body"]),
        Column(headings["year"], [str(year) for year in rows["year"]]),
        Column(headings["label"], texts["label"], targets, width=190),
        Column(headings["value"], values, targets, numeric=True),
        Column(headings["unit"], [say.of("unit", unit) for unit in rows["unit"]]),
        Column(headings["status"], [say.of("status", status) for status in rows["status"]]),
        Column(headings["bound"], [say.of("bound_name", bound) for bound in rows["bound"]]),
        *(Column(headings[name], texts[name]) for name in ("applicant", "channel", "category")),
        Column(headings["raw_text"], texts["raw_text"], targets, width=160),
    ]


def wide_columns(rows: pd.DataFrame, chosen: Choice, say: Words) -> list[Column]:
    targets = [Target(report) for report in rows["report_id"]]
    headings = {**say.family("csv"), **say.family("export.column")}
    columns = [
        Column(headings["body"], said(rows["body"]), targets),
        Column(headings["year"], [str(year) for year in rows["year"]]),
    ]
    for measure, label in list(chosen.measure_columns().items())[:SHOWN]:
        cells = [say.number(value) for value in rows[measure]]
        columns.append(Column(label, cells, targets, numeric=True))
    return [
        *columns,
        Column(headings["not_reported"], said(rows["not_reported"]), width=260),
        Column(headings["inexact"], said(rows["inexact"]), width=160),
    ]


def said(texts: pd.Series) -> list[str]:
    return ["" if pd.isna(text) else str(text) for text in texts]


def host() -> str:
    """The address of this server, as the reader has it."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else say("export.host")


def show_download(chosen: Choice, format_: str, say: Words) -> None:
    build, media_type = FORMATS[format_]
    address = host()
    # Read now: when the button is pressed it is no longer known who asks.
    record = deeds.seen() if format_ == "zip" else None
    st.download_button(
        say("export.download", format=say.of("export.format", format_)),
        data=lambda: b"".join(build(chosen.rows(), chosen.about(address, record))),
        file_name=chosen.file(say("menu.downloads"), format_),
        mime=media_type,
        on_click="ignore",
        key="download",
        type="primary",
    )


def show_scripts(chosen: Choice, format_: str, say: Words) -> None:
    """The same choice for curl and for Excel's web query, and one line to cite."""
    address = f"{host()}/api/facts.{format_}?{chosen.query()}"
    sheet.title(say("export.scripts"), say("export.scripts.note"))
    st.code(say("export.curl", address=address), language=None, wrap_lines=True)
    sheet.note(say("export.excel", address=f"{host()}/api/"))
    sheet.title(say("export.cite.title"))
    st.code(chosen.cite(), language=None, wrap_lines=True)


def show_definitions(chosen: Choice, say: Words) -> None:
    """What the measures chosen mean and where the form prints them."""
    listed = chosen.listed()
    names = say.family("export.dictionary")
    with st.expander(say("export.definitions", n=len(listed))):
        columns = [
            Column(names["measure"], said(listed["measure"])),
            Column(names[f"label_{say.language}"], said(listed["label"]), width=240),
            Column(names["unit"], [say.of("unit", unit) for unit in listed["unit"]]),
            Column(names["section"], [say.of("export.section", section) for section in listed["section"]]),
            Column(names["layouts"], said(listed["layouts"])),
        ]
        tables.show(columns, key="definitions", alt=say("export.definitions", n=len(listed)))


say = speak()
view = sheet.opened(say, "analyst")
head = st.container()
chosen, format_ = choose(view, say)
counted = chosen.counted()
with head:
    sheet.head(say("export.question"), answer(counted, say), view.invented, say)
whole = counted.iloc[0]
total = int(whole["all_reports"] if chosen.shape == "wide" else whole["all_figures"])
if format_ == "xlsx" and total > SHEET_ROWS:
    sheet.note(say("export.too_many", most=say.number(SHEET_ROWS)))
else:
    show_download(chosen, format_, say)
if total:
    show_preview(chosen, total, say)
show_scripts(chosen, format_, say)
show_definitions(chosen, say)
