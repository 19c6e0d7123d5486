"""公开量: how much was disclosed, body by body and in the middle of the district, and how that changed."""

import math
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui import categories, charts, filters, sheet, sparks, store, tables
from pages.ui.charts import Break, Count, Line, Point, Spread
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, literal, speak

SECTION = "disclosure"
# So many bodies' values are named one by one; the quartiles of so few say nothing.
NAMED = 3
TILES = 30


def unit_of(measure: pd.Series, per: bool, say: Words) -> str:
    unit = say.of("unit", measure["unit"])
    return say("volumes.unit.per", unit=unit) if per else unit


def question(view: View, label: str, is_disclosed: bool, say: Words) -> str:
    if view.body:
        key = "volumes.question.of" if is_disclosed else "volumes.question.measure.of"
        return say(key, body=view.names[view.body], label=label)
    return say("volumes.question" if is_disclosed else "volumes.question.measure", label=label)


def answer(rows: pd.DataFrame, own: pd.DataFrame, view: View, label: str, unit: str, say: Words) -> list[str]:
    """The picked body's own figure; the district's median and quartiles with n of N; what changed, what is a bound."""
    of_year = rows[rows["year"] == rows["latest"]]
    year = of_year.iloc[0]
    said = [] if own.empty else [own_in_words(own.iloc[-1], label, unit, say)]
    what = {"year": year["year"], "n": year["n"], "all": year["due"], "label": label}
    if year["n"] <= NAMED:
        given = of_year[of_year["value"].notna()]
        names = [
            say("volumes.named", body=row.body, amount=say.amount(row.value, unit, row.bound))
            for row in given.itertuples()
        ]
        said.append(say("volumes.few", names=say.listed(names, most=NAMED), **what))
    else:
        quartiles = {name: say.number(year[name]) for name in ("q1", "q3")}
        said.append(say("volumes.median", median=say.amount(year["median"], unit), **quartiles, **what))
    said += changes_in_words(of_year, say)[: None if own.empty else 1]
    said.append(say("volumes.inexact" if year["inexact"] else "volumes.exact", count=year["inexact"]))
    return said if year["year"] == view.last else [*said, say("volumes.later", year=view.last)]


def own_in_words(row: pd.Series, label: str, unit: str, say: Words) -> str:
    what = {"body": row["body"], "year": row["year"], "label": label}
    if pd.isna(row["value"]):
        return say("volumes.own.none", why=reason(row, say), **what)
    amount = say.amount(row["value"], unit, row["bound"])
    if pd.isna(row["change"]):
        return say("volumes.own", amount=amount, **what)
    change = say.change(row["change"])
    return say(
        "volumes.own.change", amount=amount, was=say.number(row["value_before"]), change=change, **what
    )


def changes_in_words(of_year: pd.DataFrame, say: Words) -> list[str]:
    """The median of the same bodies in both years; who rose and who fell the most."""
    year = of_year.iloc[0]
    if not year["pairs"]:
        return [say("volumes.pairs.none")]
    middle = {"was": say.number(year["pairs_before"]), "now": say.number(year["pairs_median"])}
    pairs = say(
        "volumes.pairs", n=year["pairs"], all=year["due"], change=say.change(year["pairs_change"]), **middle
    )
    said = [pairs + say("volumes.roughly") if year["joins"] == "rough" else pairs]
    for key, column, there in (
        ("volumes.rise", "rise", year["rose"]),
        ("volumes.fall", "fall", year["fell"]),
    ):
        if there:
            row = of_year[of_year[column] == 1].iloc[0]
            ends = {"was": say.number(row["value_before"]), "now": say.number(row["value"])}
            said.append(say(key, body=row["body"], change=say.signed(row["change"]), **ends))
    return said


def reason(row: pd.Series, say: Words) -> str:
    """Why a body gives no value for a year."""
    if row["state"] in ("missing", "unreadable"):
        return say.of("state", row["state"])
    if pd.notna(row["printed"]):
        return say("volumes.unpopulated")
    return say.of("status", "absent" if pd.isna(row["status"]) else row["status"])


