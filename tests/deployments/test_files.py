"""The files that put the program on a machine say only what is true: commands, settings and folders that exist."""

from __future__ import annotations

import getpass
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from flows.catalogue import FLOWS
from flows.cli import app
from flows.deploying import POOL
from flows.settings import Settings
from tests.flows.conftest import DANGJIAN

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "deployments"
COMMANDS: dict[str, Any] = dict(get_command(app).commands)  # type: ignore[attr-defined]
SETTINGS = {f"DANGJIAN_{name.upper()}" for name in Settings.model_fields}
# Names that only the compose file itself uses: passwords out of which addresses are made.
OF_COMPOSE = {"DANGJIAN_DB_PASSWORD"}
UNITS = sorted([*FOLDER.glob("*.service"), *FOLDER.glob("*.timer")])


def read(name: str) -> str:
    return (FOLDER / name).read_text("utf8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(read("compose.yaml")))


def dangjian_calls(text: str) -> list[list[str]]:
    """Every call of our command in a text, as words."""
    return [call.split() for call in re.findall(r"\bdangjian ((?:[a-z]+)(?: +--?[a-z][\w-]*(?: +[\w/.:]+)?)*)", text)]


def check_call(words: list[str]) -> None:
    assert words[0] in COMMANDS, words
    options = {option for parameter in COMMANDS[words[0]].params for option in parameter.opts}
    assert {word for word in words[1:] if word.startswith("-")} <= options, words


def commands_of(service: dict[str, Any]) -> str:
    return " ".join(service.get("command", []))


def test_the_services_of_a_team_are_there_and_start_in_order(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"db", "server", "deploy", "worker", "web", "backup"}
    assert set(services["server"]["depends_on"]) == {"db"}
    assert set(services["deploy"]["depends_on"]) == {"db", "server"}
    for name in ("worker", "web", "backup"):
        assert services[name]["depends_on"] == {"deploy": {"condition": "service_completed_successfully"}}
    for name, service in services.items():
        assert service["restart"] == ("on-failure" if name == "deploy" else "unless-stopped"), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (FOLDER / source).exists(), volume


def test_every_command_of_the_services_exists(compose: dict[str, Any]) -> None:
    said = "\n".join(commands_of(service) for service in compose["services"].values())
    calls = dangjian_calls(said)
    assert [call[0] for call in calls] == ["migrate", "deploy", "web", "backup"]
    for call in calls:
        check_call(call)
    assert f"--pool {POOL}" in said


def test_every_setting_that_is_named_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        named = {name for name in service.get("environment", {}) if name.startswith("DANGJIAN_")}
        assert named <= SETTINGS | OF_COMPOSE
    for name in ("compose.yaml", ".env.example", "Containerfile", *(unit.name for unit in UNITS)):
        named = set(re.findall(r"DANGJIAN_[A-Z_]+", read(name)))
        assert named <= SETTINGS | OF_COMPOSE, name


def test_no_secret_is_in_the_repository_and_none_has_a_default(compose: dict[str, Any]) -> None:
    example = dict(line.split("=", 1) for line in read(".env.example").splitlines() if re.match(r"[A-Z_]+=", line))
    assert set(example.values()) == {""}
    used = re.findall(r"\$\{([A-Z_]+)(:\?|:-)\}", read("compose.yaml"))
    assert {name for name, _ in used} == set(example)
    for name, rule in used:
        if "PASSWORD" in name or "LOGIN" in name or "USER" in name:
            assert rule == ":?", f"{name} must not be empty"
    assert "$" not in re.sub(r"\$\{[A-Z_]+(:\?|:-)\}|\$\$", "", read("compose.yaml"))
    for ignored in (".gitignore", ".dockerignore"):
        assert re.search(r"^(\*\*/)?\.env$", (ROOT / ignored).read_text("utf8"), re.M), ignored


def test_the_server_asks_for_a_login_and_is_reached_from_this_host_only(compose: dict[str, Any]) -> None:
    server = compose["services"]["server"]["environment"]
    client = compose["services"]["worker"]["environment"]
    assert server["PREFECT_SERVER_API_AUTH_STRING"] == client["PREFECT_API_AUTH_STRING"] == "${PREFECT_LOGIN:?}"
    for service in compose["services"].values():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")


def test_prefect_and_the_corpus_have_a_database_each(compose: dict[str, Any]) -> None:
    corpus = compose["services"]["worker"]["environment"]["DANGJIAN_DATABASE_URL"]
    prefect = compose["services"]["server"]["environment"]["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert corpus.endswith("@db:5432/dangjian")
    assert prefect.endswith("@db:5432/prefect")
    assert prefect.startswith("postgresql+asyncpg://")


def test_the_image_is_built_from_what_is_there_by_a_user_without_rights() -> None:
    text = read("Containerfile")
    steps = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    for step in steps:
        if step.startswith("COPY ") and "--from" not in step:
            for source in step.split()[1:-1]:
                assert (ROOT / source).exists(), step
    install = next(step for step in steps if "requirements.lock" in step and "install" in step)
    assert "--require-hashes" in install
    assert "--no-deps" in install
    assert not re.search(r"https?://|index-url", text)
    user = steps.index("USER dangjian")
    assert user < next(number for number, step in enumerate(steps) if step.startswith("CMD"))
    for line in steps:
        if line.startswith(("CMD", "HEALTHCHECK")):
            words = re.findall(r'"([^"]+)"', line)
            assert words[0] == "dangjian"
            check_call(words[1:])


def test_the_work_pool_offers_what_serve_offers() -> None:
    said = yaml.safe_load(read("prefect.yaml"))
    assert said["pull"] == []
    deployments = said["deployments"]
    assert [(d["name"], d["entrypoint"]) for d in deployments] == [
        (offer.label, offer.entrypoint.replace(":", ".")) for offer in FLOWS
    ]
    for offer, deployment in zip(FLOWS, deployments, strict=True):
        assert deployment["description"] == offer.description
        assert deployment["work_pool"] == {"name": POOL}
        cron = Settings.model_fields["schedule"].default if offer.name == "nightly" else offer.weekly
        schedules = [{"cron": cron, "timezone": "Asia/Shanghai"}] if cron else None
        assert deployment.get("schedules") == schedules
        assert deployment.get("concurrency_limit") == (
            {"limit": 1, "collision_strategy": "CANCEL_NEW"} if offer.alone else None
        )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_call_commands_that_exist(unit: Path) -> None:
    text = unit.read_text("utf8")
    for line in re.findall(r"^ExecStart=(.+)$", text, re.M):
        program, _, rest = line.partition(" ")
        if program.endswith("/dangjian"):
            check_call(rest.split())
    if unit.suffix == ".service":
        assert "NoNewPrivileges=true" in text
        assert re.search(r"^User=dangjian$", text, re.M)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """On copies whose programs and user exist here."""
    for unit in UNITS:
        text = unit.read_text("utf8").replace("/opt/dangjian-etl/.venv/bin", str(DANGJIAN.parent))
        (tmp_path / unit.name).write_text(text.replace("User=dangjian\n", f"User={getpass.getuser()}\n"), "utf8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "dangjian" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_script_for_postgresql_can_be_run() -> None:
    assert (FOLDER / "postgres-init.sh").stat().st_mode & stat.S_IXUSR
    subprocess.run(["sh", "-n", str(FOLDER / "postgres-init.sh")], check=True)
