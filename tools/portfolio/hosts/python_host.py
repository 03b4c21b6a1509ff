"""Runs the handler of one function, as Lambda does: a line of JSON for each call on the input, one for each answer on descriptor 3."""

import importlib
import json
import os
import signal
import sys
import time
import traceback
from types import SimpleNamespace

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this, and ends the input
folder, module = sys.argv[1:]
sys.path.insert(0, folder)
handler = importlib.import_module(module).handler

with os.fdopen(3, "w") as answers:
    for line in sys.stdin:
        call = json.loads(line)
        end = time.monotonic() + call["timeoutMs"] / 1000
        context = SimpleNamespace(
            get_remaining_time_in_millis=lambda end=end: max(0, int((end - time.monotonic()) * 1000))
        )
        try:
            said = {"id": call["id"], "answer": handler(call["event"], context)}
        except Exception as error:  # whatever a handler raises is its answer, as in Lambda
            traceback.print_exc()
            said = {"id": call["id"], "error": repr(error)}
        print(json.dumps(said), file=answers, flush=True)