def cell(row: pd.Series, say: Words) -> str:
    """What the table shows: the number, or the sign of why there is none."""
    if pd.notna(row["value"]):
        return say.number(row["value"], row["bound"])
    if row["state"] in ("missing", "unreadable") or pd.notna(row["printed"]):
        return reason(row, say)
    return say.of("sign", "absent" if pd.isna(row["status"]) else row["status"])


def points_of(rows: pd.DataFrame, unit: str, say: Words) -> list[Point]:
    """A body's line: each point opens its source."""
    return [
        Point(
            year=int(row["year"]),
            value=row["value"],
            label="",
            hover=say(
                "volumes.hover.body",
                body=row["body"],
                year=row["year"],
                amount=say.amount(row["value"], unit, row["bound"]),
            ),
            report=row["report_id"],
            fact=row["fact_id"],
            hollow=row["bound"] != "exact",
            joined=bool(row["joined"] or row["joined_roughly"]),
        )
        for _, row in rows[rows["value"].notna()].iterrows()
    ]


def middles_of(years: pd.DataFrame, unit: str, say: Words) -> list[Point]:
    return [
        Point(
            year=int(row["year"]),
            value=row["median"],
            label="",
            hover=say(
                "volumes.hover.median" if pd.notna(row["q1"]) else "volumes.hover.few",
                year=row["year"],
                amount=say.amount(row["median"], unit),
                q1=say.number(row["q1"]),
                q3=say.number(row["q3"]),
                n=row["n"],
                all=row["due"],
                inexact=row["inexact"],
            ),
            report=None,
            fact=None,
            hollow=bool(row["inexact"]),
            joined=bool(row["is_joined"]),
        )
        for _, row in years[years["n"] > 0].iterrows()
    ]


@dataclass(frozen=True, slots=True)
class District:
    """The median with its quartile band over the years, the picked body's line on top, and the table behind it."""

    title: str
    swatches: list[tuple[str, str]]
    counts: list[Count]
    spreads: list[Spread]
    lines: list[Line]
    breaks: list[Break]
    edges: tuple[str, str]
    table: list[Column]


@store.kept
def district_of(
    rows: pd.DataFrame, body: str | None, label: str, unit: str, colours: charts.Palette, say: Words
) -> District | None:
    years = rows.drop_duplicates("year").sort_values("year")
    own = own_of(rows, body)
    middles, line = middles_of(years, unit, say), points_of(own, unit, say)
    if len(middles) < 2:
        return None
    lines = [Line(middles, colours.blue, say("volumes.end.median", number=say.number(middles[-1].value)))]
    swatches = [(colours.blue, say("volumes.legend.median")), (colours.soft, say("volumes.legend.band"))]
    if line:
        lines.append(Line(line, colours.rust, say("volumes.end.own", number=say.number(line[-1].value))))
        swatches.append((colours.rust, own["body"].iloc[-1]))
    spreads = [
        Spread(int(row["year"]), row["q1"], row["q3"], bool(row["is_joined"]))
        for _, row in years[years["q1"].notna()].iterrows()
    ]
    last = spreads[-1] if spreads else None
    edges = (
        (
            say("volumes.end.q1", number=say.number(last.low)),
            say("volumes.end.q3", number=say.number(last.high)),
        )
        if last
        else ("", "")
    )
    breaks = [
        Break(int(row["year"]), row["joins"], say("series.changed"), note_of(row, say))
        for _, row in years[years["joins"] != "yes"].iterrows()
    ]
    counts = [Count(int(row["year"]), int(row["n"]), int(row["due"])) for _, row in years.iterrows()]
    title = district_title(years, middles, label, unit, say)
    return District(title, swatches, counts, spreads, lines, breaks, edges, year_columns(years, say))


def show_district(drawn: District, label: str, unit: str, say: Words) -> None:
    with st.container(border=True):
        sheet.title(drawn.title, say("volumes.district.note", unit=unit))
        sheet.swatches(drawn.swatches)
        figure = charts.spread(drawn.counts, drawn.spreads, drawn.lines, drawn.breaks, drawn.edges)
        charts.show(figure, key="district", alt=say("volumes.district.alt", label=label))
        for found in drawn.breaks:
            sheet.note(
                say("series.break", year=found.year, joins=say.of("joins", found.joins), note=found.hover)
            )
        with st.expander(say("series.table")):
            tables.show(drawn.table, key="middles", alt=say("series.table"))


