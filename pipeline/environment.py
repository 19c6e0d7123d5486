"""What a machine needs before anything of ours can run: .venv, its packages, the warehouse, then the command itself.

Stdlib only, and readable by older Pythons so that they get a sentence instead of a SyntaxError. Knows neither
documents nor pages: it starts the commands that do.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
WINDOWS = os.name == "nt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stopped(Exception):
    """A step failed in a way its user can mend; the message says how. Shown as it is, without a traceback."""


def serve(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Prepare everything and become `streamlit run dashboard.py`; arguments are passed on. The exit status."""
    try:
        python = prepare(RUNTIME, root)
        build_warehouse(python, root)
        say("启动看板，按 Ctrl-C 停止", "starting the dashboard, Ctrl-C stops it")
        passed_on = sys.argv[1:] if arguments is None else arguments
        return hand_over(
            [str(python), "-m", "streamlit", "run", str(root / "dashboard.py"), *passed_on], root
        )
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def prepare(requirements: str = RUNTIME, root: Path = ROOT) -> Path:
    """The Python of .venv, made and filled with the packages that `requirements` names where that is not done yet."""
    speak_any_language()
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, sys.version_info[:3]))
        raise Stopped(
            f"需要 Python {wanted} 或更新，现为 {found}（{sys.executable}）。请安装后用它重新执行本命令。\n"
            f"Python {wanted} or newer is needed, this is {found}: install one and run this command with it."
        )
    python = python_of(root / ".venv")
    wanted_packages = fingerprint(root / requirements)
    stamp = root / ".venv" / f"{requirements}.sha256"
    if runs(python) and stamp.is_file() and stamp.read_text(encoding="ascii") == wanted_packages:
        return python
    if not runs(python, "-m", "pip", "--version"):
        say("建立运行环境 .venv", "making the environment .venv")
        make_venv(root / ".venv")
    say(f"安装 {requirements}（首次约一分钟）", f"installing {requirements} (about a minute the first time)")
    install(python, root / requirements)
    stamp.write_text(wanted_packages, encoding="ascii")
    return python


def python_of(venv: Path, windows: bool = WINDOWS) -> Path:
    """Where an environment keeps its Python on this kind of system."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def fingerprint(requirements: Path) -> str:
    """A hash of a requirements file and of those it includes, so that a change in either is seen."""
    seen = hashlib.sha256()
    for line in requirements.read_text(encoding="utf-8").splitlines():
        seen.update(line.encode() + b"\n")
        if line.startswith("-r "):
            seen.update(fingerprint(requirements.parent / line[3:].strip()).encode())
    return seen.hexdigest()


def make_venv(folder: Path) -> None:
    """Make an environment with pip in it by the first way that this machine allows."""
    ways = [make_by_venv, make_by_virtualenv]
    if debian_root():
        ways.append(make_by_debian_venv)
    complaints = [way(folder) for way in ways if not runs(python_of(folder), "-m", "pip", "--version")]
    if not runs(python_of(folder), "-m", "pip", "--version"):
        raise Stopped(
            f"无法建立 {folder}。Debian/Ubuntu 请先执行 sudo apt install python3-venv，其他系统请检查网络。\n"
            f"Cannot make {folder}: on Debian/Ubuntu run `sudo apt install python3-venv`, elsewhere check the network,"
            f" then run this again. ({'; '.join(filter(None, complaints))})"
        )


def make_by_venv(folder: Path) -> str:
    """Python's own way; Debian ships it without ensurepip, where it fails. Empty, or what went wrong."""
    # The Python beneath: the one that runs may be the broken .venv itself, which --clear takes away.
    python = getattr(sys, "_base_executable", None) or sys.executable
    return complaint([python, "-m", "venv", "--clear", str(folder)])


def make_by_virtualenv(folder: Path) -> str:
    """virtualenv brings its own pip; `--target` is allowed even where the system's Python refuses packages."""
    with tempfile.TemporaryDirectory() as aside:
        download = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "1", "--target", aside]
        return complaint([*download, "virtualenv==21.15.8"]) or complaint(
            [sys.executable, "-m", "virtualenv", "--clear", "--no-periodic-update", str(folder)],
            PYTHONPATH=aside,
        )


