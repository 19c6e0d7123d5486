"""The quality gate: what is wrong on our side. What a report prints wrong is a finding and never fails the gate."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipeline.catalogue import Catalogue
from pipeline.settings import Settings
from pipeline.sources import Source, changed_sources

_QUERIES = Path(__file__).resolve().parent.parent / "queries" / "console"
_STATES = {
    "reopened": "所依据的原文或数字已变，请重新核定",
    "unmatched": "没有对应的报告、数字或核验，请核对或删去",
}


def our_faults(
    connection: duckdb.DuckDBPyConnection, sources: list[Source], catalogue: Catalogue, settings: Settings
) -> Iterator[str]:
    """One line for each fault of ours: a changed original, a label not settled, a row of a form not found, a correction
    that is not in force, a catalogue row that nothing uses, fewer files read than the settings demand."""
    yield from changed_sources(sources)
    for path, code, message in _ask(connection, "our_faults"):
        yield f"{path}：{message}（{code}）"
    for correction, state, body, year, what in _ask(connection, "stale_corrections"):
        yield f"corrections.csv 的 {correction}（{body} {year} {what}）未生效：{_STATES[state]}"
    yield from unused_rows(catalogue)
    yield from _coverage(connection, settings)


def _ask(connection: duckdb.DuckDBPyConnection, name: str) -> Sequence[tuple[str, ...]]:
    return connection.execute((_QUERIES / f"{name}.sql").read_text("utf-8")).fetchall()


def _coverage(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[str]:
    ((files, read),) = connection.execute((_QUERIES / "coverage.sql").read_text("utf-8")).fetchall()
    if files and read / files < settings.least_read:
        yield (
            f"文件夹里 {files:,} 个文件，读成已知单位和年度的报告 {read:,} 个（{read / files:.1%}），"
            f"低于 settings.csv 所定的 {settings.least_read:.0%}"
        )


def unused_rows(catalogue: Catalogue) -> Iterator[str]:
    """The rows of the catalogue that nothing can come to use."""
    printed = {line.measure for layout in catalogue.layouts.values() for line in layout.lines}
    told = {rule.measure for rule in catalogue.prose if rule.measure}
    for name, measure in catalogue.measures.items():
        if name not in printed | told and not measure.layouts and name not in catalogue.children:
            yield f"measures.csv 的 {name}：没有格式印它，也没有措辞读它"
    for name, channel in catalogue.channels.items():
        members = [one for one in catalogue.channels.values() if one.klass == name and one.channel != name]
        if not channel.synonyms and not members:
            yield f"channels.csv 的 {name}：没有任何名称，也没有下属渠道"
    for name, layout in catalogue.layouts.items():
        if not layout.lines and layout.marks:
            yield f"layouts.csv 的 {name}：没有一行"
    for body in catalogue.bodies.values():
        if body.predecessor and catalogue.bodies[body.predecessor].valid_to is None:
            yield f"bodies.csv 的 {body.body_id}：前身 {body.predecessor} 没有写撤销年份 valid_to"
