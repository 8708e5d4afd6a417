#!/usr/bin/env python3
"""Greenroom against a reader that maps its model, both in a quarter of the memory the model needs.

Synthesises a model, puts each program into a memory control group of its own (page cache included;
root, cgroup v1 or v2), empties the page cache before every run, and prints one JSON line: tokens a
second of both in alternation, the ratio, and how fast our disk is read beside a plain direct read.

    perf/larger_than_memory.py --peer LLAMA_BENCH
    perf/larger_than_memory.py --peer LLAMA_BENCH --model FILE.gguf --limit 2GiB --rounds 3

A model that is named is used as it is; one that was synthesised is removed.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

UNITS = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10}


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the peer's llama-bench")
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build"))
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--shape", default="mixtral-8x7b", help="as synth takes it")
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--quant", default="q4_k_m")
    parser.add_argument("--limit", help="of memory; a quarter of the model")
    parser.add_argument("--policy", default="lfu-decay", help="[cache] policy of ours")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("-n", "--predict", type=int, default=8)
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path("/tmp"))
    return parser.parse_args()


def bytes_of(text):
    unit = text[-3:]
    return int(float(text[:-3]) * UNITS[unit]) if unit in UNITS else int(text)


class ControlGroup:
    """A memory control group; what is started in it may use so many bytes."""

    def __init__(self, limit):
        v1 = pathlib.Path("/sys/fs/cgroup/memory")
        root = v1 if v1.is_dir() else pathlib.Path("/sys/fs/cgroup")
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="greenroom-", dir=root))
        name = "memory.limit_in_bytes" if v1.is_dir() else "memory.max"
        (self.path / name).write_text(str(limit))
        if not v1.is_dir():
            (self.path / "memory.swap.max").write_text("0")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.path.rmdir()

    def run(self, *command):
        def enter():
            (self.path / "cgroup.procs").write_text(str(os.getpid()))
        result = subprocess.run([str(part) for part in command], text=True, preexec_fn=enter,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if result.returncode != 0:
            sys.exit(f"{command[0]} ended with {result.returncode}: {result.stderr.strip()}")
        return result.stdout


def cold(limit, *command):
    """The command's output, with nothing of the model in memory when it starts."""
    os.sync()
    pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    with ControlGroup(limit) as group:
        return group.run(*command)


def compare(options, model):
    limit = bytes_of(options.limit) if options.limit else model.stat().st_size // 4
    common = ["-m", model, "-t", options.threads, "-p", 0, "-n", options.predict, "-r", 1]
    rounds = []
    for _ in range(options.rounds):
        peer = json.loads(cold(limit, options.peer, *common, "--no-warmup", "--repack", 0,
                               "-lm", "mmap", "-o", "json"))[-1]["avg_ts"]
        ours = json.loads(cold(limit, options.build / "greenroom", "bench", *common, "--no-warmup",
                               "--format", "jsonl", "--set",
                               f"cache.policy={options.policy}"))["avg_ts"]
        rounds.append((ours, peer))
    tiers = [json.loads(line) for line in cold(
        limit, options.build / "perf_tiers", "-m", model, "-t", options.threads, "-n",
        options.predict, "--policy", options.policy).splitlines()]
    return {
        "question": "larger_than_memory", "model_bytes": model.stat().st_size,
        "limit_bytes": limit, "threads": options.threads, "policy": options.policy,
        "decode": statistics.median(ours for ours, _ in rounds),
        "peer_decode": statistics.median(peer for _, peer in rounds),
        "ratio": statistics.median(ours / peer for ours, peer in rounds),
        "hit_rate": tiers[1]["hit_rate"], "plain_read_gbps": tiers[0]["gbps"],
        "read_gbps": tiers[1]["read_gbps"], "of_plain_read": tiers[1]["of_plain_read"],
        "device": tiers[1]["device"], "commit": tiers[1]["commit"],
    }


def main():
    options = parse()
    if options.model:
        print(json.dumps(compare(options, options.model)))
        return
    model = options.dir / f"{options.shape}-{options.layers}-{options.quant}.gguf"
    try:
        subprocess.run([str(options.build / "greenroom"), "synth", options.shape, "--quiet",
                        "--layers", str(options.layers), "--quant", options.quant, "-o",
                        str(model)], check=True)
        print(json.dumps(compare(options, model)))
    finally:
        model.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
