"""乡镇画像: one body on one sheet: its years, channels, requests, checks, words and peers; made to be printed."""

import dataclasses

import pandas as pd
import streamlit as st

from pages.ui import charts, filters, mix, provenance, series, sheet, sides, store, tables
from pages.ui.charts import Dot, Strip
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak

MEASURES = ["items_disclosed", "requests_received"]
COMPARED = [*MEASURES, "interpretations"]
SERIES = {"items_disclosed": "median", "requests_received": "total"}
OPENING = 200
NAMED = 12


def answer(
    reports: pd.DataFrame, latest: pd.Series | None, peers: pd.DataFrame, view: View, say: Words
) -> list[str]:
    """The newest report and whether it was in time, its main figures beside the peers', its sums, its years."""
    if reports.empty:
        return [say("profile.never", first=view.first, last=view.last)]
    owed = {"first": view.first, "last": view.last, "owed": int(reports["owed"].iloc[0])}
    if latest is None:
        return [say("profile.nothing", **owed)]
    state = say(f"profile.latest.{latest['state']}", **days(latest, say))
    said = [say("profile.latest", year=latest["year"], state=state)]
    newest = reports.iloc[0]
    if newest["state"] == "missing":
        said.append(say("profile.missing", year=newest["year"]))
    if latest["state"] != "unreadable":
        said += [beside(peers[peers["measure"] == measure], say) for measure in MEASURES]
        said.append(checks(latest, say))
    said.append(say("profile.years", held=int(reports["held"].iloc[0]), **owed))
    figures = len(reports[reports["state"] == "figures"])
    return [*said, say("profile.years.figures", figures=figures)] if figures else said


def days(report: pd.Series, say: Words) -> dict[str, str]:
    return {"day": say.day(report["published"]), "limit": say.day(report["publication_limit"])}


def beside(rows: pd.DataFrame, say: Words) -> str:
    """A figure of the body and the median of its county's bodies of its kind, with the n of N it rests on."""
    own = rows[rows["is_self"]].iloc[0]
    label = label_of(own, say)
    if pd.isna(own["value"]):
        return say("profile.figure.none", label=label, status=say.of("status", own["status"]))
    amount = say.amount(own["value"], own["unit"], own["bound"])
    if own["n"] < 2:
        return say("profile.figure.alone", label=label, amount=amount, n=own["n"], due=own["due"])
    key = "same" if own["difference"] == 0 else "more" if own["difference"] > 0 else "less"
    numbers = {"median": say.number(own["median"]), "difference": say.number(abs(own["difference"]))}
    return say(f"profile.figure.{key}", label=label, amount=amount, n=own["n"], due=own["due"], **numbers)


def label_of(row: pd.Series, say: Words) -> str:
    return say("profile.days_before_limit") if pd.isna(row["label"]) else str(row["label"])


def checks(latest: pd.Series, say: Words) -> str:
    if pd.isna(latest["assessable"]) or not latest["assessable"]:
        return say("profile.checks.none")
    key = "profile.checks.broken" if latest["broken"] else "profile.checks.hold"
    return say(key, broken=latest["broken"], assessable=latest["assessable"])


def show_facts(lineage: pd.DataFrame, latest: pd.Series | None, say: Words) -> None:
    """Who the body is, under which names before and after, and where it reports."""
    own = lineage[lineage["is_self"]].iloc[0]
    kind = say.of("kind", own["kind"])
    place = (
        own["place"] if pd.isna(own["prefecture"]) else say("profile.place", **own[["prefecture", "place"]])
    )
    pairs = [
        (say("profile.fact.name"), own["name"]),
        (say("profile.fact.kind"), kind),
        (say("profile.fact.place"), place),
        (say("profile.fact.code"), say("sign.absent") if pd.isna(own["code"]) else own["code"]),
        (say("profile.fact.lineage"), lineage_in_words(lineage, say)),
    ]
    if latest is not None:
        key = "source.figures" if latest["state"] == "figures" else "source.report"
        pairs.append((say("profile.fact.latest"), say(key, **latest[["body", "year"]])))
    sheet.facts(pairs)


def lineage_in_words(lineage: pd.DataFrame, say: Words) -> str:
    """The names of the line in their order with their years; one name alone has no history."""
    if len(lineage) == 1 and lineage[["valid_from", "valid_to"]].isna().all(axis=None):
        return say("profile.lineage.none")
    names = [
        say(f"profile.lineage.{span(row)}", **row[["name", "valid_from", "valid_to"]])
        for _, row in lineage.iterrows()
    ]
    return say("profile.lineage.then").join(names)


