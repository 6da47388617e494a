import { parquetReader } from '../../python/files';

/** What stands before the settings in `train.py`. */
export const trainHead = `# /// script
# requires-python = ">=3.11"
# dependencies = ["flax>=0.12", "jax>=0.8", "numpy>=2.0", "optax>=0.2.4", "pillow>=10", "${parquetReader}"]
# ///
"""Trains the model as Convloom does: uv run train.py

--resume RUN goes on with a run that was broken off. The folder of a run opens in Convloom.
"""

import argparse
import math
import os
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from jax import Array

from data import MULTI_LABEL, PICTURES, Shape
from data import Array as Values
from mixing import Mixed, Pair, by_share
from model import build_model
from options import Plan, kept_share
from scores import Task
from trainer import train
from weights import load_weights, save_weights

`;

/** What follows the settings. */
export const trainBody = `PLAN = Plan(SETTINGS, INPUT_SHAPE, OUTPUT_SHAPE, ENDS_IN, ["gpu", "tpu", "cpu"])
# As Convloom has them.
EPSILON, BETA2 = 1e-7, 0.999


def make_optimizer(config: dict[str, Any]) -> optax.GradientTransformation:
    """The optimizer with Convloom's numbers; those that change are given at each step."""
    if config["optimizer"] == "adam":
        adam = optax.inject_hyperparams(optax.adam)
        return adam(learning_rate=0.0, b1=0.9, b2=BETA2, eps=EPSILON)
    momentum = float(config["momentum"]) if config["optimizer"] == "momentum" else None
    return optax.inject_hyperparams(optax.sgd)(learning_rate=0.0, momentum=momentum)


def apart(task: Task, given: Array, wanted: Array) -> Array:
    """What each value is off, as the loss has it."""
    difference = given - wanted
    is_plain = task.loss == "meanAbsoluteError"
    return jnp.abs(difference) if is_plain else jnp.square(difference)


def label_losses(task: Task, output: Array, labels: Array) -> Array:
    """The loss of each sample of any number of classes: the mean of each one's yes or no."""
    weights = jnp.asarray(task.weights or (1.0,) * task.classes, jnp.float32)
    if task.loss != "binaryCrossEntropy":
        return jnp.mean(apart(task, output, labels) * (1 + (weights - 1) * labels), axis=-1)
    wanted = (1 - task.smoothing) * labels + task.smoothing / 2
    if task.ends_in == "sigmoid":
        smallest = float(np.finfo(np.float32).tiny)
        yes, no = (jnp.log(jnp.maximum(one, smallest)) for one in (output, 1 - output))
    else:
        yes, no = jax.nn.log_sigmoid(output), jax.nn.log_sigmoid(-output)
    return -jnp.mean(weights * wanted * yes + (1 - wanted) * no, axis=-1)


def answers_of(task: Task, output: Array) -> Array:
    """The likeliest class of each sample or pixel, how likely each is, or what is given itself."""
    if task.is_one:
        return (output[..., 0] > task.least).astype(jnp.int32)
    if task.is_graded:
        return jnp.argmax(output, axis=-1)
    is_score = task.loss == "binaryCrossEntropy" and task.ends_in != "sigmoid"
    return jax.nn.sigmoid(output) if is_score else output


def one_losses(task: Task, given: Array, labels: Array) -> Array:
    """The loss of each pixel of two classes that one channel tells apart."""
    if task.loss != "binaryCrossEntropy":
        return apart(task, given, labels)
    if task.ends_in == "sigmoid":
        smallest = float(np.finfo(np.float32).tiny)
        yes, no = (jnp.log(jnp.maximum(one, smallest)) for one in (given, 1 - given))
    else:
        yes, no = jax.nn.log_sigmoid(given), jax.nn.log_sigmoid(-given)
    return -(labels * yes + (1 - labels) * no)


def losses_of(task: Task, output: Array, labels: Array) -> Array:
    """The loss of each sample or pixel; 0 for pixels of no class."""
    if task.kind == "regression":
        return jnp.mean(apart(task, output.reshape(labels.shape), labels), axis=-1)
    if task.kind == PICTURES:
        return jnp.mean(apart(task, output, labels), axis=-1)
    if task.kind == MULTI_LABEL:
        return label_losses(task, output, labels)
    counted = labels < task.classes
    plain = jnp.where(counted, labels, 0)
    if task.is_one:
        losses = one_losses(task, output[..., 0], plain)
    elif task.loss != "crossEntropy":
        losses = jnp.mean(apart(task, output, jax.nn.one_hot(plain, task.classes)), axis=-1)
    else:
        logs = (
            jnp.log(jnp.maximum(output, float(np.finfo(np.float32).tiny)))
            if task.ends_in == "softmax"
            else jax.nn.log_softmax(output, axis=-1)
        )
        losses = -jnp.take_along_axis(logs, plain[..., None], axis=-1)[..., 0]
    return jnp.where(counted, losses, 0.0)


def scores_of(task: Task, answer: Any) -> Array:
    """The output that is trained; a list of scores for each sample, or for each pixel."""
    output: Array = answer[OUTPUT] if isinstance(answer, tuple) else answer
    is_map = task.kind in ("segmentation", PICTURES)
    return output if is_map else output.reshape(len(output), -1)


def count_right(task: Task, output: Array, labels: Array, pair: Pair) -> Array:
    """How many answers are right; of mixed samples by the share of the label."""
    if not task.is_graded:
        return jnp.zeros(())
    best = answers_of(task, output)
    return jnp.asarray(by_share(lambda one: jnp.sum(best == one), labels, pair))


def norms_of(model: Any) -> list[nnx.BatchNorm]:
    """The batch norms whose statistics follow the batches."""
    modules = [module for _, module in nnx.iter_modules(model)]
    return [one for one in modules if isinstance(one, nnx.BatchNorm) and one.momentum < 1]


def learn(
    model: Any,
    optimizer: Any,
    inputs: Array,
    labels: Array,
    pair: Pair,
    total: Array,
    shares: list[Array],
    *,
    task: Task,
) -> tuple[Array, Array]:
    """Follows the gradient of a batch; shares are how far statistics go of what they would."""
    norms = norms_of(model)
    before = [(norm.mean[...], norm.var[...]) for norm in norms]

    def loss_of(model: Any) -> tuple[Array, Array]:
        output = scores_of(task, model(inputs))
        losses = by_share(lambda one: losses_of(task, output, one), labels, pair)
        return jnp.sum(losses) / total, output

    (loss, output), gradients = nnx.value_and_grad(loss_of, has_aux=True)(model)
    optimizer.update(model, gradients)
    for norm, (mean, variance), share in zip(norms, before, shares, strict=True):
        norm.mean[...] = mean + (norm.mean[...] - mean) * share
        norm.var[...] = variance + (norm.var[...] - variance) * share
    return loss, count_right(task, output, labels, pair)


def answer(model: Any, inputs: Array, labels: Array, *, task: Task) -> tuple[Array, Array]:
    """Losses and answers."""
    output = scores_of(task, model(inputs))
    return losses_of(task.judged, output, labels), answers_of(task, output)


class JaxMachine:
    """The model on one device."""

    engine = "JAX"

    def __init__(self, config: dict[str, Any], task: Task, options: argparse.Namespace) -> None:
        self.task = task
        self.device = jax.devices(options.device)[0]
        jax.config.update("jax_default_device", self.device)
        self.model = build_model(config["seed"])
        self.optimizer = nnx.Optimizer(self.model, make_optimizer(config), wrt=nnx.Param)
        self.kept = [float(one.momentum) for one in norms_of(self.model)]
        self.has_epsilon = config["optimizer"] == "adam"
        self.learn: Any = nnx.jit(learn, static_argnames="task")
        self.answer: Any = nnx.jit(answer, static_argnames="task")

    def describe(self) -> str:
        """The device in words."""
        if self.device.platform == "cpu":
            return f"CPU, {os.cpu_count()} threads"
        return str(self.device.device_kind)

    def step(
        self, inputs: Values, labels: Values, mix: Mixed | None, number: int, rate: float
    ) -> tuple[float, float]:
        """Follows the gradient of a batch; its mean loss, and how many answers were right."""
        given = self.optimizer.opt_state.hyperparams
        given["learning_rate"][...] = jnp.asarray(rate, jnp.float32)
        if self.has_epsilon:
            # Convloom adds it to the raw moment, before the start at zero is corrected.
            given["eps"][...] = jnp.asarray(EPSILON / math.sqrt(1 - BETA2**number), jnp.float32)
        total = jnp.asarray(max(1.0, self.task.count(labels)), jnp.float32)
        shares = [
            jnp.asarray((1 - kept_share(number, one)) / (1 - one), jnp.float32) for one in self.kept
        ]
        pair = None if mix is None else (mix.others, jnp.asarray(mix.share, jnp.float32))
        self.model.train()
        loss, right = self.learn(
            self.model, self.optimizer, inputs, labels, pair, total, shares, task=self.task
        )
        return float(loss), float(right)

    def judge(self, inputs: Values, labels: Values) -> tuple[Values, Values]:
        """The losses and the answers of samples or pixels, without learning from them."""
        self.model.eval()
        losses, answers = self.answer(self.model, inputs, labels, task=self.task)
        return np.asarray(losses), np.asarray(answers)

    def held(self) -> Any:
        """What the next step depends on; the keys of random numbers follow from the seed."""
        return nnx.state((self.model, self.optimizer), nnx.Not(nnx.RngKey))

    def state(self) -> list[Values]:
        """All numbers that the next step depends on."""
        return [np.asarray(one) for one in jax.tree.leaves(self.held())]

    def restore(self, state: list[Values]) -> None:
        """Goes on from such numbers."""
        leaves, tree = jax.tree.flatten(self.held())
        if len(leaves) != len(state):
            raise ValueError("the checkpoint is of another network")
        held = jax.tree.unflatten(tree, [jnp.asarray(one) for one in state])
        nnx.update((self.model, self.optimizer), held)

    def load_weights(self, path: Path) -> None:
        """Starts from weights of a run or of an export."""
        load_weights(self.model, path)

    def save_weights(self, path: Path) -> None:
        """Writes the weights as Convloom reads them."""
        save_weights(self.model, path)


if __name__ == "__main__":
    train(PLAN, JaxMachine, __doc__)
`;
