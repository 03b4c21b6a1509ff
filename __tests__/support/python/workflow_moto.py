"""moto_server that runs state machines by its interpreter, and Lambda functions in Python from the archives they were made of."""

import io
import json
import os
import runpy
import socket
import sys
import tempfile
import traceback
import zipfile

from moto.core.config import default_user_config

# before anything asks for the backends, which differ with it
default_user_config["stepfunctions"]["execute_state_machine"] = True
default_user_config["lambda"]["use_docker"] = False

import moto.server  # noqa: E402
from moto.awslambda_simple.models import LambdaSimpleBackend  # noqa: E402


def invoke(backend, function_name, qualifier, body, headers, response_headers):
    function = backend.get_function(function_name, qualifier)
    module, _, name = function.handler.rpartition(".")
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(folder)
        try:
            handler = runpy.run_path(os.path.join(folder, *module.split(".")) + ".py")[name]
            answer = handler(json.loads(body or "null"), None)
        except Exception as error:  # what Lambda tells of an error
            response_headers["x-amz-function-error"] = "Unhandled"
            trace = traceback.format_exc().splitlines()
            answer = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace}
    return json.dumps(answer).encode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    LambdaSimpleBackend.invoke = invoke
    # the interpreter calls the other services at this server, and must know its port before the server has it
    port = os.environ["MOTO_PORT"] = str(free_port())
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1"
    moto.server.main([*sys.argv[1:], "-p", port])
