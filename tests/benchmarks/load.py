"""Many readers for a while: `python tests/benchmarks/load.py [--sessions 50] [--minutes 10]`.

Readers open all pages over Streamlit's own websocket, in both languages, of all bodies and of one, and ask `/api/` over
HTTP; they think in between, leave and come back. Meanwhile two batches are published and undone again and again, by a
process of its own. Each answer must be, byte for byte but for moments of time, what a reader alone gets from one build,
and from one that was current while it was asked: a page that mixes two builds is neither. Prints what was asked, what
was wrong, and the server's memory with its slope after it has warmed up.
"""

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: E402
from streamlit.proto.Delta_pb2 import Delta  # noqa: E402
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: E402
from websockets.asyncio.client import ClientConnection, connect  # noqa: E402

from pages.ui import DESK, PAGES  # noqa: E402
from pipeline import intake, warehouse  # noqa: E402
from pipeline.database import open_to_read  # noqa: E402
from pipeline.invent import invent_corpus  # noqa: E402
from tests.browsing import served  # noqa: E402

WHO = "load"
SEED = 31
BODIES, YEARS, LATER = 8, range(2016, 2024), (2024, 2025)
# Moments differ from build to build though the figures do not.
MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?")
WRONG = re.compile(r"Traceback|\bERROR\b|\bCRITICAL\b|Exception|could not be shown")
FACTS = ("facts.csv?superseded=yes", "facts.json?measure=items_disclosed", "facts.csv?shape=wide")
SAMPLE = 2.0
PATIENCE = 120.0
ROWS = "select count(*) from report where body_id is not null"


@dataclass(frozen=True)
class View:
    """A page and the query of its address, or a path of `/api/`; the desk's pages change with every deed."""

    page: str
    query: str = ""

    @property
    def is_plain(self) -> bool:
        return self.page == "api"

    @property
    def is_compared(self) -> bool:
        return self.page not in DESK

    def __str__(self) -> str:
        return f"{self.page}?{self.query}"


@dataclass(frozen=True)
class Seen:
    """What a reader was given: a digest of each part of the page, and what went wrong."""

    parts: Mapping[str, str]
    wrong: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(sorted(self.parts.items())).encode()).hexdigest()[:16]


@dataclass
class Course:
    """When which state was current, by the clock that all processes share: (from, until, state), open at its end."""

    spans: list[tuple[float, float, str]] = field(default_factory=list)
    told: list[tuple[str, float, float, float]] = field(default_factory=list)

    def hear(self, pipe: Connection) -> None:
        while pipe.poll():
            self.told.append(pipe.recv())

    def may_be(self, started: float, ended: float) -> set[str]:
        """The states that were current at some moment of a span: one counts from the deed's begin to the next one's end."""
        found = set()
        for place, (state, begun, _, _) in enumerate(self.told):
            until = self.told[place + 1][2] if place + 1 < len(self.told) else float("inf")
            if begun <= ended and started <= until:
                found.add(state)
        return found


# --- the server's documents ----------------------------------------------------------------------


def made(folder: Path) -> intake.Site:
    """A site with an invented county, and the reports of two more years that lie ready in two folders."""
    invent_corpus(
        BODIES, [*YEARS, *LATER], SEED, folder / "all", formats=("html", "txt"), county_reports=True
    )
    sources = folder / "sources"
    for file in sorted((folder / "all").rglob("*")):
        year = next((year for year in LATER if f"{year}" in file.relative_to(folder / "all").parts), None)
        if file.is_dir():
            continue
        target = (folder / f"later-{year}" if year else sources) / file.relative_to(folder / "all")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    rewrite_manifest(sources)
    corrections = folder / "catalogue"
    corrections.mkdir()
    site = intake.Site(folder / "intake", sources, (), corrections, folder / "warehouse.duckdb")
    warehouse.build(site.folders, site.warehouse, corrections=[], workers=1)
    return site


