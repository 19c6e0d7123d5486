"""对比: two to six bodies side by side, or one against the bodies of its county and kind, on chosen measures."""

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, sheet, store, tables
from pages.ui.charts import Band, Break, Course, Point
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, literal, speak

USUAL = ["items_disclosed", "requests_received", "granted", "interpretations"]
MOST_BODIES = charts.MOST_LINES
MOST_MEASURES = 8
NAMED = 3


def bodies_asked(view: View) -> list[str]:
    """The bodies that the address names, else the one that is picked for every page."""
    named = filters.asked("with", view.names)
    return named or ([view.body] if view.body else [])


def ask_what(view: View, measures: pd.DataFrame, say: Words) -> tuple[list[str], list[str]]:
    """The boxes for bodies and measures, set from the address; what is too much is said, and left out."""
    bodies = bodies_asked(view)
    names = {row["measure"]: name_of(row, say) for _, row in measures.iterrows()}
    wanted = filters.asked("measure", names) or [measure for measure in USUAL if measure in names]
    left, right = st.columns(2, gap="small")
    with left:
        filters.pick_many("with", say("compare.with"), view.names, bodies, say("compare.with.hint"))
    with right:
        filters.pick_many("measure", say("compare.measures"), names, wanted, say("compare.measures.hint"))
    if len(bodies) > MOST_BODIES:
        sheet.note(say("compare.too_many", most=MOST_BODIES, count=len(bodies)))
    if len(wanted) > MOST_MEASURES:
        sheet.note(say("compare.too_many.measures", most=MOST_MEASURES, count=len(wanted)))
    return bodies[:MOST_BODIES], wanted[:MOST_MEASURES]


def ask_how(view: View, usual: int, single: bool, say: Words) -> tuple[int, bool]:
    """The year of the tables, and whether the peers' median is drawn: always behind one body alone."""
    years = {str(year): str(year) for year in reversed(view.years())}
    year = next(iter(filters.asked("year", years)), str(usual))
    group = {"": say("compare.against.none"), "peers": say("compare.against.peers")}
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    with left:
        filters.pick_from("year", say("compare.year"), years, year, str(usual))
    with right:
        against = "peers" if single else filters.switch("against", say("compare.against"), group)
    return int(year), against == "peers"


def name_of(row: pd.Series, say: Words) -> str:
    """A measure's name; one that is only a part of another is named with it, one that has a short name by that."""
    short = say.family("short").get(row["measure"])
    if short or pd.isna(row.get("parent")):
        return short or str(row["label"])
    return say("requests.row", parent=row["parent"], label=row["label"])


def answer(standing: pd.DataFrame, bodies: pd.DataFrame, year: int, say: Words) -> list[str]:
    """Of how many measures which body has the most, or how one stands to its peers, and what cannot be compared."""
    if len(bodies) == 1:
        return answer_of_one(standing, bodies["body"].iloc[0], year, say)
    compared = standing[standing["comparable"]]
    said = [say("compare.counts", year=year, bodies=len(bodies), n=len(compared), all=len(standing))]
    first = bodies[bodies["first"] > 0]
    parts = [say("compare.first", body=row["body"], first=row["first"]) for _, row in first.iterrows()]
    if parts:
        said.append(say("compare.firsts", parts=say("list.separator").join(parts)))
    shared = len(compared[~compared["has_first"]])
    if shared:
        said.append(say("compare.shared", count=shared))
    return said + lacking(standing, say) + inexact(compared, say)


def answer_of_one(standing: pd.DataFrame, body: str, year: int, say: Words) -> list[str]:
    against = standing["against"]
    known = standing[against.notna()]
    counts = {key: len(standing[against == key]) for key in ("above", "below", "equal")}
    said = [say("compare.one", body=body, year=year, n=len(known), all=len(standing), **counts)]
    unknown = [name_of(row, say) for _, row in standing[against.isna()].iterrows()]
    if unknown:
        said.append(say("compare.one.lacking", count=len(unknown), names=say.listed(unknown)))
    return said + inexact(known, say)


def lacking(standing: pd.DataFrame, say: Words) -> list[str]:
    """The measures that fewer than two have, by name, and whose figures are missing."""
    without = standing[~standing["comparable"]]
    if without.empty:
        return []
    names = [name_of(row, say) for _, row in without.iterrows()]
    return [say("compare.lacking", count=len(without), names=say.listed(names, most=NAMED))]


def inexact(rows: pd.DataFrame, say: Words) -> list[str]:
    count = len(rows[rows["holds_bound"]])
    return [say("compare.inexact", count=count)] if count else []


