"""The catalogue: complete, used, one of each, and refused with the row when it contradicts itself."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.catalogue import FOLDER, default_catalogue, load_catalogue
from pipeline.dictionary import markdown
from pipeline.forms import forms_of
from pipeline.labels import fold
from pipeline.model import CatalogueError

ROOT = Path(__file__).parent.parent


def test_forms_have_the_printed_sizes() -> None:
    sizes = {}
    for name, form in forms_of(default_catalogue()).items():
        for table in ("proactive", "requests", "disputes"):
            sizes[name, table] = sum(len(row.slots) for row in form.table(table) if row.required)
    assert (sizes["2019", "proactive"], sizes["2021", "proactive"]) == (22, 10)
    assert (sizes["2019", "requests"], sizes["2021", "requests"]) == (161, 175)
    assert sizes["2019", "disputes"] == sizes["2021", "disputes"] == 15


def test_each_measure_of_a_form_is_printed_by_it() -> None:
    catalogue = default_catalogue()
    for name, layout in catalogue.layouts.items():
        printed = {line.measure for line in layout.lines if line.required}
        declared = {
            m.measure for m in catalogue.measures.values()
            if name in m.layouts and m.kind != "subtotal" and m.section in ("requests", "proactive", "disputes", "annex")
        }  # fmt: skip
        assert not layout.lines or declared <= printed, (name, declared - printed)


def test_every_declared_label_finds_its_own_row() -> None:
    for form in forms_of(default_catalogue()).values():
        for row in form.rows:
            if row.label:
                assert row in form.match(row.label), row.label


def test_labels_of_one_form_are_told_apart_by_text_or_by_group() -> None:
    for form in forms_of(default_catalogue()).values():
        for row in form.rows:
            for other in form.match(row.label) if row.label else ():
                assert other is row or other.path[:-1] != row.path[:-1], (row.label, other.label)


def test_the_twenty_one_units_of_longyang() -> None:
    bodies = [b for b in default_catalogue().bodies.values() if b.county == "隆阳区"]
    now = [b for b in bodies if b.valid_to is None]
    assert len(now) == 21
    assert sum((b.valid_from or 0) <= 2015 <= (b.valid_to or 9999) for b in bodies) == 18
    assert {b.kind for b in now} == {"subdistrict", "town", "township", "ethnic_township"}
    renamed = next(b for b in bodies if b.name == "河图街道")
    assert default_catalogue().bodies[renamed.predecessor or ""].name == "河图镇"


def test_no_second_list_of_measures() -> None:
    """A file of code that names many measures is a second catalogue. Rules and layouts are data."""
    measures = set(default_catalogue().measures)
    invented = ROOT / "pipeline" / "invent"  # the examiner: it must know the form by itself to examine
    code = [p for p in ROOT.glob("pipeline/**/*.py") if invented not in p.parents]
    for path in [*code, *ROOT.glob("pages/**/*.py"), ROOT / "dashboard.py"]:
        named = {m for m in measures if re.search(rf"""["']{m}["']""", path.read_text("utf-8"))}
        assert len(named) <= 15, (path, sorted(named))


def test_dictionary_names_everything() -> None:
    text = markdown(default_catalogue())
    catalogue = default_catalogue()
    for name in [
        *catalogue.measures,
        *catalogue.channels,
        *catalogue.applicants,
        *(r.rule for r in catalogue.rules),
    ]:
        assert f"| {name} |" in text


def test_no_word_of_a_tag_is_printed_by_a_form() -> None:
    """The form says 征收 or 公共安全 in every report; that names no content."""
    catalogue = default_catalogue()
    labels = [
        label
        for layout in catalogue.layouts.values()
        for line in layout.lines
        for label in (*line.rows, *line.columns)
        if layout.layout in ("2019", "2021")
    ]
    words = [word for tag in catalogue.scoring.tags.values() for word in tag.words]
    assert [word for word in words if any(word in label for label in labels)] == []


def test_every_preset_gives_each_indicator_its_weight() -> None:
    scoring = default_catalogue().scoring
    for preset in scoring.presets.values():
        assert list(preset.weights) == [
            one.indicator for one in scoring.indicators if one.model == preset.model
        ]
    first = next(iter(scoring.presets.values()))
    assert first.weights == {one.indicator: one.weight for one in scoring.indicators}


def test_folding_ignores_what_print_changes() -> None:
    for label in ("（三）不予公开", "(三)不予公开", "三、不予公开", "3.不 予 公 开", "不予公开："):
        assert fold(label) == "不予公开"


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def _append(name: str, line: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_append("measures.csv", "granted,requests,,件,flow,2019,x,予以公开,Granted,"), "measures.csv 第"),
        (_replace("measures.csv", "requests_closed,件,flow", "requests_clsoed,件,flow"), "上级指标"),
        (_replace("measures.csv", "件,flow,pre2019 2019 2021", "件,flow,2018"), "没有格式"),
        (_replace("layouts/2019.csv", "requests_received", "request_received"), "2019.csv 第"),
        (
            _append("layouts/2021.csv", "requests,granted,一、本年新收政府信息公开申请数量,*,,yes"),
            "标签路径与",
        ),
        (_replace("channels.csv", "今日头条号|头条号", "微信公众号|头条号"), "同义词"),
        (_replace("bodies.csv", "2017,,530502102", "2017,,530502199"), "前身"),
        (
            _append("bodies.csv", "x1,西邑乡,西邑乡人民政府,township,,,隆阳区,保山市,云南省,,,,real,"),
            "同名同县",
        ),
        (_replace("rules.csv", "granted_in_part", "granted_inpart"), "不在指标目录中"),
        (_replace("rules.csv", "error", "fatal"), "severity"),
        (_append("blanks.csv", "/,blank,x"), "重复"),
        (_replace("limits.csv", "03-31", "3-31"), "MM-DD"),
        (_append("prose.csv", "count,items_disclosed,(,x"), "不是可用的模式"),
        (_append("measures.csv", "one,two"), "列数"),
        (_append("population.csv", "530502999,2020,1000,普查,https://a.example/"), "不在机构目录中"),
        (_append("population.csv", "530502203,,1000,普查,https://a.example/"), "缺少 year"),
        (_append("population.csv", "530502203,2020,约一万,普查,https://a.example/"), "residents 应为人数"),
        (_append("population.csv", "530502203,2020,0,普查,https://a.example/"), "residents 应为人数"),
        (_append("population.csv", "530502203,2020,1000,,https://a.example/"), "没有出处"),
        (_append("population.csv", "530502203,2020,1000,普查,"), "网址"),
        (
            _append(
                "population.csv",
                "530502203,2020,1000,普查,https://a.example/\n530502203,2020,2000,公报,https://b.example/",
            ),
            "已有一个数",
        ),
        (_replace("comparability.csv", "granted,2019", "grantde,2019"), "comparability.csv 第"),
        (_replace("comparability.csv", "granted,2019,2021,yes,,,\n", ""), "缺 granted 从 2019 到 2021"),
        (_replace("comparability.csv", "granted,2019,2021", "granted,pre2019,2021"), "之后的格式不是"),
        (_replace("comparability.csv", "[other]", "[others]"), "渠道“others”"),
        (_replace("comparability.csv", "2021,yes", "2021,maybe"), "joins “maybe”"),
        (_replace("comparability.csv", "granted,2019,2021,yes,,", "granted,2019,2021,no,,"), "中英文说明"),
        (_replace("comparability.csv", "granted,2019,2021,yes,", "granted,2019,2021,yes,refused"), "不应有"),
        (_replace("comparability.csv", "answered_already_public", "requests_carried_in"), "不印"),
        (_append("comparability.csv", "granted,2019,2021,yes,,,"), "已有规定"),
        (_append("scoring_models.csv", "v2,2024,,70,x,x,x"), "年份重叠"),
        (_replace("scoring_models.csv", ",70,", ",170,"), "0 至 100"),
        (_replace("scoring_blocks.csv", "A,yes", "A,perhaps"), "takes_over"),
        (_append("peer_groups.csv", "village,village,村,Villages"), "没有机构类别"),
        (
            _replace("peer_groups.csv", "ethnic_township,township,乡", "ethnic_township,township,民族乡"),
            "两个名称",
        ),
        (_replace("tags.csv", "budget,,", "budget,problems_said,"), "恰有其一"),
        (_replace("tags.csv", "problems_said", "problems_sung"), "措辞目录里没有"),
        (_replace("indicators.csv", "v1,A1,A,10", "v1,A1,A,11"), "合计应为 100"),
        (_replace("indicators.csv", "v1,A1,A,10", "v1,A1,A,ten"), "不小于 0 的数"),
        (_replace("indicators.csv", "v1,A2,A", "v1,A1,A"), "重复"),
        (_replace("indicators.csv", "v1,A1,A,", "v1,A1,Z,"), "block “Z”"),
        (_replace("indicators.csv", "days_late", "days_early"), "formula “days_early”"),
        (_replace("indicators.csv", "T3-COL T3-SUM", "T3-COLUMN T3-SUM"), "不是 rules_passed 能用的rule"),
        (_replace("indicators.csv", "step_days=3 ", ""), "parameters 应为"),
        (_replace("indicators.csv", "F-ORGAN=0.5", "F-ORGAN"), "扣多少"),
        (_replace("indicators.csv", "tags_named,budget", "tags_named,budgets"), "能用的tag"),
        (_replace("indicators.csv", "early=0.5,2,", "early=0.5,4,"), "effort"),
        (_replace("indicators.csv", "early=0.5,2,", "early=0.5,,"), "才有"),
        (_replace("scoring_presets.csv", "A=45", "A=44"), "现为 99"),
        (_replace("scoring_presets.csv", "C1=40 ", "C=10 C1=30 "), "恰给一次"),
        (_replace("scoring_presets.csv", "A=45", "Z=45"), "没有区块或指标"),
    ],
)
def test_a_contradiction_is_refused_with_its_row(
    tmp_path: Path, change: Callable[[Path], None], named: str
) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(FOLDER, folder)
    change(folder)
    with pytest.raises(CatalogueError) as refusal:
        load_catalogue(folder)
    assert named in str(refusal.value)
    assert re.search(r"第 \d+ 行", str(refusal.value))
