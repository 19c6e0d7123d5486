"""Two servers behind one address: a reader keeps the view and the figures when the server behind it is killed."""

import csv
import http.client
import io
import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browsing import ROOT, Visit, free_port, served

pytestmark = pytest.mark.browser
AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format who '$upstream_addr $request_uri';
    access_log {folder}/access.log who;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Many(NamedTuple):
    """An address, the ports of the servers behind it, and the proxy's record of which one answered."""

    address: str
    ports: tuple[int, int]
    log: Path

    def answered(self, path: str) -> list[int]:
        """The ports that answered requests of a path, in order."""
        lines = self.log.read_text().splitlines()
        return [int(line.split()[0].rsplit(":", 1)[1]) for line in lines if line.split()[1].startswith(path)]


@pytest.fixture(scope="module")
def many(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    """Two servers and the proxy as docs/deploy/nginx-many.conf sets it up."""
    folder = tmp_path_factory.mktemp("proxy")
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is not installed: apt install nginx-light"
    port, *behind = free_port(), free_port(), free_port()
    site = (ROOT / "docs" / "deploy" / "nginx-many.conf").read_text("utf-8")
    for old, new in (("10.0.0.11:8501", f"127.0.0.1:{behind[0]}"), ("10.0.0.12:8501", f"127.0.0.1:{behind[1]}"),
                     ("listen 80;", f"listen 127.0.0.1:{port};")):  # fmt: skip
        assert old in site
        site = site.replace(old, new)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, site=site), "utf-8")
    environ = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same on both, as the file says"}
    with ExitStack() as stack:
        for number in behind:
            stack.enter_context(served(invented, folder / f"{number}.log", port=number, environ=environ))
        proxy = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
        stack.callback(proxy.wait)
        stack.callback(proxy.terminate)
        yield Many(f"http://localhost:{port}", (behind[0], behind[1]), folder / "access.log")


def process_on(port: int) -> int:
    """The number of the server's process that was started for a port."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(port).encode() in words and any(word.endswith(b"dashboard.py") for word in words):
            return int(folder.name)
    raise AssertionError(f"no server on {port}")


def wait_until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_a_killed_server_is_not_missed(many: Many, visit: type[Visit]) -> None:
    seen = visit.to(many.address)
    page = seen.open("channels?body=demo01&years=2024-2024&tables=plain")
    figure = page.locator(".sheet a", has_text="315")
    expect(figure).to_be_visible()
    answer = page.locator(".answer").inner_text()
    question = f"{many.address}/api/facts.csv?body=demo01&years=2024-2024"
    expected = urllib.request.urlopen(question, timeout=20).read()
    assert len(list(csv.reader(io.StringIO(expected.decode("utf-8-sig"))))) > 100
    answers: list[bytes] = []
    cut: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                answers.append(urllib.request.urlopen(question, timeout=20).read())
            except http.client.IncompleteRead:
                cut.append(1)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    try:
        wait_until(lambda: len(answers) > 20)
        killed = many.answered("/_stcore/host-config")[-1]
        os.kill(process_on(killed), signal.SIGKILL)
        at_death = len(answers)
        # The page finds the other server by itself and draws the same view again.
        page.wait_for_timeout(1000)
        seen.settle()
        page.get_by_role("link", name="公开量").first.click()
        page.wait_for_url("**/volumes?**body=demo01**")
        seen.settle()
        page.go_back()
        page.wait_for_url("**/channels?**body=demo01**")
        seen.settle()
        expect(page.locator(".answer")).to_have_text(answer)
        expect(page.locator(".sheet a", has_text="315")).to_be_visible()
        with page.expect_download() as taken:
            page.locator("[data-testid=stDownloadButton] button").first.click()
        assert Path(taken.value.path()).stat().st_size > 100
        wait_until(lambda: len(answers) > at_death + 20)
    finally:
        over.set()
        for thread in asking:
            thread.join()
    other = next(port for port in many.ports if port != killed)
    assert set(answers) == {expected}
    assert len(cut) <= len(asking), (
        "only what was half sent when the server died is cut off, and is seen to be"
    )
    assert many.answered("/api/")[-1] == other
