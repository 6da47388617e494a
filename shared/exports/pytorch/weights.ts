import type { NamedWeight } from '../../compile/lowering';
import { lawLines, startingLaws } from '../python/files';
import { listed } from '../python/layout';
import { weightItems, type PlacedWeight } from '../python/weightTable';

/** Prints `weights.py`: reads and writes weights, under PyTorch's names and under Convloom's. */
export function printWeights(table: readonly PlacedWeight[]): string {
  return [
    weightsHead,
    '# Every weight of the model by its name in PyTorch, with its name in Convloom and how its axes lie.',
    ...listed('WEIGHTS: dict[str, Weight] = {', weightItems(table), '}'),
    weightsBody,
  ].join('\n');
}

const weightsHead = `"""Reads and writes weights as safetensors."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Weight:
    """A weight in Convloom: its axes in \`order\` are PyTorch's.

    \`sizes\` is set where an axis stands for several, as the rows of the first dense layer do.
    """

    name: str
    order: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()

    def to_torch(self, values: Tensor) -> Tensor:
        """The values in PyTorch's order of axes."""
        if not self.order:
            return values
        turned = values.reshape(self.sizes or values.shape).permute(self.order)
        return (turned.flatten(1) if self.sizes else turned).contiguous()

    def to_convloom(self, values: Tensor) -> Tensor:
        """The values in Convloom's order of axes."""
        if not self.order:
            return values
        shape = [self.sizes[axis] for axis in self.order] if self.sizes else values.shape
        back = [self.order.index(axis) for axis in range(len(self.order))]
        turned = values.reshape(shape).permute(back)
        return (turned.flatten(0, -2) if self.sizes else turned).contiguous()

`;

const weightsBody = `

def read_safetensors(path: Path | str) -> dict[str, Tensor]:
    """The tensors of a safetensors file of float32 values."""
    data = bytearray(Path(path).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    if len(data) < 8 or start > len(data):
        raise ValueError(f"{path} is no safetensors file, or is cut short.")
    header = json.loads(bytes(data[8:start]))
    tensors: dict[str, Tensor] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        count = math.prod(entry["shape"])
        if entry["dtype"] != "F32" or end - begin != 4 * count or start + end > len(data):
            raise ValueError(f"{path}: {name!r} is not float32 values, or is cut short.")
        empty = torch.empty(entry["shape"])
        tensors[name] = (
            torch.frombuffer(data, dtype=torch.float32, count=count, offset=start + begin)
            .reshape(entry["shape"])
            .clone()
            if count > 0
            else empty
        )
    return tensors


def write_safetensors(path: Path | str, tensors: Mapping[str, Tensor]) -> None:
    """Writes float32 values as a safetensors file, whole or not at all."""
    header: dict[str, object] = {}
    parts: list[bytes] = []
    offset = 0
    for name, tensor in tensors.items():
        part = tensor.detach().cpu().float().contiguous().numpy().tobytes()
        offsets = [offset, offset + len(part)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
        offset += len(part)
        parts.append(part)
    words = json.dumps(header).encode()
    words += b" " * (-len(words) % 8)
    target = Path(path)
    temporary = target.with_name(f".{target.name}.tmp")
    temporary.write_bytes(b"".join([len(words).to_bytes(8, "little"), words, *parts]))
    temporary.replace(target)


def load_weights(model: nn.Module, path: Path | str) -> None:
    """Puts weights into a model: those of PyTorch's state_dict, or those of a Convloom run."""
    tensors = read_safetensors(path)
    if not all(place in tensors for place in WEIGHTS):
        missing = [weight.name for weight in WEIGHTS.values() if weight.name not in tensors]
        if missing:
            raise ValueError(f"{path} has no {missing[0]!r}: it belongs to another network.")
        given = tensors
        tensors = {place: weight.to_torch(given[weight.name]) for place, weight in WEIGHTS.items()}
    state = model.state_dict()
    for place in WEIGHTS:
        if tensors[place].shape != state[place].shape:
            shapes = f"{tuple(tensors[place].shape)}, not {tuple(state[place].shape)}"
            raise ValueError(f"{path}: {place} has the shape {shapes}.")
    model.load_state_dict({**state, **{place: tensors[place] for place in WEIGHTS}})


def save_weights(model: nn.Module, path: Path | str) -> None:
    """Writes a model's weights under Convloom's names, as a run of Convloom has them."""
    state = model.state_dict()
    given = {weight.name: weight.to_convloom(state[place]) for place, weight in WEIGHTS.items()}
    write_safetensors(path, given)
`;

/** Prints `initialize.py`: first weights as Convloom draws them. */
export function printInitialize(weights: readonly NamedWeight[], table: readonly PlacedWeight[]): string {
  return [initializeHead, ...lawLines(startingLaws(weights, table)), initializeBody].join('\n');
}

const initializeHead = `"""Starts the weights of a model as Convloom does."""

import math

import torch
from torch import Tensor, nn
`;

const initializeBody = `
# The deviation of a normal distribution of deviation 1 that is cut off at 2.
CUT_OFF = 0.8796256610342398


@torch.no_grad()
def start_kernel(kernel: Tensor, law: str) -> None:
    """Draws a kernel: the variance is 2 / fan_in (He), 2 / (fan_in + fan_out), or 1 / fan_in."""
    if law == "zeros":
        nn.init.zeros_(kernel)
        return
    area = math.prod(kernel.shape[2:])
    fan_out, fan_in = kernel.shape[0] * area, kernel.shape[1] * area
    family, _, distribution = law.partition("_")
    variances = {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}
    deviation = math.sqrt(variances[family])
    if distribution == "uniform":
        nn.init.uniform_(kernel, -math.sqrt(3) * deviation, math.sqrt(3) * deviation)
    else:
        wide = deviation / CUT_OFF
        nn.init.trunc_normal_(kernel, std=wide, a=-2 * wide, b=2 * wide)


def initialize(model: nn.Module) -> None:
    """Starts kernels by their laws, and biases at zero."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            start_kernel(module.weight, OTHER_LAWS.get(f"{name}.weight", LAW))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
`;
