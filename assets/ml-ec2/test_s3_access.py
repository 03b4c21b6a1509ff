#!/opt/ml/bin/python
"""Says whether this machine reaches its two buckets; ends with 1 when it does not."""

import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

with open("/etc/ml/env") as lines:
    settings = dict(line.strip().split("=", 1) for line in lines)
s3 = boto3.client("s3", region_name=settings["AWS_REGION"])

failed = 0
for name in ("DATASETS_BUCKET", "MODELS_BUCKET"):
    try:
        s3.head_bucket(Bucket=settings[name])
        print(f"{settings[name]}: ok")
    except (BotoCoreError, ClientError) as error:
        print(f"{settings[name]}: {error}")
        failed = 1
sys.exit(failed)
