"""Batches for both parts of the training, drawn by processes of their own.

Texts travel as padded arrays of 16-bit ids with [CLS] and [SEP]. Everything drawn hangs on the seed of its process; in
which order the processes deliver does not, so that two runs differ in their last digits.
"""
import multiprocessing

import numpy as np

import sampler
from network import CLS, SEP

SPAN = 126          # tokens of a text at most, [CLS] and [SEP] not counted


def padded(arrays, longest=SPAN):
    """[n, length] ids; the length is a multiple of 8."""
    length = max([min(len(x), longest) for x in arrays] + [1]) + 2
    out = np.zeros((len(arrays), (length + 7) // 8 * 8), np.int16)
    for row, ids in zip(out, arrays):
        ids = ids[:longest]
        row[0], row[1:len(ids) + 1], row[len(ids) + 1] = CLS, ids, SEP
    return out


class Pairs(sampler.Sampler):
    """Positive pairs of the corpora, as the compact encoder sees them, and of our own rows with their negatives."""

    def __init__(self, corpus, topics, seed, own):
        super().__init__(corpus, topics, seed)
        weights = np.array([0 if p[0] == "own" else p[3] for p in sampler.PAIRS])
        self.p, self.own = weights / weights.sum(), own / (own + weights.sum())

    def draw(self, n):
        """Returns (a, b, touching, misses); the last two are None for pairs of the corpora."""
        rng, out = self.rng, ([], [], [], [])
        if rng.random() >= self.own:
            a, b, _ = self.batch(n)
            return a, b, None, None
        for row in self.own_rows(n // 2):
            a, b = self.own_pair(row)
            if len(a) and len(b):
                out[0].append(self.noise(self.crop(a, 120)))
                out[1].append(self.title(b))
                for side, texts in ((out[2], row["touching"]), (out[3], row["misses"])):
                    side.append(self.title(texts[rng.integers(len(texts))]) if texts else np.zeros(0, np.int32))
        return out

    def title(self, ids):
        """Published titles are often no more than content words."""
        return self.noise(self.thin(ids) if self.rng.random() < .4 else ids)


def pairs(corpus, topics, own, n):
    """Delivers (a, b, touching, misses, answer): equal numbers of `answer` are equal answers."""
    def work(seed, queue):
        drawn = Pairs(corpus, topics, seed, own)
        while True:
            a, b, touching, misses = drawn.draw(n)
            answer = np.unique([hash(x.tobytes()) for x in b], return_inverse=True)[1]
            queue.put((padded(a), padded(b), *(None if x is None else padded(x) for x in (touching, misses)), answer))
    return work


def passages(corpus, n):
    """Delivers texts for the masked words: papers count twice, our own rows six times, short texts less."""
    texts = [(2. if source == "chinaxiv" else 1., x) for source, fields in corpus.docs.items()
             for name, arrays in fields.items() if name != "keywords" for x in arrays if len(x) > 8]
    weights = [w * min(1, len(x) / 60) for w, x in texts] + [6.] * len(corpus.own)
    upto = np.cumsum(np.array(weights) / sum(weights))

    def own(i, rng):
        """A demand with its answers and what touches it, in any order."""
        row = corpus.own[i]
        titles, lead = row["answers"] + row["touching"][:1], row["queries"][2 * int(rng.integers(2))]
        return np.concatenate([lead] + [titles[j] for j in rng.permutation(len(titles))])

    def work(seed, queue):
        rng = np.random.default_rng(seed)
        while True:
            batch = []
            for i in np.searchsorted(upto, rng.random(n)).clip(max=len(upto) - 1):
                ids = texts[i][1] if i < len(texts) else own(i - len(texts), rng)
                at = int(rng.integers(0, max(1, len(ids) - SPAN + 1)))
                batch.append(ids[at:at + SPAN])
            queue.put((padded(batch),))
    return work


class Source:
    """Processes that draw batches ahead."""

    def __init__(self, work, seeds):
        context = multiprocessing.get_context("fork")
        self.queue = context.Queue(24)
        self.processes = [context.Process(target=work, args=(seed, self.queue), daemon=True) for seed in seeds]
        for process in self.processes:
            process.start()

    def next(self):
        return self.queue.get()

    def stop(self):
        for process in self.processes:
            process.terminate()
