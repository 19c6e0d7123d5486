"""How fast the pages are beside a bare one: `python tests/benchmarks/dashboard.py [--rounds N] [--warehouse FILE]`.

The bare page is Streamlit with one box, one DuckDB query on the same warehouse and one Plotly chart, run by `streamlit
run` in our theme; "bare tuned" is the same without Streamlit's collection of garbage after each run. Each server is a process of its own and each round measures all of them in turn, so that a busy machine slows
all alike. Measured: a start until the first chart is drawn; a change of a box until its chart stands in the page; twenty
sessions that click without pause, over Streamlit's own websocket. Medians, and ratios of medians.
"""

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: E402
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: E402
from websockets.asyncio.client import ClientConnection, connect  # noqa: E402

from pipeline import environment  # noqa: E402
from pipeline.database import open_to_read  # noqa: E402

BARE_PAGE = '''
import os

import duckdb
import plotly.graph_objects as go
import streamlit as st

NAMES = {names!r}


@st.cache_resource
def connection():
    return duckdb.connect(os.environ["PIPELINE_WAREHOUSE"], read_only=True, config={{"threads": 1}})


body = st.selectbox("body", list(NAMES), format_func=NAMES.__getitem__, index=None, key="body")
with connection().cursor() as cursor:
    rows = cursor.execute(
        """
        select year, median(fact.value) as value
        from fact join report using (report_id)
        where measure = 'items_disclosed' and status = 'reported' and ($body is null or body_id = $body)
        group by year
        order by year
        """,
        {{"body": body}},
    ).df()
st.plotly_chart(go.Figure(go.Bar(x=rows["year"], y=rows["value"])), key="chart")
'''
# Bodies of the invented county of which every page below has a chart.
BODIES = """
    select body.body_id, any_value(body.name)
    from body
    join report using (body_id)
    join fact using (report_id)
    where body.origin = 'invented' and body.valid_to is null and body.kind <> 'county'
    and fact.status = 'reported' and fact.measure in ('items_disclosed', 'items_by_channel')
    group by body.body_id
    having count(distinct report.year) >= 6 and count(distinct fact.measure) = 2
    order by body.body_id
"""
PAGES = {"overview": "", "volumes": "volumes", "channels": "channels"}
SESSIONS = 20
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
AT_REST = "[data-testid=stApp][data-test-script-state=notRunning]"
# Notes when a chart is first drawn, and how long after the key that picks an option it holds other data.
WATCH = """
(() => {
    const drawn = () => {
        const chart = document.querySelector('.js-plotly-plot');
        if (!chart || !chart.querySelector('.main-svg .trace')) return null;
        return JSON.stringify(chart.data.map(trace => [trace.x, trace.y, trace.customdata]));
    };
    const watch = noted => {
        const before = drawn();
        const watching = new MutationObserver(() => {
            const now = drawn();
            if (now === null || now === before) return;
            watching.disconnect();
            noted();
        });
        watching.observe(document, {subtree: true, childList: true, attributes: true});
    };
    window.took = null;
    watch(() => window.took = Date.now());
    addEventListener('keydown', event => {
        if (event.key !== 'Enter') return;
        const start = performance.now();
        window.took = null;
        watch(() => window.took = performance.now() - start);
    }, {capture: true});
})();
"""
PATIENCE = 60


@dataclass
class Measured:
    """A page and what was measured of it, one entry a measurement: milliseconds, or reruns a second."""

    name: str
    script: Path
    path: str
    start: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    half: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def median(self, name: str) -> float:
        taken = getattr(self, name)
        return statistics.median(taken) if taken else float("nan")


