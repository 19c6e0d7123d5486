"""Who is asking and what they may: the one place that decides, for pages and for plain HTTP. Knows no page but by name.

Login is Streamlit's own (OIDC); it is on where `.streamlit/secrets.toml` has a section [auth]. What somebody may is
declared in a list, `data/access.csv`. Who is not on it may nothing: every doubt is decided against the asker.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pipeline import places
from pipeline.grants import ROLES, Grant, grants

# What asks for more than to look: pages by their names, and the routes under /api.
NEEDS = {"analysis": "analyst", "downloads": "analyst", "api": "analyst", "intake": "editor", "log": "admin"}
# How long a login holds.
_LONGEST = dt.timedelta(hours=12)
# By how many seconds the provider's clock may be ahead of ours.
_APART = 300
# The last is the second as a socket of both kinds of addresses tells it.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a name, a role (None: may nothing), and the counties in whose figures; None is all of them."""

    name: str
    role: str | None
    counties: tuple[str, ...] | None = None

    def may(self, needed: str) -> bool:
        """Whether the role is at least the needed one."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(needed)

    def sees_work_of(self, author: str) -> bool:
        """Whether a batch or deed of somebody is shown: in some counties alone only one's own, it may be of any county."""
        return self.counties is None or author == self.name


NOBODY = Visitor("", None)
# The program itself, for what is no reader's: whether a warehouse is there.
SELF = Visitor("", "viewer")
_acting: ContextVar[Visitor | None] = ContextVar("acting", default=None)


def needed(page: str) -> str:
    """The role that a page or route asks for."""
    return NEEDS.get(page, ROLES[0])


def is_on() -> bool:
    """Whether one has to sign in. A file of secrets that cannot be read could say so: then nobody gets in."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return any(Path(file).exists() for file in st.get_option("secrets.files"))


def listed() -> Sequence[Grant]:
    """The list that is in force: none where there is no file."""
    try:
        file = places.access()
        return _listed(file, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return ()


@lru_cache(maxsize=4)
def _listed(file: Path, changed: int) -> Sequence[Grant]:
    return grants(file)


def granted(claims: Mapping[str, Any], held: Sequence[Grant]) -> Visitor:
    """What somebody with these claims may.

    A row without a county counts for all of them, and the highest role of such rows holds. Else it is the counties of the
    rows, with the lowest of their roles: who may edit one county and look at another edits neither.
    """
    # What tells people apart, for the record of who did what; a display name does not.
    name = str(claims.get("email") or claims.get("sub") or claims.get("name") or "")
    mine = [grant for grant in held if _has(claims, grant)]
    everywhere = [grant.role for grant in mine if grant.county is None]
    if everywhere:
        return Visitor(name, max(everywhere, key=ROLES.index))
    if not mine:
        return Visitor(name, None)
    counties: dict[str, str] = {}
    for grant in mine:
        county = str(grant.county)
        counties[county] = max(counties.get(county, grant.role), grant.role, key=ROLES.index)
    return Visitor(name, min(counties.values(), key=ROLES.index), tuple(sorted(counties)))


def _has(claims: Mapping[str, Any], grant: Grant) -> bool:
    # An address that the provider itself does not vouch for is anybody's.
    if grant.claim == "email" and claims.get("email_verified") is False:
        return False
    held = claims.get(grant.claim)
    values = held if isinstance(held, list | tuple) else [held]
    return any(value is not None and str(value) == grant.value for value in values)


def visitor() -> Visitor:
    """Who asks now: the visitor of a route, of a session, or nobody where that cannot be told."""
    if (acting := _acting.get()) is not None:
        return acting
    if not is_on():
        return Visitor("", "admin" if is_here() else "analyst")
    if get_script_run_ctx() is None:
        return NOBODY
    user = st.user.to_dict()
    if user.get("is_logged_in") is not True or _is_over(user):
        return NOBODY
    return granted(user, listed())


def _is_over(claims: Mapping[str, Any]) -> bool:
    """Whether the login is too long ago: Streamlit's cookie lives for thirty days, whatever became of its bearer."""
    since = claims.get("iat")
    if not isinstance(since, int | float):
        return True
    # One from the time to come was made before a clock was put back: it would hold for longer than any other.
    held = dt.datetime.now(dt.UTC).timestamp() - since
    return not -_APART <= held <= _LONGEST.total_seconds()


def is_here() -> bool:
    """Whether a session's browser runs on this machine and nothing stands between: only then one edits without login."""
    if get_script_run_ctx() is None or st.context.ip_address not in (None, *LOOPBACK):
        return False
    return is_of_here({name.lower(): value for name, value in st.context.headers.to_dict().items()})


def is_of_here(headers: Mapping[str, str]) -> bool:
    """Whether a request's headers name this machine alone, and no proxy."""
    if any(name in headers for name in _FORWARDED):
        return False
    return all(host_of(headers.get(name, "")) in LOOPBACK for name in ("origin", "host"))


def host_of(text: str) -> str:
    """The name of the host in an origin or a header; empty where there is none to be made out."""
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


@contextmanager
def acting(as_whom: Visitor) -> Iterator[None]:
    """Let what is asked inside be asked by somebody: a route's asker, or the program itself."""
    token = _acting.set(as_whom)
    try:
        yield
    finally:
        _acting.reset(token)


def asker(cookies: Mapping[str, str], authorization: str) -> Visitor:
    """Who asks over plain HTTP: by the cookie of the login, or by a key of the list (`Authorization: Bearer …`)."""
    if not is_on():
        return Visitor("", "analyst")
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() == "bearer" and key:
        return _by_key(key.strip())
    claims = _claims(cookies)
    return NOBODY if claims is None or _is_over(claims) else granted(claims, listed())


def _by_key(key: str) -> Visitor:
    """A key's visitor; the list holds only its SHA-256."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    known = next(
        (g.value for g in listed() if g.claim == "key" and hmac.compare_digest(g.value.lower(), digest)), None
    )
    return NOBODY if known is None else granted({"key": known, "name": f"key {digest[:8]}"}, listed())


def _claims(cookies: Mapping[str, str]) -> dict[str, Any] | None:
    """What the login's cookie says, read by Streamlit's own functions, which check its signature."""
    # Not public, so the exact pin of streamlit matters; tests sign in for real.
    from streamlit.auth_util import get_origin_from_redirect_uri
    from streamlit.web.server.starlette import starlette_websocket as login

    raw = login._get_signed_cookie_with_chunks(dict(cookies), login.USER_COOKIE_NAME)
    claims = login._parse_decoded_user_cookie(raw, get_origin_from_redirect_uri() or "") if raw else {}
    return claims if claims.get("is_logged_in") is True else None
