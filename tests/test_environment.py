"""The frame: what makes the environment, and the files that two commands and a fresh machine rely on."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from pipeline import environment

ROOT = environment.ROOT
BEFORE_ANY_PACKAGE = ["pipeline/__init__.py", "pipeline/environment.py", "tests/__main__.py"]
OWN = {"pipeline"}


def imported(tree: ast.AST) -> set[str]:
    """The top-level names of everything a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs no package, in a folder with a blank and Chinese in its name."""
    root = tmp_path / "看板 copy"
    (root / "data").mkdir(parents=True)
    (root / "pipeline").mkdir()
    (root / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
    return root


@pytest.fixture
def no_venv(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Steps are written down instead of taken; `.venv` counts as there and sound."""
    steps: list[list[str]] = []
    monkeypatch.setattr(environment, "runs", lambda *_: True)
    monkeypatch.setattr(environment, "complaint", lambda command, **_: steps.append(command) or "")
    return steps


class TestFreshMachine:
    @pytest.mark.parametrize("path", BEFORE_ANY_PACKAGE)
    def test_only_the_standard_library(self, path: str) -> None:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert imported(tree) - OWN <= sys.stdlib_module_names

    @pytest.mark.parametrize("path", [*BEFORE_ANY_PACKAGE, "dashboard.py"])
    def test_an_older_python_can_read_it(self, path: str) -> None:
        ast.parse((ROOT / path).read_text(encoding="utf-8"), feature_version=(3, 8))

    def test_dashboard_hands_over_before_it_imports_a_package(self) -> None:
        tree = ast.parse((ROOT / "dashboard.py").read_text(encoding="utf-8"))
        guards = [
            n for n, s in enumerate(tree.body) if isinstance(s, ast.If) and "__main__" in ast.unparse(s)
        ]
        assert guards, "python3 dashboard.py would do nothing on a fresh machine"
        guard = guards[0]
        assert "serve()" in ast.unparse(tree.body[guard])
        assert imported(ast.Module(tree.body[: guard + 1], [])) - OWN <= sys.stdlib_module_names

    def test_dashboard_is_found_by_streamlit_run(self) -> None:
        assert discover_asgi_app(ROOT / "dashboard.py").import_string == "dashboard:app"

    def test_ci_has_no_broken_line(self) -> None:
        subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
        if os.name != "nt":
            assert os.access(ROOT / ".ci" / "run", os.X_OK)


class TestPins:
    @pytest.mark.parametrize("name", [environment.RUNTIME, environment.DEVELOPMENT])
    def test_exact_and_with_a_reason(self, name: str) -> None:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if line and not line.startswith(("#", "-r "))]
        assert pins
        assert [line for line in pins if not re.fullmatch(r"[\w.\[\]-]+==[\w.]+ +# \S.+", line)] == []


