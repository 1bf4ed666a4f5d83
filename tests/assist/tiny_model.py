"""Writes a tiny Qwen model with random weights in the form in which servers load them.

    pip install torch 'transformers[serving]' gguf
    python tiny_model.py FOLDER
    transformers serve FOLDER --port 8123
    KECHUANG_TEST_CHAT=http://127.0.0.1:8123/v1 KECHUANG_TEST_CHAT_MODEL=FOLDER cargo test -p kechuang-tests --test assist real

What it says is noise; what counts is that a real server says it in the real protocol.
"""

import pathlib
import sys

import torch
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "crates/inference/tests/reference"))
from make_gguf import tokenizer  # noqa: E402

TEMPLATE = ("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
            "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")


def main(folder):
    torch.manual_seed(1)
    cutter = tokenizer()
    size = cutter.get_vocab_size(with_added_tokens=True)
    shape = dict(vocab_size=size, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                 head_dim=32, intermediate_size=96, max_position_embeddings=2048, tie_word_embeddings=True)
    end = cutter.token_to_id("<|im_end|>")
    model = Qwen3ForCausalLM(Qwen3Config(**shape, eos_token_id=end, pad_token_id=end))
    model.save_pretrained(folder)
    words = PreTrainedTokenizerFast(tokenizer_object=cutter, eos_token="<|im_end|>", pad_token="<|endoftext|>",
                                    chat_template=TEMPLATE)
    words.save_pretrained(folder)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
