"""Runs training jobs from a queue on machines that may vanish. docs/training.md says how jobs, leases and messages behave."""