def span(body: pd.Series) -> str:
    ends = (pd.notna(body["valid_from"]), pd.notna(body["valid_to"]))
    return {(True, True): "both", (True, False): "from", (False, True): "to", (False, False): "ever"}[ends]


def show_links(view: View, latest: pd.Series | None, say: Words) -> None:
    """From the sheet to the report, to its peers and to the pages that say more of one thing."""
    with st.container(horizontal=True, key="links", gap="medium"):
        if latest is not None:
            key = "profile.open.figures" if latest["state"] == "figures" else "profile.open.report"
            provenance.link(latest["report_id"], None, say(key, **latest[["body", "year"]]))
        here = filters.carried()
        st.page_link(
            "compare.py", label=say("profile.open.compare"), query_params={**here, "with": [str(view.body)]}
        )
        for page in ("channels", "requests"):
            st.page_link(f"{page}.py", label=say(f"menu.{page}"), query_params=here)


def show_reports(reports: pd.DataFrame, facts: pd.DataFrame, say: Words) -> None:
    """Every year: in time or not, its form, its main figures, what was read and what does not add up."""
    rows = [row for _, row in reports.iterrows()]
    renamed = reports["body"].nunique() > 1
    to_report = [None if pd.isna(row["report_id"]) else Target(row["report_id"]) for row in rows]
    columns = [
        Column(say("column.year"), [year_of(row, renamed, say) for row in rows], to_report),
        Column(say("profile.column.state"), [say.of("state", row["state"]) for row in rows]),
        Column(
            say("profile.column.published"),
            [
                f"{row['published']:%Y-%m-%d}" if pd.notna(row["published"]) else say("sign.absent")
                for row in rows
            ],
        ),
        Column(say("profile.column.form"), [form_of(row, say) for row in rows]),
        *(figure_column(measure, rows, facts, say) for measure in MEASURES),
        Column(
            say("profile.column.figures"),
            [say.number(row["figures"]) or say("sign.absent") for row in rows],
            numeric=True,
        ),
        Column(say("profile.column.broken"), [broken_of(row, say) for row in rows], numeric=True),
        Column(
            say("profile.column.source"),
            [say("open.source") if target else say("sign.absent") for target in to_report],
            to_report,
        ),
    ]
    late = len(reports[reports["state"] == "late"])
    missing = len(reports[reports["state"] == "missing"])
    first = reports.iloc[0]
    key = "gaps" if missing or late else "whole"
    counts = {"owed": int(first["owed"]), "held": int(first["held"]), "late": late, "missing": missing}
    sheet.title(say(f"profile.reports.{key}", **counts), say("profile.reports.note"))
    tables.sheet(columns, alt=say("profile.reports.alt"))


def year_of(row: pd.Series, renamed: bool, say: Words) -> str:
    return say("channels.bar", **row[["body", "year"]]) if renamed else str(row["year"])


def form_of(row: pd.Series, say: Words) -> str:
    if pd.notna(row["form"]):
        return str(row["form"])
    return say("sign.absent") if pd.isna(row["report_id"]) else say("state.figures")


def broken_of(row: pd.Series, say: Words) -> str:
    """How many checks broke of how many that could be judged; none to judge is not none broken."""
    if pd.isna(row["assessable"]) or not row["assessable"]:
        return say("sign.absent")
    return say("series.count", n=row["broken"], all=row["assessable"])


def figure_column(measure: str, rows: list[pd.Series], facts: pd.DataFrame, say: Words) -> Column:
    """A main figure of each year's report, as it is printed; what is not there stands as not there."""
    found = {fact["report_id"]: fact for _, fact in facts[facts["measure"] == measure].iterrows()}
    given = [found.get(row["report_id"]) for row in rows]
    return Column(
        say(f"profile.column.{measure}"),
        [
            say("sign.absent") if fact is None else say.cell(fact["value"], fact["status"], fact["bound"])
            for fact in given
        ],
        [None if fact is None else Target(fact["report_id"], fact["fact_id"]) for fact in given],
        numeric=True,
    )


