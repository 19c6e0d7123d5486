"""The list of threats is true: every row names its tests, each of them is there, and no test of attacks is left out."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(test_\w+\.py(?:::\w+)*)`")


def rows() -> list[list[str]]:
    """The rows of the list: the attack, what stands against it, the tests."""
    lines = TEXT.partition("## 清单")[2].partition("\n## ")[0].splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("|")
    ]
    return cells[2:]


def collected() -> set[str]:
    """What pytest collects, without the values of parametrised tests; and each file by itself."""
    files = sorted({name.partition("::")[0] for name in NAMED.findall(TEXT)})
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        *(f"tests/{name}" for name in files),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    names = {
        line.partition("[")[0].removeprefix("tests/") for line in done.stdout.splitlines() if "::" in line
    }
    return names | {name.partition("::")[0] for name in names}


def test_every_threat_has_what_stands_against_it_and_a_test_that_is_collected() -> None:
    held, found = collected(), rows()
    assert len(found) > 35
    for row in found:
        assert len(row) == 3, row
        assert all(row), row
        names = NAMED.findall(row[2])
        assert names, f"no test: {row[0]}"
        assert NAMED.sub("", row[2]).strip("、 ") == "", f"more than tests: {row[2]}"
        assert [name for name in names if name not in held] == [], row[0]


def test_every_test_of_an_attack_stands_in_the_list() -> None:
    listed = {name for row in rows() for name in NAMED.findall(row[2])}
    made = {
        f"{path.name}::{name}"
        for path in ROOT.glob("tests/test_security_*.py")
        if path.name != Path(__file__).name
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert made - listed == set()


def test_what_is_not_defended_is_said() -> None:
    said = TEXT.partition("## 不防")[2]
    assert said.count("\n- **") >= 10
    assert "pip-audit -r requirements.txt" in TEXT
