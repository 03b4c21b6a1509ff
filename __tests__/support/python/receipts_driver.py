"""
What the package `receipts` gives: reads a file with a JSON list of calls, `{"function": ..., "arguments": [...], "named": {...}}`,
and writes a list of answers, `{"answer": ...}` or `{"error": ..., "type": ...}`. The function `made` parses a text (or bytes, in
base64) and makes its items, as they lie in the table.
"""

import base64
import json
import sys

import receipts
from boto3.dynamodb.types import TypeSerializer

IMAGE = "0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"


def made(text=None, encoded=None, image_id=IMAGE, **named):
    body = base64.b64decode(encoded) if text is None else text
    items = receipts.items_of(receipts.parse(body), image_id, timestamp_added="2026-01-02T03:04:05+00:00", **named)
    return [TypeSerializer().serialize(item)["M"] for item in items]


def answer(call):
    function = made if call["function"] == "made" else getattr(receipts, call["function"])
    try:
        return {"answer": function(*call.get("arguments", []), **call.get("named", {}))}
    except Exception as error:
        return {"error": str(error), "type": type(error).__name__}


with open(sys.argv[1], encoding="utf8") as calls:
    json.dump([answer(call) for call in json.load(calls)], sys.stdout, default=str)
