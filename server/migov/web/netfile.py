"""Networks as files for tools that draw and measure graphs: GEXF 1.3 and GraphML.

Both hold the same: a node for each thing, an edge for each link with its kind, its codes, the statement that says so,
its dates as printed and their bounds. In GEXF the edges also have a time: from the earliest first day to the latest
last day, so that what may have held on a day is there on that day.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from migov.web.neighbours import BOTH, GROUPS, Tie, kind_of

GEXF, GRAPHML = "http://gexf.net/1.3", "http://graphml.graphdrawing.org/xmlns"
_UNFIT = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2), though a label of the graph may."""
_NODE: Final = ("kind", "iri")
_EDGE: Final = (
    "relation",
    "codes",
    "statement",
    "since",
    "until",
    "state",
    "start-earliest",
    "start-latest",
    "end-earliest",
    "end-latest",
)


@dataclass(frozen=True)
class Edge:
    """One link ready to be written."""

    source: str
    target: str
    relation: str
    directed: bool
    values: Mapping[str, str]


@dataclass(frozen=True)
class Graph:
    """A network to be written: what it is of, the day it was made on, its nodes by IRI, its edges."""

    title: str
    made: str
    nodes: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]
    edges: Sequence[Edge]


def graph(
    title: str, made: str, base: str, ties: Iterable[Tie], name: Callable[[str], str], first: Iterable[str] = ()
) -> Graph:
    """The network that some links make; a link met from both of its ends counts once. ``name`` names any IRI."""
    edges: dict[tuple[str, ...], Edge] = {}
    for tie in ties:
        both = GROUPS[tie.group].way == BOTH
        source, target = sorted(tie.ends) if both else tie.ends
        told = (tie.relation, ", ".join(map(name, tie.codes)), tie.link, tie.since, tie.until, tie.state, *tie.bounds)
        values = {slot: value for slot, value in zip(_EDGE, told, strict=True) if value}
        edges.setdefault((source, target, tie.relation, tie.link), Edge(source, target, tie.relation, not both, values))
    ends = sorted({*first, *(end for edge in edges.values() for end in (edge.source, edge.target))})
    nodes = {iri: {"kind": kind_of(iri, base), "iri": iri} for iri in ends}
    order = sorted(edges)
    return Graph(title, made, nodes, {iri: name(iri) for iri in ends}, [edges[key] for key in order])


def write(made: Graph, key: str) -> bytes:
    """A network in one of the formats ``gexf`` and ``graphml``."""
    root = _gexf(made) if key == "gexf" else _graphml(made)
    ElementTree.indent(root, " ")
    body: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return body + b"\n"


def _fit(text: str) -> str:
    """A text as XML can hold it: what it cannot becomes the sign for that."""
    return _UNFIT.sub("\ufffd", text)


def _gexf(made: Graph) -> Element:
    root = Element("gexf", {"xmlns": GEXF, "version": "1.3"})
    meta = SubElement(root, "meta", {"lastmodifieddate": made.made} if made.made else {})
    SubElement(meta, "creator").text = "migov"
    SubElement(meta, "description").text = _fit(made.title)
    dynamic = {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval"}
    body = SubElement(root, "graph", {"defaultedgetype": "directed", "idtype": "string", **dynamic})
    for kind, slots in (("node", _NODE), ("edge", _EDGE)):
        declared = SubElement(body, "attributes", {"class": kind})
        for slot in slots:
            SubElement(declared, "attribute", {"id": f"{kind}-{slot}", "title": slot, "type": "string"})
    nodes = SubElement(body, "nodes", {"count": str(len(made.nodes))})
    for iri, values in made.nodes.items():
        node = SubElement(nodes, "node", {"id": iri, "label": _fit(made.labels[iri])})
        _gexf_values(node, "node", values)
    edges = SubElement(body, "edges", {"count": str(len(made.edges))})
    for number, edge in enumerate(made.edges, 1):
        kind = "directed" if edge.directed else "undirected"
        ends = {"id": f"e{number}", "source": edge.source, "target": edge.target, "type": kind}
        label = {"label": edge.relation, "kind": edge.relation}
        _gexf_values(SubElement(edges, "edge", {**ends, **label, **_times(edge)}), "edge", edge.values)
    return root


def _times(edge: Edge) -> dict[str, str]:
    """The time of an edge: none where the bounds are not known, or where rivals make it end before it begins."""
    start, end = edge.values.get("start-earliest", ""), edge.values.get("end-latest", "")
    if start and end and end < start:
        return {}
    return {name: value for name, value in (("start", start), ("end", end)) if value}


def _gexf_values(parent: Element, kind: str, values: Mapping[str, str]) -> None:
    held = SubElement(parent, "attvalues")
    for slot, value in values.items():
        SubElement(held, "attvalue", {"for": f"{kind}-{slot}", "value": _fit(value)})


def _graphml(made: Graph) -> Element:
    root = Element("graphml", {"xmlns": GRAPHML})
    SubElement(root, "desc").text = _fit(made.title)
    for kind, slots in (("node", ("label", *_NODE)), ("edge", _EDGE)):
        for slot in slots:
            names = {"id": f"{kind}-{slot}", "for": kind, "attr.name": slot, "attr.type": "string"}
            SubElement(root, "key", names)
    body = SubElement(root, "graph", {"id": "migov", "edgedefault": "directed"})
    for iri, values in made.nodes.items():
        node = SubElement(body, "node", {"id": iri})
        _graphml_values(node, "node", {"label": made.labels[iri], **values})
    for number, edge in enumerate(made.edges, 1):
        ends = {"id": f"e{number}", "source": edge.source, "target": edge.target}
        directed = {} if edge.directed else {"directed": "false"}
        _graphml_values(SubElement(body, "edge", {**ends, **directed}), "edge", edge.values)
    return root


def _graphml_values(parent: Element, kind: str, values: Mapping[str, str]) -> None:
    for slot, value in values.items():
        SubElement(parent, "data", {"key": f"{kind}-{slot}"}).text = _fit(value)
