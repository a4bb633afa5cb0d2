"""The curator's import: tables of facts with a description of their sources become canonical Turtle under ``graphs/``.

``tables`` reads and refuses, ``sources`` describes documents, ``keys`` finds what a table names, ``evidence`` cites,
``ledger`` accounts for every row, ``writing`` merges into files. Each kind of table has a module of its own.
"""
