"""The course's datasets: read, checked and typed, or generated afresh from another seed."""

from trustkit.data.dataset import (
    UnknownDataset,
    dataset_names,
    generate_dataset,
    load_dataset,
    other_data,
    read_dataset,
    write_dataset,
)
from trustkit.data.schema import DatasetError

__all__ = [
    "DatasetError",
    "UnknownDataset",
    "dataset_names",
    "generate_dataset",
    "load_dataset",
    "other_data",
    "read_dataset",
    "write_dataset",
]
