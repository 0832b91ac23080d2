"""Timing, the machine that it was on, and results as a table or JSON."""

import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

PACE = "the machine's own pace: 50,000 vectors of 256 float32 by one"
"""What every figure without a nearer reference is held against."""
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8")


@dataclass(frozen=True)
class Result:
    """One line of a benchmark: milliseconds at the middle and at the 95th percentile of `runs`, and what else.

    reference: the line of the same run that this one is held against, '' for a reference. ratio: p50 of the reference
    divided by p50 of this one, so 1.0 is as fast as the reference and 2.0 twice as fast; None without one.
    """

    name: str
    runs: int
    p50_ms: float
    p95_ms: float
    more: dict[str, float | int | str] = field(default_factory=dict)
    reference: str = ""
    ratio: float | None = None


def timed(name: str, calls: Iterable[Callable[[], object]], **more: float | int | str) -> Result:
    """Run each call once, one after the other; the first is a warm-up and does not count if there are others."""
    seconds = []
    for call in calls:
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return summed_up(name, seconds[1:] or seconds, **more)


def summed_up(name: str, seconds: Sequence[float], **more: float | int | str) -> Result:
    """A line from the seconds of its runs."""
    p50, p95 = np.percentile(np.array(seconds) * 1000, (50, 95)).tolist()
    return Result(name, len(seconds), round(p50, 2), round(p95, 2), more)


def in_turns(ways: Mapping[str, Sequence[Callable[[], object]]]) -> list[Result]:
    """A line for each way: the first call of each, then the second of each, and so on, so that a slow moment meets all of them.
    The first round does not count if there are others."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for calls in zip(*ways.values(), strict=True):
        for name, call in zip(ways, calls, strict=True):
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return [summed_up(name, taken[1:] or taken) for name, taken in seconds.items()]


def against(result: Result, reference: Result) -> Result:
    """A line with its ratio to another of the same run; as it is where one of them has no time."""
    if not (result.p50_ms > 0 and reference.p50_ms > 0):
        return result
    return replace(result, reference=reference.name, ratio=round(reference.p50_ms / result.p50_ms, 4))


def referred(results: Sequence[Result], ending: str, reference: str) -> list[Result]:
    """Each line whose name ends so, held against the one whose name ends otherwise but is the same before; and lines as they
    are that have no such other."""
    by_name = {result.name: result for result in results}
    found = []
    for result in results:
        other = by_name.get(result.name.removesuffix(ending) + reference)
        found.append(against(result, other) if other and result.name.endswith(ending) else result)
    return found


def paced(measure: Callable[[], list[Result]]) -> list[Result]:
    """What is measured, every line held against the machine's own pace before and after that is held against nothing yet and
    is no reference of another."""
    before = _pace()
    results = measure()
    own = summed_up(PACE, before + _pace())
    taken = {result.reference for result in results}
    return [own, *(one if one.reference or one.name in taken else against(one, own) for one in results)]


def _pace(times: int = 12) -> list[float]:
    """Seconds of the products of 50,000 x 256 numbers with a vector; the first ones are not counted."""
    table = np.random.default_rng(0).random((50_000, 256), np.float32)
    seconds = []
    for row in range(times + 3):
        start = time.perf_counter()
        table @ table[row]
        seconds.append(time.perf_counter() - start)
    return seconds[3:]


def machine() -> dict[str, str | float]:
    """The processor with what matters of it, memory in GiB, and the graphics card where there is one."""
    told = _processor()
    known = told.get("flags", told.get("Features", "")).split()
    return {
        "system": platform.platform(),
        "processor": told.get("model name") or platform.processor() or platform.machine(),
        "has": " ".join(flag for flag in FLAGS if flag in known),
        "cores": os.cpu_count() or 0,
        "memory_gib": _memory(),
        "torch_threads": torch.get_num_threads(),
        "torch": torch.__version__,
        **({"gpu": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}),
        "load": load(),
    }


def load() -> float:
    """Mean number of processes that wanted a core in the last minute; 0 where the system does not tell."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0


def _processor() -> dict[str, str]:
    """What Linux tells of the first core; nothing elsewhere."""
    with suppress(OSError):
        first = Path("/proc/cpuinfo").read_text("utf-8").split("\n\n")[0]
        return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
    return {}


def _memory() -> float:
    with suppress(ValueError, OSError, AttributeError):
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    return 0


def as_json(results: Sequence[Result], **beside: Any) -> str:
    return json.dumps({"machine": machine(), **beside, "results": [asdict(result) for result in results]}, indent=1)


def as_table(results: Sequence[Result]) -> str:
    width = max((len(result.name) for result in results), default=0)
    lines = [f"{'':{width}}  {'runs':>5}  {'p50 ms':>10}  {'p95 ms':>10}  {'ratio':>8}"]
    for result in results:
        ratio = "" if result.ratio is None else f"{result.ratio:.3g}"
        more = [f"{name} {value}" for name, value in result.more.items()]
        more += [f"(ratio to: {result.reference})"] if result.reference and result.reference != PACE else []
        figures = f"{result.runs:>5}  {result.p50_ms:>10.2f}  {result.p95_ms:>10.2f}  {ratio:>8}"
        lines.append(f"{result.name:{width}}  {figures}  {'  '.join(more)}".rstrip())
    told = ", ".join(f"{name} {value}" for name, value in machine().items())
    return "\n".join([*lines, "ratio: p50 of the reference by p50 of the line; 1 is as fast, 2 twice as fast", told])
