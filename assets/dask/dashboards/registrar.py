"""Keeps the dashboards of running Dask schedulers behind a load balancer: each target group has the newest scheduler of
the clusters whose names begin with its prefix, and nothing else."""

import json
import os
import re

import boto3

PAGE = 100  # most of what DescribeTasks takes
PASSES = 5
FAMILY = re.compile(r"/dask-(?P<name>.+)-scheduler:\d+$")  # of dask-cloudprovider


def handler(event, _context):
    settings = json.loads(os.environ["DASHBOARDS"])
    if event.get("source") == "aws.ecs" and event["detail"].get("clusterArn") != settings["clusterArn"]:
        return []
    return reconcile(boto3.client("ecs"), boto3.client("elbv2"), settings)


def reconcile(ecs, elb, settings):
    """Brings every target group in line with what runs now, whatever the event was, and tells what it changed.

    The state is read again after each change until there is nothing left to change: of two calls at the same time, the
    last one to write also looks last.
    """
    changes = []
    for _ in range(PASSES):
        wanted = wanted_targets(schedulers(ecs, settings["clusterArn"]), settings["dashboards"])
        changed = [change for arn, address in wanted.items() for change in align(elb, arn, address, settings["port"])]
        changes += changed
        if not changed:
            break
    print(json.dumps({"changes": changes}))
    return changes


def schedulers(ecs, cluster):
    """Running schedulers as (age, name of the Dask cluster, address); no two have the same age."""
    found = []
    pages = ecs.get_paginator("list_tasks").paginate(cluster=cluster, desiredStatus="RUNNING")
    arns = [arn for page in pages for arn in page["taskArns"]]
    for first in range(0, len(arns), PAGE):
        for task in ecs.describe_tasks(cluster=cluster, tasks=arns[first : first + PAGE])["tasks"]:
            named = FAMILY.search(task["taskDefinitionArn"])
            address = address_of(task)
            is_scheduler = any(container["name"] == "dask-scheduler" for container in task["containers"])
            if named and address and is_scheduler and task["lastStatus"] == "RUNNING":
                # ECS tells times to the millisecond, which two schedulers may share: then the ARN decides
                age = (task.get("startedAt") or task["createdAt"], task["createdAt"], task["taskArn"])
                found.append((age, named["name"], address))
    return found


def address_of(task):
    for attachment in task.get("attachments", []):
        for detail in attachment.get("details", []):
            if detail["name"] == "privateIPv4Address":
                return detail["value"]
    return None


def wanted_targets(running, dashboards):
    """Address of each target group, None where no cluster is for it. A cluster is for the longest prefix that fits."""
    wanted = {dashboard["targetGroupArn"]: None for dashboard in dashboards}
    for _age, name, address in sorted(running):
        fitting = [dashboard for dashboard in dashboards if name.startswith(dashboard["prefix"])]
        if fitting:
            closest = max(fitting, key=lambda dashboard: len(dashboard["prefix"]))
            wanted[closest["targetGroupArn"]] = address  # the newest comes last
    return wanted


def align(elb, arn, address, port):
    """Makes `address` the only target; one that drains is out already."""
    answer = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    there = [(one["Target"]["Id"], one["Target"]["Port"]) for one in answer if one["TargetHealth"]["State"] != "draining"]
    target = lambda id, port: {"Id": id, "Port": port}
    wanted = [(address, port)] if address else []
    new = [one for one in wanted if one not in there]
    old = [one for one in there if one not in wanted]
    if new:
        elb.register_targets(TargetGroupArn=arn, Targets=[target(*one) for one in new])
    if old:
        elb.deregister_targets(TargetGroupArn=arn, Targets=[target(*one) for one in old])
    return [{"registered": id} for id, _ in new] + [{"deregistered": id} for id, _ in old]
