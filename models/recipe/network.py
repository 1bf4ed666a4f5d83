"""A small BERT encoder. Names of what is exported and arithmetic are those of transformers.BertModel without pooler; a text's
vector is the mean over all tokens including [CLS] and [SEP], at unit length.

`keep` layers are what ships. The layers above them are there in training only: a text has a vector after `keep` layers and
one after all, and both are trained, so that the lower layers learn from a deeper network.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

PAD, CLS, SEP, MASK, SPECIAL = 0, 2, 3, 4, 5


class Network(nn.Module):
    def __init__(self, vocab, hidden=256, layers=4, keep=2, heads=4, inner=1024, positions=256, drop=.1):
        super().__init__()
        self.keep, self.heads, self.positions, self.drop = keep, heads, positions, drop
        self.words, self.places = nn.Embedding(vocab, hidden), nn.Embedding(positions, hidden)
        self.types = nn.Parameter(torch.zeros(2, hidden))
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(nn.ModuleDict({
            "qkv": nn.Linear(hidden, 3 * hidden), "out": nn.Linear(hidden, hidden), "norm1": nn.LayerNorm(hidden, eps=1e-12),
            "up": nn.Linear(hidden, inner), "down": nn.Linear(inner, hidden), "norm2": nn.LayerNorm(hidden, eps=1e-12),
        }) for _ in range(layers))
        self.head = nn.Sequential(nn.Linear(hidden, hidden), nn.GELU(), nn.LayerNorm(hidden))
        self.bias = nn.Parameter(torch.zeros(vocab))
        nn.init.normal_(self.words.weight, std=.02)
        nn.init.normal_(self.places.weight, std=.01)
        for layer in self.layers:
            for name in ("qkv", "out", "up", "down"):
                std = .02 if name in ("qkv", "up") else .02 / math.sqrt(2 * layers)
                nn.init.normal_(layer[name].weight, std=std)
                nn.init.zeros_(layer[name].bias)

    def forward(self, ids):
        """Hidden states [B, L, H] after `keep` layers and after all of them, and the mask of tokens [B, L]."""
        ids = ids.long()
        mask, (batch, length), kept = ids != PAD, ids.shape, None
        shift = 0
        if self.training and length < self.positions and torch.rand(1) < .3:     # later places are seen, too
            shift = int(torch.randint(0, self.positions - length, (1,)))
        x = self.words(ids) + self.places.weight[shift:shift + length] + self.types[0]
        x = F.dropout(self.norm(x), self.drop, self.training)
        for at, layer in enumerate(self.layers):
            q, k, v = layer["qkv"](x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
            y = layer["out"](y.transpose(1, 2).reshape(batch, length, -1))
            x = layer["norm1"](x + F.dropout(y, self.drop, self.training))
            y = layer["down"](F.gelu(layer["up"](x)))
            x = layer["norm2"](x + F.dropout(y, self.drop, self.training))
            if at + 1 == self.keep:
                kept = x
        return kept, x, mask

    def vectors(self, ids):
        """[2, B, H]: unit vectors after `keep` layers and after all."""
        kept, last, mask = self(ids)
        share = mask.unsqueeze(-1).float()
        mean = [(x.float() * share).sum(1) / share.sum(1) for x in (kept, last)]
        return F.normalize(torch.stack(mean), dim=-1)

    def guesses(self, ids, masked):
        """Logits over the vocabulary at the masked places."""
        last = self(ids)[1]
        return self.head(last[masked]) @ self.words.weight.T + self.bias

    def exported(self):
        """The kept layers under the names of transformers.BertModel."""
        out = {"embeddings.word_embeddings.weight": self.words.weight, "embeddings.position_embeddings.weight": self.places.weight,
               "embeddings.token_type_embeddings.weight": self.types,
               "embeddings.LayerNorm.weight": self.norm.weight, "embeddings.LayerNorm.bias": self.norm.bias}
        names = {"out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
                 "down": "output.dense", "norm2": "output.LayerNorm"}
        for i, layer in enumerate(self.layers[:self.keep]):
            at = f"encoder.layer.{i}."
            for part, weight, bias in zip(("query", "key", "value"), layer["qkv"].weight.chunk(3), layer["qkv"].bias.chunk(3)):
                out[at + f"attention.self.{part}.weight"], out[at + f"attention.self.{part}.bias"] = weight, bias
            for name, there in names.items():
                out[at + there + ".weight"], out[at + there + ".bias"] = layer[name].weight, layer[name].bias
        return {name: value.detach().to(torch.float16).contiguous().cpu() for name, value in out.items()}

    def config(self):
        """config.json of the kept layers."""
        return {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": self.words.num_embeddings,
                "hidden_size": self.words.embedding_dim, "num_hidden_layers": self.keep, "num_attention_heads": self.heads,
                "intermediate_size": self.layers[0]["up"].out_features, "max_position_embeddings": self.positions,
                "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "position_embedding_type": "absolute",
                "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.02,
                "pad_token_id": PAD, "torch_dtype": "float16", "use_cache": False}
