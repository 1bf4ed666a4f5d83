"""The two bag models: LSA of TF-IDF, and a static embedding (weighted mean of learned vectors) trained contrastively.

The static embedding gives the transformer its word vectors to start from (`rich=False`: the transformer's own pieces)
and stands in the comparison by itself (`rich=True`: pieces, pairs of adjacent pieces, characters).
"""
import collections
import time

import numpy as np
import scipy.sparse as sp
import torch
import torch.nn.functional as F
from sklearn.utils.extmath import randomized_svd

from sampler import Sampler, same


def matrix(bags, size, idf):
    rows = np.repeat(np.arange(len(bags)), [len(b) for b in bags])
    m = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, np.concatenate(bags))), shape=(len(bags), size))
    m.sum_duplicates()
    m.data = (1 + np.log(m.data)) * idf[m.indices].astype(np.float32)
    norm = np.sqrt(np.asarray(m.multiply(m).sum(1)).ravel())
    return sp.diags(1 / np.maximum(norm, 1e-9)).astype(np.float32) @ m


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


class LSA:
    def __init__(self, corpus, dim=256, seed=1):
        bags = {s: corpus.bags(s) for s in corpus.docs}
        for b in bags.values():
            b[:] = [x if len(x) else np.array([1], np.int32) for x in b]
        self.c = corpus
        some = bags["chinaxiv"] + bags["arxiv"][::3]
        _, s, v = randomized_svd(matrix(some, corpus.size, corpus.idf), dim, n_iter=4, random_state=seed)
        self.v = np.ascontiguousarray(v.T.astype(np.float32))
        self.topics = {k: unit(matrix(b, corpus.size, corpus.idf) @ self.v[:, :96]) for k, b in bags.items()}

    def vectors(self, arrays):
        bags = [x if len(x) else np.array([1], np.int32) for x in arrays]
        return unit(matrix(bags, self.c.size, self.c.idf) @ self.v)

    def encode(self, texts):
        return self.vectors(self.c.ids(texts))


class Features:
    """Maps piece ids to feature ids: pieces, and if rich also frequent adjacent pairs and the characters of words."""

    def __init__(self, corpus, rich, pairs=60000):
        self.base, self.rich, self.pair = corpus.size, rich, {}
        self.split = corpus.split
        self.total = self.base
        if rich:
            count = collections.Counter()
            for source, step in (("chinaxiv", 1), ("arxiv", 4)):
                for arrays in corpus.docs[source].values():
                    for a in arrays[::step]:
                        count.update((a[:-1].astype(np.int64) * self.base + a[1:]).tolist())
            self.pair = {k: self.total + i for i, (k, _) in enumerate(count.most_common(pairs))}
            self.total += len(self.pair)
            self.char0 = self.total
            self.total += self.base

    def __call__(self, ids):
        if not self.rich or len(ids) == 0:
            return ids
        get = self.pair.get
        keys = ids[:-1].astype(np.int64) * self.base + ids[1:]
        pairs = [p for p in map(get, keys.tolist()) if p is not None]
        chars = [s if (s := self.split[i]) is not None else ids[j:j + 1] for j, i in enumerate(ids)]
        return np.concatenate([ids, np.array(pairs, np.int32), np.concatenate(chars) + self.char0]).astype(np.int32)


class Static(torch.nn.Module):
    def __init__(self, corpus, dim=256, rich=False, seed=1, start=None):
        super().__init__()
        torch.manual_seed(seed)
        self.c, self.f = corpus, Features(corpus, rich)
        table = torch.randn(self.f.total, dim) * .1
        if start is not None:
            v = torch.from_numpy(start)
            table[:corpus.size] = .03 * table[:corpus.size] + v[:, :dim] / v.norm(dim=1, keepdim=True).clamp(min=1e-3) * .8
        self.table = torch.nn.Parameter(table)
        weight = np.full(self.f.total, .5, np.float32)
        weight[:corpus.size] = np.clip(corpus.idf / 4, .1, 2)
        self.weight = torch.nn.Parameter(torch.from_numpy(np.log(weight)))

    def forward(self, arrays):
        arrays = [self.f(a) for a in arrays]
        flat = torch.from_numpy(np.concatenate(arrays).astype(np.int64))
        off = torch.from_numpy(np.cumsum([0] + [len(a) for a in arrays[:-1]]))
        w = self.weight[flat].exp()
        return F.normalize(F.embedding_bag(flat, self.table, off, mode="sum", per_sample_weights=w), dim=-1)

    @torch.no_grad()
    def encode(self, texts):
        ids = [a[:254] if len(a) else np.array([1], np.int32) for a in self.c.ids(texts)]
        return np.concatenate([self(ids[i:i + 2048]).numpy() for i in range(0, len(ids), 2048)])


def info_nce(a, b, hard, mask, scale):
    """Symmetric in-batch loss; `hard` are further vectors that are an answer to none of the batch."""
    logits = scale * a @ b.T
    logits = logits.masked_fill(mask, -1e4)
    target = torch.arange(len(a))
    back = F.cross_entropy(logits.T, target)
    if hard is not None:
        logits = torch.cat([logits, scale * a @ hard.T], 1)
    return .5 * (F.cross_entropy(logits, target) + back)


def train_static(corpus, topics, steps, batch=1024, dim=256, rich=False, seed=1, lr=.006, log=print, start=None,
                 teacher=None, alpha=0.):
    """With a `teacher`, `alpha` is the share of the distillation term, as in train.py."""
    model = Static(corpus, dim, rich, seed, start)
    sampler = Sampler(corpus, topics, seed)
    opt = torch.optim.Adam([{"params": [model.table], "lr": lr}, {"params": [model.weight], "lr": lr}], betas=(.9, .98))
    began, mean = time.process_time(), 0
    for step in range(steps):
        for g in opt.param_groups:
            g["lr"] = lr * min(1, (step + 1) / 50) * max(.02, 1 - step / steps)
        a, b, hard = sampler.batch(batch)
        va, vb = model(a), model(b)
        vh = model(hard) if hard else va[:0]
        loss = info_nce(va, vb, vh if hard else None, torch.from_numpy(same(b)), 16)
        total = loss
        if teacher is not None:
            total = (1 - alpha) * loss + alpha * distil(va, torch.cat([vb, vh]), teacher(a, b + hard), 16)
        opt.zero_grad()
        total.backward()
        opt.step()
        mean = .98 * mean + .02 * loss.item() if step else loss.item()
        if step % 100 == 0 or step == steps - 1:
            log(f"static step {step} loss {mean:.3f} cpu {time.process_time() - began:.0f}s")
    return model


def distil(va, vb, target, scale):
    """KL of the student's rows from the teacher's (already scaled) rows, both ways."""
    logits = scale * va @ vb.T
    out = 0
    for s, t in ((logits, target), (logits.T, target.T)):
        out = out + .5 * F.kl_div(F.log_softmax(s, 1), F.log_softmax(t, 1), reduction="batchmean", log_target=True)
    return out


class Teacher:
    """Similarities of the rich static embedding and LSA, scaled for the distillation term."""

    def __init__(self, rich, lsa, share=.15, scale=18):
        self.rich, self.lsa, self.share, self.scale = rich, lsa, share, scale

    @torch.no_grad()
    def __call__(self, a, b):
        def both(x):
            return self.rich(x), torch.from_numpy(self.lsa.vectors(x))
        (ra, la), (rb, lb) = both(a), both(b)
        return self.scale * ((1 - self.share) * ra @ rb.T + self.share * la @ lb.T)
