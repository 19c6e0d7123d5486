"""Secrets: where they never stand, what a cookie is worth, and what the project is built from."""

import ast
import http.client
import importlib.metadata
import json
import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from starlette.datastructures import MutableHeaders
from streamlit import config
from streamlit.auth_util import encode_provider_token
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages.ui import gate
from tests.browsing import free_port, served
from tests.provider import SECRET, Provider, provider
from tests.tripwire import Wire

ROOT = Path(__file__).parent.parent
USER = "_streamlit_user"
PERSON = "somebody@example.cn"
KEY = "a-key-that-stands-nowhere"
LIST = f"claim,value,role,county\nemail,{PERSON},admin,\n"


# --- the repository -----------------------------------------------------------------------------------

LOOKS_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[baprs]-[A-Za-z0-9-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|(?i:cookie_secret|client_secret|api_key|password|passwd|token)[\"']?\s*[=:]\s*[\"'][A-Za-z0-9+/_-]{16,}[\"']"
)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_secret_and_no_list_of_people_is_in_the_repository() -> None:
    files = tracked()
    assert len(files) > 200
    for path in files:
        assert path.name not in ("secrets.toml", "access.csv", ".env", "log.csv"), path
        assert path.suffix not in (".pem", ".key", ".p12", ".duckdb"), path
        if path.is_file() and path.stat().st_size < 3_000_000:
            text = path.read_bytes().decode("utf-8", "ignore")
            found = LOOKS_SECRET.search(text)
            assert found is None, f"{path}: {found[0][:40]}"
    ignored = ["data/access.csv", ".streamlit/secrets.toml", "data/intake/log.csv", "data/warehouse.duckdb"]
    said = subprocess.run(
        ["git", "check-ignore", *ignored], cwd=ROOT, capture_output=True, check=False
    ).stdout
    assert said.decode().split() == ignored, "what holds secrets cannot be added by mistake"


def test_the_search_for_secrets_finds_one() -> None:
    made = secrets.token_hex(20)
    for text in (
        f'cookie_secret = "{made}"',
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        f"token: '{made}'",
        "AKIA" + "A" * 16,
    ):
        assert LOOKS_SECRET.search(text), text


# --- what it is built from -----------------------------------------------------------------------------


def pinned() -> dict[str, str]:
    """The packages that the lists pin, and how."""
    found = {}
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text("utf-8").splitlines():
            plain = line.partition("#")[0].strip()
            if plain and not plain.startswith("-r"):
                asked = Requirement(plain)
                found[canonicalize_name(asked.name)] = str(asked.specifier)
    return found


def test_every_requirement_is_pinned_to_one_version_and_that_one_is_installed() -> None:
    for name, version in pinned().items():
        assert re.fullmatch(r"==[\w.]+", version), f"{name}{version}"
        assert importlib.metadata.version(name) == version.removeprefix("=="), name


def needed() -> set[str]:
    """What is pinned and whatever that needs, and what that needs."""
    found, waiting = set(), [(name, frozenset[str]()) for name in pinned()]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for need in map(Requirement, needs):
            of = need.marker
            if of is None or any(of.evaluate({"extra": extra}) for extra in ("", *extras)):
                waiting += [(canonicalize_name(need.name), frozenset(need.extras))]
    return {name for name, _ in found}


@pytest.mark.skipif("CI" not in os.environ, reason="an environment that people share holds what they try out")
def test_whatever_is_installed_is_pinned_or_needed_by_what_is() -> None:
    """A package that nobody asked for is code that nobody chose."""
    installed = {canonicalize_name(found.metadata["Name"]) for found in importlib.metadata.distributions()}
    assert installed - needed() - {"pip", "setuptools", "wheel"} == set()


def test_whatever_the_program_imports_is_pinned_itself() -> None:
    """In any environment: what is needed by something else may be gone with its next version."""
    imported: set[str] = set()
    for part in ("pipeline", "pages", "queries"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    imported.add(node.module.partition(".")[0])
    of = importlib.metadata.packages_distributions()
    distributions = {canonicalize_name(name) for module in imported for name in of.get(module, ())}
    assert {"streamlit", "duckdb", "starlette", "pillow"} <= distributions
    assert distributions - pinned().keys() == set()


# --- the login ----------------------------------------------------------------------------------------


@dataclass
class Guarded:
    """The dashboard with login, what signs people in, and what must never be said."""

    port: int
    provider: Provider
    cookie_secret: str
    log: Path
    wire: Wire

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, list[tuple[str, str]], bytes]:
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=30)) as line:
            line.request(method, path, None, {name.replace("_", "-"): text for name, text in headers.items()})
            answer = line.getresponse()
            return answer.status, [(name.lower(), text) for name, text in answer.getheaders()], answer.read()

    def cookie(self, name: str = USER, secret: str | None = None, **claims: Any) -> str:
        """A cookie of the login as the server signs it, or as somebody else would."""
        told = {
            "origin": self.origin,
            "is_logged_in": True,
            "email": PERSON,
            "iat": int(time.time()),
            **claims,
        }
        signed = create_signed_value(secret or self.cookie_secret, name, json.dumps(told))
        return f"{USER}={signed.decode()}"

    def token(self) -> str:
        """What the button for the login sends along."""
        before = config.get_option("server.cookieSecret")
        config.set_option("server.cookieSecret", self.cookie_secret)
        try:
            return encode_provider_token("default")
        finally:
            config.set_option("server.cookieSecret", before)


