"""Writes config.json, tokenizer.json and model.safetensors (float16), and reads them again without the training code."""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer


def write(folder, config, tensors, tok, positions=256):
    """Writes a model folder, but for its manifest."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    tok = Tokenizer.from_str(tok.to_str())
    tok.no_padding()
    tok.enable_truncation(positions)
    tok.save(str(folder / "tokenizer.json"), pretty=False)
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})


def export_static(bag, tok, folder):
    """Writes the static embedding: one table whose rows carry their weights, [CLS] and [SEP] at nothing."""
    table = (bag.table * bag.weight.exp()[:, None]).detach()[:bag.c.size].clone()
    special = [tok.token_to_id(name) for name in ("[PAD]", "[CLS]", "[SEP]")]
    table[special] = 0
    config = {"model_type": "static", "vocab_size": len(table), "hidden_size": table.shape[1],
              "max_position_embeddings": 256, "pad_token_id": 0, "torch_dtype": "float16"}
    write(folder, config, {"embeddings.weight": table.to(torch.float16).contiguous()}, tok)


@torch.no_grad()
def reload(folder):
    """An encode function over the exported files alone, by torch, transformers and tokenizers, in f32."""
    tok = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    if json.loads((Path(folder) / "config.json").read_text())["model_type"] == "static":
        table = load_file(str(Path(folder) / "model.safetensors"))["embeddings.weight"].float()

        @torch.no_grad()
        def look_up(texts):
            ids = [e.ids for e in tok.encode_batch(list(texts))]
            flat = torch.tensor([i for row in ids for i in row])
            starts = torch.tensor([0] + [len(row) for row in ids[:-1]]).cumsum(0)
            return F.normalize(F.embedding_bag(flat, table, starts, mode="sum"), dim=-1).numpy()
        return look_up
    from transformers import BertModel
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()

    @torch.no_grad()
    def encode(texts, batch=32):
        texts, out = list(texts), [None] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for at in range(0, len(order), batch):
            index = order[at:at + batch]
            enc = [tok.encode(texts[i]).ids for i in index]
            n = max(map(len, enc))
            ids = torch.tensor([e + [0] * (n - len(e)) for e in enc])
            mask = torch.tensor([[1] * len(e) + [0] * (n - len(e)) for e in enc])
            x = bert(input_ids=ids, attention_mask=mask).last_hidden_state
            m = mask.unsqueeze(-1).float()
            x = F.normalize((x * m).sum(1) / m.sum(1), dim=-1)
            for i, v in zip(index, x.numpy()):
                out[i] = v
        return np.stack(out)
    return encode
