"""Clients of AWS that give up before a lease does."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

FAULTS = (BotoCoreError, ClientError, TimeoutError)
"""What a call of AWS may raise; the next one may succeed."""

_PATIENCE = ClientConfig(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})


@cache
def client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region, config=_PATIENCE)
