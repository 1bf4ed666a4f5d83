"""Prints the comparison: held-out tasks, the benchmark alone and fused with BM25, bootstrap intervals, speed.

    python compare.py --corpora CORPORA --bench BENCH/ccf-bdci-2019/dev --project PROJECT MODEL_FOLDER [MODEL_FOLDER ...]

The folders hold exported models; LSA and BM25 are made on the spot. The benchmark and the patents are only measured on.
"""
import argparse
import time

import numpy as np
import torch
from tokenizers import Tokenizer

import data
import export
import measure
import sampler
import static


def show(dev, name, encode, weight):
    score = encode(dev.long) @ encode(dev.texts).T
    fused = dev.fuse(score, weight)
    for label, s in (("alone", score), (f"fused w{weight}", fused)):
        low, high = dev.interval(s)
        print(name, label, measure.fmt(dev.per_demand(s)), "95%",
              " ".join(f"{a:.3f}-{b:.3f}" for a, b in zip(low, high)), flush=True)
    gain = dev.per_demand(fused) - dev.per_demand(dev.lexical)
    print(name, "gain of fusion over BM25", np.nanmean(gain, 0).round(4))


def main():
    ap = argparse.ArgumentParser()
    for name in ("--corpora", "--bench", "--project"):
        ap.add_argument(name, required=True)
    ap.add_argument("--weight", type=float, default=.5)
    ap.add_argument("folders", nargs="+")
    a = ap.parse_args()
    torch.set_num_threads(1)
    docs, held = data.load(a.corpora, a.project)
    dev = measure.Dev(a.bench)
    patents = list(data.rows(data.locate("patents.jsonl.xz", a.corpora, a.project)))
    print("BM25", measure.fmt(dev.per_demand(dev.lexical)), dev.interval(dev.lexical).round(3).tolist())
    lsa = static.LSA(sampler.Corpus(docs, Tokenizer.from_file(a.folders[0] + "/tokenizer.json")))
    show(dev, "LSA", lsa.encode, a.weight)
    print("LSA", measure.tasks(lsa.encode, held, patents))
    for folder in a.folders:
        encode = export.reload(folder)
        began = time.time()
        for text in dev.titles[:100]:
            encode([text])
        per_query = (time.time() - began) * 10
        began = time.time()
        encode(dev.texts[:1000])
        print(folder, f"{per_query:.1f} ms per query, {1000 / (time.time() - began):.0f} texts/s (transformers, f32)")
        show(dev, folder, encode, a.weight)
        print(folder, measure.tasks(encode, held, patents), flush=True)


if __name__ == "__main__":
    main()
