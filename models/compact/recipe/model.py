"""A small BERT encoder for the CPU: weights in f32, arithmetic in bf16, texts grouped by length.

Names and arithmetic are those of transformers.BertModel without pooler; the vector is the mean over all tokens
including [CLS] and [SEP], at unit length. The start makes the network equal to a weighted bag of the static vectors:
sublayers add almost nothing at first, and since layer normalisation would undo the weight of a word, eight spare
dimensions take up the rest of every vector's length, which the last normalisation then drops.
"""
import numpy as np
import torch
import torch.nn.functional as F

CLS, SEP, SPARE = 2, 3, 8


class Encoder(torch.nn.Module):
    def __init__(self, vocab, hidden=256, layers=3, heads=4, inner=768, positions=256, seed=1):
        super().__init__()
        torch.manual_seed(seed)
        self.shape = dict(vocab_size=vocab, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
                          intermediate_size=inner, max_position_embeddings=positions)
        self.heads, self.layers, self.positions = heads, layers, positions
        p = {"embeddings.word_embeddings.weight": torch.randn(vocab, hidden) * .05,
             "embeddings.position_embeddings.weight": torch.zeros(positions, hidden),
             "embeddings.token_type_embeddings.weight": torch.zeros(2, hidden)}

        def norm(name):
            p[name + ".LayerNorm.weight"], p[name + ".LayerNorm.bias"] = torch.ones(hidden), torch.zeros(hidden)

        def dense(name, n_out, n_in, std):
            p[name + ".weight"], p[name + ".bias"] = torch.randn(n_out, n_in) * std, torch.zeros(n_out)

        norm("embeddings")
        for i in range(layers):
            at = f"encoder.layer.{i}."
            for part in ("query", "key", "value"):
                dense(at + "attention.self." + part, hidden, hidden, hidden ** -.5)
            dense(at + "attention.output.dense", hidden, hidden, .0005)
            norm(at + "attention.output")
            dense(at + "intermediate.dense", inner, hidden, hidden ** -.5)
            dense(at + "output.dense", hidden, inner, .0005)
            norm(at + "output")
        self.names = list(p)
        self.p = torch.nn.ParameterDict({n.replace(".", "/"): torch.nn.Parameter(v) for n, v in p.items()})

    def weights(self):
        return {n: self.p[n.replace(".", "/")] for n in self.names}

    @torch.no_grad()
    def start_from(self, static):
        """Makes the network a weighted bag of the static vectors (their first hidden - SPARE dimensions)."""
        w = self.weights()
        table = w["embeddings.word_embeddings.weight"]
        room = table.shape[1] - SPARE
        v = static.table[:len(table)] * static.weight[:len(table)].exp()[:, None]
        v = v[:, :room] - v[:, :room].mean(1, keepdim=True)
        top = v.norm(dim=1).quantile(.99)
        v = v * (top / v.norm(dim=1, keepdim=True)).clamp(max=1)
        v[[0, CLS, SEP]] = 0
        rest = ((1.05 * top) ** 2 - v.pow(2).sum(1)).sqrt() / SPARE ** .5
        sign = torch.tensor([1., -1.] * (SPARE // 2))
        table.copy_(torch.cat([v, rest[:, None] * sign], 1) * (.05 * table.shape[1] ** .5 / top))
        w[f"encoder.layer.{self.layers - 1}.output.LayerNorm.weight"][room:] = 0

    @torch.no_grad()
    def start_exactly(self, static):
        """As start_from, but without loss: principal axes, no cut of long vectors, sublayers that add nothing at all.

        The axes are put into the space of vectors without a mean, so that normalisation takes away no part of them.
        """
        w = self.weights()
        table = w["embeddings.word_embeddings.weight"]
        room = table.shape[1] - SPARE
        v = static.table[:len(table)] * static.weight[:len(table)].exp()[:, None]
        v[[0, CLS, SEP]] = 0
        axes = torch.linalg.eigh((v.T @ v).double())[1].flip(1)[:, :room - 1].float()
        plane = torch.linalg.qr(torch.cat([torch.ones(room, 1), torch.eye(room)[:, :room - 1]], 1))[0][:, 1:]
        v = v @ axes @ plane.T
        v[CLS] = .002 * v.norm(dim=1).max() * plane[:, 0]   # an empty text, too, has a vector
        top = 1.02 * v.norm(dim=1).max()
        rest = (top ** 2 - v.pow(2).sum(1)).sqrt() / SPARE ** .5
        sign = torch.tensor([1., -1.] * (SPARE // 2))
        table.copy_(torch.cat([v, rest[:, None] * sign], 1) * (.05 * table.shape[1] ** .5 / top))
        for i in range(self.layers):
            w[f"encoder.layer.{i}.attention.output.dense.weight"].zero_()
            w[f"encoder.layer.{i}.output.dense.weight"].zero_()
        w[f"encoder.layer.{self.layers - 1}.output.LayerNorm.weight"][room:] = 0

    def hidden(self, x, mask, w, offset=0):
        """Last hidden states of padded word vectors [B, L, H]; mask is None where nothing is padded."""
        def linear(x, name):
            return F.linear(x, w[name + ".weight"], w[name + ".bias"])

        def norm(x, name):
            return F.layer_norm(x, x.shape[-1:], w[name + ".LayerNorm.weight"], w[name + ".LayerNorm.bias"], 1e-12)

        b, n, _ = x.shape
        x = x + w["embeddings.position_embeddings.weight"][offset:offset + n] \
            + w["embeddings.token_type_embeddings.weight"][0]
        x = norm(x, "embeddings").to(w["encoder.layer.0.output.dense.weight"].dtype)
        bias = None if mask is None else torch.zeros(b, 1, 1, n, dtype=x.dtype).masked_fill(
            ~mask[:, None, None, :], -1e4)
        for i in range(self.layers):
            at = f"encoder.layer.{i}."
            q, k, v = (linear(x, at + "attention.self." + part).view(b, n, self.heads, -1).transpose(1, 2)
                       for part in ("query", "key", "value"))
            score = torch.matmul(q, k.transpose(2, 3)) * (q.shape[-1] ** -.5)   # faster than the fused form, backward
            if bias is not None:
                score = score + bias
            y = torch.matmul(score.softmax(-1), v).transpose(1, 2).reshape(b, n, -1)
            x = norm(x + linear(y, at + "attention.output.dense"), at + "attention.output")
            y = linear(F.gelu(linear(x, at + "intermediate.dense")), at + "output.dense")
            x = norm(x + y, at + "output")
        return x

    def cast(self, dtype):
        """Weights for one pass; the tables and the first normalisation stay in f32."""
        return {n: v if n.startswith("embeddings.") else v.to(dtype) for n, v in self.weights().items()}

    def forward(self, arrays, dtype=torch.bfloat16, tokens=8192, shift=0):
        """Unit vectors of texts given as id arrays without [CLS] and [SEP]."""
        w = self.cast(dtype)
        arrays = [a[:self.positions - 2 - shift] for a in arrays]
        order = np.argsort([len(a) for a in arrays], kind="stable")
        groups, parts, at = [], [], 0
        while at < len(order):
            end = at + 1                                    # ends where padding or the budget of tokens says so
            first = len(arrays[order[at]])
            while end < len(order) and (end - at + 1) * (len(arrays[order[end]]) + 2) <= tokens \
                    and (len(arrays[order[end]]) <= first * 1.15 + 4 or end - at < 32):
                end += 1
            group = [arrays[i] for i in order[at:end]]
            n = max(len(a) for a in group) + 2
            ids = np.zeros((len(group), n), np.int64)
            for row, a in zip(ids, group):
                row[0], row[1:len(a) + 1], row[len(a) + 1] = CLS, a, SEP
            groups.append((ids, torch.from_numpy(np.array([len(a) + 2 for a in group])[:, None] > np.arange(n))))
            at = end
        flat = torch.from_numpy(np.concatenate([ids.ravel() for ids, _ in groups]))
        vectors = F.embedding(flat, w["embeddings.word_embeddings.weight"]).split([ids.size for ids, _ in groups])
        for (ids, mask), x in zip(groups, vectors):
            full = bool(mask.all())
            x = self.hidden(x.view(*ids.shape, -1), None if full else mask, w, shift).float()
            if full:
                parts.append(x.mean(1))
            else:
                m = mask.unsqueeze(-1).float()
                parts.append((x * m).sum(1) / m.sum(1))
        back = torch.from_numpy(np.argsort(order))
        return F.normalize(torch.cat(parts)[back], dim=-1)

    @torch.no_grad()
    def encode(self, ids, dtype=torch.bfloat16):
        ids = list(ids)
        return np.concatenate([self(ids[i:i + 2048], dtype).numpy() for i in range(0, len(ids), 2048)])