def rewrite_manifest(folder: Path) -> None:
    """Keep of a manifest the files that are still there."""
    manifest = folder / "manifest.csv"
    if manifest.exists():
        head, *rows = manifest.read_text("utf-8").splitlines()
        kept = [row for row in rows if (folder / row.split(",")[0].strip('"')).exists()]
        manifest.write_text("\n".join([head, *kept]) + "\n", "utf-8")


def batch_of(site: intake.Site, folder: Path) -> intake.Batch:
    """A batch with a folder's reports, each declared as the invention declares it."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in (".html", ".txt")]
    uploads = [(file.relative_to(folder).as_posix().replace("/", "-"), file.read_bytes()) for file in files]
    batch, _ = intake.receive(intake.begin(site, WHO), uploads, WHO)
    return batch


def publish(batch: intake.Batch) -> intake.Batch:
    intake.trial(batch)
    for line in intake.lines_of(batch):
        if not line.is_ready and line.same_as is None:
            batch = batch.put_aside(line.path.split("#")[0], line.refused or "not recognised", WHO)
            intake.trial(batch)
    return intake.publish(batch, WHO)[0]


def publishing(site: intake.Site, names: Sequence[str], pause: float, pipe: Connection) -> None:
    """Publish and undo in turn until told to stop, and tell what became current between which moments."""
    random.seed(SEED)
    state: list[str] = []
    while not pipe.poll():
        begun = time.monotonic()
        if len(state) < len(names) and (not state or random.random() < 0.5):  # noqa: S311  no secret
            publish(intake.open_batch(site, names[len(state)]))
            state.append(names[len(state)])
        else:
            intake.undo(intake.open_batch(site, state.pop()), WHO)
        pipe.send((str(len(state)), begun, time.monotonic(), time.monotonic() - begun))
        pipe.poll(pause)


# --- readers -------------------------------------------------------------------------------------


class Reader:
    """A session without a browser: asks for views, and keeps what it is shown as a browser does."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.cache: dict[str, ForwardMsg] = {}

    async def see(self, view: View) -> Seen:
        asked = BackMsg()
        asked.rerun_script.query_string = view.query
        asked.rerun_script.page_name = view.page
        await self.socket.send(asked.SerializeToString())
        parts: dict[str, str] = {}
        wrong = ""
        while True:
            told = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), PATIENCE))  # type: ignore[arg-type]
            if told.WhichOneof("type") == "ref_hash":
                kept = ForwardMsg.FromString(self.cache[told.ref_hash].SerializeToString())
                kept.metadata.CopyFrom(told.metadata)
                told = kept
            elif told.metadata.cacheable:
                self.cache[told.hash] = told
            kind = told.WhichOneof("type")
            if kind == "delta":
                path = "-".join(map(str, told.metadata.delta_path))
                parts[path] = part_of(told.delta)
                wrong = wrong or error_in(told.delta)
            elif kind == "session_event" and told.session_event.HasField("script_compilation_exception"):
                wrong = "the script does not compile"
            elif kind == "script_finished":
                if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    wrong = wrong or f"a run ended with {told.script_finished}"
                return Seen(parts, wrong)


# What tells a browser that a box was set from the address, and the name of a download, new for each session.
PASSING = ("set_value", "value", "has_one_shot_effect", "url", "deferred_file_id")


def part_of(delta: Delta) -> str:
    """What a part of a page says, without the moments in it and what is said once in a session."""
    kind = delta.new_element.WhichOneof("type")
    if kind in ("text_input", "text_area", "number_input", "download_button"):
        element = getattr(delta.new_element, kind)
        known = {field.name for field in element.DESCRIPTOR.fields}
        for name in known.intersection(PASSING):
            element.ClearField(name)
    delta.new_element.ClearField("has_one_shot_effect")
    text = delta.SerializeToString(deterministic=True)
    return hashlib.sha256(MOMENT.sub(b"T", text)).hexdigest()[:16]


