import { parquetReader } from '../../python/files';
import { augmentChoices, lossChoices } from '../../python/training/options';
import { scheduledRate, trainerEnd } from '../../python/training/shared';

/** What stands before and behind the settings in the \`train.py\` of a printed project. */
export const trainHead = `# /// script
# requires-python = ">=3.10"
# dependencies = ["numpy>=1.26", "pillow>=10", "${parquetReader}", "torch>=2.4"]
# ///
"""Trains the model as Convloom does: uv run train.py

Several devices: torchrun --nproc-per-node=N train.py. Each process takes --batch-size samples a
step. --resume RUN goes on with a run that was broken off. The folder of a run opens in Convloom.
"""

import argparse
import math
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from augment import changed
from data import (
    MULTI_LABEL,
    PICTURES,
    DataError,
    Dataset,
    Samples,
    Shape,
    Wanted,
    open_data,
    values_of,
)
from labels import label_baseline, label_scores
from mixing import Pair, by_share, check_mixing, mixed
from model import build_model
from order import Indices, seed_for, shuffled_order
from parallel import World
from restoring import baseline_of_pictures, psnr_of
from run_folder import RunFolder, diverged
from scores import (
    Tally,
    Task,
    answers_of,
    baseline,
    check_output,
    describe_scores,
    mean_iou,
    task_of,
)
from weights import load_weights, save_weights

`;

