"""自由分析: any measures laid out by any two things, as a table and a chart; and statements of the reader's own."""

import pandas as pd
import streamlit as st

import queries
from pages.ui import charts, filters, sheet, store, tables
from pages.ui.charts import Between, Break, Group, Piece, Point
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak
from pipeline.export import plain_number
from pipeline.sql_box import LONGEST, ROWS, SECONDS, Answer

ROW_THINGS = ("year", "body", "measure", "kind", "layout", "channel", "applicant", "status")
COLUMN_THINGS = ("none", "year", "body", "measure", "kind", "layout", "channel", "applicant", "status")
PARTS = ("channel", "applicant")
VALUES = ("sum", "median", "count")
# What can be taken together: not measures with one another, nor channels, which repeat the same items.
TOTALLED = ("year", "body", "kind", "layout", "applicant", "status")
LEADING = ("items_disclosed", "requests_received", "requests_closed")
# The measure that the reader sees first for what he lays out by.
FIRST = {"channel": "items_by_channel", "applicant": "requests_received"}
CELLS = 20_000
# Bars in one chart, and series in it.
BARS, SERIES = 72, 6
EXAMPLES = ("totals_by_year", "broken_rules", "figures_and_text")
TABLES = (
    "fact figure report body measure channel applicant expected_report current_report report_wide "
    "county_year_measure finding rule issue passage correction build"
).split()


def choose(view: View, say: Words) -> dict[str, str | list[str]]:
    """What the boxes and the address ask for: measures, rows, columns, value, chart."""
    with st.container(border=True, key="choice"):
        left, middle, right = st.columns([2, 2, 3], gap="medium")
        with left:
            rows = filters.choice("rows", say("pivot.rows"), things(ROW_THINGS, say))
        with middle:
            columns = filters.choice("columns", say("pivot.columns"), things(columns_for(rows), say))
        with right:
            measures = measures_asked(rows, columns, say)
        with st.container(horizontal=True):
            value = filters.switch("value", say("pivot.value"), named_values(say))
            kinds = ("bars", "lines") if "year" in (rows, columns) else ("bars",)
            names = {kind: say.of("pivot.chart", kind) for kind in kinds}
            chart = filters.switch("chart", say("pivot.chart"), names)
    return {"rows": rows, "columns": columns, "measures": measures, "value": value, "chart": chart}


def things(codes: tuple[str, ...], say: Words) -> dict[str, str]:
    return {code: say.of("pivot.by", code) for code in codes}


def named_values(say: Words) -> dict[str, str]:
    return {code: say.of("pivot.value", code) for code in VALUES}


def columns_for(rows: str) -> tuple[str, ...]:
    """What may stand across: not the same again, and channels never against applicants."""
    return tuple(code for code in COLUMN_THINGS if code != rows and not (code in PARTS and rows in PARTS))


def measures_asked(rows: str, columns: str, say: Words) -> list[str]:
    """One measure, or several where they stand apart: figures of different measures are never added up."""
    listed = store.ask("measures_listed", language=say.language)
    if "applicant" in (rows, columns):
        listed = listed[listed["section"] == "requests"]
    by_channel = listed["measure"] == FIRST["channel"]
    listed = listed[by_channel] if "channel" in (rows, columns) else listed[~by_channel]
    labels = {
        row.measure: say(
            "export.measure",
            section=say.of("export.section", row.section),
            label=row.label,
            unit=say.of("unit", row.unit),
        )
        for row in listed.itertuples()
    }
    if "measure" in (rows, columns):
        found = filters.some_of(
            "measure", say("pivot.measures"), labels, say("pivot.measures.leading"), "page"
        )
        return found or [name for name in (*LEADING, *FIRST.values()) if name in labels]
    first = next((FIRST[by] for by in (rows, columns) if by in FIRST), LEADING[0])
    ordered = {first: labels[first], **labels}
    return [filters.choice("measure", say("pivot.measure"), ordered)]


def worded(cells: pd.DataFrame, asked: dict[str, str | list[str]], say: Words) -> pd.DataFrame:
    """Rows and columns under the names that readers know."""
    families = {"kind": "kind", "layout": "layout", "status": "status"}
    for side, thing in (("row", asked["rows"]), ("column", asked["columns"])):
        if thing in families:
            cells[f"{side}_label"] = [say.of(families[str(thing)], code) for code in cells[f"{side}_code"]]
        if thing == "none":
            cells[f"{side}_label"] = say.of("pivot.value", asked["value"])
    return cells


