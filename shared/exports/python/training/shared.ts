/*
 * Pieces of Python that the training of PyTorch has word for word like that of Keras and JAX.
 */

/** The learning rate of a moment. */
export const scheduledRate = `def scheduled_rate(config: dict[str, Any], share: float) -> float:
    """The learning rate when this share of the run is done."""
    rate = float(config["learningRate"])
    epochs, warm_up = share * config["epochs"], config.get("warmUpEpochs", 0)
    if warm_up > 0:
        rate *= min(1.0, 0.01 + 0.99 * epochs / warm_up)
    if config["schedule"] in ("constant", "plateau"):
        return rate
    if config["schedule"] == "step":
        steps = math.floor(epochs / config["decayEpochs"] + 1e-9)
        return rate * math.pow(config["decayFactor"], steps)
    if config["schedule"] == "cosine":
        return rate * (1 + math.cos(math.pi * share)) / 2
    rise, start = 0.3, 1 / 25
    if share < rise:
        return rate * (1 - (1 - start) * (1 + math.cos(math.pi * share / rise)) / 2)
    return rate * (1 + math.cos(math.pi * (share - rise) / (1 - rise))) / 2`;

/** Mean intersection over union. */
export const meanIou = `def mean_iou(overlaps: list[float]) -> float:
    """Mean over classes of intersection / union, without classes that are nowhere."""
    half = len(overlaps) // 2
    pairs = [(a, b) for a, b in zip(overlaps[:half], overlaps[half:], strict=True) if b > 0]
    return sum(a / b for a, b in pairs) / len(pairs) if pairs else 0.0`;

/** Whether data and loss are for a model, and scores in words. */
export const scoreWords = `def task_of(data: Dataset, config: dict[str, Any], ends_in: str, shape: Shape) -> Task:
    """What is learned of data, and how; refuses what is not for such."""
    loss, classes = config["loss"], len(data.classes)
    # Of two classes of pixels one channel is enough; their cross-entropy is the binary one.
    is_one = data.task == "segmentation" and classes == 2 and shape[-1] == 1
    if is_one and ends_in == "softmax":
        raise DataError("the model ends in a softmax over one channel, which is always 1")
    loss = "binaryCrossEntropy" if is_one and loss in ("auto", "crossEntropy") else loss
    if loss == "auto":
        usual = {MULTI_LABEL: "binaryCrossEntropy", "regression": "meanSquaredError"}
        loss = usual.get(data.task, "meanSquaredError" if data.task == PICTURES else "crossEntropy")
    if data.task == MULTI_LABEL:
        if loss == "crossEntropy":
            words = "crossEntropy is for one class each; any number of them have"
            raise DataError(f"{words} binaryCrossEntropy")
        if ends_in == "softmax":
            raise DataError("the model ends in a softmax: of its classes no two can be likely")
        weights = weights_of_yes(config, data.classes, data.train.targets)
        smoothing = float(config.get("labelSmoothing", 0))
        return Task(data.task, classes, loss, False, ends_in, smoothing, weights)
    asked = [name for name in ("labelSmoothing", "classWeights") if config.get(name)]
    asked += ["binaryCrossEntropy"] if loss == "binaryCrossEntropy" and not is_one else []
    if asked:
        words = f"this project has {', '.join(asked)} for any number of classes alone"
        raise DataError(f"{words}; Convloom trains {data.task} with it too")
    return Task(data.task, classes, loss, data.has_ignored, ends_in, is_one=is_one)


def check_output(task: Task, data: Dataset, shape: Shape) -> None:
    """Refuses data that a model of this output cannot learn, and losses that are not of them."""
    if task.kind != PICTURES:
        wanted = 1 if task.kind == "regression" or task.is_one else task.classes
        if shape[-1] != wanted:
            what = "values" if task.kind == "regression" else "classes"
            raise DataError(f"the model gives {shape[-1]} numbers; the data have {wanted} {what}")
        return
    sizes = data.train.targets.shape[1:]
    if len(shape) != 3 or any(a not in (None, b) for a, b in zip(shape, sizes, strict=True)):
        raise DataError(f"the model gives {shape}; the pictures to learn have {sizes}")
    if task.loss == "crossEntropy":
        raise DataError("crossEntropy is a loss of classes; pictures have meanSquaredError")


def describe_scores(scores: dict[str, Any]) -> str:
    """The scores of an epoch in words."""
    accuracy, psnr = scores.get("valAccuracy"), scores.get("valPsnr")
    labels = scores.get("valLabels", {})
    words = [f"validation loss {scores['valLoss']:.4f}"]
    words += [] if accuracy is None else [f"{100 * accuracy:.2f} % right"]
    words += [] if psnr is None else [f"PSNR {psnr:.2f} dB"]
    named = {"macroF1": "macro F1", "meanAveragePrecision": "mAP", "exactMatch": "exact match"}
    known = [(word, labels.get(name)) for name, word in named.items()]
    words += [f"{word} {score:.3f}" for word, score in known if score is not None]
    return ", ".join(words)`;

/** What a task is. */
export const taskFields = `    kind: str
    classes: int
    loss: str
    has_ignored: bool
    # The function that the model itself ends in: softmax, sigmoid, or another.
    ends_in: str
    # Of any number of classes: how much of each yes or no is spread over both, and what the yes of
    # each class counts; nothing where it counts as its no does.
    smoothing: float = 0.0
    weights: tuple[float, ...] = ()
    # Whether the model tells two classes of pixels apart by one channel: the second, the thing,
    # from all else.
    is_one: bool = False

    @property
    def least(self) -> float:
        """Beyond what the one number of a pixel says that it is of the thing."""
        is_score = self.loss == "binaryCrossEntropy" and self.ends_in != "sigmoid"
        return 0.0 if is_score else 0.5

    @property
    def is_graded(self) -> bool:
        """Whether answers are classes, and so right or wrong."""
        return self.kind in ("classification", "segmentation")

    @property
    def judged(self) -> "Task":
        """The same as samples are judged that are not learned from: all classes count the same."""
        return replace(self, weights=())`;

/** The end of `baseline`: what the commonest class scores, once `counts` are known. */
export const commonestScore = `    commonest = max(range(task.classes), key=lambda at: counts[0][at])
    total, hits = sum(counts[1]), counts[1][commonest]
    share = hits / total if total else 0
    if task.kind == "classification":
        return {"accuracy": share, "meanIou": None}
    both = [hits if at == commonest else 0 for at in range(task.classes)]
    either = [total if at == commonest else count for at, count in enumerate(counts[1])]
    return {"accuracy": share, "meanIou": mean_iou([*both, *either])}`;

/** The end of a `Trainer`: from the turn to the next epoch to the run's last word. */
export const trainerEnd = `        self.progress = Progress(
            step=progress.step,
            epoch=progress.epoch + 1,
            first_loss=progress.first_loss,
            seconds=progress.seconds + took,
            best_loss=progress.best_loss,
            waited=progress.waited,
            plateau_share=progress.plateau_share,
        )
        self.save()

    def work(self) -> None:
        """Trains to the end of the last epoch, or to a stop."""
        while self.progress.epoch <= self.config["epochs"]:
            if not self.train_epoch():
                if self.is_stopping:
                    self.save()
                    self.finish("stopped")
                return
            self.end_epoch()
        self.finish("completed")

    def finish(self, reason: str) -> None:
        """The run's last word."""
        if self.run is None:
            return
        seconds = self.progress.seconds
        folder = str(self.run.folder)
        self.run.end({"type": "finished", "runDir": folder, "seconds": seconds, "reason": reason})
        print(f"{reason}: {folder}")`;
