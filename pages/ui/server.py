"""What stands around the pages: response headers, the language of the page, and plain HTTP for scripts."""

import base64
import datetime as dt
import gc
import hashlib
import importlib
import json
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import duckdb
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import memory_media_file_storage

from pages.ui import access, api, gate, store, watch
from pages.ui.words import LANGUAGES, Words
from pipeline import events, places
from pipeline.model import UserError

LOG = logging.getLogger("dashboard")
# How often a server asks a lake whether there is a newer build.
LAKE_SECONDS = 20.0
BROWSER_SCRIPT = "/assets/browser.js"
# Streamlit's styles are put in by script (emotion), plotly's likewise: style cannot be strict, script can.
# `blob:` in worker-src: the table's search runs in a worker made from a blob.
POLICY = (
    "default-src 'none'; script-src 'self' {inline}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "media-src 'self' blob:; frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def _policy(page: bytes) -> str:
    """The policy that allows exactly the inline scripts this page came with from Streamlit."""
    digests = (hashlib.sha256(script).digest() for script in INLINE_SCRIPT.findall(page))
    inline = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return POLICY.format(inline=inline)


def _in_language(page: bytes, language: str) -> bytes:
    """Streamlit's page with the right language and title, and our script before its scripts."""
    title = Words(language)("app.title").encode()
    page = page.replace(b'<html lang="en">', b'<html lang="%s">' % (b"zh-CN" if language == "zh" else b"en"))
    page = re.sub(rb"<title>.*?</title>", b"<title>%s</title>" % title, page)
    return page.replace(b"</head>", b'<script src="%s"></script></head>' % BROWSER_SCRIPT.encode(), 1)


def send_at_once(receive: Receive) -> None:
    """Let no packet of this connection wait for the one before to be acknowledged.

    Streamlit binds its own socket, in a way for which asyncio does not do this by itself; each rerun then waits 40 ms,
    with a browser on Windows longer. The server beneath hands its connection to nobody: it is found behind `receive`.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    connection = transport and transport.get_extra_info("socket")
    if connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class PageHeaders:
    """Middleware: the gate, security headers on every response, the page of Streamlit in the reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = gate.refusal(scope)
        if scope["type"] == "websocket":
            if refused:
                await send({"type": "websocket.close", "code": 1008})
                return
            send_at_once(receive)
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        if refused:
            await Response(status_code=refused)(scope, receive, answer.send)
            return
        # A compressed or half page could not be rewritten; the page is 8 KB.
        kept = [
            (name, value) for name, value in scope["headers"] if name not in (b"accept-encoding", b"range")
        ]
        if scope["path"].startswith("/api"):
            await self._answer_plainly(scope, receive, answer)
            return
        is_page = "." not in scope["path"].rsplit("/", 1)[-1]
        try:
            await self.app(scope | {"headers": kept} if is_page else scope, receive, answer.send)
        except ClientDisconnect:
            return
        except Exception:
            # What has begun cannot be taken back; it is cut off. Else the log has the details, and the answer has none.
            if answer.status is not None:
                raise
            LOG.exception("a request could not be answered: %r", scope["path"])
            await Response("Internal Server Error", 500, media_type="text/plain")(scope, receive, answer.send)

    async def _answer_plainly(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """A route of `/api`: told of when its last byte is out; what fails gets a number instead of a bare 500."""
        about = watch.about(scope)
        started = time.monotonic()
        try:
            await self.app(scope, receive, answer.send)
        except ClientDisconnect:
            return
        except Exception as error:
            number = watch.answered(scope["path"], 500, _ms(started), about, error)
            if answer.status is not None:
                raise
            await api.failed(number)(scope, receive, answer.send)
        else:
            watch.answered(scope["path"], answer.status or 500, _ms(started), about)


def _ms(started: float) -> int:
    return round(1000 * (time.monotonic() - started))


class _Answer:
    """One response on its way out; holds an HTML page back until it is whole."""

    def __init__(self, scope: Scope, send: Send) -> None:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        self.language = asked if asked in LANGUAGES else LANGUAGES[0]
        self.scope, self.forward, self.start, self.body = scope, send, None, b""
        self.status: int | None = None

    start: Message | None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            gate.seal(self.scope, headers)
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
            headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        elif self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self.start)
            return
        await self.forward(message)

    async def _send_page(self, start: Message) -> None:
        page = _in_language(self.body, self.language)
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = _policy(page)
        headers["Content-Length"] = str(len(page))
        # The page differs by language and build of Streamlit: an old tag would keep the other language.
        for name in ("etag", "last-modified"):
            if name in headers:
                del headers[name]
        headers["Cache-Control"] = "no-cache"
        await self.forward(start)
        await self.forward({"type": "http.response.body", "body": page})


def _pairs(english: dict[str, str], chinese: dict[str, str]) -> str:
    return json.dumps({english[key]: chinese[key] for key in english}, ensure_ascii=False)


def browser_script(request: Request) -> Response:
    """Our one script, with Streamlit's fixed English and its Chinese put in from words.csv."""
    english, chinese = Words("en"), Words("zh")
    words = _pairs(english.family("streamlit"), chinese.family("streamlit"))
    parts = _pairs(english.family("streamlit_part"), chinese.family("streamlit_part"))
    hints = json.dumps({say.language: say("tables.keys") for say in (english, chinese)}, ensure_ascii=False)
    script = (Path(__file__).parent / "browser.js").read_text("utf-8")
    body = f"const CHINESE = {words};\nconst PARTS = {parts};\nconst TABLE_KEYS = {hints};\n{script}"
    return Response(body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def health(request: Request) -> Response:
    """Whether a warehouse can be read, which build it is and how old; how much it holds only where nobody signs in.

    Asked anew each time: what is kept from before would be there though the file is not. 503 where nothing can be served.
    """
    try:
        with access.acting(access.SELF):
            build = store.ask_anew("newest_build")
    except FileNotFoundError:
        return JSONResponse({"status": "no warehouse"}, status_code=503)
    except (duckdb.Error, OSError):
        return JSONResponse({"status": "broken warehouse"}, status_code=503)
    if build.empty:
        return JSONResponse({"status": "empty warehouse"}, status_code=503)
    row = build.iloc[0]
    watch.about(request.scope)["build"] = str(row["build_id"])
    age = dt.datetime.now(dt.UTC).replace(tzinfo=None) - row["built_at"]
    counts = {name: int(row[name]) for name in ("documents", "reports", "facts", "findings", "issues")}
    said = {
        "status": "ok", "build": str(row["build_id"]), "built_at": row["built_at"].isoformat(),
        "age_seconds": max(0, int(age.total_seconds())),
    }  # fmt: skip
    return JSONResponse(said if access.is_on() else {**said, **counts}, headers={"Cache-Control": "no-store"})


def overview(request: Request) -> Response:
    """The first page stands at /; its file's name leads there too."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}")


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what pages need, then freeze it: Streamlit collects garbage after every run, over every object."""
    events.begin()
    events.tell("start", build=held_build())
    for module in ("plotly.io", "plotly.tools", "pages.ui.charts", "pages.ui.provenance"):
        importlib.import_module(module)
    name_by_all_bytes()
    gc.collect()
    gc.freeze()
    if (address := places.lake()) is not None:
        _follow_once(address)
        threading.Thread(target=_follow, args=(address,), daemon=True).start()
    threading.Thread(target=_look_after, daemon=True).start()
    yield {}


def held_build() -> str | None:
    """The build that is current, as its file is named; None where there is none."""
    with access.acting(access.SELF):
        return watch.build()


def name_by_all_bytes() -> None:
    """Let two files that differ anywhere have two addresses.

    Streamlit names a file of more than 1 MB by samples of it, and gives the first of two that differ elsewhere for both:
    a download of yesterday's figures for today's. Not public, so the exact pin of streamlit matters.
    """
    memory_media_file_storage._PARTIAL_HASH_THRESHOLD = sys.maxsize


def _follow_once(address: str) -> None:
    """Bring this machine's copy of a lake to the newest build; where that fails the copy there is goes on serving."""
    from pipeline import lake
    from pipeline.settings import load_settings

    try:
        lake.refresh(lake.lake_of(address), places.warehouse(), int(load_settings().kept_builds))
    except (OSError, UserError, duckdb.Error):
        LOG.exception("lake: cannot be read; what was read last goes on serving")


def _follow(address: str) -> None:
    while True:
        time.sleep(LAKE_SECONDS)
        _follow_once(address)


def _look_after() -> None:
    """Put an earlier build in the place of a warehouse that cannot serve, and say so in the server's record.

    Beside the start: reading every block of a large warehouse takes a second, and what does it reads documents too.
    """
    from pipeline import care

    try:
        found = care.heal(places.warehouse())
    except (OSError, UserError):
        LOG.exception("warehouse: cannot be looked after")
        return
    if found.state in ("healed", "broken"):
        events.tell("heal", level=logging.ERROR, outcome=found.state, served=found.served, why=found.why)
    if found.state == "healed":
        LOG.error("warehouse: broken (%s), the earlier build %s serves", found.why, found.served)
    elif found.state == "broken":
        LOG.error(
            "warehouse: broken (%s), and no earlier build can serve; restore a backup or build anew",
            found.why,
        )


MIDDLEWARE = [Middleware(PageHeaders)]
ROUTES = [
    Route(BROWSER_SCRIPT, browser_script),
    Route("/overview", overview),
    Route("/api/health", health),
    *api.routes(),
]
