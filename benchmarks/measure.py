"""Timing, and results as a table or JSON."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

import numpy as np
import torch


@dataclass(frozen=True)
class Result:
    """One line of a benchmark: milliseconds at the middle and at the 95th percentile of `runs`, and what else."""

    name: str
    runs: int
    p50_ms: float
    p95_ms: float
    more: dict[str, float | int | str] = field(default_factory=dict)


def timed(name: str, calls: Iterable[Callable[[], object]], **more: float | int | str) -> Result:
    """Run each call once, one after the other; the first is a warm-up and does not count if there are others."""
    seconds = []
    for call in calls:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    counted = np.array(seconds[1:] or seconds) * 1000
    p50, p95 = np.percentile(counted, (50, 95)).tolist()
    return Result(name, len(counted), round(p50, 2), round(p95, 2), more)


def machine() -> dict[str, str | float]:
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 0,
        "torch_threads": torch.get_num_threads(),
        "torch": torch.__version__,
        **({"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0,
    }


def as_json(results: list[Result]) -> str:
    return json.dumps({"machine": machine(), "results": [asdict(result) for result in results]}, indent=1)


def as_table(results: list[Result]) -> str:
    width = max(len(result.name) for result in results)
    lines = [f"{'':{width}}  {'runs':>5}  {'p50 ms':>10}  {'p95 ms':>10}"]
    for result in results:
        more = "  ".join(f"{name} {value}" for name, value in result.more.items())
        lines.append(f"{result.name:{width}}  {result.runs:>5}  {result.p50_ms:>10.2f}  {result.p95_ms:>10.2f}  {more}")
    return "\n".join([*lines, ", ".join(f"{name} {value}" for name, value in machine().items())])
