"""The ``migov`` command as people use it: what it prints, where, and with which exit code."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from migov import __version__ as migov_version
from migov import cli, console
from migov import resources as installed
from migov.graph import export
from migov.graph import release as releases_
from migov.graph.release import Release
from migov.resources import Resources

SERVER = str(Path(cli.__file__).parents[2])
COMMANDS = ("build", "check", "import", "serve", "publish", "query", "export")


@pytest.fixture
def migov(tiny: Release, tiny_checkout: Resources, monkeypatch: pytest.MonkeyPatch) -> "Migov":
    """Runs a command in the checkout of the tiny graph, beside its release."""
    monkeypatch.setattr(installed, "default", lambda: tiny_checkout)
    monkeypatch.setenv("MIGOV_RELEASES", str(tiny.path.parent))
    monkeypatch.setenv("PYTHONPATH", SERVER)  # for the processes that a command starts
    return Migov()


class Migov:
    def __call__(self, *arguments: str, piped: str | None = None) -> Result:
        result = CliRunner().invoke(cli.main, list(arguments), input=piped, prog_name="migov")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result


def test_help_names_every_command(migov: Migov) -> None:
    told = migov("--help").stdout
    assert all(re.search(rf"^  {command}  ", told, re.MULTILINE) for command in COMMANDS)
    assert migov_version in migov("--version").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(migov: Migov, command: str) -> None:
    told = migov(command, "--help").stdout
    assert f"\n  migov {command}" in told
    assert ("--graphs" if command == "import" else "--releases") in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_a_select_is_a_table_for_people(migov: Migov) -> None:
    result = migov("query", "-e", "SELECT ?it ?short WHERE { ?it mgo:acronym ?short } ORDER BY ?it LIMIT 3")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["it", "short"]
    assert set(lines[1]) == {"-", " "}
    assert len(lines) == 6
    assert lines[-1] == "3 rows"
    assert all(":" in line.split()[0] and "//" not in line for line in lines[2:5])


def test_an_ask_is_yes_or_no(migov: Migov) -> None:
    assert migov("query", "-e", "ASK { o:iom ?p ?o }").stdout == "yes\n"
    assert migov("query", "-e", "ASK { o:iom o:iom ?o }").stdout == "no\n"


def test_the_query_may_be_a_file_or_piped(migov: Migov, tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    path = tmp_path / "count.rq"
    path.write_text(text)
    told = {migov("query", "-e", text).stdout, migov("query", str(path)).stdout, migov("query", piped=text).stdout}
    assert len(told) == 1


def test_results_come_in_other_formats(migov: Migov) -> None:
    text = "SELECT ?name WHERE { o:iom skos:prefLabel ?name } ORDER BY ?name"
    rows = json.loads(migov("query", "-e", text, "--format", "json").stdout)["results"]["bindings"]
    names = [row["name"]["value"] for row in rows]
    assert [row["name"] for row in csv.DictReader(io.StringIO(migov("query", "-e", text, "--format", "csv").stdout))]
    assert all(name in migov("query", "-e", text, "--format", "xml").stdout for name in names)
    for name, kind in (("turtle", RdfFormat.TURTLE), ("rdfxml", RdfFormat.RDF_XML), ("jsonld", RdfFormat.JSON_LD)):
        made = migov("query", "-e", "CONSTRUCT WHERE { o:iom skos:prefLabel ?name }", "--format", name).stdout_bytes
        assert {triple.object.value for triple in parse(made, format=kind)} == set(names)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "-e", "ASK { ?s ?p ?o }", "--format", "csv"), "table, json, xml"),
        (("query", "-e", "CONSTRUCT WHERE { ?s ?p ?o }", "--format", "csv"), "turtle"),
        (("query", "nowhere.rq"), "nowhere.rq"),
        (("query", "-e", "ASK { ?s ?p ?o }", "--format", "pdf"), "pdf"),
        (("query", __file__, "-e", "ASK { ?s ?p ?o }"), "not both"),
        (("build", "--base", "example.org"), "http"),
        (("build", "--as-of", "19 December 2018"), "%Y-%m-%d"),
        (("serve", "--port", "0"), "port"),
        (("serve", "--public-url", "data.example.org"), "http"),
        (("export",), "--format"),
        (("publish",), "publish"),
    ],
)
def test_bad_usage_is_told_and_exits_2(migov: Migov, arguments: tuple[str, ...], said: str) -> None:
    result = migov(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("query", "-e", "SELECT ?x WHERE { ?x "), r"\(line 1, column \d+\)"),
        (("query", "-e", "DELETE WHERE { ?s ?p ?o }"), "read only"),
        (("query", "-e", "SELECT * WHERE { SERVICE <http://localhost:9/> { ?s ?p ?o } }"), "(?i)federation"),
        (("query", "-e", "ASK { " + "{" * 5000 + "}" * 5000 + " }"), "(?i)nest|deep|bracket"),
        (("query", "-e", "ASK {}", "--releases", "nowhere"), "migov build"),
        (("export", "--format", "ttl", "--releases", "nowhere"), "migov build"),
        (("export", "--format", "ttl", "--graph", "relations/none"), "no graph relations/none"),
        (("export", "--format", "ttl", "-o", "nowhere/graph.ttl"), "nowhere/graph.ttl"),
    ],
)
def test_what_goes_wrong_is_one_line_and_exits_1(migov: Migov, arguments: tuple[str, ...], said: str) -> None:
    result = migov(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert re.search(said, result.stderr)


@pytest.mark.parametrize("name", export.FORMATS)
def test_export_writes_the_dump(migov: Migov, tiny: Release, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"graph.{name}"
    assert migov("export", "--format", name, "-o", str(path)).exit_code == 0
    assert path.read_bytes() == tiny.dump(name).read_bytes() == migov("export", "--format", name).stdout_bytes


@pytest.mark.parametrize("form", ["{name}", "graph/{name}", "{iri}"])
def test_export_writes_one_graph(migov: Migov, tiny: Release, form: str) -> None:
    entry = next(entry for entry in tiny.manifest.graphs if entry.iri.endswith("/derived/current"))
    wanted = form.format(name="derived/current", iri=entry.iri)
    quads = list(parse(migov("export", "--format", "nq", "--graph", wanted).stdout_bytes, format=RdfFormat.N_QUADS))
    assert len(quads) == entry.quads
    assert {quad.graph_name.value for quad in quads} == {entry.iri}


def test_check_reports_in_text_and_turtle(migov: Migov, tmp_path: Path) -> None:
    target = tmp_path / "deep/report.ttl"
    result = migov("check", "--report", str(target))
    assert result.exit_code == 0
    assert str(target) in result.stdout
    assert re.search(r"\b0 violations\b", result.stdout)
    conforms = {q.predicate.value.rpartition("#")[2]: q.object for q in parse(path=target, format=RdfFormat.TURTLE)}
    assert conforms["conforms"].value in ("true", "false")
    assert "Checking structure …" in result.stderr


@pytest.fixture
def checkout(
    migov: Migov, tmp_path: Path, make_checkout: Callable[[Path], Resources], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The graph of a tiny checkout that a test may change, and no release yet."""
    made = make_checkout(tmp_path)
    monkeypatch.setattr(installed, "default", lambda: made)
    monkeypatch.setenv("MIGOV_RELEASES", str(tmp_path / "releases"))
    return made.graphs


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_check_says_where_the_graph_is_broken(migov: Migov, checkout: Path, tmp_path: Path) -> None:
    change(checkout / "relations/memberships.ttl", "    org:organization o:un-system ;\n", "")
    result = migov("check")
    assert result.exit_code == 1
    assert re.search(
        r"graphs/relations/memberships\.ttl:\d+: Violation: rel:iom-un-related-organisation", result.stdout
    )
    report = tmp_path / "releases/validation.ttl"
    assert str(report) in result.stdout
    assert b"rel:iom-un-related-organisation" in report.read_bytes()


