"""A provider for tests, on loopback with real HTTP, that can be made to misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "andon"
SECRET = "a secret of the client, long enough for a signature"  # noqa: S105  (for tests only)


class FaultyProvider:
    """Answers as it should; what a test sets in ``claims``, ``sign`` and ``answers`` is wrong."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.answers: dict[str, Callable[[Any], None]] = {}
        self.nonces: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return what the environment would say of this provider."""
        about = {"client_id": CLIENT, "client_secret": SECRET, "name": "ABC Group"}
        return {"issuer": self.issuer, **about, **more}

    def answer_to(self, address: str) -> str:
        """Return the query with which the browser comes back from ``address``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonces["code"] = asked["nonce"]
        return f"code=code&state={asked['state']}"

    def discovery(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "userinfo_endpoint": f"{at}/userinfo",
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def tokens(self) -> dict[str, Any]:
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-of-ana",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonces.get("code", ""),
        }
        claims = {name: value for name, value in {**right, **self.claims}.items() if value != ""}
        return {"id_token": self.sign(claims), "access_token": "access", "token_type": "Bearer"}

    def told(self) -> dict[str, Any]:
        return {"sub": "subject-of-ana"} if self.userinfo is None else self.userinfo


@contextmanager
def a_provider() -> Iterator[FaultyProvider]:
    """Run a provider on a free port."""
    server = ThreadingHTTPServer(("localhost", 0), _Handler)
    server.provider = FaultyProvider(server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(parse_qs(body.decode()))

    def _answer(self, sent: dict[str, list[str]]) -> None:
        provider: FaultyProvider = self.server.provider  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        provider.asked.append((path, sent))
        if wrong := provider.answers.get(path):
            wrong(self)
            return
        pages = {
            "/.well-known/openid-configuration": provider.discovery,
            "/keys": provider.keys,
            "/token": provider.tokens,
            "/userinfo": provider.told,
        }
        self.reply(json.dumps(pages[path]()).encode())

    def reply(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""
