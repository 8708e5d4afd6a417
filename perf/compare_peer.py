#!/usr/bin/env python3
"""Greenroom against llama.cpp on one machine: prefill and decode by block type.

Synthesises a model of each type, runs both programs on it in alternation with equal threads, and
prints one JSON line for each type: the medians of both and of their ratio, round by round.

    perf/compare_peer.py --peer LLAMA_BENCH q4_k q8_0
    perf/compare_peer.py --peer LLAMA_BENCH --short --rounds 5 --dir /tmp q2_k     # seconds a type
    perf/compare_peer.py --peer LLAMA_BENCH --markdown q2_k q3_k q4_k q5_k q6_k    # a table

A model that lies in --dir already is used as it is, and stays; what was synthesised is removed.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

COLUMNS = ("type", "prefill", "peer", "ratio", "decode", "peer", "ratio", "GB/s", "of bound")


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("types", nargs="+", help="as synth --quant takes them")
    parser.add_argument("--peer", required=True, help="the peer's llama-bench")
    parser.add_argument("--greenroom", default="build/greenroom")
    parser.add_argument("--shape", default="mixtral-8x7b", help="as synth takes it")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("-p", "--prompt", type=int, default=512)
    parser.add_argument("-n", "--predict", type=int, default=128)
    parser.add_argument("--short", action="store_true", help="prompt 128, reply 16")
    parser.add_argument("--dir", type=pathlib.Path, default=pathlib.Path("/tmp"))
    parser.add_argument("--markdown", action="store_true", help="a table in place of JSON")
    options = parser.parse_args()
    if options.short:
        options.prompt, options.predict = 128, 16
    return options


def output_of(*command):
    return subprocess.run(
        [str(part) for part in command], check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout


def one_run(program, options, model):
    """The rows of one run, by what they measure: llama-bench's names are ours too."""
    rows = [json.loads(line) for line in output_of(
        *program, "-m", model, "-t", options.threads, "-r", 1, "-p", options.prompt,
        "-n", options.predict).splitlines()]
    return {"prefill" if row["n_prompt"] > 0 else "decode": row for row in rows}


def compare(options, model):
    ours = [options.greenroom, "bench", "--format", "jsonl"]
    peer = [options.peer, "-o", "jsonl"]
    rounds = [(one_run(ours, options, model), one_run(peer, options, model))
              for _ in range(options.rounds)]
    result = {}
    for test in ("prefill", "decode"):
        speeds = [(a[test]["avg_ts"], b[test]["avg_ts"]) for a, b in rounds]
        result[test] = statistics.median(a for a, _ in speeds)
        result[f"{test}_peer"] = statistics.median(b for _, b in speeds)
        result[f"{test}_ratio"] = statistics.median(a / b for a, b in speeds)
    for field in ("read_gbps", "machine_read_gbps", "bound_ratio"):
        result[field] = statistics.median(a["decode"][field] for a, _ in rounds)
    return result | {"cpu": rounds[0][0]["decode"]["cpu_info"]}


def compare_type(options, block_type):
    model = options.dir / f"{options.shape}-{options.layers}-{block_type}.gguf"
    synthesised = not model.exists()
    if synthesised:
        output_of(options.greenroom, "synth", options.shape, "--quant", block_type,
                  "--layers", options.layers, "-o", model)
    try:
        return {"type": block_type, "shape": options.shape, "layers": options.layers,
                "threads": options.threads, "n_prompt": options.prompt,
                "n_gen": options.predict, "rounds": options.rounds} | compare(options, model)
    finally:
        if synthesised:
            model.unlink()


def markdown(row):
    return (f"| {row['type'].upper()} | {row['prefill']:.0f} | {row['prefill_peer']:.0f} "
            f"| {row['prefill_ratio']:.2f} | {row['decode']:.1f} | {row['decode_peer']:.1f} "
            f"| {row['decode_ratio']:.2f} | {row['read_gbps']:.1f} | {row['bound_ratio']:.0%} |")


def main():
    options = parse()
    if options.markdown:
        print("| " + " | ".join(COLUMNS) + " |\n|---|" + "---:|" * (len(COLUMNS) - 1))
    for block_type in options.types:
        row = compare_type(options, block_type.lower())
        print(markdown(row) if options.markdown else json.dumps(row), flush=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"compare_peer: {error.cmd[0]} ended with {error.returncode}")
