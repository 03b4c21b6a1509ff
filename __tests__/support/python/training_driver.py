"""What tests do with the training platform beside its own programs. Functions of it are called by aws_shell.py."""

import json
import os
import threading
import time
from types import SimpleNamespace

import boto3
from ml_training import service
from ml_training.aws import client
from ml_training.cli import Platform
from ml_training.config import parse
from ml_training.events import Stop
from ml_training.interruption import handler
from ml_training.jobs import Job
from ml_training.leader import Leader
from ml_training.logs import OutputLog
from ml_training.metadata import Notice
from ml_training.registry import Machine, instance_job

PRIORITIES = ("critical", "high", "medium", "low")
INDEXES = ("GSI1", "GSI2", "GSI3", "GSI4")


def create(settings):
    """Table, queues, topic and log group as the stacks make them; gives the settings of the runtime."""
    sqs, dynamodb = boto3.client("sqs"), boto3.client("dynamodb")

    def queue(name, attributes):
        url = sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true", **attributes})["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    dead_url, dead_arn = queue("dev-training-jobs-dead", {"MessageRetentionPeriod": "1209600"})
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": settings.get("maxReceives", 5)})
    attributes = {"RedrivePolicy": redrive, "MessageRetentionPeriod": "345600", "VisibilityTimeout": "1800"}
    urls = [(priority, queue(f"dev-training-jobs-{priority}", attributes)[0]) for priority in PRIORITIES]
    keys = ["PK", "SK", "TYPE", *(f"{index}{end}" for index in INDEXES for end in ("PK", "SK"))]
    indexes = [
        {
            "IndexName": index,
            "KeySchema": [{"AttributeName": f"{index}PK", "KeyType": "HASH"}, {"AttributeName": f"{index}SK", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        }
        for index in INDEXES
    ]
    indexes.append(
        {"IndexName": "GSITYPE", "KeySchema": [{"AttributeName": "TYPE", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    )
    dynamodb.create_table(
        TableName="dev-training",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=indexes,
    )
    boto3.client("logs").create_log_group(logGroupName="/training/dev")
    return {
        "environment": "dev",
        "region": "us-east-1",
        "table": "dev-training",
        "queues": [{"priority": priority, "url": url} for priority, url in urls],
        "deadLetterQueueUrl": dead_url,
        "visibilitySeconds": 1800,
        "maxReceives": 5,
        "ttlHours": 2,
        "leaseSeconds": 120,
        **settings,
    }


def topic():
    """A topic, and the queue in which its messages arrive."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    arn = sns.create_topic(Name="dev-training-interruptions")["TopicArn"]
    url = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    endpoint = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=endpoint, Attributes={"RawMessageDelivery": "true"})
    return {"arn": arn, "mailbox": url}


def platform(config):
    return Platform(parse(json.dumps(config), "the test"))


def submit(config, jobs):
    """Sends jobs, as `train submit` does, one after another."""
    there = platform(config)
    now = int(time.time())
    for job in jobs:
        there.submit(Job(**{"created_at": now, **job, "dependencies": tuple(job.get("dependencies", ()))}))


def records(config, job_ids):
    there = platform(config)
    return [there.registry.job(job_id) for job_id in job_ids]


def holdings(config):
    """What is left: machines, the leader, entries of waiting jobs, and messages by queue, hidden ones included."""
    there = platform(config)
    items = client("dynamodb", config["region"]).scan(TableName=config["table"])["Items"]
    urls = {queue["priority"]: queue["url"] for queue in config["queues"]} | {"dead": config["deadLetterQueueUrl"]}
    return {
        "machines": {item["instance_id"]: item["status"] for item in there.registry.instances()},
        "leader": (there.registry.leader() or {}).get("instance_id"),
        "waiting": [item["SK"]["S"] for item in items if item["PK"]["S"].startswith("QUEUE#")],
        "messages": {name: count(url) for name, url in urls.items()},
    }


def count(url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(attributes[name]) for name in names)


def interruption(config, topic_arn, event):
    """What the function answers."""
    os.environ.update(TRAINING_CONFIG=json.dumps(config), TOPIC_ARN=topic_arn)
    return handler(event, None)


def drain(url):
    """Messages of a queue, which are gone then."""
    sqs = boto3.client("sqs")
    found = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    ).get("Messages"):
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            reason = message.get("MessageAttributes", {}).get("Reason", {}).get("StringValue")
            found.append({"body": message["Body"], "reason": reason})
    return found


def machine_of(instance_id):
    return Machine(instance_id, "g5.xlarge", 1, "10.0.0.1", "us-east-1a", True)


def leader_of(there, instance_id):
    return Leader(machine_of(instance_id), there.registry, there.queues, there.clock, there.config.leaseSeconds)


def hold(config, instance_id, works):
    """Registers a machine; one that works leads, and runs the first job that it finds."""
    there = platform(config)
    there.registry.register(machine_of(instance_id))
    if not works:
        return
    leader_of(there, instance_id).elect()
    (message,) = there.queues.receive(1)
    record = there.registry.job(message.job.job_id)
    there.registry.claim(message.job, record, instance_id, message.receipt_handle, message.queue.url)
    run = instance_job(instance_id, message.job.job_id, "running", int(time.time()))
    there.registry.note_ended([], [run])


def elect(config, instance_id):
    leader = leader_of(platform(config), instance_id)
    leader.elect()
    return {"leads": leader.leads, "fencing": leader.lease and leader.lease.fencing}


def machine(config, instance_id):
    return platform(config).registry.instance(instance_id)


def runs(config, instance_id):
    return platform(config).registry.runs(instance_id)


def visible(config, priority):
    (url,) = [queue["url"] for queue in config["queues"] if queue["priority"] == priority]
    names = ["ApproximateNumberOfMessages"]
    return int(boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]])


def send(config, priority, body, group):
    """A message as it is, whatever is in it."""
    (url,) = [queue["url"] for queue in config["queues"] if queue["priority"] == priority]
    boto3.client("sqs").send_message(
        QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=f"{group}.{time.time_ns()}"
    )


def damage(config, job_id, change):
    """Writes into a record what nobody should."""
    platform(config).registry._table.update((f"JOB#{job_id}", "JOB"), {}, change)


def go(config, instance_id):
    """The machine was warned."""
    platform(config).registry.leave(machine_of(instance_id))


def protections(_config, wanted, why, refuses=False):
    """What the Auto Scaling group is asked to protect when a machine wants these, one after another, and then ends."""
    asked = []

    class Group:
        def set_instance_protection(self, ProtectedFromScaleIn, **_options):
            asked.append(ProtectedFromScaleIn)
            if refuses:
                raise TimeoutError("not now")

        def describe_lifecycle_hooks(self, **_options):
            return {"LifecycleHooks": []}

    protection = service.Protection(Group(), "dev-training", "i-1")
    for on in wanted:
        protection.set(on)
    protection.end(Stop("SIGTERM") if why == "stop" else Notice(why, "the test"))
    return asked


def healths(config, memories):
    """What a machine logs of its health when its memory is used by these percents, one heartbeat after another."""
    said, before = [], (service.say, service.metrics)
    used = iter(memories)
    service.say = lambda event, **fields: said.append([event, fields["memory"]])
    service.metrics = lambda _folders: {"memory": next(used), "disk": 1, "load": 1}
    try:
        presence = service.Presence(machine_of("i-health"), platform(config).registry, (), None)
        presence.enter()
        for _ in memories:
            presence.beat()
    finally:
        service.say, service.metrics = before
    return said


def replacements(config, memories, busy, broken):
    """How often a machine asks to be replaced whose memory is used by these percents, one heartbeat after another."""
    asked, before = [], service.metrics
    used = iter(memories)
    service.metrics = lambda _folders: {"memory": next(used), "disk": 1, "load": 1}

    class Group:
        def set_instance_health(self, **health):
            asked.append(health)

    try:
        presence = service.Presence(machine_of("i-sick"), platform(config).registry, (), None)
        presence.enter()
        for _ in memories:
            service.look_after(presence, SimpleNamespace(busy=busy, broken=broken), service.Protection(Group(), "dev-training", "i-sick"))
    finally:
        service.metrics = before
    return asked


def waiting_output(_config, lines, letters):
    """Lines and letters that wait for CloudWatch, which takes none, after so many of so many letters."""
    log = OutputLog.__new__(OutputLog)
    log._waiting, log._letters, log._lost, log._lock = [], 0, 0, threading.Lock()
    for _ in range(lines):
        log.write("job/1", "x" * letters)
    return {"lines": len(log._waiting), "letters": log._letters, "lost": log._lost}


def race(config, count):
    """Machines that all want to lead at once; then all again, then again after the leader has resigned."""
    there = platform(config)
    leaders = [leader_of(there, f"i-{n}") for n in range(count)]

    def all_elect():
        threads = [threading.Thread(target=leader.elect) for leader in leaders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [leader for leader in leaders if leader.leads]

    first = all_elect()
    fencing = first[0].lease.fencing
    sooner = [leader for leader in all_elect() if leader not in first]
    foreign = there.registry.resign("i-stranger")
    first[0].resign()
    following = all_elect()
    return {
        "leaders": len(first),
        "fencing": fencing,
        "sooner": len(sooner),
        "foreign": foreign,
        "next": len(following),
        "secondFencing": following[0].lease.fencing,
    }
