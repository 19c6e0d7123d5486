"""原文: the report as read, the chosen figure marked where it was printed, and what was made of it."""

import pandas as pd
import streamlit as st

from pages.ui import access, figures, filters, originals, provenance, sheet, store, tables
from pages.ui.figures import Row
from pages.ui.filters import View
from pages.ui.provenance import Marks
from pages.ui.words import Words, speak
from pipeline.model import Place

SHOWN = 60
WEB = ("http://", "https://")


def choose(report: str | None) -> None:
    """Another report was picked: it goes into the address, and the figure of the one before leaves it."""
    if report:
        st.query_params["report"] = report
        for name in ("fact", "place", "page"):
            st.query_params.pop(name, None)


def name_of(report: pd.Series, say: Words) -> str:
    """What a report is called in the list to pick from."""
    key = "source.figures" if report["is_published_figure"] else "source.report"
    if not report["is_current"]:
        key = "source.superseded"
    return say(key, **report[["body", "year"]])


def report_in_view(view: View, say: Words) -> str | None:
    """The report that the address names, else the first of the scope; with a box to pick another."""
    reports = store.ask("reports_of_bodies", **view.query())
    asked = st.query_params.get("report")
    names = {row["report_id"]: name_of(row, say) for _, row in reports.iterrows()}
    known = asked is not None and not store.ask("report_by_id", report=asked).empty
    current = asked if known else next(iter(names), None)
    with st.sidebar:
        picked = st.selectbox(
            say("filter.report"),
            list(names),
            index=list(names).index(current) if current in names else None,
            format_func=names.__getitem__,
            placeholder=say("filter.report.other"),
        )
    if picked and picked != current and picked != st.session_state.get("report_shown"):
        current = picked
        choose(picked)
    st.session_state["report_shown"] = picked
    return current


def part(fact: pd.Series, say: Words) -> str:
    """What a figure is broken down by: applicant, channel and account, or category."""
    names = (fact[name] for name in ("applicant", "channel", "account", "category"))
    return say("source.part").join(str(name) for name in names if not pd.isna(name))


def published(report: pd.Series, say: Words) -> list[str]:
    if pd.isna(report["published"]):
        return [say("source.undated")]
    key = "source.published" if pd.notna(report["publication_limit"]) else "source.published.only"
    return [say(key, day=say.day(report["published"]), limit=say.day(report["publication_limit"]))]


def answer(report: pd.Series, say: Words) -> list[str]:
    """When it was published, how much was read from it and how its sums come out."""
    said = published(report, say)
    if pd.isna(report["sha256"]):
        return [*said, say("source.counts.figures", figures=say.number(report["figures"]))]
    counts = {name: say.number(report[name]) for name in ("figures", "holds", "broken", "issues")}
    return [*said, say("source.counts", **counts)]


def place_in_words(fact: pd.Series, say: Words) -> str:
    """Where a figure was printed, as a reader would look for it: page, line, or row and column of the table."""
    named = [
        say(f"source.place.{name}", at=int(fact[name]))
        for name in ("page", "line", "cell_row", "cell_column")
        if pd.notna(fact[name])
    ]
    if not named and pd.notna(fact["block"]):
        named = [say("source.place.block", at=int(fact["block"]) + 1)]
    return say("source.part").join(named) or fact["locator"]


def figure(fact: pd.Series, say: Words) -> str:
    """A figure in force; a corrected one with what is printed beside it."""
    shown = say.cell(fact["value"], fact["status"], fact["bound"])
    return (
        shown
        if pd.isna(fact["correction_id"])
        else say("corrected.figure", figure=shown, printed=printed(fact, say))
    )


def printed(fact: pd.Series, say: Words) -> str:
    """What stands in the report, whatever has been corrected since."""
    return say.cell(fact["printed_value"], fact["printed_status"], fact["bound"])


def message(finding: pd.Series, say: Words) -> str:
    """A finding in words, with what was decided of it, by whom and why."""
    if pd.isna(finding["decision"]):
        return str(finding["message"])
    day = say.day(finding["made_on"])
    return say(f"decision.{finding['decision']}", day=day, **finding[["message", "author", "reason"]])


