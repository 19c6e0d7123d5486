"""Who did what, as far as the visitor may see it; the same lines on the page of the log and in what is taken away."""

from collections.abc import Mapping, Sequence

from pages.ui import access
from pages.ui.words import LANGUAGES, Words
from pipeline import places
from pipeline.export import Beside
from pipeline.intake import log


def seen() -> list[Mapping[str, str]]:
    """The lines of the log for who may open its page, of who is shown to them; for others their own."""
    asking = access.visitor()
    if asking.may(access.needed("log")):
        return [line for line in log.lines(places.intake()) if asking.sees_work_of(line["who"] or "")]
    if asking.role is None or not asking.name:
        return []
    return [line for line in log.lines(places.intake()) if line["who"] == asking.name]


def beside(lines: Sequence[Mapping[str, str]], say: Words, *, codes: bool) -> Beside:
    """The lines as a table beside the data: their columns, and what each column means."""
    names = {column: column if codes else say(f"log.column.{column}") for column in log.COLUMNS}
    meanings = [
        {
            "measure": f"{log.FILE}:{column}",
            **{f"label_{language}": Words(language)(f"log.column.{column}") for language in LANGUAGES},
            "section": log.FILE,
            "note": say(f"log.meaning.{column}"),
        }
        for column in log.COLUMNS
    ]
    rows = lines if codes else [{**line, "what": say.of("log.what", line["what"] or "")} for line in lines]
    return Beside(log.FILE, names, meanings, rows)
