"""A release goes into another engine whole, once, and is served only while it is whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from engines.programs import Engine
from engines.servers import logged_in, store_of
from migov import cli, errors
from migov.graph.release import Release
from migov.publish import publish, verify
from migov.store.engine import PASSWORD, USER
from migov.store.remote import Remote
from migov.vocabulary import GRAPH
from store.processes import release_of

LINE = (
    '<https://w3id.org/migov/id/org/{0}> <http://xmlns.com/foaf/0.1/name> "{1}" <https://w3id.org/migov/graph/{2}> .\n'
)
Make = Callable[..., Release]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a release of a few lines: what, its name, and the graph that says so."""

    def release(name: str, *lines: tuple[str, str, str]) -> Release:
        folder = tmp_path / name
        folder.mkdir()
        graph = folder / "lines.nq"
        graph.write_text("".join(LINE.format(*line) for line in lines), "utf-8")
        return release_of(graph, folder)

    return release


def said(engine: Engine, release: Release) -> dict[str, int]:
    """How many triples each graph has, the merge under ''."""
    remote = Remote(engine.query, release.id, release.manifest.base)
    graphs, merged = remote.count()
    remote.close()
    return {iri.removeprefix(GRAPH): count for iri, count in graphs.items()} | {"": merged}


def test_a_release_is_published_once_and_then_only_what_changes(engine: Engine, make: Make) -> None:
    first = make("1", ("a", "A", "x"), ("a", "A", "y"), ("b", "B", "y"), ("c", "C", "z"))
    with logged_in(engine):
        publish(first, engine.graphs, again=True)
        verify(first, engine.query)
        assert said(engine, first) == {"x": 1, "y": 2, "z": 1, "": 3}
        assert publish(first, engine.graphs) == 0
        second = make("2", ("a", "A", "x"), ("b", "Bee", "y"), ("d", "D", "new"))
        assert publish(second, engine.graphs) == len({"y", "new", "z removed", "the merge"})
    verify(second, engine.query)
    assert said(engine, second) == {"x": 1, "y": 1, "new": 1, "": 3}


def test_an_engine_with_another_release_is_refused(engine: Engine, make: Make) -> None:
    held, other = make("held", ("a", "A", "x")), make("other", ("a", "B", "x"))
    with logged_in(engine):
        publish(held, engine.graphs)
    with pytest.raises(errors.StoreUnavailable, match=f"holds release {held.id[:12]}, not {other.id[:12]}"):
        verify(other, engine.query)


def test_a_graph_that_somebody_changed_is_found(engine: Engine, make: Make) -> None:
    release = make("1", ("a", "A", "x"), ("b", "B", "x"))
    less = make("less", ("a", "A", "x"))
    with logged_in(engine):
        publish(release, engine.graphs)
        publish(replace(less, manifest=replace(less.manifest, id=release.id)), engine.graphs, again=True)
    with pytest.raises(errors.StoreUnavailable, match=r"does not hold the graph \S+/x whole"):
        verify(release, engine.query)


def test_what_was_interrupted_is_not_served_and_is_mended_by_doing_it_again(engine: Engine, make: Make) -> None:
    before, after = make("before", ("a", "A", "x"), ("b", "B", "y")), make("after", ("a", "A", "x"), ("b", "Bee", "y"))
    with logged_in(engine):
        publish(before, engine.graphs)
        after.graph.rename(after.path / "elsewhere")
        with pytest.raises(FileNotFoundError):
            publish(after, engine.graphs)
        for release in (before, after):
            with pytest.raises(errors.StoreUnavailable, match="holds no whole release"):
                verify(release, engine.query)
        (after.path / "elsewhere").rename(after.graph)
        assert publish(after, engine.graphs) == len({"y", "the merge"})
    verify(after, engine.query)


def test_a_server_stops_answering_when_its_release_is_replaced(engine: Engine, make: Make, tmp_path: Path) -> None:
    old, new = make("old", ("a", "A", "x")), make("new", ("a", "B", "x"))
    with store_of(engine, old, tmp_path) as store:
        assert str(store.rows("SELECT ?name { o:a foaf:name ?name }")[0]["name"]) == "A"
        with logged_in(engine):
            publish(new, engine.graphs)
        with pytest.raises(errors.StoreUnavailable, match="may be changing"):
            store.rows("SELECT ?name { o:a foaf:name ?name }")
        assert not store.ready()
        with logged_in(engine):
            publish(old, engine.graphs)
        assert store.ready()
        assert str(store.rows("SELECT ?name { o:a foaf:name ?name }")[0]["name"]) == "A"


def test_graphs_loaded_by_other_means_need_only_the_mark(engine: Engine, make: Make) -> None:
    release = make("1", ("a", "A", "x"))
    with logged_in(engine):
        publish(release, engine.graphs)
        assert publish(release, engine.graphs, again=True, only_mark=True) == 0
    verify(release, engine.query)


def test_the_command_line_publishes_and_refuses_to_serve_what_is_not_there(
    engine: Engine, make: Make, tiny: Release
) -> None:
    with logged_in(engine):
        publish(make("1", ("a", "A", "x")), engine.graphs)
        options = ["--releases", str(tiny.path.parent)]
        refused = CliRunner().invoke(cli.main, ["serve", *options, "--store", engine.query])
        assert refused.exit_code == 1
        assert f"not {tiny.id[:12]}" in refused.output
        done = CliRunner().invoke(cli.main, ["publish", *options, "--to", engine.graphs])
        assert done.exit_code == 0, done.output
        assert tiny.id[:12] in done.output
        verify(tiny, engine.query)
        again = CliRunner().invoke(cli.main, ["publish", *options, "--to", engine.graphs])
        assert "nothing had to be written" in again.output


def test_who_may_not_write_is_told_how_to_say_who_they_are(
    engine_named: Callable[[str], Engine], make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    virtuoso, release = engine_named("virtuoso"), make("1", ("a", "A", "x"))
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for user, password in (("", ""), ("dba", "wrong"), ("nobody", "secret")):
        monkeypatch.setenv(USER, user)
        monkeypatch.setenv(PASSWORD, password)
        with pytest.raises(errors.StoreUnavailable, match=f"does not let us write: set {USER}"):
            publish(release, virtuoso.graphs)
    monkeypatch.delenv(USER)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login dba password secret\n")
    publish(release, virtuoso.graphs)
    verify(release, virtuoso.query)


def test_a_password_in_an_address_is_refused(make: Make) -> None:
    release = make("1", ("a", "A", "x"))
    for address in ("http://dba:secret@localhost/store", "ftp://localhost/store"):
        with pytest.raises(errors.BadRequest):
            publish(release, address)


def test_a_graph_outside_the_base_is_refused(tmp_path: Path) -> None:
    graph = tmp_path / "lines.nq"
    graph.write_bytes(ox.serialize([ox.Quad(*[ox.NamedNode("urn:x:y")] * 4)], format=ox.RdfFormat.N_QUADS) or b"")
    with pytest.raises(errors.BadRequest, match="urn:x:y is not below"):
        publish(release_of(graph, tmp_path), "http://127.0.0.1:9/store")
