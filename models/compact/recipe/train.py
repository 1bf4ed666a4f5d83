"""Trains the transformer contrastively, from the static vectors, with an average of the weights.

`teacher` (optional, texts as id arrays -> similarity matrix) adds a distillation term: the Kullback-Leibler divergence
between the rows of the two similarity matrices of a batch.
"""
import time

import numpy as np
import torch
import torch.nn.functional as F

from sampler import Sampler, same
from static import distil, info_nce

SCALE = 20


def train(model, corpus, topics, steps, batch=512, seed=2, lr=6e-4, ema=.99, decay=.01, log=print, teacher=None,
          alpha=0., limit=None, save=None, every=100):
    """Returns the averaged weights as a state dict. `limit` ends the schedule early after so many seconds."""
    sampler = Sampler(corpus, topics, seed)
    groups = {"table": [], "place": [], "matrix": [], "rest": []}
    for n, v in model.weights().items():
        groups["table" if "word_embeddings" in n else "place" if "embeddings." in n and "LayerNorm" not in n else
               "matrix" if v.dim() == 2 else "rest"].append(v)
    rate = {"table": 1.0, "place": .3, "matrix": 1.0, "rest": 1.0}
    opt = torch.optim.AdamW([{"params": groups[k], "base": lr * rate[k], "weight_decay": decay if k == "matrix" else 0}
                             for k in groups], lr=lr, betas=(.9, .98))
    mean = {n: v.detach().clone() for n, v in model.weights().items()}
    began, cpu, seen, tokens, show = time.time(), time.process_time(), 0, 0, None
    for step in range(steps):
        part = step / steps
        if limit:
            part = max(part, (time.time() - began) / limit)
            if part >= 1:
                break
        for g in opt.param_groups:
            g["lr"] = g["base"] * min(1, (step + 1) / 60) * max(.02, 1 - part)
        a, b, hard = sampler.batch(batch)
        shift = int(sampler.rng.integers(0, 128)) if sampler.rng.random() < .3 else 0
        texts = a + b + hard
        v = model(texts, shift=shift)
        va, vb, vh = v[:len(a)], v[len(a):len(a) + len(b)], v[len(a) + len(b):]
        mask = torch.from_numpy(same(b))
        loss = info_nce(va, vb, vh if hard else None, mask, SCALE)
        total = loss
        if teacher is not None:
            total = (1 - alpha) * loss + alpha * distil(va, torch.cat([vb, vh]), teacher(a, b + hard), SCALE)
        opt.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_([v for k in groups for v in groups[k]], 1.0)
        opt.step()
        with torch.no_grad():
            keep = min(ema, (step + 1) / (step + 10))
            for n, w in model.weights().items():
                mean[n].lerp_(w, 1 - keep)
        seen += len(a)
        tokens += sum(map(len, texts))
        show = loss.item() if show is None else .95 * show + .05 * loss.item()
        if step % 20 == 0:
            log(f"step {step} loss {show:.3f} pairs {seen} tokens {tokens} cpu {time.process_time() - cpu:.0f}s "
                f"wall {time.time() - began:.0f}s")
        if save and step % every == every - 1:
            save(mean)
    log(f"end: step {step} loss {show:.3f} pairs {seen} tokens {tokens} cpu {time.process_time() - cpu:.0f}s "
        f"wall {time.time() - began:.0f}s")
    return mean


def load_weights(model, weights):
    with torch.no_grad():
        for n, v in model.weights().items():
            v.copy_(weights[n])
    return model
