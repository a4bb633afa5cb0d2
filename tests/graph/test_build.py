"""From files to a release: the same bytes every time, and nothing of it when something is wrong."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from migov.errors import DataError, NoRelease, ValidationFailed
from migov.graph import export, release, search
from migov.graph.build import STAGES, build
from migov.graph.release import Release
from migov.resources import Resources
from migov.vocabulary import BASE, GRAPH

PREFIXES = """PREFIX mgo: <https://w3id.org/migov/ontology/> PREFIX void: <http://rdfs.org/ns/void#>
    PREFIX org: <http://www.w3.org/ns/org#> PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX rel: <https://w3id.org/migov/id/relation/> PREFIX o: <https://w3id.org/migov/id/org/>
    PREFIX membership-type: <https://w3id.org/migov/concept/membership-type/>
    PREFIX mgg: <https://w3id.org/migov/graph/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """
ASIDE = {".lock", ".cache"}  # beside the releases, and no part of them


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def state_of(releases: Path) -> dict[str, object]:
    """Everything in the folder of releases but the lock and the notes of validation: names, links and bytes."""
    found = (path for top in releases.iterdir() if top.name not in ASIDE for path in (top, *top.rglob("*")))
    return {str(p): p.readlink() if p.is_symlink() else p.is_file() and p.read_bytes() for p in found}


def ask(built: Release, pattern: str) -> bool:
    store = Store()
    store.bulk_load(path=built.graph, format=RdfFormat.N_QUADS)
    return bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, make_checkout: Callable[[Path], Resources]) -> Resources:
    """The tiny graph, for tests that only read it."""
    return make_checkout(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, small: Resources) -> Release:
    """A release of the tiny graph, for tests that only read it."""
    return build(small, tmp_path_factory.mktemp("releases"))


def test_a_release_is_whole_and_current(built: Release) -> None:
    releases = built.path.parent
    assert release.current(releases) == built
    assert (releases / "current").readlink() == Path(built.path.name)
    names = {
        "graph.nq",
        "search.sqlite",
        "validation.ttl",
        "answers.json",
        "answers.sqlite",
        "manifest.json",
        *(f"migov.{f}" for f in export.FORMATS),
    }
    assert set(bytes_of(built.path)) == names - {"migov.nq"}
    assert {path.name for path in releases.iterdir()} == {*ASIDE, "current", built.path.name}


def test_the_id_is_the_digest_of_the_graph(built: Release) -> None:
    assert built.id == hashlib.sha256(built.graph.read_bytes()).hexdigest()
    assert built.id.startswith(built.path.name)


def test_the_graph_is_sorted_and_without_blank_nodes(built: Release) -> None:
    lines = built.graph.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == built.manifest.quads
    assert not any(" _:" in line.partition('"')[0] or line.startswith("_:") for line in lines)


def test_every_dump_holds_the_whole_graph(built: Release) -> None:
    quads = set(parse(path=built.graph, format=RdfFormat.N_QUADS))
    for name, kind in export.FORMATS.items():
        found = list(parse(path=built.dump(name), format=kind.rdf))
        assert len(found) == len(quads if kind.graphs else {quad.triple for quad in quads})


def test_the_manifest_lists_every_graph_with_its_file_and_size(built: Release, small: Resources) -> None:
    sizes: dict[str, int] = {}
    for quad in parse(path=built.graph, format=RdfFormat.N_QUADS):
        sizes[quad.graph_name.value] = sizes.get(quad.graph_name.value, 0) + 1
    assert {entry.iri: entry.quads for entry in built.manifest.graphs} == sizes
    files = {entry.file for entry in built.manifest.graphs} - {None}
    assert files == {p.relative_to(small.root).as_posix() for p in small.files if p.suffix == ".ttl"} - {
        p.relative_to(small.root).as_posix() for p in small.shapes.rglob("*.ttl")
    }
    made = {entry.iri.removeprefix(GRAPH) for entry in built.manifest.graphs if entry.file is None}
    assert made == {"derived/bounds", "derived/current", "derived/labels", "meta"}


def test_the_graph_describes_itself(built: Release) -> None:
    store = Store()
    store.bulk_load(path=built.graph, format=RdfFormat.N_QUADS)
    query = PREFIXES + "SELECT ?graph ?n WHERE { GRAPH mgg:meta { ?graph void:triples ?n } }"
    told = {row["graph"].value: int(row["n"].value) for row in store.query(query)}
    triples = len({quad.triple for quad in store})
    assert told == {BASE: triples, **{entry.iri: entry.quads for entry in built.manifest.graphs}}


def test_what_the_data_says_comes_out_with_all_that_follows(built: Release) -> None:
    assert ask(built, "rel:iom-un-related-organisation mgo:startLatest '2016-12-31'^^xsd:date ; dcterms:valid ?day")
    assert ask(built, "mgg:derived\\/current dcterms:valid '2026-11-23'^^xsd:date")
    assert not ask(built, "o:iom mgo:memberOf ?any")  # a related organisation is no member
    assert search.find(built.search, "iom")[0].label == "International Organization for Migration"


