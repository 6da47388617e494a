import { trainerEnd } from './shared';

/** The `trainer.py` of a printed project: a run, whatever framework does the sums. */
export const trainerSource = `"""Runs a training as Convloom does: order, schedule, log, checkpoints; a machine does the sums."""

import argparse
import json
import math
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from augment import changed
from data import (
    MULTI_LABEL,
    PICTURES,
    Array,
    DataError,
    Dataset,
    Samples,
    Shape,
    Wanted,
    open_data,
    values_of,
)
from labels import label_baseline
from mixing import Mixed, check_mixing, mixed
from options import Plan, read_options, scheduled_rate
from order import Indices, seed_for, shuffled_order
from restoring import baseline_of_pictures, psnr_of
from run_folder import RunFolder, diverged
from scores import Tally, Task, baseline, check_output, describe_scores, mean_iou, task_of

# A loss this many times the first one is not coming back.
DIVERGENCE = 1e6
CHECKPOINT = "checkpoint.npz"


class Machine(Protocol):
    """A model with its optimizer, on the devices that train it."""

    # The framework's name.
    engine: str

    def describe(self) -> str:
        """The devices in words."""

    def step(
        self, inputs: Array, labels: Array, mix: Mixed | None, number: int, rate: float
    ) -> tuple[float, float]:
        """Follows the gradient of a batch; its mean loss, and how many answers were right."""

    def judge(self, inputs: Array, labels: Array) -> tuple[Array, Array]:
        """The losses and the answers of samples or pixels, without learning from them."""

    def state(self) -> list[Array]:
        """All numbers that the next step depends on."""

    def restore(self, state: list[Array]) -> None:
        """Goes on from such numbers."""

    def load_weights(self, path: Path) -> None:
        """Starts from weights of a run or of an export."""

    def save_weights(self, path: Path) -> None:
        """Writes the weights as Convloom reads them."""


# Makes the machine: of the settings, what is learned, and the options of the command line.
MakeMachine = Callable[[dict[str, Any], Task, argparse.Namespace], Machine]


@dataclass
class Progress:
    """Where a run stands: steps that are done, and the sums of the epoch under way."""

    step: int = 0
    epoch: int = 1
    seen: int = 0
    loss_sum: float = 0.0
    correct: float = 0.0
    answers: float = 0.0
    first_loss: float | None = None
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    # What the schedule "plateau" remembers: the least validation loss, epochs since, and its share.
    best_loss: float | None = None
    waited: int = 0
    plateau_share: float = 1.0

    def follow_plateau(self, config: dict[str, Any], loss: float) -> None:
        """Lowers the learning rate where the validation loss stands still."""
        if config["schedule"] != "plateau":
            return
        if self.best_loss is None or loss < self.best_loss * (1 - 1e-4):
            self.best_loss, self.waited = loss, 0
        elif self.waited < config["decayEpochs"]:
            self.waited += 1
        else:
            self.waited = 0
            self.plateau_share *= float(config["decayFactor"])


def open_fitting(plan: Plan, config: dict[str, Any]) -> tuple[Dataset, Task]:
    """The data, and what the model is to learn of them."""
    shape = plan.output_shape
    targets = config.get("targets", "")
    wanted = Wanted(plan.input_shape, shape, config["share"], targets=targets)
    data = open_data(config["data"], wanted)
    loss = config["loss"]
    is_of_values = loss in ("meanSquaredError", "meanAbsoluteError")
    if data.has_number_classes and is_of_values and all(size == 1 for size in shape):
        data = open_data(config["data"], replace(wanted, learns_values=True))
    task = task_of(data, config, plan.ends_in, shape)
    check_mixing(config, data.task, data.input_shape)
    check_output(task, data, shape)
    return data, task


def make_labels(samples: Samples, indices: Indices, task: Task, shape: Shape) -> Array:
    """The answers of some samples; those of pixels as far as the model's output reaches."""
    values = samples.targets[indices]
    if task.kind == PICTURES:
        return values_of(values)
    if task.kind in ("regression", MULTI_LABEL):
        return values.astype(np.float32)
    labels = values.astype(np.int32)
    if task.kind == "classification":
        return labels
    height, width = (size or labels.shape[at + 1] for at, size in enumerate(shape[:2]))
    top, left = (labels.shape[1] - height) // 2, (labels.shape[2] - width) // 2
    return labels[:, top : labels.shape[1] - top, left : labels.shape[2] - left]


class Trainer:
    """One run."""

    def __init__(
        self,
        plan: Plan,
        config: dict[str, Any],
        make: MakeMachine,
        options: argparse.Namespace,
    ) -> None:
        self.plan = plan
        self.config = config
        self.checkpoint_seconds: float = options.checkpoint_seconds
        self.data, self.task = open_fitting(plan, config)
        self.machine = make(config, self.task, options)
        self.progress = Progress()
        self.run: RunFolder | None = None
        self.is_stopping = False
        self.speed = 0.0
        self.saved = time.monotonic()
        self.maker = ThreadPoolExecutor(1)

    @property
    def steps_per_epoch(self) -> int:
        """Steps that see every sample once."""
        return -(-len(self.data.train) // int(self.config["batchSize"]))

    def feed(self, samples: Samples, indices: Indices) -> tuple[Array, Array]:
        """Inputs and labels of some samples."""
        labels = make_labels(samples, indices, self.task, self.plan.output_shape)
        return values_of(samples.inputs[indices]), labels

    def feed_step(self, batch: Indices, step: int) -> tuple[Array, Array, Mixed | None]:
        """What a step is fed: pictures changed and mixed for it, where the run does so."""
        samples, places = changed(self.data.train, batch, self.config, step)
        samples, places, mix = mixed(samples, places, self.config, step)
        return *self.feed(samples, places), mix

    def baseline(self) -> dict[str, Any]:
        """What an answer scores that has learned nothing."""
        parts = (self.data.train, self.data.validation)
        if self.task.kind == PICTURES:
            return baseline_of_pictures(self.data.validation)
        if self.task.kind == MULTI_LABEL:
            return label_baseline(self.data.validation.targets)
        return baseline(self.task, *(self.feed(one, np.arange(len(one)))[1] for one in parts))

    def start(self, folder: Path | None) -> None:
        """Begins the run's folder, and says what the run is."""
        data = self.data
        facts = {
            "task": data.task,
            "classes": data.classes,
            "inputShape": data.input_shape,
            "scaling": data.scaling,
        }
        network = Path(__file__).with_name("network.json")
        self.run = RunFolder.start(folder, self.config, facts, network)
        print(f"Training in {self.run.folder} on {self.machine.describe()}", flush=True)
        for what in data.skipped[:5]:
            print(f"left out: {what}", file=sys.stderr)
        self.run.add(
            {
                "type": "started",
                "runId": self.run.record["id"],
                "engine": self.machine.engine,
                "device": self.machine.describe(),
                "epochs": self.config["epochs"],
                "stepsPerEpoch": self.steps_per_epoch,
                "trainCount": len(data.train),
                "validationCount": len(data.validation),
                "baseline": self.baseline(),
            }
        )

    def save(self) -> None:
        """Writes the weights, and all that is needed to go on as if never broken off."""
        self.saved = time.monotonic()
        if self.run is None:
            return
        self.run.flush()
        self.machine.save_weights(self.run.folder / "weights.safetensors")
        facts = {
            "config": self.config,
            "counts": [len(self.data.train), len(self.data.validation)],
            "classes": self.data.classes,
            "progress": asdict(self.progress),
        }
        temporary = self.run.folder / f".{CHECKPOINT}.tmp"
        with temporary.open("wb") as file:
            np.savez(file, *self.machine.state(), facts=np.array(json.dumps(facts)))
        temporary.replace(self.run.folder / CHECKPOINT)

    def restore(self, folder: Path, content: dict[str, Array]) -> None:
        """Goes on from a checkpoint."""
        facts = json.loads(str(content["facts"]))
        counts = [len(self.data.train), len(self.data.validation)]
        if facts["counts"] != counts or facts["classes"] != self.data.classes:
            raise DataError("the data are not those that the run began with")
        self.progress = Progress(**facts["progress"])
        if self.progress.epoch > self.config["epochs"]:
            raise ValueError(f"{folder} is complete.")
        self.machine.restore([content[f"arr_{at}"] for at in range(len(content) - 1)])
        self.run = RunFolder.resume(folder, self.progress.step, self.progress.epoch)
        print(f"Going on in {self.run.folder} after step {self.progress.step}", flush=True)

    def take_step(self, inputs: Array, labels: Array, mix: Mixed | None) -> float:
        """Follows the gradient of one batch; gives its loss."""
        progress, config = self.progress, self.config
        share = progress.step / (config["epochs"] * self.steps_per_epoch)
        rate = scheduled_rate(config, share) * progress.plateau_share
        loss, right = self.machine.step(inputs, labels, mix, progress.step + 1, rate)
        answers = max(1.0, self.task.count(labels))
        progress.step += 1
        progress.seen += len(labels)
        progress.first_loss = loss if progress.first_loss is None else progress.first_loss
        progress.loss_sum += loss * len(labels)
        progress.correct += right
        progress.answers += answers
        self.note_step(loss, right / answers)
        return loss

    def note_step(self, loss: float, accuracy: float) -> None:
        """Adds a step to the log."""
        if self.run is None or not math.isfinite(loss):
            return
        progress, count = self.progress, len(self.data.train)
        left = count - progress.seen + (self.config["epochs"] - progress.epoch) * count
        self.run.add(
            {
                "type": "step",
                "epoch": progress.epoch,
                "step": progress.step,
                "loss": loss,
                "accuracy": accuracy if self.task.is_graded else None,
                "imagesPerSecond": self.speed,
                "secondsLeft": left / max(self.speed, 1e-6),
            }
        )

    def train_epoch(self) -> bool:
        """Takes the steps of the epoch that are not done yet; False where the run has to end."""
        progress, size = self.progress, self.config["batchSize"]
        count = len(self.data.train)
        order = shuffled_order(count, seed_for(self.config["seed"], f"epoch {progress.epoch}"))
        batches = [order[at : at + size] for at in range(progress.seen, count, size)]
        first_step = progress.step + 1
        coming = [self.maker.submit(self.feed_step, one, first_step) for one in batches[:1]]
        for at, batch in enumerate(batches):
            began = time.monotonic()
            inputs, labels, mix = coming.pop().result()
            # The next batch is made while this one is trained on.
            after = first_step + at + 1
            following = batches[at + 1 : at + 2]
            coming += [self.maker.submit(self.feed_step, one, after) for one in following]
            loss = self.take_step(inputs, labels, mix)
            took = time.monotonic() - began
            progress.seconds += took
            progress.epoch_seconds += took
            speed = len(batch) / max(took, 1e-6)
            self.speed += (speed - self.speed) * (0.1 if self.speed else 1)
            first = progress.first_loss or 0.0
            if not math.isfinite(loss) or loss > max(1.0, first) * DIVERGENCE:
                if self.run is not None:
                    self.run.end(diverged(self.config, progress.step, first, loss))
                return False
            if time.monotonic() - self.saved >= self.checkpoint_seconds:
                self.save()
            if self.is_stopping:
                return False
        return True

    def evaluate(self) -> dict[str, Any]:
        """The scores over the validation samples."""
        held, size = self.data.validation, self.config["batchSize"]
        tally = Tally(self.task)
        for at in range(0, len(held), size):
            inputs, labels = self.feed(held, np.arange(at, min(at + size, len(held))))
            losses, answers = self.machine.judge(inputs, labels)
            tally.add(losses, answers, labels)
        kind = self.task.kind
        return {
            "valLoss": tally.loss / tally.count,
            "valAccuracy": tally.accuracy if self.task.is_graded else None,
            "valMeanIou": mean_iou(tally.overlaps) if kind == "segmentation" else None,
            **({"valPsnr": psnr_of(tally.squares / tally.count)} if kind == PICTURES else {}),
            **({"valLabels": tally.label_scores(held)} if kind == MULTI_LABEL else {}),
        }

    def end_epoch(self) -> None:
        """Scores the epoch, and turns to the next one."""
        progress = self.progress
        began = time.monotonic()
        scores = self.evaluate()
        progress.follow_plateau(self.config, scores["valLoss"] or 0.0)
        took = time.monotonic() - began
        mean = progress.loss_sum / progress.seen
        right = progress.correct / max(1.0, progress.answers) if self.task.is_graded else None
        event = {
            "type": "epoch",
            "epoch": progress.epoch,
            "loss": mean,
            "accuracy": right,
            **scores,
            "seconds": progress.epoch_seconds + took,
        }
        if self.run is not None:
            self.run.add(event)
            about = f"epoch {progress.epoch} of {self.config['epochs']}: loss {mean:.4f}"
            print(f"{about}, {describe_scores(scores)}", flush=True)
${trainerEnd}


def begin(
    plan: Plan, config: dict[str, Any], make: MakeMachine, options: argparse.Namespace
) -> Trainer:
    """A run that is ready for its next step."""
    if options.resume:
        with np.load(options.resume / CHECKPOINT, allow_pickle=False) as file:
            content = dict(file)
        config = json.loads(str(content["facts"]))["config"]
        trainer = Trainer(plan, config, make, options)
        trainer.restore(options.resume, content)
        return trainer
    trainer = Trainer(plan, config, make, options)
    if options.weights:
        trainer.machine.load_weights(options.weights)
    trainer.start(options.out)
    return trainer


def train(plan: Plan, make: MakeMachine, doc: str | None) -> None:
    """Trains a new run, or goes on with one."""
    options, config = read_options(plan, doc)
    try:
        trainer = begin(plan, config, make, options)
    except (DataError, ValueError, OSError) as error:
        sys.exit(f"{error}")

    def stop(*_: object) -> None:
        trainer.is_stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    trainer.work()
`;