def show_peers(peers: pd.DataFrame, latest: pd.Series, say: Words) -> None:
    """Where the body stands among its county's bodies of its kind, measure by measure."""
    shown = [rows for _, rows in peers.groupby("measure", sort=False) if rows["value"].notna().any()]
    own = [rows[rows["is_self"]].iloc[0] for rows in shown]
    if not own:
        return
    placed = [row for row in own if pd.notna(row["value"]) and row["n"] > 1]
    due = int(own[0]["due"])
    kind = say.of("kind", latest["kind"])
    with st.container(border=True, key="peers"):
        key = "some" if placed else "none"
        sheet.title(
            say(
                f"profile.peers.{key}",
                year=latest["year"],
                kind=kind,
                due=due,
                body=latest["body"],
                above=len([row for row in placed if row["difference"] > 0]),
                n=len(placed),
            ),
            say("profile.peers.note"),
        )
        drawn = [strip(rows, say) for rows in shown if rows["n"].iloc[0] > 1]
        if drawn:
            charts.show(charts.strips(drawn), key="strips", alt=say("profile.peers.alt"))
        tables.sheet(peer_columns(own, say), alt=say("profile.peers.alt"))
        if any(row["holds_bound"] for row in own):
            sheet.note(say("profile.peers.inexact"))


def strip(rows: pd.DataFrame, say: Words) -> Strip:
    own = rows[rows["is_self"]].iloc[0]
    found = rows[rows["value"].notna()]
    dots = [
        Dot(
            at=row["at"],
            above=int(row["above"]),
            hover=say(
                "profile.peers.hover",
                body=row["body"],
                amount=say.amount(row["value"], row["unit"], row["bound"]),
            ),
            report=row["report_id"],
            fact=None if pd.isna(row["fact_id"]) else row["fact_id"],
            is_self=bool(row["is_self"]),
        )
        for _, row in found.iterrows()
    ]
    return Strip(
        name=label_of(own, say),
        words=beside_name(own, say),
        least=say("profile.peers.least", amount=say.amount(own["least"], own["unit"])),
        greatest=say("profile.peers.greatest", amount=say.amount(own["greatest"], own["unit"])),
        median_at=None if pd.isna(own["median_at"]) else own["median_at"],
        dots=dots,
    )


def figure_of(own: pd.Series, say: Words) -> str:
    if pd.isna(own["value"]):
        return say.of("status", own["status"])
    return say.amount(own["value"], own["unit"], own["bound"])


def beside_name(own: pd.Series, say: Words) -> str:
    """The figure with its place, short enough for a telephone; the table under it says the rest."""
    figure = figure_of(own, say)
    if pd.isna(own["standing"]) or own["n"] < 2:
        return figure
    return say("profile.peers.words", figure=figure, standing=own["standing"], n=own["n"])


def standing(own: pd.Series, say: Words) -> str:
    """The place from the highest, shared or not, among how many that have a figure."""
    if pd.isna(own["value"]) or own["n"] < 2:
        return say("profile.standing.none", n=own["n"], due=own["due"])
    if own["sharing"] == own["n"]:
        return say("profile.standing.same", n=own["n"], due=own["due"])
    key = "profile.standing.shared" if own["sharing"] > 1 else "profile.standing"
    return say(key, standing=own["standing"], sharing=own["sharing"], n=own["n"], due=own["due"])


