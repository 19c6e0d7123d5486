"""Saved web pages (mht, mhtml): finds the page among the parts and gives it to the html reader."""

import email
import email.policy
from email.errors import MessageError
from email.message import EmailMessage, Message

from pipeline.model import Reading, UserError
from pipeline.readers import html
from pipeline.readers.limits import Limits

_MOST_PARTS = 3_000


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