def test_the_same_files_give_the_same_bytes(built: Release, small: Resources, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from migov.graph.build import build; from migov.resources import *\n"
    script = tmp_path / "again.py"
    script.write_text(code + "if __name__ == '__main__': build(Resources(Path(sys.argv[1])), Path(sys.argv[2]))\n")
    server = Path(release.__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(server), "TZ": "Asia/Tokyo"}
    releases = tmp_path / "elsewhere"
    subprocess.run([sys.executable, script, small.root, releases], env=environment, check=True, timeout=120)
    again = release.current(releases)
    assert bytes_of(again.path) == bytes_of(built.path)


def test_progress_goes_through_the_stages_in_order(checkout: Resources, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    build(checkout, tmp_path / "releases", progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == list(STAGES)
    assert all(0 <= done <= total for _, done, total in seen)
    assert {stage for stage, done, total in seen if done == total} == set(STAGES)


def test_the_as_of_day_decides_what_is_current(checkout: Resources, tmp_path: Path) -> None:
    path = checkout.graphs / "relations/memberships.ttl"
    path.write_text(path.read_text("utf-8").replace("membership-type:related-organisation", "membership-type:member"))
    now = build(checkout, tmp_path / "releases")
    assert ask(now, "o:iom mgo:memberOf o:un-system")
    before = build(checkout, tmp_path / "releases", as_of=date(2015, 12, 31))
    assert before.manifest.as_of == "2015-12-31"
    assert before.manifest.created == now.manifest.created
    assert not ask(before, "o:iom mgo:memberOf ?any")
    changed = {one.iri for one, other in zip(now.manifest.graphs, before.manifest.graphs, strict=False) if one != other}
    assert GRAPH + "derived/bounds" not in changed
    assert release.current(tmp_path / "releases").id == before.id
    assert now.path.is_dir()


def test_a_deployment_may_have_its_own_base(built: Release, small: Resources, tmp_path: Path) -> None:
    here = "https://data.example.org/kg/"
    moved = build(small, tmp_path / "releases", base=here)
    assert moved.manifest.base == here
    for quad in parse(path=moved.graph, format=RdfFormat.N_QUADS):
        assert not any(str(term).startswith(f"<{BASE}") for term in (*quad,))
    lines = moved.graph.read_text("utf-8").replace(f"<{here}", f"<{BASE}").splitlines()
    assert sorted(lines) == built.graph.read_text("utf-8").splitlines()
    (hit, *_) = search.find(moved.search, "iom")
    assert hit.iri == here + "id/org/iom"


def break_syntax(resources: Resources) -> None:
    path = resources.graphs / "entities/organisations.ttl"
    path.write_text(path.read_text("utf-8").replace("@en ;", "@en"))


def break_shape(resources: Resources) -> None:
    path = resources.graphs / "relations/memberships.ttl"
    path.write_text(path.read_text("utf-8").replace("    org:organization o:un-system ;\n", ""))


def break_date(resources: Resources) -> None:
    path = resources.graphs / "relations/memberships.ttl"
    path.write_text(path.read_text("utf-8").replace('"2016"', '"around 2016"'))


def lose_the_date_of_the_dataset(resources: Resources) -> None:
    path = resources.graphs / "dataset.ttl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "dcterms:modified" not in line))


@pytest.mark.parametrize(
    ("damage", "error", "file"),
    [
        (break_syntax, DataError, "graphs/entities/organisations.ttl"),
        (break_date, DataError, "graphs/relations/memberships.ttl"),
        (lose_the_date_of_the_dataset, DataError, "graphs/dataset.ttl"),
        (break_shape, ValidationFailed, None),
    ],
)
def test_a_failed_build_changes_nothing(
    checkout: Resources,
    tmp_path: Path,
    built: Release,
    damage: Callable[[Resources], None],
    error: type[DataError],
    file: str | None,
) -> None:
    releases = tmp_path / "releases"
    (releases / built.path.name).mkdir(parents=True)
    (releases / "current").symlink_to(built.path.name)
    for path in built.path.iterdir():
        (releases / built.path.name / path.name).write_bytes(path.read_bytes())
    before = state_of(releases)
    damage(checkout)
    with pytest.raises(error) as caught:
        build(checkout, releases)
    assert caught.value.facts.get("file") == file
    assert state_of(releases) == before
    if isinstance(caught.value, ValidationFailed):
        assert any(r.focus.endswith("iom-un-related-organisation") for r in caught.value.results)


def test_an_interrupted_build_leaves_no_half_written_folder(small: Resources, tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "write" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(small, tmp_path / "releases", progress=interrupt)
    assert state_of(tmp_path / "releases") == {}


def test_what_a_killed_build_left_is_cleared_away(small: Resources, tmp_path: Path, built: Release) -> None:
    left = tmp_path / ".building-dead"
    left.mkdir()
    (left / "graph.nq").write_text("half")
    again = build(small, tmp_path)
    assert not left.exists()
    assert bytes_of(again.path) == bytes_of(built.path)


def test_a_release_is_fresh_until_an_input_changes(checkout: Resources, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    assert not release.is_fresh(releases, checkout)
    first = build(checkout, releases)
    assert release.is_fresh(releases, checkout)
    rule = checkout.queries / "rules/30-member-of.rq"
    rule.write_text(rule.read_text("utf-8") + "# a remark\n")
    assert not release.is_fresh(releases, checkout)
    second = build(checkout, releases)
    assert release.is_fresh(releases, checkout)
    assert (second.id, second.path) == (first.id, first.path)  # a remark changes no triple
    (checkout.graphs / "entities/new.ttl").write_text("")
    assert not release.is_fresh(releases, checkout)


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="migov build"):
        release.current(tmp_path)
    (tmp_path / "current").mkdir()
    (tmp_path / "current/manifest.json").write_text('{"id": "of another version"}')
    with pytest.raises(NoRelease, match="migov build"):
        release.current(tmp_path)