@pytest.fixture(scope="module")
def guarded(invented: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "access.csv").write_text(LIST, "utf-8")
    wire, port = Wire(folder / "wire"), free_port()
    with provider(free_port()) as signs:
        file = folder / "secrets.toml"
        file.write_text(signs.secrets(f"http://localhost:{port}"), "utf-8")
        found = re.search(r'cookie_secret = "(\w+)"', file.read_text("utf-8"))
        assert found
        environ = {
            **wire.environ,
            "PIPELINE_ACCESS": str(folder / "access.csv"),
            "PIPELINE_INTAKE": str(folder / "intake"),
        }
        with served(invented, folder / "log.txt", "--secrets.files", str(file), port=port, environ=environ):
            yield Guarded(port, signs, found[1], folder / "log.txt", wire)


def jar(headers: list[tuple[str, str]]) -> str:
    """The cookies that an answer sets, as a browser sends them back."""
    return "; ".join(
        text.partition(";")[0] for name, text in headers if name == "set-cookie" and "Max-Age=0" not in text
    )


def signed_in(guarded: Guarded) -> tuple[list[str], str]:
    """Sign in as a browser does, step by step: the cookies with what is said of them, and as they are sent back."""
    guarded.provider.claims = {"sub": "1", "email": PERSON, "name": "某人"}
    status, headers, _ = guarded.ask(f"/auth/login?provider={guarded.token()}")
    assert status == 302, "it leads to the provider"
    kept, there = jar(headers), dict(headers)["location"]
    assert parse_qs(urlsplit(there).query)["code_challenge_method"] == ["S256"]
    with closing(http.client.HTTPConnection("127.0.0.1", guarded.provider.port, timeout=30)) as line:
        split = urlsplit(there)
        line.request("GET", f"{split.path}?{split.query}")
        back = urlsplit(line.getresponse().headers["Location"])
    status, headers, _ = guarded.ask(f"{back.path}?{back.query}", Cookie=kept)
    assert status == 302
    stolen = guarded.ask(f"{back.path}?{back.query}")
    assert not [
        text
        for name, text in stolen[1]
        if name == "set-cookie" and text.startswith(f"{USER}=") and "Max-Age=0" not in text
    ], "the way back is of use to the browser alone that set out on it"
    return [text for name, text in headers if name == "set-cookie"], jar(headers)


def test_the_cookie_of_the_login_is_hidden_from_scripts_and_other_sites(guarded: Guarded) -> None:
    said, cookies = signed_in(guarded)
    own = [text for text in said if text.startswith(USER)]
    assert own
    for text in own:
        parts = {part.strip().lower() for part in text.split(";")}
        assert "httponly" in parts and "samesite=lax" in parts and "path=/" in parts, text
    assert guarded.ask("/api/facts.csv?body=demo01", Cookie=cookies)[0] == 200


