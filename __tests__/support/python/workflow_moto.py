"""moto_server that runs state machines by its interpreter, and Lambda functions in Python from the archives they were made of."""

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import zipfile

from moto.core.config import default_user_config

# before anything asks for the backends, which differ with it
default_user_config["stepfunctions"]["execute_state_machine"] = True
default_user_config["lambda"]["use_docker"] = False

import botocore.session  # noqa: E402
import moto.server  # noqa: E402
from codebuild_moto import run_builds  # noqa: E402
from moto.awslambda_simple.models import LambdaSimpleBackend  # noqa: E402
from moto.core.responses import ActionResult  # noqa: E402
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser  # noqa: E402
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (  # noqa: E402
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.responses import StepFunctionResponse  # noqa: E402


# reads the event, and writes the answer where nothing else is written
RUNNER = """
import importlib, json, os, sys, traceback
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True
answers, sys.stdout = sys.stdout, sys.stderr
module, name, event = sys.argv[1], sys.argv[2], json.loads(sys.stdin.read() or "null")
try:
    answer, failed = getattr(importlib.import_module(module), name)(event, None), False
except Exception as error:  # what Lambda tells of an error
    lines = traceback.format_exc().splitlines()
    answer, failed = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": lines}, True
json.dump([answer, failed], answers)
"""


def invoke(backend, function_name, qualifier, body, headers, response_headers):
    """Runs the function in a process of its own, with its own variables."""
    function = backend.get_function(function_name, qualifier)
    module, _, name = function.handler.rpartition(".")
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(folder)
        ended = subprocess.run(
            [sys.executable, "-c", RUNNER, module, name],
            cwd=folder,
            env={**os.environ, **function.environment_vars},
            input=body.decode() if isinstance(body, bytes) else body,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    answer, failed = json.loads(ended.stdout)
    if failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    return json.dumps(answer).encode()


def operation(task):
    """What botocore knows of the operation that a state calls by the AWS SDK."""
    model = botocore.session.get_session().get_service_model(task._get_boto_service_name())
    action = task.resource.api_action
    return model.operation_model(action[0].upper() + action[1:])


def to_boto(task, parameters, *_args, **_named):
    task._to_boto_request(parameters, operation(task).input_shape)


def from_boto(task, response, *_args, **_named):
    task._from_boto_response(response, operation(task).output_shape)


def validated(response):
    """ValidateStateMachineDefinition, which moto lacks, by the parser of its interpreter."""
    try:
        AmazonStateLanguageParser.parse(response._get_param("definition"))
    except Exception as error:
        found = [{"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": str(error)}]
        return ActionResult({"result": "FAIL", "diagnostics": found})
    return ActionResult({"result": "OK", "diagnostics": []})


def versions(_response):
    """ListStateMachineVersions, which moto lacks: there are none."""
    return ActionResult({"stateMachineVersions": []})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    LambdaSimpleBackend.invoke = invoke
    StepFunctionResponse.validate_state_machine_definition = validated
    StepFunctionResponse.list_state_machine_versions = versions
    # states spell all names with a capital, which moto passes on as they are
    StateTaskServiceAwsSdk._normalise_parameters = to_boto
    StateTaskServiceAwsSdk._normalise_response = from_boto
    # the interpreter calls the other services at this server, and must know its port before the server has it
    port = os.environ["MOTO_PORT"] = str(free_port())
    # as functions and builds find it
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    if "BUILDS" in os.environ:
        run_builds(os.environ["BUILDS"])
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    moto.server.main([*sys.argv[1:], "-p", port])
