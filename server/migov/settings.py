"""Every limit of the public server, in one table: documented, shown and tested from here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One limit: its name, default value, unit, and what happens when a request goes beyond it."""

    name: str
    default: float
    unit: str
    help: str


LIMITS: tuple[Setting, ...] = (
    Setting("deadline", 10, "seconds", "Longest time a query may run; then 504. `timeout=` may ask for less."),
    Setting("result_bytes", 50 * 2**20, "bytes", "Largest result; a larger one is refused whole with 413."),
    Setting("child_memory", 2**30, "bytes", "Memory a query may take beyond the graph; then 507."),
    Setting("query_bytes", 64 * 2**10, "bytes", "Longest query text; then 413."),
    Setting("query_nesting", 100, "levels", "Deepest nesting of brackets in a query; then 400."),
    Setting("query_terms", 2_000, "tokens", "Most operators, patterns and keywords in a query; then 400."),
    Setting("body_bytes", 2**20, "bytes", "Largest request body; then 413."),
    Setting("body_seconds", 10, "seconds", "Longest time a client may take to send its body; then 408."),
    Setting("url_bytes", 60 * 2**10, "bytes", "Longest path with query string; then 414."),
    Setting("concurrent_queries", 4, "queries", "Queries at work at once in one web worker; others wait."),
    Setting(
        "waiting_queries",
        32,
        "queries",
        "Requests that may wait in one web worker; then 503 with Retry-After.",
    ),
)

DEFAULTS: dict[str, float] = {setting.name: setting.default for setting in LIMITS}