def peer_columns(own: list[pd.Series], say: Words) -> list[Column]:
    return [
        Column(say("source.column.name"), [say("column.measure", label=label_of(row, say), unit=say.of("unit", row["unit"])) for row in own]),
        Column(say("profile.column.own"), [say.cell(row["value"], row["status"], row["bound"]) for row in own], [None if pd.isna(row["report_id"]) else Target(row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"]) for row in own], numeric=True),
        Column(say("profile.column.median"), [say.number(row["median"]) if row["n"] > 1 else say("sign.absent") for row in own], numeric=True),
        Column(say("profile.column.range"), [say("profile.range", least=say.number(row["least"]), greatest=say.number(row["greatest"])) if row["n"] > 1 else say("sign.absent") for row in own], numeric=True),
        Column(say("profile.column.standing"), [standing(row, say) for row in own]),
    ]  # fmt: skip


def show_channels(latest: pd.Series, say: Words) -> None:
    asked = {"bodies": [latest["body_id"]], "first": int(latest["year"]), "last": int(latest["year"])}
    totals = store.ask("totals_by_report", **asked)
    named = store.ask("channels_by_report", language=say.language, **asked)
    own = latest["report_id"]
    totals, named = totals[totals["report_id"] == own], named[named["report_id"] == own]
    if totals.empty:
        with st.container(border=True):
            sheet.title(say("channels.title.none"), say("channels.none"))
        return
    mix.show(named, totals, say)
    counted = [row for _, row in named[named["value"].notna()].iterrows()]
    if counted:
        columns = [
            Column(say("profile.column.channel"), [channel(row, say) for row in counted]),
            Column(
                say("source.column.figure"),
                [say.number(row["value"], row["bound"]) for row in counted],
                [Target(own, row["fact_id"]) for row in counted],
                numeric=True,
            ),
        ]
        tables.sheet(columns, alt=say("channels.alt"))
    unfilled = list(named.loc[named["value"].isna(), "label"].drop_duplicates())
    if unfilled:
        sheet.note(say("channels.unfilled", names=say.listed(unfilled, most=NAMED)))


def channel(row: pd.Series, say: Words) -> str:
    if pd.isna(row["account"]):
        return str(row["label"])
    account = say("channels.account", account=row["account"])
    return say("profile.channel", label=row["label"], account=account)


def show_requests(latest: pd.Series, say: Words) -> None:
    """Both sides of the requests, flow by flow; that none came in is said in a line."""
    flows = store.ask("request_flows", reports=[latest["report_id"]], language=say.language)
    if flows.empty or flows["value"].isna().all():
        with st.container(border=True):
            sheet.title(say("profile.requests.none"))
        return
    if not (flows["value"] > 0).any():
        with st.container(border=True):
            sheet.title(say("profile.requests.zero", **latest[["body", "year"]]))
            received = flows.iloc[0]
            if pd.notna(received["fact_id"]):
                provenance.link(received["report_id"], received["fact_id"], say("open.source"))
        return
    unit = str(flows["unit"].iloc[0])
    sides.show(flows, unit, say)
    rows = [row for _, row in flows.iterrows()]
    columns = [
        Column(say("profile.column.flow"), [say.of("flow", row["flow"]) for row in rows]),
        Column(say("profile.column.side"), [say(f"requests.side.{row['side']}") for row in rows]),
        Column(
            say("column.measure", label=say("source.column.figure"), unit=say.of("unit", unit)),
            [say.number(row["value"]) or say("sign.blank") for row in rows],
            [None if pd.isna(row["fact_id"]) else Target(row["report_id"], row["fact_id"]) for row in rows],
            numeric=True,
        ),
    ]
    tables.sheet(columns, alt=say("requests.alt"))


def show_broken(latest: pd.Series, say: Words) -> None:
    """The sums that do not come out, each with the way to its figure."""
    asked = {"bodies": [latest["body_id"]], "first": int(latest["year"]), "last": int(latest["year"])}
    broken = store.ask("broken_checks", language=say.language, **asked)
    broken = broken[(broken["report_id"] == latest["report_id"]) & (broken["outcome"] == "broken")]
    if broken.empty:
        key = (
            "profile.broken.none"
            if pd.notna(latest["assessable"]) and latest["assessable"]
            else "checks.title.none"
        )
        sheet.title(say(key, assessable=latest["assessable"], year=latest["year"]))
        return
    sheet.title(
        say("profile.broken", year=latest["year"], broken=len(broken), assessable=latest["assessable"]),
        say("checks.note"),
    )
    for place, (_, row) in enumerate(broken.iterrows()):
        with st.container(key=f"broken-{place}", gap=None):
            sheet.finding(row["outcome"], row["label"], row["message"], say)
            provenance.link(
                row["report_id"], None if pd.isna(row["fact_id"]) else row["fact_id"], say("open.source")
            )


def show_texts(latest: pd.Series, say: Words) -> None:
    """How the report itself begins its overview and its account of problems; the whole on a click."""
    texts = store.ask("section_texts", report=latest["report_id"])
    if texts.empty:
        return
    sheet.title(say("profile.texts"), say("profile.texts.note", **latest[["body", "year"]]))
    for _, row in texts.iterrows():
        sheet.note(
            say(
                "profile.text",
                section=say.of("profile.section", row["section"]),
                count=say.number(row["characters"]),
            )
        )
        provenance.show_text([provenance.opening(row["texts"], OPENING)])
        if row["characters"] > OPENING:
            with st.expander(say("profile.text.whole", section=say.section(row["section"]))):
                provenance.show_text(row["texts"])
        provenance.link(latest["report_id"], None, say("open.source"), [f"b{row['block']}"])


def show_likeness(latest: pd.Series, say: Words) -> None:
    alike = store.ask("similarities_of_report", report=latest["report_id"])
    if alike.empty:
        return
    copied = len(alike[alike["copied"] > 0])
    sheet.title(
        say("profile.alike.some" if copied else "profile.alike.none", copied=copied),
        say("profile.alike.note"),
    )
    rows = [row for _, row in alike.iterrows()]
    columns = [
        Column(say("profile.column.section"), [say.section(row["section"]) for row in rows]),
        Column(say("profile.column.against"), [say(f"profile.against.{row['against']}", body=row["other_body"], year=row["other_year"]) for row in rows], [Target(row["other_report_id"]) for row in rows]),
        Column(say("profile.column.alike"), [say("profile.percent", percent=say.number(row["percent"])) for row in rows], numeric=True),
        Column(say("profile.column.copied"), [say.number(row["copied"]) for row in rows], numeric=True),
    ]  # fmt: skip
    tables.sheet(columns, alt=say("profile.alike.note"))


def show_list(view: View, say: Words) -> None:
    """A box to pick from, and every body with what is held of it, to click."""
    bodies = store.ask("states_of_bodies", **view.query())
    first = bodies.iloc[0]
    sheet.head(
        say("profile.question.none"),
        [
            say(
                "profile.pick.answer",
                bodies=first["bodies"],
                n=first["with_report"],
                first=view.first,
                last=view.last,
            )
        ],
        view.invented,
        say,
    )
    filters.pick_body(say)
    sheet.title(say("profile.list", bodies=first["bodies"]), say("profile.list.note"))
    rows = [row for _, row in bodies.iterrows()]
    columns = [
        Column(say("column.body"), [row["body"] for row in rows], width=110),
        Column(say("filter.kind"), [say.of("kind", row["kind"]) for row in rows]),
        Column(say("profile.column.latest"), [say("sign.absent") if pd.isna(row["latest"]) else str(int(row["latest"])) for row in rows]),
        Column(say("profile.column.state"), [say("state.missing") if pd.isna(row["state"]) else say.of("state", row["state"]) for row in rows]),
        Column(say("profile.column.held"), [say("sign.absent") if pd.isna(row["owed"]) else say("series.count", n=int(row["held"]), all=int(row["owed"])) for row in rows], numeric=True),
        Column(say("profile.column.figures"), [say.number(row["figures"]) or say("sign.absent") for row in rows], numeric=True),
        Column(say("profile.column.broken"), [say.number(row["broken"]) or say("sign.absent") for row in rows], numeric=True),
    ]  # fmt: skip
    place = tables.picked(columns, key="bodies", alt=say("profile.list", bodies=first["bodies"]), rows=24)
    if place is not None:
        st.query_params["body"] = bodies["body_id"].iloc[place]
        st.rerun()


def show_body(view: View, body: str, say: Words) -> None:
    asked = {"first": view.first, "last": view.last}
    lineage = store.ask("lineage_of_body", body=body)
    reports = store.ask("reports_of_lineage", body=body, language=say.language, **asked)
    found = reports[reports["is_latest"]]
    latest = None if found.empty else found.iloc[0]
    peers = pd.DataFrame()
    if latest is not None:
        latest = latest.copy()
        latest["kind"] = lineage.set_index("body_id")["kind"][latest["body_id"]]
        peers = store.ask(
            "peers_by_measure",
            body=latest["body_id"],
            year=int(latest["year"]),
            measures=COMPARED,
            language=say.language,
        )
    sheet.head(
        say("profile.question", body=view.names[body]),
        answer(reports, latest, peers, view, say),
        view.invented,
        say,
    )
    show_links(view, latest, say)
    show_facts(lineage, latest, say)
    if len(reports):
        facts = store.ask(
            "headline_facts_by_body", bodies=list(lineage["body_id"]), measures=MEASURES, **asked
        )
        show_reports(reports, facts, say)
    series.show(dataclasses.replace(view, body=None, bodies=list(lineage["body_id"])), SERIES, say)
    if latest is None:
        return
    left, right = st.columns(2, gap="small")
    with left:
        show_channels(latest, say)
    with right:
        show_requests(latest, say)
    show_peers(peers, latest, say)
    show_broken(latest, say)
    show_texts(latest, say)
    show_likeness(latest, say)


say = speak()
view = sheet.opened(say)
if view.body is None:
    show_list(view, say)
else:
    show_body(view, view.body, say)
tables.download(view, say, name=say("menu.profile"))
