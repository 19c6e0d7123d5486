"""The command line. Exit status 0 done, 1 the data or the catalogue is wrong, 2 wrong use or unreadable file."""

import argparse
import datetime as dt
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import commands, events
from pipeline.lake import PREFIX, Lake, lake_of
from pipeline.model import CatalogueError, UserError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="政务公开年报：读文件、核数字、建数据库"
    )
    subs = parser.add_subparsers(dest="command", required=True, metavar="命令")
    warehouse = argparse.ArgumentParser(add_help=False)
    warehouse.add_argument(
        "--warehouse",
        type=_warehouse,
        default=None,
        help="数据库文件，默认 data/warehouse.duckdb；或共享数据库的地址 ducklake:postgres://用户@主机/数据库",
    )

    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument(
        "--sources",
        type=Path,
        nargs="+",
        action="extend",
        default=None,
        help="报告所在文件夹，默认 data/sources 和演示数据",
    )

    build = subs.add_parser("build", parents=[folders, warehouse], help="读新的和改动过的报告，更新数据库")
    build.add_argument("--workers", type=int, default=None, help="同时读几份，默认等于处理器核数")
    build.add_argument(
        "--scheduler",
        default=None,
        metavar="ADDRESS",
        help="Dask 调度进程的地址，由它的各工作机读，如 tcp://10.0.0.5:8786",
    )

    tidy = subs.add_parser("compact", parents=[warehouse], help="整理共享数据库：合并小文件，删去旧版本")
    tidy.add_argument("--kept", type=int, default=None, help="保留最新的几个版本，默认按 settings.csv")
    tidy.add_argument(
        "--hours", type=float, default=24.0, help="不再用的文件过几小时才删，默认 24：可能还有人在读"
    )

    extract = subs.add_parser("extract", help="读一份报告，不需要数据库")
    extract.add_argument("file", type=Path, help="报告文件")
    extract.add_argument("--format", choices=("json", "csv", "table"), default="table")

    taken = subs.add_parser(
        "intake", parents=[folders, warehouse], help="收一个文件夹里的新报告：试读、列出、搁置读不了的、发布"
    )
    taken.add_argument("folder", type=Path, metavar="FOLDER", help="新收到的报告所在的文件夹")
    taken.add_argument(
        "--publish", action="store_true", help="试读之后就发布；没有它只列出，批次留待在页面上处理"
    )
    taken.add_argument(
        "--watch", type=float, default=None, metavar="秒", help="一直看着文件夹，每隔几秒看一次"
    )
    taken.add_argument("--who", default=None, help="记在操作记录里的人，默认是登录本机的用户")

    kept = subs.add_parser(
        "backup", parents=[warehouse], help="把不能重做的都存进一个文件：原件、更正、录入、名单、数据库"
    )
    kept.add_argument("out", type=Path, metavar="FILE", help="备份文件，如 2026-11-24.zip")
    again = subs.add_parser(
        "restore", parents=[warehouse], help="从备份文件恢复到空的地方；已有的东西不会被覆盖"
    )
    again.add_argument("archive", type=Path, metavar="FILE", help="备份文件")

    check = subs.add_parser(
        "check", parents=[folders, warehouse], help="列出核验结果；本系统自己有错时不通过"
    )
    check.add_argument("--format", choices=("json", "csv", "table"), default="table")

    trace = subs.add_parser("trace", parents=[warehouse], help="一个数印在哪里")
    trace.add_argument("measure", help="指标代码，见 dictionary")
    trace.add_argument("--body", required=True, help="机构名称，如 西邑乡")
    trace.add_argument("--year", type=int, required=True)
    trace.add_argument(
        "--known-on", type=_day, default=None, metavar="日期", help="按哪天所知，如 2026-01-31"
    )

    _add_correct(subs.add_parser("correct", parents=[warehouse], help="更正一个数，或对一项核验作出认定"))

    search = subs.add_parser("search", parents=[warehouse], help="在年报的文字里找字词")
    search.add_argument("words", nargs="+", metavar="WORDS", help="要找的字词，须同时出现；引号里的算一个词")
    search.add_argument("--county", default=None, help="只找这个县（市、区）的年报")
    search.add_argument("--year", type=int, default=None, help="只找这一年的年报")
    search.add_argument("--limit", type=int, default=50, help="最多列出几处，默认 50")
    search.add_argument("--format", choices=("json", "csv", "table"), default="table")

    _add_papers(subs, warehouse)

    invent = subs.add_parser("invent", help="写出一个虚构区县的报告文件和真值，用于演示和测量")
    invent.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件夹")
    invent.add_argument("--bodies", type=int, default=24, help="几个乡镇")
    invent.add_argument("--years", default="2014-2025", metavar="A-B", help="哪些年度")
    invent.add_argument("--seed", type=int, default=1, help="同一个数总写出同样的文件")
    invent.add_argument("--scans", type=int, default=0, help="另写几份扫描件（慢）")
    invent.add_argument("--unseen", action="store_true", help="只用开发时没有用过的句子，用于诚实地测量")

    synthesized = subs.add_parser(
        "synthesize", parents=[warehouse], help="造一个虚构全国的大数据库，只用于测速：不写文件，不含真实单位"
    )
    synthesized.add_argument("--reports", type=int, required=True, metavar="N", help="几份报告，如 150000")
    synthesized.add_argument("--seed", type=int, default=1, help="同一个数总造出同样的数据")

    score = subs.add_parser("score", help="对照真值，测量读得准不准")
    score.add_argument("folder", type=Path, metavar="DIR", help="invent 写出的文件夹")
    score.add_argument("--format", choices=("json", "table"), default="table")

    edition = subs.add_parser("edition", parents=[warehouse], help="发布一个县一年评比的固定版本，供引用")
    edition.add_argument("--county", required=True, help="县（市、区）的名称")
    edition.add_argument("--year", type=int, required=True)
    edition.add_argument("--preset", default="default", help="权重方案，见 scoring_presets.csv，默认 default")
    edition.add_argument("--output", type=Path, default=None, help="写到哪个文件夹，默认 data/editions")

    subs.add_parser("dictionary", help="指标、渠道、规则说明（Markdown）")
    return parser


