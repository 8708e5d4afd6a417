#!/usr/bin/env python3
"""How near is decoding on a GPU to what its link and its memory allow? One JSON line for each run of
bench that perf/gpu_report.sh left in FOLDER: gpu_bound.py FOLDER."""
import json
import pathlib
import sys


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]


def bound_seconds(row, link, memory):
    """Of a token: the experts that it missed over the link, or all weights out of the memory."""
    return max(row["link_bytes_per_token"] / link, row["bytes_per_token"] / memory)


def main(folder):
    memory = rows(folder / "copy.jsonl")[0]["gbps"] * 1e9
    measured = max(row["gbps"] for row in rows(folder / "link.jsonl")
                   if row["memory"] == "pinned" and not row["card_computes"]) * 1e9
    for limit in (12, 0):
        link = min(measured, limit * 1e9 or measured)
        for row in rows(folder / f"bench-{limit}.jsonl"):
            if row["n_prompt"] > 0 or row["bytes_per_token"] is None:
                continue
            bound = 1 / bound_seconds(row, link, memory)
            print(json.dumps({
                "question": "gpu_model", "link_limit_gbps": limit or None, "link_gbps": link / 1e9,
                "memory_gbps": memory / 1e9, "tokens_per_second": row["avg_ts"],
                "bound_tokens_per_second": bound, "part_of_bound": row["avg_ts"] / bound,
                "hit_rate_device": row["hit_rate_device"],
                "link_bytes_per_token": row["link_bytes_per_token"],
                "stall_per_token_s": row["stall_per_token_s"], "stall_link_s": row["stall_link_s"],
                "stall_disk_s": row["stall_disk_s"], "stall_policy_s": row["stall_policy_s"]}))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