@dataclass(frozen=True)
class Clicks:
    """Milliseconds of each rerun, the seconds of all, and the processor's seconds that the server used."""

    taken: Sequence[float]
    seconds: float
    worked: float


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and its process."""

    address: str
    process: int

    def cpu(self) -> float:
        """Seconds of processor time it has used; not a number where the system does not tell."""
        try:
            parts = Path(f"/proc/{self.process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        except OSError:
            return float("nan")
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


Pages = Sequence[Measured]
Servers = Mapping[Path, Server]


@contextmanager
def served(script: Path, warehouse: Path) -> Iterator[Server]:
    """A server, given as soon as its port is open."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    environ = os.environ | {"PIPELINE_WAREHOUSE": str(warehouse)}
    process = subprocess.Popen(
        command, cwd=script.parent, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.01)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def opened(browser: Browser, address: str) -> tuple[Page, float]:
    """A page in a window with an empty cache, and the moment at which its first chart was drawn."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    return page, noted(page) / 1000


def noted(page: Page) -> float:
    """What the watch has noted, waited for. (The pages' policy forbids the browser tool's own way to wait.)"""
    for _ in range(100 * PATIENCE):
        if (took := page.evaluate("window.took")) is not None:
            return float(took)
        page.wait_for_timeout(10)
    raise TimeoutError(f"no chart within {PATIENCE} s at {page.url}")


def settle(page: Page) -> None:
    page.locator(AT_REST).wait_for()
    page.wait_for_timeout(200)


def cold_start(browser: Browser, measured: Measured, warehouse: Path) -> float:
    """Milliseconds from the start of a server's process to the first chart in a browser that is already open."""
    started = time.time()
    with served(measured.script, warehouse) as server:
        page, drawn = opened(browser, f"{server.address}/{measured.path}")
        page.context.close()
    return 1000 * (drawn - started)


def change(page: Page, name: str) -> float:
    """Milliseconds from the key that picks a body to the chart that shows it."""
    box = page.locator(".st-key-body input")
    box.click()
    box.fill(name)
    page.locator("[role=option]").first.wait_for()
    box.press("Enter")
    took = noted(page)
    settle(page)
    return took


