"""Where the processes of a server meet: names that the supervisor, its front and its editions share."""

FOLDER, PUBLIC = "MIGOV_SERVER_FOLDER", "MIGOV_SERVER_ADDRESS"
"""How the supervisor tells its front where both meet, and under which address it is public; not for people."""
BOARD, RATE, SPOOL = "board", "rate", "spool"

SERVING, SOCKET = "serving", "store"
"""In the folder of a server: the link to the edition that is served; in the folder of an edition: its store."""