def totals_of(cells: pd.DataFrame, asked: dict[str, str | list[str]], say: Words) -> pd.DataFrame:
    """The totals to show: over rows, over columns and over both, where these can be taken together."""
    kept = pd.Series(True, index=cells.index)
    for side, thing in (("row", asked["rows"]), ("column", asked["columns"])):
        is_total = cells[f"{side}s_of"] == "all"
        several = cells[f"{side}_code"].nunique() > 1
        kept &= ~is_total | (several and thing in TOTALLED)
        cells[f"{side}_code"] = cells[f"{side}_code"].mask(is_total, "total")
        cells[f"{side}_label"] = cells[f"{side}_label"].mask(is_total, say.of("pivot.total", asked["value"]))
    return cells[kept & ((cells["rows_of"] == "all") | (cells["columns_of"] == "all"))]


def bound_of(row: pd.Series) -> str:
    return str(row["bound"]) if pd.notna(row["bound"]) else "about" if row["holds_bound"] else "exact"


def text_of(row: pd.Series, counting: bool, say: Words) -> str:
    """A cell: the value with its n of N where not all are there, or the reason why there is none."""
    if row["due"] == 1 and not counting:
        return say.cell(row["value"], row["status"], bound_of(row))
    if counting or row["n"] == row["due"]:
        return say.number(row["value"], "exact" if counting else bound_of(row))
    counts = {"n": say.number(row["n"]), "all": say.number(row["due"])}
    if pd.isna(row["value"]):
        return say("pivot.cell.none", **counts)
    return say("pivot.cell", number=say.number(row["value"], bound_of(row)), **counts)


def answer(
    cells: pd.DataFrame, asked: dict[str, str | list[str]], labels: dict[str, str], say: Words
) -> list[str]:
    """How many figures there are of how many owed, and where the greatest value stands."""
    first = cells.iloc[0]
    names = say.listed([labels[measure] for measure in asked["measures"]])
    said = [say("pivot.answer", names=names, n=say.number(first["all_n"]), all=say.number(first["all_due"]))]
    top = greatest(cells, asked)
    if top is not None:
        what = say.of("pivot.value", asked["value"])
        amount = say.amount(top["value"], top["unit"], bound_of(top))
        said.append(say("pivot.top", where=where_of(top, asked, say), what=what, amount=amount))
    return said


def show_table(
    cells: pd.DataFrame,
    totals: pd.DataFrame,
    asked: dict[str, str | list[str]],
    stocks: list[str],
    say: Words,
) -> None:
    """Rows against columns and their totals; a cell of one figure opens it. `stocks` do not add up over years."""
    counting = asked["value"] == "count"
    shown = pd.concat([cells, totals]).reset_index(drop=True)
    shown = shown.assign(shown=[text_of(row, counting, say) for _, row in shown.iterrows()])
    texts = tables.crossed(shown, "row_code", "column_code", "shown")
    reports = tables.crossed(shown, "row_code", "column_code", "report_id")
    facts = tables.crossed(shown, "row_code", "column_code", "fact_id")
    row_names = shown.drop_duplicates("row_code")["row_label"]
    headings = shown.drop_duplicates("column_code").set_index("column_code")["column_label"]
    columns = [Column(say.of("pivot.by", asked["rows"]), list(row_names), width=190)]
    for code in texts.columns:
        values = [say("sign.absent") if pd.isna(text) else text for text in texts[code]]
        targets = [
            None if pd.isna(report) else Target(report, None if pd.isna(fact) else fact)
            for report, fact in zip(reports[code], facts[code], strict=True)
        ]
        name = distinct(headings[code], columns)
        columns.append(Column(name, values, targets, numeric=True, width=width_of([name, *values])))
    sheet.title(say("pivot.table"), say(f"pivot.note.{'count' if counting else 'value'}"))
    if stocks:
        sheet.note(say("pivot.stock", names=say.listed(stocks)))
    tables.show(columns, key="pivot", alt=say("pivot.table"), rows=16)
    if len(cells) < cells["cells"].iloc[0]:
        sheet.note(say("pivot.cut", shown=say.number(len(cells)), all=say.number(cells["cells"].iloc[0])))


