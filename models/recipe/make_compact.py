"""Makes the weights of the compact encoder from nothing: one thread, a fixed seed.

    pip install -r requirements.txt
    python vocab.py --corpora CORPORA --project PROJECT tokenizer.json
    MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=268435456 \\
        python make_compact.py --corpora CORPORA --project PROJECT --tokenizer tokenizer.json --out OUT | tee compact.log

CORPORA holds the files of data.tsv without a slash, PROJECT is the root of the repository. The three MALLOC settings
only make it faster (no page faults for every tensor). Training is measured in steps, so the result does not hang on the
speed of the machine.
"""
import argparse
import time

import torch
from tokenizers import Tokenizer

import data
import export
import sampler
import static


def main():
    ap = argparse.ArgumentParser()
    for name in ("--corpora", "--project", "--tokenizer", "--out"):
        ap.add_argument(name, required=True)
    ap.add_argument("--steps", type=int, default=2400)
    a = ap.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    data.check(a.corpora, a.project)
    began, cpu = time.time(), time.process_time()

    def log(text):
        print(f"[{time.process_time() - cpu:.0f} s cpu, {time.time() - began:.0f} s] {text}", flush=True)

    docs, held = data.load(a.corpora, a.project)
    log("rows " + str({k: len(v) for k, v in docs.items()}) + " held out " + str({k: len(v) for k, v in held.items()}))
    tok = Tokenizer.from_file(a.tokenizer)
    corpus = sampler.Corpus(docs, tok)
    lsa = static.LSA(corpus)
    log(f"vocabulary {corpus.size}, LSA done")
    bag = static.train_static(corpus, lsa.topics, a.steps, log=log, start=lsa.v)
    export.export_static(bag, tok, a.out)
    log("exported")


if __name__ == "__main__":
    main()
