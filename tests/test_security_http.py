"""The server as an adversary calls it: forged origins, missing tokens, slow and large uploads, absurd addresses."""

import http.client
import inspect
import io
import json
import re
import secrets
import select
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from pages import ui
from pages.ui import gate
from pages.ui import server as ours
from tests.browsing import served
from tests.tripwire import Wire

SECURE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# What an answer to a stranger must never hold: where things lie on the server, or how it failed.
TELLTALE = re.compile(
    r"Traceback|\.py\b|site-packages|/root/|/home/|/tmp/|duckdb\.\w+Error|warehouse\.duckdb"
)


@dataclass
class Target:
    """The server under attack."""

    address: str
    log: Path
    wire: Wire

    @property
    def port(self) -> int:
        return int(urlsplit(self.address).port or 0)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One plain request; the status, the headers by their small names, the body."""
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=30)) as line:
            line.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            answer = line.getresponse()
            return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()

    def socket(self, origin: str | None = None, host: str | None = None, **headers: str) -> ClientConnection:
        """A websocket as Streamlit's own page opens it, from a page of another origin if one is given."""
        return connect(
            f"ws://{host or f'localhost:{self.port}'}/_stcore/stream", origin=origin, subprotocols=["streamlit"],  # type: ignore[arg-type,list-item]
            additional_headers=headers, max_size=None, open_timeout=30, compression=None, close_timeout=1,
            sock=socket.create_connection(("localhost", self.port), timeout=30),
        )  # fmt: skip


def session_of(line: ClientConnection) -> str:
    """Ask for the first page; the name of the session that the server tells."""
    first = BackMsg()
    first.rerun_script.query_string = ""
    line.send(first.SerializeToString())
    while True:
        told = ForwardMsg.FromString(line.recv(timeout=30))  # type: ignore[arg-type]
        if told.WhichOneof("type") == "new_session":
            return str(told.new_session.initialize.session_id)


