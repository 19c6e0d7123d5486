"""The catalogue as a document for readers."""

from collections.abc import Iterable, Sequence

from pipeline.catalogue import Catalogue

_SECTIONS = {
    "requests": "收到和处理政府信息公开申请（表三） / Requests",
    "disputes": "行政复议、行政诉讼（表四） / Reconsideration and litigation",
    "proactive": "主动公开政府信息情况（表二） / Article 20",
    "disclosure": "总体情况（文字） / Disclosure, in prose",
    "annex": "2018年及以前统计表 / Annex before 2019",
}


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def markdown(catalogue: Catalogue) -> str:
    """Measures by section, applicants, channels, comparability and rules, in both languages."""
    lines = ["# 指标说明 / Dictionary", ""]
    for section, title in _SECTIONS.items():
        lines += [f"## {title}", ""]
        lines += _table(
            ("代码", "名称", "English", "单位", "格式", "印在", "说明"),
            (
                (m.measure, m.label_zh, m.label_en, m.unit, " ".join(m.layouts), m.printed_at, m.note)
                for m in catalogue.measures.values()
                if m.section == section
            ),
        )
    lines += ["## 申请人 / Applicants", ""]
    lines += _table(
        ("代码", "名称", "English"),
        ((a.applicant, a.label_zh, a.label_en) for a in catalogue.applicants.values()),
    )
    lines += ["## 渠道 / Channels", ""]
    lines += _table(
        ("代码", "大类", "名称", "English", "同义词"),
        (
            (c.channel, c.klass, c.label_zh, c.label_en, "、".join(c.synonyms))
            for c in catalogue.channels.values()
        ),
    )
    lines += ["## 跨格式可比性 / Comparability", ""]
    lines += _table(
        ("代码", "从", "到", "相连", "相加", "说明", "English"),
        (
            (
                join.measure + (f"[{join.channel}]" if join.channel else ""), join.from_layout, join.to_layout,
                join.joins, " + ".join(join.terms), join.note_zh, join.note_en,
            )
            for join in catalogue.joins
        ),
    )  # fmt: skip
    lines += ["## 规则 / Rules", ""]
    lines += _table(
        ("代码", "级别", "不符说明什么", "内容", "English", "算式", "依据"),
        ((r.rule, r.severity, r.cause, r.label_zh, r.label_en, r.formula, r.source) for r in catalogue.rules),
    )
    return "\n".join(lines).rstrip() + "\n"
