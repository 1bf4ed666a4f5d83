"""Makes the weights of the contextual encoder from nothing, on a GPU.

    python vocab.py --corpora CORPORA --project PROJECT tokenizer.json
    python make_contextual.py --corpora CORPORA --project PROJECT --tokenizer tokenizer.json --out OUT | tee contextual.log

Both parts of the training end after their steps or their seconds, whichever comes first. The weights that ship were
trained for seconds; the steps that these were are in the log.
"""
import argparse
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer

import batches
import data
import export
import sampler
import static
from network import Network
from train import Trainer


def main():
    ap = argparse.ArgumentParser()
    for name in ("--corpora", "--project", "--tokenizer", "--out"):
        ap.add_argument(name, required=True)
    ap.add_argument("--device", default="cuda")
    ap.add_argument("--workers", type=int, default=12)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--layers", type=int, default=4, help="layers in training")
    ap.add_argument("--keep", type=int, default=2, help="layers that ship")
    ap.add_argument("--own", type=float, default=12, help="weight of our own rows beside the kinds of pairs of the corpora")
    ap.add_argument("--masked-batch", type=int, default=1024)
    ap.add_argument("--masked-rate", type=float, default=1e-3)
    ap.add_argument("--masked-steps", type=int, default=10 ** 6)
    ap.add_argument("--masked-seconds", type=float, default=150)
    ap.add_argument("--pairs-batch", type=int, default=2048)
    ap.add_argument("--pairs-rate", type=float, default=5e-4)
    ap.add_argument("--pairs-steps", type=int, default=10 ** 6)
    ap.add_argument("--pairs-seconds", type=float, default=255)
    a = ap.parse_args()
    data.check(a.corpora, a.project)
    began = time.time()
    log = lambda text: print(f"[{time.time() - began:.0f} s] {text}", flush=True)
    log(f"settings { {k: v for k, v in vars(a).items() if k not in ('corpora', 'project', 'tokenizer', 'out')} }")
    docs, held = data.load(a.corpora, a.project)
    log("rows " + str({k: len(v) for k, v in docs.items()}) + " held out " + str({k: len(v) for k, v in held.items()}))
    tok = Tokenizer.from_file(a.tokenizer)
    corpus = sampler.Corpus(docs, tok)
    topics = static.LSA(corpus).topics
    log(f"vocabulary {corpus.size}, LSA done")
    torch.manual_seed(a.seed)
    network = Network(corpus.size, layers=a.layers, keep=a.keep)
    trainer = Trainer(network, a.device, a.workers, a.seed, log)
    trainer.run("masked", batches.passages(corpus, a.masked_batch), trainer.masked, a.masked_rate, a.masked_steps,
                a.masked_seconds)
    trainer.run("pairs", batches.pairs(corpus, topics, a.own, a.pairs_batch), trainer.pairs, a.pairs_rate, a.pairs_steps,
                a.pairs_seconds, average_from=.6)
    export.write(a.out, network.config(), network.exported(), tok, network.positions)
    whole = {name: value.detach().to(torch.float16).cpu() for name, value in network.state_dict().items()}
    torch.save(whole, Path(a.out) / "network.pt")           # all layers, for whoever goes on from here
    log(f"exported {a.keep} of {a.layers} layers, {sum(v.numel() for v in network.exported().values())} numbers")


if __name__ == "__main__":
    main()
