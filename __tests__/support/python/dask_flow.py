"""A flow whose task has a Dask cluster of the layer's configuration do its work, and that writes the result to a bucket."""

import boto3
import dask.array
import ml_infra_dask
from prefect import flow, task

PIECES = 10


@task
def total(numbers: int) -> int:
    with ml_infra_dask.cluster(n_workers=2, name="flow-1") as cluster, cluster.get_client():
        return int(dask.array.arange(numbers, chunks=numbers // PIECES, dtype="int64").sum().compute())


@flow
def sum_up(numbers: int, bucket: str) -> None:
    boto3.client("s3").put_object(Bucket=bucket, Key="sum", Body=str(total(numbers)).encode())
