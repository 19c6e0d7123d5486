"""What browser tests share: the server as a reader starts it, one Chromium without a network, a watched page."""

import os
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from pipeline import environment

ROOT = Path(__file__).parent.parent
# No name but this machine's is found: the network is cut.
FLAGS = [
    *"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync".split(),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
QUIET = """() => new Promise((done) => {
  const still = () => { watch.disconnect(); done(); };
  const late = setTimeout(still, 15000);
  let soon = setTimeout(still, 500);
  const watch = new MutationObserver(() => { clearTimeout(soon); soon = setTimeout(still, 500); });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
})"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(
    warehouse: Path,
    log: Path,
    *options: str,
    port: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The dashboard started as the README says; gives its address."""
    port = port or free_port()
    command = [sys.executable, "dashboard.py", "--server.port", str(port), *options]
    environ = os.environ | {"PIPELINE_WAREHOUSE": str(warehouse), **(environ or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", process, log)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text('utf-8', 'replace')}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail(f"no answer within a minute: {log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="session")
def real(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(warehouse, tmp_path_factory.mktemp("log") / "real.txt") as address:
        yield address


@pytest.fixture(scope="session")
def demo(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(invented, tmp_path_factory.mktemp("log") / "demo.txt") as address:
        yield address


@pytest.fixture(scope="session")
def district(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(corpus, tmp_path_factory.mktemp("log") / "district.txt") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a file: the driver's event loop would be in the way of tests that run one of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=environment.system_browser(), args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page and what went wrong around it: requests to other hosts, errors of the console, failed answers."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self._sent(request.url))
        page.on("websocket", lambda socket: self._sent(socket.url))
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._printed(message.type, message.text))

    def _sent(self, url: str) -> None:
        if urllib.parse.urlsplit(url).netloc not in ("", urllib.parse.urlsplit(self.address).netloc):
            self.outside.append(url)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def _printed(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Until the page is drawn and its script has ended."""
        expect(self.page.locator(".question")).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("[data-testid=stApp]")).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=PATIENCE
        )

    def rest(self) -> None:
        """Until nothing on the page has moved for a while: charts and tables are drawn after the script has ended."""
        self.settle()
        self.page.evaluate(QUIET)
        self.settle()


@pytest.fixture
def visit(chromium: Browser) -> Iterator["type[Visit]"]:
    Visit.browser = chromium
    yield Visit
    Visit.close()


class Visit:
    """Opens browsers' windows for a test and closes them after it."""

    browser: Browser
    _open: list[Page] = []  # noqa: RUF012  emptied by close()

    @classmethod
    def to(cls, address: str, *, width: int = 1280, dark: bool = False, locale: str = "zh-CN") -> Watched:
        page = cls.browser.new_page(
            viewport={"width": width, "height": 760},
            color_scheme="dark" if dark else "light",
            locale=locale,
            accept_downloads=True,
        )
        cls._open.append(page)
        return Watched(page, address)

    @classmethod
    def close(cls) -> None:
        while cls._open:
            cls._open.pop().close()
