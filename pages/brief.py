"""通报与清单: the brief on a county's reports for leadership to sign, and the letters to its bodies, to read and to take."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.ui import filters, preview, sheet, store, tables
from pages.ui.filters import View
from pages.ui.tables import Column, Target
from pages.ui.words import Words, speak
from pipeline import letters
from pipeline.model import UserError
from pipeline.paper.model import Paper
from pipeline.papers import County

PAPERS = ("brief", "letter")
KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def county_asked(view: View, say: Words) -> pd.Series:
    """The county in view; where that is all real bodies, the one that is picked."""
    scopes = store.ask("scopes")
    if view.scope == "real":
        scopes = scopes[~scopes["invented"] & (scopes["scope"] != "real") & (scopes["reports"] > 0)]
        names = {scope: scope for scope in scopes["scope"]}
        asked = filters.choice("county", say("brief.county"), names, "body", "year", "to")
    else:
        asked = view.scope
    return scopes[scopes["scope"] == asked].iloc[0]


def gathered(view: View, say: Words) -> County | None:
    """What the papers rest on, of the county and year that are picked; None where it owes nothing then."""
    scope = county_asked(view, say)
    years = [year for year in view.years() if scope["first_year"] <= year <= scope["last_year"]]
    names = {str(year): say("brief.year.option", year=year) for year in reversed(years)}
    if not names:
        return None
    year = int(filters.choice("year", say("brief.year"), names))
    try:
        return store.county(str(scope["scope"]), year)
    except UserError:
        return None


def answer(county: County, say: Words) -> list[str]:
    """Who is missing and late, how much is to be put right by whom, until when."""
    asked = county.to_correct()
    due = [row for row in county.owed if row["state"] != "not_due"]
    said = [
        say("brief.answer.due", county=county.name, year=county.year, due=len(due), held=len(held(county)))
    ]
    said += [
        say(f"brief.answer.{state}", count=len(county.in_state(state)))
        for state in ("late", "missing", "figures")
        if county.in_state(state)
    ]
    bodies = len({row["report_id"] for row in asked})
    key = "brief.answer.asked" if asked else "brief.answer.nothing"
    said.append(say(key, count=len(asked), bodies=bodies, until=say.day(county.until)))
    return said


def held(county: County) -> list[dict[str, object]]:
    return county.in_state("on_time", "late", "undated", "unreadable")


def show_paper(county: County, view: View, say: Words) -> None:
    """The paper that is picked, in words, and its files."""
    names = {kind: say(f"brief.paper.{kind}") for kind in PAPERS}
    kind = filters.switch("paper", say("brief.paper"), names)
    body = None
    if kind == "letter":
        body = body_asked(county, view, say)
    paper = store.paper(county.scope, county.year, body)
    show_buttons(county, paper, body, say)
    if say.language != "zh":
        sheet.note(say("brief.chinese"))
    preview.show(paper, say(f"brief.paper.{kind}"))
    sheet.note(say(f"brief.note.{kind}"))


def body_asked(county: County, view: View, say: Words) -> str:
    """The body whose letter is shown: the one in view, or the one that is picked."""
    names = {row["body_id"]: str(row["body"]) for row in county.owed}
    if view.body in names:
        return str(view.body)
    return filters.choice("to", say("brief.to"), names)


def show_buttons(county: County, paper: Paper, body: str | None, say: Words) -> None:
    if not tables.may_download():
        return
    with st.container(horizontal=True, key="papers"):
        for form, media_type in KINDS.items():
            st.download_button(
                say(f"brief.download.{form}"),
                data=store.later(partial(store.paper_as, county.scope, county.year, body, form)),
                file_name=f"{paper.title}.{form}",
                mime=media_type,
                on_click="ignore",
                key=form,
            )
        st.download_button(
            say("brief.download.zip", count=len(county.owed)),
            data=store.later(partial(store.letters_as_zip, county.scope, county.year)),
            file_name=say("brief.file.zip", county=county.name, year=county.year),
            mime="application/zip",
            on_click="ignore",
            key="letters",
        )


def show_letters(county: County, say: Words) -> None:
    """To whom there is a letter, and about how much."""
    rows = county.owed
    targets = [Target(row["report_id"]) if row["report_id"] else None for row in rows]
    counts = [letters.asked_of(county, row) for row in rows]
    published = ["" if row["published"] is None else row["published"].isoformat() for row in rows]
    frame = {
        say("column.body"): [row["body"] for row in rows],
        say("brief.column.state"): [say.of("state", row["state"]) for row in rows],
        say("brief.column.published"): published,
        say("brief.column.count"): [say.number(len(count)) if row["report_id"] else say("sign.missing") for row, count in zip(rows, counts, strict=True)],
    }  # fmt: skip
    sheet.title(say("brief.letters", count=len(rows)), say("brief.letters.note", until=say.day(county.until)))
    shown = [
        Column(name, cells, targets, numeric=name == say("brief.column.count"))
        for name, cells in frame.items()
    ]
    tables.show(shown, key="bodies", alt=say("brief.letters", count=len(rows)))
    name = say("brief.file.csv", county=county.name, year=county.year)
    tables.download_frame(pd.DataFrame(frame), say, name=name, key="download")


say = speak()
view = sheet.opened(say)
top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="asked"):
    county = gathered(view, say)
question = say("brief.question")
said = [say("brief.none", first=view.first, last=view.last)] if county is None else answer(county, say)
with top:
    sheet.head(question, said, view.invented, say)
if county is not None:
    show_paper(county, view, say)
    show_letters(county, say)