def district_title(years: pd.DataFrame, middles: list[Point], label: str, unit: str, say: Words) -> str:
    """To the last year from the first that joins it: of one meaning, and mostly of the same bodies."""
    since = years.loc[(years["n"] > 0) & ((years["joins"] != "yes") | ~years["is_joined"]), "year"].max()
    within = [point for point in middles if point.year >= since]
    first, last = within[0], within[-1]
    ends = {"first": first.year, "last": last.year, "now": say.amount(last.value, unit), "label": label}
    key = "volumes.district.one" if first.year == last.year else "series.title.median"
    return say(key, was=say.number(first.value), **ends)


def note_of(row: pd.Series, say: Words) -> str:
    return say("series.no_note") if pd.isna(row["joins_note"]) else row["joins_note"]


def year_columns(years: pd.DataFrame, say: Words) -> list[Column]:
    rows = [row for _, row in years.iterrows()]
    numbers = [
        Column(say(f"volumes.column.{name}"), [say.cell(row[name], "absent") for row in rows], numeric=True)
        for name in ("median", "q1", "q3")
    ]
    counts = [say("series.count", n=row["n"], all=row["due"]) for row in rows]
    same = [say.signed(row["pairs_change"]) for row in rows]
    return [
        Column(say("column.year"), [str(row["year"]) for row in rows]),
        Column(say("series.column.n"), counts, numeric=True),
        *numbers,
        Column(say("volumes.column.inexact"), [say.number(row["inexact"]) for row in rows], numeric=True),
        Column(say("volumes.column.pairs"), [say.number(row["pairs"]) for row in rows], numeric=True),
        Column(say("volumes.column.pairs_change"), same, numeric=True),
    ]


@dataclass(frozen=True, slots=True)
class Tile:
    """A body's small line: who it is, whether it is the picked one, the picture and the words under it."""

    body: str
    name: str
    is_picked: bool
    image: str
    caption: str


@store.kept
def lines_of(rows: pd.DataFrame) -> tuple[list[pd.DataFrame], int]:
    """The rows of each body that gives a value, by latest value; and how many bodies give none."""
    given = rows[rows["last_value"].notna()]
    lines = [line for _, line in given.groupby("lineage", sort=False)]
    return lines, int(rows["lineage"].nunique() - len(lines))


def show_tiles(rows: pd.DataFrame, view: View, unit: str, say: Words) -> None:
    """A small line for each body, by latest value; a click on one picks it, a click on the picked one undoes it."""
    lines, without = lines_of(rows)
    if len(lines) < 2:
        return
    with st.container(border=True):
        title = "volumes.tiles.without" if without else "volumes.tiles"
        sheet.title(say(title, count=len(lines), without=without), say("volumes.tiles.note", unit=unit))
        scales = {name: say(f"volumes.scale.{name}") for name in ("same", "own")}
        with st.container(horizontal=True, vertical_alignment="center"):
            scale = filters.switch("scale", say("volumes.scale"), scales)
        signs = ("exact", "inexact", "beyond", "lacking", "changed")
        sheet.legend([(f"spark-{sign}", say(f"volumes.sign.{sign}")) for sign in signs])
        pages = math.ceil(len(lines) / TILES)
        current = filters.page_asked(pages)
        with st.container(key="tiles", gap=None):
            for tile in tiles_of(rows, current, view, scale == "same", unit, charts.palette(), say):
                show_tile(tile)
        if pages > 1:
            sheet.steps(current, pages, say)
        if view.body:
            st.button(
                say("volumes.all"), key="all", type="tertiary", on_click=filters.put, args=("body", None)
            )


@store.kept
def tiles_of(
    rows: pd.DataFrame, page: int, view: View, same: bool, unit: str, colours: charts.Palette, say: Words
) -> list[Tile]:
    lines, _ = lines_of(rows)
    picked = lineage_of(rows, view.body)
    shown = lines[page * TILES : (page + 1) * TILES]
    return [tile_of(line, picked, view, same, unit, colours, say) for line in shown]


