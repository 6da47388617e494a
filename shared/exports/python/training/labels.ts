/** The `labels.py` of a printed project: any number of classes for each sample, as `data/labels.ts` and `labelScores.ts` have them. */
export const labelsSource = `"""Any number of classes for each sample (multi-label): a yes or no to each, and their scores."""

from typing import Any

import numpy as np

from data import Array, DataError
from order import Indices

YES = ("1", "1.0", "true", "yes")
NO = ("0", "0.0", "false", "no")
# A class is given where it is at least this likely.
THRESHOLD = 0.5


def yes_or_no(field: str) -> float | None:
    """What a field says of a class; None for what says neither."""
    word = field.lower()
    if word in YES:
        return 1.0
    return 0.0 if word in NO else None


def strata_of(rows: Array) -> Indices:
    """By what samples are parted: each by the rarest of its classes, those without one together."""
    has = rows > 0
    rarity = np.where(has, has.sum(0), np.inf)
    strata: Indices = np.where(has.any(1), rarity.argmin(1), rows.shape[1]).astype(np.int64)
    return strata


def named_weights(source: str) -> dict[str, float]:
    """Weights by name: cat=2, dog=0.5."""
    weights: dict[str, float] = {}
    for part in source.replace("\\uff0c", ",").split(","):
        name, _, value = (one.strip() for one in part.rpartition("="))
        try:
            weights[name] = float(value)
        except ValueError:
            weights[name] = -1.0
        if name == "" or not 0 <= weights[name] < float("inf"):
            raise DataError(f"the class weights {source!r} are not of the form cat=2, dog=0.5")
    return weights


def weights_of_yes(config: dict[str, Any], classes: list[str], rows: Array) -> tuple[float, ...]:
    """What the yes of each class counts beside its no; nothing where they count the same."""
    way = config.get("classWeights", "equal")
    if way == "own":
        given = named_weights(config.get("ownClassWeights", ""))
        unknown = [name for name in given if name not in classes]
        if unknown:
            raise DataError(f"{unknown[0]!r} is none of the classes {', '.join(classes)}")
        return tuple(given.get(name, 1.0) for name in classes)
    if way != "balanced":
        return ()
    # A class that all samples have, or none, has nothing to be weighed against.
    total = len(rows)
    counts = (rows > 0).sum(0).tolist()
    return tuple(1.0 if one in (0, total) else (total - one) / one for one in counts)


def average_precision(truth: Array, given: Array) -> float | None:
    """The mean of the precisions at each sample that has the class, from the surest answer down."""
    wanted = int(truth.sum())
    if wanted == 0:
        return None
    order = np.argsort(-given, kind="stable")
    # Answers of one probability are taken together.
    last = np.append(np.flatnonzero(np.diff(given[order])), len(given) - 1)
    hits = np.cumsum(truth[order])[last]
    found = np.diff(hits, prepend=0)
    return float((found * (hits / (last + 1))).sum() / wanted)


def label_scores(rows: Array, given: Array) -> dict[str, float | None]:
    """Scores of probabilities, one for each class of each sample, as Convloom counts them."""
    truth, said = rows > THRESHOLD, given >= THRESHOLD
    counts, hits = truth.sum(0), (truth & said).sum(0)
    both = counts + said.sum(0)
    # Classes that no sample has count in neither mean over classes.
    known = [at for at, count in enumerate(counts.tolist()) if count > 0]
    precisions = [average_precision(truth[:, at], given[:, at]) or 0.0 for at in known]
    return {
        "macroF1": float((2 * hits[known] / both[known]).mean()) if known else None,
        "microF1": float(2 * hits.sum() / both.sum()) if both.sum() else None,
        "meanAveragePrecision": float(np.mean(precisions)) if known else None,
        "exactMatch": float((truth == said).all(1).mean()),
    }


def label_baseline(rows: Array) -> dict[str, Any]:
    """What giving every class to every sample scores."""
    scores = label_scores(rows, np.ones(rows.shape, np.float32))
    return {"accuracy": 0, "meanIou": None, "labels": scores}
`;
