#!/usr/bin/env bash
# Library: moto 5.2.5 with boto3 1.44.5 (PyPI), on Python 3.11 or later.
# Behaviour: PutBucketLogging fails in moto with an AttributeError (a 500 of its server) when the policy of the bucket that
#   takes the logs has a statement for the principal "*" before the one that lets S3 write, such as the usual one that
#   denies what comes without TLS. With that statement behind the other, or with {"AWS": "*"} in its place, it succeeds:
#   the same policies to AWS.
# Seen: in the three answers below. moto reads `Service` of each statement's principal as if all were maps, up to the first that fits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'moto[s3]==5.2.5' boto3==1.44.5
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
cat > main.py <<'PY'
import json

import boto3
from moto import mock_aws

LOGS = "arn:aws:s3:::example-logs"
WRITES = {
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": ["s3:PutObject"],
    "Resource": f"{LOGS}/*",
}


def no_plain_http(principal):
    return {
        "Effect": "Deny",
        "Principal": principal,
        "Action": "s3:*",
        "Resource": [LOGS, f"{LOGS}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@mock_aws
def outcome(*statements):
    s3 = boto3.client("s3")
    for name in ("example-data", "example-logs"):
        s3.create_bucket(Bucket=name)
    policy = {"Version": "2012-10-17", "Statement": statements}
    s3.put_bucket_policy(Bucket="example-logs", Policy=json.dumps(policy))
    target = {"TargetBucket": "example-logs", "TargetPrefix": "data/"}
    try:
        s3.put_bucket_logging(Bucket="example-data", BucketLoggingStatus={"LoggingEnabled": target})
        return "logs"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print('"*" first:', outcome(no_plain_http("*"), WRITES))
print('"*" last:', outcome(WRITES, no_plain_http("*")))
print('{"AWS": "*"} first:', outcome(no_plain_http({"AWS": "*"}), WRITES))
PY
seen=$(venv/bin/python -W ignore main.py)
echo "moto $(venv/bin/pip show moto | sed -n 's/^Version: //p'), $(venv/bin/python --version)"
echo "$seen"
expected="\"*\" first: AttributeError: 'str' object has no attribute 'get'
\"*\" last: logs
{\"AWS\": \"*\"} first: logs"
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
