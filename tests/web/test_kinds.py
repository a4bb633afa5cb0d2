"""The page of an entity is put together by its kind: States and treaties have views of their own."""

import re

import pytest
from flask.testing import FlaskClient

from migov.web import kinds


@pytest.mark.parametrize("path", ["/page/state/MEX", "/page/document/icrmw", "/page/org/iom"])
def test_page_of_each_kind(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_views_are_named_by_classes_of_the_ontology(client: FlaskClient) -> None:
    ontology = client.get("/data/ontology.ttl").get_data(as_text=True)
    assert all(re.search(rf"\b(mgo|org|foaf|skos):{name}\b", ontology) for name, _ in kinds.VIEWS)
