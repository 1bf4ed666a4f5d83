"""Remakes the weights from nothing. One command, one thread, a fixed seed:

    pip install -r requirements.txt
    MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=268435456 \\
        python make.py --corpora CORPORA --project PROJECT --out OUT --steps 0 --alpha 0 | tee train.log

`--steps 0 --alpha 0` makes the static embedding, which is what ships. `--static-alpha .5` distils it from a richer one
(pieces, pairs, characters) and LSA; with steps a small transformer is trained from it, distilled likewise (`--alpha`).

CORPORA holds the files of data.tsv without a slash, PROJECT is the root of the repository. The three MALLOC settings
only make it faster (no page faults for every tensor). Training is measured in steps, so the result does not hang on the
speed of the machine, up to the rounding of bf16. `--list` writes data.tsv instead of checking it.
"""
import argparse
import collections
import time
from pathlib import Path

import torch

import data
import export
import model
import sampler
import static
import train
import vocab

LICENCE = {"arxiv-zh": "modified Apache", "chinaxiv": "CC BY 4.0", "nsfc-taxonomy": "MIT", "thuocl": "MIT", "cilin": "MIT"}


def listing(corpora, project):
    """Writes data.tsv: name, SHA-256, rows used, licence."""
    loaded, held = data.load(corpora, project)
    used = {"arxiv-zh": len(loaded["arxiv"]), "chinaxiv": len(loaded["chinaxiv"])}
    names = ["arxiv-zh.jsonl.xz", "chinaxiv.jsonl.xz", "nsfc-taxonomy.jsonl.xz", "thuocl.jsonl.xz", "cilin.jsonl.xz",
             "data/codes/chain-terms.tsv", "data/lexicon/synonyms.txt"]
    names += sorted(str(p.relative_to(project)) for p in Path(project).glob("models/compact/text/*.jsonl"))
    lines = ["# name\tsha256\trows used (rows held out are not among them)\tlicence"]
    for name in names:
        path = data.locate(name, corpora, project)
        stem = name.split("/")[-1].split(".")[0]
        if stem in used:
            n = used[stem]
        elif "compact/text" in name:
            n = sum(data.key(r.get("demand") or "") % 10 != 0 for r in data.rows(path))
        elif name.endswith(".xz"):
            n = collections.Counter(stem for _ in data.rows(path))[stem]
            n = len([d for d in data.rows(path) if d["rel"] == "syn" and len(d["words"]) > 1]) if stem == "cilin" else n
        else:
            n = sum(bool(line.strip()) and not line.startswith("#") for line in path.read_text().splitlines())
        lines.append(f"{name}\t{data.sha256(path)}\t{n}\t{LICENCE.get(stem, 'this project')}")
    (data.HERE / "data.tsv").write_text("\n".join(lines) + "\n")


def main():
    ap = argparse.ArgumentParser()
    for name in ("--corpora", "--project", "--out"):
        ap.add_argument(name, required=True)
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--vocab", type=int, default=18000)
    ap.add_argument("--static-steps", type=int, default=2400)
    ap.add_argument("--rich-steps", type=int, default=2000)
    ap.add_argument("--steps", type=int, default=900)
    ap.add_argument("--batch", type=int, default=512)
    ap.add_argument("--lr", type=float, default=6e-4)
    ap.add_argument("--layers", type=int, default=3)
    ap.add_argument("--static-alpha", type=float, default=0., help="share of distillation for the static embedding")
    ap.add_argument("--alpha", type=float, default=.3, help="share of distillation for the transformer")
    ap.add_argument("--exact", action="store_true", help="start the transformer as exactly the static embedding")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    if a.list:
        listing(a.corpora, a.project)
    data.check(a.corpora, a.project)
    began, cpu = time.time(), time.process_time()

    def log(text):
        print(f"[{time.process_time() - cpu:.0f} s cpu, {time.time() - began:.0f} s] {text}", flush=True)

    settings = {k: v for k, v in vars(a).items() if k not in ("corpora", "project", "out", "list")}
    log(f"settings {settings}")
    docs, held = data.load(a.corpora, a.project)
    log("rows " + str({k: len(v) for k, v in docs.items()}) + " held out " + str({k: len(v) for k, v in held.items()}))
    tok = vocab.build(docs, a.vocab)
    corpus = sampler.Corpus(docs, tok)
    log(f"vocabulary {corpus.size}")
    lsa = static.LSA(corpus)
    log("LSA done")
    out = Path(a.out)
    out.mkdir(parents=True, exist_ok=True)
    teacher = None
    if a.alpha or a.static_alpha:
        rich = static.train_static(corpus, lsa.topics, a.rich_steps, rich=True, seed=5, log=log, start=lsa.v)
        torch.save(rich.state_dict(), out / "rich.pt")
        teacher = static.Teacher(rich, lsa)
        log("teacher done")
    bag = static.train_static(corpus, lsa.topics, a.static_steps, log=log, start=lsa.v,
                              teacher=teacher if a.static_alpha else None, alpha=a.static_alpha)
    torch.save(bag.state_dict(), out / "static.pt")
    if not a.steps:
        log(f"exported the static embedding, {export.export_static(bag, tok, a.out)} bytes")
        return
    net = model.Encoder(corpus.size, layers=a.layers)
    (net.start_exactly if a.exact else net.start_from)(bag)

    def save(mean):
        torch.save(mean, out / "average.pt")
        tok.save(str(out / "tokenizer.raw.json"))

    if a.steps:
        mean = train.train(net, corpus, lsa.topics, a.steps, a.batch, lr=a.lr, log=log,
                           teacher=teacher if a.alpha else None, alpha=a.alpha,
                           save=save)
        train.load_weights(net, mean)
    size = export.export(net, tok, a.out)
    some = [d["motivation"] for d in held["arxiv"][:50]] + [d["abstract"] for d in held["chinaxiv"][:50]] + ["", "氢"]
    diff, cosine = export.verify(net, corpus, a.out, some)
    log(f"exported {size} bytes; against transformers in f32: largest difference {diff:.5f}, least cosine {cosine:.6f}")


if __name__ == "__main__":
    main()
