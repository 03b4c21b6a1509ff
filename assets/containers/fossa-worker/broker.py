"""Fossa's way to RabbitMQ, which here checks certificates, tells why it waits, and can be asked to take no more."""

import functools
import socket
import ssl
import time
from ctypes import c_bool
from multiprocessing.sharedctypes import RawArray, RawValue

import pika
from fossa.control.rabbit_mq import message_exchange, process_pool
from fossa.control.rabbit_mq.pika_client import BasicPikaClient
from pika.exceptions import AMQPError, ProbableAccessDeniedError, ProbableAuthenticationError

RETRY_SECONDS = 5

NO_MESSAGE = (None, None, None)

# Of all processes of the node, which are forked; without locks, that a process which is ended would keep.
_state = RawArray("c", 400)
_taking = RawValue(c_bool, False)
_stopping = RawValue(c_bool, False)


def use_client(tls: ssl.SSLContext) -> None:
    """Lets every connection of Fossa be a Client."""
    Client.tls = tls
    _say("not connected yet")
    message_exchange.BasicPikaClient = Client
    process_pool.BasicPikaClient = Client


def broker_state() -> str:
    """`connected`, or why not."""
    return _state.value.decode(errors="replace")


def take_no_more() -> None:
    """Leaves sub-tasks in the queue from now on. To end the process instead could block all others, in mid-message."""
    _stopping.value = True


def is_taking() -> bool:
    """Whether a sub-task has left the queue that Fossa may not have begun yet."""
    return _taking.value


class Client(BasicPikaClient):
    """
    Fossa's own client accepts any certificate, does not say why a connection fails, and gives up on a host name that
    is not known yet, which ends the process that runs the tasks.
    """

    tls: ssl.SSLContext

    def __init__(self, url):
        super().__init__(url)
        if self.parameters.ssl_options is not None:
            self.parameters.ssl_options = pika.SSLOptions(self.tls, self.parameters.host)

    def connect(self):
        """Yields once for each attempt that fails, as Fossa's does."""
        while not self._queue_init_flag:
            try:
                self.connection = pika.BlockingConnection(self.parameters)
                self.channel = self.connection.channel()
                self.channel.basic_qos(prefetch_count=1)
                self.channel.queue_declare(queue=self.task_queue_name, durable=True)
                self.channel.basic_get = functools.partial(self._get, self.channel.basic_get)
                self._queue_init_flag = True
                _say("connected")
            except (AMQPError, OSError) as error:
                _say(f"RabbitMQ at {self.parameters.host}:{self.parameters.port} {_fault(error)}")
                yield False
                time.sleep(RETRY_SECONDS)

    @staticmethod
    def _get(basic_get, queue):
        message = NO_MESSAGE
        _taking.value = True  # before it looks, so that nobody who stops it sees neither
        try:
            if not _stopping.value:
                message = basic_get(queue=queue)
        finally:
            _taking.value = message != NO_MESSAGE
        return message


def _say(state: str) -> None:
    text = state.encode()[:400]
    if _state.value != text:
        _state.value = text
        print(f"broker: {state}")


def _fault(error: Exception) -> str:
    match error:
        case ProbableAuthenticationError():
            return "refuses the user or the password"
        case ProbableAccessDeniedError():
            return "does not let the user into its virtual host"
        case ssl.SSLCertVerificationError():
            return f"has a certificate that is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"does not agree on TLS: {error.reason}"
        case socket.gaierror():
            return "has a host name that is not known"
    cause = getattr(error.args[0], "exception", error) if error.args else error
    return f"cannot be reached: {getattr(cause, 'strerror', None) or cause}"