def width_of(texts: list[str]) -> int:
    """Pixels that a column needs for its longest text, so that no figure is cut off."""
    return 24 + max(sum(13 if ord(letter) > 0x2E7F else 8 for letter in text) for text in texts)


def distinct(name: str, columns: list[Column]) -> str:
    """A heading that no earlier column has: two bodies can bear one name, and a query can name a column twice."""
    taken = {column.name for column in columns}
    while name in taken or not name:
        name = f"{name}\u00a0"
    return name


def hover(row: pd.Series, say: Words) -> str:
    where = say("pivot.where", row=row["row_label"], column=row["column_label"])
    counts = {"n": say.number(row["n"]), "all": say.number(row["due"])}
    return say("pivot.hover", where=where, number=say.number(row["value"], bound_of(row)), **counts)


def show_bars(
    cells: pd.DataFrame, asked: dict[str, str | list[str]], breaks: pd.DataFrame, say: Words
) -> None:
    """Bars by row, one for each of the first columns; a rule between years that do not compare."""
    every = list(cells["column_code"].drop_duplicates())
    # Of the years, the latest.
    columns = every[-SERIES:] if asked["columns"] == "year" else every[:SERIES]
    there = cells[cells["column_code"].isin(columns)].dropna(subset=["value"])
    rows = list(there["row_code"].drop_duplicates())[: BARS // len(columns)]
    drawn = there[there["row_code"].isin(rows)]
    if drawn.empty:
        return
    names = cells.drop_duplicates("row_code").set_index("row_code")["row_label"]
    bars: dict[str, str] = {}
    for code in rows:
        bars[code] = names[code] if names[code] not in bars.values() else f"{names[code]} {code}"
    groups = []
    for place, column in enumerate(columns):
        by_channel = asked["columns"] == "channel"
        colour = charts.channel_colour(column) if by_channel else charts.series_colours()[place]
        name = cells.loc[cells["column_code"] == column, "column_label"].iloc[0]
        own = drawn[drawn["column_code"] == column]
        pieces = [
            Piece(
                bars[row["row_code"]],
                colour,
                row["value"],
                bar_label(row, name if len(columns) > 1 else "", asked["value"] == "count", say),
                hover(row, say),
                None if pd.isna(row["report_id"]) else row["report_id"],
                None if pd.isna(row["fact_id"]) else row["fact_id"],
            )
            for _, row in own.iterrows()
        ]
        groups.append(Group(name, colour, pieces))
    with st.container(border=True):
        sheet.title(chart_title(cells, asked, say), cut_note(len(rows), len(columns), cells, say))
        between = [
            Between(bars[str(found.year - 1)], "")
            for found in breaks.drop_duplicates("year").itertuples()
            if asked["rows"] == "year" and str(found.year - 1) in bars and str(found.year) in bars
        ]
        charts.show(charts.grouped(list(bars.values()), groups, between), key="bars", alt=say("pivot.alt"))
        show_breaks(breaks, say)


def bar_label(row: pd.Series, series: str, counting: bool, say: Words) -> str:
    """What stands after a bar: its series, its number, and how many figures are behind it."""
    number = text_of(row, counting, say)
    return say("pivot.bar", series=series, number=number) if series else number


def show_breaks(breaks: pd.DataFrame, say: Words) -> None:
    """Where the meaning of what is shown changed, in words."""
    for found in breaks.drop_duplicates("year").itertuples():
        note = say("series.no_note") if pd.isna(found.note) else found.note
        sheet.note(say("series.break", year=found.year, joins=say.of("joins", found.joins), note=note))


def greatest(cells: pd.DataFrame, asked: dict[str, str | list[str]]) -> pd.Series | None:
    """The cell with the greatest value; none where values of different measures stand side by side, or only counts."""
    valued = cells.dropna(subset=["value"])
    if valued.empty or asked["value"] == "count" or "measure" in (asked["rows"], asked["columns"]):
        return None
    return valued.loc[valued["value"].idxmax()]


def where_of(row: pd.Series, asked: dict[str, str | list[str]], say: Words) -> str:
    if asked["columns"] == "none":
        return str(row["row_label"])
    return say("pivot.where", row=row["row_label"], column=row["column_label"])


def chart_title(cells: pd.DataFrame, asked: dict[str, str | list[str]], say: Words) -> str:
    """What is drawn, and where it is greatest."""
    value = say.of("pivot.value", asked["value"])
    rows, columns = say.of("pivot.by", asked["rows"]), say.of("pivot.by", asked["columns"])
    drawn = (
        say("pivot.title.one", value=value, rows=rows)
        if asked["columns"] == "none"
        else say("pivot.title", value=value, rows=rows, columns=columns)
    )
    top = greatest(cells, asked)
    return drawn if top is None else say("pivot.title.top", drawn=drawn, where=where_of(top, asked, say))


def cut_note(rows: int, columns: int, cells: pd.DataFrame, say: Words) -> str:
    """What the picture leaves out."""
    everything = (cells["row_code"].nunique(), cells["column_code"].nunique())
    if (rows, columns) == everything:
        return ""
    return say("pivot.drawn", rows=rows, all_rows=everything[0], columns=columns, all_columns=everything[1])


def show_lines(
    cells: pd.DataFrame, asked: dict[str, str | list[str]], breaks: pd.DataFrame, view: View, say: Words
) -> None:
    """A small line for each of the first series, a rule where the measure's meaning changed."""
    other = "row" if asked["columns"] == "year" else "column"
    year = "column" if other == "row" else "row"
    valued = cells.dropna(subset=["value"])
    every = list(valued[f"{other}_code"].drop_duplicates())
    if not every:
        return
    with st.container(border=True):
        sheet.title(chart_title(cells, asked, say), say("pivot.lines", n=len(every[:SERIES]), all=len(every)))
        beside = st.columns(min(len(every), 2), gap="small")
        for place, code in enumerate(every[:SERIES]):
            if place and place % 2 == 0:
                beside = st.columns(2, gap="small")
            own = valued[valued[f"{other}_code"] == code]
            measure = code if "measure" in (asked["rows"], asked["columns"]) else asked["measures"][0]
            found = breaks[breaks["measure"] == measure]
            with beside[place % 2]:
                if asked["columns"] != "none":
                    sheet.note(own[f"{other}_label"].iloc[0])
                figure = charts.trend(view.years(), points(own, year, say), ruled(found, say))
                charts.show(figure, key=f"line-{place}", alt=say("pivot.alt"))
        show_breaks(breaks, say)


def points(own: pd.DataFrame, year: str, say: Words) -> list[Point]:
    """The values of one series; a line joins years in each of which more than half of the figures are there."""
    return [
        Point(
            year=int(row[f"{year}_code"]),
            value=row["value"],
            label=say.number(row["value"], bound_of(row)),
            hover=hover(row, say),
            report=None if pd.isna(row["report_id"]) else row["report_id"],
            fact=None if pd.isna(row["fact_id"]) else row["fact_id"],
            hollow=bool(row["n"] < row["due"] or row["holds_bound"]),
            joined=bool(2 * row["n"] > row["due"]),
        )
        for _, row in own.sort_values(f"{year}_code").iterrows()
    ]


def ruled(found: pd.DataFrame, say: Words) -> list[Break]:
    """Where the meaning changed; of two years in a row only the first is named, their names would overlap."""
    years = set(found["year"])
    return [
        Break(
            int(row.year),
            row.joins,
            "" if row.year - 1 in years else say("series.changed"),
            "" if pd.isna(row.note) else row.note,
        )
        for row in found.itertuples()
    ]


def download(cells: pd.DataFrame, view: View, say: Words) -> None:
    """The cells of the pivot, one a row, with their n of N."""
    frame = pd.DataFrame(
        {
            "pivot_row": cells["row_label"],
            "pivot_column": cells["column_label"],
            "value": cells["value"],
            "unit": [say.of("unit", unit) if pd.notna(unit) else None for unit in cells["unit"]],
            "pivot_n": cells["n"],
            "pivot_due": cells["due"],
            "pivot_zeros": cells["zeros"],
            "bound": [say.of("bound_name", bound_of(row)) for _, row in cells.iterrows()],
            "status": [say.of("status", status) if pd.notna(status) else None for status in cells["status"]],
            "report_id": cells["report_id"],
            "fact_id": cells["fact_id"],
        }
    )
    file = say("download.file", page=say("menu.analysis"), scope=view.scope, first=view.first, last=view.last)
    tables.download_rows(frame, say, name=file, key="download")


def show_box(say: Words) -> None:
    """The box for a statement, its answer, and the tables that it can ask."""
    with st.container(border=True, key="sql-box"):
        limits = {"rows": say.number(ROWS), "seconds": f"{SECONDS:g}"}
        sheet.title(say("sql.title"), say("sql.note", **limits))
        left, right = st.columns([3, 2], gap="medium")
        with left:
            asked = filters.statement(say("sql.box"), say("sql.hint"), LONGEST)
            st.button(say("sql.run"), key="run")
            with st.container(horizontal=True, key="try"):
                for name in EXAMPLES:
                    params = {**filters.carried(), "sql": queries.example(name)}
                    st.page_link("analysis.py", label=say.of("sql.example", name), query_params=params)
        with right:
            listed = store.ask("columns_of_tables", tables=TABLES)
            meanings = [
                (row.table_name, say.of("sql.table", row.table_name), row.names)
                for row in listed.itertuples()
            ]
            sheet.schema(meanings)
        if asked:
            found = store.run(asked)
            if found.error:
                with left:
                    sheet.text(say(f"sql.error.{found.error}", detail=found.detail))
            else:
                show_answer(found, say)


def shown_value(value: object) -> str:
    """A value of an answer as text; whole numbers without .0."""
    if isinstance(value, float):
        return plain_number(value) or ""
    return "" if value is None else str(value)


def show_answer(found: Answer, say: Words) -> None:
    cut = say(f"sql.cut.{found.cut}") if found.cut else ""
    sheet.title(say("sql.answer", rows=say.number(len(found.rows)), columns=len(found.columns)), cut)
    if not found.rows:
        return
    columns: list[Column] = []
    for place, name in enumerate(found.columns):
        values = [row[place] for row in found.rows]
        numeric = all(value is None or isinstance(value, int | float) for value in values)
        columns.append(
            Column(distinct(name, columns), [shown_value(value) for value in values], numeric=numeric)
        )
    tables.show(columns, key="answer", alt=say("sql.box"), rows=16)
    frame = pd.DataFrame(
        {column.name: [row[place] for row in found.rows] for place, column in enumerate(columns)},
        dtype=object,
    )
    tables.download_frame(frame, say, name=say("sql.file"), key="sql-download")


say = speak()
view = sheet.opened(say, "analyst")
head = st.container()
asked = choose(view, say)
listed = store.ask("measures_listed", language=say.language).set_index("measure")
part = next((by for by in (asked["rows"], asked["columns"]) if by in PARTS), "none")
wanted = {name: asked[name] for name in ("rows", "columns", "measures", "value")}
laid = store.ask("pivot", part=part, language=say.language, limit=CELLS, **wanted, **view.query())
cells = laid[(laid["rows_of"] == "one") & (laid["columns_of"] == "one")].copy()
with head:
    if cells.empty:
        sheet.head(say("pivot.question"), [say("pivot.none", n=len(cells))], view.invented, say)
    else:
        cells = worded(cells, asked, say)
        said = answer(cells, asked, dict(listed["label"]), say)
        sheet.head(say("pivot.question"), said, view.invented, say)
if len(cells):
    breaks = store.ask(
        "breaks_of_measures", measures=asked["measures"], language=say.language, **view.query()
    )
    if "year" not in (asked["rows"], asked["columns"]):
        breaks = breaks.iloc[:0]
    if asked["chart"] == "lines":
        show_lines(cells, asked, breaks, view, say)
    else:
        show_bars(cells, asked, breaks, say)
    totals = totals_of(laid.copy(), asked, say)
    over_years = totals["columns_of" if asked["columns"] == "year" else "rows_of"] == "all"
    is_over_years = asked["value"] == "sum" and (
        "year" not in (asked["rows"], asked["columns"]) or over_years.any()
    )
    chosen = listed.loc[asked["measures"]]
    stocks = list(chosen.loc[chosen["kind"] == "stock", "label"])
    show_table(cells, totals, asked, stocks if is_over_years and view.first < view.last else [], say)
download(cells, view, say)
show_box(say)
