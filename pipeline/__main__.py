"""The command line. Exit status 0 done, 1 the data or the catalogue is wrong, 2 wrong use or unreadable file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import commands
from pipeline.model import CatalogueError, UserError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="政务公开年报：读文件、核数字、建数据库"
    )
    subs = parser.add_subparsers(dest="command", required=True, metavar="命令")
    warehouse = argparse.ArgumentParser(add_help=False)
    warehouse.add_argument(
        "--warehouse", type=Path, default=None, help="数据库文件，默认 data/warehouse.duckdb"
    )

    build = subs.add_parser("build", parents=[warehouse], help="读文件夹里的报告，建数据库")
    build.add_argument(
        "--sources",
        type=Path,
        nargs="+",
        action="extend",
        default=None,
        help="报告所在文件夹，默认 data/sources",
    )
    build.add_argument("--workers", type=int, default=None, help="同时读几份，默认等于处理器核数")

    extract = subs.add_parser("extract", help="读一份报告，不需要数据库")
    extract.add_argument("file", type=Path, help="报告文件")
    extract.add_argument("--format", choices=("json", "csv", "table"), default="table")

    check = subs.add_parser("check", parents=[warehouse], help="列出核验结果和待核事项")
    check.add_argument("--format", choices=("json", "csv", "table"), default="table")

    trace = subs.add_parser("trace", parents=[warehouse], help="一个数印在哪里")
    trace.add_argument("measure", help="指标代码，见 dictionary")
    trace.add_argument("--body", required=True, help="机构名称，如 西邑乡")
    trace.add_argument("--year", type=int, required=True)

    invent = subs.add_parser("invent", help="写出一个虚构区县的报告文件和真值，用于演示和测量")
    invent.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件夹")
    invent.add_argument("--bodies", type=int, default=24, help="几个乡镇")
    invent.add_argument("--years", default="2014-2025", metavar="A-B", help="哪些年度")
    invent.add_argument("--seed", type=int, default=1, help="同一个数总写出同样的文件")
    invent.add_argument("--scans", type=int, default=0, help="另写几份扫描件（慢）")
    invent.add_argument("--unseen", action="store_true", help="只用开发时没有用过的句子，用于诚实地测量")

    score = subs.add_parser("score", help="对照真值，测量读得准不准")
    score.add_argument("folder", type=Path, metavar="DIR", help="invent 写出的文件夹")
    score.add_argument("--format", choices=("json", "table"), default="table")

    subs.add_parser("dictionary", help="指标、渠道、规则说明（Markdown）")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; whatever a user can cause is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
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
