"""`dangjian deploy`, for a team with workers: tell a running Prefect server of all flows in deployments/prefect.yaml.

dangjian deploy            once after every upgrade
prefect worker start ...   on every machine that works; the table is in docs/running.md
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time

from flows.catalogue import FLOWS, name_fields
from flows.prefect_env import prepare_prefect
from flows.settings import CHECKOUT, load_settings

__all__ = ["POOL", "PREFECT_FILE", "deploy_all"]

POOL = "dangjian"
PREFECT_FILE = CHECKOUT / "deployments" / "prefect.yaml"
# In a compose file the server starts at the same time and migrates its database first.
WAIT_SECONDS = 180.0


def deploy_all() -> int:
    """Make the work pool and the automation, deploy every flow. Doing it again changes nothing. The exit status."""
    prepare_prefect(load_settings())
    if "PREFECT_API_URL" not in os.environ:
        print("没有服务器 / no server: 设置 PREFECT_API_URL，或先 dangjian serve", file=sys.stderr)
        return 1
    if not asyncio.run(_prepare_server()):
        print(f"服务器没有应答 / no answer: {os.environ['PREFECT_API_URL']}", file=sys.stderr)
        return 1
    deployed = _deploy()
    if deployed == 0:
        asyncio.run(_name_forms())
    return deployed


def _deploy() -> int:
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(PREFECT_FILE)]
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode  # noqa: S603


async def _prepare_server() -> bool:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    from flows.watch import install_crash_automation

    deadline = time.monotonic() + WAIT_SECONDS
    async with get_client() as client:
        while await client.api_healthcheck() is not None:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(1)
        try:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            print(f"工作池已存在 / the work pool is there: {POOL}")
    await install_crash_automation()
    return True


async def _name_forms() -> None:
    """`prefect deploy` has heads for the fields of a form from nowhere but the names of the parameters."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import DeploymentUpdate

    async with get_client() as client:
        for offer in FLOWS:
            deployment = await client.read_deployment_by_name(f"{offer.name}/{offer.label}")
            form = deployment.parameter_openapi_schema or {}
            name_fields(form.get("properties", {}))
            await client.update_deployment(deployment.id, DeploymentUpdate(parameter_openapi_schema=form))
