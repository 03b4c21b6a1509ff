"""POST /process: turns results of OCR in the raw bucket into items of the table, and shows their images on the site."""

import json
import os
import re
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from uuid import UUID

import boto3
from boto3.dynamodb.types import TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

try:
    import receipts
except ImportError:  # its layer is built by the first deployment, and given to this function minutes later
    receipts = None

MOST_UUIDS = 20
THREADS = 5
BATCH = 25  # most items of one BatchWriteItem
LABEL = "RECEIPT_WORD_LABEL"  # type of items that people work on
ATTEMPTS = 6
LONGEST_PREFIX = 200
LARGEST_RESULT = 10 * 1024**2  # bytes
PNG = b"\x89PNG\r\n\x1a\n"  # first bytes of such an image
PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "ThrottlingException",
    "TooManyRequestsException",
}
MISSING = {"404", "NoSuchKey"}


class BadRequest(Exception):
    """The request is wrong; the message is for the caller."""


class Throttled(Exception):
    """The table or the bucket takes no more for now."""


@cache
def client(service: str) -> Any:
    config = Config(
        connect_timeout=1,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=2 * THREADS,
    )
    return boto3.client(service, config=config)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answers with what became of each image: 200, or the status that says why there is no such answer."""
    if event["requestContext"]["http"]["method"] != "POST":
        return answer(405, {"error": "the method must be POST"}, {"allow": "POST"})
    if receipts is None:
        text = "the layer with the package receipts is not there yet: try again in a few minutes"
        return answer(503, {"error": text}, {"retry-after": "60"})
    try:
        raw_prefix, cdn_prefix, images = request_of(event)
    except BadRequest as error:
        return answer(400, {"error": str(error)})
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - 2
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(lambda image: attempt(image, raw_prefix, cdn_prefix, deadline), images))
    states = {result["status"] for result in results}
    if states == {"throttled"}:
        return answer(503, {"error": "too many requests at once: try again in a moment"}, {"retry-after": "1"})
    if states == {"failed"}:
        return answer(500, {"error": "the request failed: its log tells why"})
    return answer(200, {"results": results})


def answer(status: int, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    common = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": common | (headers or {}), "body": json.dumps(body)}


def request_of(event: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Prefix of the raw bucket, prefix of the site's bucket and ids of the images; raises BadRequest."""
    text = event.get("body") or ""
    try:
        body = json.loads(b64decode(text) if event.get("isBase64Encoded") else text)
    except (ValueError, RecursionError):
        raise BadRequest("the body must be JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("the body must be an object with raw_prefix, uuids and cdn_prefix")
    if extra := sorted(body.keys() - {"raw_prefix", "uuids", "cdn_prefix"}):
        raise BadRequest(f"{shown(extra[0])} must be left out: the body has raw_prefix, uuids and cdn_prefix")
    media = os.environ["MEDIA_PREFIX"]
    cdn_prefix = prefix_of(body, "cdn_prefix")
    if not f"{cdn_prefix}/".startswith(media):
        raise BadRequest(f"cdn_prefix must be below {media}, got {shown(cdn_prefix)}")
    return prefix_of(body, "raw_prefix"), cdn_prefix, uuids_of(body)


def prefix_of(body: dict[str, Any], key: str) -> str:
    """Prefix of objects without a slash at its ends; raises BadRequest."""
    value = body.get(key)
    if isinstance(value, str):
        text = value.removesuffix("/")
        if len(text) <= LONGEST_PREFIX and PREFIX.fullmatch(text):
            return text
    raise BadRequest(
        f"{key} must be a path of 1 to {LONGEST_PREFIX} letters, digits, dots, hyphens, _ and slashes, "
        f"no part of which begins with a dot, got {given(body, key)}"
    )


def uuids_of(body: dict[str, Any]) -> list[str]:
    """Ids in lower case, each once; raises BadRequest."""
    value = body.get("uuids")
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_UUIDS:
        got = len(listed) if isinstance(listed, list) else given(body, "uuids")
        raise BadRequest(f"uuids must be a list of 1 to {MOST_UUIDS}, or a text with commas between them, got {got}")
    return list(dict.fromkeys(uuid_of(text, index) for index, text in enumerate(listed)))


def uuid_of(text: Any, index: int) -> str:
    """A UUID as it stands in keys; raises BadRequest."""
    if isinstance(text, str):
        trimmed = text.strip().lower()
        try:
            if str(UUID(trimmed)) == trimmed:
                return trimmed
        except ValueError:
            pass
    raise BadRequest(f"uuids[{index}] must be a UUID such as 0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f, got {shown(text)}")


def given(body: dict[str, Any], key: str) -> str:
    return shown(body[key]) if key in body else "nothing"


def shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def attempt(image: str, raw_prefix: str, cdn_prefix: str, deadline: float) -> dict[str, Any]:
    """What became of an image; the log tells what the caller is not told."""
    if time.monotonic() > deadline:
        return {"uuid": image, "status": "skipped", "error": "there was no time left for it: ask again"}
    try:
        return {"uuid": image, "status": "processed", "items": process(image, raw_prefix, cdn_prefix, deadline)}
    except FileNotFoundError as error:
        return {"uuid": image, "status": "missing", "error": f"{error} is not in the raw bucket"}
    except receipts.OcrError as error:
        return {"uuid": image, "status": "invalid", "error": str(error)}
    except Throttled:
        return {"uuid": image, "status": "throttled", "error": "too many requests at once: try again in a moment"}
    except (ClientError, BotoCoreError, OSError) as error:
        print(json.dumps({"image": image, "error": str(error)}))
        if isinstance(error, ClientError) and error.response["Error"]["Code"] in THROTTLED:
            return {"uuid": image, "status": "throttled", "error": "too many requests at once: try again in a moment"}
        return {"uuid": image, "status": "failed", "error": "its log tells why"}


def process(image: str, raw_prefix: str, cdn_prefix: str, deadline: float) -> int:
    """
    Copies the image, then writes the items of its result, in that order: who finds an item finds its image. All that is
    written follows from what is read, so that a second call changes nothing. Gives the number of items.
    """
    raw_bucket, site_bucket = os.environ["RAW_BUCKET"], os.environ["SITE_BUCKET"]
    source = f"{raw_prefix}/{image}"
    result, added = read(raw_bucket, f"{source}.json")
    first, _ = read(raw_bucket, f"{source}.png", f"bytes=0-{len(PNG) - 1}")
    if first != PNG:
        raise receipts.OcrError(f"{source}.png: must be a PNG image")
    shown_key = f"{cdn_prefix}/{image}.png"
    items = receipts.items_of(
        receipts.parse(result),
        image,
        timestamp_added=added.isoformat(),
        raw_s3_bucket=raw_bucket,
        raw_s3_key=f"{source}.png",
        cdn_s3_bucket=site_bucket,
        cdn_s3_key=shown_key,
    )
    client("s3").copy_object(
        CopySource={"Bucket": raw_bucket, "Key": f"{source}.png"},
        Bucket=site_bucket,
        Key=shown_key,
        MetadataDirective="REPLACE",  # the site is not told what others wrote on the original
        TaggingDirective="REPLACE",
        ContentType="image/png",
    )
    write(items, deadline)
    return len(items)


def read(bucket: str, key: str, part: str | None = None) -> tuple[bytes, Any]:
    """An object and when it was written; raises FileNotFoundError, and OcrError for one that is empty or too large."""
    try:
        found = client("s3").get_object(Bucket=bucket, Key=key, **({"Range": part} if part else {}))
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise FileNotFoundError(key) from None
        if error.response["Error"]["Code"] == "InvalidRange":
            raise receipts.OcrError(f"{key}: must not be empty") from None
        raise
    with found["Body"] as stream:
        if found["ContentLength"] > LARGEST_RESULT:
            raise receipts.OcrError(f"{key}: must have at most {LARGEST_RESULT} bytes, got {found['ContentLength']}")
        return stream.read(), found["LastModified"]


def write(items: list[dict[str, Any]], deadline: float) -> None:
    """
    Writes items in batches, and again what the table left; raises Throttled when it still leaves some, or time is up. A label
    that is there is left as it is, since somebody may have looked at it.
    """
    table = os.environ["TABLE_NAME"]
    serialize = TypeSerializer().serialize
    rows = [(item["TYPE"], {key: serialize(value) for key, value in item.items()}) for item in items]
    puts = [{"PutRequest": {"Item": row}} for kind, row in rows if kind != LABEL]
    for start in range(0, len(puts), BATCH):
        in_time(deadline)
        left = puts[start : start + BATCH]
        for tried in range(ATTEMPTS):
            left = client("dynamodb").batch_write_item(RequestItems={table: left})["UnprocessedItems"].get(table, [])
            if not left:
                break
            pause = 0.1 * 2**tried
            if tried == ATTEMPTS - 1:
                raise Throttled
            in_time(deadline - pause)
            time.sleep(pause)
    for row in (row for kind, row in rows if kind == LABEL):
        in_time(deadline)
        try:
            client("dynamodb").put_item(TableName=table, Item=row, ConditionExpression="attribute_not_exists(PK)")
        except client("dynamodb").exceptions.ConditionalCheckFailedException:
            pass


def in_time(deadline: float) -> None:
    """Raises Throttled once the deadline is over: the caller is to ask again."""
    if time.monotonic() > deadline:
        raise Throttled