/** What follows the settings. */
export const trainBody = `CHOICES = {
    "optimizer": ["adam", "adamW", "momentum", "nesterov", "rmsProp", "adagrad", "sgd"],
    "schedule": ["cosine", "oneCycle", "constant", "step", "plateau"],
    "loss": ${lossChoices},
    "classWeights": ["equal", "balanced", "own"],
    "augment": ${augmentChoices},
    "splitBy": ["picture"],
    "annotations": ["auto"],
    "fit": ["stretch"],
}
# Settings that the network may have, and that are trained with by Convloom alone.
MISSING = ["accumulate", "emaDecay", "outputWeights", "watch", "patience", "keep"]
MISSING += ["testFraction", "maskValues"]
# As Convloom has them; a loss this many times the first one is not coming back.
EPSILON, BETA2 = 1e-7, 0.999
DIVERGENCE = 1e6
CHECKPOINT = "checkpoint.pt"


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


def read_options() -> tuple[argparse.Namespace, dict[str, Any]]:
    """The command line; settings that it does not give are the document's."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in SETTINGS.items():
        option = "--" + "".join(f"-{one.lower()}" if one.isupper() else one for one in name)
        if name not in ("engine", "output", "precision", "recompute"):
            choices = CHOICES.get(name)
            parser.add_argument(option, dest=name, type=type(value), choices=choices)
    parser.add_argument("--out", type=Path, metavar="DIR", help="a new folder for the run")
    parser.add_argument("--resume", type=Path, metavar="DIR", help="the run to go on with")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights to start from")
    parser.add_argument("--device", choices=["cuda", "mps", "cpu"])
    parser.add_argument("--checkpoint-seconds", type=float, default=30, metavar="SECONDS")
    options = parser.parse_args()
    given = {name: getattr(options, name, None) for name in SETTINGS}
    chosen = {name: value for name, value in given.items() if value is not None}
    if options.resume and (chosen or options.out or options.weights):
        parser.error("--resume goes on as the run began; no other setting goes with it.")
    config = {**SETTINGS, **chosen}
    if config["epochs"] < 1 or config["batchSize"] < 1 or not config["learningRate"] > 0:
        parser.error("--epochs, --batch-size and --learning-rate must be more than 0.")
    if not 0 < config["share"] <= 1:
        parser.error("--share must be more than 0, and at most 1.")
    missing = [name for name in MISSING if config.get(name)]
    # A setting that is left out has its usual value.
    limited = [name for name in CHOICES if name in config]
    missing += [config[name] for name in limited if config[name] not in CHOICES[name]]
    if missing:
        parser.error(f"this project does not train with {', '.join(missing)}; Convloom does.")
    kind, colon, path = config["data"].partition(":")
    if colon:
        config["data"] = f"{kind}:{Path(path).absolute()}"
    return options, config


def open_fitting(config: dict[str, Any]) -> tuple[Dataset, Task]:
    """The data, and what the model is to learn of them."""
    targets = config.get("targets", "")
    wanted = Wanted(INPUT_SHAPE, OUTPUT_SHAPE, config["share"], targets=targets)
    data = open_data(config["data"], wanted)
    loss = config["loss"]
    is_of_values = loss in ("meanSquaredError", "meanAbsoluteError")
    if data.has_number_classes and is_of_values and all(size == 1 for size in OUTPUT_SHAPE):
        data = open_data(config["data"], replace(wanted, learns_values=True))
    task = task_of(data, config, ENDS_IN, OUTPUT_SHAPE)
    check_mixing(config, data.task, data.input_shape)
    check_output(task, data, OUTPUT_SHAPE)
    return data, task


${scheduledRate}


def make_optimizer(config: dict[str, Any], model: nn.Module) -> torch.optim.Optimizer:
    """The optimizer with Convloom's numbers, which are PyTorch's own but for Adam's epsilon."""
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    rate, name = float(config["learningRate"]), config["optimizer"]
    decay = float(config.get("weightDecay", 0))
    if name == "adam":
        betas = (0.9, BETA2)
        return torch.optim.Adam(weights, rate, betas=betas, eps=EPSILON, weight_decay=decay)
    if name == "adamW":
        return torch.optim.AdamW(weights, rate, weight_decay=decay)
    if name == "rmsProp":
        return torch.optim.RMSprop(weights, rate, weight_decay=decay)
    if name == "adagrad":
        return torch.optim.Adagrad(weights, rate, weight_decay=decay)
    momentum = 0.0 if name == "sgd" else float(config["momentum"])
    return torch.optim.SGD(
        weights,
        rate,
        momentum=momentum,
        weight_decay=decay,
        nesterov=name == "nesterov" and momentum > 0,
    )


def set_step(
    config: dict[str, Any], optimizer: torch.optim.Optimizer, step: int, rate: float
) -> None:
    """Sets the learning rate, and where Adam adds its epsilon: Convloom does to the raw moment."""
    for group in optimizer.param_groups:
        group["lr"] = rate
        if config["optimizer"] == "adam":
            group["eps"] = EPSILON / math.sqrt(1 - BETA2**step)


def shape_gradients(config: dict[str, Any], optimizer: torch.optim.Optimizer) -> None:
    """Adds L1, and limits gradients: each number first, then the norm of all together."""
    l1, value, norm = (float(config.get(name, 0)) for name in ("l1", "clipValue", "clipNorm"))
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    if l1 > 0:
        for weight in weights:
            if weight.grad is not None:
                weight.grad.add_(weight.detach().sign(), alpha=l1)
    if value > 0:
        nn.utils.clip_grad_value_(weights, value)
    if norm > 0:
        nn.utils.clip_grad_norm_(weights, norm)


def middle(labels: Tensor) -> Tensor:
    """The labels of pixels as far as the model's output reaches."""
    height, width = OUTPUT_SHAPE[:2]
    top = (labels.shape[1] - (height or labels.shape[1])) // 2
    left = (labels.shape[2] - (width or labels.shape[2])) // 2
    return labels[:, top : labels.shape[1] - top, left : labels.shape[2] - left]


def make_labels(samples: Samples, indices: Indices, task: Task) -> Tensor:
    """The answers of some samples."""
    if task.kind == PICTURES:
        pictures = torch.from_numpy(values_of(samples.targets[indices]))
        return pictures.permute(0, 3, 1, 2).contiguous()
    values = torch.from_numpy(samples.targets[indices])
    if task.kind in ("regression", MULTI_LABEL):
        return values.float()
    return middle(values.long()) if task.kind == "segmentation" else values.long()


def make_inputs(samples: Samples, indices: Indices) -> Tensor:
    """Some samples, channels first; pixels from 0 to 1."""
    scaled = torch.from_numpy(values_of(samples.inputs[indices]))
    return scaled.permute(0, 3, 1, 2).contiguous() if scaled.dim() == 4 else scaled


def output_of(answer: Any) -> Tensor:
    """The output that is trained."""
    output = answer[OUTPUT] if isinstance(answer, tuple) else answer
    assert isinstance(output, Tensor)
    return output


class Feed(NamedTuple):
    """Inputs and labels of a step, what each sample counts, and the count of all processes."""

    inputs: Tensor
    labels: Tensor
    counts: Tensor
    total: float
    pair: Pair


class Trainer:
    """One run in one of the processes that share it."""

    def __init__(self, world: World, config: dict[str, Any], checkpoint_seconds: float) -> None:
        self.world = world
        self.config = config
        self.checkpoint_seconds = checkpoint_seconds
        self.data, self.task = open_fitting(config)
        torch.manual_seed(config["seed"])
        self.model = build_model().to(world.device)
        self.progress = Progress()
        self.run: RunFolder | None = None
        self.is_stopping = False
        self.speed = 0.0
        self.saved = time.monotonic()
        self.maker = ThreadPoolExecutor(1)

    def wrap(self) -> None:
        """Makes the model ready for training, once its weights are in."""
        self.trained = self.world.wrap(self.model, HAS_IDLE_PARTS)
        if isinstance(self.trained, nn.parallel.DistributedDataParallel):
            self.model = self.trained.module
        self.optimizer = make_optimizer(self.config, self.model)
        kinds = (nn.BatchNorm1d, nn.BatchNorm2d, nn.SyncBatchNorm)
        found = [module for module in self.model.modules() if isinstance(module, kinds)]
        self.norms = [(norm, norm.momentum) for norm in found if norm.momentum]

    @property
    def steps_per_epoch(self) -> int:
        """Steps that see every sample once."""
        return -(-len(self.data.train) // int(self.config["batchSize"]))

    def describe_data(self) -> dict[str, Any]:
        """What a prediction needs to know about the data."""
        data = self.data
        return {
            "task": data.task,
            "classes": data.classes,
            "inputShape": data.input_shape,
            "scaling": data.scaling,
        }

    def baseline(self) -> dict[str, Any]:
        """What an answer scores that has learned nothing."""
        train, validation = self.data.train, self.data.validation
        if self.task.kind == PICTURES:
            return baseline_of_pictures(validation)
        if self.task.kind == MULTI_LABEL:
            return label_baseline(validation.targets)
        parts = (train, validation)
        return baseline(
            self.task, *(make_labels(one, np.arange(len(one)), self.task) for one in parts)
        )

    def announce(self) -> None:
        """Says what the run is."""
        if self.run is None:
            return
        self.run.add(
            {
                "type": "started",
                "runId": self.run.record["id"],
                "engine": "PyTorch",
                "device": self.world.describe(),
                "epochs": self.config["epochs"],
                "stepsPerEpoch": self.steps_per_epoch,
                "trainCount": len(self.data.train),
                "validationCount": len(self.data.validation),
                "baseline": self.baseline(),
            }
        )

    def save(self) -> None:
        """Writes the weights, and all that is needed to go on as if never broken off."""
        self.saved = time.monotonic()
        if self.run is None:
            return
        self.run.flush()
        save_weights(self.model, self.run.folder / "weights.safetensors")
        temporary = self.run.folder / f".{CHECKPOINT}.tmp"
        content = {
            "config": self.config,
            "counts": [len(self.data.train), len(self.data.validation)],
            "classes": self.data.classes,
            "progress": asdict(self.progress),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(content, temporary)
        temporary.replace(self.run.folder / CHECKPOINT)

    def restore(self, content: dict[str, Any]) -> None:
        """Goes on from a checkpoint."""
        counts = [len(self.data.train), len(self.data.validation)]
        if content["counts"] != counts or content["classes"] != self.data.classes:
            raise DataError("the data are not those that the run began with")
        self.model.load_state_dict(content["model"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.progress = Progress(**content["progress"])

    def part(self, batch: Indices) -> tuple[Indices, Tensor]:
        """This process's part of a batch, and what each sample counts.

        Never fewer than two samples, or a batch norm could not normalise: those added count 0.
        """
        own = np.array_split(batch, self.world.size)[self.world.rank]
        filled = own if len(own) > 1 else np.resize(own if len(own) else batch[:1], 2)
        counts = torch.zeros(len(filled))
        counts[: len(own)] = 1
        return filled, counts

    def feed(self, indices: Indices, step: int) -> Feed:
        """What a step is fed, of which this process has its part."""
        samples, batch = changed(self.data.train, indices, self.config, step)
        samples, batch, mix = mixed(samples, batch, self.config, step)
        own, counts = self.part(batch)
        inputs, labels = make_inputs(samples, own), make_labels(samples, own, self.task)
        total = self.task.counted(make_labels(samples, batch, self.task)).sum().item()
        device = self.world.device
        pair: Pair = None
        if mix is not None:
            pair = torch.from_numpy(mix.others[own]).long().to(device), mix.share
        return Feed(inputs.to(device), labels.to(device), counts.to(device), max(total, 1.0), pair)

    def take_step(self, feed: Feed, size: int) -> float:
        """Follows the gradient of one batch; gives its loss."""
        inputs, labels, counts, total, pair = feed
        progress, config = self.progress, self.config
        step = progress.step + 1
        rate = scheduled_rate(config, (step - 1) / (config["epochs"] * self.steps_per_epoch))
        set_step(config, self.optimizer, step, rate * progress.plateau_share)
        for norm, momentum in self.norms:
            # Running statistics come from no batch at first: more of the first ones is taken.
            norm.momentum = max(momentum, 9 / (10 + step))
        # Dropout follows seed and step alone, or a resumed run would differ.
        torch.manual_seed(seed_for(config["seed"], f"step {step} of {self.world.rank}"))
        self.optimizer.zero_grad(set_to_none=True)
        output = output_of(self.trained(inputs))
        losses = by_share(lambda one: self.task.losses(output, one), labels, pair)
        local = (losses * counts.view(-1, *[1] * (losses.dim() - 1))).sum()
        # The gradient is the mean over processes, and is to be the sum.
        torch.autograd.backward(local * self.world.size / total)
        shape_gradients(config, self.optimizer)
        self.optimizer.step()
        hits = 0.0
        if self.task.is_graded:
            best = answers_of(self.task, output)
            right = by_share(lambda one: (best == one).float(), labels, pair)
            right = right.flatten(1 if labels.dim() > 1 else 0)
            per_sample = right.sum(1) if right.dim() > 1 else right
            hits = (per_sample * counts).sum().item()
        sums = self.world.sum([local.item(), hits, float(self.is_stopping)])
        loss = sums[0] / total
        self.is_stopping = sums[2] > 0
        progress.step = step
        progress.seen += size
        progress.first_loss = loss if progress.first_loss is None else progress.first_loss
        progress.loss_sum += loss * size
        progress.correct += sums[1]
        progress.answers += total
        self.note_step(loss, sums[1] / total)
        return loss

    def note_step(self, loss: float, accuracy: float) -> None:
        """Adds a step to the log."""
        if self.run is None or not math.isfinite(loss):
            return
        progress, config, count = self.progress, self.config, len(self.data.train)
        left = count - progress.seen + (config["epochs"] - progress.epoch) * count
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
        self.trained.train()
        count = len(self.data.train)
        order = shuffled_order(count, seed_for(self.config["seed"], f"epoch {progress.epoch}"))
        batches = [order[at : at + size] for at in range(progress.seen, count, size)]
        first_step = progress.step + 1
        coming = [self.maker.submit(self.feed, batch, first_step) for batch in batches[:1]]
        for at, batch in enumerate(batches):
            began = time.monotonic()
            feed = coming.pop().result()
            # The next batch is made while this one is trained on.
            after, following = first_step + at + 1, batches[at + 1 : at + 2]
            coming += [self.maker.submit(self.feed, one, after) for one in following]
            loss = self.take_step(feed, len(batch))
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

    @torch.no_grad()
    def evaluate(self) -> dict[str, Any]:
        """The scores over the validation samples, which the processes share."""
        self.world.share_buffers(self.model)
        self.model.eval()
        tally = Tally(self.task)
        own = np.arange(self.world.rank, len(self.data.validation), self.world.size)
        size = max(1, self.config["batchSize"] // self.world.size)
        for at in range(0, len(own), size):
            indices = own[at : at + size]
            inputs = make_inputs(self.data.validation, indices).to(self.world.device)
            labels = make_labels(self.data.validation, indices, self.task).to(self.world.device)
            tally.add(output_of(self.model(inputs)), labels)
        loss, correct, answers, count, squares, *overlaps = self.world.sum(tally.numbers())
        kind = self.task.kind
        return {
            "valLoss": loss / count,
            "valAccuracy": correct / max(1.0, answers) if self.task.is_graded else None,
            "valMeanIou": mean_iou(overlaps) if kind == "segmentation" else None,
            **({"valPsnr": psnr_of(squares / count)} if kind == PICTURES else {}),
            **({"valLabels": self.label_scores(tally, own)} if kind == MULTI_LABEL else {}),
        }

    def label_scores(self, tally: Tally, own: Indices) -> dict[str, float | None]:
        """The scores of any number of classes, of what all processes were answered."""
        rows = self.data.validation.targets
        given = np.zeros(rows.shape, np.float32)
        if len(own) > 0:
            given[own] = np.concatenate(tally.given)
        # Each process has its own rows, and zeros in the others'.
        sums = self.world.sum(given.ravel().tolist())
        return label_scores(rows, np.array(sums, np.float32).reshape(rows.shape))

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


def begin(world: World, options: argparse.Namespace, config: dict[str, Any]) -> Trainer:
    """A run that is ready for its next step."""
    content: dict[str, Any] | None = None
    if options.resume:
        path = options.resume / CHECKPOINT
        content = torch.load(path, map_location=world.device, weights_only=True)
        config = content["config"]
    else:
        # What is trained on in a step is the batch of all processes.
        config = {**config, "batchSize": config["batchSize"] * world.size}
    trainer = Trainer(world, config, options.checkpoint_seconds)
    if options.weights:
        load_weights(trainer.model, options.weights)
    trainer.wrap()
    if content is not None:
        trainer.restore(content)
        progress = trainer.progress
        if progress.epoch > config["epochs"]:
            raise ValueError(f"{options.resume} is complete.")
        if world.is_first:
            trainer.run = RunFolder.resume(options.resume, progress.step, progress.epoch)
            print(f"Going on in {trainer.run.folder} after step {progress.step}", flush=True)
        return trainer
    if world.is_first:
        network = Path(__file__).with_name("network.json")
        trainer.run = RunFolder.start(options.out, config, trainer.describe_data(), network)
        print(f"Training in {trainer.run.folder} on {world.describe()}", flush=True)
        for what in trainer.data.skipped[:5]:
            print(f"left out: {what}", file=sys.stderr)
        trainer.announce()
    return trainer


def main() -> None:
    """Trains a new run, or goes on with one."""
    options, config = read_options()
    world = World(options.device)
    try:
        trainer = begin(world, options, config)
    except (DataError, ValueError, OSError) as error:
        sys.exit(f"{error}")

    def stop(*_: object) -> None:
        trainer.is_stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        trainer.work()
    finally:
        world.close()


if __name__ == "__main__":
    main()
`;
