"""The style sheet is whole: a rule that is left open would swallow all that follow."""

import re

from flask.testing import FlaskClient


def test_every_rule_is_closed(small: FlaskClient) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+site\.css[^"]*)"', small.get("/").text)
    sheet = re.sub(r"/\*.*?\*/", "", small.get(address).text, flags=re.DOTALL)
    depth = 0
    for line in sheet.splitlines():
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
        assert depth == 0 or not re.match(r"[.a-z@][^{]*\{", line) or depth == 1, line
    assert depth == 0
    assert not re.findall(r"url\(\s*['\"]?(?!data:)", sheet), "nothing is fetched"
