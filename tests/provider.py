"""An OpenID Connect provider on this machine: it signs in whoever the test names, with the claims the test gives."""

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "dashboard", "not-a-secret"


@dataclass
class Provider:
    """The provider at `address`; `claims` are those of whoever signs in next."""

    port: int
    claims: Mapping[str, Any] = field(default_factory=dict)
    waiting: dict[str, tuple[str | None, Mapping[str, Any]]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "test"}))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configuration(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                **{
                    f"{name}_endpoint": f"{self.address}/{name}"
                    for name in ("authorization", "token", "userinfo")
                },
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        asked = request.query_params
        code = secrets.token_urlsafe(8)
        self.waiting[code] = (asked.get("nonce"), self.claims)
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )

    async def token(self, request: Request) -> Response:
        asked = parse_qs((await request.body()).decode())
        nonce, given = self.waiting.pop(asked["code"][0])
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": nonce, **given}
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key)
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": signed}
        )

    def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorization", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.keys),
            ]
        )

    def secrets(self, dashboard: str) -> str:
        """What the dashboard at that address has to have in its secrets.toml."""
        values = {
            "redirect_uri": f"{dashboard}/oauth2callback", "cookie_secret": secrets.token_hex(32), "client_id": CLIENT,
            "client_secret": SECRET, "server_metadata_url": f"{self.address}/.well-known/openid-configuration",
        }  # fmt: skip
        return "[auth]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())


@contextmanager
def provider(port: int) -> Iterator[Provider]:
    """The provider, listening."""
    made = Provider(port)
    server = uvicorn.Server(uvicorn.Config(made.app(), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield made
    server.should_exit = True
    thread.join(timeout=10)
