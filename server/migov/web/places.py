"""Where the processes of a server meet: names that the supervisor, its workers and its editions share."""

FOLDER, PUBLIC = "MIGOV_SERVER_FOLDER", "MIGOV_SERVER_ADDRESS"
"""How the supervisor tells its workers where both meet, and under which address it is public; not for people."""
BOARD, RATE, SPOOL = "board", "rate", "spool"

SERVING, SOCKET = "serving", "store"
"""In the folder of a server: the link to the edition that is served; in the folder of an edition: its store."""

BACKLOG = 2048
"""Connections that wait in the kernel until a worker takes them."""
