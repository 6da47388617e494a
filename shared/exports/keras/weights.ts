import type { NamedWeight } from '../../compile/lowering';
import { pythonString, tupleOf } from '../python/literals';
import { listed } from '../python/layout';
import { numpySafetensors } from '../python/numpyWeights';
import type { WeightLayer } from './model';

/** Prints `weights.py`: which layer takes which of a run's weights, and the code that reads, sets and writes them. */
export function printWeights(weightLayers: readonly WeightLayer[], weights: readonly NamedWeight[]): string {
  const shapes = new Map(weights.map(({ name, shape }) => [name, shape]));
  const items = weightLayers.map(({ layer, names }) => {
    const held = names.map((name) => `(${pythonString(name)}, ${tupleOf((shapes.get(name) ?? []).map(String))})`);
    return `"${layer}": [${held.join(', ')}]`;
  });
  return [
    weightsHead,
    '# The layers that hold weights: what these are called in Convloom, and their shapes, in order.',
    ...listed('WEIGHTS: dict[str, list[tuple[str, tuple[int, ...]]]] = {', items, '}'),
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

import keras
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
`;

const weightsBody = `def load_weights(model: keras.Model, path: Path | str) -> None:
    """Puts the weights of a Convloom run into a model, or changes nothing where they do not fit."""
    tensors = read_safetensors(path)
    ready = []
    for layer, weights in WEIGHTS.items():
        variables = model.get_layer(layer).weights
        given = []
        for (name, shape), variable in zip(weights, variables, strict=True):
            if name not in tensors:
                raise ValueError(f"{path} has no {name!r}: it belongs to another network.")
            if tensors[name].shape != shape:
                raise ValueError(f"{path}: {name!r} has another shape than {shape}.")
            given.append(tensors[name].reshape(variable.shape))
        ready.append((variables, given))
    for variables, given in ready:
        for variable, values in zip(variables, given, strict=True):
            variable.assign(values)


def save_weights(model: keras.Model, path: Path | str) -> None:
    """Writes a model's weights under Convloom's names, as a run of Convloom has them."""
    tensors: dict[str, Values] = {}
    for layer, weights in WEIGHTS.items():
        for (name, shape), variable in zip(weights, model.get_layer(layer).weights, strict=True):
            tensors[name] = keras.ops.convert_to_numpy(variable.value).reshape(shape)
    write_safetensors(path, tensors)
`;
