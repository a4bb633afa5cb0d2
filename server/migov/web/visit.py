"""What the HTTP front knows of a request, and what it shares with others."""

from array import array
from dataclasses import dataclass, field
from typing import Any

from migov.journal import OFF, Journal
from migov.store import Cancel
from migov.web.board import PLACES, Board, Row
from migov.web.clients import Client, Clients, Networks
from migov.web.connection import Connection
from migov.web.edition import Edition
from migov.web.environ import Scope
from migov.web.rate import Rate
from migov.web.spool import Spool


@dataclass
class Surroundings:
    """What a worker shares with the others, or with the operator; by default nothing."""

    clients: Clients = field(default_factory=lambda: Clients(Networks("")))
    uncounted: Networks = field(default_factory=lambda: Networks(""))
    metrics_from: Networks = field(default_factory=lambda: Networks(""))
    rate: Rate | None = None
    board: Board | None = None
    row: Row = field(default_factory=lambda: Row(memoryview(array("d", bytes(8 * len(PLACES))))))
    journal: Journal = field(default_factory=lambda: Journal(OFF))
    spool: Spool | None = None


@dataclass(slots=True)
class Visit:
    """One request on its way."""

    scope: Scope
    edition: Edition
    client: Client
    id: str
    kind: str = "cache"
    outcome: str = ""
    allowance: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    connection: Connection | None = None
    cycle: Any = None
    cancel: Cancel = field(default_factory=Cancel)
