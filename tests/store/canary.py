"""A web server that only remembers whether anybody came."""

import socket
from threading import Thread


class Canary:
    """It must not be visited: whoever comes was led here by a query."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.visits = 0
        self.thread = Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        while True:
            visitor, _ = self.listener.accept()
            with visitor:
                visitor.settimeout(5)
                if visitor.recv(4) == b"STOP":
                    return
                self.visits += 1

    def stop(self) -> None:
        with socket.create_connection(self.listener.getsockname()) as connection:
            connection.sendall(b"STOP")
        self.thread.join()
        self.listener.close()
