"""The queues: one for each priority, and one for what nobody could handle."""

import hashlib
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .config import Config, Queue
from .jobs import Job, from_message, from_record, to_message
from .registry import Registry
from .table import Conflict, Item

# What SQS answers about a message that is no longer ours: taken by another, deleted, expired, or held for 12 hours in all
_GONE = {
    "ReceiptHandleIsInvalid",
    "InvalidParameterValue",
    "AWS.SimpleQueueService.MessageNotInflight",
    "MessageNotInflight",
}
MOST_HIDDEN_SECONDS = 43_200
"""For which a message is hidden in all; SQS refuses more. Source: SQS Developer Guide, "Amazon SQS visibility timeout"."""
RECEIVE_SECONDS = 60
"""For which a message is hidden until its job is known to run."""
_MOST_BATCH = 10  # Source: SQS API reference, ReceiveMessage and DeleteMessageBatch


@dataclass(frozen=True)
class Message:
    queue: Queue
    receipt_handle: str
    receives: int
    body: str
    group: str

    @property
    def job(self) -> Job:
        """The job in it; Malformed when there is none."""
        return from_message(self.body)


class Queues:
    def __init__(self, client: Any, config: Config):
        self._client = client
        self._queues = config.queues
        self._by_priority = {queue.priority: queue for queue in config.queues}
        self._dead_letter_url = config.deadLetterQueueUrl
        self._receive_seconds = min(RECEIVE_SECONDS, config.visibilitySeconds)
        self.most_receives = config.maxReceives

    def receive(self, most: int) -> list[Message]:
        """Up to `most` messages of the first queue that has any."""
        for queue in self._queues:
            answer = self._client.receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=min(most, _MOST_BATCH),
                VisibilityTimeout=self._receive_seconds,
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId"],
            )
            if found := answer.get("Messages"):
                return [self._message(queue, message) for message in found]
        return []

    @staticmethod
    def _message(queue: Queue, message: Item) -> Message:
        attributes = message.get("Attributes", {})
        return Message(
            queue,
            message["ReceiptHandle"],
            int(attributes.get("ApproximateReceiveCount", 1)),
            message["Body"],
            attributes.get("MessageGroupId", "unknown"),
        )

    def send(self, job: Job, record: Item) -> None:
        """Sends the message number `sends` of a job: a group of its own, so that jobs do not wait for each other."""
        self._client.send_message(
            QueueUrl=self._by_priority[job.priority].url,
            MessageBody=to_message(job, record),
            MessageGroupId=job.job_id,
            MessageDeduplicationId=f"{job.job_id}.{record['sends']}",
            MessageAttributes={
                "JobId": _text(job.job_id),
                "JobType": _text(job.type),
                "Priority": _text(job.priority),
                "Status": _text(record["status"]),
                "AttemptCount": {"DataType": "Number", "StringValue": str(record["attempt_count"])},
            },
        )

    def hide(self, queue_url: str, receipt_handle: str, seconds: int) -> bool:
        """Hides a message for so long from now on, 0 shows it; False when it is not ours any more."""
        try:
            self._client.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=max(0, int(seconds))
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise
            return False
        return True

    def delete(self, messages: list[Message]) -> None:
        """Deletes messages; those that are not ours any more go when they are received again, as their jobs have ended."""
        for url in dict.fromkeys(message.queue.url for message in messages):
            of_queue = [message for message in messages if message.queue.url == url]
            for start in range(0, len(of_queue), _MOST_BATCH):
                batch = of_queue[start : start + _MOST_BATCH]
                entries = [{"Id": str(n), "ReceiptHandle": message.receipt_handle} for n, message in enumerate(batch)]
                self._client.delete_message_batch(QueueUrl=url, Entries=entries)

    def bury(self, message: Message, why: str) -> None:
        """Copies a message to the dead letters, with the reason, for the caller to delete it then."""
        self._client.send_message(
            QueueUrl=self._dead_letter_url,
            MessageBody=message.body,
            MessageGroupId=message.group,
            MessageDeduplicationId=hashlib.sha256(f"{message.group}\0{message.body}".encode()).hexdigest(),
            MessageAttributes={"Reason": _text(_printable(why)), "Queue": _text(message.queue.priority)},
        )

    def retention_seconds(self) -> int:
        """For how long the queues keep a message; the shortest."""
        return min(
            int(
                self._client.get_queue_attributes(QueueUrl=queue.url, AttributeNames=["MessageRetentionPeriod"])[
                    "Attributes"
                ]["MessageRetentionPeriod"]
            )
            for queue in self._queues
        )


def _printable(text: str) -> str:
    """A text that an attribute may have; SQS refuses most control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:1000]


def _text(value: str) -> Item:
    return {"DataType": "String", "StringValue": value or "none"}


def send_anew(queues: Queues, registry: Registry, record: Item) -> bool:
    """Sends a further message for a job, under a number of its own; False when the job has changed in the meantime."""
    job = from_record(record)
    try:
        counted = registry.count_send(record)
    except Conflict:
        return False
    queues.send(job, counted)
    return True
