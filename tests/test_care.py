"""What an operator relies on: a broken warehouse is noticed and an earlier one serves; everything comes back from a backup."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import care, intake, warehouse
from pipeline.backup import Part, backup, restore
from pipeline.database import open_to_read
from pipeline.model import UserError
from tests.test_intake import ITEMS, WHO, asked, read_in, report

ROOT = Path(__file__).parent.parent


def spoil(path: Path) -> None:
    """Turn a few bits in the middle of every quarter of a file, as a bad disk does."""
    data = bytearray(path.read_bytes())
    for place in range(16_384, len(data), 16_384):
        data[place] ^= 0xFF
    path.write_bytes(data)


class TestHealing:
    def test_an_earlier_build_serves_where_the_current_one_is_broken(self, site: intake.Site) -> None:
        before = asked(site.warehouse, ITEMS)
        intake.publish(read_in(site, ("瓦窑.txt", report("瓦窑镇", 2019))), WHO)
        current = warehouse.held(site.warehouse)
        spoil(current)
        found = care.heal(site.warehouse)
        assert found.state == "healed" and "checksum" in found.why
        assert asked(site.warehouse, ITEMS) == before
        assert current.with_name(current.name + ".broken").exists(), "what was broken is kept"
        assert care.heal(site.warehouse).state == "ok"

    @pytest.mark.parametrize("content", [b"", b"no database", b"x" * 50_000])
    def test_what_is_no_database_is_noticed_at_once(self, content: bytes, site: intake.Site) -> None:
        warehouse.held(site.warehouse).write_bytes(content)
        assert care.heal(site.warehouse).state == "broken"

    def test_a_whole_one_is_left_alone(self, site: intake.Site, tmp_path: Path) -> None:
        stat = site.warehouse.stat()
        assert care.heal(site.warehouse).state == "ok"
        assert site.warehouse.stat().st_mtime_ns == stat.st_mtime_ns
        assert care.heal(tmp_path / "none.duckdb").state == "none"


class TestBackup:
    def test_everything_comes_back_after_everything_else_is_gone(
        self, site: intake.Site, tmp_path: Path
    ) -> None:
        intake.publish(read_in(site, ("瓦窑.txt", report("瓦窑镇", 2019))), WHO)
        access = tmp_path / "access.csv"
        access.write_text("claim,value,role,county\n", "utf-8")
        environ = os.environ | {
            "PIPELINE_WAREHOUSE": str(site.warehouse), "PIPELINE_INTAKE": str(site.folder), "PIPELINE_ACCESS": str(access),
            "PIPELINE_SOURCES": str(site.sources), "PIPELINE_CORRECTIONS": str(site.corrections),
        }  # fmt: skip

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "pipeline", *words]
            return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

        held = asked(site.warehouse, ITEMS)
        kept = {path.name: path.read_bytes() for path in site.sources.rglob("*") if path.is_file()}
        out = tmp_path / "backup.zip"
        assert run("backup", str(out)).returncode == 0
        assert run("restore", str(out)).returncode == 2, "nothing is overwritten"
        for folder in (site.sources, site.folder, site.corrections, Path(f"{site.warehouse}.builds")):
            shutil.rmtree(folder)
        site.warehouse.unlink()
        access.unlink()
        done = run("restore", str(out))
        assert done.returncode == 0, done.stderr
        assert asked(site.warehouse, ITEMS) == held
        assert {path.name: path.read_bytes() for path in site.sources.rglob("*") if path.is_file()} == kept
        assert intake.batches(site)[0].state == "published"
        built = warehouse.build(site.folders, site.warehouse, corrections=[])
        assert built.read <= len(kept), "and it goes on from there"
        with open_to_read(site.warehouse) as connection:
            assert connection.execute(ITEMS).fetchall() == held

    def test_a_spoiled_or_foreign_backup_restores_nothing(self, tmp_path: Path) -> None:
        here, there = tmp_path / "here", tmp_path / "there"
        here.mkdir()
        (here / "a.txt").write_text("甲" * 2000, "utf-8")
        out = tmp_path / "b.zip"
        backup([Part("x", here)], out)
        for damage in ("cut", "flip", "foreign", "outside"):
            bad = tmp_path / f"{damage}.zip"
            data = bytearray(out.read_bytes())
            if damage == "cut":
                data = data[: len(data) // 2]
            if damage == "flip":
                data[60] ^= 0xFF
            bad.write_bytes(data)
            if damage in ("foreign", "outside"):
                with zipfile.ZipFile(bad, "w") as archive:
                    name = "y/a" if damage == "foreign" else "x/../../evil"
                    archive.writestr(name, "1")
                    archive.writestr("backup.json", f'{{"{name}": "0"}}')
            with pytest.raises(UserError):
                restore(bad, [Part("x", there)])
            assert not there.exists()
        assert restore(out, [Part("x", there)]) == 1
