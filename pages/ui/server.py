"""What stands around the pages: response headers, the language of the page, and plain HTTP for scripts."""

import base64
import gc
import hashlib
import importlib
import json
import logging
import re
import socket
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
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui import access, api, store
from pages.ui.words import LANGUAGES, Words
from pipeline import places
from pipeline.model import UserError

LOG = logging.getLogger("dashboard")
# How often a server asks a lake whether there is a newer build.
LAKE_SECONDS = 20.0
BROWSER_SCRIPT = "/assets/browser.js"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
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
    """Middleware: security headers on every response, and the page of Streamlit put into the reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            send_at_once(receive)
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A compressed or half page could not be rewritten; the page is 8 KB.
        kept = [
            (name, value) for name, value in scope["headers"] if name not in (b"accept-encoding", b"range")
        ]
        is_page = "." not in scope["path"].rsplit("/", 1)[-1] and not scope["path"].startswith("/api/")
        await self.app(scope | {"headers": kept} if is_page else scope, receive, _Answer(scope, send).send)


class _Answer:
    """One response on its way out; holds an HTML page back until it is whole."""

    def __init__(self, scope: Scope, send: Send) -> None:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        self.language = asked if asked in LANGUAGES else LANGUAGES[0]
        self.forward, self.start, self.body = send, None, b""

    start: Message | None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
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
    """Whether there is a warehouse, and which build it is; how much it holds only where nobody has to sign in."""
    try:
        with access.acting(access.SELF):
            build = store.ask_as_known(None, "newest_build")
    except (duckdb.Error, OSError):
        return JSONResponse({"status": "no warehouse"}, status_code=503)
    if build.empty:
        return JSONResponse({"status": "empty warehouse"})
    row = build.iloc[0]
    counts = {name: int(row[name]) for name in ("documents", "reports", "facts", "findings", "issues")}
    built_at = row["built_at"].isoformat()
    held = {} if access.is_on() else counts
    return JSONResponse({"status": "ok", "build": str(row["build_id"]), "built_at": built_at, **held})


def overview(request: Request) -> Response:
    """The first page stands at /; its file's name leads there too."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}")


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what pages need, then freeze it: Streamlit collects garbage after every run, over every object."""
    for module in ("plotly.io", "plotly.tools", "pages.ui.charts", "pages.ui.provenance"):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    if (address := places.lake()) is not None:
        _follow_once(address)
        threading.Thread(target=_follow, args=(address,), daemon=True).start()
    threading.Thread(target=_look_after, daemon=True).start()
    yield {}


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
