"""Files of the graph are such as people can read and compare; that they are canonical, ``make lint`` checks."""

from migov.resources import Resources

SHOWN = 512 * 1024  # bytes; code hosts show no larger file and no differences in it


def test_no_file_is_too_large_to_be_shown(resources: Resources) -> None:
    sizes = {path: path.stat().st_size for path in resources.graphs.rglob("*.ttl")}
    assert len(sizes) > 100
    assert {path.name: size for path, size in sizes.items() if size > SHOWN} == {}