class TestPrepare:
    def test_makes_a_working_environment_once(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        python = environment.prepare(root=project)
        assert environment.runs(python, "-m", "pip", "--version")
        assert len(capsys.readouterr().out.splitlines()) == 2  # one line a step
        assert environment.prepare(root=project) == python
        assert capsys.readouterr().out == ""

    def test_an_environment_whose_python_is_gone_is_made_again(self, project: Path) -> None:
        python = environment.python_of(project / ".venv")
        python.parent.mkdir(parents=True)
        python.symlink_to(project / "removed" / "python3")
        (project / ".venv" / "requirements.txt.sha256").write_text(
            environment.fingerprint(project / "requirements.txt"), encoding="ascii"
        )
        assert environment.runs(environment.prepare(root=project))

    def test_a_changed_pin_is_installed(self, project: Path, no_venv: list[list[str]]) -> None:
        (project / ".venv").mkdir()
        environment.prepare(root=project)
        environment.prepare(root=project)
        assert len(no_venv) == 1
        (project / "requirements.txt").write_text("# something\n", encoding="utf-8")
        environment.prepare(root=project)
        assert len(no_venv) == 2
        assert no_venv[1][-1] == str(project / "requirements.txt")

    def test_a_change_in_an_included_file_counts(self, project: Path) -> None:
        (project / "requirements-dev.txt").write_text("-r requirements.txt\n", encoding="utf-8")
        before = environment.fingerprint(project / "requirements-dev.txt")
        (project / "requirements.txt").write_text("# something\n", encoding="utf-8")
        assert environment.fingerprint(project / "requirements-dev.txt") != before

    def test_a_failed_installation_is_tried_again(
        self, project: Path, no_venv: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / ".venv").mkdir()
        with monkeypatch.context() as offline:
            offline.setattr(environment, "complaint", lambda *_, **__: "ERROR: no route")
            with pytest.raises(environment.Stopped, match=r"no route[\s\S]*PIP_INDEX_URL"):
                environment.prepare(root=project)
        environment.prepare(root=project)
        assert len(no_venv) == 1

    def test_an_old_python_is_told_so(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        with pytest.raises(environment.Stopped, match=r"3\.11 .*3\.9\.2"):
            environment.prepare(root=project)

    @pytest.mark.parametrize(
        ("windows", "python"), [(True, ("Scripts", "python.exe")), (False, ("bin", "python"))]
    )
    def test_where_python_is(self, windows: bool, python: tuple[str, str]) -> None:
        assert environment.python_of(Path(".venv"), windows) == Path(".venv", *python)


class TestMakeVenv:
    @pytest.fixture
    def ways(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Each way is written down and fails, on a machine that is root on Debian."""
        tried: list[str] = []
        for way in ("make_by_venv", "make_by_virtualenv", "make_by_debian_venv"):
            monkeypatch.setattr(environment, way, lambda _, way=way: tried.append(way) or f"{way} failed")
        monkeypatch.setattr(environment, "debian_root", lambda: True)
        return tried

    def test_every_way_is_tried_then_the_remedy_said(self, ways: list[str], tmp_path: Path) -> None:
        with pytest.raises(environment.Stopped, match=r"apt install python3-venv[\s\S]*make_by_venv failed"):
            environment.make_venv(tmp_path / ".venv")
        assert ways == ["make_by_venv", "make_by_virtualenv", "make_by_debian_venv"]

    def test_the_system_is_left_alone_without_its_owner(
        self, ways: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(environment, "debian_root", lambda: False)
        with pytest.raises(environment.Stopped):
            environment.make_venv(tmp_path / ".venv")
        assert ways == ["make_by_venv", "make_by_virtualenv"]


class TestServe:
    @pytest.fixture
    def handed_over(self, no_venv: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """The commands that would have taken this process's place."""
        commands: list[list[str]] = []
        monkeypatch.delenv("PIPELINE_WAREHOUSE", raising=False)
        monkeypatch.setattr(environment, "hand_over", lambda command, _: commands.append(command) or 0)
        monkeypatch.setattr(environment, "prepare", lambda *_: Path(sys.executable))
        return commands

    def test_arguments_are_passed_on(self, project: Path, handed_over: list[list[str]]) -> None:
        (project / "data" / "warehouse.duckdb").touch()
        assert environment.serve(["--server.port", "8600"], project) == 0
        assert handed_over == [
            [sys.executable, "-m", "streamlit", "run", str(project / "dashboard.py"), "--server.port", "8600"]
        ]

    def test_a_missing_warehouse_is_built_and_one_that_is_there_is_not(
        self, project: Path, handed_over: list[list[str]]
    ) -> None:
        (project / "pipeline" / "__main__.py").write_text(
            "import pathlib, sys\n"
            "assert sys.argv[1:] == ['build']\n"
            "pathlib.Path('data/warehouse.duckdb').open('x').close()\n",
            encoding="utf-8",
        )
        assert environment.serve([], project) == 0
        assert (project / "data" / "warehouse.duckdb").exists()
        (project / "pipeline" / "__main__.py").unlink()
        assert environment.serve([], project) == 0
        assert len(handed_over) == 2

    def test_a_failed_build_stops_with_its_status(
        self, project: Path, handed_over: list[list[str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "pipeline" / "__main__.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
        assert environment.serve([], project) == 1
        assert "exit status 1" in capsys.readouterr().err
        assert handed_over == []

    def test_no_network_is_a_sentence_not_a_traceback(self, project: Path) -> None:
        (project / "requirements.txt").write_text("a-package-nobody-has==1\n", encoding="utf-8")
        code = "import sys, pathlib; from pipeline.environment import serve; sys.exit(serve([], pathlib.Path(sys.argv[1])))"
        unreachable = {
            "PIP_INDEX_URL": "http://127.0.0.1:9/",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
        }
        done = subprocess.run(
            [sys.executable, "-c", code, str(project)],
            cwd=ROOT,
            env={**os.environ, **unreachable},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 1
        assert "PIP_INDEX_URL" in done.stderr
        assert "Traceback" not in done.stdout + done.stderr


class TestComplaint:
    def test_nothing_when_the_work_is_done(self) -> None:
        assert environment.complaint([sys.executable, "-c", "print('chatter')"]) == ""

    @pytest.mark.parametrize(
        ("code", "line"),
        [
            ("print('ERROR: no room'); print('notice: a new pip'); exit(1)", "ERROR: no room"),
            ("print('last words'); exit(3)", "last words"),
            ("exit(3)", "exit status 3"),
        ],
    )
    def test_the_line_that_matters(self, code: str, line: str) -> None:
        assert environment.complaint([sys.executable, "-c", code]).endswith(line)

    def test_a_command_that_does_not_exist(self) -> None:
        assert "nowhere-to-be-found" in environment.complaint(["nowhere-to-be-found"])
