import type { NamedWeight } from '../../compile/lowering';
import { pythonString, tupleOf } from '../python/literals';
import { listed } from '../python/layout';
import { numpySafetensors } from '../python/numpyWeights';
import type { PlacedWeight } from '../python/weightTable';

/** Prints `weights.py`: where the model has each of a run's weights, and the code that reads, sets and writes them. */
export function printWeights(table: readonly PlacedWeight[], weights: readonly NamedWeight[]): string {
  const shapes = new Map(weights.map(({ name, shape }) => [name, shape]));
  const items = table.map(({ place, name }) => {
    const shape = tupleOf((shapes.get(name) ?? []).map(String));
    return `"${place}": (${pythonString(name)}, ${shape})`;
  });
  return [
    weightsHead,
    '# Where the model has each weight, with its name and its shape in Convloom.',
    ...listed('WEIGHTS: dict[str, tuple[str, tuple[int, ...]]] = {', items, '}'),
    '',
    '',
    numpySafetensors,
    '',
    weightsBody,
  ].join('\n');
}

const weightsHead = `"""Reads and writes weights as safetensors, under the names that Convloom has for them."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array
from numpy.typing import NDArray

Values = NDArray[np.float32]
`;

const weightsBody = `def find_weight(model: nnx.Module, place: str) -> nnx.Variable[Array]:
    """The variable at a path of attributes and places in lists, as \`block.layers.0.conv.kernel\`."""
    found = model
    for part in place.split("."):
        found = found[int(part)] if isinstance(found, nnx.List) else getattr(found, part)
    if not isinstance(found, nnx.Variable):
        raise TypeError(f"{place} is no weight of the model.")
    return found


def load_weights(model: nnx.Module, path: Path | str) -> None:
    """Puts the weights of a Convloom run into a model, or changes nothing where they do not fit."""
    tensors = read_safetensors(path)
    for name, shape in WEIGHTS.values():
        if name not in tensors:
            raise ValueError(f"{path} has no {name!r}: it belongs to another network.")
        if tensors[name].shape != shape:
            raise ValueError(f"{path}: {name!r} has another shape than {shape}.")
    for place, (name, _) in WEIGHTS.items():
        weight = find_weight(model, place)
        weight[...] = jnp.asarray(tensors[name].reshape(weight.shape))


def save_weights(model: nnx.Module, path: Path | str) -> None:
    """Writes a model's weights under Convloom's names, as a run of Convloom has them."""
    tensors: dict[str, Values] = {}
    for place, (name, shape) in WEIGHTS.items():
        tensors[name] = np.asarray(find_weight(model, place)[...], np.float32).reshape(shape)
    write_safetensors(path, tensors)
`;