def tile_of(
    line: pd.DataFrame, picked: str, view: View, same: bool, unit: str, colours: charts.Palette, say: Words
) -> Tile:
    end = line.iloc[0]
    is_picked = end["lineage"] == picked
    years = [
        sparks.Year(
            year=int(row["year"]),
            value=None if pd.isna(row["value"]) else row["value"],
            hollow=row["bound"] != "exact",
            joined=bool(row["joined"]),
            roughly=bool(row["joined_roughly"]),
            changed=bool(row["meaning_changed"]),
        )
        for _, row in line[line["in_line"]].iterrows()
    ]
    svg = sparks.picture(
        years,
        (view.first, view.last),
        end["common_most"] if same else end["line_most"],
        colours.rust if is_picked else colours.blue,
        colours,
    )
    amount = say.amount(end["last_value"], unit, end["last_bound"])
    alt = say("volumes.tile.alt", body=end["newest_name"], year=int(end["last_year"]), amount=amount)
    number = say.number(end["last_value"], end["last_bound"])
    key = "volumes.tile" if end["last_year"] == view.last else "volumes.tile.earlier"
    caption = say(key, number=number, year=int(end["last_year"]))
    return Tile(end["newest_body"], end["newest_name"], is_picked, sparks.image(svg, alt), caption)


def show_tile(tile: Tile) -> None:
    with st.container(key=f"tile-{'picked-' * tile.is_picked}{tile.body}", gap=None):
        st.button(
            literal(tile.name),
            key=f"pick-{tile.body}",
            type="tertiary",
            on_click=filters.put,
            args=("body", None if tile.is_picked else tile.body),
        )
        sheet.picture(tile.image, tile.caption)


@store.kept
def body_columns(rows: pd.DataFrame, say: Words) -> list[Column]:
    """Bodies by years, each figure opening its source."""
    shown = rows.assign(
        shown=[cell(row, say) for _, row in rows.iterrows()],
        target=[target(row) for _, row in rows.iterrows()],
    )
    texts = tables.crossed(shown, "body_id", "year", "shown")
    targets = tables.crossed(shown, "body_id", "year", "target")
    names = shown.drop_duplicates("body_id")["body"]
    columns = [Column(say("column.body"), list(names))]
    for year in sorted(texts.columns, reverse=True):
        cells = ["" if pd.isna(text) else text for text in texts[year]]
        leads = [found if isinstance(found, Target) else None for found in targets[year]]
        columns.append(Column(str(year), cells, leads, numeric=True))
    return columns


def show_table(rows: pd.DataFrame, view: View, label: str, unit: str, per: bool, say: Words) -> None:
    sheet.title(say("volumes.table", label=label, unit=unit), say("volumes.table.note"))
    alt = say("volumes.table", label=label, unit=unit)
    tables.show(body_columns(rows, say), key="volumes", alt=alt, rows=24)
    file = say("volumes.file", scope=view.scope, first=view.first, last=view.last)
    download = exported(rows, label, unit, per, say)
    tables.download_rows(download, say, name=file, key="volumes-download")


