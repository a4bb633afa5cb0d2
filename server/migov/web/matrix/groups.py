"""Groups of treaties to show together, each with how it is made.

Most follow from data of the treaties themselves: the chapter of the Secretary-General's collection in their number of
registration (``IV-13``), the depositary, the reach, the number that the International Labour Organization gave. One is
a choice of ours, ``CORE``, and says so. To change it, change the list: keys are those of ``/page/document/``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from migov.web import words
from migov.web.language import N_
from migov.web.matrix.standings import Treaty

CORE: Final = (
    "icerd",
    "iccpr",
    "icescr",
    "cedaw",
    "cat",
    "crc",
    "icrmw",
    "cped",
    "crpd",
    "refugee-1951",
    "refugee-1967p",
    "ilo-c097",
    "ilo-c143",
    "untoc-tip",
    "untoc-som",
)
"""Our choice: the nine core human rights treaties; those on refugees, migrant workers, trafficking and smuggling."""
_ILO: Final = re.compile(r"C[0-9]{3}")


@dataclass(frozen=True)
class Group:
    """Treaties under a name; ``how`` says in a sentence what puts a treaty into it."""

    code: str
    name: str
    how: str
    has: Callable[[Treaty], bool]


def _chapter(*numbers: str) -> Callable[[Treaty], bool]:
    return lambda treaty: treaty.registered.split("-")[0] in numbers


_NAMED: Final = (
    Group(
        "core",
        N_("Migration and human rights: the core"),
        N_(
            "An editorial choice of this site: the nine core human rights treaties, and those on refugees, "
            "migrant workers, trafficking and smuggling."
        ),
        lambda treaty: treaty.key in CORE,
    ),
    Group(
        "human-rights",
        N_("Human rights (United Nations)"),
        N_("Those that the Secretary-General lists in chapter IV of the treaties deposited with him."),
        _chapter("IV"),
    ),
    Group(
        "refugees",
        N_("Refugees and stateless persons"),
        N_("Those that the Secretary-General lists in chapter V of the treaties deposited with him."),
        _chapter("V"),
    ),
    Group(
        "labour",
        N_("Labour (ILO)"),
        N_("Conventions that have a number of the International Labour Organization."),
        lambda treaty: bool(_ILO.fullmatch(treaty.short)),
    ),
    Group(
        "crime",
        N_("Trafficking, smuggling, slavery and international crime"),
        N_("Those that the Secretary-General lists in chapters VII and XVIII of the treaties deposited with him."),
        _chapter("VII", "XVIII"),
    ),
    Group(
        "humanitarian",
        N_("Humanitarian law"),
        N_("Those whose depositary is the Swiss Federal Council."),
        lambda treaty: words.local(treaty.depositary) == "swiss-federal-council",
    ),
    Group(
        "diplomatic",
        N_("Privileges, diplomatic and consular relations"),
        N_("Those that the Secretary-General lists in chapter III of the treaties deposited with him."),
        _chapter("III"),
    ),
    Group(
        "regional",
        N_("Regional treaties"),
        N_("Those that are open to the States of a region or of a regional organisation."),
        lambda treaty: treaty.reach == "regional",
    ),
)
GROUPS: Final = (
    *_NAMED,
    Group(
        "other",
        N_("Other treaties"),
        N_("Those in none of the other groups."),
        lambda treaty: not any(group.has(treaty) for group in _NAMED),
    ),
    Group("all", N_("All treaties"), N_("Every treaty in the graph."), lambda treaty: True),
)
BY_CODE: Final = {group.code: group for group in GROUPS}
DEFAULT: Final = GROUPS[0]


def members(group: Group, treaties: Mapping[str, Treaty]) -> Sequence[Treaty]:
    """The treaties of a group in the order to show them: our choice in its own order, others by their short form."""
    found = [treaty for treaty in treaties.values() if group.has(treaty)]
    if group.code == DEFAULT.code:
        return sorted(found, key=lambda treaty: CORE.index(treaty.key))
    return sorted(found, key=lambda treaty: (words.natural(treaty.short or treaty.key), treaty.key))
