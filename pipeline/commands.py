"""What each command does and prints."""

import argparse
import csv
import datetime as dt
import getpass
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline import editions, events, intake, places, warehouse
from pipeline.backup import Part, backup, restore
from pipeline.catalogue import default_catalogue
from pipeline.correcting import Wish, correct
from pipeline.corrections import FILE, load_corrections
from pipeline.database import open_to_read
from pipeline.dictionary import markdown
from pipeline.export import defused
from pipeline.extract import FACT_FIELDS, as_contract, extract_file
from pipeline.history import open_as_known
from pipeline.lake import Lake, lake_of, open_lake, refresh
from pipeline.model import Place, UserError
from pipeline.paper.model import Paper
from pipeline.papers import County, gather
from pipeline.publish import compact, fetch_own, publish
from pipeline.quality import our_faults
from pipeline.search import bracketed, spans, words_of
from pipeline.settings import load_settings
from pipeline.sources import ROOT, sources_in

_OUTCOMES = {"holds": "成立", "broken": "不符", "not_assessable": "不可核"}
_STATUSES = {"reported": "", "blank": "空白", "dash": "短横", "unreadable": "读不出", "not_printed": "未填"}


def run(options: argparse.Namespace) -> int:
    """Dispatch a parsed command; the exit status."""
    return _COMMANDS[options.command](options)


