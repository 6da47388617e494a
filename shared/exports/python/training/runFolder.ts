/** The `run_folder.py` of a printed project: a run as `runRecord.ts` and `metricsLog.ts` have it. */
export const runFolderSource = `"""A run's folder as Convloom reads it: what was trained, how it goes, and its weights."""

import json
import os
import re
import secrets
import shutil
import threading
import time
from pathlib import Path
from typing import Any

HEARTBEAT_SECONDS = 10
FLUSH_SECONDS = 0.25

Event = dict[str, Any]


def write_whole(path: Path, text: str) -> None:
    """Writes a file as one step: a crash leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def line_of(event: Event) -> str:
    """An event as a line of the log; the type comes first."""
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def read_record(folder: Path) -> dict[str, Any]:
    """What the run is."""
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != "convloom.run":
        raise ValueError(f"{folder} is no run of Convloom.")
    return record


class RunFolder:
    """The folder while this process trains in it."""

    def __init__(self, folder: Path, record: dict[str, Any]) -> None:
        self.folder = folder
        self.record = record
        self.waiting: list[str] = []
        self.flushed = 0.0
        self.ended = threading.Event()

    @staticmethod
    def start(
        folder: Path | None, config: dict[str, Any], data: dict[str, Any], network: Path
    ) -> "RunFolder":
        """A new folder, which must not hold a run yet."""
        now = time.time()
        run_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{secrets.token_hex(3)}"
        second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        place = (folder or Path("runs") / run_id).absolute()
        if place.exists() and any(place.iterdir()):
            raise ValueError(f"{place} is not empty; --resume goes on with a run.")
        place.mkdir(parents=True, exist_ok=True)
        document = json.loads(network.read_text(encoding="utf-8"))
        record = {
            "format": "convloom.run",
            "version": 1,
            "id": place.name if re.fullmatch(r"[\\w-]{1,100}", place.name, re.ASCII) else run_id,
            "name": document.get("name", ""),
            "startedAt": f"{second}.{int(now % 1 * 1000):03}Z",
            "config": config,
            "state": "running",
            "lastEpoch": None,
            "pid": os.getpid(),
            "data": data,
        }
        shutil.copyfile(network, place / "network.json")
        run = RunFolder(place, record)
        run.save_record()
        run.beat()
        return run

    @staticmethod
    def resume(folder: Path, step: int, epoch: int) -> "RunFolder":
        """The folder of a run that goes on; its log is cut back to where the checkpoint stands."""
        run = RunFolder(folder.absolute(), read_record(folder))
        last = run.cut_log(step, epoch)
        run.record.update(state="running", pid=os.getpid(), lastEpoch=last)
        run.save_record()
        run.beat()
        return run

    def cut_log(self, step: int, epoch: int) -> Event | None:
        """Leaves out what lies beyond the step and the epoch; gives the last whole epoch."""
        path = self.folder / "metrics.jsonl"
        kept: list[bytes] = []
        last: Event | None = None
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            try:
                event = json.loads(line)
            except ValueError:
                break
            kind = event.get("type")
            if kind in ("finished", "failed") or not line.endswith(b"\\n"):
                break
            if (kind == "step" and event["step"] > step) or (
                kind == "epoch" and event["epoch"] >= epoch
            ):
                break
            last = event if kind == "epoch" else last
            kept.append(line)
        temporary = path.with_name(".metrics.jsonl.tmp")
        temporary.write_bytes(b"".join(kept))
        temporary.replace(path)
        return last

    def save_record(self) -> None:
        """Writes what the run is."""
        text = json.dumps(self.record, indent=2, ensure_ascii=False)
        write_whole(self.folder / "run.json", text + "\\n")

    def beat(self) -> None:
        """Touches the record from time to time: its reader knows that the run is at work."""

        def keep() -> None:
            while not self.ended.wait(HEARTBEAT_SECONDS):
                try:
                    os.utime(self.folder / "run.json")
                except OSError:
                    continue

        threading.Thread(target=keep, daemon=True).start()

    def add(self, event: Event) -> None:
        """Puts an event into the log; steps may wait a moment."""
        self.waiting.append(line_of(event))
        if event["type"] == "epoch":
            self.record["lastEpoch"] = event
            self.save_record()
        if event["type"] != "step" or time.monotonic() - self.flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as log:
            log.writelines(f"{line}\\n" for line in self.waiting)
        self.waiting.clear()
        self.flushed = time.monotonic()

    def end(self, event: Event) -> None:
        """The last event of the run."""
        self.add(event)
        self.ended.set()
        self.record["state"] = event["reason"] if event["type"] == "finished" else "failed"
        self.record["pid"] = None
        self.save_record()


def diverged(config: dict[str, Any], step: int, first: float, now: float) -> Event:
    """The end of a run whose loss is not coming back."""
    rate, optimizer = config["learningRate"], config["optimizer"]
    return {
        "type": "failed",
        "diagnostic": {
            "code": "run/diverged",
            "severity": "error",
            "at": {},
            "summary": {
                "en": f"Training diverged at step {step}.",
                "zh": f"训练在第 {step} 步发散。",
            },
            "why": {
                "en": f"The loss went from {first:.4g} to {now:.4g} with {optimizer} at learning "
                f"rate {rate}: each step overshoots. A lower learning rate is the usual mend.",
                "zh": f"使用 {optimizer}、学习率 {rate}，损失从 {first:.4g} 变为 {now:.4g}："
                "每一步都走过头了。通常应降低学习率。",
            },
            "fixes": [],
        },
    }
`;
