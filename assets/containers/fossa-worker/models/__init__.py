"""The models that this image may run; the name of the class is what a task names."""

from models.partitioned_example import PartitionedExampleEtl

MODELS = [PartitionedExampleEtl]
