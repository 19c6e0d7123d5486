"""申请办理: reasons, applicants, disputes and the states of bodies against plain Python over what the warehouse holds."""

import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

import queries
from pages.ui import words
from pipeline.database import open_to_read
from tests.test_pages import CJK, charted, opened, said, table
from tests.test_pages_channels import TOWNSHIPS, Row, pieces_of, rows_of

PARTS = ("flow", "reasons", "applicants", "disputes", "bodies", "years")
GROUPS = ("refused", "unavailable", "unprocessed", "other_outcome")
KINDS = ("natural_person", "business", "research", "public_welfare", "legal_service", "other")


def figures_of(warehouse: Path) -> list[Row]:
    """The figures of the reports that count, of townships."""
    found = rows_of(
        warehouse,
        "select figure.*, report.year, report.body_id, body.name, body.kind, report.layout from figure"
        " join report using (report_id) join body using (body_id) where is_current",
    )
    return [row for row in found if row["kind"] in TOWNSHIPS]


def owed_of(warehouse: Path) -> list[Row]:
    found = rows_of(
        warehouse,
        "select expected_report.*, body.name, body.kind from expected_report join body using (body_id)"
        " where state <> 'not_due'",
    )
    return [row for row in found if row["kind"] in TOWNSHIPS]


class TestEveryView:
    @pytest.mark.parametrize("language", words.LANGUAGES)
    @pytest.mark.parametrize("part", PARTS)
    @pytest.mark.parametrize("held", ["warehouse", "invented", "corpus"])
    def test_answers_with_figures_and_a_table(
        self, part: str, language: str, held: str, request: pytest.FixtureRequest
    ) -> None:
        scope = "real" if held == "warehouse" else ""
        at = opened(request.getfixturevalue(held), "requests", view=part, lang=language, scope=scope)
        assert re.search(r"\d", said(at)), part
        assert at.dataframe
        assert [button.key for button in at.get("download_button")].count("download") == 1

    @pytest.mark.parametrize("part", PARTS)
    def test_in_english_says_nothing_in_chinese_but_names(self, part: str, invented: Path) -> None:
        at = opened(invented, "requests", view=part, lang="en", body="demo03")
        told = said(at) + "".join(str(column) for frame in at.dataframe for column in frame.value.columns)
        assert set(CJK.findall(told)) <= {"石桥镇", "云川县", "“", "”"}

    @pytest.mark.parametrize(
        "address", [{"view": "x"}, {"year": "1066"}, {"year": "all", "view": "bodies"}, {"reason": "'", "view": "reasons"},
        {"reason": "granted", "view": "reasons"}],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_is_no_crash(self, address: dict[str, str], corpus: Path) -> None:
        assert opened(corpus, "requests", **address).dataframe


class TestReasons:
    def reasons(self, warehouse: Path) -> dict[str, tuple[float, int, int]]:
        """Each reason's cases, the reports that have any, and those that state it."""
        parents = {
            row["measure"]: row["parent"] for row in rows_of(warehouse, "select measure, parent from measure")
        }
        found: dict[str, list[float]] = defaultdict(list)
        for one in figures_of(warehouse):
            is_reason = parents[one["measure"]] in GROUPS
            if one["measure"] == "other_outcome":
                is_reason = not one["is_added"]
            if is_reason and one["value"] is not None:
                found[one["measure"]].append(one["value"])
        return {
            measure: (sum(values), sum(value > 0 for value in values), len(values))
            for measure, values in found.items()
        }

    def test_are_ranked_by_their_cases_with_their_reports(self, corpus: Path) -> None:
        wanted = self.reasons(corpus)
        spec = charted(opened(corpus, "requests", view="reasons"), "reasons")
        bars = spec["data"][0]
        drawn = {
            found: (float(value), label)
            for (_, found), value, label in zip(bars["customdata"], bars["x"], bars["text"], strict=True)
        }
        assert drawn == {
            measure: (cases, f"{cases:g} 件（{reports} 份）")
            for measure, (cases, reports, _) in wanted.items()
            if cases > 0
        }
        values = [value for value, _ in drawn.values()]
        assert values == sorted(values, reverse=True)
        assert len(drawn) > 4

    def test_zeros_and_unfilled_rows_stand_in_the_table(self, corpus: Path) -> None:
        wanted = self.reasons(corpus)
        labels = {row["measure"]: row["label_zh"] for row in rows_of(corpus, "select * from measure")}
        rows = table(opened(corpus, "requests", view="reasons"), "reasons-listed")
        own = rows[~rows["类别"].str.startswith("附表")]
        found = {(row["理由"], row["件数"], row["有件的年报"]) for _, row in own.iterrows()}
        assert found == {
            (labels[measure], f"{cases:g}", str(reports)) for measure, (cases, reports, _) in wanted.items()
        }
        assert all(row["有数的年报"].partition("/")[0].isdigit() for _, row in own.iterrows())

    def test_what_an_older_form_says_in_its_own_words_is_not_added_in(self, corpus: Path) -> None:
        at = opened(corpus, "requests", view="reasons")
        old = sum(
            one["value"] or 0
            for one in figures_of(corpus)
            if one["measure"]
            in ("answered_other_way", "answered_to_amend", "answered_refused_by_law", "answered_refused_not_information")
        )  # fmt: skip
        rows = table(at, "reasons-listed")
        shown = rows.loc[rows["类别"].str.startswith("附表"), "件数"]
        assert shown.astype(float).sum() == old > 0
        assert "不能并入" in said(at)

    def test_one_reason_lists_its_reports_and_leads_back(self, corpus: Path) -> None:
        wanted = self.reasons(corpus)
        measure = max(wanted, key=lambda one: wanted[one][0])
        at = opened(corpus, "requests", view="reasons", reason=measure)
        rows = table(at, "reason-reports")
        assert len(rows) == wanted[measure][1]
        assert rows["件数"].astype(float).sum() == wanted[measure][0]
        at.button("all").click().run()
        assert "reason" not in at.query_params

    def test_a_few_are_said_in_numbers(self, corpus: Path) -> None:
        closed = defaultdict(float)
        for one in figures_of(corpus):
            if one["measure"] == "requests_closed" and one["layout"] == "2021":
                closed[one["year"]] += one["value"] or 0
        few = next(year for year, cases in sorted(closed.items()) if 0 < cases < 30)
        text = said(opened(corpus, "requests", view="reasons", year=str(few)))
        assert "%" not in text.partition("没有公开的")[0]


class TestApplicants:
    def test_are_added_up_from_the_cells_of_table_three(self, corpus: Path) -> None:
        cells = defaultdict(set)
        for row in rows_of(
            corpus,
            "select fact.*, body.kind from fact join expected_report using (report_id) join body using (body_id)"
            " where applicant is not null and measure in ('requests_received', 'granted', 'requests_carried_out')",
        ):
            if row["kind"] in TOWNSHIPS:
                cells[row["report_id"], row["applicant"], row["measure"]].add(row["value"])
        sums: dict[tuple[str, str], float] = defaultdict(float)
        for (_, applicant, measure), values in cells.items():
            if len(values) == 1 and None not in values:
                sums[applicant, measure] += values.pop()
        at = opened(corpus, "requests", view="applicants")
        bars = charted(at, "applicants")["data"][0]
        assert [float(value) for value in bars["x"]] == [sums[kind, "requests_received"] for kind in KINDS]
        rows = table(at, "applicants-listed").set_index("事项")
        labels = {row["applicant"]: row["label_zh"] for row in rows_of(corpus, "select * from applicant")}
        for kind in (*KINDS, "total"):
            assert float(rows.at["予以公开", labels[kind]]) == sums[kind, "granted"]
            assert float(rows.at["结转下年度继续办理", labels[kind]]) == sums[kind, "requests_carried_out"]
        assert sum(sums[kind, "requests_received"] for kind in KINDS) > 0

    def test_outcomes_are_stacked_to_what_went_out(self, corpus: Path) -> None:
        spec = charted(opened(corpus, "requests", view="applicants"), "outcomes")
        stacked: dict[str, float] = defaultdict(float)
        for one in pieces_of(spec):
            stacked[one["bar"]] += one["value"]
        ends = [note["text"] for note in spec["layout"]["annotations"]]
        assert sorted(ends) == sorted(f"{value:g} 件" for value in stacked.values())

    def test_none_at_all_is_a_normal_answer(self, warehouse: Path) -> None:
        text = said(opened(warehouse, "requests", view="applicants"))
        assert "各类申请人都是零" in text


class TestDisputes:
    def test_are_counted_by_kind_and_result(self, corpus: Path) -> None:
        sums: dict[str, float] = defaultdict(float)
        for one in figures_of(corpus):
            if not one["is_added"] and one["value"]:
                sums[one["measure"]] += one["value"]
        rows = table(opened(corpus, "requests", view="disputes"), "disputes-listed").set_index("种类")
        names = {
            "reconsideration": "行政复议", "lawsuit_direct": "行政诉讼（未经复议）",
            "lawsuit_after_reconsideration": "行政诉讼（复议后）", "lawsuit": "行政诉讼（2018 年及以前，未分）",
        }  # fmt: skip
        results = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "total": "总计"}
        for kind, name in names.items():
            for result, heading in results.items():
                assert float(rows.at[name, heading]) == sums[f"{kind}_{result}"], (kind, result)

    def test_the_answer_counts_and_gives_no_percentage(self, corpus: Path) -> None:
        found = figures_of(corpus)
        disputes = {
            name: sum(one["value"] or 0 for one in found if one["measure"] == name)
            for name in ("reconsideration_total", "lawsuit_total")
        }
        text = re.sub(r"\s+", "", said(opened(corpus, "requests", view="disputes")))
        total = sum(disputes.values())
        assert (
            f"共{total:g}件，其中复议{disputes['reconsideration_total']:g}件、诉讼{disputes['lawsuit_total']:g}件"
            in text
        )
        assert "%" not in text
        corrected = sum(
            one["value"] or 0
            for one in found
            if one["measure"] in ("reconsideration_corrected", "lawsuit_corrected")
        )
        assert f"{total:g}件中的{corrected:g}件结果为纠正" in text

    def test_none_is_said_with_how_many_state_it(self, invented: Path) -> None:
        text = re.sub(r"\s+", "", said(opened(invented, "requests", view="disputes")))
        # 33 reports, one of them a scan without text.
        assert "33份年报中32份写明没有行政复议和行政诉讼" in text
        assert "1份没有这一项，1份未收录" in text

    def test_form_breaks_are_drawn_where_a_sum_does_not_join_plainly(self, corpus: Path) -> None:
        at = opened(corpus, "requests", view="disputes")
        assert "相加后可比" in said(at)


