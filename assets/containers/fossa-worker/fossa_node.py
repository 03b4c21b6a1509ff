"""A node of Fossa: runs the models of this image, and shares their sub-tasks with other nodes through RabbitMQ."""

import multiprocessing
import os
import signal
import sys
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError
from flask import jsonify
from fossa import BaseConfig
from fossa.app import single_config_initialise
from fossa.control.rabbit_mq.message_exchange import RabbitMx
from fossa.control.rabbit_mq.process import RabbitMqProcessor
from fossa.main import StandaloneApplication
from fossa.tools.logging_cloudwatch import CloudwatchLogs

from broker import broker_state, is_taking, take_no_more, use_client
from models import MODELS
from settings import SettingError, Settings, read_settings

WATCH_SECONDS = 2
GONE = (OSError, EOFError)  # what asking a process that has ended gives


class LogStream(CloudwatchLogs):
    def write(self, msg, level="INFO"):
        """Fossa's own lets a call that fails end the process that logs."""
        try:
            return super().write(msg, level)
        except (BotoCoreError, ClientError):
            return False  # of which Fossa tells on its standard output


def node_config(settings: Settings) -> type:
    class NodeConfig(BaseConfig):
        ACCEPTED_MODEL_CLASSES = MODELS
        ISOLATED_PROCESSOR = RabbitMqProcessor(broker_url=settings.broker_url)
        MESSAGE_BROKER_MANAGERS = [RabbitMx(broker_url=settings.broker_url)]
        EXTERNAL_LOGGERS = [LogStream(*settings.log_stream)] if settings.log_stream else []
        RUNTIME = {"CPU_TASK_RATIO": settings.cpu_task_ratio}

    return NodeConfig


def show_broker(app) -> None:
    """Adds the state of the connection to node_info: without a broker, a node takes tasks that then only wait."""
    fossa_node_info = app.view_functions["api.node_info"]

    def node_info():
        answer = fossa_node_info().get_json()
        answer["node_info"]["broker"] = broker_state()
        return jsonify(answer)

    app.view_functions["api.node_info"] = node_info


class Caretaker:
    """Does for Fossa's processes what Fossa leaves: it trims, it notices their end, and it lets tasks finish."""

    def __init__(self, governor, settings: Settings):
        self._governor = governor
        self._settings = settings
        self._processes = governor._internal_process_table  # the governor, and what brings it sub-tasks
        self._stopping = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        try:
            while not self._stopping.wait(WATCH_SECONDS):
                for process in self._processes:
                    os.kill(process.pid, 0)  # gunicorn reaps children, so is_alive() cannot tell
                del self._governor.previous_tasks[: -self._settings.completed_tasks]
        except GONE:
            if not self._stopping.is_set():
                print("a process of the node has ended; the node ends too, to be started anew", file=sys.stderr)
                os.kill(os.getpid(), signal.SIGTERM)

    def stop(self, _server=None) -> None:
        """Takes no more sub-tasks, gives the tasks that run time to finish, and ends the rest."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        take_no_more()
        try:
            self._wait_for_tasks()
            self._governor.shutdown(None)
        except GONE:
            for process in self._processes:
                process.kill()

    def _wait_for_tasks(self) -> None:
        tasks, queue = self._governor.process_table, self._governor._task_queue_submit
        deadline = time.monotonic() + self._settings.stop_seconds
        while (is_taking() or len(tasks) > 0 or not queue.empty()) and time.monotonic() < deadline:
            os.kill(self._processes[0].pid, 0)
            time.sleep(0.1)
        if len(tasks) > 0:
            print(f"{len(tasks)} tasks are cut off", file=sys.stderr)


def forget_children(_arbiter, _worker) -> None:
    """Keeps gunicorn's workers from joining the node's other processes when they end."""
    multiprocessing.process._children.clear()


def main() -> None:
    try:
        settings = read_settings(os.environ)
    except SettingError as error:
        sys.exit(f"fossa_node: {error}")
    use_client(settings.tls)
    app = single_config_initialise(node_config(settings))
    show_broker(app)
    caretaker = Caretaker(app.fossa_governor, settings)
    caretaker.start()
    options = {
        "bind": f"{settings.host}:{settings.port}",
        "workers": 4,
        "timeout": 80,
        "graceful_timeout": 2,
        "control_socket_disable": True,  # it would be a file in the home folder
        "post_fork": forget_children,
        "on_exit": caretaker.stop,
    }
    node = os.getpid()
    try:
        StandaloneApplication(app, options).run()
    finally:
        if os.getpid() == node:  # and not one of gunicorn's workers
            caretaker.stop()  # without on_exit, when the port is taken


if __name__ == "__main__":
    main()
