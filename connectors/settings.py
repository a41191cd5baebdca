"""How the network is used, for the whole run. Filled from the environment by the caller; plain values here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FetchSettings"]


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Every bound of the fetch layer that is not a matter of one source."""

    product: str = "dangjian-etl/0.1"
    contact: str = ""  # address of the person who runs it, shown to the sites; empty: none is shown
    loopback_hosts: tuple[str, ...] = ()  # hosts that may be on this machine, "127.0.0.1" or "site-3.test"; for tests
    resolve: tuple[tuple[str, str], ...] = ()  # (host, address): answers instead of DNS, for tests
    open_networks: tuple[str, ...] = ()  # further networks that may be connected to, e.g. 198.18.0.0/15 behind a proxy
    connect_seconds: float = 10.0  # a TCP and TLS handshake across China takes well under 3
    silence_seconds: float = 15.0  # longest wait for the next bytes
    retries: int = 2  # after the first attempt; what still fails is for the next run
    backoff_seconds: float = 1.0  # first wait before a retry, doubled each time, with jitter
    longest_wait_seconds: float = 30.0  # Retry-After and crawl-delay are followed up to here
    redirects: int = 5
    wire_mb: float = 10.0  # compressed bytes of one answer
    failures_to_open: int = 5  # failures in a row after which a host is left alone for the run
    obey_robots: bool = True
    http2: bool = True  # where the host offers it

    @property
    def user_agent(self) -> str:
        return f"{self.product} ({'+' + self.contact if self.contact else 'party-building news archive'})"