def error_in(delta: Delta) -> str:
    element = delta.new_element
    if element.WhichOneof("type") == "exception":
        return element.exception.message or element.exception.type
    if element.WhichOneof("type") == "alert" or "role='alert'" in element.html.body:
        return "an error is shown"
    return ""


def asked_plainly(address: str, query: str) -> Seen:
    """What `/api/` answers; a csv's build of its head is part of it."""
    try:
        with urllib.request.urlopen(f"{address}/api/{query}", timeout=PATIENCE) as answer:
            body = MOMENT.sub(b"T", answer.read())
            return Seen(
                {"build": answer.headers["X-Build"] or "", "body": hashlib.sha256(body).hexdigest()[:16]}
            )
    except urllib.error.HTTPError as error:
        return Seen({}, f"{error.code}")


async def see(reader: Reader | None, address: str, view: View) -> Seen:
    if view.is_plain or reader is None:
        return await asyncio.to_thread(asked_plainly, address, view.query)
    return await reader.see(view)


def opened(address: str) -> connect:
    """A session of somebody at the server itself, to whom every page opens."""
    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    return connect(stream, max_size=None, compression=None, origin=address)


def views_of(path: Path) -> list[View]:
    """Every page in both languages, of all bodies and of one, and what scripts ask for."""
    with open_to_read(path) as connection:
        body, scope = connection.execute(
            "select body_id, 'demo-' || prefecture || '-' || county from body join report using (body_id) "
            "where kind <> 'county' group by all order by count(*) desc, 1 limit 1"
        ).fetchone() or ("", "")
    one = urllib.parse.urlencode({"body": body, "scope": scope})
    pages = [*PAGES, *DESK]
    found = [
        View("" if page == PAGES[0] else page, query) for page in pages for query in ("", f"lang=en&{one}")
    ]
    return [*found, *(View("api", f"{query}&scope={urllib.parse.quote(scope)}") for query in FACTS)]


# --- the run -------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of the run."""

    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    mixed: Counter[str] = field(default_factory=Counter)
    stale: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    waiting: list[tuple[View, float, float, Seen]] = field(default_factory=list)
    example: dict[str, str] = field(default_factory=dict)


References = Mapping[str, Mapping[View, Seen]]


async def looked_at(address: str, views: Sequence[View]) -> dict[View, Seen]:
    """What a reader alone gets, each view in a session of its own; twice, as a check that it is always the same."""
    found: dict[View, Seen] = {}
    for _ in range(2):
        for view in views:
            async with opened(address) as socket:
                seen = await see(Reader(socket), address, view)
            if seen.wrong:
                raise SystemExit(f"{view}: {seen.wrong} before the run began")
            if view.is_compared and found.get(view, seen).digest != seen.digest:
                print(f"  {view}: not the same twice: {differing(found[view], seen)}", file=sys.stderr)
            found[view] = seen
    return found


def differing(one: Seen, other: Seen) -> list[str]:
    return [
        path for path in sorted({*one.parts, *other.parts}) if one.parts.get(path) != other.parts.get(path)
    ][:6]


async def read(
    address: str, views: Sequence[View], until: float, think: float, seed: int, tally: Tally
) -> None:
    """One reader after another in one place: each stays for some views."""
    chance = random.Random(seed)  # noqa: S311  no secret
    await asyncio.sleep(chance.uniform(0, think))
    while time.monotonic() < until:
        async with opened(address) as socket:
            reader = Reader(socket)
            for _ in range(chance.randint(3, 12)):
                if time.monotonic() >= until:
                    break
                view = chance.choice(views)
                started = time.monotonic()
                try:
                    seen = await see(reader, address, view)
                except Exception as error:  # noqa: BLE001  whatever a reader meets is what is counted
                    tally.errors[f"{view}: {type(error).__name__} {error}"[:120]] += 1
                    break
                ended = time.monotonic()
                tally.took.append(1000 * (ended - started))
                tally.asked[view.page] += 1
                if seen.wrong:
                    tally.errors[f"{view}: {seen.wrong}"[:120]] += 1
                elif view.is_compared:
                    tally.waiting.append((view, started, ended, seen))
                await asyncio.sleep(chance.expovariate(1 / think) if think else 0)


