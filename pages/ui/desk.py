"""The desk of an editor: which batch lies on it, what the address shows of it, and what is decided in place.

Where the address names a batch, every page shows the warehouse of its trial: what the dashboard would show once it is
published. Everything decided here goes into the batch, never into a document.
"""

import unicodedata
from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.ui import access, filters, sheet, store
from pages.ui.words import Words
from pipeline import intake, places
from pipeline.correcting import Wish
from pipeline.intake import Batch, Site
from pipeline.model import CatalogueError, UserError


def site() -> Site:
    """Where batches lie and what they are published to; tests and servers set it by the environment."""
    first, *others = places.sources()
    return Site(places.intake(), first, others, places.corrections(), places.own())


def batch() -> Batch | None:
    """The batch that the address names, for who may edit."""
    name = st.query_params.get("batch", "")
    if not name or not access.visitor().may("editor"):
        return None
    try:
        found = intake.open_batch(site(), name)
    except UserError:
        return None
    return found if access.visitor().sees_work_of(found.author) else None


def who(say: Words) -> str:
    """Under which name something is done."""
    return access.visitor().name or say("desk.here")


def done(change: Callable[[], object], said: str, say: Words) -> None:
    """Do something and say so; what a person can mend is said in its own words and changes nothing."""
    try:
        change()
    except (UserError, CatalogueError) as error:
        st.session_state["desk_said"] = (say("desk.refused"), str(error))
    else:
        st.session_state["desk_said"] = (said, "")


def show_said() -> None:
    """What the last deed came to."""
    said, detail = st.session_state.pop("desk_said", ("", ""))
    if said:
        sheet.entry("broken" if detail else "holds", said, [detail], "")


def banner(say: Words) -> None:
    """Says that what is shown is a trial, and leads back to the desk and out of it."""
    lying = batch()
    if lying is None or not lying.is_on_trial:
        return
    with st.container(key="trial-banner", horizontal=True, vertical_alignment="center"):
        sheet.line(say("desk.banner", batch=lying.batch_id))
        st.page_link("intake.py", label=say("desk.back"), query_params=filters.carried())
        away = {key: value for key, value in filters.carried().items() if key != "batch"}
        st.page_link("overview.py", label=say("desk.leave"), query_params=away)


def show_corrections(report: pd.Series, fact: pd.Series | None, say: Words) -> None:
    """For an editor: correct the chosen figure, or decide on what does not hold, beside the place it was printed."""
    if pd.isna(report["sha256"]) or not report["body"]:
        return
    with st.expander(say("desk.correct"), key="desk"):
        show_said()
        if fact is None:
            sheet.note(say("desk.correct.choose"))
        else:
            _correct_figure(report, fact, say)
        _decide(report, say)


def _correct_figure(report: pd.Series, fact: pd.Series, say: Words) -> None:
    with st.form("correct", border=False, clear_on_submit=True):
        left, right = st.columns([1, 2])
        value = left.text_input(say("desk.correct.value"), max_chars=20)
        reason = right.text_input(say("desk.reason"), max_chars=300)
        if not st.form_submit_button(say("desk.correct.button")):
            return
    number = unicodedata.normalize("NFKC", value).replace(",", "").strip()
    if not number.isdecimal() or not reason.strip():
        st.session_state["desk_said"] = (say("desk.refused"), say("desk.correct.needs"))
        st.rerun()
    named = {
        name: None if pd.isna(fact[name]) else str(fact[name])
        for name in ("applicant_code", "channel_code", "category")
    }
    wish = Wish(
        str(fact["measure"]), str(report["body"]), int(report["year"]), float(number), None, named["applicant_code"],
        named["channel_code"], named["category"], reason.strip(), who(say),
    )  # fmt: skip
    _wish(wish, say)


def _decide(report: pd.Series, say: Words) -> None:
    findings = store.ask("findings_of_report", report=report["report_id"], language=say.language)
    broken = findings[(findings["outcome"] == "broken") & findings["decision"].isna()]
    if broken.empty:
        return
    with st.form("decide", border=False, clear_on_submit=True):
        names = {
            place: say("desk.finding", rule=row["rule"], message=row["message"])
            for place, (_, row) in enumerate(broken.iterrows())
        }
        chosen = st.selectbox(say("desk.decide"), list(names), format_func=lambda place: names.get(place, ""))
        decision = st.segmented_control(
            say("desk.decision"), ["accept", "dismiss"], format_func=lambda code: say.of("desk.decision", code),
            default="accept", required=True,
        )  # fmt: skip
        reason = st.text_input(say("desk.reason"), max_chars=300)
        if not st.form_submit_button(say("desk.decide.button")):
            return
    if not reason.strip():
        st.session_state["desk_said"] = (say("desk.refused"), say("desk.reason.needs"))
        st.rerun()
    row = broken.iloc[int(chosen)]
    wish = Wish(
        str(row["rule"]), str(report["body"]), int(report["year"]), None, str(decision),
        None if pd.isna(row["applicant"]) else str(row["applicant"]), None, None, reason.strip(), who(say),
        None if pd.isna(row["measure"]) else str(row["measure"]),
    )  # fmt: skip
    _wish(wish, say)


def _wish(wish: Wish, say: Words) -> None:
    """Put a correction into the batch of the address, or into a new one, and read it for trial."""

    def change() -> None:
        lying = batch()
        if lying is None:
            lying = intake.begin(site(), who(say))
            intake.trial(lying)
        intake.trial(intake.correct_in(lying, wish))
        st.query_params["batch"] = lying.batch_id

    done(change, say("desk.corrected"), say)
    st.rerun()
