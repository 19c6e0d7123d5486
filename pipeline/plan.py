"""What a build has to do: which files are new, changed, gone, or must take the place of another with the same bytes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.model import UserError
from pipeline.sources import Source, changed, declared_as, digest_of

_QUERIES = Path(__file__).resolve().parent.parent / "queries" / "build"


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to read in their order, with the hash of each, and the names of files that are gone."""

    read: Sequence[Source]
    gone: Sequence[str]
    digests: Mapping[str, str]


def plan_of(
    sources: Sequence[Source],
    last: duckdb.DuckDBPyConnection | None,
    again: Collection[str] = (),
    *,
    everything: bool = False,
) -> Plan:
    """Which files to read: the new, the changed by content or by what is declared of them, and those named in `again`.

    A file whose size and time of change are as the last warehouse knows them is not hashed, and only those that differ
    are looked at one by one: a folder may hold a hundred thousand. UserError where a file's bytes are not those its
    manifest was written for.
    """
    seen = {source.name: source for source in sources}
    if last is None:
        return Plan(sources, [], {name: _digest(source) for name, source in seen.items()})
    rows = _ask(last, "differing_files", sources)
    gone = [file for file, _, is_gone, _ in rows if is_gone]
    digests = {file: _digest(seen[file]) for file, _, is_gone, _ in rows if not is_gone}
    read = {
        file
        for file, sha256, is_gone, is_declared_otherwise in rows
        if not is_gone and (is_declared_otherwise or digests[file] != sha256)
    }
    read |= set(seen) if everything else set(again) & set(seen)
    touched = {"files": [*gone, *read], "digests": [digests[file] for file in read if file in digests]}
    if gone or read:
        query = (_QUERIES / "copies_of_files.sql").read_text("utf-8")
        read |= {file for (file,) in last.execute(query, touched).fetchall() if file in seen}
    for file in read - set(digests):
        digests[file] = _digest(seen[file])
    return Plan([source for source in sources if source.name in read], gone, digests)


def _digest(source: Source) -> str:
    digest = digest_of(source)
    if source.sha256 and digest and digest != source.sha256:
        raise UserError(changed(source))
    return digest


def _ask(
    last: duckdb.DuckDBPyConnection, name: str, sources: Sequence[Source]
) -> Sequence[tuple[str, str, bool, bool]]:
    seen = pa.table(
        {
            "file": pa.array([source.name for source in sources], pa.string()),
            "size": pa.array([source.size for source in sources], pa.int64()),
            "modified": pa.array([source.modified for source in sources], pa.int64()),
            "declared": pa.array([declared_as(source) for source in sources], pa.string()),
        }
    )
    last.register("seen", seen)
    return last.execute((_QUERIES / f"{name}.sql").read_text("utf-8")).fetchall()
