import { commonestScore, meanIou, scoreWords, taskFields } from './shared';

/** The `scores.py` of a project whose framework gives its values as NumPy arrays. */
export const numpyScoresSource = `"""The scores of a batch, as Convloom counts them."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from data import IGNORED, MULTI_LABEL, PICTURES, Array, DataError, Dataset, Samples, Shape
from labels import label_scores, weights_of_yes


@dataclass(frozen=True)
class Task:
    """What is learned, and by which loss."""

${taskFields}

    def counted(self, labels: Array) -> Array:
        """1 for each label that names a class, 0 for pixels of no class."""
        shape = labels.shape[: {"regression": 1, MULTI_LABEL: 1, PICTURES: 3}.get(self.kind)]
        counted: Array = np.ones(shape, np.float32)
        if self.has_ignored:
            counted[labels == IGNORED] = 0
        return counted

    def count(self, labels: Array) -> float:
        """How many losses the mean of a batch is over."""
        return float(self.counted(labels).sum())


@dataclass
class Tally:
    """Sums over samples: of losses, right answers, and overlaps of each class."""

    task: Task
    loss: float = 0.0
    correct: float = 0.0
    answers: float = 0.0
    count: int = 0
    # Of pictures: how far their values are off, squared; the mean of each.
    squares: float = 0.0
    overlaps: list[float] = field(default_factory=list)
    # Of any number of classes: how likely each is, batch by batch.
    given: list[Array] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / max(1.0, self.answers)

    def add(self, losses: Array, best: Array, labels: Array) -> None:
        """Counts losses and answers of a batch; a sample's loss is the mean over its pixels."""
        self.count += len(labels)
        if self.task.kind in ("segmentation", PICTURES):
            counted = self.task.counted(labels).reshape(len(labels), -1).sum(1)
            per_sample = losses.reshape(len(labels), -1).sum(1) / np.maximum(counted, 1)
            self.loss += float(per_sample.sum())
        else:
            self.loss += float(losses.sum())
        if self.task.kind == PICTURES:
            self.squares += float(np.square(best - labels).reshape(len(labels), -1).mean(1).sum())
        if self.task.kind == MULTI_LABEL:
            self.given.append(best)
        if not self.task.is_graded:
            return
        self.answers += self.task.count(labels)
        self.correct += int((best == labels).sum())
        if self.task.kind == "segmentation":
            self.add_overlaps(best, labels)

    def label_scores(self, samples: Samples) -> dict[str, float | None]:
        """What the answers to all of some samples score, of any number of classes."""
        return label_scores(samples.targets, np.concatenate(self.given))

    def add_overlaps(self, best: Array, labels: Array) -> None:
        """Counts the intersection and the union of each class."""
        classes = self.task.classes
        places = self.task.counted(labels) > 0
        given, wanted = best[places], labels[places]
        both = np.bincount(wanted[given == wanted], minlength=classes)
        either = np.bincount(given, minlength=classes) + np.bincount(wanted, minlength=classes)
        found = [*both.tolist(), *(either - both).tolist()]
        before = self.overlaps or [0.0] * len(found)
        self.overlaps = [a + b for a, b in zip(before, found, strict=True)]


${meanIou}


${scoreWords}


def baseline(task: Task, train: Array, validation: Array) -> dict[str, float | None]:
    """What answering the commonest class everywhere would score."""
    if task.kind == "regression":
        return {"accuracy": 0, "meanIou": None}
    # Pixels of no class have a label beyond the last one.
    counts = [
        np.bincount(labels.ravel(), minlength=256)[: task.classes].tolist()
        for labels in (train, validation)
    ]
${commonestScore}
`;
