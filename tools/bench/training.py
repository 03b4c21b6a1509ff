"""
Jobs per second of the training runtime and of the loop that it replaces, and the time from a warning to a message that is visible
again, on the AWS that AWS_ENDPOINT_URL names. Prints JSON; `training.ts` runs it.

    training.py measure JOBS WARNINGS
    training.py original QUEUE_URL TABLE NAME      the loop, of one worker
"""

import http.server
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import boto3
from ml_training.cli import Platform
from ml_training.config import parse
from ml_training.jobs import Job

WORKERS = (1, 4, 16)
PRIORITIES = ("critical", "high", "medium", "low")


class Metadata(http.server.ThreadingHTTPServer):
    """The metadata service of one machine."""

    def __init__(self, instance_id):
        self.answers = {
            "instance-id": instance_id,
            "instance-type": "g5.xlarge",
            "local-ipv4": "10.0.0.1",
            "placement/availability-zone": "us-east-1a",
        }
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        self.reply("token")

    def do_GET(self):
        self.reply(self.server.answers.get(self.path.removeprefix("/latest/meta-data/")))

    def reply(self, text):
        self.send_response(404 if text is None else 200)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_arguments):
        pass


def make_table(name):
    keys = ["PK", "SK", "TYPE", "GSI1PK", "GSI1SK"]
    projection = {"ProjectionType": "ALL"}
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {"IndexName": "GSI1", "KeySchema": [{"AttributeName": "GSI1PK", "KeyType": "HASH"}, {"AttributeName": "GSI1SK", "KeyType": "RANGE"}], "Projection": projection},
            {"IndexName": "GSITYPE", "KeySchema": [{"AttributeName": "TYPE", "KeyType": "HASH"}], "Projection": projection},
        ],
    )


def make_queue(name):
    return boto3.client("sqs").create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


def lines_of(programs, wanted, count):
    """Seconds between the first and the last of `count` lines that have `wanted`, of several programs."""
    times, all_there = [], threading.Event()

    def read(program):
        for line in program.stdout:
            if wanted in line:
                times.append(time.monotonic())
                if len(times) >= count:
                    all_there.set()

    for program in programs:
        threading.Thread(target=read, args=(program,), daemon=True).start()
    if not all_there.wait(900):
        raise TimeoutError(f"{len(times)} of {count} jobs ended")
    return times[count - 1] - times[0]


def end(programs):
    for program in programs:
        program.send_signal(signal.SIGTERM)
    for program in programs:
        program.wait(60)


class Ours:
    """Queues, registry and machines of the runtime."""

    def __init__(self, trainer, **settings):
        name = f"bench-{uuid.uuid4().hex[:8]}"
        make_table(name)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-training-"))
        self.config = {
            "environment": "bench",
            "region": os.environ["AWS_DEFAULT_REGION"],
            "table": name,
            "queues": [{"priority": priority, "url": make_queue(f"{name}-{priority}")} for priority in PRIORITIES],
            "deadLetterQueueUrl": make_queue(f"{name}-dead"),
            "visibilitySeconds": 1800,
            "maxReceives": 5,
            "ttlHours": 2,
            "leaseSeconds": 120,
            "checkpoints": str(self.folder / "checkpoints"),
            "trainer": trainer,
            **settings,
        }
        (self.folder / "config.json").write_text(json.dumps(self.config))
        self.platform = Platform(parse(json.dumps(self.config), "bench"))

    def submit(self, count):
        for n in range(count):
            self.platform.submit(
                Job(job_id=f"job-{n}", name="empty", priority=PRIORITIES[1 + n % 3], created_at=int(time.time()))
            )

    def start(self, n):
        metadata = Metadata(f"i-{n:017d}")
        program = subprocess.Popen(
            [sys.executable, "-m", "ml_training.service", "--config", str(self.folder / "config.json")],
            env={**os.environ, "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url},
            stdout=subprocess.PIPE,
            text=True,
        )
        return program, metadata


def ours(workers, jobs):
    there = Ours(["/bin/true"], pollSeconds=0.1)
    there.submit(jobs)
    programs = [there.start(n)[0] for n in range(workers)]
    seconds = lines_of(programs, '"job ended"', jobs)
    end(programs)
    return round((jobs - 1) / seconds, 1)


def original(workers, jobs):
    """The loop of the original: one queue, one message group for each priority, one call after another."""
    name = f"original-{uuid.uuid4().hex[:8]}"
    make_table(name)
    url = make_queue(name)
    sqs, table = boto3.client("sqs"), boto3.resource("dynamodb").Table(name)
    for n in range(jobs):
        priority = PRIORITIES[1 + n % 3]
        job = {"job_id": f"job-{n}", "name": "empty", "type": "training", "config": {}, "priority": priority}
        table.put_item(Item={"PK": f"JOB#job-{n}", "SK": "JOB", "TYPE": "JOB", "status": "pending", **job})
        group = f"priority.{priority}"
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(job), MessageGroupId=group, MessageDeduplicationId=f"job-{n}.0")
    programs = [
        subprocess.Popen([sys.executable, __file__, "original", url, name, f"i-{n}"], stdout=subprocess.PIPE, text=True)
        for n in range(workers)
    ]
    seconds = lines_of(programs, "ended", jobs)
    end(programs)
    return round((jobs - 1) / seconds, 1)