class Session:
    """A reader without a browser: picks a body, and waits until the run for it has ended."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self.socket, self.page, self.script, self.query, self.box = socket, page, "", "", ""
        self.options: list[str] = []

    async def run(self, option: str | None = None) -> float:
        """Milliseconds from asking to the end of the run."""
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_script_hash = self.script
        if not self.script:
            asked.rerun_script.page_name = self.page
        if option is not None:
            asked.rerun_script.widget_states.widgets.add(id=self.box, string_value=option)
        started = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            kind = told.WhichOneof("type")
            if kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return 1000 * (time.perf_counter() - started)
                raise RuntimeError(f"a run ended with {told.script_finished}")
            self._heard(kind, told)

    def _heard(self, kind: str | None, told: ForwardMsg) -> None:
        if kind == "new_session":
            self.script = told.new_session.page_script_hash
        elif kind == "navigation":
            self.script = told.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = told.page_info_changed.query_string
        elif kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(told.delta.new_element.exception.message)
        elif kind == "delta" and told.delta.new_element.selectbox.id.endswith("-body"):
            self.box = told.delta.new_element.selectbox.id
            self.options = list(told.delta.new_element.selectbox.options)


async def clicked(server: Server, page: str, sessions: int, seconds: float, seed: int) -> Clicks:
    """So many sessions pick bodies by chance for so long, none waiting for anything but its own run."""
    address = f"{server.address.replace('http', 'ws')}/_stcore/stream"
    chance = random.Random(seed)  # noqa: S311  no secret
    taken: list[float] = []

    async def click(session: Session, until: float) -> None:
        last = ""
        while time.perf_counter() < until:
            last = chance.choice([option for option in session.options if option != last])
            taken.append(await session.run(last))

    async with AsyncExitStack() as stack:
        readers = [
            Session(await stack.enter_async_context(connect(address, max_size=None, compression=None)), page)
            for _ in range(sessions)
        ]
        for reader in readers:
            await reader.run()
        worked, started = server.cpu(), time.perf_counter()
        await asyncio.gather(*(click(reader, started + seconds) for reader in readers))
        took = time.perf_counter() - started
        return Clicks(taken, took, server.cpu() - worked)


def measure_starts(pages: Pages, warehouse: Path, browser: Browser, rounds: int) -> None:
    for number in range(rounds):
        for page in pages:
            page.start.append(cold_start(browser, page, warehouse))
        say(f"start {number + 1}/{rounds}")


def measure_changes(pages: Pages, servers: Servers, browser: Browser, names: Sequence[str]) -> None:
    """Each name once: the answers of our pages are not in their cache yet."""
    shown = [opened(browser, f"{servers[page.script].address}/{page.path}")[0] for page in pages]
    for window in shown:
        settle(window)
    for name in names:
        for page, window in zip(pages, shown, strict=True):
            page.change.append(change(window, name))
    for window in shown:
        window.context.close()
    say("changes")


def measure_clicks(pages: Pages, servers: Servers, rounds: int, seconds: float) -> None:
    for number in range(rounds):
        for page in pages:
            one = asyncio.run(clicked(servers[page.script], page.path, 1, seconds / 2, number))
            all_of_them = asyncio.run(clicked(servers[page.script], page.path, SESSIONS, seconds, number))
            page.alone.append(statistics.median(one.taken))
            page.work.append(1000 * all_of_them.worked / len(all_of_them.taken))
            page.rate.append(len(all_of_them.taken) / all_of_them.seconds)
            page.half.append(statistics.median(all_of_them.taken))
            page.p95.append(statistics.quantiles(all_of_them.taken, n=20)[-1])
        say(f"clicks {number + 1}/{rounds}")


def say(text: str) -> None:
    print(f"  {text}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)


def show(pages: Pages) -> None:
    bare = pages[0]
    print(
        f"{'page':10}{'start ms':>10}{'×':>6}{'change ms':>11}{'×':>6}{'rerun ms':>10}{'×':>6}"
        f"{f'{SESSIONS}: /s':>9}{'p50':>7}{'p95':>7}{'cpu ms':>8}"
    )
    for page in pages:
        cells = [f"{page.name:10}"]
        for name, wide in (("start", 10), ("change", 11), ("alone", 10)):
            cells += [f"{page.median(name):{wide}.0f}", f"{page.median(name) / bare.median(name):6.2f}"]
        cells.append(
            f"{page.median('rate'):9.0f}{page.median('half'):7.0f}{page.median('p95'):7.0f}{page.median('work'):8.1f}"
        )
        print("".join(cells))
    print(
        "wanted: start and change at most 1.3 × the bare page; at least 80 reruns a second, p95 at most 300 ms"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="how often starts and clicks are measured")
    options.add_argument("--seconds", type=float, default=6, help="how long the sessions click in a round")
    options.add_argument("--warehouse", type=Path, help="one that is built already, with the demonstration")
    options.add_argument("--only", default="start,change,click", help="what is measured")
    options.add_argument("--pages", default=",".join(PAGES), help="which pages")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warehouse = asked.warehouse.resolve() if asked.warehouse else built(folder / "warehouse.duckdb")
        names = bodies(warehouse)
        bare = Measured("bare", write_bare(folder / "bare", names), "")
        tuned = Measured("bare tuned", write_bare(folder / "tuned", names, tuned=True), "")
        ours = [Measured(page, ROOT / "dashboard.py", PAGES[page]) for page in asked.pages.split(",")]
        pages = [bare, tuned, *ours]
        measure(pages, warehouse, list(names.values()), asked)
        show(pages)


def measure(pages: Pages, warehouse: Path, names: Sequence[str], asked: argparse.Namespace) -> None:
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=environment.system_browser(), args=FLAGS)
        if "start" in asked.only:
            measure_starts(pages, warehouse, browser, asked.rounds)
        if "change" in asked.only:
            with running(pages, warehouse) as servers:
                measure_changes(pages, servers, browser, names)
        browser.close()
    if "click" in asked.only:
        with running(pages, warehouse) as servers:
            measure_clicks(pages, servers, asked.rounds, asked.seconds)


@contextmanager
def running(pages: Pages, warehouse: Path) -> Iterator[Servers]:
    """One server for each bare page, one for all of ours."""
    with ExitStack() as stack:
        yield {
            script: stack.enter_context(served(script, warehouse))
            for script in dict.fromkeys(p.script for p in pages)
        }


def built(path: Path) -> Path:
    """The demonstration's warehouse."""
    subprocess.run([sys.executable, "-m", "pipeline", "build", "--warehouse", path], cwd=ROOT, check=True)
    return path


def bodies(warehouse: Path) -> dict[str, str]:
    with open_to_read(warehouse) as connection:
        return dict(connection.execute(BODIES).fetchall())


def write_bare(folder: Path, names: dict[str, str], *, tuned: bool = False) -> Path:
    """The bare page in a folder of its own, looking as ours does; `tuned`: without Streamlit's collection of garbage."""
    (folder / ".streamlit").mkdir(parents=True)
    settings = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    settings = settings if tuned else settings.replace("postScriptGC = false", "")
    (folder / ".streamlit" / "config.toml").write_text(settings, "utf-8")
    script = folder / "bare.py"
    script.write_text(BARE_PAGE.format(names=names), "utf-8")
    return script


if __name__ == "__main__":
    main()
