"""Cites the sources of rows by the addresses they carry, and says which of two sources is trusted more.

The order of trust is that of the tiers of sources: what the depositary keeps comes first, a text of unknown authorship
last. A source of a lower tier never displaces what one of a higher tier says; it stands beside it as a rival.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from migov.graph.dates import DAY, MONTH, YEAR, date_bounds
from migov.record import evidence
from migov.record.context import Context
from migov.record.evidence import text
from migov.record.keys import term
from migov.record.sources import Source

TRUST = ("depositary", "primary", "official", "secondary", "tertiary", "doubtful", "none")
READ = "2026-11-23"  # the day on which pages were read whose description gives none
_CONFIDENCE = {"depositary": "high", "primary": "high", "official": "high", "secondary": "medium"}


@dataclass(frozen=True)
class Cited:
    """One piece of evidence: its node, its document, and how far that is trusted (0 is most)."""

    node: NamedNode
    document: NamedNode
    trust: int

    @property
    def tier(self) -> str:
        return TRUST[self.trust]


class Citer:
    """Makes the evidence of rows and gathers its triples for one file of ``graphs/sources``."""

    def __init__(self, context: Context) -> None:
        self._sources = context.sources
        self._ledger = context.ledger
        self._files = context.files
        self._made: set[Triple] = set()

    def cite(
        self,
        url: str,
        locator: str,
        quote: str,
        *,
        as_of: Literal | None = None,
        language: str = "en",
        note: str = "",
        dated: bool = True,
    ) -> Cited:
        """Return evidence in the document at an address; ``dated`` tells whether the words carry a date or state it."""
        source = self.source(url, as_of)
        trust = TRUST.index(source.tier)
        sure = _CONFIDENCE.get(TRUST[trust], "low")
        node, made = evidence.cite(
            source.document,
            locator,
            evidence.clip(quote),
            language=language,
            confidence=sure if dated else {"high": "medium"}.get(sure, "low"),
            retrieved=source.retrieved,
        )
        self._made.update(made)
        if note:
            self._made.add(Triple(node, term("skos:editorialNote"), text(note, "en")))
        self._ledger.made(source.document, evidence=node)
        return Cited(node, source.document, trust)

    def source(self, url: str, as_of: Literal | None = None) -> Source:
        """Return the document at an address."""
        return self._sources.page(url, as_of, READ)

    def languages(self, url: str) -> list[str]:
        """Return the languages in which a source prints names, as its description says; English where it is silent."""
        found = self._sources.find(url)
        return found.language.split() if found else ["en"]

    def save(self, name: str) -> None:
        """Make ``graphs/<name>.ttl`` hold the evidence made."""
        self._files.replace(name, self._made)


def as_of(text: str) -> Literal | None:
    """Return a day, month or year as printed; None for other text, such as *undated*."""
    datatype = {10: DAY, 7: MONTH, 4: YEAR}.get(len(text), "")
    try:
        date_bounds(text, datatype)
    except ValueError:
        return None
    return Literal(text, datatype=NamedNode(datatype))


def compatible(one: Literal, other: Literal) -> bool:
    """Tell whether two dates can both be right: one is the other, or a less precise form of it."""
    return one.value.startswith(other.value) or other.value.startswith(one.value)


@dataclass(frozen=True)
class Said:
    """A date that a piece of evidence gives."""

    date: Literal
    by: Cited


def best(said: Iterable[Said]) -> Said:
    """Return the date to keep: that of the most trusted source, in the most precise form that agrees with it.

    It counts as trusted as the source that it agrees with, whoever gives the precise form.
    """
    order = sorted(said, key=lambda one: one.by.trust)
    agree = [one for one in order if compatible(one.date, order[0].date)]
    finest = max(agree, key=lambda one: len(one.date.value))
    return Said(finest.date, replace(finest.by, trust=order[0].by.trust))


def rival(subject: NamedNode, slot: str, other: Said, kept: Said) -> list[Triple]:
    """Return the claim of a date that was not kept, set aside where the order of trust decides, else side by side."""
    lower = other.by.trust > kept.by.trust
    reason = f"The value kept has a source of a higher tier: {kept.by.tier} before {other.by.tier}."
    return evidence.claim(
        subject,
        slot,
        other.date,
        [other.by.node],
        rank="deprecated" if lower else None,
        reason=reason if lower else None,
    )
