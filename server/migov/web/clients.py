"""Who asks: the peer of the connection, or, behind a proxy that the operator trusts, whom the proxy names."""

import ipaddress
import re
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
_PORT = re.compile(r"^(?:\[(?P<six>[^\]]+)\]|(?P<four>[^:]+))(?::\d+)?$")
_PREFIX_6 = 64  # what one customer of a provider is given (RFC 6177): more addresses than could be counted apart


class Networks:
    """A list of networks as the operator writes it: addresses or networks, between commas or spaces."""

    def __init__(self, text: str) -> None:
        """Raises ValueError, with one plain sentence, for what is neither address nor network."""
        self._networks: list[Network] = [_network(word) for word in re.split(r"[,\s]+", text) if word]

    def __contains__(self, address: Address | None) -> bool:
        return address is not None and any(
            address.version == network.version and address in network for network in self._networks
        )

    def __bool__(self) -> bool:
        return bool(self._networks)


@dataclass(frozen=True)
class Client:
    """Who asks: the address as text, '' when unknown; and whether a proxy without our trust stands between."""

    name: str
    address: Address | None
    behind: bool = False

    @property
    def counted_as(self) -> str:
        """The name under which requests are counted: an IPv6 client is its whole network of 64 bits."""
        if isinstance(self.address, ipaddress.IPv6Address):
            return str(ipaddress.IPv6Network((self.address, _PREFIX_6), strict=False))
        return self.name


class Clients:
    """Finds the client of a request; remembers the last peers, since a connection carries many requests."""

    def __init__(self, trusted: Networks) -> None:
        self._trusted = trusted
        self._known: dict[str, Client] = {}

    def of(self, peer: str, headers: dict[str, str]) -> Client:
        """Return the client behind a peer, which is ``address:port``.

        ``X-Forwarded-For`` is read from its end, which the nearest proxy wrote, back over proxies that are trusted.
        The first address that is not is the client; what a client wrote itself stands before it and counts nothing.
        """
        host = peer.rpartition(":")[0]
        client = self._known.get(host) or self._peer(host)
        if self._trusted and client.address in self._trusted:
            return self._forwarded(client, headers.get("x-forwarded-for", ""))
        if any(name in headers for name in _FORWARDED):
            return Client(client.name, client.address, behind=True)
        return client

    def _peer(self, host: str) -> Client:
        address = _address(host)
        client = Client(str(address) if address else host, address)
        if len(self._known) > 1000:
            self._known.clear()
        self._known[host] = client
        return client

    def _forwarded(self, proxy: Client, chain: str) -> Client:
        client = proxy
        for word in reversed([word.strip() for word in chain.split(",") if word.strip()]):
            address = _address(word)
            if address is None:
                break
            client = Client(str(address), address)
            if address not in self._trusted:
                break
        return client


def _network(word: str) -> Network:
    try:
        return ipaddress.ip_network(word, strict=False)
    except ValueError:
        raise ValueError(f"{word!r} is neither an address nor a network.") from None


def _address(text: str) -> Address | None:
    """Read an address with or without a port; IPv4 within IPv6 is IPv4. None for anything else."""
    found = _PORT.match(text)
    bare = (found["six"] or found["four"]) if found else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
