"""An example to copy: one job that becomes sixteen sub-tasks, which the nodes share."""

import hashlib

import ayeaye

HEX_DIGITS = "0123456789abcdef"


class PartitionedExampleEtl(ayeaye.PartitionedModel):
    """
    How often has a hex digit to be repeated until the MD5 hash of the text begins with `complexity` such digits?
    A digit takes about 0.02 s of a CPU at complexity 4, and sixteen times as long for each step more.
    """

    def __init__(self, complexity=4):
        super().__init__()
        if type(complexity) is not int or not 1 <= complexity <= 8:
            raise ValueError(f"complexity must be a whole number from 1 to 8, got {complexity!r}")
        self.complexity = complexity
        self.solutions = {}

    def build(self):
        """All the work is in the sub-tasks."""

    def partition_plea(self):
        # optimal is how many sub-tasks are on their way at a time
        return self.PartitionOption(minimum=1, maximum=len(HEX_DIGITS), optimal=len(HEX_DIGITS))

    def partition_slice(self, _partition_count):
        """Names a method and its arguments for each sub-task. They travel as JSON, and so do results."""
        return [("solve", {"digit": digit, "complexity": self.complexity}) for digit in HEX_DIGITS]

    def solve(self, digit, complexity):
        """Runs on any node, with nothing but its arguments, and perhaps twice: a sub-task that fails is tried again."""
        wanted = digit * complexity
        text_hash = hashlib.md5(usedforsecurity=False)
        length = 0
        while True:
            text_hash.update(digit.encode())
            length += 1
            if text_hash.hexdigest().startswith(wanted):
                return [digit, length]

    def partition_subtask_complete(self, task_message):
        """Runs on the node that has the job, for each result as it comes."""
        digit, length = task_message.return_value
        self.solutions[digit] = length

    def partition_complete(self):
        self.log(f"Solutions: {dict(sorted(self.solutions.items()))}")
