"""Starts Dask clusters on Fargate by dask-cloudprovider, from the configuration that the container layer wrote.

    from ml_infra_dask import cluster
    with cluster("s3://bucket/dask/dev-dask/dask.yaml", n_workers=4) as dask_cluster:
        client = dask_cluster.get_client()

dask-cloudprovider 2025.9.0 ignores some keys of its configuration, `fargate_use_private_ip` among them. Here every key is
passed as an argument. `source` is an S3 URI or a file, the variable DASK_CLUSTER_CONFIG when absent, and else Dask's own
configuration.
"""

import inspect
import os

import dask.config
import yaml
from dask_cloudprovider.aws import ECSCluster, FargateCluster

SOURCE = "DASK_CLUSTER_CONFIG"
KEY = "cloudprovider.ecs"
EXTRA_ARGUMENTS = ("scheduler_extra_args", "worker_extra_args")


def cluster(source=None, **arguments):
    """A FargateCluster of the layer's configuration; `arguments` are its own and win over the configuration."""
    chosen = {**arguments_of(load(source)), **arguments}
    if chosen.get("fargate_use_private_ip") is not True:
        raise ValueError("fargate_use_private_ip: must be True, as the layer gives tasks no public address, got "
                         f"{chosen.get('fargate_use_private_ip')}")
    memory = chosen.get("worker_mem", 0)
    if memory % 1024 or memory <= 0:
        raise ValueError("worker_mem: must be a multiple of 1024, as dask-cloudprovider tells workers their memory in "
                         f"whole GiB, got {memory}")
    return FargateCluster(**chosen)


def load(source=None):
    """The settings under `cloudprovider.ecs` of a file, an S3 object, or Dask's own configuration."""
    place = source or os.environ.get(SOURCE)
    if not place:
        return dask.config.get(KEY)
    document = yaml.safe_load(read(place))
    return document["cloudprovider"]["ecs"]


def read(place):
    if not place.startswith("s3://"):
        with open(place, encoding="utf-8") as file:
            return file.read()
    from botocore.session import get_session

    bucket, _, key = place.removeprefix("s3://").partition("/")
    return get_session().create_client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def arguments_of(settings):
    """Arguments of FargateCluster: every setting that is one. Lists of arguments stand as comma-separated text there."""
    known = inspect.signature(ECSCluster.__init__).parameters
    fixed = ("fargate_scheduler", "fargate_workers")  # FargateCluster passes these itself
    chosen = {key: value for key, value in settings.items() if key in known and key not in fixed and value is not None}
    for key in EXTRA_ARGUMENTS:
        if isinstance(chosen.get(key), str):
            chosen[key] = chosen[key].split(",")
    return chosen
