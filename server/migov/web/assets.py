"""The style sheet and the scripts that pages name, each under an address that changes when it does."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).with_name("static")


def address(name: str) -> str:
    """The address of a file of ours; '' for one that this installation does not have, as the editor may be left out."""
    path = STATIC / name
    if not path.is_file():
        return ""
    return f"/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