def show_chosen(report: pd.Series, fact: pd.Series, passages: pd.DataFrame, marks: Marks, say: Words) -> None:
    with st.container(border=True, key="chosen"):
        shown = say.cell(fact["value"], fact["status"], fact["bound"])
        unit = say.of("unit", fact["unit"]) if pd.notna(fact["value"]) else ""
        sheet.title(
            say(
                "source.chosen",
                name=name_of_figure(fact, say),
                figure=shown,
                unit=unit,
            ),
            say(
                "source.printed",
                raw=fact["raw_text"],
                status=say.of("status", fact["status"]),
                place=place_in_words(fact, say),
            ),
        )
        if pd.notna(fact["correction_id"]):
            who = {"id": fact["correction_id"], "author": fact["author"], "reason": fact["reason"]}
            sheet.note(
                say(
                    "corrected.why",
                    printed=printed(fact, say),
                    figure=shown,
                    day=say.day(fact["made_on"]),
                    **who,
                )
            )
        if not provenance.show_excerpt(passages, marks):
            sheet.note(say("source.page" if passages.empty else "source.no_place"))
        findings = store.ask(
            "findings_of_fact", report=report["report_id"], locator=fact["locator"], language=say.language
        )
        sheet.note(say("source.checks" if len(findings) else "source.checks.none", count=len(findings)))
        for _, finding in findings.iterrows():
            sheet.finding(finding["outcome"], finding["label"], message(finding, say), say)


def known_places(passages: pd.DataFrame) -> list[str]:
    """The places that the address names, as far as this report has them."""
    asked = st.query_params.get_all("place")[: provenance.MOST_PLACES]
    if not asked:
        return []
    places = provenance.places_in(passages)
    return [locator for locator in asked if locator.partition(":")[0] in places and is_place(locator)]


def is_place(locator: str) -> bool:
    """Whether a locator reads as a place, and its characters run forwards."""
    place = Place.parse(locator)
    return place is not None and (place.start is None or place.start < (place.end or 0))


def show_places(passages: pd.DataFrame, marks: Marks, say: Words) -> None:
    """The place that another page led to."""
    block = marks.chosen[0].block
    row = passages[passages["block"] == block].iloc[0]
    with st.container(border=True, key="chosen"):
        sheet.title(say("source.here", section=say.section(row["section"]), at=block + 1))
        provenance.show_excerpt(passages, marks)


def show_copied(copied: pd.DataFrame, passages: pd.DataFrame, say: Words) -> None:
    """The paragraphs that stand almost word for word in another report, each with a link to its place there."""
    if copied.empty:
        return
    count = int(copied["places"].explode().nunique())
    sheet.title(say("source.copied", count=count), say("source.copied.note"))
    texts = {provenance.locator(row): row["text"] for _, row in passages.iterrows()}
    for number, (_, row) in enumerate(copied.iterrows()):
        other = {"body": row["other_body"], "year": row["other_year"], "section": say.section(row["section"])}
        sheet.note(say(f"source.copied.{row['against']}", share=round(100 * row["share"]), **other))
        for place, there in zip(row["places"], row["other_places"], strict=True):
            text, link = st.columns([6, 1])
            with text, st.container(key=f"copied-{number}-{place}"):
                whole = texts.get(place, "")
                sheet.text(f"{whole[:SHOWN]}{'…' * (len(whole) > SHOWN)}")
            with link:
                provenance.link(row["other_report_id"], None, say("source.copied.open"), [there])


def show_address(report: pd.Series, say: Words) -> None:
    """Figures that were taken from a public page: its address is their place."""
    address = str(report["url"])
    if address.startswith(WEB):
        sheet.text(address)
        st.link_button(say("source.open"), address)


def name_of_figure(fact: pd.Series, say: Words) -> str:
    return say("source.part").join(filter(None, [fact["label"], part(fact, say)]))


def row_of(address: str, fact: pd.Series, sought: str, say: Words) -> Row:
    """A figure as a row of the list."""
    return Row(
        address=address,
        place=fact["locator"] if Place.parse(fact["locator"]) else "",
        name=fact["label"],
        part=part(fact, say),
        figure=figure(fact, say),
        status=say.of("status", fact["status"]),
        printed=fact["raw_text"],
        where=place_in_words(fact, say) if is_place(fact["locator"]) else say("source.place.address"),
        is_chosen=fact["fact_id"] == st.query_params.get("fact"),
        is_found=sought in f"{name_of_figure(fact, say)} {fact['raw_text']}",
    )


def show_figures(report: str, facts: pd.DataFrame, say: Words, *, has_text: bool) -> None:
    """Every figure of the report; one click marks it in the text and in the original, and pointing at it does for a while."""
    note = say("source.figures.note" if has_text else "source.figures.note.plain")
    sheet.title(say("source.figures.title", count=len(facts)), note)
    sought = filters.typed("find", say("source.find"), say("source.find.hint"))
    addresses = provenance.source_addresses(report, list(facts["fact_id"]))
    rows = [
        row_of(address, fact, sought, say)
        for address, (_, fact) in zip(addresses, facts.iterrows(), strict=True)
    ]
    if not any(row.is_found for row in rows):
        sheet.note(say("source.find.none", sought=sought))
    figures.show(rows, say)


