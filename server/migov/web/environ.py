"""Between ASGI and WSGI: a request as the environment that Flask reads, and its answer as a value."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

from werkzeug.wsgi import FileWrapper

log = logging.getLogger("migov.web")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"})
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is told of a request before its body: ``client`` is ``address:port``, header names are in lower case."""

    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    http_version: str = "1.1"
    client: str = ""


def scope_of(asgi: Mapping[str, Any]) -> Scope:
    """Read an ASGI scope (ASGI specification, "HTTP connection scope")."""
    host, port = asgi["client"] or ("", 0)
    return Scope(
        asgi["method"],
        asgi["path"],
        asgi["query_string"].decode("latin-1"),
        headers_of(asgi["headers"]),
        asgi["http_version"],
        f"{host}:{port}",
    )


@dataclass
class Answer:
    """A whole answer; instead of a body the path of a ``file`` to send, or a file that is open, and goes with it."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    file: str | None = None
    spooled: IO[bytes] | None = None

    def header(self, name: str) -> str:
        """The value of a header field by its name in lower case; '' when there is none."""
        return next((value for key, value in self.headers if key == name), "")


def headers_of(fields: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by lower-case name; several lines of one name are one list (RFC 9110, 5.2)."""
    found: dict[str, str] = {}
    for key, value in fields:
        name, text = key.decode("latin-1"), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def environ_of(scope: Scope) -> dict[str, Any]:
    """A WSGI environment (PEP 3333). No ``Host``: nothing may depend on what a client calls us."""
    fields = ((name, value) for name, value in scope.headers.items() if name != "host")
    environ: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields}
    environ |= {"CONTENT_TYPE": environ.pop("HTTP_CONTENT_TYPE", "")}
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ | {
        "REQUEST_METHOD": scope.method if scope.method in METHODS else "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8", "replace").decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": _Log(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }


class _Log:
    """Where WSGI applications write their errors."""

    def write(self, text: str) -> None:
        if text.strip():
            log.error(text.rstrip())

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is kept back."""


def run_wsgi(app: WSGI, environ: dict[str, Any]) -> Answer:
    """Run a WSGI application to its end; a file that it returns stays a file."""
    answer = Answer()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [(name.lower(), value) for name, value in headers]

    result = app(environ, start_response)
    try:
        if isinstance(result, FileWrapper):
            answer.file = str(result.file.name)
        else:
            answer.body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return answer
