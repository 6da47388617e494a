import { commonestScore, meanIou, scoreWords, taskFields } from '../../python/training/shared';

/** The `scores.py` of a printed project: losses and scores. */
export const scoresSource = `"""The loss and the scores of a batch, as Convloom counts them."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from data import IGNORED, MULTI_LABEL, PICTURES, Array, DataError, Dataset, Shape
from labels import weights_of_yes


@dataclass(frozen=True)
class Task:
    """What is learned, and by which loss."""

${taskFields}

    def counted(self, labels: Tensor) -> Tensor:
        """1 for each label that names a class, 0 for pixels of no class."""
        if self.has_ignored:
            return (labels != IGNORED).float()
        if self.kind == PICTURES:
            # Each pixel counts once, whatever channels it has.
            return torch.ones(labels[:, 0].shape)
        is_of_rows = self.kind in ("regression", MULTI_LABEL)
        return torch.ones(labels.shape[: 1 if is_of_rows else None])

    def apart(self, given: Tensor, wanted: Tensor) -> Tensor:
        """What each value is off, as the loss has it."""
        difference = given - wanted
        return difference.abs() if self.loss == "meanAbsoluteError" else difference.square()

    def label_losses(self, given: Tensor, labels: Tensor) -> Tensor:
        """The loss of each sample of any number of classes: the mean of each one's yes or no."""
        weights = torch.tensor(self.weights, device=given.device) if self.weights else None
        if self.loss != "binaryCrossEntropy":
            counts = 1 if weights is None else 1 + (weights - 1) * labels
            return (self.apart(given, labels) * counts).mean(1)
        wanted = (1 - self.smoothing) * labels + self.smoothing / 2
        logits = given.logit(eps=1e-7) if self.ends_in == "sigmoid" else given
        losses = F.binary_cross_entropy_with_logits(
            logits, wanted, pos_weight=weights, reduction="none"
        )
        return losses.mean(1)

    def chances(self, output: Tensor) -> Tensor:
        """How likely each of any number of classes is."""
        given = output.flatten(1)
        is_score = self.loss == "binaryCrossEntropy" and self.ends_in != "sigmoid"
        return given.sigmoid() if is_score else given

    def one_losses(self, given: Tensor, labels: Tensor) -> Tensor:
        """The loss of each pixel of two classes that one channel tells apart."""
        wanted = labels.to(given.dtype)
        if self.loss != "binaryCrossEntropy":
            return self.apart(given, wanted)
        logits = given.logit(eps=1e-7) if self.ends_in == "sigmoid" else given
        return F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")

    def losses(self, output: Tensor, labels: Tensor) -> Tensor:
        """The loss of each sample or pixel; 0 for pixels of no class."""
        if self.kind == "regression":
            return self.apart(output.flatten(1), labels).mean(1)
        if self.kind == PICTURES:
            return self.apart(output, labels).mean(1)
        if self.kind == MULTI_LABEL:
            return self.label_losses(output.flatten(1), labels)
        scores = output if self.kind == "segmentation" else output.flatten(1)
        counted = (
            labels != IGNORED if self.has_ignored else torch.ones_like(labels, dtype=torch.bool)
        )
        plain = torch.where(counted, labels, 0)
        if self.is_one:
            losses = self.one_losses(scores[:, 0], plain)
        elif self.loss != "crossEntropy":
            wanted = F.one_hot(plain, self.classes).to(scores.dtype).movedim(-1, 1)
            losses = self.apart(scores, wanted).mean(1)
        elif self.ends_in == "softmax":
            smallest = torch.finfo(scores.dtype).tiny
            losses = F.nll_loss(scores.clamp_min(smallest).log(), plain, reduction="none")
        else:
            losses = F.cross_entropy(scores, plain, reduction="none")
        return losses * counted


@dataclass
class Tally:
    """Sums over samples: of losses, right answers, and overlaps of each class."""

    task: Task
    loss: float = 0.0
    correct: float = 0.0
    answers: float = 0.0
    count: float = 0.0
    # Of pictures: how far their values are off, squared; the mean of each.
    squares: float = 0.0
    overlaps: list[float] = field(default_factory=list)
    # Of any number of classes: how likely each is, batch by batch.
    given: list[Array] = field(default_factory=list)

    def add(self, output: Tensor, labels: Tensor) -> None:
        """Counts a batch; the loss of a sample is the mean over its pixels."""
        losses = self.task.judged.losses(output, labels)
        self.count += len(labels)
        if self.task.kind in ("segmentation", PICTURES):
            counted = self.task.counted(labels).to(losses.device)
            per_sample = losses.flatten(1).sum(1) / counted.flatten(1).sum(1).clamp_min(1)
            self.loss += per_sample.sum().item()
        else:
            self.loss += losses.sum().item()
        if self.task.kind == PICTURES:
            self.squares += (output - labels).square().flatten(1).mean(1).sum().item()
        if self.task.kind == MULTI_LABEL:
            self.given.append(self.task.chances(output).float().cpu().numpy())
        if not self.task.is_graded:
            return
        best = answers_of(self.task, output)
        self.answers += self.task.counted(labels).sum().item()
        self.correct += (best == labels).sum().item()
        if self.task.kind == "segmentation":
            self.add_overlaps(best, labels)

    def add_overlaps(self, best: Tensor, labels: Tensor) -> None:
        """Counts the intersection and the union of each class."""
        classes = self.task.classes
        places = labels != IGNORED if self.task.has_ignored else torch.ones_like(labels).bool()
        given, wanted = best[places].cpu(), labels[places].cpu()
        both = torch.bincount(wanted[given == wanted], minlength=classes)
        either = torch.bincount(given, minlength=classes) + torch.bincount(
            wanted, minlength=classes
        )
        found = [*both.tolist(), *(either - both).tolist()]
        before = self.overlaps or [0.0] * len(found)
        self.overlaps = [a + b for a, b in zip(before, found, strict=True)]

    def numbers(self) -> list[float]:
        """All sums in one list, to be added to those of other processes."""
        overlaps = self.overlaps or [0.0] * (2 * self.task.classes)
        return [self.loss, self.correct, self.answers, self.count, self.squares, *overlaps]


def answers_of(task: Task, output: Tensor) -> Tensor:
    """The likeliest class of each sample or pixel."""
    if task.is_one:
        return (output[:, 0] > task.least).long()
    return (output if task.kind == "segmentation" else output.flatten(1)).argmax(1)


${meanIou}


${scoreWords}


def baseline(task: Task, train: Tensor, validation: Tensor) -> dict[str, float | None]:
    """What answering the commonest class everywhere would score."""
    if task.kind == "regression":
        return {"accuracy": 0, "meanIou": None}
    # Pixels of no class have a label beyond the last one.
    counts = [
        torch.bincount(labels.flatten(), minlength=256)[: task.classes].tolist()
        for labels in (train, validation)
    ]
${commonestScore}
`;
