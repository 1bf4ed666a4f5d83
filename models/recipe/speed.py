"""Times an exported encoder in PyTorch, for the benchmark that times the same folder and texts in the product:

    python speed.py FOLDER TEXTS.json          {"queries": [...], "passages": [...]}

Prints one line of JSON: the median milliseconds of one query, and passages a second in batches of 64.
"""
import json
import statistics
import sys
import time

import torch

import export


def main():
    folder, texts = sys.argv[1], json.loads(open(sys.argv[2], encoding="utf-8").read())
    encode = export.reload(folder)
    encode(texts["passages"][:64])
    times = []
    for text in texts["queries"]:
        began = time.perf_counter()
        encode([text])
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    for at in range(0, len(texts["passages"]), 64):
        encode(texts["passages"][at:at + 64])
    a_second = len(texts["passages"]) / (time.perf_counter() - began)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(),
                      "query_ms": statistics.median(times) * 1e3, "passages_per_s": a_second}))


if __name__ == "__main__":
    main()
