"""Makes CloudFront forget the files of a site that have changed: one invalidation for each batch of S3's events."""

import hashlib
import json
import os
import re
from urllib.parse import quote

import boto3

INDEX = "index.html"
# CloudFront Developer Guide, "What you need to know when invalidating files": at most so long
LONGEST_PATH = 4000

cloudfront = boto3.client("cloudfront")


def handler(event, _context):
    """Takes messages of SQS, each an event of EventBridge; gives back those that it cannot read.

    Where CloudFront refuses, all of them are tried again: it takes 15 paths with wildcards and 3000 others at a time.
    """
    settings = json.loads(os.environ["INVALIDATION"])
    immutable = re.compile(settings["immutable"])
    paths, ids, unreadable = set(), [], []
    for record in event["Records"]:
        try:
            message = json.loads(record["body"])
            key, event_id = message["detail"]["object"]["key"], message["id"]
            if not isinstance(key, str) or not isinstance(event_id, str):
                raise TypeError("key and id must be texts")
        except (KeyError, TypeError, ValueError) as error:
            print(json.dumps({"level": "error", "messageId": record["messageId"], "error": repr(error)}))
            unreadable.append({"itemIdentifier": record["messageId"]})
            continue
        if immutable.search(key):
            continue
        ids.append(event_id)
        paths.update(paths_of(key))
    if paths:
        invalidate(settings["distributionId"], bounded(paths, settings["mostPaths"]), ids)
    return {"batchItemFailures": unreadable}


def paths_of(key):
    """Paths of an object: its own, and the clean addresses that show it."""
    names = [key]
    if key == INDEX:
        names.append("")
    elif key.endswith("/" + INDEX):
        folder = key.removesuffix(INDEX)
        names += [folder, folder.removesuffix("/")]
    elif key.endswith(".html"):
        names.append(key.removesuffix(".html"))
    return ["/" + quote(name, safe="/-._~!$&'()+,;=:@") for name in names]


def bounded(paths, most):
    """The paths in order, or all of the site where these are more than it takes."""
    if len(paths) > most or any(len(path) > LONGEST_PATH for path in paths):
        return ["/*"]
    return sorted(paths)


def invalidate(distribution_id, paths, ids):
    """Asks for the invalidation; the same events ask for the same one, however often they come."""
    reference = hashlib.sha256("\n".join([*sorted(set(ids)), *paths]).encode()).hexdigest()
    answer = cloudfront.create_invalidation(
        DistributionId=distribution_id,
        InvalidationBatch={"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference},
    )
    print(json.dumps({"level": "info", "invalidation": answer["Invalidation"]["Id"], "paths": paths}))
