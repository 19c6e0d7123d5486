"""The warehouse that many machines share: the same rows as from a file, two writers, pinned readers, killed publishers."""

import datetime as dt
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

import queries
from pages.ui import store
from pipeline import lake as lakes
from pipeline import places
from pipeline.__main__ import main
from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read
from pipeline.environment import postgres_programs
from pipeline.history import open_as_known
from pipeline.invent import invent_corpus
from pipeline.lake import Lake, lake_of, open_lake, refresh
from pipeline.model import UserError
from pipeline.publish import Published, compact, fetch_own, publish
from pipeline.warehouse import DEFAULT_SOURCES, build
from tests.lakes import object_store, postgres
from tests.test_growth import BODIES, SETTINGS, text_of
from tests.test_pages import bodies_of_html, opened

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="starts PostgreSQL as its own user")
AT = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
Fresh = Callable[[], Lake]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assert postgres_programs() is not None, "PostgreSQL is missing: python3 tests installs it on Debian"
    with postgres(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@pytest.fixture
def fresh(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fresh:
    """Makes an empty lake whose rows lie in a folder of the test's."""
    monkeypatch.setenv("PIPELINE_LAKE_DATA", f"{tmp_path / 'rows'}/")
    return lambda: lake_of(f"{server}?schema=t{abs(hash(str(tmp_path))) % 10**12}")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file of invented and real documents, built twice so that something is of the past."""
    folder = tmp_path_factory.mktemp("lake")
    shutil.copytree(DEFAULT_SOURCES, folder / "sources")
    invent_corpus(4, range(2019, 2025), 5, folder / "documents")
    (folder / "documents" / "early.txt").write_text(text_of(BODIES[0], 2020, 1), "utf-8")
    folders = [folder / "sources", folder / "documents"]
    build(folders, folder / "warehouse.duckdb", at=AT - dt.timedelta(days=9))
    (folder / "documents" / "early.txt").write_text(text_of(BODIES[0], 2020, 2), "utf-8")
    build(folders, folder / "warehouse.duckdb", at=AT)
    return folder / "warehouse.duckdb"


def values(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """What the parameters of screen queries can be, by their names."""

    def listed(query: str) -> list[object]:
        return [one for (one,) in connection.execute(query).fetchall()]

    [(body, report, other)] = connection.execute(
        """
        select body_id, min(report_id), max(report_id) from report join fact using (report_id)
        where origin = 'invented' group by body_id order by count(*) desc, body_id limit 1
        """
    ).fetchall()
    measures = listed("select measure from measure order by position")
    return {
        "bodies": listed("select body_id from body order by body_id"), "language": "zh", "first": 2015, "last": 2025,
        "year": 2022, "report": report, "measures": measures, "body": body, "measure": "items_disclosed",
        "reports": listed("select report_id from report order by report_id"), "offset": 0, "part": "none",
        "years": list(range(2015, 2026)), "scope": "real", "one": report, "other": other, "words": ["公开"],
        "superseded": False, "statuses": ["reported", "blank"], "rule": "D-CAT", "rows": "body", "columns": "year",
        "value": "sum", "outcomes": ["broken"], "severities": ["error", "warning"], "undecided": False, "per": False,
        "tables": ["fact", "report"], "section": "二", "indicator": "on_time", "names": "codes",
    }  # fmt: skip


def answers(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The rows of every query of queries/screens but that which names the build."""
    known, found = values(connection), {}
    for file in sorted(queries.SCREENS.glob("*.sql")):
        names = set(re.findall(r"\$([a-z_]+)", re.sub("--.*", "", file.read_text("utf-8"))))
        frame = queries.ask(connection, file.stem, **{name: known.get(name) for name in names})
        found[file.stem] = sorted(map(str, frame.itertuples(index=False, name=None)))
    del found["newest_build"]
    return found


@pytest.fixture(scope="module")
def answered(built: Path) -> dict[str, list[str]]:
    """What the file answers."""
    with open_to_read(built) as file:
        return answers(file)


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """All rows of all tables but the record of builds, each by the names of its columns in order."""
    found = {}
    listed = "select distinct table_schema, table_name from information_schema.columns where table_catalog = current_database()"
    for schema, name in connection.execute(listed).fetchall():
        if name != "build":
            asked = connection.execute(f'from "{schema}"."{name}"')
            order = sorted(range(len(asked.description)), key=lambda at: asked.description[at][0])
            found[f"{schema}.{name}"] = sorted(str([row[at] for at in order]) for row in asked.fetchall())
    return found


@pytest.mark.parametrize("where", ["folder", "s3"])
def test_every_query_and_table_says_the_same_from_a_file_and_a_lake(
    where: str,
    built: Path,
    answered: dict[str, list[str]],
    fresh: Fresh,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with object_store(tmp_path / "objects") as variables:
        for name, value in variables.items() if where == "s3" else ():
            monkeypatch.setenv(name, value)
        lake = fresh()
        assert publish(built, lake, "甲", at=AT).changed
        assert publish(built, lake, "甲", at=AT).changed == 0, "what is there already is not published again"
        assert sum(map(len, answered.values())) > 5_000
        with open_lake(lake) as shared:
            assert answers(shared) == answered
        assert refresh(lake, tmp_path / "copy.duckdb", 3)
        assert not refresh(lake, tmp_path / "copy.duckdb", 3)
        with open_to_read(built) as file, open_to_read(tmp_path / "copy.duckdb") as copied:
            assert tables(copied) == tables(file)
        day = (AT - dt.timedelta(days=5)).date()
        with open_as_known(built, day) as file, open_as_known(tmp_path / "copy.duckdb", day) as copied:
            query = "select * from report_wide order by all"
            assert copied.execute(query).fetchall() == file.execute(query).fetchall()
        lies = (
            list((tmp_path / "objects").rglob("*.parquet"))
            if where == "s3"
            else list((tmp_path / "rows").rglob("*.parquet"))
        )
        assert lies


def test_pages_show_a_lake_by_its_copy(
    built: Path, fresh: Fresh, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = fresh()
    publish(built, lake, "甲", at=AT)
    monkeypatch.setenv("PIPELINE_WAREHOUSE", "")  # `opened` sets it: this puts it back
    monkeypatch.setenv("PIPELINE_LAKE_COPY", str(tmp_path / "copy.duckdb"))
    refresh(lake, tmp_path / "copy.duckdb", 3)
    for page in ("overview", "volumes"):
        from_file = bodies_of_html(opened(built, page))
        shown = bodies_of_html(opened(Path(f"ducklake:postgres://x@y/{lake.schema}"), page))
        assert places.lake() is None or places.warehouse() == tmp_path / "copy.duckdb"
        assert len(shown) == len(from_file) > 0
    assert store.path() is not None


# --- two writers ---------------------------------------------------------------------------------


class Machine:
    """A machine with documents of its own."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.documents, self.warehouse = name, path / name, path / f"{name}.duckdb"
        self.documents.mkdir()

    def write(self, body: str, year: int, total: int) -> None:
        (self.documents / f"{self.name}{body}{year}.txt").write_text(text_of(body, year, total), "utf-8")

    def build(self, at: dt.datetime = AT) -> None:
        build([self.documents], self.warehouse, at=at, settings=SETTINGS, workers=1, corrections=[])

    def publish(self, lake: Lake, at: dt.datetime = AT) -> Published:
        return publish(self.warehouse, lake, self.name, settings=SETTINGS, at=at)


def machines(path: Path) -> tuple[Machine, Machine]:
    """Two machines of one county, each with half of its bodies, each with last year's and this year's reports."""
    two = Machine("a", path), Machine("b", path)
    for number, body in enumerate(BODIES[:4]):
        for year in (2021, 2022, 2023):
            two[number % 2].write(body, year, 10 * number + (year - 2020) * 40)
    for one in two:
        one.build()
    return two


@pytest.mark.parametrize("locked", [True, False], ids=["in turn", "at the same moment"])
def test_two_writers_of_one_county_make_what_one_machine_would_have_made(
    locked: bool, fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = machines(tmp_path)
    lake = fresh()
    Machine("c", tmp_path).build()
    publish(tmp_path / "c.duckdb", lake, "c", at=AT)
    met, attempts = threading.Barrier(2, timeout=60), []
    if not locked:
        # As if PostgreSQL had let the lock go: both begin from the same snapshot.
        def together(*_: object) -> None:
            attempts.append(1)
            if len(attempts) <= 2:
                met.wait()

        monkeypatch.setattr(lakes, "_wait", together)
    failed: list[BaseException] = []

    def run(one: Machine) -> None:
        try:
            one.publish(lake)
        except BaseException as error:  # noqa: BLE001  shown by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in (a, b)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    if not locked:
        assert len(attempts) > 2, "one of the two had to begin again"
    whole = tmp_path / "whole.duckdb"
    build(
        [a.documents, b.documents, tmp_path / "c"], whole, at=AT, settings=SETTINGS, workers=1, corrections=[]
    )
    refresh(lake, tmp_path / "copy.duckdb", 3)
    with open_to_read(whole) as file, open_to_read(tmp_path / "copy.duckdb") as shared:
        assert tables(shared) == tables(file)
        assert shared.execute("select count(*) from report").fetchone() == (12,)
        assert shared.execute("select count(*) from finding where across").fetchone() != (0,)


def test_a_report_that_two_hold_counts_once_and_stays_when_the_first_takes_it_out(
    fresh: Fresh, tmp_path: Path
) -> None:
    a, b = Machine("a", tmp_path), Machine("b", tmp_path)
    for one in (a, b):
        one.write(BODIES[0], 2022, 7)
        one.build()
    lake = fresh()
    a.publish(lake)
    b.publish(lake)
    with open_lake(lake) as shared:
        assert shared.execute("select count(*) from report").fetchone() == (1,)
        before = shared.execute("select fact_id, value from fact order by all").fetchall()
    next(a.documents.iterdir()).unlink()
    a.write(BODIES[1], 2022, 9)
    a.build(AT + dt.timedelta(days=1))
    a.publish(lake, AT + dt.timedelta(days=1))
    with open_lake(lake) as shared:
        assert shared.execute("select count(*) from report").fetchone() == (2,)
        assert set(before) <= set(shared.execute("select fact_id, value from fact").fetchall())
        assert shared.execute("select count(*) from current_report").fetchone() == (2,)


# --- readers, compaction, death --------------------------------------------------------------------


def test_a_pinned_reader_sees_its_build_whole_through_publishing_and_compaction(
    fresh: Fresh, tmp_path: Path
) -> None:
    one = Machine("a", tmp_path)
    one.write(BODIES[0], 2022, 7)
    one.build()
    lake = fresh()
    one.publish(lake)
    for day in (1, 2):
        one.write(BODIES[day], 2022, 30 + day)
        one.build(AT + dt.timedelta(days=day))
        one.publish(lake, AT + dt.timedelta(days=day))
    rows = tmp_path / "rows"
    with open_lake(lake) as pinned:
        before = tables(pinned)
        one.write(BODIES[5], 2022, 50)
        one.write(BODIES[0], 2022, 8)
        one.build(AT + dt.timedelta(days=5))
        one.publish(lake, AT + dt.timedelta(days=5))
        assert tables(pinned) == before
        done = compact(lake, kept=2, hours=0)
        assert done.expired >= 2
        assert tables(pinned) == before
    with open_lake(lake) as after:
        assert after.execute("select count(*) from report").fetchone() == (4,)
    copy = tmp_path / "copy.duckdb"
    refresh(lake, copy, 3)
    with open_to_read(one.warehouse) as file, open_to_read(copy) as shared:
        assert tables(shared) == tables(file)
    many = len(list(rows.rglob("*.parquet")))
    compact(lake, kept=1, hours=0)
    assert len(list(rows.rglob("*.parquet"))) < many
    assert not refresh(lake, copy, 3), "compaction makes no new build"
    with open_lake(lake) as after:
        assert after.execute("select count(*) from past.report").fetchone() == (1,)


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import publish
from pipeline.lake import lake_of
done = publish._Publication._run
def dying(self, name, **names):
    done(self, name, **names)
    if name == "publish_build":
        os.kill(os.getpid(), signal.SIGKILL)
publish._Publication._run = dying
publish.publish(Path(sys.argv[1]), lake_of(sys.argv[2]), "a")
"""


def test_a_killed_publisher_leaves_nothing_half(fresh: Fresh, server: str, tmp_path: Path) -> None:
    one = Machine("a", tmp_path)
    one.write(BODIES[0], 2022, 7)
    one.build()
    lake = fresh()
    one.publish(lake)
    with open_lake(lake) as reader:
        before = tables(reader)
    one.write(BODIES[1], 2022, 8)
    one.build(AT + dt.timedelta(days=1))
    address = f"{server}?schema={lake.schema}"
    files = len(list((tmp_path / "rows").rglob("*.parquet")))
    died = subprocess.run([sys.executable, "-c", KILLED, str(one.warehouse), address], check=False)
    assert died.returncode == -9
    left = len(list((tmp_path / "rows").rglob("*.parquet"))) - files
    with open_lake(lake) as reader:
        assert tables(reader) == before
    done = compact(lake, kept=3, hours=24)
    assert done.deleted >= left > 0
    assert one.publish(lake, AT + dt.timedelta(days=1)).changed
    with open_lake(lake) as reader:
        assert reader.execute("select count(*) from report").fetchone() == (2,)


# --- what a machine can get wrong ------------------------------------------------------------------


def test_a_machine_that_lost_its_file_goes_on_from_the_lake(fresh: Fresh, tmp_path: Path) -> None:
    one = Machine("a", tmp_path)
    one.write(BODIES[0], 2022, 7)
    one.build()
    lake = fresh()
    one.publish(lake)
    one.write(BODIES[0], 2022, 8)
    one.build(AT + dt.timedelta(days=1))
    one.publish(lake, AT + dt.timedelta(days=1))
    old = tmp_path / "old.duckdb"
    shutil.copy(one.warehouse, old)
    with open_to_read(old) as file:
        before = tables(file)
    shutil.rmtree(one.warehouse.with_name(one.warehouse.name + ".builds"))
    one.warehouse.unlink()
    one.build(AT + dt.timedelta(days=2))
    with pytest.raises(UserError, match="PIPELINE_WRITER"):
        one.publish(lake)
    shutil.rmtree(one.warehouse.with_name(one.warehouse.name + ".builds"))
    one.warehouse.unlink()
    assert fetch_own(one.warehouse, lake, "a")
    assert not fetch_own(one.warehouse, lake, "a")
    one.build(AT + dt.timedelta(days=3))
    with open_to_read(one.warehouse) as file:
        after = tables(file)
    assert {name for name in after if after[name] != before[name]} == set()
    one.publish(lake, AT + dt.timedelta(days=3))
    with open_lake(lake) as shared:
        assert shared.execute("select count(*) from past.report").fetchone() == (1,)


def test_an_outdated_program_does_not_publish(
    fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = Machine("a", tmp_path), Machine("b", tmp_path)
    for body, one in zip(BODIES, (a, b), strict=False):
        one.write(body, 2022, 5)
        one.build()
    lake = fresh()
    a.publish(lake)
    with monkeypatch.context() as newer:
        newer.setattr("pipeline.version.program_of", lambda catalogue: "newer")
        assert b.publish(lake).shared > 0, "what others have is computed again by the newer program"
    a.write(BODIES[0], 2024, 3)
    a.build(AT + dt.timedelta(days=1))
    with pytest.raises(UserError, match="更新"):
        a.publish(lake)


@pytest.mark.parametrize(
    "address",
    ["ducklake:", "ducklake:mysql://h/d", "ducklake:postgres://h", "ducklake:postgres://h/d?password=x"],
)
def test_an_address_that_is_none_is_one_line(address: str) -> None:
    with pytest.raises(UserError, match="ducklake:postgres://"):
        lake_of(address)


def test_no_password_is_told(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PGPASSWORD", "")
    lake = lake_of("ducklake:postgres://u:topsecret@127.0.0.1:1/d")
    assert "topsecret" not in repr(lake)
    assert main(["trace", "items_disclosed", "--body", "x", "--year", "2020", "--warehouse", "ducklake:postgres://u:topsecret@127.0.0.1:1/d"]) == 2  # fmt: skip
    told = capsys.readouterr()
    assert "topsecret" not in told.out + told.err and len(told.err.splitlines()) == 1


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb_extension_ducklake", None)
    with pytest.raises(UserError, match=r"requirements-many\.txt"):
        lakes.head(lake_of("ducklake:postgres://h/d"))


def test_the_command_line_builds_reads_and_compacts(
    server: str,
    fresh: Fresh,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = Machine("a", tmp_path)
    one.write(BODIES[0], 2022, 7)
    address = f"{server}?schema={fresh().schema}"
    monkeypatch.setenv("PIPELINE_OWN", str(tmp_path / "own.duckdb"))
    monkeypatch.delenv("PIPELINE_WRITER", raising=False)
    command = ["build", "--sources", str(one.documents), "--warehouse", address]
    assert main(command) == 2, "a machine needs a name"
    monkeypatch.setenv("PIPELINE_WRITER", "隆阳区")
    assert main(command) == 0
    assert "发布" in capsys.readouterr().out
    asked = ["trace", "items_by_channel", "--body", BODIES[0], "--year", "2022", "--warehouse", address]
    assert main(asked) == 0
    assert "7" in capsys.readouterr().out
    monkeypatch.setenv("PIPELINE_LAKE_COPY", str(tmp_path / "copy.duckdb"))
    assert main([*asked, "--known-on", dt.datetime.now(dt.UTC).date().isoformat()]) == 0
    assert main(["compact", "--warehouse", address, "--kept", "1", "--hours", "0"]) == 0
    assert default_catalogue().measures
