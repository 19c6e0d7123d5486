"""What whoever runs the server relies on: lines of events without secrets, numbered failures, health, files to deploy, docs."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.ui import access, api, deeds
from pages.ui.access import Visitor
from pages.ui.server import MIDDLEWARE, ROUTES
from pages.ui.words import Words
from pipeline import __main__ as command_line
from pipeline import environment, events, intake, places
from pipeline.intake import Site, log
from tests.test_intake import read_in, report

ROOT = Path(__file__).parent.parent
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
DEPLOY = ROOT / "docs" / "deploy"
TYPED = "某人打的字"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that events go to."""
    path = tmp_path / "events.jsonl"
    monkeypatch.setenv("PIPELINE_LOG", str(path))
    events.begin()
    yield path
    events.end()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.fixture
def here(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site is the one that the pages and routes show."""
    for name, path in (
        ("WAREHOUSE", site.warehouse), ("INTAKE", site.folder), ("SOURCES", site.sources), ("CORRECTIONS", site.corrections),
    ):  # fmt: skip
        monkeypatch.setenv(f"PIPELINE_{name}", str(path))
    return site


def client() -> TestClient:
    """Our routes with our middleware, as the server has them."""
    return TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), raise_server_exceptions=False)


class TestEvents:
    def test_publishing_and_builds_are_told_without_who_and_why(self, told: Path, site: Site) -> None:
        batch = read_in(site, ("瓦窑.txt", report("瓦窑镇", 2019)))
        batch = batch.note("瓦窑.txt", TYPED, f"{TYPED}@example.cn")
        batch, built = intake.publish(batch, f"{TYPED}@example.cn")
        intake.undo(batch, f"{TYPED}@example.cn")
        found = lines(told)
        assert [line["what"] for line in found] == ["build", "build", "build", "publish", "undo"]
        publish = found[3]
        assert (publish["batch"], publish["build"]) == (batch.batch_id, built.build_id)
        assert publish["ms"] >= 0 and publish["level"] == "info"
        assert TYPED not in told.read_text("utf-8")

    def test_what_fails_tells_where_and_not_what_was_said(self, told: Path) -> None:
        with pytest.raises(ValueError, match=TYPED), events.told("build"):
            raise ValueError(TYPED)
        (line,) = lines(told)
        assert (line["level"], line["outcome"], line["error"]) == ("error", "failed", "ValueError")
        assert line["where"][-1].startswith("tests/test_operating.py:")
        assert TYPED not in told.read_text("utf-8")

    def test_a_file_that_is_turned_over_is_begun_anew(self, told: Path) -> None:
        events.tell("start")
        told.rename(told.with_suffix(".1"))
        events.tell("start")
        assert len(lines(told)) == len(lines(told.with_suffix(".1"))) == 1

    def test_without_the_variable_nothing_is_written(self, tmp_path: Path) -> None:
        environ = {name: value for name, value in os.environ.items() if name != "PIPELINE_LOG"}
        (tmp_path / "documents").mkdir()
        command = [sys.executable, "-m", "pipeline", "build", "--sources", str(tmp_path / "documents"), "--warehouse",
                   str(tmp_path / "w.duckdb")]  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
        assert '"what"' not in done.stderr + done.stdout
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environ, "PIPELINE_LOG": "stderr"},
            capture_output=True,
            text=True,
            check=True,
        )
        (line,) = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        assert line["what"] == "build" and line["read"] == 0


class TestFailures:
    def test_a_page_that_fails_shows_the_number_its_line_has(
        self, told: Path, here: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError(TYPED)

        monkeypatch.setattr("pages.ui.sheet.opened", broken)
        at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
        at.query_params["q"] = TYPED
        at.run()
        assert not at.exception
        shown = " ".join(element.proto.body for element in at.get("html"))
        (line,) = [line for line in lines(told) if line["what"] == "page"]
        assert (line["outcome"], line["level"], line["error"]) == ("failed", "error", "RuntimeError")
        assert line["page"] == "overview" and line["build"] and line["role"]
        assert line["number"] in shown
        assert TYPED not in told.read_text("utf-8")

    def test_without_lines_of_events_the_servers_own_log_has_the_number(
        self, here: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("inside")

        monkeypatch.setattr("pages.ui.sheet.opened", broken)
        at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60).run()
        shown = " ".join(element.proto.body for element in at.get("html"))
        (number,) = re.findall(r"编号 ([0-9a-f]{8})", shown)
        assert number in caplog.text and "RuntimeError: inside" in caplog.text

    def test_a_route_that_fails_answers_with_the_number_its_line_has(
        self, told: Path, here: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError(TYPED)

        monkeypatch.setattr(api, "understood", broken)
        answer = client().get(f"/api/facts.csv?body={TYPED}")
        assert answer.status_code == 500 and TYPED not in answer.text
        (line,) = [line for line in lines(told) if line["what"] == "request"]
        assert (line["path"], line["status"]) == ("/api/facts.csv", 500)
        assert answer.json()["number"] == line["number"] and line["number"] in answer.json()["error_zh"]
        assert TYPED not in told.read_text("utf-8")

    def test_requests_are_told_with_role_and_build_and_without_their_query(
        self, told: Path, here: Site
    ) -> None:
        asking = client()
        assert asking.get("/api/facts.csv?year=2019").status_code == 200
        assert asking.get(f"/api/facts.csv?body={TYPED}").status_code == 400
        first, second = [line for line in lines(told) if line["what"] == "request"]
        assert first["role"] == "analyst" and first["build"] and first["ms"] >= 0
        assert (second["status"], second["level"]) == (400, "warning")
        assert TYPED not in told.read_text("utf-8")


class TestHealth:
    def test_it_says_the_build_its_age_and_how_much_there_is(self, here: Site) -> None:
        said = client().get("/api/health").json()
        assert said["status"] == "ok" and said["reports"] == 1 and 0 <= said["age_seconds"] < 600

    def test_who_has_to_sign_in_is_told_no_counts(self, here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(access, "is_on", lambda: True)
        assert set(client().get("/api/health").json()) == {"status", "build", "built_at", "age_seconds"}

    @pytest.mark.parametrize(
        ("content", "status"), [(None, "no warehouse"), (b"x" * 9000, "broken warehouse")]
    )
    def test_where_nothing_can_be_served_it_is_503(
        self, content: bytes | None, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "w.duckdb"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setenv("PIPELINE_WAREHOUSE", str(path))
        answer = client().get("/api/health")
        assert (answer.status_code, answer.json()) == (503, {"status": status})


class TestLogWithTheData:
    """log.csv in the zip: for who may open the log's page what it shows, for others their own lines."""

    @pytest.fixture
    def deedful(self, here: Site) -> Site:
        log.add(here.folder, "a@example.cn", "begin", "a")
        log.add(here.folder, "b@example.cn", "note", "a", "=HYPERLINK(1)")
        return here

    @pytest.mark.parametrize(
        ("asking", "seen"),
        [
            (Visitor("c@example.cn", "admin"), ["begin", "note"]),
            (Visitor("a@example.cn", "admin", ("隆阳区",)), ["begin"]),
            (Visitor("b@example.cn", "editor"), ["note"]),
            (Visitor("b@example.cn", "analyst", ("隆阳区",)), ["note"]),
            (Visitor("", "analyst"), []), (Visitor("b@example.cn", None), []),
        ],
    )  # fmt: skip
    def test_each_gets_the_lines_they_may_see(self, asking: Visitor, seen: list[str], deedful: Site) -> None:
        with access.acting(asking):
            assert [line["what"] for line in deeds.seen()] == seen

    @pytest.mark.parametrize("names", ["codes", "words"])
    def test_the_zip_has_them_defused_and_described(
        self, names: str, deedful: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(access, "asker", lambda *_: Visitor("c@example.cn", "admin"))
        raw = client().get(f"/api/facts.zip?names={names}").content
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
        rows = list(csv.DictReader(io.StringIO(texts["log.csv"], newline="")))
        say = Words("zh")
        heads = [say(f"log.column.{column}") if names == "words" else column for column in log.COLUMNS]
        assert list(rows[0]) == heads and len(rows) == 2
        assert rows[1][heads[4]] == "'=HYPERLINK(1)"
        assert rows[1][heads[2]] == (say("log.what.note") if names == "words" else "note")
        described = [row[0] for row in csv.reader(io.StringIO(texts["dictionary.csv"], newline=""))]
        assert described[-len(log.COLUMNS) :] == [f"log.csv:{column}" for column in log.COLUMNS]
        assert "log.csv" in texts["README.txt"]

    def test_who_is_not_shown_the_log_gets_its_head_alone(self, deedful: Site) -> None:
        raw = client().get("/api/facts.zip").content
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert archive.read("log.csv").decode("utf-8-sig").strip() == ",".join(log.COLUMNS)


# What one machine alone does not set.
OF_MANY_MACHINES = set(
    "PIPELINE_SCHEDULER PIPELINE_LAKE_DATA PIPELINE_LAKE_COPY PIPELINE_OWN PIPELINE_WRITER".split()
)


class TestDeployment:
    def test_each_variable_of_the_docs_is_one_of_places_and_the_other_way_round(self) -> None:
        def named(text: str) -> set[str]:
            return set(re.findall(r"PIPELINE_[A-Z_]+[A-Z]", text))

        known = named(Path(places.__file__).read_text("utf-8"))
        assert named(OPERATING + (ROOT / "docs" / "scaling.md").read_text("utf-8")) == known
        assert named(OPERATING) >= known - OF_MANY_MACHINES
        for path in (DEPLOY / "dashboard.env", ROOT / "Dockerfile"):
            assert known - OF_MANY_MACHINES <= named(path.read_text("utf-8")) <= known, path.name

    def test_each_command_of_the_docs_exists(self) -> None:
        parser = command_line._parser()
        (commands,) = [action.choices for action in parser._actions if action.dest == "command"]
        named = set(re.findall(r"-m pipeline (\w+)", OPERATING))
        assert named >= {"build", "backup", "restore", "check"} and named <= set(commands)

    def test_each_file_and_address_of_the_docs_exists(self) -> None:
        for link in re.findall(r"\]\(([\w./-]+)\)", OPERATING):
            assert (ROOT / "docs" / link).exists(), link
        paths = {route.path for route in ROUTES}
        assert set(re.findall(r"`(/api/\w*)`", OPERATING)) <= paths

    def test_each_event_of_the_docs_is_told_somewhere_and_the_other_way_round(self) -> None:
        code = "".join(
            path.read_text("utf-8")
            for folder in ("pages", "pipeline")
            for path in (ROOT / folder).rglob("*.py")
        )
        known = set(re.findall(r"""(?:events\.told|events\.tell|_deed)\(\s*"(\w+)\"""", code))
        table = OPERATING.split("| `what` |")[1].split("\n\n")[0]
        assert {
            name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])
        } == known

    def test_a_server_reports_its_metrics_where_the_docs_say(self, real: str) -> None:
        with urllib.request.urlopen(f"{real}/_stcore/metrics", timeout=20) as answer:
            assert b"# EOF" in answer.read()
        assert "location = /_stcore/metrics" in (DEPLOY / "nginx.conf").read_text("utf-8")

    def test_the_proxy_takes_what_the_page_of_intake_takes(self) -> None:
        (most,) = re.findall(
            r"maxUploadSize = (\d+)", (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
        )
        proxy = (DEPLOY / "nginx.conf").read_text("utf-8")
        assert f"client_max_body_size {most}m;" in proxy
        assert "proxy_set_header Upgrade $http_upgrade;" in proxy and proxy.count("{") == proxy.count("}")

    def test_the_service_writes_nowhere_but_in_its_own_folders(self) -> None:
        unit = (DEPLOY / "dashboard.service").read_text("utf-8")
        said = dict(line.split("=", 1) for line in unit.splitlines() if re.match(r"\w+=", line))
        assert (said["NoNewPrivileges"], said["ProtectSystem"]) == ("yes", "strict")
        written = said["ReadWritePaths"].split()
        for line in (DEPLOY / "dashboard.env").read_text("utf-8").splitlines():
            if line.startswith("PIPELINE_"):
                first = line.split("=", 1)[1].split(":")[0]
                assert any(first.startswith(folder) for folder in written), line

    def test_the_container_runs_as_nobody_special_and_is_asked_for_its_health(self) -> None:
        said = (ROOT / "Dockerfile").read_text("utf-8")
        assert re.search(r"^USER dashboard$", said, re.MULTILINE)
        assert "/api/health" in said and "VOLUME /data" in said
        version = re.findall(r"FROM python:(\d+)\.(\d+)", said)[0]
        assert tuple(map(int, version)) >= (3, 11)
        ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        assert {".git", ".venv", ".streamlit/secrets.toml", "data/access.csv"} <= set(ignored)

    def test_the_batch_file_is_one_that_windows_reads_and_starts_what_there_is(self) -> None:
        raw = (DEPLOY / "start.bat").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\r\n") == raw.count(b"\n") > 10
        said = raw.decode("utf-8").splitlines()
        assert said[0] == "@echo off" and "chcp 65001 >nul" in said
        assert '"py -3" "python" "python3"' in raw.decode("utf-8")
        oldest = ", ".join(map(str, environment.OLDEST_PYTHON))
        assert f"sys.version_info < ({oldest})" in raw.decode("utf-8")
        (start,) = [line for line in said if line.startswith("%PYTHON%")]
        assert (ROOT / start.split()[1]).exists()
        up = next(line for line in said if line.startswith("cd /d"))
        assert up.count("..") == len(DEPLOY.relative_to(ROOT).parts)
        words = {line.split()[0].lower() for line in said if line.strip()}
        assert words <= {
            "@echo",
            "rem",
            "chcp",
            "setlocal",
            "cd",
            "set",
            "for",
            "if",
            "%%~p",
            ")",
            "echo",
            "pause",
            "exit",
            "%python%",
        }
