"""What is turned away before Streamlit sees it, and what answers and cookies carry on their way out. Knows no page.

Streamlit guards some of its routes by names that nobody guesses; here it is also asked who comes.
"""

from collections.abc import Mapping

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import Scope

from pages.ui import access

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# What a path asks for: who may not, does not come further.
_ROLES = {"/_stcore/upload_file/": "editor", "/media/": "viewer", "/_stcore/metrics": "admin"}
# Signing out and signing in anew are the reader's own wishes, no other site's.
_OWN_WISHES = ("/auth/login", "/auth/logout")


def refusal(scope: Scope) -> int | None:
    """The status with which a request or a connection is turned away; None where it may go on."""
    headers = Headers(scope=scope)
    if not _is_our_host(headers.get("host")):
        return 400
    if scope["type"] == "websocket":
        return None if _is_our_origin(headers.get("origin"), headers.get("host", "")) else 403
    path = scope["path"].removeprefix(f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/"))
    if path in _OWN_WISHES and headers.get("sec-fetch-site") == "cross-site":
        return 403
    needed = next((role for begin, role in _ROLES.items() if path.startswith(begin)), None)
    if needed is None or _asker(scope, headers).may(needed):
        return None
    return 403


def _is_our_host(host: str | None) -> bool:
    # Not public, so the exact pin of streamlit matters; it asks this for its websocket alone.
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    return is_host_allowed(host)


def _is_our_origin(origin: str | None, host: str) -> bool:
    """Whether a websocket comes from a page of ours: from the host it calls, or from one that the settings name.

    Streamlit asks no less, but it also trusts every page of this machine, and to know the machine's addresses it asks a
    host on the internet, for any origin that somebody makes up, while everybody waits.
    """
    if origin is None or not st.get_option("server.enableCORS"):
        # No browser leaves it out; without it Streamlit takes no cookie, so nobody is signed in.
        return True
    if host and origin.lower() in (f"http://{host}".lower(), f"https://{host}".lower()):
        return True
    named = {access.host_of(text) for text in st.get_option("server.corsAllowedOrigins")}
    named |= {access.host_of(st.get_option("browser.serverAddress"))} - access.LOOPBACK
    return access.host_of(origin) in named - {""}


def _asker(scope: Scope, headers: Headers) -> access.Visitor:
    """Who asks: by the login; without login whoever sits at this machine may all."""
    if access.is_on():
        return access.asker(cookie_parser(headers.get("cookie", "")), headers.get("authorization", ""))
    client = scope.get("client")
    here = client is not None and client[0] in access.LOOPBACK and access.is_of_here(_plain(headers))
    return access.Visitor("", "admin" if here else "analyst")


def _plain(headers: Headers) -> Mapping[str, str]:
    found = dict(headers.items())
    return {"origin": f"//{found.get('host', '')}", **found}


def seal(scope: Scope, headers: MutableHeaders) -> None:
    """Put the security headers on an answer; where the connection is encrypted its cookies never go over another."""
    headers.update(HEADERS)
    if not (_is_encrypted(scope) and "set-cookie" in headers):
        return
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        is_secure = "secure" in (part.strip().lower() for part in cookie.split(";")[1:])
        headers.append("set-cookie", cookie if is_secure else f"{cookie}; Secure")


def _is_encrypted(scope: Scope) -> bool:
    """Whether readers come over https: told by the connection, or by the address that the login leads back to."""
    if scope["scheme"] in ("https", "wss"):
        return True
    if not access.is_on():
        return False
    from streamlit.auth_util import get_origin_from_redirect_uri

    return (get_origin_from_redirect_uri() or "").startswith("https://")
