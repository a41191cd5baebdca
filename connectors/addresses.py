"""Which network addresses may be connected to: public ones, and loopback where the settings name the host."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["explain_forbidden"]

# Not "private" for the standard library, yet never a web site: fake answers of local proxies, and translation prefixes.
_FAKE_DNS = ip_network("198.18.0.0/15")
_TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
# IANA's registers of special purposes, where the standard library of a Python still in use lags behind them.
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
_UNICAST = ip_network("2000::/3")  # all that has ever been given out of IPv6: site-local addresses lie outside


def explain_forbidden(address: str, *, loopback_allowed: bool = False, open_networks: Iterable[str] = ()) -> str | None:
    """Why ``address`` must not be connected to, or None if it may.

    IPv6 forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are refused or judged by what they carry:
    there is no public site that can be reached by them only.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address!r} is not an address"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in ip_network(network) for network in open_networks):
        return None
    if ip.is_loopback:
        return None if loopback_allowed else f"{address} is this machine, which only DANGJIAN_LOOPBACK_HOSTS may name"
    return _explain(ip, address)


def _explain(ip: IPv4Address | IPv6Address, address: str) -> str | None:
    if ip in _FAKE_DNS:
        return f"{address} is a fake answer of a local proxy (198.18.0.0/15); allow it in the settings if you use one"
    if any(ip in network for network in _TRANSLATED):
        return f"{address} is a translated address"
    outside = ip.version == 6 and ip not in _UNICAST
    if outside or not ip.is_global or ip.is_multicast or ip.is_reserved or any(ip in one for one in _SPECIAL):
        return f"{address} is not a public address"
    return None