def _add_papers(subs: Any, warehouse: argparse.ArgumentParser) -> None:
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--county", required=True, help="县（市、区）名称，如 隆阳区")
    asked.add_argument("--year", type=int, required=True, help="年报的年度")
    asked.add_argument(
        "--until", type=_day, default=None, metavar="日期", help="更正期限，默认按 settings.csv 的天数"
    )
    brief = subs.add_parser("brief", parents=[asked, warehouse], help="写出供领导签发的通报")
    brief.add_argument("--format", choices=("docx", "pdf"), default="docx")
    brief.add_argument("--output", type=Path, default=None, help="写到哪个文件，默认按标题")
    letters = subs.add_parser("letters", parents=[asked, warehouse], help="写出给各单位的整改清单")
    letters.add_argument("--body", default=None, help="只写这一个单位的；默认全部，打成一个 zip")
    letters.add_argument("--format", choices=("docx", "pdf"), default="docx", help="与 --body 同用")
    letters.add_argument("--output", type=Path, default=None, help="写到哪个文件")


def _add_correct(correct: argparse.ArgumentParser) -> None:
    correct.add_argument("what", help="要更正的指标代码，或要认定的规则代码，如 items_disclosed、D-CAT")
    correct.add_argument("--body", required=True, help="机构名称")
    correct.add_argument("--year", type=int, required=True)
    correct.add_argument("--value", type=float, default=None, help="更正后的数；只用于指标")
    correct.add_argument(
        "--decision",
        choices=("accept", "dismiss"),
        default=None,
        help="accept 原文如此，dismiss 排除；只用于规则",
    )
    correct.add_argument("--applicant", default=None, help="表三的列，如 total")
    correct.add_argument("--measure", default=None, help="认定规则时，不符的是哪一项指标，如 granted")
    correct.add_argument("--channel", default=None, help="渠道代码")
    correct.add_argument("--category", default=None, help="类别")
    correct.add_argument("--reason", required=True, help="理由")
    correct.add_argument("--author", required=True, help="谁定的")


def _warehouse(text: str) -> Path | Lake:
    try:
        return lake_of(text) if text.startswith(PREFIX) else Path(text)
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期应写成 2026-01-31 的样子，现为“{text}”") from error


class _Terminal(io.TextIOWrapper):
    """A terminal that names of files and words of reports cannot command: what is no text is shown as unknown."""

    def write(self, text: str) -> int:
        return super().write(text.translate(_COMMANDING))


_COMMANDING = {code: 0xFFFD for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; whatever a user can cause is one line on stderr."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream.isatty():
            setattr(sys, name, _Terminal(stream.detach(), "utf-8", "backslashreplace", line_buffering=True))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    events.begin()
    try:
        return commands.run(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("已中止；原有数据库未动", file=sys.stderr)
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
