import { augmentationFields } from '../../../schema/augmentation';
import type { LossName } from '../../../schema/training';
import { scheduledRate } from './shared';

const trainedLosses: readonly LossName[] = [
  'auto',
  'crossEntropy',
  'binaryCrossEntropy',
  'meanSquaredError',
  'meanAbsoluteError',
];

/** The recipes of augmentation, as the choices of an option are written. */
export const augmentChoices = `[${augmentationFields.augment.choices.map(({ value }) => `"${value}"`).join(', ')}]`;

/** The losses that a project trains with, in the same way. */
export const lossChoices = `[${trainedLosses.map((name) => `"${name}"`).join(', ')}]`;

/** The `options.py` of a printed project: its settings, and those that the command line gives. */
export const optionsSource = `"""The settings of a run, as the network and the command line give them."""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import Shape

CHOICES = {
    "optimizer": ["adam", "momentum", "sgd"],
    "schedule": ["cosine", "oneCycle", "constant", "step", "plateau"],
    "loss": ${lossChoices},
    "classWeights": ["equal", "balanced", "own"],
    "augment": ${augmentChoices},
    "splitBy": ["picture"],
    "annotations": ["auto"],
    "fit": ["stretch"],
}
# Settings that the network may have, and that are trained with by Convloom and PyTorch alone.
MISSING = ["weightDecay", "l1", "clipNorm", "clipValue", "accumulate", "emaDecay"]
MISSING += ["watch", "patience", "keep", "outputWeights", "testFraction", "maskValues"]


@dataclass(frozen=True)
class Plan:
    """What is to be trained, and how, unless an option says otherwise."""

    settings: dict[str, Any]
    # What the model takes and gives, channels last; None for a size that is open.
    input_shape: Shape
    output_shape: Shape
    # The function that the output ends in, where it is a softmax or a sigmoid.
    ends_in: str
    # The kinds of devices that --device chooses among.
    devices: list[str]
    # Whether the batch may be shared among several of them.
    takes_several: bool = False


def read_options(plan: Plan, doc: str | None) -> tuple[argparse.Namespace, dict[str, Any]]:
    """The command line; settings that it does not give are the document's."""
    parser = argparse.ArgumentParser(description=doc)
    for name, value in plan.settings.items():
        option = "--" + "".join(f"-{one.lower()}" if one.isupper() else one for one in name)
        if name not in ("engine", "output", "precision", "recompute"):
            choices = CHOICES.get(name)
            parser.add_argument(option, dest=name, type=type(value), choices=choices)
    parser.add_argument("--out", type=Path, metavar="DIR", help="a new folder for the run")
    parser.add_argument("--resume", type=Path, metavar="DIR", help="the run to go on with")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights to start from")
    parser.add_argument("--device", choices=plan.devices)
    parser.add_argument("--checkpoint-seconds", type=float, default=30, metavar="SECONDS")
    if plan.takes_several:
        words = "devices that share each batch"
        parser.add_argument("--replicas", type=int, default=1, metavar="N", help=words)
    options = parser.parse_args()
    given = {name: getattr(options, name, None) for name in plan.settings}
    chosen = {name: value for name, value in given.items() if value is not None}
    if options.resume and (chosen or options.out or options.weights):
        parser.error("--resume goes on as the run began; no other setting goes with it.")
    config = {**plan.settings, **chosen}
    if config["epochs"] < 1 or config["batchSize"] < 1 or not config["learningRate"] > 0:
        parser.error("--epochs, --batch-size and --learning-rate must be more than 0.")
    if not 0 < config["share"] <= 1:
        parser.error("--share must be more than 0, and at most 1.")
    missing = [name for name in MISSING if config.get(name)]
    # A setting that is left out has its usual value.
    limited = [name for name in CHOICES if name in config]
    missing += [config[name] for name in limited if config[name] not in CHOICES[name]]
    if missing:
        words = ", ".join(missing)
        others = "" if "perceptual" in missing else "the PyTorch project or "
        parser.error(f"this project does not train with {words}; {others}Convloom does.")
    kind, colon, path = config["data"].partition(":")
    if colon:
        config["data"] = f"{kind}:{Path(path).absolute()}"
    return options, config


${scheduledRate}


def kept_share(step: int, momentum: float) -> float:
    """What a batch norm keeps of its running statistics: at first they come from no batch."""
    return momentum if momentum == 1 else min(momentum, (1 + step) / (10 + step))
`;
