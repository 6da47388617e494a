import { parquetReader } from '../../python/files';

/** What stands before the settings in `train.py`. */
export const trainHead = `# /// script
# requires-python = ">=3.10"
# dependencies = ["keras>=3.9", "numpy>=1.26", "pillow>=10", "${parquetReader}", "tensorflow>=2.18"]
# ///
"""Trains the model as Convloom does: uv run train.py

--replicas N shares each batch among N devices. --resume RUN goes on with a run that was broken
off. The folder of a run opens in Convloom.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from data import MULTI_LABEL, PICTURES, Array, Shape
from mixing import Mixed, by_share
from model import build_model
from options import Plan, kept_share
from scores import Task
from trainer import train
from weights import load_weights, save_weights

`;

/** What follows the settings. */
export const trainBody = `PLAN = Plan(SETTINGS, INPUT_SHAPE, OUTPUT_SHAPE, ENDS_IN, ["gpu", "cpu"], takes_several=True)


class Momentum(keras.optimizers.SGD):  # type: ignore[misc]
    """Momentum that gathers gradients and not steps: a new learning rate holds for all of it."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Moves one weight."""
        gathered = self.momentums[self._get_variable_index(variable)]
        self.assign(gathered, gathered * self.momentum + gradient)
        self.assign_sub(variable, gathered * learning_rate)


def make_optimizer(config: dict[str, Any]) -> Any:
    """The optimizer with Convloom's numbers; Adam has Keras' own."""
    if config["optimizer"] == "adam":
        return keras.optimizers.Adam(beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    if config["optimizer"] == "momentum" and config["momentum"] > 0:
        return Momentum(momentum=float(config["momentum"]))
    return keras.optimizers.SGD()


def apart(task: Task, given: Any, wanted: Any) -> Any:
    """What each value is off, as the loss has it."""
    difference = given - wanted
    is_plain = task.loss == "meanAbsoluteError"
    return ops.absolute(difference) if is_plain else ops.square(difference)


def label_losses(task: Task, output: Any, labels: Any) -> Any:
    """The loss of each sample of any number of classes: the mean of each one's yes or no."""
    weights = task.weights or (1.0,) * task.classes
    if task.loss != "binaryCrossEntropy":
        counts = 1 + (ops.convert_to_tensor(weights, "float32") - 1) * labels
        return ops.mean(apart(task, output, labels) * counts, axis=-1)
    wanted = (1 - task.smoothing) * labels + task.smoothing / 2
    if task.ends_in == "sigmoid":
        smallest = float(np.finfo(np.float32).tiny)
        yes, no = (ops.log(ops.maximum(one, smallest)) for one in (output, 1 - output))
    else:
        yes, no = ops.log_sigmoid(output), ops.log_sigmoid(-output)
    return -ops.mean(ops.convert_to_tensor(weights) * wanted * yes + (1 - wanted) * no, axis=-1)


def answers_of(task: Task, output: Any) -> Any:
    """The likeliest class of each sample or pixel, how likely each is, or what is given itself."""
    if task.is_one:
        return ops.cast(output[..., 0] > task.least, "int32")
    if task.is_graded:
        return ops.argmax(output, axis=-1)
    is_score = task.loss == "binaryCrossEntropy" and task.ends_in != "sigmoid"
    return ops.sigmoid(output) if is_score else output


def one_losses(task: Task, given: Any, labels: Any) -> Any:
    """The loss of each pixel of two classes that one channel tells apart."""
    wanted = ops.cast(labels, given.dtype)
    if task.loss != "binaryCrossEntropy":
        return apart(task, given, wanted)
    if task.ends_in == "sigmoid":
        smallest = float(np.finfo(np.float32).tiny)
        yes, no = (ops.log(ops.maximum(one, smallest)) for one in (given, 1 - given))
    else:
        yes, no = ops.log_sigmoid(given), ops.log_sigmoid(-given)
    return -(wanted * yes + (1 - wanted) * no)


def losses_of(task: Task, output: Any, labels: Any) -> Any:
    """The loss of each sample or pixel; 0 for pixels of no class."""
    if task.kind == "regression":
        return ops.mean(apart(task, ops.reshape(output, ops.shape(labels)), labels), axis=-1)
    if task.kind == PICTURES:
        return ops.mean(apart(task, output, labels), axis=-1)
    if task.kind == MULTI_LABEL:
        return label_losses(task, output, labels)
    counted = labels < task.classes
    plain = ops.where(counted, labels, 0)
    if task.is_one:
        losses = one_losses(task, output[..., 0], plain)
    elif task.loss != "crossEntropy":
        losses = ops.mean(apart(task, output, ops.one_hot(plain, task.classes)), axis=-1)
    else:
        smallest = float(np.finfo(np.float32).tiny)
        logs = (
            ops.log(ops.maximum(output, smallest))
            if task.ends_in == "softmax"
            else ops.log_softmax(output, axis=-1)
        )
        losses = -ops.take_along_axis(logs, plain[..., None], axis=-1)[..., 0]
    return ops.where(counted, losses, 0.0)


def scores_of(task: Task, answer: Any) -> Any:
    """The output that is trained; a list of scores for each sample, or for each pixel."""
    output = answer[OUTPUT] if isinstance(answer, (list, tuple)) else answer
    is_map = task.kind in ("segmentation", PICTURES)
    return output if is_map else ops.reshape(output, (-1, OUTPUT_SHAPE[-1]))


def choose_devices(kind: str | None, replicas: int) -> Any:
    """How the devices share a batch: not at all, or each with a copy of the model."""
    gpus = tf.config.list_physical_devices("GPU")
    if kind == "cpu" or not gpus:
        if kind == "gpu":
            raise ValueError("TensorFlow finds no GPU.")
        tf.config.set_visible_devices([], "GPU")
        cpu = tf.config.list_physical_devices("CPU")[0]
        parts = [tf.config.LogicalDeviceConfiguration()] * replicas
        tf.config.set_logical_device_configuration(cpu, parts)
        names = [f"CPU:{at}" for at in range(replicas)]
    else:
        if replicas > len(gpus):
            raise ValueError(f"There are {len(gpus)} GPUs, and not {replicas}.")
        names = [f"GPU:{at}" for at in range(replicas)]
    return tf.distribute.MirroredStrategy(names) if replicas > 1 else tf.distribute.get_strategy()


class KerasMachine:
    """The model on one device, or copies of it on several that share each batch."""

    engine = "Keras"

    def __init__(self, config: dict[str, Any], task: Task, options: argparse.Namespace) -> None:
        self.task = task
        self.strategy = choose_devices(options.device, options.replicas)
        self.replicas = int(self.strategy.num_replicas_in_sync)
        keras.utils.set_random_seed(config["seed"])
        with self.strategy.scope():
            self.model = build_model()
            self.optimizer = make_optimizer(config)
            self.optimizer.build(self.model.trainable_variables)
        # What is kept of running statistics, beside the layer's own number: less at the start.
        self.kept: list[tuple[Any, float]] = []
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                kept = tf.Variable(layer.momentum, trainable=False, dtype=tf.float32)
                self.kept.append((kept, float(layer.momentum)))
                layer.momentum = kept
                # Its mean and variance are those of the whole batch.
                layer.synchronized = self.replicas > 1
        self.learn = tf.function(self.learn_batch, reduce_retracing=True)
        self.answer = tf.function(self.judge_batch, reduce_retracing=True)

    def describe(self) -> str:
        """The devices in words."""
        gpus = tf.config.get_visible_devices("GPU")
        if gpus:
            name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
        else:
            name = f"CPU, {os.cpu_count()} threads"
        return f"{name}" if self.replicas == 1 else f"{self.replicas} × {name}"

    def learn_part(
        self, inputs: Any, labels: Any, counts: Any, total: Any, *mixing: Any
    ) -> tuple[Any, Any]:
        """One device's part of a step; samples that only fill it up count 0."""
        pair = (mixing[0], mixing[1]) if mixing else None
        with tf.GradientTape() as tape:
            output = scores_of(self.task, self.model(inputs, training=True))
            losses = by_share(lambda one: losses_of(self.task, output, one), labels, pair)
            shape = (-1, *[1] * (len(losses.shape) - 1))
            loss = ops.sum(losses * ops.reshape(counts, shape)) / total
        weights = self.model.trainable_variables
        sources = [one.value for one in weights]
        # The optimizer adds up the gradients of all devices.
        none = tf.UnconnectedGradients.ZERO
        gradients = tape.gradient(loss, sources, unconnected_gradients=none)
        self.optimizer.apply(gradients, weights)
        if not self.task.is_graded:
            return loss, ops.zeros(())
        best = answers_of(self.task, output)
        right = by_share(lambda one: ops.cast(ops.equal(best, one), "float32"), labels, pair)
        return loss, ops.sum(right * ops.reshape(counts, shape))

    def learn_batch(self, *feed: Any) -> tuple[Any, Any]:
        """A step of all devices."""
        loss, right = self.strategy.run(self.learn_part, args=feed)
        add = tf.distribute.ReduceOp.SUM
        return self.strategy.reduce(add, loss, None), self.strategy.reduce(add, right, None)

    def judge_batch(self, inputs: Any, labels: Any) -> tuple[Any, Any]:
        """Losses and answers, on the first device."""
        output = scores_of(self.task, self.model(inputs, training=False))
        return losses_of(self.task.judged, output, labels), answers_of(self.task, output)

    def share(self, values: Array) -> Any:
        """A part of the batch for each device."""
        parts = [tf.constant(one) for one in np.array_split(values, self.replicas)]
        share = self.strategy.experimental_distribute_values_from_function
        return share(lambda context: parts[context.replica_id_in_sync_group])

    def step(
        self, inputs: Array, labels: Array, mix: Mixed | None, number: int, rate: float
    ) -> tuple[float, float]:
        """Follows the gradient of a batch; its mean loss, and how many answers were right."""
        self.optimizer.learning_rate = rate
        for kept, momentum in self.kept:
            kept.assign(kept_share(number, momentum))
        total = tf.constant(max(1.0, self.task.count(labels)), tf.float32)
        short = max(0, self.replicas - len(inputs))
        counts = np.pad(np.ones(len(inputs), np.float32), (0, short))
        others = [] if mix is None else [mix.others]
        if short:
            inputs, labels, *others = (
                np.concatenate([one, one[:1].repeat(short, axis=0)])
                for one in (inputs, labels, *others)
            )
        feed = [self.share(inputs), self.share(labels), self.share(counts), total]
        if mix is not None:
            feed += [self.share(others[0]), tf.constant(mix.share, tf.float32)]
        loss, right = self.learn(*feed)
        return float(loss), float(right)

    def judge(self, inputs: Array, labels: Array) -> tuple[Array, Array]:
        """The losses and the answers of samples or pixels, without learning from them."""
        losses, answers = self.answer(tf.constant(inputs), tf.constant(labels))
        return losses.numpy(), answers.numpy()

    def state(self) -> list[Array]:
        """All numbers that the next step depends on."""
        held = [*self.model.variables, *self.optimizer.variables]
        return [ops.convert_to_numpy(one) for one in held]

    def restore(self, state: list[Array]) -> None:
        """Goes on from such numbers."""
        held = [*self.model.variables, *self.optimizer.variables]
        for one, values in zip(held, state, strict=True):
            one.assign(values)

    def load_weights(self, path: Path) -> None:
        """Starts from weights of a run or of an export."""
        load_weights(self.model, path)

    def save_weights(self, path: Path) -> None:
        """Writes the weights as Convloom reads them."""
        save_weights(self.model, path)


if __name__ == "__main__":
    if keras.backend.backend() != "tensorflow":
        sys.exit("The training runs on TensorFlow: unset KERAS_BACKEND.")
    train(PLAN, KerasMachine, __doc__)
`;
