"""Turns documents into token arrays and draws training batches of positive pairs.

One batch holds one kind of pair, so that negatives differ in matter and not in form. Half of the batches of papers are
drawn from neighbourhoods of a random-projection tree over LSA vectors: negatives of the same topic. One side is often
thinned to a bag of content words, since published achievements are often no more than that.
"""
import numpy as np

# source, field a, field b, weight, longest a, longest b, probability that b (c: that a) is thinned to content words
PAIRS = [
    ("chinaxiv", "title", "abstract", 4.0, 48, 72, .35),
    ("chinaxiv", "abstract", "title", 3.0, 64, 48, .7),
    ("chinaxiv", "title", "intro", 2.0, 48, 72, .3),
    ("chinaxiv", "intro", "title", 2.0, 64, 48, .7),
    ("chinaxiv", "conclusion", "title", 1.0, 64, 48, .7),
    ("chinaxiv", "abstract", "keywords", 1.5, 64, 32, 0),
    ("chinaxiv", "title", "keywords", 1.0, 48, 32, 0),
    ("chinaxiv", "abstract", "abstract", 2.0, 56, 56, .4),
    ("chinaxiv", "intro", "abstract", 2.0, 56, 56, .4),
    ("chinaxiv", "intro", "conclusion", 1.0, 56, 56, .4),
    ("arxiv", "motivation", "method", 3.5, 64, 72, .25),
    ("arxiv", "motivation", "tldr", 1.5, 64, 64, .4),
    ("arxiv", "tldr", "method", 1.0, 64, 64, .4),
    ("arxiv", "tldr", "result", 1.0, 64, 64, .3),
    ("own", "query", "answer", 8.0, 96, 64, .3),
    ("synonym", "word", "word", 1.0, 12, 12, 0),
    ("term", "term", "stage", .4, 12, 12, 0),
]
BLOCK = 60              # rows of our own that follow each other
LIGHT = """的 了 和 与 及 或 在 对 等 中 为 是 以 其 并 从 由 将 被 把 而 于 也 该 有 一种 基于 用于 关于 进行 通过 以及 及其 研究 方法
分析 应用 技术 系统 提出 实现 问题 影响 不同 我们 本文 可以 能够 具有 结果 表明 目的 结论 主要 一个 这些 现有""".split()


class Corpus:
    def __init__(self, train, tok, progress=print):
        self.tok = tok
        vocab = tok.get_vocab()
        self.size = tok.get_vocab_size()
        piece = {i: p for p, i in vocab.items()}
        self.light = np.zeros(self.size, bool)
        for i, p in piece.items():
            self.light[i] = (len(p) == 1 and not p.isalnum()) or p in LIGHT
        self.single = np.array([len(piece.get(i, "")) == 1 for i in range(self.size)])
        self.split = [np.array([vocab[c] for c in p if c in vocab], np.int32)
                      if len(p) > 1 and not p.startswith("[") else None for i, p in sorted(piece.items())]
        self.docs = {}
        for source in ("chinaxiv", "arxiv"):
            fields = [f for f in train[source][0]]
            self.docs[source] = {f: self.ids([d[f] for d in train[source]]) for f in fields}
        self.own = [{"queries": self.ids([d["demand"], d["text"], d["demand"] + "。" + d["text"]]),
                     **{kind: self.ids(d[kind]) for kind in ("answers", "touching", "misses")}} for d in train["own"]]
        self.words = [self.ids(d["words"]) for d in train["synonym"]]
        self.terms = list(zip(self.ids([d["term"] for d in train["term"]]),
                              self.ids([d["stage"] for d in train["term"]])))
        self.df = np.ones(self.size)
        self.n = 1
        for source in self.docs:
            for arrays in self.docs[source].values():
                for a in arrays[::3]:
                    self.df[np.unique(a)] += 1
                    self.n += 1
        self.idf = np.log(self.n / self.df)

    def ids(self, texts):
        return [np.array(e.ids, np.int32) for e in self.tok.encode_batch(list(texts), add_special_tokens=False)]

    def bags(self, source):
        """One bag of token ids per document, for topics."""
        fields = self.docs[source]
        names = [f for f in ("title", "abstract", "keywords", "motivation", "tldr") if f in fields]
        return [np.concatenate([fields[f][i] for f in names]) for i in range(len(fields[names[0]]))]


def tree(vectors, index, leaf, rng):
    """Cuts a set of vectors into neighbourhoods of about `leaf` by random projections."""
    if len(index) <= leaf:
        return [index]
    a, b = rng.choice(index, 2, replace=False)
    order = index[np.argsort(vectors[index] @ (vectors[a] - vectors[b]))]
    half = len(order) // 2
    return tree(vectors, order[:half], leaf, rng) + tree(vectors, order[half:], leaf, rng)


