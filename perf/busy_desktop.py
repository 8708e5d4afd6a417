#!/usr/bin/env python3
"""How much of its speed does decoding keep on a machine that is busy with something else?

Runs a program in alternation on an idle machine and beside one endless loop on every core, all at
the same priority, and prints one JSON line: the medians of both, and of busy to idle by rounds.

    perf/busy_desktop.py -m MODEL
    perf/busy_desktop.py -m MODEL --program LLAMA_BENCH --rounds 5
"""

import argparse
import json
import os
import statistics
import subprocess
import sys


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", "--model", required=True)
    parser.add_argument("--program", default="build/greenroom", help="or a llama-bench")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("-n", "--predict", type=int, default=32)
    return parser.parse_args()


def tokens_per_second(options):
    is_peer = os.path.basename(options.program).startswith("llama")
    command = ["-o"] if is_peer else ["bench", "--format"]
    output = subprocess.run(
        [options.program, *command, "jsonl", "-m", options.model, "-t", str(options.threads),
         "-p", "0", "-n", str(options.predict), "-r", "1"],
        check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(output)["avg_ts"]


def busy_tokens_per_second(options):
    loops = []
    try:
        for cpu in os.sched_getaffinity(0):
            loops.append(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            os.sched_setaffinity(loops[-1].pid, {cpu})
        return tokens_per_second(options)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main():
    options = parse()
    rounds = [(tokens_per_second(options), busy_tokens_per_second(options))
              for _ in range(options.rounds)]
    print(json.dumps({
        "question": "busy_desktop", "model": options.model, "threads": options.threads,
        "rounds": options.rounds, "idle_ts": statistics.median(i for i, _ in rounds),
        "busy_ts": statistics.median(b for _, b in rounds),
        "kept": statistics.median(b / i for i, b in rounds)}))


if __name__ == "__main__":
    main()
