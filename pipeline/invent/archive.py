"""Archives that are the same bytes every time: zip files with a fixed date, and saved web archives."""

import base64
import io
import random
import zipfile
from collections.abc import Mapping

from pipeline.invent.shapes import Paper

_DATE = (2020, 1, 1, 0, 0, 0)


def zipped(members: Mapping[str, bytes], *, gbk_names: bool = False) -> bytes:
    """A zip file of the members; with `gbk_names` their names are GBK without the flag that says UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            if gbk_names:
                info.filename = name.encode("gbk").decode("cp437")
            archive.writestr(info, data)
    data = buffer.getvalue()
    return _without_utf8_flag(data, members) if gbk_names else data


def _without_utf8_flag(data: bytes, members: Mapping[str, bytes]) -> bytes:
    """The same archive with GBK name bytes in place of the UTF-8 ones and the flag cleared."""
    for name in members:
        wrong = name.encode("gbk").decode("cp437").encode("utf-8")
        right = name.encode("gbk")
        if wrong == right:
            continue
        data = _renamed(data, wrong, right)
    return data


def _renamed(data: bytes, wrong: bytes, right: bytes) -> bytes:
    gone, shift = 0, len(wrong) - len(right)
    parts, position = [], 0
    central_start = data.find(b"PK\x01\x02")
    while (spot := data.find(wrong, position)) >= 0:
        head = 30 if data[spot - 30 : spot - 26] == b"PK\x03\x04" else 46
        record = bytearray(data[spot - head : spot])
        flag, length = (6, 26) if head == 30 else (8, 28)
        bits = int.from_bytes(record[flag : flag + 2], "little") & ~0x800
        record[flag : flag + 2] = bits.to_bytes(2, "little")
        record[length : length + 2] = len(right).to_bytes(2, "little")
        parts += [data[position : spot - head], bytes(record), right]
        position, gone = spot + len(wrong), gone + shift
    rest = bytearray(data[position:])
    end = rest.rfind(b"PK\x05\x06")
    size = int.from_bytes(rest[end + 12 : end + 16], "little") - shift
    rest[end + 12 : end + 16] = size.to_bytes(4, "little")
    rest[end + 16 : end + 20] = (central_start - shift).to_bytes(4, "little")
    return b"".join([*parts, bytes(rest)])


def zip_paper(paper: Paper, name: str, pick: random.Random) -> Paper:
    """The paper inside a zip file, sometimes in a folder, sometimes beside files that are no reports."""
    old = pick.random() < 0.4
    folder = "" if old else pick.choice(("", "年报/", "附件/"))
    members = {f"{folder}{name}.{paper.suffix}": paper.data}
    if not old and pick.random() < 0.5:
        members["说明.txt"] = "请于1月31日前在网站公开。\r\n".encode("gbk")
    quirk = "zip:gbk_names" if old else "zip"
    return Paper(zipped(members, gbk_names=old), "zip", (*paper.quirks, quirk))


def mht_paper(paper: Paper) -> Paper:
    """A web page saved as one file by a browser."""
    bound = "----MultipartBoundary--invented----"
    body = base64.encodebytes(paper.data).decode("ascii")
    text = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://www.yunchuan.example/info/1.html\r\n"
        "Subject: =?utf-8?Q?=E5=B9=B4=E6=8A=A5?=\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related; type="text/html"; boundary="{bound}"\r\n\r\n\r\n'
        f"--{bound}\r\nContent-Type: text/html\r\nContent-ID: <frame-1@mhtml.blink>\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Location: http://www.yunchuan.example/info/1.html\r\n\r\n"
        f"{body}\r\n--{bound}\r\nContent-Type: text/css\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: cid:css-1\r\n\r\n.content {{ color: =23333; }}\r\n--{bound}--\r\n"
    )
    return Paper(text.encode("ascii"), "mht", (*paper.quirks, "mht"))