def judge(tally: Tally, course: Course, references: References, *, all_of_them: bool = False) -> None:
    """Hold each answer against what one build says; the last seconds' wait until it is known what was published."""
    horizon = course.told[-1][2] if course.told else 0.0
    left = []
    for view, started, ended, seen in tally.waiting:
        if ended > horizon and not all_of_them:
            left.append((view, started, ended, seen))
            continue
        same = {state for state, held in references.items() if held[view].digest == seen.digest}
        if not same:
            tally.mixed[str(view)] += 1
            first = {state: differing(held[view], seen) for state, held in references.items()}
            tally.example.setdefault(str(view), json.dumps(first)[:300])
        elif not same & course.may_be(started, ended):
            tally.stale[str(view)] += 1
        else:
            tally.states.update(same if len(same) == 1 else ["any"])
    tally.waiting = left


def memory(process: int) -> float:
    """MB of a process and what it started."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            if not folder.name.isdecimal():
                continue
            parent = int((folder / "stat").read_text("ascii").rsplit(")", 1)[1].split()[1])
            if process in (int(folder.name), parent):
                lines = (folder / "status").read_text("ascii").splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
    return total


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """MB per hour by least squares."""
    if len(samples) < 3:
        return float("nan")
    times, sizes = zip(*samples, strict=True)
    return 3600 * statistics.linear_regression(times, sizes).slope


async def loaded(
    address: str, process: int, views: Sequence[View], references: References, pipe: Connection, asked: argparse.Namespace,
) -> tuple[Tally, Course, list[tuple[float, float]]]:  # fmt: skip
    tally, course, sizes = Tally(), Course(), []
    started = time.monotonic()
    course.told.append(("0", started - PATIENCE, started, 0.0))
    until = started + 60 * asked.minutes
    readers = [
        asyncio.create_task(read(address, views, until, asked.think, SEED + number, tally))
        for number in range(asked.sessions)
    ]
    told = started
    while time.monotonic() < until:
        sizes.append((time.monotonic() - started, memory(process)))
        course.hear(pipe)
        judge(tally, course, references)
        if time.monotonic() - told > 30:
            told = time.monotonic()
            wrong = sum(tally.errors.values()) + sum(tally.mixed.values()) + sum(tally.stale.values())
            print(
                f"  {told - started:4.0f} s: {len(tally.took):,} answers, {wrong} wrong, {sizes[-1][1]:.0f} MB, "
                f"{len(course.told) - 1} builds, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True,
            )  # fmt: skip
        await asyncio.sleep(SAMPLE)
    await asyncio.gather(*readers)
    pipe.send("stop")
    return tally, course, sizes


def ended(process: multiprocessing.Process, pipe: Connection, course: Course) -> None:
    process.join(60)
    course.hear(pipe)
    if process.exitcode:
        raise SystemExit(f"publishing ended with {process.exitcode}")


def show(
    tally: Tally, course: Course, sizes: Sequence[tuple[float, float]], log: str, asked: argparse.Namespace
) -> int:
    """The table; how much was wrong."""
    quantiles = statistics.quantiles(tally.took, n=20) if len(tally.took) > 1 else [float("nan")] * 19
    complaints = [line for line in log.splitlines() if WRONG.search(line)]
    warm = [sample for sample in sizes if sample[0] >= asked.warm * 60 * asked.minutes]
    rows = [
        ("answers", f"{len(tally.took):,} in {asked.minutes:g} min by {asked.sessions} sessions"),
        ("a second", f"{len(tally.took) / (60 * asked.minutes):.1f}"),
        (
            "ms p50 / p95 / max",
            f"{statistics.median(tally.took):.0f} / {quantiles[-1]:.0f} / {max(tally.took):.0f}",
        ),
        ("builds published or undone", f"{len(course.told) - 1}"),
        ("answers of each state", ", ".join(f"{state}: {n:,}" for state, n in sorted(tally.states.items()))),
        ("errors", f"{sum(tally.errors.values())}"),
        ("of no single build", f"{sum(tally.mixed.values())}"),
        ("of a build not current", f"{sum(tally.stale.values())}"),
        ("complaints in the log", f"{len(complaints)}"),
        ("memory MB, start / warm / end", f"{sizes[0][1]:.0f} / {warm[0][1]:.0f} / {sizes[-1][1]:.0f}"),
        ("slope once warm, MB an hour", f"{slope(warm):+.0f}"),
    ]
    for name, value in rows:
        print(f"{name:32}{value}")
    for name, counted in (("error", tally.errors), ("mixed", tally.mixed), ("stale", tally.stale)):
        for text, count in counted.most_common(8):
            print(f"  {name} ×{count}: {text} {tally.example.get(text, '')}")
    for line in complaints[:8]:
        print(f"  log: {line[:200]}")
    print("  " + ", ".join(f"{page or PAGES[0]} {count}" for page, count in tally.asked.most_common()))
    return sum(counted.total() for counted in (tally.errors, tally.mixed, tally.stale)) + len(complaints)


def run(folder: Path, asked: argparse.Namespace) -> int:
    site = made(folder)
    views = views_of(site.warehouse)
    names = [batch_of(site, folder / f"later-{year}").batch_id for year in LATER]
    environ = {
        "PIPELINE_INTAKE": str(site.folder), "PIPELINE_SOURCES": str(site.sources),
        "PIPELINE_CORRECTIONS": str(site.corrections), "PIPELINE_LOG": "",
    }  # fmt: skip
    log = folder / "server.txt"
    with served(site.warehouse, log, environ=environ) as address:
        process = int(next(part for part in pid_of(address).split()))
        references: dict[str, dict[View, Seen]] = {}
        for number in range(len(names) + 1):
            references[str(number)] = asyncio.run(looked_at(address, views))
            if number < len(names):
                publish(intake.open_batch(site, names[number]))
            print(f"  state {number} looked at, {memory(process):.0f} MB", file=sys.stderr, flush=True)
        told_apart(references, views)
        for name in reversed(names):
            intake.undo(intake.open_batch(site, name), WHO)
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        publisher = multiprocessing.get_context("spawn").Process(
            target=publishing, args=(site, names, asked.pause, theirs), daemon=True
        )
        publisher.start()
        tally, course, sizes = asyncio.run(loaded(address, process, views, references, ours, asked))
        ended(publisher, ours, course)
        judge(tally, course, references, all_of_them=True)
        time.sleep(2)
        sizes.append((sizes[-1][0] + 2, memory(process)))
    return show(tally, course, sizes, log.read_text("utf-8", "replace"), asked)


def told_apart(references: References, views: Sequence[View]) -> None:
    """Say which views look alike in two states: for these a mix would not be seen."""
    alike = [
        str(view)
        for view in views
        if view.is_compared and len({held[view].digest for held in references.values()}) < len(references)
    ]
    print(
        f"  {len(views) - len(alike)} of {len(views)} views differ in each state; alike: {alike}",
        file=sys.stderr,
    )


def pid_of(address: str) -> str:
    """The process that listens at an address."""
    import subprocess

    port = urllib.parse.urlsplit(address).port
    return subprocess.run(
        ["pgrep", "-f", f"server.port {port}"], capture_output=True, text=True, check=True
    ).stdout


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sessions", type=int, default=50, help="how many readers at a time")
    options.add_argument("--minutes", type=float, default=10, help="for how long")
    options.add_argument(
        "--think", type=float, default=3, help="seconds between two views of a reader, on average"
    )
    options.add_argument("--pause", type=float, default=8, help="seconds between two publications")
    options.add_argument("--warm", type=float, default=0.3, help="the share of the time that warms up")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return 1 if run(Path(name).resolve(), asked) else 0


if __name__ == "__main__":
    raise SystemExit(main())
