"""From a heap of files to a published build: every way in, every way back, and what survives a fall."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import intake, warehouse
from pipeline.correcting import Wish
from pipeline.database import open_to_read
from pipeline.intake import Site, log
from pipeline.intake.receiving import safe_name
from pipeline.model import UserError
from pipeline.sources import MANIFEST
from tests.conftest import REAL

ROOT = Path(__file__).parent.parent
WHO = "张三"


def report(body: str, year: int, items: int = 37) -> bytes:
    """A short report of a body of the catalogue, as pasted text."""
    return (
        f"{body}{year}年政府信息公开工作年度报告\n一、总体情况\n{year}年，{body}主动公开政府信息{items}条。"
        f"收到政府信息公开申请0件。\n二、存在的主要问题及改进情况\n公开不够及时，下一步改进。\n"
    ).encode()


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    with open_to_read(path) as connection:
        return connection.execute(query).fetchall()


ITEMS = (
    "select body.name, year, value from fact join report using (report_id) join body using (body_id) "
    "where measure = 'items_disclosed' order by all"
)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def read_in(site: Site, *uploads: tuple[str, bytes]) -> intake.Batch:
    batch, _ = intake.receive(intake.begin(site, WHO), uploads, WHO)
    intake.trial(batch)
    return batch


class TestReceiving:
    def test_a_zip_is_unpacked_and_what_is_there_twice_is_kept_once(self, site: Site) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("瓦窑镇/2022.txt", report("瓦窑镇", 2022))
            archive.writestr("再一份.txt", report("瓦窑镇", 2022))
            archive.writestr("__MACOSX/._x", b"x")
        batch, said = intake.receive(intake.begin(site, WHO), [("一月.zip", packed.getvalue())], WHO)
        assert [file.path for file in batch.kept()] == ["2022.txt"]
        assert [bool(one.path) for one in said] == [True, False]
        assert "内容完全相同" in said[1].refused

    @pytest.mark.parametrize(
        ("name", "data", "why"),
        [
            ("manifest.csv", b"path,body,year,url,sha256\n", "专门用途"), ("x/bodies.csv", b"a", "专门用途"), ("空.txt", b"", "空的"),
            ("a.bin", b"\x00\x01\x02", "二进制"), ("坏.zip", b"PK\x03\x04broken", "压缩包已损坏"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_kept_is_refused_with_a_reason(
        self, name: str, data: bytes, why: str, site: Site
    ) -> None:
        batch, (said,) = intake.receive(intake.begin(site, WHO), [(name, data)], WHO)
        assert why in said.refused and not batch.files

    def test_a_zip_that_leaves_its_folder_is_refused_whole(self, site: Site) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("../../evil.txt", report("瓦窑镇", 2022))
        before = everything(site.folder.parent / "sources")
        _, (said,) = intake.receive(intake.begin(site, WHO), [("a.zip", packed.getvalue())], WHO)
        assert "离开本目录" in said.refused
        assert everything(site.folder.parent / "sources") == before

    @given(st.text(max_size=300))
    def test_a_name_stays_in_its_folder(self, name: str) -> None:
        safe = safe_name(name)
        assert safe and not safe.startswith(".") and Path(safe).name == safe
        assert not set(safe) & set('/\\:*?"<>|\0\n\r')
        assert len(safe.encode()) <= 200
        assert safe_name(safe) == safe

    def test_two_files_of_one_name_are_both_kept(self, site: Site) -> None:
        uploads = [("年报.txt", report("瓦窑镇", 2022)), ("年报.TXT", report("瓦窑镇", 2023))]
        batch, _ = intake.receive(intake.begin(site, WHO), uploads, WHO)
        assert sorted(batch.files) == ["年报 (2).TXT", "年报.txt"]


class TestTrial:
    def test_the_dashboard_does_not_change_before_publishing(self, site: Site) -> None:
        before, held = site.warehouse.read_bytes(), everything(site.sources)
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        (line,) = intake.lines_of(batch)
        assert (line.body, line.year, line.county, line.is_ready) == ("瓦窑镇", 2019, "隆阳区", True)
        assert line.figures > 0
        assert (site.warehouse.read_bytes(), everything(site.sources)) == (before, held)

    def test_a_document_that_is_there_already_and_a_second_one_are_told(self, site: Site) -> None:
        batch = read_in(
            site,
            ("同.txt", REAL.read_bytes()),
            ("改.txt", REAL.read_bytes() + "\n以上。\n".encode()),
            ("坏.docx", b"PK\x03\x04 word/document"),
        )
        lines = {line.path: line for line in intake.lines_of(batch)}
        assert lines["同.txt"].same_as and not lines["同.txt"].is_ready
        assert lines["改.txt"].earlier and lines["改.txt"].is_ready
        assert lines["坏.docx"].refused and not lines["坏.docx"].is_ready

    def test_a_body_and_a_year_that_are_not_read_are_declared(self, site: Site) -> None:
        batch = read_in(site, ("无名.txt", "本年度主动公开政府信息12条。".encode()))
        assert not intake.lines_of(batch)[0].is_ready
        with pytest.raises(UserError, match="理由"):
            batch.declare("无名.txt", "530502203", 2020, " ", WHO)
        batch = batch.declare("无名.txt", "530502203", 2020, "来文写明", WHO)
        intake.trial(batch)
        (line,) = intake.lines_of(intake.open_batch(site, batch.batch_id))
        assert (line.body, line.year) == ("西邑乡", 2020)

    def test_a_correction_shows_in_the_trial_and_nowhere_else(self, site: Site) -> None:
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        wish = Wish("items_disclosed", "瓦窑镇", 2019, 38.0, None, None, None, None, "来电更正", WHO)
        batch = intake.correct_in(batch, wish)
        intake.trial(batch)
        assert ("瓦窑镇", 2019, 38.0) in asked(batch.warehouse, ITEMS)
        assert not (site.corrections / "corrections.csv").exists()


class TestPublishing:
    def test_publishing_is_what_the_trial_showed_and_undoing_is_what_was(self, site: Site) -> None:
        before = everything(site.sources)
        shown = asked(site.warehouse, ITEMS)
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        wish = Wish("items_disclosed", "瓦窑镇", 2019, 38.0, None, None, None, None, "来电更正", WHO)
        batch = intake.correct_in(batch, wish)
        intake.trial(batch)
        tried = asked(batch.warehouse, ITEMS)
        batch, _ = intake.publish(batch, WHO)
        assert batch.state == "published"
        assert asked(site.warehouse, ITEMS) == tried != shown
        assert "c0001" in (site.corrections / "corrections.csv").read_text("utf-8")
        batch = intake.undo(batch, WHO)
        assert (batch.state, asked(site.warehouse, ITEMS)) == ("open", shown)
        held = everything(site.sources)
        assert {name: data for name, data in held.items() if name != MANIFEST} == before
        assert warehouse.build(site.folders, site.warehouse, corrections=[]).read == 0, (
            "nothing is left to be done"
        )
        batch, _ = intake.publish(batch, WHO)
        assert asked(site.warehouse, ITEMS) == tried, "and it can be published again"

    def test_an_earlier_batch_is_taken_out_without_the_later(self, site: Site) -> None:
        first, _ = intake.publish(read_in(site, ("甲.txt", report("瓦窑镇", 2019))), WHO)
        second, _ = intake.publish(read_in(site, ("乙.txt", report("永昌街道", 2019))), WHO)
        intake.undo(first, WHO)
        names = {row[0] for row in asked(site.warehouse, ITEMS)}
        assert "永昌街道" in names and "瓦窑镇" not in names
        assert intake.open_batch(site, second.batch_id).state == "published"

    def test_what_is_not_ready_is_not_published(self, site: Site) -> None:
        batch = read_in(
            site, ("无名.txt", "主动公开政府信息12条。".encode()), ("河图.txt", report("瓦窑镇", 2019))
        )
        with pytest.raises(UserError, match="无名"):
            intake.publish(batch, WHO)
        batch = batch.put_aside("无名.txt", "不知是谁的", WHO)
        intake.trial(batch)
        batch, _ = intake.publish(batch, WHO)
        assert ("瓦窑镇", 2019, 37.0) in asked(site.warehouse, ITEMS)
        assert (batch.set_aside / "无名.txt").exists(), "nothing is lost"

    def test_a_county_of_others_is_refused(self, site: Site) -> None:
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        with pytest.raises(UserError, match="不在您的权限之内"):
            intake.publish(batch, WHO, may=lambda line: line.county == "甲山县")
        assert intake.open_batch(site, batch.batch_id).state == "open"

    def test_where_the_build_fails_everything_is_as_it_was(self, site: Site) -> None:
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        before, shown = everything(site.sources), site.warehouse.read_bytes()
        # A manifest that speaks of a file that is not there is a fault of the folder: no build.
        (site.sources / MANIFEST).write_text("path,body,year,url,sha256\nfehlt.txt,,,,\n", "utf-8")
        with pytest.raises(Exception, match="fehlt"):
            intake.publish(batch, WHO)
        assert intake.open_batch(site, batch.batch_id).state == "open"
        assert not (site.sources / batch.batch_id).exists()
        assert site.warehouse.read_bytes() == shown
        (site.sources / MANIFEST).unlink()
        assert everything(site.sources) == before

    @pytest.mark.parametrize("cut_after", ["nothing", "files", "manifest", "build"])
    def test_a_publishing_that_was_cut_off_is_taken_up(self, cut_after: str, site: Site) -> None:
        """What a killed process leaves: the state says publishing, and some of the steps are done."""
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        whole, _ = intake.publish(batch, WHO)
        wanted, after = asked(site.warehouse, ITEMS), everything(site.sources)
        fallen = replace(whole, state="publishing")
        if cut_after != "build":
            warehouse.restore(site.warehouse, whole.published["before"])
        if cut_after in ("nothing", "files"):
            (site.sources / MANIFEST).unlink()
        if cut_after == "nothing":
            for file in (site.sources / whole.batch_id).iterdir():
                file.unlink()
            (site.sources / whole.batch_id).rmdir()
        fallen.save()
        taken_up, _ = intake.publish(intake.open_batch(site, whole.batch_id), WHO)
        assert taken_up.state == "published"
        assert (asked(site.warehouse, ITEMS), everything(site.sources)) == (wanted, after)

    def test_a_published_batch_does_not_change(self, site: Site) -> None:
        batch, _ = intake.publish(read_in(site, ("河图.txt", report("瓦窑镇", 2019))), WHO)
        for change in (
            lambda: batch.note("河图.txt", "一句", WHO),
            lambda: batch.put_aside("河图.txt", "一句", WHO),
            lambda: batch.declare("河图.txt", None, 2018, "一句", WHO),
            lambda: intake.receive(batch, [("b.txt", b"b")], WHO),
            lambda: intake.discard(batch, "一句", WHO),
        ):
            with pytest.raises(UserError):
                change()
        assert (batch.documents / "河图.txt").exists()


class TestLog:
    def test_every_deed_has_a_line_and_a_changed_line_is_noticed(self, site: Site) -> None:
        batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019)))
        batch = batch.note("河图.txt", "打过电话", "李四")
        batch, _ = intake.publish(batch, WHO)
        intake.undo(batch, WHO)
        found = list(log.lines(site.folder))
        assert [line["what"] for line in found] == [
            "begin",
            "receive",
            "note",
            "publishing",
            "publish",
            "undo",
        ]
        assert found[2]["who"] == "李四" and "打过电话" in found[2]["about"]
        assert log.broken(site.folder) is None
        path = site.folder / log.FILE
        lines = path.read_text("utf-8").splitlines()
        for changed in ([*lines[:3], lines[3].replace("李四", "王五"), *lines[4:]], [*lines[:2], *lines[3:]]):
            path.write_text("\n".join(changed) + "\n", "utf-8")
            assert log.broken(site.folder) is not None

    def test_text_that_would_break_the_lines_stays_in_one(self, site: Site) -> None:
        log.add(site.folder, "甲\n乙", "note", "b", 'x","y"\r\n=1+1')
        (line,) = log.lines(site.folder)
        assert line["who"] == "甲 乙" and line["about"] == 'x","y" =1+1'


def test_a_made_up_batch_is_none(site: Site) -> None:
    for name in ("../sources", "x", "", ".", "/etc"):
        with pytest.raises(UserError):
            intake.open_batch(site, name)


def test_what_is_on_the_disk_is_the_batch(site: Site) -> None:
    batch = read_in(site, ("河图.txt", report("瓦窑镇", 2019))).note("河图.txt", "一句", WHO)
    again = intake.open_batch(site, batch.batch_id)
    assert json.dumps(again.files["河图.txt"].notes) == json.dumps(batch.files["河图.txt"].notes)
    assert again.state == "open" and intake.batches(site)[0].batch_id == batch.batch_id


class TestFolder:
    def test_what_is_new_is_published_and_what_cannot_be_is_set_aside(
        self, site: Site, tmp_path: Path
    ) -> None:
        folder = tmp_path / "来文"
        folder.mkdir()
        (folder / "瓦窑.txt").write_bytes(report("瓦窑镇", 2019))
        (folder / "坏.docx").write_bytes(b"PK\x03\x04 word/document")
        (folder / "已有.txt").write_bytes(REAL.read_bytes())
        taken = intake.take(site, folder, WHO, publishing=True)
        assert [path for path, _ in taken.aside] == ["坏.docx"] and "损坏" in taken.aside[0][1]
        assert taken.batch is not None and [file.path for file in taken.batch.kept()] == ["瓦窑.txt"]
        assert ("瓦窑镇", 2019, 37.0) in asked(site.warehouse, ITEMS)
        assert intake.take(site, folder, WHO, publishing=True).batch is None, "nothing is new"

    def test_a_file_that_still_grows_waits(self, site: Site, tmp_path: Path) -> None:
        folder = tmp_path / "来文"
        folder.mkdir()
        told: list[intake.Taken] = []
        intake.watch(site, folder, WHO, publishing=True, seconds=0, told=told.append, rounds=2)
        (folder / "瓦窑.txt").write_bytes(report("瓦窑镇", 2019)[:50])
        intake.watch(site, folder, WHO, publishing=True, seconds=0, told=told.append, rounds=1)
        assert not told
        (folder / "瓦窑.txt").write_bytes(report("瓦窑镇", 2019))
        intake.watch(site, folder, WHO, publishing=True, seconds=0, told=told.append, rounds=3)
        assert len(told) == 1 and ("瓦窑镇", 2019, 37.0) in asked(site.warehouse, ITEMS)