class TestStates:
    def expected(self, warehouse: Path, year: int) -> dict[str, tuple[str, int | None]]:
        """What each body says of a year's requests, and since when it states none, in plain Python."""
        received = {
            one["report_id"]: one for one in figures_of(warehouse) if one["measure"] == "requests_received"
        }
        lines: dict[str, dict[int, Row]] = defaultdict(dict)
        for row in owed_of(warehouse):
            lines[row["lineage"]][row["year"]] = row
        found = {}
        for years in lines.values():
            row = years.get(year)
            if row is None:
                continue
            one = received.get(row["report_id"])
            state = (
                "missing" if row["report_id"] is None
                else ("absent" if row["state"] != "unreadable" else "unreadable") if one is None
                else one["status"] if one["value"] is None
                else "some" if one["value"] > 0 else "zero"
            )  # fmt: skip
            since = None
            if state == "zero":
                since = year
                for before in sorted((other for other in years if other < year), reverse=True):
                    other = received.get(years[before]["report_id"])
                    if other is None or other["value"] != 0:
                        break
                    since = before
            found[row["name"]] = (state, since)
        return found

    @pytest.mark.parametrize("year", [2016, 2020, 2025])
    def test_are_those_of_the_reports_with_the_run_of_zeros(self, year: int, corpus: Path) -> None:
        wanted = self.expected(corpus, year)
        bodies = sorted({row["body_id"] for row in owed_of(corpus)})
        with open_to_read(corpus) as connection:
            rows = queries.ask(connection, "request_states", bodies=bodies, first=2014, year=year)
        found = {
            row.body: (row.state, None if pd.isna(row.zero_since) else int(row.zero_since)) for row in rows.itertuples()
        }  # fmt: skip
        assert found == wanted
        first = rows.iloc[0]
        for kind in ("some", "zero", "absent", "missing"):
            assert first[kind] == sum(state == kind for state, _ in wanted.values())

    def test_zero_stands_in_the_ranked_list_like_any_number(self, corpus: Path) -> None:
        at = opened(corpus, "requests", view="bodies", year="2025")
        wanted = self.expected(corpus, 2025)
        bars = charted(at, "bodies")["data"][0]
        labels = dict(zip(bars["y"], bars["text"], strict=True))
        assert set(labels) == {body for body, (state, _) in wanted.items() if state in ("some", "zero")}
        for body, (state, since) in wanted.items():
            if state == "zero":
                assert labels[body] == f"0 件（{since} 年起）"
        listed = table(at, "states")
        assert len(listed) == len(wanted)

    def test_a_body_without_requests_has_a_useful_page(self, invented: Path) -> None:
        at = opened(invented, "requests", body="demo04")
        text = re.sub(r"\s+", "", said(at))
        assert "白鹤街道2024年没有收到申请" in text
        # 2022 cannot be read, so the run of zeros starts after it.
        assert "2023年起连续2年写明为零" in text
        assert "2019年以来收录的年报中没有" in text
        assert "写明没有复议和诉讼" in text
        # of the six the third, fourth and fifth state none, the sixth's report is not held
        assert "6个单位中3个写明为零" in text

    def test_a_year_without_a_request_says_who_states_it(self, invented: Path) -> None:
        at = opened(invented, "requests", kind="subdistrict", year="2024")
        text = re.sub(r"\s+", "", said(at))
        assert "2024年没有一件申请" in text
        assert "写明为零2白鹤街道、金沙街道" in text
        assert "写明为零的2个中2个复议诉讼也为零" in text

    def test_where_nothing_at_all_is_held_the_states_are_shown(self, warehouse: Path) -> None:
        at = opened(warehouse, "requests", scope="real", years="2018-2018", kind="subdistrict")
        assert said(at)


class TestFlow:
    def test_superseded_documents_are_not_counted(self, corpus: Path) -> None:
        rows = table(opened(corpus, "requests", view="years"), "reports")
        assert not rows.duplicated(["单位", "年度"]).any()
        current = {
            (one["name"], str(one["year"]))
            for one in figures_of(corpus)
            if one["measure"] in ("requests_received", "requests_closed")
        }
        assert current <= {(row["单位"], row["年度"]) for _, row in rows.iterrows()}

    def test_reports_left_out_of_the_picture_are_counted(self, corpus: Path) -> None:
        at = opened(corpus, "requests")
        text = said(at)
        shown = table(at, "reports")
        left = shown.isin(["·", "不全", "空白", "—", "未填", "✕", "不一"]).any(axis=1).sum()
        counts = [int(number) for number in re.findall(r"(\d+) 份(?:没有表三|表三有未填)", text)]
        assert sum(counts) == left

    @pytest.mark.parametrize("year", ["2019", "2022"])
    def test_the_year_in_the_address_is_shown(self, year: str, invented: Path) -> None:
        at = opened(invented, "requests", year=year)
        assert set(table(at, "reports")["年度"]) == {year}
        assert f"{year} 年" in said(at)
