"""What housekeeping drops outside the corpus: old reports, results that only Retry needs, and Prefect's own history."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterEndTime,
)
from prefect.exceptions import ObjectNotFound
from prefect.settings import get_current_settings

from flows.settings import Settings

__all__ = ["Dropped", "drop_files", "drop_history", "old_files", "result_folder"]

# What the server hands out in one answer at the most.
PAGE = 200


@dataclass(frozen=True, slots=True)
class Dropped:
    number: int = 0
    size: int = 0  # bytes


def result_folder() -> Path:
    """Where Prefect keeps the results by which Retry knows what was done."""
    return get_current_settings().results.local_storage_path


def old_files(folder: Path, pattern: str, before: datetime) -> Iterator[Path]:
    """Files of this very folder that were last written before then."""
    if folder.is_dir():
        yield from (f for f in sorted(folder.glob(pattern)) if f.is_file() and f.stat().st_mtime < before.timestamp())


def drop_files(settings: Settings, reports_before: datetime | None, results_before: datetime, *, dry: bool) -> Dropped:
    """Old reports and old results."""
    files = list(old_files(result_folder(), "*", results_before))
    if reports_before:
        files += old_files(settings.reports_dir, "????-??-??-??????-*.md", reports_before)
    size = 0
    for file in files:
        size += file.stat().st_size
        if not dry:
            file.unlink(missing_ok=True)
    return Dropped(len(files), size)


async def drop_history(before: datetime, *, dry: bool) -> Dropped:
    """Flow runs of Prefect that ended before then, with their tasks, logs and artifacts. Through its API."""
    dropped = 0
    async with get_client() as client:
        while runs := await _ended(client, before, offset=dropped if dry else 0):
            for run in runs:
                if not dry:
                    await _drop_run(client, run)
            dropped += len(runs)
    return Dropped(dropped)


async def _ended(client: PrefectClient, before: datetime, *, offset: int) -> list[UUID]:
    ended = FlowRunFilter(end_time=FlowRunFilterEndTime.model_validate({"before_": before}))
    return [run.id for run in await client.read_flow_runs(flow_run_filter=ended, limit=PAGE, offset=offset)]


async def _drop_run(client: PrefectClient, run: UUID) -> None:
    """One run. Tasks and logs go with it; artifacts have to be dropped one by one."""
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
    for artifact in await client.read_artifacts(artifact_filter=of_run, limit=PAGE):
        try:
            await client.delete_artifact(artifact.id)
        except ObjectNotFound:
            continue
    try:
        await client.delete_flow_run(run)
    except ObjectNotFound:
        return
    # The server has pages to answer meanwhile, and its SQLite takes one writer.
    await asyncio.sleep(0)
