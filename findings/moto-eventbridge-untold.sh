#!/usr/bin/env bash
# Library: moto 5.2.5 with boto3 1.44.5 (PyPI), on Python 3.11 or later.
# Behaviour: a bucket whose notifications go to EventBridge sends them in moto, so that a rule with an SQS target gets an
#   event for each object, while GetBucketNotificationConfiguration answers that there is no configuration at all. Who reads
#   it back, as Terraform's AWS provider does, sees the setting turned off and plans to turn it on again, for ever.
# Seen: in the two answers below. The response template of moto's S3 lists topics, queues and functions, and nothing else.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'moto[s3,sqs,events]==5.2.5' boto3==1.44.5
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
cat > main.py <<'PY'
import json

import boto3
from moto import mock_aws


@mock_aws
def main():
    s3, sqs, events = boto3.client("s3"), boto3.client("sqs"), boto3.client("events")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="objects", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="objects", Targets=[{"Id": "queue", "Arn": arn}])
    s3.create_bucket(Bucket="example-bucket")
    wanted = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="example-bucket", NotificationConfiguration=wanted)
    told = s3.get_bucket_notification_configuration(Bucket="example-bucket")
    told.pop("ResponseMetadata")
    s3.put_object(Bucket="example-bucket", Key="a.txt", Body=b"a")
    sent = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
    print("told:", json.dumps(told))
    print("sent:", json.dumps([json.loads(message["Body"])["detail-type"] for message in sent]))


main()
PY
seen=$(venv/bin/python -W ignore main.py)
echo "moto $(venv/bin/pip show moto | sed -n 's/^Version: //p'), $(venv/bin/python --version)"
echo "$seen"
expected='told: {}
sent: ["Object Created"]'
if [ "$seen" != "$expected" ]; then
  printf 'the behaviour has changed; it was:\n%s\n' "$expected" >&2
  exit 1
fi
