"""What `dangjian serve` finds when it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.prefect_env import find_orphan, find_server, remember_server, server_file
from flows.serving import end_orphan
from flows.settings import Settings

ADDRESS = "http://127.0.0.1:4200/api"
needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes can not be told apart")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path)
    made.prefect_home.mkdir(parents=True)
    return made


START = """
import os, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(60)", *sys.argv[1:]]
print(os.getpid(), subprocess.Popen(sleep, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid)
"""


def leave_behind(settings: Settings, *words: str) -> int:
    """A process whose parent notes it as its server and dies."""
    done = subprocess.run([sys.executable, "-c", START, *words], capture_output=True, text=True, check=True)
    parent, pid = map(int, done.stdout.split())
    server_file(settings).write_text(f'{{"url": "{ADDRESS}", "pid": {pid}, "served_by": {parent}}}', "utf8")
    return pid


@needs_proc
def test_a_server_left_behind_by_a_killed_serve_is_ended(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    orphan = leave_behind(settings, "prefect", "server", "start")
    assert find_orphan(settings) == orphan
    assert find_server(settings) == ADDRESS
    end_orphan(settings)
    assert find_orphan(settings) is None
    assert find_server(settings) is None
    assert str(orphan) in capsys.readouterr().err


@needs_proc
def test_a_number_that_another_process_has_by_now_is_left_alone(settings: Settings) -> None:
    stranger = leave_behind(settings, "something", "else")
    end_orphan(settings)
    try:
        os.kill(stranger, 0)
    finally:
        os.kill(stranger, 9)


def test_a_server_whose_serve_is_alive_is_no_orphan(settings: Settings) -> None:
    remember_server(settings, ADDRESS, os.getpid())
    assert find_orphan(settings) is None
    assert find_server(settings) == ADDRESS


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"url": "x"}', '{"url": "x", "pid": "many"}'])
def test_a_damaged_note_counts_as_none(settings: Settings, content: str) -> None:
    server_file(settings).write_text(content, "utf8")
    assert find_orphan(settings) is None
    assert find_server(settings) is None
