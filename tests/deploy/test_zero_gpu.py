"""ZeroGPU with the real package `spaces` and a stand-in for its device service: a worker embeds, on the CPU for want of a GPU."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.zero_gpu import DeviceService

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, os, sys
import numpy as np
from PIL import Image
from model import CROP, REGION, Column, load
from retrieval import Embedder, executor
picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 70, 3), np.uint8))
embedder = Embedder(load("assets/weights/rpf-tiny"))
columns = [Column("color", REGION), Column("color", CROP)]
asked = embedder.embed([picture], columns).reshape(2, -1)
read = embedder.embed(iter([picture]), columns).reshape(2, -1)
same = float((asked.astype(float) * read.astype(float)).sum(-1).min())
print(json.dumps({"same": same, "device": str(embedder.device), "pid": os.getpid()}))
"""


def run(service: DeviceService) -> tuple[dict[str, Any], str]:
    variables = {**os.environ, **service.environment(), "NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1"}
    variables["PYTHONPATH"] += os.pathsep + str(ROOT)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1]), done.stderr


def test_a_picture_that_somebody_waits_for_goes_to_a_worker_and_a_catalog_does_not() -> None:
    with DeviceService() as service:
        told, _ = run(service)
    assert [path for path, _ in service.calls] == ["/schedule", "/allow", "/release"]
    allowed, released = service.of("/allow")[0], service.of("/release")[0]
    assert int(allowed["pid"]) != told["pid"]
    assert released == {"allowToken": allowed["allowToken"], "fail": "false"}
    assert int(service.of("/schedule")[0]["durationSeconds"]) <= 15
    assert told["device"] == "cpu" and told["same"] > 0.999


def test_without_quota_the_picture_is_embedded_on_the_cpu() -> None:
    with DeviceService(quota=1) as service:
        told, said = run(service)
    assert {path for path, _ in service.calls} == {"/schedule"}
    assert told["same"] > 0.999
    assert "embedded on the CPU" in said
