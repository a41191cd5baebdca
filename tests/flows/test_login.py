"""The Prefect server has a login by default, every command knows it, and nobody else does."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from flows.login import find_login, login_file, login_problem, read_login, use_login
from flows.prefect_env import prepare_prefect, remember_server
from flows.settings import Settings
from models.errors import ConfigurationWrong


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """use_login and prepare_prefect write os.environ: a copy takes their place during the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DANGJIAN_"))}
    monkeypatch.setattr(os, "environ", kept)


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(data_dir=folder, **more)


def test_a_login_is_made_up_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = find_login(settings(tmp_path))
    assert first is not None
    assert first == find_login(settings(tmp_path)) == read_login(settings(tmp_path))
    user, _, password = first.partition(":")
    assert user == "admin"
    assert len(password) >= 32
    assert stat.S_IMODE(login_file(settings(tmp_path)).stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "prefect").iterdir()] == ["login"]


def test_two_places_have_two_logins(tmp_path: Path) -> None:
    assert find_login(settings(tmp_path / "one")) != find_login(settings(tmp_path / "two"))


def test_a_login_that_is_set_is_taken_and_not_written_down(tmp_path: Path) -> None:
    assert find_login(settings(tmp_path, prefect_login="office:secret word")) == "office:secret word"
    assert not login_file(settings(tmp_path)).exists()


@pytest.mark.parametrize("wrong", ["secret", "office:", "办公室:口令"])
def test_a_login_that_nobody_could_type_is_refused_with_what_to_do(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigurationWrong, match="user:password"):
        find_login(settings(tmp_path, prefect_login=wrong))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_login_can_be_switched_off_on_this_machine(tmp_path: Path, host: str) -> None:
    assert find_login(settings(tmp_path, prefect_login="none", prefect_host=host)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "server.example"])
def test_it_can_not_be_switched_off_where_others_reach_the_server(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationWrong, match=r"127\.0\.0\.1"):
        find_login(settings(tmp_path, prefect_login="none", prefect_host=host))


def test_server_and_clients_get_the_same_login(tmp_path: Path) -> None:
    use_login(settings(tmp_path))
    assert os.environ["PREFECT_SERVER_API_AUTH_STRING"] == read_login(settings(tmp_path))
    assert os.environ["PREFECT_API_AUTH_STRING"] == read_login(settings(tmp_path))


def test_what_the_operator_has_set_for_prefect_stands(tmp_path: Path) -> None:
    os.environ["PREFECT_SERVER_API_AUTH_STRING"] = "theirs:word"
    use_login(settings(tmp_path))
    assert os.environ["PREFECT_API_AUTH_STRING"] == "theirs:word"
    assert not login_file(settings(tmp_path)).exists()


def test_our_password_is_never_sent_to_the_server_of_somebody_else(tmp_path: Path) -> None:
    os.environ["PREFECT_API_URL"] = "http://prefect.example/api"
    prepare_prefect(settings(tmp_path))
    assert "PREFECT_API_AUTH_STRING" not in os.environ
    assert not login_file(settings(tmp_path)).exists()


def test_commands_use_the_login_of_the_server_that_is_running(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    remember_server(settings(tmp_path), "http://127.0.0.1:4321/api", os.getpid())
    prepare_prefect(settings(tmp_path))
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert os.environ["PREFECT_API_AUTH_STRING"] == read_login(settings(tmp_path))


def test_a_file_that_others_can_read_is_noticed(tmp_path: Path) -> None:
    assert login_problem(settings(tmp_path)) is None
    find_login(settings(tmp_path))
    assert login_problem(settings(tmp_path)) is None
    login_file(settings(tmp_path)).chmod(0o644)
    assert "0644" in (login_problem(settings(tmp_path)) or "")