def show_lines(
    rows: pd.DataFrame, standing: pd.DataFrame, view: View, year: int, peers: bool, say: Words
) -> None:
    """A small chart for each measure that has a figure, two beside one another; the others are named."""
    drawn = [name for name in standing["measure"] if rows.loc[rows["measure"] == name, "value"].notna().any()]
    for first in range(0, len(drawn), 2):
        pair = drawn[first : first + 2]
        for column, name in zip(st.columns(min(len(drawn), 2), gap="small"), pair, strict=False):
            with column, st.container(border=True, height="stretch"):
                one = standing[standing["measure"] == name].iloc[0]
                show_line(rows[rows["measure"] == name], one, view, year, peers, say)
    empty = [name_of(row, say) for _, row in standing[~standing["measure"].isin(drawn)].iterrows()]
    if empty:
        sheet.note(say("compare.empty", count=len(empty), names=say.listed(empty, most=MOST_MEASURES)))


def show_line(rows: pd.DataFrame, one: pd.Series, view: View, year: int, peers: bool, say: Words) -> None:
    label = say("column.measure", label=name_of(one, say), unit=say.of("unit", one["unit"]))
    sheet.title(seen(one, label, year, say))
    lines = []
    breaks: dict[int, Break] = {}
    for body, found in rows.groupby("body", sort=False):
        joins = {int(row["year"]): str(row["joins"]) for _, row in found[found["joins"] != "yes"].iterrows()}
        points = [point(row, say) for _, row in found[found["value"].notna()].iterrows()]
        if points:
            lines.append(Course(end_of(str(body), points[-1], view, say), points, joins))
    for _, row in rows[(rows["joins"] != "yes") & rows["value"].notna()].iterrows():
        note = say("series.no_note") if pd.isna(row["note"]) else row["note"]
        breaks[int(row["year"])] = Break(int(row["year"]), row["joins"], say("series.changed"), note)
    band = bands(rows, say) if peers else []
    charts.show(
        charts.lines(view.years(), lines, list(breaks.values()), band, say("compare.median")),
        key=f"lines-{one['measure']}",
        alt=say("compare.alt", label=label),
    )
    for found_break in breaks.values():
        joins = say.of("joins", found_break.joins)
        sheet.note(say("series.break", year=found_break.year, joins=joins, note=found_break.hover))


def end_of(body: str, last: Point, view: View, say: Words) -> str:
    """The words at the end of a line; one that ends before the others says in which year."""
    key = "compare.end" if last.year == view.last else "compare.end.before"
    return say(key, body=body, label=last.label, year=last.year)


def seen(one: pd.Series, label: str, year: int, say: Words) -> str:
    """What is to be seen in a chart: who has the most and the least in the year, or why that cannot be said."""
    if one["bodies"] == 1:
        if pd.isna(one["first_value"]):
            return say("compare.title.none", label=label, year=year)
        key = "alone" if pd.isna(one["against"]) else one["against"]
        numbers = {"own": say.number(one["first_value"]), "median": say.number(one["median"])}
        return say(f"compare.title.{key}", label=label, year=year, **numbers)
    if not one["comparable"]:
        return say("compare.title.lacking", label=label, year=year, n=one["with_value"], all=one["bodies"])
    if one["greatest"] == one["least"]:
        return say("compare.title.same", label=label, year=year, value=say.number(one["greatest"]))
    named = {name: say.listed(list(one[name])) for name in ("highest", "lowest")}
    numbers = {name: say.number(one[name]) for name in ("greatest", "least")}
    return say("compare.title", label=label, year=year, **named, **numbers)


def point(row: pd.Series, say: Words) -> Point:
    return Point(
        year=int(row["year"]),
        value=row["value"],
        label=say.number(row["value"], row["bound"]),
        hover=say(
            "compare.hover",
            amount=say.amount(row["value"], row["unit"], row["bound"]),
            **row[["body", "year"]],
        ),
        report=row["report_id"],
        fact=None if pd.isna(row["fact_id"]) else row["fact_id"],
        hollow=row["bound"] != "exact",
        joined=bool(row["follows"]),
    )


def bands(rows: pd.DataFrame, say: Words) -> list[Band]:
    """The quartiles of the peers, where all bodies have the same peers and two of these have a figure."""
    if rows["peers"].nunique() > 1:
        return []
    found = rows[rows["n"] > 1].drop_duplicates("year").sort_values("year")
    return [
        Band(int(row["year"]), row["q1"], row["median"], row["q3"], say("compare.band", year=row["year"], q1=say.number(row["q1"]), q3=say.number(row["q3"]), median=say.number(row["median"]), n=row["n"], all=row["due"]))
        for _, row in found.iterrows()
    ]  # fmt: skip


