"""Saved web pages (mht, mhtml): finds the page among the parts and gives it to the html reader."""

import base64
import email
import email.policy
from email.errors import MessageError
from email.message import EmailMessage, Message

from pipeline.model import Reading, UserError
from pipeline.readers import html
from pipeline.readers.limits import Limits

_MOST_PARTS = 3_000
_MOST_PICTURED = 8_000_000  # bytes of all pictures of a page
_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"))


def read(data: bytes, limits: Limits) -> Reading:
    """Blocks of the page in a saved web page; UserError where no part of it is HTML."""
    page, charset = find_page(data, limits)
    return html.read(page, limits, charset=charset)


def find_page(data: bytes, limits: Limits) -> tuple[bytes, str | None]:
    """The bytes and the declared charset of the first HTML part that has content, the largest of a frame set."""
    limits.check_size(data)
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        pages = [(_content(part), _charset(part)) for part in _parts(message) if _is_page(part)]
    except (MessageError, LookupError, ValueError, RecursionError, AssertionError) as error:
        raise UserError("网页存档已损坏；请重新保存为 HTML") from error
    pages = [(content, charset) for content, charset in pages if content.strip()]
    if not pages:
        raise UserError("网页存档（mht）里没有 HTML 正文；请重新保存为 HTML")
    framed = b"<frameset" in pages[0][0].lower()
    return max(pages, key=lambda page: len(page[0])) if framed else pages[0]


def pictures(data: bytes, limits: Limits) -> dict[str, str]:
    """The pictures that were saved with a page as `data:` addresses, by the names under which the page calls them."""
    limits.check_size(data)
    found: dict[str, str] = {}
    size = 0
    try:
        for part in _parts(email.message_from_bytes(data, policy=email.policy.compat32)):
            kind = part.get_content_type()
            content = _content(part) if kind in _PICTURES else b""
            size += len(content)
            if not content or size > _MOST_PICTURED:
                continue
            address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
            name = str(part.get("Content-ID", "")).strip("<> ")
            for called in (str(part.get("Content-Location", "")).strip(), f"cid:{name}" if name else ""):
                if called:
                    found[called] = address
    except (MessageError, LookupError, ValueError, RecursionError, AssertionError):
        return {}
    return found


def _parts(message: Message) -> list[Message]:
    parts: list[Message] = []
    for part in message.walk():
        parts.append(part)
        if len(parts) > _MOST_PARTS:
            raise UserError(f"网页存档的部件超过 {_MOST_PARTS} 个；请重新保存为 HTML")
    return parts


def _is_page(part: Message | EmailMessage) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str | None:
    """The declared charset; a charset of `_charset` or `unicode` that Python does not know counts as none."""
    declared = part.get_content_charset()
    if declared is None:
        return None
    try:
        "".encode(declared)
    except LookupError:
        return None
    return declared
