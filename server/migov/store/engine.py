"""One kept connection to an engine over HTTP/1.1: requests go out whole, answers come in whole or not at all."""

import base64
import http.client
import netrc
import os
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from migov import errors

USER, PASSWORD = "MIGOV_STORE_USER", "MIGOV_STORE_PASSWORD"
_CHUNK = 2**18


class Login(NamedTuple):
    """Who we are to an engine."""

    user: str
    password: str


class Response(NamedTuple):
    """A whole answer; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Address:
    """Where an engine listens; ``path`` keeps the query string of the URL."""

    secure: bool
    host: str
    port: int | None
    path: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read an http(s) URL. Raises ``BadRequest`` for anything else, and for passwords in it."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.BadRequest(f"“{parts.hostname or url}” is no http:// or https:// address of an engine.")
        if parts.username or parts.password:
            raise errors.BadRequest(
                f"Give the user and password as {USER} and {PASSWORD}, or in .netrc, not in the URL."
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme == "https", parts.hostname, parts.port, path)

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{'https' if self.secure else 'http'}://{self.host}{port}{self.path}"


def login(host: str) -> Login | None:
    """Return the user and password from the environment, else from the netrc file (``NETRC`` or ~/.netrc)."""
    if os.environ.get(USER):
        return Login(os.environ[USER], os.environ.get(PASSWORD, ""))
    try:
        found = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
    except FileNotFoundError:
        return None
    except (netrc.NetrcParseError, OSError) as error:
        raise errors.BadRequest(f"The netrc file cannot be read: {error}") from None
    return Login(found[0], found[2] or "") if found else None


class Connection:
    """A connection that is opened when needed and kept; for one thread at a time."""

    def __init__(self, address: Address, who: Login | None = None, seconds: float | None = None) -> None:
        self.address = address
        self._who = who
        self._seconds = seconds
        self._context = ssl.create_default_context() if address.secure else None
        self._http: http.client.HTTPConnection | None = None
        self._digest = _Digest(who) if who else None

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", limit: int | None = None
    ) -> Response:
        """Send a request, a second time where the engine had closed a kept connection, or wants to know who asks.

        So only requests that may be repeated. Raises ``StoreUnavailable`` where no whole answer comes, and
        ``ResultTooLarge`` where it has more bytes than ``limit``.
        """
        response = self._send(method, path, headers, body, limit)
        if response.status == HTTPStatus.UNAUTHORIZED and self._digest and self._digest.learn(response.headers):
            response = self._send(method, path, headers, body, limit)
        return response

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._http:
            self._http.close()
            self._http = None

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, limit: int | None) -> Response:
        known = self._digest.header(method, path) if self._digest else None
        fields = {"User-Agent": "migov", **headers, **({"Authorization": known} if known else {})}
        try:
            for last in (self._http is None, True):
                try:
                    answer = self._begin(method, path, fields, body)
                    break
                except (ConnectionError, http.client.BadStatusLine):
                    self.close()
                    if last:
                        raise
            return self._read(answer, limit)
        except TimeoutError:
            self.close()
            raise errors.StoreUnavailable("The engine does not answer in time.") from None
        except (OSError, http.client.HTTPException) as error:
            self.close()
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise errors.StoreUnavailable(f"The engine cannot be asked: {reason}.") from None

    def _begin(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> http.client.HTTPResponse:
        if self._http is None:
            where = self.address
            if self._context:
                self._http = http.client.HTTPSConnection(
                    where.host, where.port, timeout=self._seconds, context=self._context
                )
            else:
                self._http = http.client.HTTPConnection(where.host, where.port, timeout=self._seconds)
        self._http.request(method, path, body or None, dict(headers))
        return self._http.getresponse()

    def _read(self, answer: http.client.HTTPResponse, limit: int | None) -> Response:
        parts, size = [], 0
        while part := answer.read(_CHUNK):
            parts.append(part)
            size += len(part)
            if limit is not None and size > limit:
                self.close()
                told = "The result is larger than allowed. Ask for fewer rows with LIMIT, or take the dump."
                raise errors.ResultTooLarge(told, limit=limit, unit="bytes")
        if answer.length:  # bytes that were promised and did not come
            raise http.client.IncompleteRead(b"", answer.length)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        framed = "content-length" in headers or headers.get("transfer-encoding", "").lower() == "chunked"
        if answer.will_close:
            self.close()
        if not framed and size and answer.status == HTTPStatus.OK:  # then nobody can tell an end from a cut
            raise http.client.IncompleteRead(b"")
        return Response(answer.status, headers, b"".join(parts))


class _Digest:
    """How to say who we are: Basic, or Digest where the engine wants it (RFC 7616; Virtuoso does)."""

    def __init__(self, who: Login) -> None:
        self._who = who
        self._challenge: dict[str, str] | None = None
        self._passwords = urllib.request.HTTPPasswordMgr()
        self._handler = urllib.request.AbstractDigestAuthHandler(self._passwords)

    def learn(self, headers: Mapping[str, str]) -> bool:
        """Take in a challenge; False where it is not understood."""
        scheme, _, rest = headers.get("www-authenticate", "").partition(" ")
        if scheme.lower() == "digest":  # its number, once used, may be refused the next time
            self._challenge = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
            return True
        if scheme.lower() == "basic" and self._challenge is None:
            self._challenge = {}
            return True
        return False

    def header(self, method: str, path: str) -> str | None:
        """The header to send, once the engine has asked."""
        if self._challenge is None:
            return None
        if not self._challenge:
            both = f"{self._who.user}:{self._who.password}".encode()
            return "Basic " + base64.b64encode(both).decode("ascii")
        request = urllib.request.Request("http://engine" + path, method=method)
        self._passwords.add_password(self._challenge.get("realm", ""), request.full_url, *self._who)
        made = self._handler.get_authorization(request, self._challenge)
        return f"Digest {made}" if made else None