def show_tables(
    rows: pd.DataFrame, standing: pd.DataFrame, bodies: pd.DataFrame, year: int, say: Words
) -> None:
    """Measures against bodies in one year: the figures, and how far each is from its own peers' median."""
    found = rows[rows["year"] == year].set_index(["measure", "body_id"])
    labels = [
        say("column.measure", label=name_of(row, say), unit=say.of("unit", row["unit"]))
        for _, row in standing.iterrows()
    ]
    figures = [Column(say("source.column.name"), labels, width=190)]
    differences = [Column(say("source.column.name"), labels, width=190)]
    for _, body in bodies.iterrows():
        cells = [
            found.loc[(measure, body["body_id"])] if (measure, body["body_id"]) in found.index else None
            for measure in standing["measure"]
        ]
        targets = [None if cell is None else target(cell) for cell in cells]
        figures.append(Column(body["body"], [figure(cell, say) for cell in cells], targets, numeric=True))
        differences.append(
            Column(body["body"], [difference(cell, say) for cell in cells], targets, numeric=True)
        )
    if rows["peers"].nunique() == 1:
        groups = found[~found.index.get_level_values("measure").duplicated()].droplevel("body_id")
        peers = [groups.loc[name] if name in groups.index else None for name in standing["measure"]]
        figures += [
            Column(say("compare.median"), [median(cell, say) for cell in peers], numeric=True),
            Column(say("compare.column.quartiles"), [quartiles(cell, say) for cell in peers], numeric=True),
        ]
    sheet.title(say("compare.table", year=year), say("compare.table.note"))
    tables.show(figures, key="figures", alt=say("compare.table", year=year))
    sheet.title(say("compare.differences", year=year), say("compare.differences.note"))
    tables.show(differences, key="differences", alt=say("compare.differences", year=year))


def figure(cell: pd.Series | None, say: Words) -> str:
    """A figure, or in words why there is none."""
    if cell is None:
        return say("compare.not_owed")
    if pd.notna(cell["value"]):
        return say.number(cell["value"], cell["bound"])
    return say.of("state" if cell["status"] in ("missing", "unreadable") else "status", cell["status"])


def median(cell: pd.Series | None, say: Words) -> str:
    """The middle of the peers with the n of N that it rests on."""
    if cell is None or cell["n"] < 2:
        return say("sign.absent")
    return say("compare.difference", difference=say.number(cell["median"]), n=cell["n"], all=cell["due"])


def quartiles(cell: pd.Series | None, say: Words) -> str:
    if cell is None or cell["n"] < 2:
        return say("sign.absent")
    return say("profile.range", least=say.number(cell["q1"]), greatest=say.number(cell["q3"]))


def difference(cell: pd.Series | None, say: Words) -> str:
    if cell is None or pd.isna(cell["difference"]) or cell["n"] < 2:
        return say("sign.absent")
    return say("compare.difference", difference=say.signed(cell["difference"]), n=cell["n"], all=cell["due"])


def target(cell: pd.Series) -> Target | None:
    if pd.isna(cell["report_id"]):
        return None
    return Target(cell["report_id"], None if pd.isna(cell["fact_id"]) else cell["fact_id"])


def exported(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows as they are downloaded: codes in words."""
    return rows.assign(
        label=[name_of(row, say) for _, row in rows.iterrows()],
        unit=[say.of("unit", unit) for unit in rows["unit"]],
        status=[
            say.of("state" if status in ("missing", "unreadable") else "status", status)
            for status in rows["status"]
        ],
        bound=[say.of("bound_name", bound) for bound in rows["bound"]],
    )


say = speak()
view = sheet.opened(say)
head = st.container()
measures = store.ask(
    "measures_of_bodies", language=say.language, bodies=view.bodies, first=view.first, last=view.last
)
bodies, wanted = ask_what(view, measures, say)
if not bodies or not wanted:
    with head:
        counts = {"bodies": len(view.names), "measures": len(measures), "most": MOST_BODIES}
        sheet.head(say("compare.question"), [say("compare.none", **counts)], view.invented, say)
    sheet.note(say("compare.none.how", most=MOST_BODIES, measures=MOST_MEASURES))
    if len(view.names) > 1:
        first = list(view.names)[:NAMED]
        names = say("list.separator").join(view.names[body] for body in first)
        link = {**filters.carried(), "with": first}
        st.page_link("compare.py", label=literal(say("compare.try", names=names)), query_params=link)
else:
    asked = {"bodies": bodies, "measures": wanted}
    rows = store.ask("compare_by_year", first=view.first, last=view.last, language=say.language, **asked)
    known = rows["usual_year"].dropna()
    year, peers = ask_how(view, view.last if known.empty else int(known.iloc[0]), len(bodies) == 1, say)
    standing = store.ask("compare_by_measure", year=year, language=say.language, **asked)
    firsts = store.ask("compare_by_body", year=year, **asked)
    with head:
        sheet.head(say("compare.question"), answer(standing, firsts, year, say), view.invented, say)
    if peers and rows["peers"].nunique() > 1:
        sheet.note(say("compare.against.mixed"))
    show_lines(rows, standing, view, year, peers, say)
    show_tables(rows, standing, firsts.set_index("body_id").loc[bodies].reset_index(), year, say)
    name = say("download.file", page=say("menu.compare"), scope=view.scope, first=view.first, last=view.last)
    tables.download_rows(exported(rows, say), say, name=name)
