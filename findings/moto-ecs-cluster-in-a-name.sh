#!/usr/bin/env bash
# Library: moto 5.2.5 with boto3 1.44.5 (PyPI), on Python 3.11 or later.
# Behaviour: ListTasks and DescribeTasks of an ECS cluster give, in moto, the tasks of every cluster whose name holds that
#   cluster's name: those of `dask-lab` too where `dask` is asked for, and not the other way round. A test of what sweeps or
#   counts the tasks of one of two environments side by side sees the tasks of the other.
# Seen: in the lists below. The filter of moto's ECS looks for the name inside the ARN of each task's cluster.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'moto[ecs,ec2]==5.2.5' boto3==1.44.5
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
cat > main.py <<'PY'
import boto3
from moto import mock_aws


@mock_aws
def main():
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    network = {
        "subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
        "securityGroups": [ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
    }
    container = {"name": "main", "image": "example/worker:1", "memory": 512}
    ecs.register_task_definition(
        family="worker",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    for name in ("dask", "dask-lab"):
        ecs.create_cluster(clusterName=name)
        ecs.run_task(
            cluster=name,
            taskDefinition="worker",
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
        )
    for name in ("dask", "dask-lab"):
        arns = ecs.list_tasks(cluster=name)["taskArns"]
        described = ecs.describe_tasks(cluster=name, tasks=arns)
        print(f"{name}: lists those of {sorted(arn.split('/')[1] for arn in arns)}, describes {len(described['tasks'])}")


main()
PY
seen=$(venv/bin/python -W ignore main.py)
echo "moto $(venv/bin/pip show moto | sed -n 's/^Version: //p'), $(venv/bin/python --version)"
echo "$seen"
expected="dask: lists those of ['dask', 'dask-lab'], describes 2
dask-lab: lists those of ['dask-lab'], describes 1"
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
