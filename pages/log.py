"""操作记录: who did what, when, and whether anything of it was changed afterwards."""

import pandas as pd

from pages.ui import access, deeds, desk, sheet, tables
from pages.ui.tables import Column
from pages.ui.words import Words, speak
from pipeline.intake import log

SHOWN = 500


def answer(lines: pd.DataFrame, broken: int | None, say: Words) -> list[str]:
    """How many deeds there are, of how many people, and whether the record is whole."""
    if lines.empty:
        return [say("log.none")]
    counts = {"n": say.number(len(lines)), "people": say.number(lines["who"].nunique())}
    state = say("log.whole") if broken is None else say("log.broken", line=say.number(broken))
    return [say("log.answer", **counts), state]


say = speak()
sheet.admitted(access.needed("log"), say)
folder = desk.site().folder
lines = pd.DataFrame(deeds.seen(), columns=list(log.COLUMNS))
lines = lines.iloc[::-1].reset_index(drop=True)
sheet.head(say("log.question"), answer(lines, log.broken(folder), say), None, say)
if len(lines):
    shown = lines.head(SHOWN)
    whats = [say.of("log.what", what) for what in shown["what"]]
    columns = [
        Column(say("log.column.at"), list(shown["at"]), width=200),
        Column(say("log.column.who"), list(shown["who"])),
        Column(say("log.column.what"), whats),
        Column(say("log.column.batch"), list(shown["batch"])),
        Column(say("log.column.about"), list(shown["about"]), width=420),
    ]
    sheet.title(
        say("log.table"), say("log.table.note", shown=say.number(len(shown)), all=say.number(len(lines)))
    )
    tables.show(columns, key="log", alt=say("log.table"), rows=20)
    tables.download_frame(lines, say, name=say("log.file"), key="log-download")
