"""Gives functions that opted in to a layer the version that they are to have."""

import logging
import os
import time

import boto3
from versions import all_functions, versions_of, wanted

LAYER = os.environ["LAYER_NAME"]
DIGEST = os.environ["LAYER_DIGEST"]
PINNED = int(os.environ.get("PINNED_VERSION", "0"))
TAG_KEY, TAG_VALUE = os.environ["OPT_IN_TAG"].split("=", 1)
MOST_LAYERS = 5  # Source: Lambda quotas
ATTEMPTS = 5

log = logging.getLogger()
log.setLevel("INFO")
client = boto3.client("lambda")


def handler(event, _context):
    """
    `{"functions": [...]}`, names, or all functions when absent; only those that opted in by their tag. Gives the version
    and the functions that did not have it yet. Raises once the others have it if a function could not be given it.
    """
    version = wanted(versions_of(client, LAYER), DIGEST, PINNED)
    if version is None:
        log.info("no version of %s yet: its build gives it to all", DIGEST)
        return {"layer_arn": None, "layer_version": None, "updated_functions": []}
    named = (event or {}).get("functions")
    functions = (
        all_functions(client)
        if named is None
        else [client.get_function_configuration(FunctionName=name) for name in named]
    )
    updated, failed = [], []
    for function in functions:
        name = function["FunctionName"]
        try:
            if opted_in(function) and give(name, version["arn"]):
                updated.append(name)
        except Exception as error:  # the other functions are to have it all the same
            log.exception("%s could not be given %s", name, version["arn"])
            failed.append(f"{name}: {error}")
    if failed:
        raise RuntimeError(f"{len(failed)} functions could not be given {version['arn']}: {'; '.join(failed)}")
    return {"layer_arn": version["arn"], "layer_version": version["number"], "updated_functions": updated}


def opted_in(function):
    if not function.get("Runtime", "").startswith("python"):
        return False
    try:
        tags = client.list_tags(Resource=function["FunctionArn"])["Tags"]
    except client.exceptions.ResourceNotFoundException:
        return False  # deleted meanwhile
    return tags.get(TAG_KEY) == TAG_VALUE


def give(name, arn):
    """Puts the version into the place of another one of the layer, or behind all others; False if it is there."""
    for attempt in range(1, ATTEMPTS + 1):
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
        found = client.get_function_configuration(FunctionName=name)
        current = [layer["Arn"] for layer in found.get("Layers", [])]
        layers = replaced(current, arn)
        if layers == current:
            return False
        if len(layers) > MOST_LAYERS:
            raise ValueError(f"has {len(current)} layers, and Lambda takes {MOST_LAYERS}: take one away")
        revision = {key: found[key] for key in ("RevisionId",) if key in found}  # which moto does not tell
        try:
            client.update_function_configuration(FunctionName=name, Layers=layers, **revision)
        except (client.exceptions.ResourceConflictException, client.exceptions.PreconditionFailedException):
            # somebody else changes it, another layer's function perhaps
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
            continue
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
        log.info("%s has %s", name, arn)
        return True


def replaced(current, arn):
    family = arn.rpartition(":")[0]
    mine = [layer.rpartition(":")[0] == family for layer in current]
    if not any(mine):
        return [*current, arn]
    first = mine.index(True)
    return [arn if index == first else layer for index, layer in enumerate(current) if index == first or not mine[index]]
