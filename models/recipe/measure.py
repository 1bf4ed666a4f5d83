"""Measures: the held-out tasks and the judged matches of the benchmark, alone and fused with BM25.

The benchmark is only read here. A method is a function texts -> array of unit vectors; BM25 stands in for the
product's lexical ranker (words, character bigrams, characters; query = title).
"""
import collections
import json
import math
import random
import unicodedata
from pathlib import Path

import jieba
import numpy as np
import scipy.sparse as sp

jieba.setLogLevel(60)


def terms(text):
    text = unicodedata.normalize("NFKC", text).lower()
    out = ["w" + w for w in jieba.cut_for_search(text) if len(w.strip()) > 1]
    flat = "".join(text.split())
    return out + ["b" + flat[i:i + 2] for i in range(len(flat) - 1)] + ["c" + c for c in flat]


class BM25:
    def __init__(self, pool, k1=1.2, b=0.75):
        bags = [collections.Counter(terms(t)) for t in pool]
        self.vocab = {t: i for i, t in enumerate(sorted({t for bag in bags for t in bag}))}
        df = collections.Counter(t for bag in bags for t in bag)
        length = np.array([sum(bag.values()) for bag in bags], float)
        mean = length.mean()
        r, c, v = [], [], []
        for i, bag in enumerate(bags):
            for t, n in bag.items():
                idf = math.log(1 + (len(pool) - df[t] + .5) / (df[t] + .5))
                r.append(self.vocab[t]), c.append(i)
                v.append(idf * n * (k1 + 1) / (n + k1 * (1 - b + b * length[i] / mean)))
        self.m = sp.csr_matrix((v, (r, c)), shape=(len(self.vocab), len(pool)))

    def scores(self, queries):
        r, c = [], []
        for i, q in enumerate(queries):
            for t in set(terms(q)) & self.vocab.keys():
                r.append(i), c.append(self.vocab[t])
        q = sp.csr_matrix((np.ones(len(r)), (r, c)), shape=(len(queries), len(self.vocab)))
        return np.asarray((q @ self.m).todense())


def mrr(queries, pool, truth=None, k=10):
    """MRR@k; the i-th query's answer is the truth[i]-th of the pool."""
    score = queries @ pool.T
    truth = np.arange(len(queries)) if truth is None else np.asarray(truth)
    rank = (score > score[np.arange(len(score)), truth][:, None]).sum(1) + 1
    return float(np.where(rank <= k, 1 / rank, 0).mean())


def auc(score, good):
    pos, neg = score[good], score[~good]
    d = pos[:, None] - neg[None]
    return float(((d > 0) + 0.5 * (d == 0)).mean())


class Dev:
    def __init__(self, folder):
        folder = Path(folder)
        read = lambda n: [json.loads(line) for line in (folder / n).read_text().splitlines()]
        self.demands, self.pool = read("demands.jsonl"), read("achievements.jsonl")
        at = {a["id"]: i for i, a in enumerate(self.pool)}
        qrels = collections.defaultdict(list)
        for line in (folder / "qrels.tsv").read_text().splitlines():
            d, a, level = line.split("\t")
            qrels[d].append((a, int(level)))
        self.judged = [sorted((a, at[a], lv) for a, lv in qrels[d["id"]]) for d in self.demands]
        self.titles = [d["title"] for d in self.demands]
        self.long = [d["title"] + "。" + d["text"] for d in self.demands]
        self.texts = [a["title"] for a in self.pool]
        self.lexical = BM25(self.texts).scores(self.titles)

    def per_demand(self, score):
        """Arrays (nDCG@10, AUC, recall@100) with NaN where a demand is not scored."""
        out = np.full((len(self.demands), 3), np.nan)
        for i, judged in enumerate(self.judged):
            s = np.array([score[i, j] for _, j, _ in judged])
            level = np.array([lv for *_, lv in judged])
            if (level >= 2).any():
                disc = 1 / np.log2(np.arange(2, 12))
                order = np.argsort(-s, kind="stable")
                gain = 2.0 ** (level - 1) - 1
                ideal = np.sort(gain)[::-1][:10]
                out[i, 0] = (gain[order][:10] * disc[:len(order[:10])]).sum() / (ideal * disc[:len(ideal)]).sum()
            good = level >= 3
            if good.any() and not good.all():
                out[i, 1] = auc(s, good)
            if good.any():
                top = set(np.argsort(-score[i], kind="stable")[:100].tolist())
                out[i, 2] = np.mean([j in top for (_, j, _), g in zip(judged, good) if g])
        return out

    def fuse(self, score, weight):
        z = lambda m: (m - m.mean(1, keepdims=True)) / (m.std(1, keepdims=True) + 1e-9)
        return (1 - weight) * z(self.lexical) + weight * z(score)

    def report(self, encode, name, weights=(0.3, 0.4, 0.5, 0.6, 0.7), mix=0.5):
        pool = encode(self.texts)
        qt, ql = encode(self.titles), encode(self.long)
        both = (1 - mix) * qt + mix * ql
        lines = []
        for label, q in (("title", qt), ("title+text", ql), ("mean of both", both)):
            score = q @ pool.T
            cells = ["alone " + fmt(self.per_demand(score))]
            cells += [f"w{w} " + fmt(self.per_demand(self.fuse(score, w))) for w in weights]
            lines.append(f"{name} [{label}] " + " | ".join(cells))
        return "\n".join(lines)

    def interval(self, score, n=2000, seed=7):
        """95% bootstrap intervals over demands for the three measures."""
        rng, per = np.random.default_rng(seed), self.per_demand(score)
        draws = [np.nanmean(per[rng.integers(0, len(per), len(per))], 0) for _ in range(n)]
        return np.percentile(draws, [2.5, 97.5], axis=0)


def fmt(per):
    return "/".join(f"{v:.4f}" for v in np.nanmean(per, 0))


def tasks(encode, held, patents=None, limit=5000):
    """The held-out tasks (a) arXiv motivation to method, (b) ChinaXiv title to abstract, (c) patents, (d) own pairs."""
    out = {}
    docs = [d for d in held["arxiv"][:limit] if d["motivation"] and d["method"]]
    out["arxiv"] = mrr(encode([d["motivation"] for d in docs]), encode([d["method"] for d in docs]))
    docs = held["chinaxiv"]
    out["chinaxiv"] = mrr(encode([d["title"] for d in docs]), encode([d["abstract"] for d in docs]))
    if patents:
        out["patents"] = mrr(encode([d["title"] for d in patents]), encode([d["abstract"] for d in patents]))
    docs = held["own"]
    if docs:
        pool = [a for d in docs for kind in ("answers", "touching", "misses") for a in d[kind]]
        queries, truth, at = [], [], 0
        for d in docs:
            for place in range(len(d["answers"])):
                queries.append(d["demand"] + "。" + d["text"])
                truth.append(at + place)
            at += sum(len(d[kind]) for kind in ("answers", "touching", "misses"))
        out["own"] = mrr(encode(queries), encode(pool), truth)
    return out