def test_build_of_a_broken_graph_says_how_to_find_out(migov: Migov, checkout: Path, tmp_path: Path) -> None:
    change(checkout / "relations/memberships.ttl", "    org:organization o:un-system ;\n", "")
    result = migov("build")
    assert result.exit_code == 1
    complaint = (
        r"Error: the graph has \d+ violations?, the first in graphs/[\w/-]+\.ttl:\d+: .+ `migov check` tells of all\."
    )
    assert re.fullmatch(complaint, result.stderr.splitlines()[-1])
    assert not (tmp_path / "releases/current").exists()


@pytest.mark.parametrize("command", ["build", "check", "serve"])
def test_a_file_that_does_not_parse_is_named_with_its_line(migov: Migov, checkout: Path, command: str) -> None:
    change(checkout / "entities/organisations.ttl", '"IOM"@en .', '"IOM"@en')
    result = migov(command)
    assert result.exit_code == 1
    assert re.match(
        r"Error: graphs/entities/organisations\.ttl:\d+: this is not Turtle", result.stderr.splitlines()[-1]
    )


def test_a_release_may_leave_nothing_unverified(migov: Migov, checkout: Path) -> None:
    change(checkout / "sources/evidence.ttl", "confidence:medium", "confidence:unverified")
    assert migov("check").exit_code == 0
    result = migov("check", "--for-release")
    assert result.exit_code == 1
    assert "ev:575e87cc1f51" in result.stdout


