"""Writes tiny Qwen models with random weights as GGUF files, and what the reference implementation makes of a few
prompts with them.

    pip install torch transformers tokenizers gguf
    python make_gguf.py FOLDER

Each `NAME.gguf` gets `NAME.json`: {"prompts": [...], "tokens": [[...]], "logits": [[...]], "words": [...]}, the logits of
the token that comes next and the likeliest sixteen tokens after the prompt as text. Fixed seed: the same releases write
the same files.
"""

import json
import pathlib
import sys

import gguf
import torch
import transformers
from make import TEXTS, shaken
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

# How the family cuts text before it looks for pieces.
CUT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
       r"|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
ADDED = ["<think>", "</think>"]
MERGES = 40


def tokenizer():
    """Bytes and a few pieces learned from the texts."""
    from tokenizers import trainers
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(CUT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    t.train_from_iterator(TEXTS * 4, trainers.BpeTrainer(
        vocab_size=len(alphabet) + MERGES, initial_alphabet=alphabet, show_progress=False))
    t.add_special_tokens([AddedToken(word, special=True) for word in SPECIAL])
    t.add_tokens([AddedToken(word) for word in ADDED])
    return t


def names(layers, has_norms):
    pairs = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
             "lm_head.weight": "output.weight"}
    inside = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q",
              "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
              "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
    if has_norms:
        inside |= {"self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm"}
    for layer in range(layers):
        for theirs, ours in inside.items():
            for part in "weight", "bias":
                pairs[f"model.layers.{layer}.{theirs}.{part}"] = f"blk.{layer}.{ours}.{part}"
    return pairs


def write(path, family, model, t):
    config = model.config
    out = gguf.GGUFWriter(str(path), family)
    out.add_name("tiny, random")
    out.add_context_length(config.max_position_embeddings)
    out.add_embedding_length(config.hidden_size)
    out.add_block_count(config.num_hidden_layers)
    out.add_feed_forward_length(config.intermediate_size)
    out.add_head_count(config.num_attention_heads)
    out.add_head_count_kv(config.num_key_value_heads)
    if family == "qwen3":
        out.add_key_length(config.head_dim)
        out.add_value_length(config.head_dim)
    out.add_rope_freq_base(10_000.0)
    out.add_layer_norm_rms_eps(config.rms_norm_eps)
    vocabulary = sorted(t.get_vocab(with_added_tokens=True).items(), key=lambda item: item[1])
    kinds = [gguf.TokenType.CONTROL if word in SPECIAL else
             gguf.TokenType.USER_DEFINED if word in ADDED else gguf.TokenType.NORMAL for word, _ in vocabulary]
    merges = json.loads(t.to_str())["model"]["merges"]
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen2")
    out.add_token_list([word for word, _ in vocabulary])
    out.add_token_types(kinds)
    out.add_token_merges([" ".join(pair) for pair in merges])
    out.add_eos_token_id(t.token_to_id("<|im_end|>"))
    out.add_add_bos_token(False)
    known = names(config.num_hidden_layers, family == "qwen3")
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        out.add_tensor(known[name], tensor.float().numpy())
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def expected(path, model, t):
    prompts = [f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in TEXTS[:4]] + [TEXTS[5]]
    tokens, logits, words = [], [], []
    for prompt in prompts:
        ids = t.encode(prompt, add_special_tokens=False).ids
        tokens.append(ids)
        logits.append([round(value, 6) for value in model(input_ids=torch.tensor([ids])).logits[0, -1].tolist()])
        written = list(ids)
        while len(written) < len(ids) + 16:
            likeliest = model(input_ids=torch.tensor([written])).logits[0, -1].argmax().item()
            if likeliest == t.token_to_id("<|im_end|>"):
                break
            written.append(likeliest)
        words.append(t.decode(written[len(ids):], skip_special_tokens=True))
    path.write_text(json.dumps({"prompts": prompts, "tokens": tokens, "logits": logits, "words": words},
                               ensure_ascii=False))


@torch.no_grad()
def main(root):
    torch.manual_seed(1)
    transformers.logging.set_verbosity_error()
    t = tokenizer()
    shape = dict(vocab_size=t.get_vocab_size(with_added_tokens=True), hidden_size=64, num_hidden_layers=2,
                 num_attention_heads=4, num_key_value_heads=2, intermediate_size=96, max_position_embeddings=512,
                 rope_parameters={"rope_type": "default", "rope_theta": 10_000.0})
    for family, model in (("qwen3", Qwen3ForCausalLM(Qwen3Config(**shape, head_dim=32, tie_word_embeddings=True))),
                          ("qwen2", Qwen2ForCausalLM(Qwen2Config(**shape, tie_word_embeddings=False)))):
        model = shaken(model)
        write(root / f"{family}.gguf", family, model, t)
        expected(root / f"{family}.json", model, t)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
