"""`python3 tests`: every test on any machine, with what they need fetched first. Arguments go to pytest."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # was this folder, whose files must not hide installed packages

from pipeline import environment as env  # noqa: E402  the path above comes first

# All of them on all cores, each file on one: what a file shares is made once.
ALL = ["-n", "auto", "--dist", "loadfile"]


def main() -> int:
    """Prepare, then become pytest. The exit status."""
    try:
        python = env.prepare(env.DEVELOPMENT, ROOT)
        get_browser_and_font(python)
    except env.Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return env.hand_over([str(python), "-m", "pytest", *(sys.argv[1:] or ALL)], ROOT)


def get_browser_and_font(python: Path) -> None:
    """Chromium, a Chinese font, nginx and PostgreSQL, by the system's packages where that is allowed, else a tool's own way.

    Without a browser the run goes on and its browser tests fail, so that nothing looks tested that was not.
    """
    missing = [] if env.has_chinese_font() else ["fonts-noto-cjk"]
    if not env.runs(python, "-m", "playwright", "--version"):
        missing.append("libatomic1")  # what the browser tool's driver links to and a bare Debian lacks
    if not browser_at_hand(python):
        missing.append("chromium")
    if not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        missing.append("nginx-light")
    if env.postgres_programs() is None and not env.WINDOWS:
        missing.append("postgresql")  # the catalogue of the shared warehouse
    if not missing:
        return
    env.say(f"安装 {'、'.join(missing)}", f"installing {' '.join(missing)}")
    wrong = env.install_debian_packages(*missing) if env.debian_root() else "not root on Debian"
    if "chromium" in missing and not browser_at_hand(python):
        wrong = env.complaint([str(python), "-m", "playwright", "install", "chromium"])
    if wrong:
        env.say(
            f"未能装好（{wrong}）：请自行安装；在此之前浏览器测试会失败，可加 -m 'not browser' 略过",
            "could not install these: do it yourself; until then browser tests fail, or leave them out so",
        )


def browser_at_hand(python: Path) -> bool:
    """Whether a Chromium starts: the system's, else the browser tool's own. (Ubuntu's package is an empty shell.)"""
    browser = env.system_browser()
    if browser is not None:
        return env.runs(Path(browser), "--version")
    own = "with sync_playwright() as tool: exit(not Path(tool.chromium.executable_path).exists())"
    return env.runs(python, "-c", f"from pathlib import Path; from playwright.sync_api import *\n{own}")


if __name__ == "__main__":
    raise SystemExit(main())