def test_build_does_nothing_twice(migov: Migov, tiny: Release) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny.path.iterdir()}
    result = migov("build")
    assert result.exit_code == 0
    assert f"{tiny.path.name} is up to date" in result.stdout
    assert {path: path.stat().st_mtime_ns for path in tiny.path.iterdir()} == before


def test_build_says_what_it_does_and_what_it_made(migov: Migov, tmp_path: Path) -> None:
    result = migov("build", "--releases", str(tmp_path), "--as-of", "2015-01-01")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [f"{text} …" for text in console.STAGES.values()]
    built = releases_.current(tmp_path)
    assert f"Release {built.path.name} is ready: {built.manifest.quads:,} quads" in result.stdout
    assert built.manifest.as_of == "2015-01-01"


def test_a_fresh_release_is_served_without_the_validator(tiny: Release, tiny_checkout: Resources) -> None:
    code = """
import sys
from migov import cli, web
import migov.web.serve
from pathlib import Path
from migov import resources
resources.default = lambda: resources.Resources(Path(sys.argv[1]))
def serve(release, **options):
    print(release.id, sorted(options.items()), {"rdflib", "pyshacl"} & set(sys.modules))
    return 3
migov.web.serve.serve = serve
cli.main(["serve", "--port", "8123", "--public-url", "https://data.example.org/"], prog_name="migov")
"""
    result = subprocess.run(
        [sys.executable, "-c", code, str(tiny_checkout.root)],
        env={"PYTHONPATH": SERVER, "MIGOV_RELEASES": str(tiny.path.parent), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    options = [("host", "127.0.0.1"), ("port", 8123), ("public_url", "https://data.example.org")]
    options += [("store_url", ""), ("workers", 2)]
    assert result.stdout == f"{tiny.id} {options} set()\n"
    assert result.returncode == 3


def test_where_releases_live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIGOV_RELEASES", str(tmp_path))
    assert console.releases_folder() == tmp_path
    monkeypatch.delenv("MIGOV_RELEASES")
    assert console.releases_folder() == Path(cli.__file__).parents[3] / "releases"
    monkeypatch.setattr(console.resources, "is_checkout", lambda: False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert console.releases_folder() == tmp_path / "data/migov/releases"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert console.releases_folder() == tmp_path / ".local/share/migov/releases"


def test_a_graph_that_is_not_there_is_answered_with_the_nearest(migov: Migov) -> None:
    assert migov("build").exit_code == 0
    result = migov("export", "--format", "ttl", "--graph", "relations/membership")
    assert result.exit_code == 1
    assert "Did you mean: relations/memberships" in result.stderr


def test_the_package_runs_as_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "migov", "--version"],
        env={"PYTHONPATH": SERVER},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"migov {migov_version}\n"
