"""A letter to each body of a county (整改清单): what to look into, where it stands, until when; with a form to return."""

import csv
import io
import zipfile
from collections.abc import Iterator

from pipeline.export import defused
from pipeline.paper.model import Block, Break, Column, Heading, Paper, Paragraph, Table, Text, plain
from pipeline.paper.word import as_docx, entry
from pipeline.paper.words import day, figure, named, say, text, tight
from pipeline.papers import County, Row, finding_note, place_told, report_note

_PLACES = 12
_TOLD_SO = ("missing", "figures", "unreadable", "not_due")


def letters(county: County) -> Iterator[tuple[Row, Paper]]:
    """The letter of each body that owes a report."""
    for row in county.owed:
        yield row, letter(county, row)


def letter(county: County, owed: Row) -> Paper:
    """The letter to one body."""
    findings = asked_of(county, owed)
    key = "subdistrict" if owed["kind"] == "subdistrict" else "township"
    blocks: list[Block] = [Paragraph(plain(say(f"addressee.{key}", body=owed["body"])), "addressee")]
    until = figure(day(county.until), say("source.until"))
    if owed["state"] in _TOLD_SO:
        told = text(f"letter.{owed['state']}", day=day(county.day), year=county.year, until=until)
        blocks.append(Paragraph(told))
    elif not findings:
        blocks.append(Paragraph(text("letter.nothing", year=county.year, report=_report(owed))))
    else:
        count = figure(len(findings), report_note(owed))
        blocks.append(Paragraph(text("letter.opening", year=county.year, report=_report(owed), count=count)))
        blocks.append(_list(county, findings))
        blocks.append(Paragraph(text("letter.demand", until=until)))
        blocks.append(Paragraph(plain(say("letter.note"))))
    blocks.append(Paragraph(plain(say("paper.issuer")), "signature"))
    blocks.append(Paragraph(plain(day(county.day)), "date"))
    if findings:
        blocks += _form(findings)
    title = say("letter.title", body=owed["body"], year=county.year)
    return Paper(title, county.mark, county.made_at, county.build, tuple(blocks))


def asked_of(county: County, owed: Row) -> list[Row]:
    """What a body is asked to look into."""
    return [row for row in county.to_correct() if row["report_id"] == owed["report_id"]]


def _report(owed: Row) -> str:
    when = say("source.published", day=day(owed["published"])) if owed["published"] else say("source.undated")
    return say("letter.report", title=owed["title"] or owed["source"], when=when)


def _list(county: County, findings: list[Row]) -> Table:
    columns = (
        Column(say("column.number"), 1, numeric=True), Column(say("column.check"), 4),
        Column(say("column.found"), 5), Column(say("column.printed"), 6), Column(say("column.remedy"), 4),
    )  # fmt: skip
    rows = tuple(_line(county, at, row) for at, row in enumerate(findings, start=1))
    return Table(say("letter.table"), columns, rows)


def _line(county: County, at: int, row: Row) -> tuple[Text, ...]:
    told = place_told(county, row)
    places = say("list.clause").join(told[:_PLACES])
    if len(told) > _PLACES:
        places = say("source.more_places", places=places, count=len(told))
    accepted = say("letter.accepted") if row["decision"] == "accepted" else ""
    return (
        plain(str(at)),
        plain(row["label"] + accepted),
        (figure(tight(row["message"]), finding_note(county, row)),),
        plain(places or say("letter.whole")),
        plain(say(f"remedy.{row['rule']}")),
    )


def _form(findings: list[Row]) -> list[Block]:
    names = ("number", "check", "answer", "corrected", "reason", "person", "done")
    shares = (1, 4, 3, 3, 3, 2, 2)
    columns = tuple(Column(say(f"column.{name}"), share) for name, share in zip(names, shares, strict=True))
    rows = tuple(
        (plain(str(at)), plain(say(f"problem.{row['rule']}")), *(plain("") for _ in names[2:]))
        for at, row in enumerate(findings, start=1)
    )
    return [
        Break(),
        Heading(3, say("letter.returned")),
        Paragraph(plain(say("letter.returned.note")), "small"),
        Table("", columns, rows, tall=True),
    ]


def as_zip(county: County) -> bytes:
    """All letters as docx with a list of them; the same county gives the same bytes."""
    packed, listed = io.BytesIO(), io.StringIO()
    writer = csv.writer(listed, lineterminator="\n")
    writer.writerow(say("letter.list.columns").split("|"))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for at, (owed, paper) in enumerate(letters(county), start=1):
            name = say("letter.file", number=f"{at:03}", body=_file_name(owed["body"]))
            parts.writestr(entry(name), as_docx(paper))
            count = len(asked_of(county, owed))
            writer.writerow(
                [at, defused(owed["body"]), named("state", owed["state"]), count, county.until, name]
            )
        parts.writestr(entry(say("letter.list")), listed.getvalue().encode("utf-8-sig"))
    return packed.getvalue()


def _file_name(name: str) -> str:
    """The name without what a file system or an unpacker could take for a path."""
    return "".join(char if char.isalnum() or char in "（）-" else "_" for char in name)
