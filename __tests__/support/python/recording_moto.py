"""moto_server that writes each call to the file CALLS as a line of JSON, gives tasks addresses of this machine, and knows
when a task definition was registered and when a task was started: each a minute after the one before."""

import datetime
import io
import itertools
import json
import os
import re
import sys
import threading
import urllib.parse

import moto.ecs.models
import moto.server

NUMBERS = itertools.count(2)  # 127.0.0.1 is everybody's
STARTS = itertools.count(1)
BEGIN = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


def loopback_address(*_args, **_kwargs):
    number = next(NUMBERS)
    return f"127.0.{number // 250}.{number % 250 + 1}"


def dated(make):
    def make_dated(definition, *arguments, **named):
        make(definition, *arguments, **named)
        definition.registered_at = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)

    return make_dated


def started(make):
    def make_started(task, *arguments, **named):
        make(task, *arguments, **named)
        task.created_at = BEGIN + datetime.timedelta(minutes=next(STARTS))
        task.started_at = task.created_at + datetime.timedelta(seconds=30)

    return make_started


class Recorder:
    """WSGI application that notes what goes through it: whose key, which service, which action, with which input."""

    def __init__(self, application, path):
        self.application = application
        self.file = open(path, "a", encoding="utf-8")
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed:
            key, region, service = signed.groups()
            action, given = self.call(environ, service, body.decode("utf-8", "replace"))
            line = {"key": key, "region": region, "service": service, "action": action, "input": given}
            with self.lock:
                self.file.write(json.dumps(line) + "\n")
                self.file.flush()
        return self.application(environ, start_response)

    @staticmethod
    def call(environ, service, body):
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            return target.rsplit(".", 1)[-1], json.loads(body or "{}")
        form = dict(urllib.parse.parse_qsl(body))
        if "Action" in form:
            return form["Action"], form
        return f"{environ['REQUEST_METHOD']} {service}", {"path": environ["PATH_INFO"]}


if __name__ == "__main__":
    moto.ecs.models.random_private_ip = loopback_address
    definition = moto.ecs.models.TaskDefinition
    definition.__init__ = dated(definition.__init__)
    task = moto.ecs.models.Task
    task.__init__ = started(task.__init__)
    application = moto.server.DomainDispatcherApplication
    moto.server.DomainDispatcherApplication = lambda backend: Recorder(application(backend), os.environ["CALLS"])
    moto.server.main(sys.argv[1:])
