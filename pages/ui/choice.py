"""What somebody takes away: a choice of figures, from a page's address or a plain HTTP query; its rows and its notes.

The page and `/api/facts.*` go through here, so both give the same rows. Draws nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from pages.ui import deeds
from pages.ui.store import Snapshot
from pages.ui.words import LANGUAGES, Words
from pipeline.export import About, Rows

SHAPES = ("long", "wide")
NAMES = ("words", "codes")
STATUSES = ("reported", "blank", "dash", "not_printed", "unreadable")
# As many names as a line of notes lists; the rows themselves have them all.
LISTED = 20
WIDE_BEFORE = "body_id body county prefecture year published layout origin report_id".split()
WIDE_AFTER = "not_reported inexact source sha256 is_current".split()


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of figures, every part of it known to exist. None, for measures and statuses, is all of them."""

    snapshot: Snapshot
    scope: str
    place: str
    invented: bool
    bodies: list[str]
    # Whether the bodies are all that the scope has without asking for more.
    all_bodies: bool
    body_names: list[str]
    years: list[int]
    measures: list[str] | None
    statuses: list[str] | None
    shape: str
    names: str
    superseded: bool
    say: Words
    address: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def _parameters(self) -> dict[str, Any]:
        chosen = {"bodies": self.bodies, "years": self.years, "measures": self.measures}
        return {**chosen, "superseded": self.superseded}

    def counted(self) -> pd.DataFrame:
        """How many figures of how many reports, by status."""
        return self.snapshot.ask("facts_counted", statuses=self.statuses, **self._parameters())

    def listed(self) -> pd.DataFrame:
        """The measures chosen, in the catalogue's order."""
        every = self.snapshot.ask("measures_listed", language=self.say.language)
        return every if self.measures is None else every[every["measure"].isin(self.measures)]

    def page(self, limit: int | None, offset: int) -> pd.DataFrame:
        """Some of the rows, as a frame."""
        return self.snapshot.ask(self._query(), **self._asked(limit, offset))

    def rows(self) -> Rows:
        """All of the rows, batch by batch, under the names chosen."""
        schema, batches = self.snapshot.stream(self._query(), **self._asked(None, 0))
        names = self._wide_names() if self.shape == "wide" else self._long_names(schema.names)
        return Rows(schema, batches, names, self._codes() if self.names == "words" else {})

    def _query(self) -> str:
        return "reports_wide" if self.shape == "wide" else "facts_long"

    def _asked(self, limit: int | None, offset: int) -> dict[str, Any]:
        asked = {**self._parameters(), "limit": limit, "offset": offset}
        if self.shape == "wide":
            words = {**self.say.family("status"), **self.say.family("bound_name")}
            said = list(words) if self.names == "codes" else list(words.values())
            named = {"names": self.names, "language": self.say.language}
            return {**asked, **named, "codes": list(words), "said": said}
        return {**asked, "statuses": self.statuses, "reports": None, "language": self.say.language}

    def _headings(self) -> dict[str, str]:
        return {**self.say.family("csv"), **self.say.family("export.column")}

    def _long_names(self, columns: Sequence[str]) -> dict[str, str]:
        if self.names == "codes":
            return {column: column for column in columns}
        headings = self._headings()
        return {column: headings[column] for column in columns if column in headings}

    def measure_columns(self) -> dict[str, str]:
        """The measures that a wide table has columns of, and the column's name."""
        listed = self.listed()
        listed = listed[~listed["measure"].isin(["items_by_channel", "items_by_category"])]
        if self.names == "codes":
            return {measure: measure for measure in listed["measure"]}
        labels = [
            self.say("column.measure", label=row.label, unit=self.say.of("unit", row.unit))
            for row in listed.itertuples()
        ]
        return dict(zip(listed["measure"], labels, strict=True))

    def _wide_names(self) -> dict[str, str]:
        headings = {} if self.names == "codes" else self._headings()
        before = {column: headings.get(column, column) for column in WIDE_BEFORE}
        after = {column: headings.get(column, column) for column in WIDE_AFTER}
        return {**before, **self.measure_columns(), **after}

    def _codes(self) -> dict[str, dict[Any, str]]:
        say = self.say
        current = {"is_current": {True: say("export.yes"), False: say("export.no")}}
        status = say.family("status")
        if self.shape == "wide":
            return {"layout": say.family("layout"), "origin": say.family("report_origin"), **current}
        named = {"bound": say.family("bound_name"), "unit": say.family("unit")}
        return {"status": status, "printed_status": status, **named, **current}

    def file(self, page: str, format_: str) -> str:
        """The name of the file."""
        first, last = min(self.years), max(self.years)
        name = self.say("download.file", page=page, scope=self.scope, first=first, last=last)
        return f"{name}.{format_}"

    def about(self, host: str, record: Sequence[Mapping[str, str]] | None = None) -> About:
        """The notes that go with the rows: filters in words, build, day, sources, how to cite.

        `record`, where the format has room for it: who did what, as far as whoever asks may see it.
        """
        say = self.say
        build = self.build()
        counted = self.counted()
        notes = self._notes(build, counted, host)
        lying = []
        if record is not None:
            notes["log"] = say("export.log", n=say.number(len(record)))
            lying = [deeds.beside(record, say, codes=self.names == "codes")]
        facts = {
            "title": say("app.title"),
            "cite": notes["cite"],
            "invented": self.invented,
            "build": build["build"],
            "built_at": build["built_at"],
            "catalogue_hash": build["catalogue"],
            "known_on": self.snapshot.day.isoformat() if self.snapshot.day else None,
            "filters": dict(_grouped(self.address)),
            "figures": int(counted["all_figures"].iloc[0]),
        }
        fields = [
            "measure",
            "label_zh",
            "label_en",
            "unit",
            "section",
            "kind",
            "layouts",
            "printed_at",
            "note",
        ]
        listed = self.listed()[fields].astype(object)
        dictionary = listed.where(listed.notna(), None).to_dict("records")
        names = say.family("export.dictionary")
        sheets = (say("export.sheet.data"), say("export.sheet.dictionary"), say("export.sheet.about"))
        labelled = [(say.of("export.note", name), text) for name, text in notes.items()]
        return About(
            say("app.title"),
            labelled,
            facts,
            dictionary,
            {name: names[name] for name in fields},
            sheets,
            lying,
        )

    def build(self) -> dict[str, str]:
        """Which build the rows are from; empty texts where no build has been finished."""
        newest = self.snapshot.ask("newest_build")
        if newest.empty:
            return {"build": "", "built_at": "", "catalogue": ""}
        row = newest.iloc[0]
        return {
            "build": str(row["build_id"]),
            "built_at": row["built_at"].isoformat(sep=" ", timespec="seconds"),
            "catalogue": str(row["catalogue_hash"]),
        }

    def cite(self) -> str:
        """One line to cite."""
        say, build = self.say, self.build()
        day = self.snapshot.day
        return say(
            "export.cite.invented" if self.invented else "export.cite",
            place=self.place if self.all_bodies else say.listed(self.body_names),
            years=self.span(),
            build=build["build"],
            built=build["built_at"][:10],
            known=day.isoformat() if day else say("export.today"),
        )

    def span(self) -> str:
        """The years, as a range where they are one."""
        first, last = min(self.years), max(self.years)
        if first == last:
            return str(first)
        if self.years == list(range(first, last + 1)):
            return self.say("export.span", first=first, last=last)
        return self.say("list.separator").join(str(year) for year in self.years)

    def _notes(self, build: dict[str, str], counted: pd.DataFrame, host: str) -> dict[str, str]:
        say = self.say
        whole = counted.iloc[0]
        day = self.snapshot.day
        labels = list(self.listed()["label"])
        bodies = say("export.bodies.all", n=len(self.bodies))
        measures = say("export.measures.all", n=len(labels))
        statuses = [say.of("status", status) for status in self.statuses or []]
        return {
            "content": say(
                "export.content",
                figures=say.number(whole["all_figures"]),
                reports=say.number(whole["reports"]),
            ),
            "scope": say("export.invented", place=self.place) if self.invented else self.place,
            "bodies": bodies if self.all_bodies else say.listed(self.body_names, most=LISTED),
            "years": self.span(),
            "measures": measures if self.measures is None else say.listed(labels, most=LISTED),
            "statuses": say("list.separator").join(statuses) if statuses else say("export.statuses.all"),
            "shape": say(f"export.shape.{self.shape}.text"),
            "versions": say("export.superseded" if self.superseded else "export.current"),
            "missing": say("export.missing"),
            "sources": say("export.sources"),
            "build": say("export.build", **build),
            "known": day.isoformat() if day else say("export.today"),
            "cite": self.cite(),
            "address": f"{host}/api/facts.csv?{self.query()}",
        }

    def query(self) -> str:
        """The choice as a query of `/api/facts.*`."""
        return urlencode(self.address)


def _grouped(address: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    keys = dict.fromkeys(key for key, _ in address)
    return [(key, [value for one, value in address if one == key]) for key in keys]


def address_of(
    *,
    scope: str,
    kinds: Sequence[str],
    bodies: Sequence[str],
    years: str,
    measures: Sequence[str],
    statuses: Sequence[str],
    shape: str,
    names: str,
    superseded: bool,
    known: dt.date | None,
    language: str,
) -> list[tuple[str, str]]:
    """The query of `/api/facts.*` that gives the same choice; what is the default there is left out."""
    pairs = [("scope", scope), *(("kind", kind) for kind in kinds), *(("body", body) for body in bodies)]
    pairs += [("year", years)] if years else []
    pairs += [("measure", measure) for measure in measures]
    pairs += [("status", status) for status in statuses]
    pairs += [("shape", shape)] if shape != SHAPES[0] else []
    pairs += [("names", names)] if names != "codes" else []
    pairs += [("superseded", "yes")] if superseded else []
    pairs += [("known", known.isoformat())] if known else []
    pairs += [("lang", language)] if language != LANGUAGES[0] else []
    return pairs