def make_by_debian_venv(folder: Path) -> str:
    """As root on Debian or Ubuntu: install the package that the system leaves out, then Python's own way."""
    return install_debian_packages("python3-venv") or make_by_venv(folder)


def install(python: Path, requirements: Path) -> None:
    """Install what a requirements file pins. pip's progress stays hidden, its error does not."""
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    wrong = complaint([*command, "--retries", "2", "--requirement", str(requirements)])
    if wrong:
        raise Stopped(
            f"{requirements.name} 未能装好：{wrong}\n"
            "请检查网络；内网可用环境变量 PIP_INDEX_URL 指向单位的 PyPI 镜像。然后重新执行同一命令。\n"
            f"Could not install {requirements.name}: check the network, or point PIP_INDEX_URL at a mirror that this"
            " machine reaches; then run the same command again."
        )


def build_warehouse(python: Path, root: Path) -> None:
    """Build the warehouse where there is none; one that exists is left to `python -m pipeline build`."""
    warehouse = root / "data" / "warehouse.duckdb"
    # One that lies elsewhere is built by whoever put it there.
    if warehouse.exists() or os.environ.get("PIPELINE_WAREHOUSE"):
        return
    say("建立数据仓库 data/warehouse.duckdb", "building the warehouse data/warehouse.duckdb")
    status = subprocess.run([str(python), "-m", "pipeline", "build"], cwd=root, check=False).returncode
    if not warehouse.exists():
        raise Stopped(
            f"数据仓库未能建立（退出码 {status}），原因见上。改正后重新执行本命令。\n"
            f"The warehouse could not be built (exit status {status}); the reason stands above."
        )


def hand_over(command: list[str], root: Path) -> int:
    """Let `command` take this process's place, from the project's folder; the exit status where that is impossible."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.chdir(root)
        os.execv(command[0], command)  # noqa: S606  no shell: the command is ours, its arguments the user's own
    # Windows has no exec: the new process would run on beside a prompt that is already back.
    running = subprocess.Popen(command, cwd=root)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches the child too, which stops by itself
            return running.wait()


def system_browser() -> str | None:
    """A Chromium that the system has, for tests; None where only the browser tool's own can be meant."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres_programs() -> Path | None:
    """Where PostgreSQL's server programs lie, for tests; Debian keeps them off PATH. None where there are none."""
    debian = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    found = shutil.which("initdb")
    return debian or (Path(found).parent if found else None)


def has_chinese_font() -> bool:
    """Whether text in Chinese can be drawn. Windows and macOS always can."""
    if not sys.platform.startswith("linux"):
        return True
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def debian_root() -> bool:
    """Whether packages of Debian's kind can be installed here without asking anyone."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_debian_packages(*names: str) -> str:
    """Install system packages without a question. Empty, or what went wrong."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    return complaint(["apt-get", "update", "-qq"], **quiet) or complaint(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names], **quiet
    )


def complaint(command: list[str], **variables: str) -> str:
    """Run a command in silence: empty where it did its work, else the line in which it says what went wrong."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "Error", "E:"))]
    return (errors or lines or [f"{command[0]}: exit status {done.returncode}"])[-1]


def runs(python: Path, *arguments: str) -> bool:
    """Whether an environment's Python answers: it may be missing, half made, or point at one since removed."""
    try:
        done = subprocess.run([str(python), *(arguments or ("-c", ""))], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def speak_any_language() -> None:
    """A console that cannot write Chinese gets question marks, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(chinese: str, english: str) -> None:
    """One line for one step."""
    print(f"— {chinese} · {english}", flush=True)


def main() -> int:
    """`python3 -m pipeline.environment`: make the environment with what tests need, run nothing. For CI and editors."""
    try:
        print(prepare(DEVELOPMENT))
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
