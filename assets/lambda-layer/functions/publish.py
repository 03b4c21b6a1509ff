"""Publishes what a build of a layer made, shares all versions with those who may use them, and deletes old ones."""

import json
import logging
import os

import boto3
from botocore.exceptions import ClientError
from versions import all_functions, described, versions_of, wanted

LAYER = os.environ["LAYER_NAME"]
BUCKET = os.environ["BUCKET_NAME"]
DESCRIPTION = os.environ["LAYER_DESCRIPTION"]
RUNTIMES = os.environ["COMPATIBLE_RUNTIMES"].split(",")
ARCHITECTURES = os.environ["COMPATIBLE_ARCHITECTURES"].split(",")
KEPT = int(os.environ["VERSIONS_KEPT"])
PINNED = int(os.environ.get("PINNED_VERSION", "0"))
ACCOUNTS = [account for account in os.environ.get("ACCOUNT_IDS", "").split(",") if account]
ORGANIZATION = os.environ.get("ORGANIZATION_ID", "")

log = logging.getLogger()
log.setLevel("INFO")
client = boto3.client("lambda")
s3 = boto3.client("s3")


def handler(event, _context):
    """
    `{"digest": ..., "build": ...}`: of which sources, and by which build; without a build the version that these sources
    have is left as it is. Gives its ARN and number, and whether it is new. A second call publishes nothing.
    """
    digest, build = event["digest"], event.get("build")
    versions = versions_of(client, LAYER)
    key, value = ("build", build) if build else ("digest", digest)
    found = next((version for version in versions if version[key] == value), None)
    published = found is None
    if published:
        found = publish(digest, build or "none")
        versions = [found, *versions]
    deleted = prune(versions, digest)
    share([version for version in versions if version["number"] not in deleted])
    return {"layer_arn": found["arn"], "layer_version": found["number"], "published": published, "deleted": deleted}


def publish(digest, build):
    key = f"layer/{digest}.zip"
    try:
        s3.head_object(Bucket=BUCKET, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
            raise
        raise FileNotFoundError(f"there is no s3://{BUCKET}/{key}: build the layer first") from error
    made = client.publish_layer_version(
        LayerName=LAYER,
        Description=described(DESCRIPTION, digest, build),
        Content={"S3Bucket": BUCKET, "S3Key": key},
        CompatibleRuntimes=RUNTIMES,
        CompatibleArchitectures=ARCHITECTURES,
    )
    log.info("published %s", made["LayerVersionArn"])
    return {"number": made["Version"], "arn": made["LayerVersionArn"], "digest": digest, "build": build}


def prune(versions, digest):
    """Deletes all but the newest versions, and never one that functions have or are to have. Gives the numbers."""
    old = versions[KEPT:]
    if not old:
        return []
    needed = {layer["Arn"] for function in all_functions(client, FunctionVersion="ALL") for layer in function.get("Layers", [])}
    given = wanted(versions, digest, PINNED)
    deleted = [version["number"] for version in old if version != given and version["arn"] not in needed]
    for number in deleted:
        client.delete_layer_version(LayerName=LAYER, VersionNumber=number)
        log.info("deleted version %s", number)
    return deleted


def share(versions):
    """Lets accounts and an organization use the versions, and nobody else."""
    permitted = {f"account-{account}": {"Principal": account} for account in ACCOUNTS}
    if ORGANIZATION:
        permitted[f"organization-{ORGANIZATION}"] = {"Principal": "*", "OrganizationId": ORGANIZATION}
    for version in versions:
        which = {"LayerName": LAYER, "VersionNumber": version["number"]}
        there = statement_ids(which)
        for sid in there - permitted.keys():
            client.remove_layer_version_permission(**which, StatementId=sid)
            log.info("version %s is no longer shared with %s", version["number"], sid)
        for sid in sorted(permitted.keys() - there):
            principal = permitted[sid]
            client.add_layer_version_permission(**which, StatementId=sid, Action="lambda:GetLayerVersion", **principal)
            log.info("version %s is shared with %s", version["number"], sid)


def statement_ids(which):
    try:
        policy = json.loads(client.get_layer_version_policy(**which)["Policy"])
    except client.exceptions.ResourceNotFoundException:
        return set()
    return {statement["Sid"] for statement in policy["Statement"]}
