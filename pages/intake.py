"""报告录入: what has come in, how it was read, what still needs a person, and the way into the dashboard and back."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from pages.ui import access, desk, filters, sheet, store, tables
from pages.ui.tables import Column
from pages.ui.words import Words, literal, speak
from pipeline import intake
from pipeline.intake import Batch, Line

ENDINGS = "html htm mht docx doc wps pdf txt md xlsx xls zip png jpg jpeg tif tiff".split()
BATCHES = 12


def may(line: Line) -> bool:
    """Whether who asks may publish a document: the list names counties by name or by code."""
    counties = access.visitor().counties
    return counties is None or line.county in counties or line.county_code in counties


def take_in(say: Words) -> None:
    """The box for files; they go into the batch on the desk, or into a new one."""
    with st.form("upload", clear_on_submit=True):
        files = st.file_uploader(say("intake.files"), type=ENDINGS, accept_multiple_files=True)
        sent = st.form_submit_button(say("intake.take"), type="primary")
    if not sent or not files:
        return
    lying = desk.batch()
    if lying is None or lying.state != "open":
        lying = intake.begin(desk.site(), desk.who(say))
    lying, said = intake.receive(lying, ((file.name, file.getvalue()) for file in files), desk.who(say))
    st.session_state["intake_refused"] = [(one.name, one.refused) for one in said if one.path is None]
    st.query_params["batch"] = lying.batch_id
    st.rerun()


def read(lying: Batch, say: Words) -> None:
    """Read the batch for trial, with a bar that says how far it is."""
    bar = st.progress(0.0, say("intake.reading", done=0, all=len(lying.kept())))

    def progress(done: int, every: int, troubled: int | None) -> None:
        words = say("intake.reading", done=say.number(done), all=say.number(every))
        bar.progress(done / max(1, every), words)

    desk.done(lambda: intake.trial(lying, progress), say("intake.read"), say)
    bar.empty()


def status(line: Line, say: Words) -> str:
    """In a word or two, whether a file can be published."""
    if line.same_as is not None:
        return say("intake.status.same")
    if line.refused is not None:
        return say("intake.status.unread")
    if not line.is_ready:
        return say("intake.status.unknown")
    if not may(line):
        return say("intake.status.outside")
    return say("intake.status.second" if line.earlier else "intake.status.ready")


def remark(line: Line) -> str:
    return line.same_as or line.refused or line.earlier or ""


def answer(lying: Batch | None, lines: list[Line], say: Words) -> list[str]:
    """How many came in, how many can be published, and how many need a person."""
    if lying is None:
        return [say("intake.answer.none")]
    ready = sum(line.is_ready and may(line) for line in lines)
    counts = {
        "n": say.number(len(lying.kept())),
        "ready": say.number(ready),
        "rest": say.number(len(lines) - ready),
    }
    said = [say(f"intake.answer.{lying.state}", batch=lying.batch_id, **counts)]
    aside = sum(file.aside for file in lying.files.values())
    return [*said, say("intake.answer.aside", n=say.number(aside))] if aside else said


def show_lines(lying: Batch, lines: list[Line], say: Words) -> None:
    """A line for each file, and what can be done with the one that is picked."""
    names = [
        ("file", [line.path for line in lines]),
        ("body", [line.body or say("intake.unknown") for line in lines]),
    ]
    years = [str(line.year) if line.year else say("intake.unknown") for line in lines]
    layouts = [say.of("layout", line.layout) if line.layout else "" for line in lines]
    columns = [Column(say(f"intake.column.{name}"), values, width=220) for name, values in names]
    columns += [
        Column(say("intake.column.status"), [status(line, say) for line in lines]),
        Column(say("intake.column.year"), years),
        Column(say("intake.column.layout"), layouts),
        *(
            Column(
                say(f"intake.column.{name}"),
                [say.number(getattr(line, name)) for line in lines],
                numeric=True,
            )
            for name in ("figures", "broken", "issues")
        ),
        Column(say("intake.column.remark"), [remark(line) for line in lines], width=320),
    ]
    sheet.title(say("intake.table"), say("intake.table.note"))
    tables.show(columns, key="lines", alt=say("intake.table"), rows=16)


def pick(lying: Batch, say: Words) -> str | None:
    """Which file is to be looked at; the address keeps it."""
    names = {path: path for path in sorted(lying.files)}
    if not names:
        return None
    return filters.choice("file", say("intake.pick"), names)


def show_file(lying: Batch, path: str, lines: Iterable[Line], say: Words) -> None:
    """One file: the way to it beside its figures, whose and when it is, a note, aside or back."""
    file = lying.file(path)
    with st.container(border=True, key="file-box"):
        for line in lines:
            if line.path == path and line.report_id is not None:
                query = {**filters.carried(), "batch": lying.batch_id, "report": line.report_id}
                st.page_link(
                    "source.py", label=literal(say("intake.open", body=line.body or path)), query_params=query
                )
        for text in file.notes:
            sheet.note(text)
        if lying.state != "open":
            return
        left, right = st.columns(2, gap="large")
        with left:
            declare(lying, path, say)
        with right:
            decide(lying, path, say)


def declare(lying: Batch, path: str, say: Words) -> None:
    """Say whose report it is and of which year."""
    bodies = store.ask("bodies_listed")
    names = {
        row.body_id: say("intake.body", body=row.name, county=row.county or "")
        for row in bodies[~bodies["invented"]].itertuples(index=False)
    }
    file = lying.file(path)
    with st.form(f"declare-{path}", border=False):
        body = st.selectbox(
            say("intake.declare.body"), list(names), format_func=lambda code: names.get(code, code),
            index=list(names).index(file.body) if file.body in names else None, placeholder=say("intake.declare.read"),
        )  # fmt: skip
        year = st.text_input(
            say("intake.declare.year"),
            value=str(file.year or ""),
            max_chars=4,
            placeholder=say("intake.declare.read"),
        )
        reason = st.text_input(say("desk.reason"), max_chars=300)
        sent = st.form_submit_button(say("intake.declare.button"))
    if sent:
        if year and not (year.isdecimal() and 2008 <= int(year) <= 2100):
            st.session_state["desk_said"] = (say("desk.refused"), say("intake.declare.year.needs"))
        else:
            number = int(year) if year else None
            desk.done(
                lambda: intake.trial(lying.declare(path, body, number, reason, desk.who(say))),
                say("intake.declared", path=path),
                say,
            )
        st.rerun()


def decide(lying: Batch, path: str, say: Words) -> None:
    """Leave a note, set the file aside or take it back."""
    aside = lying.file(path).aside
    with st.form(f"note-{path}", border=False, clear_on_submit=True):
        text = st.text_input(say("intake.note"), max_chars=300)
        with st.container(horizontal=True):
            noted = st.form_submit_button(say("intake.note.button"))
            moved = st.form_submit_button(say("intake.back" if aside else "intake.aside"))
    name = desk.who(say)
    if noted:
        desk.done(lambda: lying.note(path, text, name), say("intake.noted"), say)
        st.rerun()
    if moved:
        desk.done(
            lambda: intake.trial(lying.take_back(path, name) if aside else lying.put_aside(path, text, name)),
            say("intake.moved", path=path), say,
        )  # fmt: skip
        st.rerun()


def show_ways(lying: Batch, say: Words) -> None:
    """Publish, take up, undo, give up."""
    name = desk.who(say)
    with st.container(horizontal=True, key="ways"):
        if lying.state in ("open", "publishing") and st.button(
            say(f"intake.publish.{lying.state}"), type="primary", key="publish"
        ):
            with st.spinner(say("intake.publishing")):
                desk.done(
                    lambda: intake.publish(lying, name, may=may),
                    say("intake.published", batch=lying.batch_id),
                    say,
                )
            st.rerun()
        if lying.state == "published" and st.button(say("intake.undo"), key="undo"):
            with st.spinner(say("intake.publishing")):
                desk.done(lambda: intake.undo(lying, name), say("intake.undone", batch=lying.batch_id), say)
            st.rerun()
        if lying.state == "open":
            with st.popover(say("intake.discard")):
                reason = st.text_input(say("desk.reason"), key="discard-reason", max_chars=300)
                if st.button(say("intake.discard.button"), key="discard", disabled=not reason.strip()):
                    desk.done(lambda: intake.discard(lying, reason, name), say("intake.discarded"), say)
                    st.query_params.pop("batch", None)
                    st.rerun()


def show_batches(say: Words) -> None:
    """The batches there are, each a link."""
    held = [one for one in intake.batches(desk.site()) if access.visitor().sees_work_of(one.author)]
    if not held:
        return
    sheet.title(say("intake.batches"))
    for one in held[:BATCHES]:
        kept, when = say.number(len(one.kept())), say.day(pd.Timestamp(one.made_at))
        label = say(
            "intake.batch",
            batch=one.batch_id,
            who=one.author,
            day=when,
            n=kept,
            state=say.of("intake.state", one.state),
        )
        st.page_link(
            "intake.py", label=literal(label), query_params={**filters.carried(), "batch": one.batch_id}
        )


say = speak()
sheet.admitted(access.needed("intake"), say)
lying = desk.batch()
head = st.container()
desk.show_said()
for name, why in st.session_state.pop("intake_refused", []):
    sheet.entry("broken", name, [why], "")
take_in(say)
lines: list[Line] = []
if lying is not None and lying.files and lying.state == "open" and not intake.is_fresh(lying):
    read(lying, say)
if lying is not None and lying.warehouse.exists():
    lines = intake.lines_of(lying)
with head:
    sheet.head(say("intake.question"), answer(lying, lines, say), None, say)
if lying is not None and lying.files:
    show_ways(lying, say)
    if lines:
        show_lines(lying, lines, say)
    if (path := pick(lying, say)) is not None:
        show_file(lying, path, lines, say)
show_batches(say)
