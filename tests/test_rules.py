"""Every rule of the catalogue broken, held and not assessable, on small reports told in `rules/cases.json`.

A case changes a report that is in order: `一`, `五`, `六` the text of a section (null leaves it out), `cells`
figures of the form by pattern (table/measure/applicant or channel; null prints no cell), `last` the report of
the year before and `neighbour` another body's. A sentence in place of a case says why there can be none.
"""

import csv
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read
from pipeline.invent.shapes import Layout, Table
from pipeline.invent.stock import rows
from pipeline.invent.tables import build_tables
from pipeline.warehouse import build
from tests.documents import forms

Case = dict[str, Any]
Verdict = tuple[str, str | None, str | None]  # outcome, measure, applicant

CASES: dict[str, dict[str, Case | str]] = json.loads(
    (Path(__file__).parent / "rules" / "cases.json").read_text("utf-8")
)
OUTCOMES = ("broken", "holds", "not_assessable")
RULES = [f"{rule.rule}/{rule.part}".rstrip("/") for rule in default_catalogue().rules]
HEADINGS = {
    "一": "一、总体情况",
    "二": "二、主动公开政府信息情况",
    "三": "三、收到和处理政府信息公开申请情况",
    "四": "四、政府信息公开行政复议、行政诉讼情况",
    "五": "五、存在的主要问题及改进情况",
    "六": "六、其他需要报告的事项",
}
TEXTS = {
    "一": "按要求做好政府信息公开工作。",
    "五": "存在的问题：公开内容不够全面，政策解读形式单一，老年群众获取信息不便，个别栏目更新不及时。"
    "改进措施：下一步将加强业务培训，完善公开目录，多用图解和广播，让群众看得懂、用得上，并按季度检查栏目更新。",
    "六": "本年度没有收取信息处理费。",
}
ORDER = {"二": 0, "三": 1, "四": 2}


def _tables(case: Case, form: str) -> list[forms.Table]:
    values = {
        (row["measure"], column, row.get("channel") or None): 0
        for name in ("two", "three", "four", "pre2019")
        for row in rows(f"forms/{name}.csv")
        if row["measure"] and row.get("layout", form) in (form, "both")
        for column in (_applicants() if name == "three" else [None])
    }
    return [_printed(table, case.get("cells", {})) for table in build_tables(Layout(form), values)]


def _applicants() -> list[str]:
    return [row["applicant"] for row in rows("forms/applicants.csv")]


def _printed(table: Table, cells: dict[str, Any]) -> forms.Table:
    lines: forms.Table = []
    for line in table.by_row():
        entries = []
        for cell in line:
            text: Any = cell.text
            if cell.fact is not None:
                parts = (table.name, cell.fact.measure, cell.fact.applicant or cell.fact.channel)
                place = "/".join(part for part in parts if part)
                text = next((cells[one] for one in reversed(cells) if fnmatchcase(place, one)), text)
            if text is not None:
                entries.append((str(text), cell.rows, cell.columns))
        lines.append(entries)
    return lines


def _page(case: Case, name: str, year: int) -> str:
    form = case.get("form") or ("2019" if year < 2021 else "2021")
    title = case.get("title", f"{name}{year}年政府信息公开工作年度报告")
    date = case.get("date", f"{year + 1}-01-20")
    parts = [f"<h1>{title}</h1>", f"<p>发布日期：{date}</p>" if date else ""]
    tables = [] if form == "narrative" else _tables(case, form)
    for section, heading in HEADINGS.items():
        text = case.get(section, TEXTS.get(section, ""))
        if text is not None:
            parts += [f"<p>{heading}</p>", f"<p>{text}</p>" if text else ""]
        if section in ORDER and ORDER[section] < len(tables):
            parts.append(forms.html_table(tables[ORDER[section]]))
    return (
        f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{''.join(parts)}</body></html>"
    )


def _reports(case: Case, number: int) -> Iterator[tuple[int, int, Case]]:
    """Body (two to a case), year and content of each report that a case needs."""
    year = case.get("year", 2024)
    yield 2 * number, year, case
    if "last" in case:
        yield 2 * number, year - 1, case["last"]
    if "neighbour" in case:
        yield 2 * number + 1, year, case["neighbour"]


def _name(body: int) -> str:
    first, second = "甲乙丙丁戊己庚辛壬癸", "山水云石林泉溪谷原峰岭坪湾塘桥关河江湖洲岛沟坝坡冲寨营屯堡渡港口"
    return f"{first[body % 10]}{second[body // 10 % len(second)]}{'镇乡'[body // 10 // len(second)]}"


def _listed() -> list[tuple[str, str, Case]]:
    return [
        (rule, outcome, case)
        for rule, cases in CASES.items()
        for outcome, case in cases.items()
        if isinstance(case, dict)
    ]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Verdict]]:
    """What the rule of each case came to on it, all cases built into one warehouse."""
    folder = tmp_path_factory.mktemp("rules")
    manifest, bodies = [], {}
    for number, (_, _, listed) in enumerate(_listed()):
        for body, year, case in _reports(listed, number):
            name, path = _name(body), f"case-{body}-{'now' if case is listed else 'then'}.html"
            (folder / path).write_text(_page(case, name, year), "utf-8")
            bodies[body] = [f"rule{body}", name, f"{name}人民政府", "town", "", "", f"{number}县", "", "", "", "", "", "invented", ""]  # fmt: skip
            if case.get("declared", True):
                manifest.append([path, f"rule{body}", year, "", ""])
    columns = "body_id,name,full_name,kind,code,code_system,county,prefecture,province,valid_from,valid_to,predecessor,origin,aliases"
    _write(folder / "bodies.csv", [columns.split(","), *bodies.values()])
    _write(folder / "manifest.csv", [["path", "body", "year", "url", "sha256"], *manifest])
    built = build([folder], folder / "rules.duckdb", workers=1)
    return dict(_verdicts(built.path))


def _write(path: Path, lines: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def _verdicts(warehouse: Path) -> Iterator[tuple[tuple[str, str], list[Verdict]]]:
    query = (
        "select outcome, measure, applicant from finding join report using (report_id) "
        "where path = $path and rule = $rule"
    )
    with open_to_read(warehouse) as connection:
        for number, (rule, outcome, _) in enumerate(_listed()):
            path, (name, _, part) = f"case-{2 * number}-now.html", rule.partition("/")
            found = connection.execute(query, {"path": path, "rule": name}).fetchall()
            yield (rule, outcome), [one for one in found if _is_of(part, one)]


def _is_of(part: str, verdict: Verdict) -> bool:
    _, measure, applicant = verdict
    if part in ("total", "columns"):
        return (applicant == "total") == (part == "total")
    return not part or (measure or "").startswith(part)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_rule_comes_out_as_it_should(
    rule: str, outcome: str, verdicts: dict[tuple[str, str], list[Verdict]]
) -> None:
    case = CASES[rule][outcome]
    if isinstance(case, str):
        assert outcome == "not_assessable" and len(case) > 10
        return
    came = {one for one, _, _ in verdicts[rule, outcome]}
    assert outcome in came
    assert outcome == "broken" or came == {outcome}


def test_every_rule_has_its_cases_and_every_case_its_rule() -> None:
    assert sorted(CASES) == sorted(RULES)
    assert all(sorted(cases) == sorted(OUTCOMES) for cases in CASES.values())
