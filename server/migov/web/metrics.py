"""The numbers of a server in the text format that Prometheus reads (exposition format 0.0.4)."""

from collections.abc import Iterator

from migov import __version__
from migov.web.board import BUCKETS, KINDS, OUTCOMES, PARTS, REASONS, STATUSES, Board, Number

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")


def exposition(board: Board, release: str, ready: bool) -> bytes:
    """Everything that is counted, summed over the workers."""
    total = board.total()
    lines = [*_requests(total), *_latency(total), *_queries(total), *_processes(total, board)]
    lines += [
        *_head("migov_store_ready", "gauge", "Whether the query engine answers."),
        f"migov_store_ready {int(ready)}",
        *_head("migov_release_info", "gauge", "The release that is served, and the version of the server."),
        f'migov_release_info{{release="{release}",version="{__version__}"}} 1',
    ]
    return ("\n".join(lines) + "\n").encode()


def _head(name: str, kind: str, help_: str) -> tuple[str, str]:
    return f"# HELP {name} {help_}", f"# TYPE {name} {kind}"


def _requests(total: dict[Number, float]) -> Iterator[str]:
    name = "migov_requests_total"
    yield from _head(name, "counter", "Answers by what made them (the byte cache, a page, a query) and status.")
    for kind in KINDS:
        for status in STATUSES:
            if count := total["requests", kind, status]:
                yield f'{name}{{kind="{kind}",status="{status}"}} {count:.0f}'
    yield from _head("migov_response_bytes_total", "counter", "Bytes of bodies sent.")
    yield from (f'migov_response_bytes_total{{kind="{kind}"}} {total["bytes", kind, ""]:.0f}' for kind in KINDS)
    hits = sum(total["requests", "cache", status] for status in STATUSES)
    looks = hits + sum(total["requests", "page", status] for status in STATUSES)
    yield from _head("migov_cache_requests_total", "counter", "Requests for pages and data by whether memory had them.")
    yield f'migov_cache_requests_total{{result="hit"}} {hits:.0f}'
    yield f'migov_cache_requests_total{{result="miss"}} {looks - hits:.0f}'


def _latency(total: dict[Number, float]) -> Iterator[str]:
    name = "migov_request_seconds"
    yield from _head(name, "histogram", "Seconds from the head of a request to its whole answer.")
    for kind in KINDS:
        count = 0.0
        for bound in _BOUNDS:
            count += total["seconds", kind, bound]
            yield f'{name}_bucket{{kind="{kind}",le="{bound}"}} {count:.0f}'
        yield f'{name}_sum{{kind="{kind}"}} {total["seconds_sum", kind, ""]:.6f}'
        yield f'{name}_count{{kind="{kind}"}} {count:.0f}'


def _queries(total: dict[Number, float]) -> Iterator[str]:
    yield from _head("migov_queries_total", "counter", "Requests to the SPARQL endpoint by how they ended.")
    for outcome in OUTCOMES:
        yield f'migov_queries_total{{outcome="{outcome}"}} {total["queries", outcome, ""]:.0f}'
    yield from _head("migov_children_killed_total", "counter", "Processes that were ended during a query, by reason.")
    for reason in REASONS:
        yield f'migov_children_killed_total{{reason="{reason}"}} {total["children", reason, ""]:.0f}'


def _processes(total: dict[Number, float], board: Board) -> Iterator[str]:
    plain = (
        ("migov_requests_in_flight", "gauge", "Requests begun and not answered yet.", "in_flight"),
        ("migov_sending_bytes", "gauge", "Bytes of large answers on their way.", "sending"),
        ("migov_release_swaps_total", "counter", "Releases taken up since the server started.", "swaps"),
        ("migov_log_lines_dropped_total", "counter", "Lines that nobody read in time.", "dropped"),
    )
    for name, kind, help_, family in plain:
        rows = board.living() if kind == "gauge" else None
        value = sum(row.get(family) for row in rows) if rows is not None else total[family, "", ""]
        yield from _head(name, kind, help_)
        yield f"{name} {value:.0f}"
    yield from _head("migov_restarts_total", "counter", "Parts of the server that ended and were started again.")
    for part in PARTS:
        yield f'migov_restarts_total{{part="{part}"}} {total["restarts", part, ""]:.0f}'
    yield from _head("migov_workers", "gauge", "Web workers alive.")
    yield f"migov_workers {len(board.living())}"