def test_no_cookie_but_the_servers_own_and_fresh_opens_anything(guarded: Guarded) -> None:
    good = guarded.cookie()
    assert guarded.ask("/api/facts.csv?body=demo01", Cookie=good)[0] == 200, (
        "what is tried below differs from this one"
    )
    value = good.partition("=")[2]
    flipped = [
        f"{USER}={value[:at]}{'A' if value[at] != 'A' else 'B'}{value[at + 1 :]}"
        for at in range(0, len(value), 9)
    ]
    tried = {
        "another secret": guarded.cookie(secret="x" * 64),
        "a secret of dashes": guarded.cookie(secret="-" * 64),
        "another cookie's signature": guarded.cookie(name="_streamlit_xsrf"),
        "another address": guarded.cookie(origin="http://evil.invalid"),
        "not signed in": guarded.cookie(is_logged_in=False),
        "a word for yes": guarded.cookie(is_logged_in="true"),
        "of yesterday": guarded.cookie(iat=int(time.time()) - 13 * 3600),
        "without a time": guarded.cookie(iat=None),
        "a time that is none": guarded.cookie(iat="now"),
        "nobody on the list": guarded.cookie(email="else@example.cn"),
        "an address that nobody vouches for": guarded.cookie(email_verified=False),
        "many": guarded.cookie(email=[PERSON + "x"]),
        "cut": good[:-5],
        "empty": f"{USER}=",
        "plain": f"{USER}={json.dumps({'is_logged_in': True, 'email': PERSON})}",
        "junk": f"{USER}={'.' * 3000}",
        "none": "a=b",
    }
    for name, cookie in (*tried.items(), *((f"changed at {at}", text) for at, text in enumerate(flipped))):
        status, _, body = guarded.ask("/api/facts.csv?body=demo01", Cookie=cookie)
        assert status == 401, name
        assert b"Traceback" not in body and b".py" not in body


def test_downloads_and_uploads_by_name_and_figures_of_the_server_need_the_login(guarded: Guarded) -> None:
    """Streamlit guards them by names alone; who is not signed in is not even told whether a name is one."""
    for path, method in (
        ("/media/0123456789abcdef0123456789abcdef.csv", "GET"),
        ("/_stcore/upload_file/a/b", "PUT"),
        ("/_stcore/metrics", "GET"),
    ):
        assert guarded.ask(path, method)[0] == 403, path
        assert guarded.ask(path, method, Cookie=guarded.cookie(secret="x" * 64))[0] == 403, path
        assert guarded.ask(path, method, Cookie=guarded.cookie())[0] != 403 or path.startswith(
            "/_stcore/upload"
        ), path


def test_no_other_site_signs_anybody_in_or_out(guarded: Guarded) -> None:
    for path in ("/auth/logout", f"/auth/login?provider={guarded.token()}"):
        assert guarded.ask(path, Cookie=guarded.cookie(), Sec_Fetch_Site="cross-site")[0] == 403
        assert guarded.ask(path, Cookie=guarded.cookie(), Sec_Fetch_Site="same-origin")[0] == 302
    for query in ("code=x&state=y", "error=x%0aERROR%20forged&state=y", "", "code=x"):
        status, headers, _ = guarded.ask(f"/oauth2callback?{query}")
        assert status == 302 and dict(headers)["location"] == "/"
        assert USER not in jar(headers)
    for provider_token in ("", "x", "a.b.c", "default"):
        status, headers, _ = guarded.ask(f"/auth/login?provider={provider_token}&next=http://evil.invalid")
        assert status == 302 and dict(headers)["location"] == "/"


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_over_https_every_cookie_is_of_https_alone(scheme: str, secure: bool) -> None:
    headers = MutableHeaders({})
    for cookie in (
        f"{USER}=a; HttpOnly; Path=/; SameSite=lax",
        "_streamlit_xsrf=b; Path=/; SameSite=Lax",
        "c=d; Secure",
    ):
        headers.append("set-cookie", cookie)
    gate.seal({"type": "http", "scheme": scheme, "headers": []}, headers)
    said = headers.getlist("set-cookie")
    assert [text.lower().count("secure") for text in said] == ([1, 1, 1] if secure else [0, 0, 1])


def test_no_secret_reaches_the_log_an_answer_or_the_list_of_processes(guarded: Guarded) -> None:
    """Last of this file: after all that was tried, right and wrong."""
    _, cookies = signed_in(guarded)
    keys = {"Authorization": f"Bearer {KEY}"}
    said = [
        guarded.ask(path, Cookie=cookies, **keys)[2]
        for path in ("/", "/api/", "/api/health", "/api/facts.csv?x=1", "/_stcore/host-config")
    ]
    log = guarded.log.read_text("utf-8", "replace")
    running = "\n".join(
        path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if _readable(path)
    )
    hidden = {
        "the cookie's secret": guarded.cookie_secret, "the client's secret": SECRET, "a key": KEY, "somebody's address": PERSON,
        "a cookie": cookies.partition("=")[2].partition(";")[0],
    }  # fmt: skip
    for name, text in hidden.items():
        assert text not in log, f"{name} in the log"
        assert text not in running, f"{name} among the processes"
        assert not [body for body in said if text.encode() in body], f"{name} in an answer"
    assert "\nERROR forged" not in log
    assert guarded.wire.record.exists() and guarded.wire.outside() == []


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return False
    return True
