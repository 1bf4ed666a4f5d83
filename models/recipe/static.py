"""The two bag models: LSA of TF-IDF, and the compact encoder, a static embedding (weighted sum of learned vectors) trained
by contrast.
"""
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


class Static(torch.nn.Module):
    def __init__(self, corpus, dim=256, seed=1, start=None):
        super().__init__()
        torch.manual_seed(seed)
        self.c = corpus
        table = torch.randn(corpus.size, dim) * .1
        if start is not None:
            v = torch.from_numpy(start)
            table = .03 * table + v[:, :dim] / v.norm(dim=1, keepdim=True).clamp(min=1e-3) * .8
        self.table = torch.nn.Parameter(table)
        weight = np.clip(corpus.idf / 4, .1, 2).astype(np.float32)
        self.weight = torch.nn.Parameter(torch.from_numpy(np.log(weight)))

    def forward(self, arrays):
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


def train_static(corpus, topics, steps, batch=1024, dim=256, seed=1, lr=.006, log=print, start=None):
    model = Static(corpus, dim, seed, start)
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
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean = .98 * mean + .02 * loss.item() if step else loss.item()
        if step % 100 == 0 or step == steps - 1:
            log(f"static step {step} loss {mean:.3f} cpu {time.process_time() - began:.0f}s")
    return model
