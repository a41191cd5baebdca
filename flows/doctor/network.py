"""The network: names of the sites, and our own Prefect server with its schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from connectors.addresses import explain_forbidden
from connectors.http import Resolver
from connectors.register import Register
from connectors.walk import source_hosts
from flows.catalogue import LABELS
from flows.doctor.finding import Finding, bad, good, warn
from flows.doctor.own_server import Server
from flows.report import CHINA
from flows.settings import Settings

__all__ = ["check_names", "check_server", "hosts_of"]

LOOK_UP_SECONDS = 5.0  # what the resolver library waits for its first name server
AT_ONCE = 16
FAKE = ip_network("198.18.0.0/15")
SHOWN = 4  # hosts named on one line
LATE_RUNS = 3
LONG_RUN = timedelta(hours=12)


def hosts_of(register: Register) -> list[str]:
    """Names of hosts that the enabled sources need; patterns and addresses are no names."""
    hosts = {host for source in register.enabled for host in source_hosts(source)}
    return sorted(host for host in hosts if host and "*" not in host and not _is_address(host))


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


async def look_up(hosts: Iterable[str], resolver: Resolver) -> dict[str, Sequence[str] | str]:
    """Addresses of each host, or why there are none."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(host: str) -> tuple[str, Sequence[str] | str]:
        async with gate:
            try:
                async with asyncio.timeout(LOOK_UP_SECONDS):
                    return host, await resolver(host, 443)
            except TimeoutError:
                return host, "无应答 / no answer"
            except (OSError, UnicodeError) as error:
                return host, str(error)

    return dict(await asyncio.gather(*map(one, hosts)))


def check_names(settings: Settings, register: Register, resolver: Resolver) -> Iterator[Finding]:
    """Whether the names of the sites can be resolved, and whether a local proxy answers instead of the name server."""
    stubs = {pair.partition("=")[0] for pair in settings.resolve}
    answers = asyncio.run(look_up([host for host in hosts_of(register) if host not in stubs], resolver))
    addresses = {host: answer for host, answer in answers.items() if answer and not isinstance(answer, str)}
    lost = [host for host in answers if host not in addresses]
    if lost and not addresses:
        advice = "检查网络和 /etc/resolv.conf，见 docs/errors/dns.md"
        yield bad("dns", f"一个域名也解析不了 / no name could be resolved: {_few(lost)}", advice)
        return
    if lost:
        advice = "网站改名或停办？见 docs/errors/dns.md"
        yield warn("dns", f"{len(lost)}/{len(answers)} 解析失败 / failed: {_few(lost)}", advice)
    refused = list(_judge_addresses(settings, addresses))
    yield from refused
    if not lost and not refused:
        yield good("dns", f"{len(answers)} 个域名都能解析 / all resolved")


def _judge_addresses(settings: Settings, addresses: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Names whose addresses would not be connected to."""
    refused = [
        host
        for host, found in addresses.items()
        if any(explain_forbidden(address, open_networks=settings.open_networks) for address in found)
    ]
    fake = [host for host in refused if any(map(_is_fake, addresses[host]))]
    if fake:
        advice = (
            "在 .env 中设置 DANGJIAN_OPEN_NETWORKS=198.18.0.0/15，或让代理放行；见 docs/errors/forbidden-address.md"
        )
        yield bad("dns", f"本机代理给出假地址 / a local proxy gives fake addresses (198.18/15): {_few(fake)}", advice)
    if others := [host for host in refused if host not in fake]:
        yield warn("dns", f"不是公网地址 / not public: {_few(others)}", "见 docs/errors/forbidden-address.md")


def _is_fake(address: str) -> bool:
    try:
        return ip_address(address) in FAKE
    except ValueError:
        return False


def _few(hosts: Iterable[str]) -> str:
    named = list(hosts)
    return "、".join(named[:SHOWN]) + (f" 等 {len(named)} 个" if len(named) > SHOWN else "")


# The Prefect server


def check_server(server: Server | None, now: datetime) -> Iterator[Finding]:
    """Whether the server answers, knows us, and will start the next nightly run."""
    if server is None:
        yield warn(
            "prefect",
            "Prefect 服务器没有运行，定时任务不会启动 / not running, so nothing is scheduled",
            "make serve，或 systemctl start dangjian",
        )
        return
    shown = urlsplit(server.url)._replace(netloc=urlsplit(server.url).netloc.rpartition("@")[2]).geturl()
    try:
        if (status := server.status("health")) != 200:
            yield bad("prefect", f"{shown}: HTTP {status}", "重启 / restart: make serve")
            return
        if (status := server.status("ready")) != 200:
            yield bad(
                "prefect",
                f"{shown}: 数据库不可用 / its database is out of reach (HTTP {status})",
                "看 data/prefect/server.log",
            )
        if server.status("admin/version") == 401:
            yield bad(
                "prefect",
                f"{shown}: 口令不对 / the login is refused",
                "见 docs/errors/login.md；PREFECT_API_AUTH_STRING",
            )
            return
        yield from _examine_schedule(server, shown, now)
        yield from _examine_long_runs(server, now)
    except (OSError, ValueError) as error:
        yield bad("prefect", f"{shown}: 无应答 / no answer ({error})", "make serve；看 data/prefect/server.log")


def _examine_schedule(server: Server, shown: str, now: datetime) -> Iterator[Finding]:
    label = LABELS["nightly"][0]
    found = server.ask("deployments/filter", deployments={"name": {"any_": [label]}})
    if not found:
        yield bad("schedule", f"没有部署“{label}” / is not deployed", "make serve，或 prefect deploy --all")
        return
    [nightly] = found[:1]
    active = [one for one in nightly.get("schedules", ()) if one["active"]]
    if nightly.get("paused") or not active:
        yield bad(
            "schedule", f"“{label}”已暂停 / is paused", "在界面的部署页打开开关 / switch it on on its page in the UI"
        )
        return
    mine = {"deployments": {"id": {"any_": [nightly["id"]]}}}
    coming = server.ask("flow_runs/filter", **mine, flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}}, limit=200)
    late = [run for run in coming if run["state"]["name"] == "Late"]
    ahead = [moment for run in coming if (moment := _moment(run.get("expected_start_time"))) and moment > now]
    if len(late) >= LATE_RUNS or (late and not ahead):
        yield bad(
            "schedule",
            f"{len(late)} 次运行没有执行器来取 / late runs that nobody takes",
            "make serve，或启动 worker / start a worker",
        )
    elif not ahead:
        yield bad(
            "schedule", "没有安排下一次运行 / no next run is planned", "检查 sqlalchemy 版本（见上），重启 make serve"
        )
    else:
        yield good("prefect", f"{shown}，下一次 / next run {min(ahead).astimezone(CHINA):%Y-%m-%d %H:%M} 北京时间")


def _examine_long_runs(server: Server, now: datetime) -> Iterator[Finding]:
    running = server.ask("flow_runs/filter", flow_runs={"state": {"type": {"any_": ["RUNNING"]}}}, limit=50)
    long = [run["name"] for run in running if (began := _moment(run.get("start_time"))) and now - began > LONG_RUN]
    if long:
        yield warn(
            "prefect",
            f"运行了 12 小时以上 / running for more than 12 h: {_few(long)}",
            "在界面中取消它 / cancel it in the UI",
        )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
