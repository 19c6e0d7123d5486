"""The ranking: scores against plain Python, an order that hangs on nothing but what is there, intervals that cover."""

import csv
import dataclasses
import io
import json
import math
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import queries
from pages.ui.words import Words
from pipeline import editions, ranking
from pipeline.catalogue import default_catalogue
from pipeline.database import open_to_read, open_to_write
from pipeline.invent import invent_corpus
from pipeline.league import RANKED, league
from pipeline.marts import FOLDER, late, marts
from pipeline.model import UserError
from pipeline.ranking import Panel
from pipeline.warehouse import build
from tests import simulation
from tests.test_pages import bodies_of_html, opened, said, table

SCORING = default_catalogue().scoring
INDICATORS = [one.indicator for one in SCORING.indicators]
BLOCK = {one.indicator: one.block for one in SCORING.indicators}
USUAL = dict(SCORING.presets["default"].weights)
YEARS = range(2019, 2023)
VALUE_COLUMNS = "body_id year indicator value moot likely unlikely takes_over".split()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of an invented county with everything that a build computes."""
    folder = tmp_path_factory.mktemp("scored")
    invent_corpus(14, YEARS, 31, folder / "corpus", formats=("html", "txt"), reissues=True)
    build([folder / "corpus"], folder / "w.duckdb", workers=1)
    return folder / "w.duckdb"


@pytest.fixture(scope="module")
def connection(scored: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_to_read(scored) as opened_here:
        yield opened_here


def bodies(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        body
        for (body,) in connection.execute("select body_id from body where origin = 'invented'").fetchall()
    ]


def rank(
    connection: duckdb.DuckDBPyConnection, weights: dict[str, float], who: list[str] | None = None
) -> pd.DataFrame:
    return queries.ask(
        connection, "ranking", bodies=bodies(connection) if who is None else who, first=YEARS[0], last=YEARS[-1],
        indicators=list(weights), weights=list(weights.values()), language="zh",
    )  # fmt: skip


def some_weights(seed: int) -> dict[str, float]:
    pick = random.Random(seed)  # noqa: S311  a draw, not a secret
    return {name: pick.choice((0.0, 1.0, 7.5, 30.0)) for name in INDICATORS} | {"A1": 5.0}


def by_hand(values: pd.DataFrame, weights: dict[str, float]) -> tuple[float | None, float]:
    """Score and assessable percentage of one report, without a database and without arrays."""
    there, moot = {}, []
    for row in values.itertuples():
        if row.moot:
            moot.append(row.indicator)
        elif not math.isnan(row.value):
            there[row.indicator] = row.value
    takers = [name for name in there if SCORING.blocks[BLOCK[name]].takes_over]
    taking = math.fsum(weights[name] for name in takers)
    moved = math.fsum(weights[name] for name in moot) if taking > 0 else 0.0
    own = {
        name: weights[name] * (1 + moved / taking if name in takers and taking > 0 else 1) for name in there
    }
    total = math.fsum(own.values())
    whole = math.fsum(weights[name] for name in values["indicator"])
    score = None if total == 0 else 100 * math.fsum(own[name] * there[name] for name in own) / total
    return score, 100 * total / whole


class TestScores:
    @pytest.mark.parametrize(
        "weights",
        [USUAL, *(dict(p.weights) for p in SCORING.presets.values()), some_weights(1), some_weights(2)],
    )
    def test_sql_agrees_with_plain_python(
        self, connection: duckdb.DuckDBPyConnection, weights: dict[str, float]
    ) -> None:
        rows = rank(connection, weights)
        values = connection.table("indicator_value").df()
        found = 0
        for row in rows[rows["score"].notna()].itertuples():
            score, assessable = by_hand(values[values["report_id"] == row.report_id], weights)
            assert score is not None and abs(row.score - score) < 1e-9
            assert abs(row.assessable - assessable) < 1e-9
            found += 1
        assert found > 40

    def test_arrays_agree_with_sql(self, connection: duckdb.DuckDBPyConnection) -> None:
        for weights in (USUAL, some_weights(3)):
            rows = rank(connection, weights)
            values = connection.table("indicator_value").df()
            values["takes_over"] = [SCORING.blocks[BLOCK[name]].takes_over for name in values["indicator"]]
            now = rows[(rows["year"] == 2022) & rows["score"].notna()]
            panel = ranking.panel_of(values.to_dict("list"), list(now["body_id"]), INDICATORS, 2022)
            vector = np.array([weights[name] for name in INDICATORS])
            assert np.allclose(ranking.scores(panel, vector), now["score"], atol=1e-9, rtol=0)
            assert np.allclose(ranking.assessable(panel, vector), now["assessable"], atol=1e-9, rtol=0)
            points = queries.ask(
                connection, "score_points", bodies=list(now["body_id"]), ranked=list(now["body_id"]), year=2022,
                indicators=INDICATORS, weights=list(vector), only=None,
            )  # fmt: skip
            wide = points.pivot(index="body_id", columns="indicator", values="points")
            assert np.allclose(
                wide.loc[now["body_id"], INDICATORS], ranking.points(panel, vector), atol=1e-9, rtol=0
            )
            # The steps of the picture lead from the median to the score.
            first = points.drop_duplicates("body_id")
            steps = points.groupby("body_id")["difference"].sum()
            ends = first.set_index("body_id")
            assert np.allclose(
                ends["middle_score"] + ends["remainder"] + steps, ends["score"], atol=1e-9, rtol=0
            )

    def test_ties_share_a_place_and_lists_stand_apart(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = rank(connection, USUAL)
        assert set(rows["list"]) >= {RANKED}
        assert rows.loc[rows["list"] != RANKED, "place"].isna().all()
        for _, group in rows[rows["list"] == RANKED].groupby(["year", "peer_group"]):
            scores = [round(score, 9) for score in group["score"]]
            assert list(group["place"]) == [1 + sum(other > score for other in scores) for score in scores]
        assert (rows.loc[rows["list"] == "insufficient", "assessable"] < 70).all()
        assert (rows.loc[rows["list"] == RANKED, "assessable"] >= 70 - 1e-9).all()

    def test_real_and_invented_bodies_are_never_in_one_county(self, warehouse: Path) -> None:
        with open_to_read(warehouse) as opened_here:
            held = opened_here.execute(
                "select count(distinct origin = 'invented') from body join body_place using (body_id) group by scope"
            ).fetchall()
        assert set(held) == {(1,)}

    def test_what_a_report_lost_adds_up(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The losses that are shown are the whole of what lacks to 1, but for volume and rates, which are whole themselves."""
        values = connection.table("indicator_value").df()
        for report, own in list(values.groupby("report_id"))[:30]:
            losses = queries.ask(connection, "score_losses", report=report, language="zh")
            lost = losses.groupby("indicator")["lost"].sum()
            for row in own[own["value"].notna()].itertuples():
                if row.value < 1:
                    assert abs(lost[row.indicator] - (1 - row.value)) < 1e-9, (report, row.indicator)
                else:
                    assert row.indicator not in lost