@pytest.fixture(scope="module")
def target(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    wire = Wire(folder / "wire")
    environ = {**wire.environ, "PIPELINE_INTAKE": str(folder / "intake")}
    with served(invented, folder / "log.txt", environ=environ) as address:
        yield Target(address, folder / "log.txt", wire)


@pytest.fixture(scope="module")
def token(target: Target) -> str:
    """The token against forged requests, as any page of ours gets it."""
    _, headers, _ = target.ask("/_stcore/health")
    return headers["set-cookie"].partition(";")[0].partition("=")[2]


# --- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/channels?lang=en", 200), ("/no-such-page", 200), ("/static/nothing.js", 200), ("/media/nothing.csv", 404),
        ("/api/", 200), ("/api/health", 200), ("/api/facts.csv?shape=long", 200), ("/api/facts.json", 200), ("/api/facts.csv?body=x", 400),
        ("/api/facts.exe", 400), ("/assets/browser.js", 200), ("/_stcore/health", 200), ("/_stcore/host-config", 200),
        ("/component/none/x.html", 404), ("/_stcore/bidi-components/none/x.js", 404), ("/app/static/../../dashboard.py", 400),
        ("/..%2f..%2fetc/passwd", 400), ("//etc/passwd", 400), ("/static/..%5c..%5cx.js", 400), ("/overview", 307),
        ("/_stcore/agent/interact", 405), ("/_stcore/upload_file/a/b", 200),
    ],
)  # fmt: skip
def test_every_kind_of_answer_carries_the_headers(path: str, status: int, target: Target) -> None:
    found, headers, body = target.ask(path)
    assert found == status
    assert {name: headers.get(name) for name in SECURE} == SECURE
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert "unsafe-eval" not in policy and "*" not in policy and "http:" not in policy
    assert "'unsafe-inline'" not in re.sub(r"style-src[^;]*", "", policy), (
        "no script of a page's own text runs"
    )
    if status >= 400:
        assert not TELLTALE.search(body.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"), ("json", "application/json"), ("parquet", "application/vnd.apache.parquet"),
        ("zip", "application/zip"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)  # fmt: skip
def test_figures_come_as_what_they_are_and_are_saved_never_shown(
    path: str, kind: str, target: Target
) -> None:
    status, headers, _ = target.ask(f"/api/facts.{path}")
    assert (status, headers["content-type"], headers["x-content-type-options"]) == (200, kind, "nosniff")
    assert headers["content-disposition"].startswith("attachment; ")
    assert "access-control-allow-origin" not in headers
    assert "access-control-allow-origin" not in target.ask("/api/facts.csv", Origin="http://evil.invalid")[1]


def test_no_route_of_ours_changes_anything(target: Target) -> None:
    for route in ours.ROUTES:
        assert set(route.methods or ()) == {"GET", "HEAD"}, route.path
        path = route.path.replace("{format}", "csv")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status, headers, body = target.ask(path, method, b"x=1")
            assert status in (405, 308) and headers["x-content-type-options"] == "nosniff", (method, path)
            assert not TELLTALE.search(body.decode())


def test_an_answer_that_fails_tells_nothing_and_carries_the_headers() -> None:
    """A route that breaks, behind the very middleware of the server."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.routing import Route
    from starlette.testclient import TestClient

    def breaks(request: Request) -> None:
        raise RuntimeError("/root/secret.py has the key 12345")

    app = Starlette(routes=[Route("/breaks", breaks)], middleware=ours.MIDDLEWARE)
    answer = TestClient(app, raise_server_exceptions=False).get("/breaks")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert {name: answer.headers.get(name) for name in SECURE} == SECURE
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


# --- who may connect -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.invalid", "https://evil.invalid:8501", "http://localhost:1", "http://127.0.0.1:3000", "null", "file://",
        "http://localhost.evil.invalid", "http://evil.invalid/localhost", "http://localhost:{port}@evil.invalid", "javascript:1", "http://[::1",
        "http://8.8.8.8", "",
    ],
)  # fmt: skip
def test_a_socket_of_another_page_is_refused_at_once(origin: str, target: Target) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidStatus) as refused, target.socket(origin.format(port=target.port)):
        pass
    assert refused.value.response.status_code == 403
    assert time.monotonic() - began < 5, "nobody waits for a host on the internet"


def test_a_page_of_ours_is_let_in_and_a_forged_host_is_another_page(target: Target) -> None:
    with target.socket(f"http://localhost:{target.port}") as line:
        assert session_of(line)
    with pytest.raises(InvalidStatus), target.socket("http://localhost", host="dashboard.gov.invalid"):
        pass


def test_without_an_origin_or_through_a_proxy_nobody_may_edit(target: Target) -> None:
    for origin, headers in (
        (None, {}),
        (f"http://localhost:{target.port}", {"X-Forwarded-For": "10.0.0.7"}),
        (f"http://localhost:{target.port}", {"Forwarded": "for=10.0.0.7"}),
        (f"http://localhost:{target.port}", {"Via": "1.1 proxy"}),
        ("http://dashboard.gov.invalid", {"host": "dashboard.gov.invalid"}),
    ):
        with target.socket(origin, **headers) as line:
            asked = BackMsg()
            asked.rerun_script.page_name = "intake"
            line.send(asked.SerializeToString())
            came = b""
            while True:
                frame = line.recv(timeout=30)
                assert isinstance(frame, bytes)
                came += frame
                if ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
                    break
            assert "看不了这一页" in came.decode("utf-8", "replace"), (origin, headers)
            assert b"file_uploader" not in came


def test_what_is_no_message_ends_one_socket_and_tells_nothing(target: Target) -> None:
    for junk in (b"\xff" * 1000, secrets.token_bytes(100_000), "text"):
        with target.socket(f"http://localhost:{target.port}") as line:
            line.send(junk)
            came = b""
            with suppress(ConnectionClosed):
                while True:
                    frame = line.recv(timeout=10)
                    came += frame if isinstance(frame, bytes) else frame.encode()
            assert not TELLTALE.search(came.decode("utf-8", "replace"))
    assert target.ask("/_stcore/health")[0] == 200


def test_figures_of_the_server_are_for_its_keeper(target: Target) -> None:
    assert target.ask("/_stcore/metrics")[0] == 200
    assert target.ask("/_stcore/metrics", X_Forwarded_For="10.0.0.7")[0] == 403


@pytest.fixture
def named_hosts() -> Iterator[None]:
    """The settings that docs/security.md names for a server behind a proxy."""
    names = {
        "server.allowedHosts": ["board.gov.invalid"],
        "server.corsAllowedOrigins": ["https://outer.gov.invalid"],
    }
    before = {name: config.get_option(name) for name in names}
    for name, value in names.items():
        config.set_option(name, value)
    yield
    for name, value in before.items():
        config.set_option(name, value)


@pytest.mark.parametrize(
    ("kind", "host", "origin", "status"),
    [
        ("http", "board.gov.invalid", None, None), ("http", "evil.invalid", None, 400), ("http", None, None, 400), ("websocket", "evil.invalid", None, 400),
        ("websocket", "board.gov.invalid", "https://board.gov.invalid", None), ("websocket", "board.gov.invalid", "https://outer.gov.invalid", None),
        ("websocket", "board.gov.invalid", "https://evil.invalid", 403), ("websocket", "evil.invalid", "http://evil.invalid", 400),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("named_hosts")
def test_behind_a_proxy_only_the_names_in_the_settings_count(
    kind: str, host: str | None, origin: str | None, status: int | None
) -> None:
    headers = [(name, text.encode()) for name, text in ((b"host", host), (b"origin", origin)) if text]
    assert (
        gate.refusal({"type": kind, "path": "/api/health", "headers": headers, "client": ("10.0.0.1", 1)})
        == status
    )


# --- uploads ---------------------------------------------------------------------------------------


def form(content: bytes, name: str = "a.txt") -> tuple[bytes, str]:
    head = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def test_an_upload_needs_a_session_the_token_and_an_editor(target: Target, token: str) -> None:
    body, kind = form(b"x")
    good = {"Content_Type": kind, "X_Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"}
    with target.socket(f"http://localhost:{target.port}") as line:
        place = f"/_stcore/upload_file/{session_of(line)}/one"
        assert target.ask(place, "PUT", body, **good)[0] == 204
        tried = {
            "no token": ({"Content_Type": kind}, 403),
            "the cookie alone, as a forged form would have it": (
                {"Content_Type": kind, "Cookie": good["Cookie"]},
                403,
            ),
            "another token": ({**good, "X_Xsrftoken": "2|aa|bb|1"}, 403),
            "another site": ({**good, "Origin": "http://evil.invalid"}, 403),
            "a proxy, so nobody of this machine": ({**good, "X_Forwarded_For": "10.0.0.7"}, 403),
            "another host": ({**good, "Host": "dashboard.gov.invalid"}, 403),
            "a host that is none": ({**good, "Host": "["}, 403),
        }
        for name, (headers, status) in tried.items():
            assert target.ask(place, "PUT", body, **headers)[0] == status, name
            assert target.ask(place, "DELETE", None, **headers)[0] == status, name
        assert target.ask("/_stcore/upload_file/no-such-session/one", "PUT", body, **good)[0] == 400
        assert target.ask("/_stcore/upload_file/..%2f..%2fetc/passwd", "PUT", body, **good)[0] in (400, 404)


def test_what_is_too_large_is_refused_before_and_while_it_comes(target: Target, token: str) -> None:
    with target.socket(f"http://localhost:{target.port}") as line:
        place = f"/_stcore/upload_file/{session_of(line)}/large"
        head = [
            f"PUT {place} HTTP/1.1", f"Host: localhost:{target.port}", f"X-Xsrftoken: {token}", f"Cookie: _streamlit_xsrf={token}",
            "Content-Type: multipart/form-data; boundary=b",
        ]  # fmt: skip
        with closing(socket.create_connection(("localhost", target.port), timeout=30)) as raw:
            raw.sendall("\r\n".join([*head, "Content-Length: 99999999999", "", ""]).encode())
            assert b" 413 " in raw.recv(400).partition(b"\r\n")[0]
        with closing(socket.create_connection(("localhost", target.port), timeout=30)) as raw:
            raw.sendall("\r\n".join([*head, "Transfer-Encoding: chunked", "", ""]).encode())
            start = form(b"")[0].partition(b"\r\n--b--")[0]
            raw.sendall(b"%x\r\n%s\r\n" % (len(start), start))
            piece = b"x" * 1_000_000
            sent = 0
            while sent < 200 and not select.select([raw], [], [], 0)[0]:
                raw.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                sent += 1
            assert b" 413 " in raw.recv(400).partition(b"\r\n")[0]
            assert sent < 100, "it was refused near the limit of 60 MB, not read to the end"


def test_who_sends_a_byte_a_second_is_waited_for_by_nobody(target: Target, token: str) -> None:
    slow = []
    try:
        for number in range(40):
            raw = socket.create_connection(("localhost", target.port), timeout=30)
            raw.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Slow: " if number % 2 else (
                f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: localhost\r\nX-Xsrftoken: {token}\r\n"
                f"Cookie: _streamlit_xsrf={token}\r\nContent-Length: 9000\r\n\r\n".encode()
            ))  # fmt: skip
            slow.append(raw)
        for _ in range(3):
            for raw in slow[1::2]:
                raw.sendall(b"x")
            began = time.monotonic()
            assert target.ask("/api/health")[0] == 200
            assert target.ask("/")[0] == 200
            assert time.monotonic() - began < 3
    finally:
        for raw in slow:
            raw.close()


# --- addresses -------------------------------------------------------------------------------------

ABSURD = {
    "long": urlencode({"body": "a" * 20_000}),
    "many": "&".join(f"k{n}=1" for n in range(6_000)),
    "repeated": "&".join(["body=demo01"] * 2_000),
    "nul": "body=%00demo01&lang=%00",
    "broken utf-8": "body=%ff%fe&county=%c0%af",
    "surrogate": "body=%ed%a0%80",
    "line ends": "body=a%0d%0aSet-Cookie:%20x=1&lang=zh%0d%0aX:%201",
    "look-alikes": urlencode({"body": "ⅾemo01", "county": "云川县\u200b", "lang": "ｚｈ"}),
    "years": urlencode([("year", text) for text in ("9999999999", "-1", "٢٠٢٤", "0000-9999")]),
    "days": "known=0000-00-00&known=9999-12-31&known=2026-02-30&known=-1",
    "deep": urlencode({"body": "[" * 9_000}),
}


@pytest.mark.parametrize("query", ABSURD.values(), ids=ABSURD)
def test_an_absurd_address_is_answered_in_one_line(query: str, target: Target) -> None:
    for path in ("/api/facts.csv", "/api/facts.xlsx", "/api/health", "/api/", "/", "/channels", "/overview"):
        status, headers, body = target.ask(f"{path}?{query}")
        assert status in (200, 307, 400), (path, status)
        assert "set-cookie" not in headers or "x=1" not in headers["set-cookie"]
        if status == 400 and path.startswith("/api"):
            assert len(body) < 2_000 and json.loads(body)["error"]
        if status >= 400:
            assert not TELLTALE.search(body.decode("utf-8", "replace"))


def test_an_address_beyond_measure_is_refused_by_the_server_beneath(target: Target) -> None:
    with closing(socket.create_connection(("localhost", target.port), timeout=30)) as raw:
        raw.sendall(b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 400 " in raw.recv(300).partition(b"\r\n")[0]
    for first in (
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET http://evil.invalid/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    ):
        with closing(socket.create_connection(("localhost", target.port), timeout=30)) as raw:
            raw.sendall(first)
            assert not TELLTALE.search(raw.recv(3000).decode("utf-8", "replace"))


def test_two_hundred_at_once_are_all_answered(target: Target) -> None:
    said: list[int] = []
    pages = ["/", "/api/", "/api/health", *(f"/{name}" for name in ui.PAGES[1:])]
    threads = [
        threading.Thread(target=lambda n=n: said.append(target.ask(pages[n % len(pages)])[0]))
        for n in range(200)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(said) == {200} and len(said) == 200


def test_names_of_downloads_do_not_collide_and_are_never_guessed_short() -> None:
    """Streamlit names a file by its content: who does not know the content does not know the name, of any size."""
    from streamlit.runtime.memory_media_file_storage import _calculate_file_id

    assert "name_by_all_bytes()" in inspect.getsource(ours.lifespan), "the server does so at its start"
    ours.name_by_all_bytes()
    plain = io.BytesIO(b"1" * 3_000_000).getvalue()
    other = plain[:700_000] + b"2" + plain[700_001:]
    names = {_calculate_file_id(data, "text/csv", "a.csv") for data in (plain, other)}
    assert len(names) == 2, "two files that differ in one figure are two"
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in names)


def test_a_name_that_nobody_was_given_opens_nothing(target: Target) -> None:
    for name in (
        "",
        "a",
        "../../etc/passwd",
        secrets.token_hex(16),
        f"{secrets.token_hex(16)}.csv",
        quote("../x"),
        "0" * 5_000,
    ):
        status, _, body = target.ask(f"/media/{name}")
        assert status in (400, 404) and not TELLTALE.search(body.decode("utf-8", "replace"))


def test_nothing_left_the_machine_and_the_log_is_no_place_for_their_words(target: Target) -> None:
    """Last of this file: after all of it, no connection to another host, no name asked for, no line forged."""
    target.ask("/channels%0aERROR%20forged%20line")
    assert target.wire.record.exists(), "the wire was never strung"
    assert target.wire.outside() == []
    log = target.log.read_text("utf-8", "replace")
    assert "\nERROR forged line" not in log
    assert (
        log.count("Traceback") == log.count("BackMsg") + log.count("WebSocket text frames")
        or "could not be" not in log
    )