def run_original(url, table_name, instance):
    sqs, table = boto3.client("sqs"), boto3.resource("dynamodb").Table(table_name)
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=1800, MessageAttributeNames=["All"])
        if not answer.get("Messages"):
            time.sleep(0.1)
            continue
        (message,) = answer["Messages"]
        job_id = json.loads(message["Body"])["job_id"]
        key, now = {"PK": f"JOB#{job_id}", "SK": "JOB"}, str(time.time())
        depends = boto3.dynamodb.conditions.Key("PK").eq(f"JOB#{job_id}") & boto3.dynamodb.conditions.Key("SK").begins_with("DEPENDS")
        table.query(KeyConditionExpression=depends)
        run = {"PK": f"INSTANCE#{instance}", "SK": f"JOB#{job_id}", "TYPE": "INSTANCE_JOB", "assigned_at": now}
        table.put_item(Item={**run, "status": "running"})
        set_status(table, key, "running")
        # an empty job
        set_status(table, key, "completed")
        table.put_item(Item={"PK": f"JOB#{job_id}", "SK": f"STATUS#{now}", "TYPE": "JOB_STATUS", "status": "completed"})
        table.put_item(Item={**run, "status": "completed"})
        table.put_item(Item={"PK": "TASK", "SK": f"{now}#{job_id}", "TYPE": "TASK", "action": "job_completed"})
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        print("ended", flush=True)


def set_status(table, key, status):
    table.update_item(
        Key=key,
        UpdateExpression="SET #s = :s, updated_at = :t",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": status, ":t": str(time.time())},
    )


def warned():
    """Seconds from a warning in the metadata service until the job's message can be received again."""
    there = Ours(["/bin/sleep", "1000"])
    there.submit(1)
    program, metadata = there.start(0)
    for line in program.stdout:
        if '"job taken"' in line:
            break
    threading.Thread(target=program.stdout.read, daemon=True).start()
    time.sleep(1 + uuid.uuid4().int % 500 / 1000)  # at any moment between two looks
    metadata.answers["spot/instance-action"] = '{"action": "terminate", "time": "2026-11-28T10:02:00Z"}'
    began = time.monotonic()
    sqs, names = boto3.client("sqs"), ["ApproximateNumberOfMessages"]
    url = there.config["queues"][1]["url"]
    while sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]] == "0":
        time.sleep(0.01)
    seconds = time.monotonic() - began
    program.wait(60)
    metadata.shutdown()
    return round(seconds, 3)


def main():
    if sys.argv[1] == "original":
        run_original(*sys.argv[2:])
    jobs, warnings = int(sys.argv[2]), int(sys.argv[3])
    rates = [{"workers": count, "original": original(count, jobs), "ours": ours(count, jobs)} for count in WORKERS]
    seconds = sorted(warned() for _ in range(warnings))
    report = {"jobs": jobs, "rates": rates, "warnings": seconds, "warningMedian": round(statistics.median(seconds), 3)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
