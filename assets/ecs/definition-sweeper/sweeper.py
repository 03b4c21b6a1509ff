"""Deregisters and deletes ECS task definitions that programs leave behind: those of a family prefix and with given tags
that are old enough and belong to nothing that runs."""

import datetime
import json
import os

import boto3

PAGE = 100  # most of what DescribeTasks takes
DELETED_AT_ONCE = 10  # most of what DeleteTaskDefinitions takes


def handler(_event, _context):
    return sweep(boto3.client("ecs"), json.loads(os.environ["SWEEP"]), datetime.datetime.now(datetime.timezone.utc))


def sweep(ecs, rule, now):
    """Sweeps by `rule`, an object with prefix, groupSuffixes, keepNewest, hours, tags and clusters; tells what went."""
    before = now - datetime.timedelta(hours=rule["hours"])
    old = {status: list(candidates(ecs, rule, status, before)) for status in ("ACTIVE", "INACTIVE")}
    # after the definitions were listed: a task that has started since is seen
    used = used_definitions(ecs, rule["clusters"])
    busy = {group_of(arn, rule) for arn in used} if rule["groupSuffixes"] else set()

    def idle(arn):
        return arn not in used and group_of(arn, rule) not in busy

    faults = []
    deregistered = [arn for arn in old["ACTIVE"] if idle(arn) and attempt(faults, arn, lambda arn=arn: ecs.deregister_task_definition(taskDefinition=arn))]
    deleted = []
    gone = [arn for arn in old["INACTIVE"] if idle(arn)]
    for first in range(0, len(gone), DELETED_AT_ONCE):
        batch = gone[first : first + DELETED_AT_ONCE]
        answer = attempt(faults, batch[0], lambda batch=batch: ecs.delete_task_definitions(taskDefinitions=batch))
        failures = answer["failures"] if answer else []
        faults += [f"{failure['arn']}: {failure['reason']}" for failure in failures]
        failed = {failure["arn"] for failure in failures}
        deleted += [arn for arn in batch if answer and arn not in failed]
    done = {"deregistered": deregistered, "deleted": deleted}
    print(json.dumps({**done, "faults": faults}))
    if faults:
        raise RuntimeError(f"{len(faults)} definitions are left: {'; '.join(faults)}")
    return done


def candidates(ecs, rule, status, before):
    """Definitions of the rule's families with its tags that are older than `before`; not the newest that are to stay."""
    families = pages(ecs, "list_task_definition_families", "families", familyPrefix=rule["prefix"], status="ALL")
    for family in families:
        arns = list(pages(ecs, "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status=status))
        newest_first = sorted((arn for arn in arns if family_of(arn) == family), key=revision_of, reverse=True)
        for arn in newest_first[rule["keepNewest"] if status == "ACTIVE" else 0 :]:
            described = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
            tags = {tag["key"]: tag["value"] for tag in described.get("tags", [])}
            definition = described["taskDefinition"]
            since = definition.get("deregisteredAt") or definition["registeredAt"]
            if rule["tags"].items() <= tags.items() and since < before:
                yield arn


def used_definitions(ecs, clusters):
    """Definitions of all tasks that run or are about to."""
    used = set()
    for cluster in clusters:
        arns = list(pages(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus="RUNNING"))
        for first in range(0, len(arns), PAGE):
            tasks = ecs.describe_tasks(cluster=cluster, tasks=arns[first : first + PAGE])["tasks"]
            used |= {task["taskDefinitionArn"] for task in tasks}
    return used


def pages(ecs, call, key, **arguments):
    for page in ecs.get_paginator(call).paginate(**arguments):
        yield from page[key]


def attempt(faults, arn, call):
    """What `call` answers; None with a fault noted when it fails, so that one definition does not keep the others."""
    try:
        return call()
    except Exception as error:
        faults.append(f"{arn}: {error}")
        return None


def family_of(arn):
    return arn.rsplit("/", 1)[-1].rsplit(":", 1)[0]


def revision_of(arn):
    return int(arn.rsplit(":", 1)[-1])


def group_of(arn, rule):
    """Name that families which are used together share."""
    family = family_of(arn)
    ending = next((suffix for suffix in rule["groupSuffixes"] if family.endswith(suffix)), "")
    return family[: len(family) - len(ending)]
