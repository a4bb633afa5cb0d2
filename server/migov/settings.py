"""Every setting of the public server, in two tables: its limits, and how a deployment differs.

Both are documented, shown and tested from here; each is set by an environment variable.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from migov.marking import N_


@dataclass(frozen=True)
class Setting:
    """One limit: its name, default value, unit, and what happens when a request goes beyond it."""

    name: str
    default: float
    unit: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides the default."""
        return f"MIGOV_{self.name.upper()}"

    @property
    def value(self) -> float:
        """The limit in force in this process."""
        return DEFAULTS[self.name]


@dataclass(frozen=True)
class Choice:
    """One thing that a deployment decides: an environment variable, its default, and what it means."""

    variable: str
    default: str
    help: str

    def read(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return what the environment says, or the default."""
        return environment.get(self.variable, self.default)


LIMITS: tuple[Setting, ...] = (
    Setting("deadline", 10, N_("seconds"), N_("Longest time a query may run; then 504. `timeout=` may ask for less.")),
    Setting("result_bytes", 50 * 2**20, N_("bytes"), N_("Largest result; a larger one is refused whole with 413.")),
    Setting("child_memory", 2**30, N_("bytes"), N_("Memory a query may take beyond the graph; then 507.")),
    Setting(
        "total_memory",
        2 * 2**30,
        N_("bytes"),
        N_("Memory of all queries together beyond the graph; then the largest is 507."),
    ),
    Setting(
        "memory_quads",
        12_000_000,
        N_("quads"),
        N_("Largest graph that is held in memory; a larger one is served from an index on disk."),
    ),
    Setting("query_bytes", 64 * 2**10, N_("bytes"), N_("Longest query text; then 413.")),
    Setting("query_nesting", 100, N_("levels"), N_("Deepest nesting of brackets in a query; then 400.")),
    Setting("query_terms", 2_000, N_("tokens"), N_("Most operators, patterns and keywords in a query; then 400.")),
    Setting("body_bytes", 2**20, N_("bytes"), N_("Largest request body; then 413.")),
    Setting("body_seconds", 10, N_("seconds"), N_("Longest time a client may take to send its body; then 408.")),
    Setting("url_bytes", 60 * 2**10, N_("bytes"), N_("Longest path with query string; then 414.")),
    Setting("concurrent_queries", 16, N_("queries"), N_("Queries at work at once in one web worker; others wait.")),
    Setting(
        "waiting_queries",
        32,
        N_("queries"),
        N_("Requests that may wait in one web worker; then 503 with Retry-After."),
    ),
    Setting(
        "client_rate",
        20,
        N_("requests a second"),
        N_("Requests of one client in the long run; then 429 with Retry-After."),
    ),
    Setting(
        "client_burst",
        400,
        N_("requests"),
        N_("Requests of one client that may come at once; then 429 with Retry-After."),
    ),
    Setting(
        "client_places", 6, N_("requests"), N_("Requests of one client at work or waiting in one web worker; then 429.")
    ),
    Setting(
        "connections",
        1024,
        N_("connections"),
        N_("Connections open at once in one web worker; further ones get 503."),
    ),
    Setting(
        "idle_seconds", 15, N_("seconds"), N_("Longest wait for the head of a request; then the connection is cut.")
    ),
    Setting("making_bytes", 2**28, N_("bytes"), N_("Results being turned into answers in one web worker; then 503.")),
    Setting("sending_bytes", 2**30, N_("bytes"), N_("Answers over 1 MiB on their way in one web worker; then 503.")),
    Setting(
        "sending_seconds",
        30,
        N_("seconds"),
        N_("Longest time a client may take nothing of its answer; then it is cut."),
    ),
    Setting(
        "end_seconds",
        15,
        N_("seconds"),
        N_("Longest time that answers under way may still take when the server is ended."),
    ),
)

CHOICES: tuple[Choice, ...] = (
    Choice("MIGOV_RELEASES", "", "Folder of the releases; else `releases/` of the checkout, else your data folder."),
    Choice("MIGOV_HOST", "127.0.0.1", "Address to listen on; `0.0.0.0` for every one."),
    Choice("MIGOV_PORT", "8000", "Port to listen on."),
    Choice("MIGOV_WORKERS", "2", "Web processes."),
    Choice("MIGOV_PUBLIC_URL", "", "Address that visitors see; else `http://` with host and port."),
    Choice("MIGOV_TRUSTED_PROXIES", "", "Addresses or networks of proxies whose `X-Forwarded-For` is believed."),
    Choice("MIGOV_UNCOUNTED", "127.0.0.0/8, ::1", "Clients, as addresses or networks, to whom no rate applies."),
    Choice("MIGOV_METRICS_FROM", "127.0.0.0/8, ::1", "Clients, as addresses or networks, that may read `/metrics`."),
    Choice("MIGOV_LOG", "auto", "`json`, `text`, `off`, or `auto`: text on a terminal, JSON elsewhere."),
)


def in_force(environment: Mapping[str, str]) -> dict[str, float]:
    """Return each limit by name: its default, or what the environment says.

    Raises ValueError, with one plain sentence, for what is no positive number.
    """
    found: dict[str, float] = {}
    for setting in LIMITS:
        text = environment.get(setting.variable, "")
        try:
            value = float(text) if text else setting.default
        except ValueError:
            value = 0
        if not 0 < value < float("inf"):
            raise ValueError(f"{setting.variable} is {text!r}: it must be a positive number of {setting.unit}.")
        found[setting.name] = value
    return found


def _read() -> dict[str, float]:
    """Read the limits once, at import; a server with a limit that nobody can read must not start."""
    try:
        return in_force(os.environ)
    except ValueError as error:
        raise SystemExit(str(error)) from None


DEFAULTS: dict[str, float] = _read()
"""The limits that hold in this process where a caller does not say otherwise."""

_CHOICES = {choice.variable: choice for choice in CHOICES}


def choice(variable: str) -> str:
    """Return what a deployment has decided."""
    return _CHOICES[variable].read()
