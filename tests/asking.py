"""The HTTP interface asked without a server: the routes called as a server calls them."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette

from pages.ui import api


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status_code: int
    headers: dict[str, str]
    content: bytes
    chunks: int

    @property
    def text(self) -> str:
        return self.content.decode("utf-8-sig")

    def json(self) -> Any:
        return json.loads(self.content)


def get(address: str) -> Answered:
    """The answer to a GET of a path with its query."""
    parts = urlsplit(address)
    scope = {
        "type": "http", "method": "GET", "path": parts.path, "query_string": parts.query.encode(), "headers": [(b"host", b"here")],
        "scheme": "http", "server": ("here", 80), "http_version": "1.1", "root_path": "", "raw_path": parts.path.encode(),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        # As long as the answer is not whole, the reader is still there.
        while not sent or sent[-1].get("more_body", True):
            await asyncio.sleep(0.005)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=api.routes())(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    parts_sent = [message.get("body", b"") for message in sent[1:]]
    return Answered(
        sent[0]["status"], headers, b"".join(parts_sent), len([part for part in parts_sent if part])
    )