# --- printing ------------------------------------------------------------------------------------


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _print_table(rows: Sequence[Sequence[object]], header: Sequence[str]) -> None:
    """Columns aligned as a terminal shows them, Chinese characters two wide."""
    shown = [[*(_cell(cell)[:60] for cell in row[:-1]), _cell(row[-1])] for row in [header, *rows]]
    widths = [max(_width(row[at]) for row in shown) for at in range(len(header))]
    for row in shown:
        print(
            "  ".join(
                cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
        )


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(text.split())


def _print_csv(rows: Iterable[Sequence[object]], header: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([defused(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def _dump(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()


def _progress(verb: str = "已读") -> Callable[[int, int, int | None], None]:
    """A bar on a terminal, a plain line every five seconds elsewhere."""
    started = last = time.monotonic()

    def show(done: int, total: int, troubled: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if done < total and now - last < (0.2 if sys.stderr.isatty() else 5):
            return
        last = now
        rate = done / max(now - started, 1e-6)
        doubts = "" if troubled is None else f"，{troubled:,} 份有待核事项"
        text = f"{verb} {done:,}/{total:,} 份，{rate:,.0f} 份/秒{doubts}"
        if sys.stderr.isatty():
            filled = 24 * done // max(total, 1)
            bar = f"\r[{'#' * filled}{'.' * (24 - filled)}] {text}"
            print(bar, end="\n" if done == total else "", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr)

    return show


# --- commands ------------------------------------------------------------------------------------


def _folders(options: argparse.Namespace) -> list[Path]:
    return options.sources or places.sources()


def _lake(options: argparse.Namespace) -> Lake | None:
    """The lake that is named by --warehouse or, without it, by PIPELINE_WAREHOUSE."""
    if options.warehouse is None:
        address = places.lake()
        return None if address is None else lake_of(address)
    return options.warehouse if isinstance(options.warehouse, Lake) else None


def _own(options: argparse.Namespace) -> Path:
    """The file that this machine builds: the one named or, where that is a lake or nothing is, PIPELINE_OWN's place."""
    if isinstance(options.warehouse, Path):
        return options.warehouse
    return places.own()


def _publish(options: argparse.Namespace) -> None:
    """Put what has been built into the lake, where one is named."""
    if (lake := _lake(options)) is None:
        return
    done = publish(_own(options), lake, places.writer(), say=lambda text: print(text, file=sys.stderr))
    said = f"发布 {done.changed:,} 项改动，版本 {done.snapshot}" if done.changed else "没有要发布的改动"
    also = f"，{done.shared:,} 个县与别的机器合并计算" if done.shared else ""
    print(f"{lake}：{said}{also}，用时 {done.seconds:.1f} 秒")


def _compact(options: argparse.Namespace) -> int:
    lake = _lake(options)
    if lake is None:
        raise UserError(
            "compact 用于共享数据库；请用 --warehouse ducklake:postgres://… 指明。数据库文件由 build 自己整理"
        )
    if options.hours < 0 or (options.kept is not None and options.kept < 1):
        raise UserError("--kept 应为 1 以上的整数，--hours 不小于 0")
    kept = options.kept or int(load_settings().kept_builds)
    done = compact(lake, kept=kept, hours=options.hours, say=lambda text: print(text, file=sys.stderr))
    print(f"{lake}：去掉 {done.expired:,} 个旧版本，删除 {done.deleted:,} 个文件，现有 {done.files:,} 个文件")
    return 0


def _build(options: argparse.Namespace) -> int:
    path = _own(options)
    if (lake := _lake(options)) is not None:
        if not places.writer():
            raise UserError("请用环境变量 PIPELINE_WRITER 给这台机器一个发布用的名称，各机器不同，如 隆阳区")
        if fetch_own(path, lake, places.writer()):
            print(f"{path}：已从 {lake} 取回这台机器以前发布的数据", file=sys.stderr)
    built = warehouse.build(
        _folders(options),
        path,
        corrections=load_corrections(default_catalogue(), places.corrections()),
        workers=options.workers,
        scheduler=options.scheduler,
        progress=_progress(),
        say=lambda text: print(text, file=sys.stderr),
    )
    counts, new = built.counts, built.read or built.gone
    done = f"新读 {built.read:,} 个文件，移走 {built.gone:,} 个" if new else "没有新的或改动过的文件，未重建"
    print(
        f"{path}：{counts['report']:,} 份报告，{counts['fact']:,} 个数，{counts['finding']:,} 次核验，"
        f"{counts['issue']:,} 条待核事项；{done}；版本 {built.build_id}，用时 {built.seconds:.1f} 秒"
    )
    for refusal in built.refused:
        print(f"未读：{refusal}", file=sys.stderr)
    _publish(options)
    return 0


def _intake(options: argparse.Namespace) -> int:
    """Take in a folder. 1 where something was left out, so that a script notices."""
    sources, *others = options.sources or places.sources()
    path = _own(options)
    site = intake.Site(places.intake(), sources, others, places.corrections(), path)
    who = options.who or getpass.getuser()
    if options.watch is not None:
        if options.watch <= 0:
            raise UserError("--watch 应为大于零的秒数")
        intake.watch(
            site, options.folder, who, publishing=options.publish, seconds=options.watch, told=_print_taken
        )
    taken = intake.take(site, options.folder, who, publishing=options.publish, progress=_progress())
    _print_taken(taken)
    if taken.built is not None:
        _publish(options)
    return 1 if taken.aside or taken.refused else 0


def _print_taken(taken: intake.Taken) -> None:
    for one in taken.refused:
        print(f"未收：{one.name}：{one.refused}", file=sys.stderr)
    for name, why in taken.aside:
        print(f"搁置：{name}：{why}", file=sys.stderr)
    if taken.batch is None:
        print("没有新的报告")
        return
    rows = [
        (
            line.path, line.body or "未认出", line.year or "未认出", line.layout or "", line.figures, line.broken, line.issues,
            line.same_as or line.refused or (f"同一年已有 {line.earlier}" if line.earlier else ""),
        )
        for line in taken.lines
    ]  # fmt: skip
    _print_table(rows, ("文件", "单位", "年度", "表式", "数", "不符", "待核", "说明"))
    if taken.built is None:
        print(
            f"批次 {taken.batch.batch_id}：{len(taken.lines):,} 份已试读，未发布；请在“报告录入”页面处理，或加 --publish"
        )
    else:
        print(
            f"批次 {taken.batch.batch_id}：已发布 {len(taken.batch.kept()):,} 份，版本 {taken.built.build_id}"
        )


def _parts(path: Path) -> list[Part]:
    """What a backup holds: everything that no build can make again. The demonstration can be written again."""
    folder, *_ = places.sources()
    corrections = places.corrections() / FILE
    return [
        Part("sources", folder),
        Part("corrections.csv", corrections),
        Part("intake", places.intake(), frozenset({"trial", ".lock", ".log.lock"})),
        Part("access.csv", places.access()),
        Part("editions", places.editions()),
        Part("warehouse.duckdb", warehouse.held(path)),
    ]


def _backup(options: argparse.Namespace) -> int:
    if options.out.exists():
        raise UserError(f"{options.out}：已经有这个文件；请换一个名字")
    with events.told("backup") as told:
        count = backup(_parts(_own(options)), options.out)
        told.update(files=count)
    print(f"{options.out}：备份了 {count:,} 个文件，{options.out.stat().st_size / 1e6:,.1f} MB")
    return 0


def _restore(options: argparse.Namespace) -> int:
    path = _own(options)
    parts = [Part(part.name, path if part.name == path.name else part.path) for part in _parts(path)]
    with events.told("restore") as told:
        count = restore(options.archive, parts)
        told.update(files=count)
    print(f"{options.archive}：恢复了 {count:,} 个文件；再运行 python -m pipeline build 核对有没有新的文件")
    return 0


def _extract(options: argparse.Namespace) -> int:
    contract = as_contract(extract_file(options.file))
    if options.format == "json":
        _dump(contract)
    elif options.format == "csv":
        _print_csv(([fact[name] for name in FACT_FIELDS] for fact in contract["facts"]), FACT_FIELDS)
    else:
        _print_extract(contract)
    return 0


def _print_extract(contract: dict[str, Any]) -> None:
    report, catalogue = contract["report"], default_catalogue()
    layout = catalogue.layouts[report["layout"]].label_zh
    print(
        f"{report['county'] or ''}{report['body'] or '机构未识别'}  {report['year'] or '年份未识别'}年  {layout}"
    )
    print(f"公布日期 {report['published'] or '未见'}  索引号 {report['index_number'] or '未见'}")
    sections = Counter(catalogue.measures[fact["measure"]].section for fact in contract["facts"])
    print(
        "读到 "
        + "，".join(f"{section} {count}" for section, count in sections.items())
        + f"，共 {len(contract['facts'])} 个数\n"
    )
    shown = [
        fact
        for fact in contract["facts"]
        if fact["value"] != 0 or catalogue.measures[fact["measure"]].section == "disclosure"
    ]
    rows = [
        (
            catalogue.measures[f["measure"]].label_zh, f["channel"] or f["category"] or f["applicant"] or "",
            f["account"] or "", _STATUSES[f["status"]] if f["value"] is None else f["value"], f["unit"],
            f["bound"] if f["bound"] != "exact" else "", f["raw_text"], f["locator"],
        )
        for f in shown
    ]  # fmt: skip
    _print_table(rows, ("指标", "细分", "账号", "数值", "单位", "约数", "原文", "位置"))
    if len(shown) < len(contract["facts"]):
        print(f"（另有 {len(contract['facts']) - len(shown)} 个单元格印为 0，--format csv 可看全部）")
    outcomes = Counter(finding["outcome"] for finding in contract["findings"])
    print("\n核验 " + "，".join(f"{_OUTCOMES[name]} {count}" for name, count in outcomes.items()))
    for finding in contract["findings"]:
        if finding["outcome"] == "broken":
            print(f"  {finding['rule']}（{finding['severity']}）{finding['message']}")
    print(f"待核事项 {len(contract['issues'])} 条")
    for issue in contract["issues"]:
        print(f"  {issue['code']}：{issue['message']} {issue['locator']}")


def _connect(named: Path | Lake | None, known_on: dt.date | None = None) -> duckdb.DuckDBPyConnection:
    if named is None and (address := places.lake()):
        named = lake_of(address)
    if isinstance(named, Lake) and known_on is None:
        return open_lake(named)
    if isinstance(named, Lake):
        path = places.lake_copy(str(named))
        refresh(named, path, int(load_settings().kept_builds))
    else:
        path = named or places.warehouse()
    if not path.exists():
        raise UserError(f"{path}：还没有数据库；请先运行 python -m pipeline build")
    try:
        return open_to_read(path) if known_on is None else open_as_known(path, known_on)
    except duckdb.Error as error:
        raise UserError(
            f"{path}：打不开，可能不是本项目的数据库或已损坏（{str(error).splitlines()[0]}）；请重新 build"
        ) from error


def _check(options: argparse.Namespace) -> int:
    """Findings about reports are not our faults; what `our_faults` names is, and fails the gate."""
    sources = [source for folder in _folders(options) for source in sources_in(folder)]
    catalogue = default_catalogue()
    with _connect(_own(options)) as connection:
        query = (ROOT / "queries" / "console" / "outcomes.sql").read_text("utf-8")
        broken = connection.execute(query).fetchall()
        faults = list(our_faults(connection, sources, catalogue, load_settings()))
    header = ("rule", "severity", "outcome", "body", "year", "path", "message")
    if options.format == "json":
        _dump([dict(zip(header, row, strict=True)) for row in broken])
    elif options.format == "csv":
        _print_csv(broken, header)
    else:
        _print_table([row for row in broken if row[2] == "broken"], header)
        outcomes = Counter(row[2] for row in broken)
        print("核验 " + "，".join(f"{_OUTCOMES[name]} {count}" for name, count in outcomes.items()))
    for fault in faults:
        print(f"本系统的问题：{fault}", file=sys.stderr)
    return 1 if faults else 0


def _trace(options: argparse.Namespace) -> int:
    if options.measure not in default_catalogue().measures:
        raise UserError(f"没有指标“{options.measure}”；指标代码见 python -m pipeline dictionary")
    with _connect(options.warehouse, options.known_on) as connection:
        query = (ROOT / "queries" / "console" / "trace.sql").read_text("utf-8")
        rows = connection.execute(
            query, {"measure": options.measure, "body": options.body, "year": options.year}
        ).fetchall()
    if not rows:
        raise UserError(
            f"数据库里没有{options.body}{options.year}年的“{options.measure}”；请核对机构名称、年份，或先 build"
        )
    for row in rows:
        _print_trace(*row)
    return 0


def _print_trace(
    body: str, year: int, label: str, dimension: str | None, value: float | None, unit: str, status: str, bound: str,
    raw: str, locator: str, source: str, line: int | None, page: int | None, text: str | None, findings: list[str],
    correction: str | None,
) -> None:  # fmt: skip
    shown = f"{value:,g} {unit}" if value is not None else _STATUSES[status]
    print(f"{body} {year}年 {label} {dimension or ''}：{shown}{'' if bound == 'exact' else f'（{bound}）'}")
    where = "".join((f" 第 {line} 行" if line else "", f" 第 {page} 页" if page else ""))
    print(f"  出处 {source}{where} [{locator}]，原文“{raw}”")
    place = Place.parse(locator)
    if text and place is not None:
        start, end = place.start or 0, len(text) if place.end is None else place.end
        before, after = text[max(0, start - 30) : start], text[end : end + 20]
        print(
            f"  {'…' if start > 30 else ''}{before}【{text[start:end]}】{after}{'…' if len(text) > end + 20 else ''}"
        )
    if correction:
        print(f"  更正 {correction}")
    for finding in findings:
        print(f"  核验 {finding}")


def _correct(options: argparse.Namespace) -> int:
    names = "what body year value decision measure applicant channel category reason author".split()
    wish = Wish(**{name: getattr(options, name) for name in names})
    with _connect(options.warehouse) as connection:
        made = correct(connection, wish, default_catalogue(), places.corrections())
    guard = f"依据“{made.guard}”" if made.guard else "没有可依据的原文"
    print(
        f"{places.corrections() / FILE}：已写入 {made.correction_id}，{guard}；再运行 python -m pipeline build 后生效"
    )
    return 0


def _search(options: argparse.Namespace) -> int:
    """Every passage that holds all the words; finding none is an answer, not a fault."""
    words = words_of(" ".join(options.words))
    if not words:
        raise UserError("请写出要找的字词，例如 python -m pipeline search 依申请公开")
    if options.limit < 1:
        raise UserError("--limit 应为 1 以上的整数")
    with _connect(options.warehouse) as connection:
        query = (ROOT / "queries" / "console" / "bodies_of_county.sql").read_text("utf-8")
        bodies = connection.execute(query, {"county": options.county}).fetchall()
        if options.county and not bodies:
            raise UserError(f"数据库里没有“{options.county}”；请核对县（市、区）的名称")
        query = (ROOT / "queries" / "screens" / "search_passages.sql").read_text("utf-8")
        asked = connection.execute(
            query,
            {
                "words": words, "bodies": [body for (body,) in bodies] if options.county else None,
                "first": options.year, "last": options.year, "limit": options.limit, "offset": 0,
            },
        )  # fmt: skip
        names = [column[0] for column in asked.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
    _print_hits(rows, words, options.format)
    return 0


def _print_hits(rows: Sequence[dict[str, Any]], words: Sequence[str], form: str) -> None:
    hits = [_hit(row, words) for row in rows]
    header = ("body", "year", "section", "place", "report_id", "text")
    if form == "json":
        _dump([{**hit, "spans": spans(row["text"], words)} for hit, row in zip(hits, rows, strict=True)])
    elif form == "csv":
        _print_csv(([hit[name] for name in header] for hit in hits), header)
    elif not hits:
        print("没有找到")
    else:
        shown = [[hit[name] for name in ("body", "year", "section", "place", "sentence")] for hit in hits]
        _print_table(shown, ("单位", "年度", "部分", "位置", "原文"))
        total = rows[0]["hits"]
        print(f"共 {total:,} 处" + (f"，列出前 {len(hits):,} 处" if len(hits) < total else ""))


def _hit(row: dict[str, Any], words: Sequence[str]) -> dict[str, Any]:
    found = spans(row["text"], words)
    return {
        "body": row["body"] or None, "year": row["year"], "section": row["section"], "report_id": row["report_id"],
        "place": str(Place(row["block"], row["cell_row"], row["cell_column"])), "text": row["text"],
        "sentence": bracketed(row["text"], found),
    }  # fmt: skip


def _county(options: argparse.Namespace, connection: duckdb.DuckDBPyConnection) -> County:
    days = load_settings().correction_days
    return gather(connection, options.county, options.year, days=days, until=options.until)


def _brief(options: argparse.Namespace) -> int:
    from pipeline.brief import brief  # imported here, as the papers below: only these commands set type

    with _connect(options.warehouse) as connection:
        paper = brief(connection, _county(options, connection))
    _save(options.output or Path(f"{paper.title}.{options.format}"), _set(paper, options.format))
    return 0


def _letters(options: argparse.Namespace) -> int:
    from pipeline.letters import as_zip, letter

    with _connect(options.warehouse) as connection:
        county = _county(options, connection)
    if options.body is None:
        _save(options.output or Path(f"{county.name}{county.year}年度整改清单.zip"), as_zip(county))
        return 0
    owed = next((row for row in county.owed if row["body"] == options.body), None)
    if owed is None:
        names = "、".join(row["body"] for row in county.owed)
        raise UserError(f"{county.name}{county.year}年度没有应公布年报的“{options.body}”；有 {names}")
    paper = letter(county, owed)
    _save(options.output or Path(f"{paper.title}.{options.format}"), _set(paper, options.format))
    return 0


def _set(paper: Paper, form: str) -> bytes:
    from pipeline.paper.printed import as_pdf
    from pipeline.paper.word import as_docx

    return as_docx(paper) if form == "docx" else as_pdf(paper)


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"{path}：写不了（{error.strerror}）；请用 --output 换一个位置") from error
    print(f"{path}：已写入，{len(content):,} 字节")


def _invent(options: argparse.Namespace) -> int:
    from pipeline.invent import invent_corpus  # imported here: it needs packages that only development has

    found = re.fullmatch(r"(\d{4})-(\d{4})", options.years)
    if found is None or int(found[1]) > int(found[2]):
        raise UserError(f"--years 应写成 2014-2025 的样子，现为“{options.years}”")
    if not 1 <= options.bodies <= 5000:
        raise UserError("--bodies 应在 1 到 5000 之间")
    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        raise UserError(f"{options.out}：文件夹里已有东西；请换一个空文件夹")
    progress = _progress("写出")
    years = range(int(found[1]), int(found[2]) + 1)
    try:
        count = invent_corpus(
            options.bodies, years, options.seed, options.out, lambda done, total: progress(done, total, None),
            scans=options.scans, unseen=options.unseen,
        )  # fmt: skip
    except ModuleNotFoundError as error:
        raise UserError(f"缺少写文件的包 {error.name}；请先 pip install -r requirements-dev.txt") from error
    print(f"{options.out}：写出 {count:,} 份虚构的报告，真值在各文件旁的 .truth.json")
    return 0


def _synthesize(options: argparse.Namespace) -> int:
    try:
        from pipeline.synthesis import (
            synthesize,  # imported here: it needs packages that only development has
        )
    except ModuleNotFoundError as error:
        raise UserError(f"缺少包 {error.name}；请先 pip install -r requirements-dev.txt") from error

    if options.warehouse is None:
        raise UserError("请用 --warehouse 写明要写到哪个文件：虚构的数据库不会写进默认的位置")
    if options.reports < 1:
        raise UserError("--reports 应是正整数")
    made = synthesize(
        options.warehouse, options.reports, options.seed, lambda text: print(text, file=sys.stderr)
    )
    counts = made.counts
    print(
        f"{options.warehouse}：虚构的 {counts['report']:,} 份报告，{counts['fact']:,} 个数，"
        f"{counts['finding']:,} 次核验，用时 {sum(made.seconds.values()):.1f} 秒"
    )
    return 0


def _score(options: argparse.Namespace) -> int:
    from pipeline.score import format_score, score_folder

    if not options.folder.is_dir() or not any(options.folder.rglob("*.truth.json")):
        raise UserError(f"{options.folder}：没有带真值的报告；请先 python -m pipeline invent 写出一批")
    score = score_folder(options.folder)
    if options.format == "json":
        _dump(score.as_json())
    else:
        print(format_score(score))
    return 0


def _edition(options: argparse.Namespace) -> int:
    """An edition of a county's year, written to be cited."""
    with _connect(options.warehouse) as connection:
        content = editions.edition_of(
            connection, default_catalogue(), options.county, options.year, options.preset
        )
    written = editions.write(content, options.output or editions.folder())
    ranked = sum(body["list"] == "ranked" for body in content["bodies"])
    print(
        f"{written[0]}：{ranked} 个单位排名，{len(content['bodies']) - ranked} 个另列；另有 {written[1].name}"
    )
    print(content["cite"])
    return 0


def _dictionary(options: argparse.Namespace) -> int:
    print(markdown(default_catalogue()), end="")
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "compact": _compact,
    "intake": _intake,
    "backup": _backup,
    "restore": _restore,
    "extract": _extract,
    "check": _check,
    "trace": _trace,
    "correct": _correct,
    "search": _search,
    "brief": _brief,
    "letters": _letters,
    "invent": _invent,
    "synthesize": _synthesize,
    "score": _score,
    "edition": _edition,
    "dictionary": _dictionary,
}