def show_findings(report: str, say: Words) -> None:
    findings = store.ask("findings_of_report", report=report, language=say.language)
    issues = store.ask("issues_of_report", report=report, language=say.language)
    if findings.empty and issues.empty:
        return
    sheet.title(say("source.findings", findings=len(findings), issues=len(issues)))
    for _, finding in findings.iterrows():
        sheet.finding(finding["outcome"], finding["label"], message(finding, say), say)
    for _, issue in issues.iterrows():
        sheet.finding(
            "issue",
            say.of("issue", issue["code"]),
            say("source.issue", **issue[["message", "raw_text"]]),
            say,
        )


def show_versions(report: str, say: Words) -> None:
    """The other documents of the same body and year: which one counts, and the figures in which they differ."""
    versions = store.ask("versions_of_report", report=report)
    if versions.empty:
        return
    shown = versions[versions["is_shown"]].iloc[0]
    key = "versions.current" if shown["is_current"] else "versions.superseded"
    sheet.title(say("versions.title", count=len(versions)), say(key))
    for _, other in versions[~versions["is_shown"]].iterrows():
        show_version(report, other, say)


def show_version(report: str, other: pd.Series, say: Words) -> None:
    rows = store.ask("differences_of_versions", one=report, other=other["report_id"], language=say.language)
    differences = say("versions.differ", count=len(rows)) if len(rows) else say("versions.same")
    told = {
        "path": other["path"],
        "published": say.day(other["published"]),
        "figures": say.number(other["figures"]),
    }
    sheet.text(say("versions.other", differences=differences, **told))
    provenance.link(other["report_id"], None, say("versions.open"))
    if len(rows):
        lines = [
            [row["label"], part(row, say), differing(row, "", say), differing(row, "other_", say)]
            for _, row in rows.iterrows()
        ]
        heads = ("source.column.name", "source.column.part", "versions.here", "versions.there")
        sheet.rows([say(head) for head in heads], lines)


def differing(row: pd.Series, whose: str, say: Words) -> str:
    """A figure of one of two versions; a figure that only the other prints is not zero."""
    status = row[f"{whose}status"]
    if pd.isna(status):
        return say("status.absent")
    return say.cell(row[f"{whose}value"], status, row[f"{whose}bound"])


def which_beside(say: Words) -> str:
    """What stands beside the text: the original, or the list of figures."""
    return filters.switch("beside", say("source.beside"), say.family("source.beside"))


def show_report(report: pd.Series, say: Words) -> None:
    passages = store.ask("passages_of_report", report=report["report_id"])
    facts = store.ask("facts_of_report", report=report["report_id"], language=say.language)
    asked = st.query_params.get("fact")
    found = facts[facts["fact_id"] == asked]
    chosen = found.iloc[0] if len(found) else None
    copied = store.ask("similar_sections", report=report["report_id"])
    places = known_places(passages) if chosen is None else [chosen["locator"]]
    marks = Marks.of(list(facts["locator"]), places, list(copied["places"].explode().dropna()))
    # Always one container, filled or not: what follows keeps its place, and the frame of the original is not made anew.
    with st.container():
        if chosen is not None:
            show_chosen(report, chosen, passages, marks, say)
        elif asked:
            sheet.note(say("source.unknown_fact"))
        elif places:
            show_places(passages, marks, say)
        elif "place" in st.query_params:
            sheet.note(say("source.unknown_place"))
    if access.visitor().may("editor"):
        # Only now: the desk brings along what reads documents, and pages start without it.
        from pages.ui import desk

        desk.show_corrections(report, chosen, say)
    beside = "figures" if passages.empty else which_beside(say)
    left, right = st.columns([5, 6] if beside == "original" else [3, 2], gap="medium")
    with left:
        sheet.title(say("source.text"), "" if passages.empty else say("source.text.note"))
        if passages.empty:
            sheet.note(say("source.no_text"))
            show_address(report, say)
        else:
            provenance.show_report(passages, marks, say)
    with right:
        if beside == "original":
            names = {fact["locator"]: name_of_figure(fact, say) for _, fact in facts.iterrows()}
            originals.show(report, passages, marks, names, say)
        else:
            show_figures(report["report_id"], facts, say, has_text=not passages.empty)
    if beside == "original":
        show_figures(report["report_id"], facts, say, has_text=not passages.empty)
    show_versions(report["report_id"], say)
    show_copied(copied, passages, say)
    show_findings(report["report_id"], say)


say = speak()
view = sheet.opened(say)
current = report_in_view(view, say)
if current is None:
    sheet.head(say("source.question.none"), [say("source.none")], view.invented, say)
else:
    report = store.ask("report_by_id", report=current).iloc[0]
    body = report["body"] or say("source.unknown_body")
    year = say("source.unknown_year") if pd.isna(report["year"]) else int(report["year"])
    invented = report["county"] if report["invented"] else None
    sheet.head(say("source.question", body=body, year=year), answer(report, say), invented, say)
    show_report(report, say)
    tables.download_report(current, say, name=say("source.report", body=body, year=year))