def target(row: pd.Series) -> Target | None:
    if pd.isna(row["report_id"]):
        return None
    return Target(row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"])


@store.kept
def exported(rows: pd.DataFrame, label: str, unit: str, per: bool, say: Words) -> pd.DataFrame:
    """The rows as they are downloaded: codes in words; the number of residents only where it was asked for."""
    named = rows.assign(
        label=label,
        unit=unit,
        status=[say.of("status", "reported") if pd.notna(row["value"]) else reason(row, say) for _, row in rows.iterrows()],
        bound=["" if pd.isna(bound) else say.of("bound_name", bound) for bound in rows["bound"]],
    )  # fmt: skip
    columns = ["body", "year", "label", "value", "unit", "status", "bound", "report_id", "fact_id"]
    asked = ["printed", "residents", "population_year", "population_source"] if per else []
    return named[[*columns, *asked]]


def lineage_of(rows: pd.DataFrame, body: str | None) -> str:
    """The body's line with those that it came from."""
    return rows.loc[rows["body_id"] == body, "lineage"].min()


def own_of(rows: pd.DataFrame, body: str | None) -> pd.DataFrame:
    return rows[(rows["lineage"] == lineage_of(rows, body)) & rows["in_line"]]


@store.kept
def in_words(rows: pd.DataFrame, view: View, label: str, unit: str, say: Words) -> list[str] | None:
    """The answer; none where there is nothing to answer with."""
    if rows.empty or pd.isna(rows["latest"].iloc[0]):
        return None
    return answer(rows, own_of(rows, view.body), view, label, unit, say)


@store.kept
def options_of(measures: pd.DataFrame, say: Words) -> dict[str, str]:
    return {
        row["measure"]: say("volumes.measure", label=row["label"], figures=say.number(row["figures"]))
        for _, row in measures.iterrows()
    }


def show_categories(view: View, say: Words) -> None:
    """The categories of one report: the picked body's newest, or the only report that lists any."""
    listed = store.ask("categories_listed", **view.query())
    if listed.empty:
        return
    if view.body is None and len(listed) > 1:
        sheet.note(say("volumes.categories.pick", n=len(listed)))
        return
    names = {row["report_id"]: str(row["year"]) for _, row in listed.iterrows()}
    chosen = listed.iloc[0]
    if len(names) > 1:
        report = filters.choice("listed", say("volumes.categories.year"), names)
        chosen = listed[listed["report_id"] == report].iloc[0]
    categories.show(chosen, say)


def show_populations(populations: pd.DataFrame, view: View, say: Words) -> None:
    """The populations that the values are divided by, with their sources."""
    with st.expander(say("volumes.populations", count=populations["body_id"].nunique())):
        sheet.note(say("volumes.populations.invented" if view.invented else "volumes.populations.note"))
        columns = [
            Column(say("column.body"), list(populations["body"])),
            Column(say("csv.population_year"), [str(year) for year in populations["population_year"]]),
            Column(
                say("csv.residents"), [say.number(count) for count in populations["residents"]], numeric=True
            ),
            Column(say("csv.population_source"), list(populations["population_source"]), width="medium"),
            Column(say("volumes.column.url"), list(populations["url"]), width="medium"),
        ]
        tables.show(columns, key="populations", alt=say("volumes.populations.note"))


say = speak()
view = sheet.opened(say)
head = st.container()
span = {"bodies": view.bodies, "first": view.first, "last": view.last}
measures = store.ask("measures_counted", section=SECTION, language=say.language, **span)
populations = store.ask("populations_of_bodies", bodies=view.bodies)
options = options_of(measures, say)
with st.container(horizontal=True, vertical_alignment="bottom", key="asked"):
    asked = filters.choice("measure", say("volumes.measures"), options, "page")
    view_per = False
    if not populations.empty:
        bases = {name: say(f"volumes.per.{name}") for name in ("report", "residents")}
        view_per = filters.switch("per", say("volumes.per"), bases) == "residents"
if populations.empty:
    sheet.note(say("volumes.no_population"))
measure = measures[measures["measure"] == asked].iloc[0]
label, unit = measure["label"], unit_of(measure, view_per, say)
rows = store.ask("volumes_by_body", measure=asked, per=view_per, language=say.language, **span)

is_disclosed = asked == measures["measure"].iloc[0]
with head:
    said = in_words(rows, view, label, unit, say)
    sheet.head(
        question(view, label, is_disclosed, say),
        said or [say("volumes.none", label=label)],
        view.invented,
        say,
    )
if said:
    if drawn := district_of(rows, view.body, label, unit, charts.palette(), say):
        show_district(drawn, label, unit, say)
    show_tiles(rows, view, unit, say)
if is_disclosed:
    show_categories(view, say)
if not rows.empty:
    show_table(rows, view, label, unit, view_per, say)
if view_per:
    show_populations(populations, view, say)
tables.download(view, say, name=say("menu.volumes"), measures=[asked])
