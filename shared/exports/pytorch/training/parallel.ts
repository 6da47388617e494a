/** The `parallel.py` of a printed project: one process, or those that torchrun starts. */
export const parallelSource = `"""Where the training runs: one process, or several that torchrun started."""

import os
from collections.abc import Sequence

import torch
from torch import distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def best_device() -> str:
    """The fastest kind of device that is here."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


class World:
    """The processes that train together, each with a device of its own."""

    def __init__(self, device: str | None) -> None:
        self.rank = int(os.environ.get("RANK", "0"))
        self.size = int(os.environ.get("WORLD_SIZE", "1"))
        kind = device or best_device()
        if kind == "mps" and self.size > 1:
            kind = "cpu"
        local = int(os.environ.get("LOCAL_RANK", "0"))
        self.device = torch.device(f"cuda:{local}" if kind == "cuda" else kind)
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        if self.size > 1:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    @property
    def is_first(self) -> bool:
        """Whether this process writes."""
        return self.rank == 0

    def describe(self) -> str:
        """The devices in words."""
        if self.device.type == "cuda":
            name = torch.cuda.get_device_name(self.device)
        else:
            name = f"{self.device.type.upper()}, {torch.get_num_threads()} threads"
        return name if self.size == 1 else f"{self.size} × {name}"

    def wrap(self, model: nn.Module, has_idle_parts: bool) -> nn.Module:
        """The model as it is trained: gradients are the mean over all processes.

        Batch norms see the batch of all processes on CUDA; elsewhere PyTorch knows no such norm,
        and each process normalises by its own part.
        """
        if self.size == 1:
            return model
        if self.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]
        ids = [self.device.index] if self.device.type == "cuda" else None
        return DistributedDataParallel(model, ids, find_unused_parameters=has_idle_parts)

    def sum(self, values: Sequence[float]) -> list[float]:
        """The sums of these numbers over all processes."""
        if self.size == 1:
            return list(values)
        total = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return [float(one) for one in total.tolist()]

    def share_buffers(self, model: nn.Module) -> None:
        """Gives every process the first one's running means."""
        if self.size > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)

    def share_text(self, text: str) -> str:
        """What the first process says."""
        words = [text]
        if self.size > 1:
            dist.broadcast_object_list(words, 0)
        return words[0]

    def close(self) -> None:
        """Leaves the others."""
        if self.size > 1:
            dist.destroy_process_group()
`;