class Sampler:
    def __init__(self, corpus, topics, seed, own_batch=256, leaf=48, topical=.5):
        self.c, self.topics, self.rng = corpus, topics, np.random.default_rng(seed)
        self.leaf, self.topical, self.own_batch = leaf, topical, own_batch
        weights = np.array([p[3] for p in PAIRS])
        if not corpus.own:
            weights[[p[0] == "own" for p in PAIRS]] = 0
        self.p = weights / weights.sum()
        self.leaves, self.used = {}, {}

    def crop(self, ids, longest, whole=.3):
        if len(ids) <= longest:
            return ids
        n = int(self.rng.integers(max(12, longest // 3), longest + 1))
        start = 0 if self.rng.random() < whole else int(self.rng.integers(0, len(ids) - n + 1))
        return ids[start:start + n]

    def thin(self, ids):
        """A bag of content words: no light words, most single characters gone, at most fifteen left."""
        drop = self.c.light[ids] | (self.c.single[ids] & (self.rng.random(len(ids)) < .8))
        drop |= self.rng.random(len(ids)) < .1
        kept = ids[~drop]
        if len(kept) < 2:
            return ids
        n = int(self.rng.integers(4, 16))
        if len(kept) > n:
            start = int(self.rng.integers(0, len(kept) - n + 1))
            kept = kept[start:start + n]
        return kept

    def noise(self, ids, p=.06):
        """Now and then a word as its characters, and a token dropped."""
        hit = np.flatnonzero(self.rng.random(len(ids)) < p)
        if len(hit) == 0 or len(ids) < 4:
            return ids
        parts, last = [], 0
        for i in hit:
            parts.append(ids[last:i])
            other = self.c.split[ids[i]]
            if other is not None and self.rng.random() < .7:
                parts.append(other)
            last = i + 1
        parts.append(ids[last:])
        out = np.concatenate(parts)
        return out if len(out) else ids

    def pick(self, source, n, count):
        if self.rng.random() >= self.topical:
            return self.rng.choice(count, n, replace=False)
        if self.used.get(source, 99) >= 6:
            self.leaves[source] = tree(self.topics[source], np.arange(count), self.leaf, self.rng)
            self.used[source] = 0
        self.used[source] += 1
        leaves = self.leaves[source]
        take = self.rng.permutation(len(leaves))[:n // (self.leaf // 2) + 1]
        return np.concatenate([leaves[i] for i in take])[:n]

    def own_rows(self, n):
        """Rows of our own; every other time neighbours in the files, which are of one field."""
        own, rng = self.c.own, self.rng
        order = rng.permutation(len(own))
        if rng.random() < .5:
            starts = rng.permutation(np.arange(0, len(own), BLOCK))
            order = np.concatenate([np.arange(s, min(len(own), s + BLOCK)) for s in starts])
        return [own[i] for i in order[:n]]

    def own_pair(self, row):
        """A demand with an answer, now and then two answers."""
        rng, answers = self.rng, row["answers"]
        if rng.random() < .15 and len(answers) > 1:
            return [answers[j] for j in rng.choice(len(answers), 2, replace=False)]
        return row["queries"][rng.integers(3)], answers[rng.integers(len(answers))]

    def batch(self, n):
        """Returns (a, b, hard): token arrays of both sides, and further negatives for every a."""
        source, fa, fb, _, la, lb, thin = PAIRS[self.rng.choice(len(PAIRS), p=self.p)]
        rng, c, hard = self.rng, self.c, []
        if source == "own":
            a, b = [], []
            for row in self.own_rows(self.own_batch):
                x, y = self.own_pair(row)
                a.append(x), b.append(y)
                for others in (row["touching"], row["misses"]):
                    if others:
                        hard.append(self.noise(others[rng.integers(len(others))]))
        elif source == "synonym":
            a, b = [], []
            for i in rng.choice(len(c.words), n, replace=False):
                j, k = rng.choice(len(c.words[i]), 2, replace=False)
                a.append(c.words[i][j]), b.append(c.words[i][k])
        elif source == "term":
            take = [c.terms[i] for i in rng.choice(len(c.terms), n, replace=False)]
            a, b = [t[0] for t in take], [t[1] for t in take]
        else:
            docs = c.docs[source]
            index = self.pick(source, n, len(docs[fa]))
            a, b = [docs[fa][i] for i in index], [docs[fb][i] for i in index]
            if fa == fb:                                    # two different halves of one text
                cut = [max(1, int(len(x) * rng.uniform(.3, .7))) for x in a]
                a, b = [x[:k] for x, k in zip(a, cut)], [x[k:] for x, k in zip(b, cut)]
        pairs = [(x, y) for x, y in zip(a, b) if len(x) and len(y)]
        outa, outb = [], []
        for x, y in pairs:
            x, y = self.crop(x, la), self.crop(y, lb)
            if thin and rng.random() < thin:
                y = self.thin(y)
            elif thin and rng.random() < .1:
                x = self.thin(x)
            outa.append(self.noise(x)), outb.append(self.noise(y))
        return outa, outb, hard


def same(b):
    """Pairs of the batch whose answers are the same text: no negatives of each other."""
    keys = {}
    index = np.array([keys.setdefault(x.tobytes(), len(keys)) for x in b])
    return (index[:, None] == index[None]) & ~np.eye(len(b), dtype=bool)
