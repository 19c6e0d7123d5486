"""The command line as a user meets it: contracts, exit statuses, one clear line for whatever is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.database import open_to_read

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "data" / "sources" / "西邑乡2019年政府信息公开年度报告.txt"


def pipeline(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, encoding="utf-8")


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    result = pipeline("build", "--warehouse", path)
    assert result.returncode == 0, result.stderr
    return path


def test_extract_json_keeps_the_contract() -> None:
    result = pipeline("extract", REPORT, "--format", "json")
    assert result.returncode == 0 and result.stderr == ""
    contract = json.loads(result.stdout)
    assert list(contract) == ["document", "report", "facts", "findings", "issues"]
    assert set(contract["document"]) == {"path", "sha256", "media_type"}
    assert set(contract["report"]) == {
        "body",
        "county",
        "year",
        "published",
        "title",
        "index_number",
        "layout",
    }
    for fact in contract["facts"]:
        assert set(fact) == {
            "measure", "applicant", "channel", "account", "category", "value", "unit", "status", "bound", "raw_text",
            "locator",
        }  # fmt: skip
        assert (fact["value"] is None) == (fact["status"] != "reported")
    assert {"rule", "severity", "outcome", "message"} <= set(contract["findings"][0])


def test_extract_csv_has_every_fact() -> None:
    result = pipeline("extract", REPORT, "--format", "csv")
    assert len(result.stdout.splitlines()) == 1 + len(
        json.loads(pipeline("extract", REPORT, "--format", "json").stdout)["facts"]
    )


def test_trace_shows_the_sentence(built: Path) -> None:
    result = pipeline("trace", "items_by_channel", "--body", "西邑乡", "--year", "2019", "--warehouse", built)
    assert result.returncode == 0
    assert "257 条" in result.stdout and "【257条】" in result.stdout and "第 25 行" in result.stdout
    assert "桑韵西邑”：未填" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trace", "itmes", "--body", "西邑乡", "--year", "2019"), "没有指标"),
        (("trace", "granted", "--body", "无此乡", "--year", "2019"), "请核对机构名称"),
    ],
)
def test_trace_of_nothing_says_what_to_do(built: Path, arguments: tuple[str, ...], said: str) -> None:
    result = pipeline(*arguments, "--warehouse", built)
    assert result.returncode == 2 and said in one_line(result)


def test_check_fails_only_for_our_own_faults(built: Path) -> None:
    result = pipeline("check", "--warehouse", built)
    assert result.returncode == 0, result.stderr
    assert "D-CAT" in result.stdout and "501" in result.stdout


def test_dictionary(built: Path) -> None:
    result = pipeline("dictionary")
    assert result.returncode == 0 and "| requests_received |" in result.stdout


def test_no_warehouse_names_the_command(tmp_path: Path) -> None:
    result = pipeline("check", "--warehouse", tmp_path / "none.duckdb")
    assert result.returncode == 2 and "python -m pipeline build" in one_line(result)


def bad_file(name: str, folder: Path) -> Path:
    path = folder / name
    if name == "empty.txt":
        path.write_bytes(b"")
    elif name == "blank.html":
        path.write_bytes(b"\xef\xbb\xbf \r\n\t ")
    elif name == "rubbish.txt":
        path.write_bytes(bytes(range(256)) * 400)
    elif name == "noise.docx":
        path.write_bytes(b"PK\x03\x04" + os.urandom(2000))
    elif name == "big.txt":
        with path.open("wb") as file:
            file.truncate(200 * 2**20)
    elif name == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.txt", "没有这个文件"), ("folder", "文件夹"), ("empty.txt", "空"), ("blank.html", "空"),
        ("rubbish.txt", "二进制"), ("noise.docx", "noise.docx"), ("big.txt", "上限"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, said: str) -> None:
    path = bad_file(name, tmp_path)
    result = pipeline("extract", path, "--format", "json")
    assert result.returncode == 2
    assert result.stdout == ""
    assert said in one_line(result) and name in one_line(result)


def test_gbk_reads_as_utf8_does(tmp_path: Path) -> None:
    path = tmp_path / REPORT.name
    path.write_bytes(REPORT.read_text("utf-8").encode("gb18030"))
    gbk = json.loads(pipeline("extract", path, "--format", "json").stdout)
    utf8 = json.loads(pipeline("extract", REPORT, "--format", "json").stdout)
    assert gbk["facts"] == utf8["facts"] and gbk["report"] == utf8["report"]


def test_a_report_with_no_year_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("西邑乡政府信息公开工作年度报告\n\n我乡主动公开政府信息30条。\n", "utf-8")
    contract = json.loads(pipeline("extract", path, "--format", "json").stdout)
    assert contract["report"]["year"] is None
    assert [issue["code"] for issue in contract["issues"]] == ["no_year"]
    assert list(contract["issues"][0]) == ["code", "message", "message_en", "raw_text", "locator"]
    assert contract["issues"][0]["message_en"].isascii()


def test_a_build_with_bad_files_keeps_the_good_ones(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / REPORT.name).write_bytes(REPORT.read_bytes())
    (sources / "copy.txt").write_bytes(REPORT.read_bytes())
    bad_file("empty.txt", sources)
    bad_file("rubbish.txt", sources)
    path = tmp_path / "warehouse.duckdb"
    result = pipeline("build", "--sources", sources, "--warehouse", path)
    assert result.returncode == 0
    with open_to_read(path) as connection:
        assert connection.execute("select count(*) from report").fetchall() == [(1,)]
        codes = connection.execute(
            "select path, code from issue where report_id is null order by path"
        ).fetchall()
    assert dict(codes) == {
        "empty.txt": "unreadable_file",
        "rubbish.txt": "unreadable_file",
        REPORT.name: "same_document",
    }


def test_a_failed_build_leaves_the_warehouse_alone(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / REPORT.name).write_bytes(REPORT.read_bytes())
    path = tmp_path / "warehouse.duckdb"
    assert pipeline("build", "--sources", sources, "--warehouse", path).returncode == 0
    before = path.read_bytes()
    (sources / "manifest.csv").write_text(
        f"path,body,year,url,sha256\n{REPORT.name},530502203,2019,,{'0' * 64}\n", "utf-8"
    )
    result = pipeline("build", "--sources", sources, "--warehouse", path)
    assert result.returncode == 2 and "sha256" in one_line(result)
    assert path.read_bytes() == before
    assert not list(tmp_path.rglob(".draft*"))


class TestSearch:
    def test_shows_the_sentence_with_its_hits(self, built: Path) -> None:
        result = pipeline(
            "search", "微信 平臺", "257", "--county", "隆阳区", "--year", "2019", "--warehouse", built
        )
        assert result.returncode == 0, result.stderr
        assert (
            "西邑乡" in result.stdout and "【257】条" in result.stdout and "【微信】【平台】" in result.stdout
        )
        assert "共 1 处" in result.stdout

    def test_json_has_the_places_of_the_hits(self, built: Path) -> None:
        result = pipeline("search", "依申请公开", "--limit", "3", "--format", "json", "--warehouse", built)
        hits = json.loads(result.stdout)
        assert len(hits) == 3
        for hit in hits:
            assert next(hit["text"][start:end] for start, end in hit["spans"]) == "依申请公开"

    def test_finding_nothing_is_an_answer(self, built: Path) -> None:
        result = pipeline("search", "无此词语%", "--warehouse", built)
        assert (result.returncode, result.stdout, result.stderr) == (0, "没有找到\n", "")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((" ",), "要找的字词"),
            (("“”", '""'), "要找的字词"),
            (("公开", "--county", "无此县"), "无此县"),
            (("公开", "--limit", "0"), "--limit"),
        ],
    )
    def test_what_cannot_be_searched_is_said(
        self, built: Path, arguments: tuple[str, ...], said: str
    ) -> None:
        result = pipeline("search", *arguments, "--warehouse", built)
        assert result.returncode == 2 and said in one_line(result)


class TestEdition:
    def test_is_written_as_json_and_csv(self, built: Path, tmp_path: Path) -> None:
        result = pipeline(
            "edition", "--county", "隆阳区", "--year", "2019", "--warehouse", built, "--output", tmp_path
        )
        assert (result.returncode, result.stderr) == (0, "")
        (file,) = tmp_path.glob("*.json")
        assert str(file) in result.stdout and "1 个单位排名" in result.stdout
        content = json.loads(file.read_text("utf-8"))
        ranked = [body for body in content["bodies"] if body["list"] == "ranked"]
        assert [body["body"] for body in ranked] == ["西邑乡"]
        assert content["cite"] in result.stdout

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--county", "无此县", "--year", "2019"), "没有“无此县”"),
            (("--county", "隆阳区", "--year", "2012"), "没有可以排名的单位"),
            (("--county", "隆阳区", "--year", "2019", "--preset", "best"), "没有权重方案“best”"),
        ],
    )
    def test_what_cannot_be_published_is_said(
        self, built: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
    ) -> None:
        result = pipeline("edition", *arguments, "--warehouse", built, "--output", tmp_path)
        assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr
        assert list(tmp_path.iterdir()) == []