class TestOrder:
    """The order hangs on what reports say, not on where a row stands, what a body is called, or who else is there."""

    def panel(
        self, connection: duckdb.DuckDBPyConnection, weights: dict[str, float]
    ) -> tuple[Panel, np.ndarray]:
        rows = rank(connection, weights)
        values = queries.ask(connection, "indicator_values", bodies=bodies(connection), first=2022, last=2022)
        ranked = rows[(rows["year"] == 2022) & (rows["list"] == RANKED)]
        panel = ranking.panel_of(values.to_dict("list"), list(ranked["body_id"]), INDICATORS, 2022)
        return panel, np.array([weights[name] for name in INDICATORS])

    def test_another_order_of_bodies_changes_nothing(self, connection: duckdb.DuckDBPyConnection) -> None:
        panel, weights = self.panel(connection, USUAL)
        shuffled = list(panel.bodies)
        random.Random(4).shuffle(shuffled)  # noqa: S311
        before = ranking.standings(panel, weights, ranking.draw(panel, weights))
        other = panel.only(shuffled)
        assert ranking.standings(other, weights, ranking.draw(other, weights)) == before

    def test_other_names_change_nothing(self, scored: Path, tmp_path: Path) -> None:
        renamed = Path(shutil.copy(scored, tmp_path / "renamed.duckdb"))
        with open_to_write(renamed) as writing:
            writing.execute("update body set name = reverse(name)")
        with open_to_read(scored) as one, open_to_read(renamed) as two:
            columns = ["body_id", "year", "score", "place", "place_of_all"]
            pd.testing.assert_frame_equal(rank(one, USUAL)[columns], rank(two, USUAL)[columns])

    def test_bodies_asked_for_in_another_order_give_the_same_answer(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        backwards = rank(connection, USUAL, bodies(connection)[::-1])
        pd.testing.assert_frame_equal(rank(connection, USUAL), backwards)

    def test_a_body_behind_all_in_everything_changes_no_order(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """C1 is scaled by its peers' percentiles, so its values are held here: all others are free of ranks."""
        for seed in range(5):
            panel, weights = self.panel(connection, USUAL)
            weights = weights * np.random.default_rng(seed).uniform(0.2, 3, len(weights))
            worst = np.nan_to_num(np.nanmin(panel.values, axis=0, keepdims=True), nan=0.0) * 0.9
            lacks = np.full_like(worst, np.nan)
            more = Panel(
                [*panel.bodies, "zz-last"], panel.indicators, panel.year, np.vstack([panel.values, worst]),
                np.vstack([panel.moot, np.zeros_like(worst, dtype=bool)]), np.vstack([panel.likely, lacks]),
                np.vstack([panel.unlikely, lacks]), panel.takes_over,
            )  # fmt: skip
            before = ranking.standings(panel, weights, ranking.draw(panel, weights))
            after = ranking.standings(more, weights, ranking.draw(more, weights))
            assert {body: after[body] for body in before} == before
            assert after["zz-last"].low == len(more.bodies)

    def test_a_tier_ends_where_its_first_is_ahead_in_nineteen_of_twenty_draws(self) -> None:
        score = np.array(
            [[9.0] * 100, [8.0] * 94 + [9.5] * 6, [8.0] * 95 + [9.5] * 5, [1.0] * 100, [1.0] * 100]
        )
        place = np.array([1, 2, 3, 4, 4])
        assert list(ranking.tiers(place, score, list("abcde"))) == [1, 1, 2, 3, 3]

    def test_which_indicator_decides(self) -> None:
        values = np.array([[1.0, 0.2], [0.5, 0.9]])
        empty, none = np.full((2, 2), np.nan), np.zeros((2, 2), dtype=bool)
        panel = Panel(["a", "b"], ["x", "y"], 2024, values, none, empty, empty, np.array([True, False]))
        weights = np.array([75.0, 25.0])
        x, y = ranking.deciders(panel, weights, "a", "b")
        assert (x.indicator, x.turns_without, y.turns_without) == ("x", True, False)
        assert x.points == pytest.approx(37.5) and y.points == pytest.approx(-17.5)
        # a: w + 5, b: w/2 + 22.5 at 25 for y: level at w = 35, and over it b is behind
        assert x.turns_at == pytest.approx(35, abs=0.8)
        assert [one.rank for one in ranking.leave_one_out(panel, weights, "a")] == [2, 1]


class TestFairness:
    def two(self, values: list[float], moot: list[int]) -> Panel:
        row = np.array([values])
        flags = np.zeros_like(row, dtype=bool)
        flags[0, moot] = True
        row[0, moot] = np.nan
        takes = np.array([SCORING.blocks[BLOCK[name]].takes_over for name in INDICATORS])
        nothing = np.full_like(row, np.nan)
        return Panel(["a"], INDICATORS, 2024, row, flags, nothing, nothing, takes)

    def test_no_requests_gain_or_lose_nothing(self) -> None:
        """Without requests a score is what it would be if requests were handled as well as the reports' own A and B."""
        weights = np.array([USUAL[name] for name in INDICATORS])
        d1, d2 = INDICATORS.index("D1"), INDICATORS.index("D2")
        for seed in range(20):
            values = list(np.random.default_rng(seed).uniform(size=len(INDICATORS)))
            takers = [at for at, name in enumerate(INDICATORS) if SCORING.blocks[BLOCK[name]].takes_over]
            as_well = sum(weights[at] * values[at] for at in takers) / sum(weights[at] for at in takers)
            values[d1] = values[d2] = as_well
            with_requests = ranking.scores(self.two(values, []), weights)[0]
            without = ranking.scores(self.two(values, [d1, d2]), weights)[0]
            assert abs(with_requests - without) < 1e-9
            assert ranking.assessable(self.two(values, [d1, d2]), weights)[0] == pytest.approx(100)

    def test_no_requests_are_credited_at_the_level_of_what_took_their_weight_over(self) -> None:
        weights = np.array([USUAL[name] for name in INDICATORS])
        moot = [INDICATORS.index("D1"), INDICATORS.index("D2")]
        panel = self.two(list(np.random.default_rng(3).uniform(size=len(INDICATORS))), moot)
        points = ranking.points(panel, weights)[0]
        takers = [at for at, taken in enumerate(panel.takes_over) if taken]
        level = sum(points[takers]) / sum(weights[takers])
        assert points[moot] == pytest.approx(weights[moot] * level)
        assert sum(points) == pytest.approx(ranking.scores(panel, weights)[0])

    def test_zero_requests_are_moot_and_a_blank_is_not(self, connection: duckdb.DuckDBPyConnection) -> None:
        values = connection.table("indicator_value").df()
        closed = values[values["indicator"] == "D1"]
        assert closed["moot"].any() and closed["value"].notna().any()
        assert (closed.loc[closed["moot"], "asked"] == 0).all()
        assert not closed.loc[closed["reason"] == "no_figure", "moot"].any()

    def test_values_lie_between_nothing_and_all_and_say_why_not(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        values = connection.table("indicator_value").df()
        assert set(values["indicator"]) == set(INDICATORS)
        assert values["value"].dropna().between(0, 1).all()
        assert values.loc[values["value"].isna(), "reason"].notna().all()
        reasons = set(values["reason"].dropna()) - {"late", "broken", "alike"}
        assert reasons <= set(Words("zh").family("rank.reason"))

    def test_each_report_that_counts_is_judged_once_by_each_indicator(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        doubled = connection.execute(
            "select report_id, indicator from indicator_value group by all having count(*) > 1"
        ).fetchall()
        assert doubled == []
        unjudged = connection.execute(
            """
            select report_id from expected_report join body using (body_id) semi join peer_group using (kind)
            where state in ('on_time', 'late', 'undated') and year >= 2019
                and report_id not in (select report_id from indicator_value)
            """
        ).fetchall()
        assert unjudged == []


class TestValues:
    """Indicators against plain Python."""

    def test_days_late(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = connection.execute(
            """
            select published, publication_limit, expected_report.year, value, reason
            from indicator_value join expected_report using (report_id) where indicator = 'A1'
            """
        ).fetchall()
        for published, limit, year, value, reason in rows:
            if reason in ("undated", "migrated"):
                assert value is None
            elif published.year <= year:
                assert value == 0.5
            else:
                late_days = max((published - limit).days, 0)
                assert value == pytest.approx(max(1 - 0.1 * math.ceil(late_days / 3), 0))

    def test_volume_is_scaled_between_percentiles_of_its_peers(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        rows = connection.execute(
            """
            select indicator_value.year, form, peer_group, figure.value as stated, figure.status, indicator_value.value, reason
            from indicator_value
            left join figure
                on figure.report_id = indicator_value.report_id and figure.measure = 'items_disclosed'
            where indicator = 'C1'
            """
        ).df()
        checked = 0
        for (year, form), county in rows.groupby(["year", "form"]):
            for group, own in county.groupby("peer_group"):
                peers = own["stated"].dropna() if own["stated"].count() >= 8 else county["stated"].dropna()
                for row in own.itertuples():
                    if len(peers) < 8:
                        assert row.reason == "few_peers", (year, form, group)
                        continue
                    low, high = np.percentile(peers, [10, 90])
                    if not math.isnan(row.stated):
                        wanted = (math.log1p(row.stated) - math.log1p(low)) / (
                            math.log1p(high) - math.log1p(low)
                        )
                        assert row.value == pytest.approx(min(max(wanted, 0), 1), abs=1e-9)
                        checked += 1
                    elif row.status != "ambiguous":
                        assert (row.value, row.reason) == (0, "not_stated")
        assert checked > 30

    def test_arithmetic_counts_rules_by_their_gravest_sum(
        self, connection: duckdb.DuckDBPyConnection
    ) -> None:
        rules = [one.input for one in next(i for i in SCORING.indicators if i.indicator == "B1").inputs]
        weigh = {"error": 3, "warning": 1}
        findings = connection.table("finding").df()
        found = findings[findings["rule"].isin(rules)]
        values = connection.table("indicator_value").df()
        for row in values[values["indicator"] == "B1"].itertuples():
            own = found[(found["report_id"] == row.report_id) & (found["outcome"] != "not_assessable")]
            passed = whole = count = 0
            for _, sums in own.groupby("rule"):
                gravest = max((weigh.get(severity, 0) for severity in sums["severity"]), default=0)
                whole += gravest
                count += gravest > 0
                passed += gravest if not (sums["outcome"] == "broken").any() else 0
            if count < 5:
                assert math.isnan(row.value) and row.reason == "few_rules"
            else:
                assert row.value == pytest.approx(passed / whole)

    def test_rates_are_drawn_around_the_value(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = connection.execute(
            "select value, likely / (likely + unlikely) from indicator_value where likely is not null"
        ).fetchall()
        assert rows and all(abs(value - mean) < 0.05 for value, mean in rows)

    def test_marts_that_read_findings_come_after_them(self) -> None:
        assert late() == {"indicator_value"}
        assert [mart.stem for mart in marts()].index("figure") < len(list(FOLDER.glob("*.sql")))

    def test_what_a_build_stored_is_what_its_rows_say(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Computed county by county while building, and over the whole at once: the same."""
        again = (
            connection.sql((FOLDER / "indicator_value.sql").read_text("utf-8")).df().drop(columns="places")
        )
        stored = connection.table("indicator_value").df().drop(columns="places")
        keys = ["report_id", "indicator"]
        pd.testing.assert_frame_equal(
            again.sort_values(keys, ignore_index=True), stored.sort_values(keys, ignore_index=True)
        )


class TestIntervals:
    def test_the_interval_covers_a_simulated_truth_at_its_nominal_rate(self) -> None:
        found = simulation.coverage(worlds=60, bodies=16, draws=400, seed=5)
        print(found.as_text())
        # Scores are continuous: nine tenths. Ranks are whole numbers, so their intervals are rather too wide than too narrow.
        assert 0.87 <= found.scores <= 0.93
        assert 0.89 <= found.ranks <= 0.99
        # Of those put into an upper tier, hardly any truly stands behind one of a lower.
        assert found.tiers_wrong <= 0.05

    def test_draws_are_the_same_every_time_and_others_with_another_seed(self) -> None:
        panel, weights = simulation.world(np.random.default_rng(1), 8).panel, simulation.WEIGHTS
        one, two = ranking.draw(panel, weights, 50), ranking.draw(panel, weights, 50)
        assert np.array_equal(one.scores, two.scores)
        assert not np.array_equal(one.scores, ranking.draw(panel, weights, 50, seed=7).scores)

    def test_a_year_without_ranked_bodies_is_no_crash(self) -> None:
        nobody = league([], {key: [] for key in VALUE_COLUMNS}, USUAL, 2024, None)
        assert (nobody.order, nobody.tiers) == ([], 0)

    def test_gains_put_least_effort_first_and_never_advise_volume(self) -> None:
        effort = {one.indicator: one.effort for one in SCORING.indicators}
        losses = [
            ("C1", "x", 1.0),
            ("C3", "budget", 0.125),
            ("C3", "land", 0.125),
            ("B1", "T3-SUM", 0.2),
            ("A4", "blank_cells", 0.5),
        ]
        most = {"C1": 6.0, "C3": 8.0, "B1": 13.0, "A4": 10.0}
        found = ranking.gains(losses, most, effort)
        assert [(one.indicator, one.points) for one in found] == [("A4", 5.0), ("B1", 2.6), ("C3", 2.0)]


class TestEditions:
    def test_an_edition_is_the_same_from_the_same_build_and_cites_it(
        self, scored: Path, tmp_path: Path
    ) -> None:
        county = default_invented(scored)
        with open_to_read(scored) as one:
            first = editions.edition_of(one, default_catalogue(), county, 2022, "law_first")
            second = editions.edition_of(one, default_catalogue(), county, 2022, "law_first")
            (build_id,) = one.execute(
                "select build_id from build order by number desc limit 1"
            ).fetchone() or ("",)
        assert first == second
        path, rows = editions.write(first, tmp_path)
        assert editions.write(second, tmp_path) == (path, rows)
        assert build_id in first["cite"] and SCORING.digest in first["cite"]
        kept = json.loads(path.read_text("utf-8"))
        assert kept["weights"]["A1"] == 15 and kept["bodies"]
        table_rows = list(csv.DictReader(io.StringIO(rows.read_bytes().decode("utf-8-sig"))))
        assert len(table_rows) == len(kept["bodies"])

    def test_an_edition_is_never_written_over_and_tells_what_differs(
        self, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        county = default_invented(scored)
        with open_to_read(scored) as one:
            content = editions.edition_of(one, default_catalogue(), county, 2022, "default")
            rows = rank(one, USUAL).to_dict("records")
        editions.write(content, tmp_path)
        with pytest.raises(UserError, match="不改写"):
            editions.write({**content, "seed": 1}, tmp_path)
        monkeypatch.setenv("PIPELINE_EDITIONS", str(tmp_path))
        (edition,) = editions.published(content["scope"], 2022)
        assert editions.published(content["scope"], 2021) == []
        assert editions.differences(edition, rows) == []
        changed = [dict(row, score=row["score"] + 1) if row["place_of_all"] == 1 else row for row in rows]
        assert len(editions.differences(edition, changed)) == 1

    @pytest.mark.parametrize(
        ("county", "year", "preset"),
        [("无此县", 2022, "default"), (None, 2022, "nosuch"), (None, 2015, "default")],
    )
    def test_what_cannot_be_published_is_said(
        self, county: str | None, year: int, preset: str, scored: Path
    ) -> None:
        with open_to_read(scored) as one, pytest.raises(UserError):
            editions.edition_of(one, default_catalogue(), county or default_invented(scored), year, preset)


def default_invented(path: Path) -> str:
    with open_to_read(path) as one:
        ((county,),) = one.execute("select distinct county from body where origin = 'invented'").fetchall()
    return str(county)


class TestPage:
    def test_the_answer_and_the_table_are_the_warehouses(
        self, scored: Path, connection: duckdb.DuckDBPyConnection
    ) -> None:
        at = opened(scored, "ranking", peers="all", year="2022")
        rows = rank(connection, USUAL)
        now = rows[(rows["year"] == 2022) & (rows["list"] == RANKED)].sort_values(["place_of_all", "body_id"])
        assert f"{len(now)} 个乡镇街道" in said(at)
        shown = table(at, "ranking")
        assert list(shown["单位"]) == list(now["body"])
        assert list(shown["名次"]) == [str(place) for place in now["place_of_all"]]
        assert list(shown["得分"]) == [f"{score:.1f}" for score in now["score"]]

    def test_weights_in_the_address_score_anew(
        self, scored: Path, connection: duckdb.DuckDBPyConnection
    ) -> None:
        at = opened(scored, "ranking", peers="all", year="2022", preset="quantity", A="0", name="试一试")
        preset = SCORING.presets["quantity"].weights
        weights = {name: 0.0 if BLOCK[name] == "A" else weight for name, weight in preset.items()}
        rows = rank(connection, weights)
        now = rows[(rows["year"] == 2022) & (rows["list"] == RANKED)].sort_values(["place_of_all", "body_id"])
        assert list(table(at, "ranking")["得分"]) == [f"{score:.1f}" for score in now["score"]]
        assert "试一试（自定）" in said(at)

    @pytest.mark.parametrize(
        "address",
        [
            {"preset": "nosuch"}, {"A": "x"}, {"A": "999"}, {"A1": "-3"}, {"peers": "nobody"}, {"year": "1066"},
            {"indicator": "Z9"}, {"body": "nobody"}, {"A": "0", "B": "0", "C": "0", "D": "0", "E": "0"}, {"years": "2019-2019"},
        ],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_is_no_crash(self, address: dict[str, str], scored: Path) -> None:
        assert opened(scored, "ranking", **address).get("download_button")

    @pytest.mark.parametrize("indicator", INDICATORS)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_body_is_explained_down_to_the_print(
        self, indicator: str, language: str, scored: Path, connection: duckdb.DuckDBPyConnection
    ) -> None:
        rows = rank(connection, USUAL)
        ranked = rows[(rows["year"] == 2022) & (rows["list"] == RANKED)].sort_values("place_of_all")
        body = ranked.iloc[len(ranked) // 2]
        at = opened(scored, "ranking", year="2022", body=body["body_id"], indicator=indicator, lang=language)
        words = Words(language)
        assert words("rank.made") in said(at)
        assert body["body"] in said(at)
        links = [html for html in bodies_of_html(at) if "class='sheet'" in html]
        assert any(f"report={body['report_id']}" in html for html in links)

    def test_a_body_without_enough_to_assess_is_not_last_but_apart(
        self, scored: Path, connection: duckdb.DuckDBPyConnection
    ) -> None:
        rows = rank(connection, USUAL)
        apart = rows[rows["list"] == "insufficient"]
        assert not apart.empty, "the corpus has such a body"
        one = apart.iloc[0]
        at = opened(scored, "ranking", year=str(one["year"]), peers="all", body=one["body_id"])
        assert one["body"] not in set(table(at, "ranking")["单位"])
        assert one["body"] in set(table(at, "apart")["单位"])
        assert "没有列入名次" in said(at)

    def test_editions_stand_on_the_page(
        self, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with open_to_read(scored) as one:
            content = editions.edition_of(one, default_catalogue(), default_invented(scored), 2022, "default")
        editions.write(content, tmp_path)
        monkeypatch.setenv("PIPELINE_EDITIONS", str(tmp_path))
        at = opened(scored, "ranking", year="2022")
        assert content["cite"] in said(at)
        assert Words("zh")("rank.edition.same") in said(at)

    def test_the_one_real_report_has_no_order(self, warehouse: Path) -> None:
        at = opened(warehouse, "ranking")
        assert "只有 1 个乡可评（西邑乡" in " ".join(said(at).split())
        assert "未见报告" in said(at)

    def test_a_league_of_a_group_holds_only_its_bodies(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = rank(connection, USUAL)
        values = queries.ask(connection, "indicator_values", bodies=bodies(connection), first=2021, last=2022)
        for group in set(rows["peer_group"]):
            own = league(rows.to_dict("records"), values.to_dict("list"), USUAL, 2022, group)
            now = rows[(rows["year"] == 2022) & (rows["peer_group"] == group) & (rows["list"] == RANKED)]
            assert set(own.order) == set(now["body_id"])
            assert own.place == dict(zip(now["body_id"], now["place"], strict=True))
            for body in own.order:
                assert own.standing[body].low <= own.place[body] <= own.standing[body].high
        assert dataclasses.is_dataclass(own)
