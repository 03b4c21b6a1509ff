"""Calls AWS and the handlers of functions, one line of JSON each way.

    {"client": "ecs", "call": "run_task", "arguments": {...}}
    {"file": "assets/.../sweeper.py", "call": "handler", "arguments": [...], "env": {...}}
"""

import datetime
import functools
import importlib.util
import json
import os
import sys

import boto3


sys.dont_write_bytecode = True  # the folder of a handler is what is deployed


@functools.cache  # to make one takes longer than a call
def client_of(service):
    return boto3.client(service)


def client(line):
    return getattr(client_of(line["client"]), line["call"])(**line["arguments"])


def handler(line):
    spec = importlib.util.spec_from_file_location("program", line["file"])
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    os.environ.update(line.get("env", {}))
    return getattr(program, line["call"])(*[meant(argument) for argument in line["arguments"]])


def meant(argument):
    """An argument that JSON cannot hold: a client of AWS, or a time so many hours from now."""
    if isinstance(argument, dict) and "client" in argument:
        return client_of(argument["client"])
    if isinstance(argument, dict) and "hours" in argument and len(argument) == 1:
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=argument["hours"])
    return argument


def main():
    answers, sys.stdout = sys.stdout, sys.stderr  # what a handler prints is its log
    for text in sys.stdin:
        line = json.loads(text)
        try:
            answer = {"answer": client(line) if "client" in line else handler(line)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
