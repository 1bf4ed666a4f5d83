"""Writes tiny checkpoints with random weights in the form in which real ones are passed on, and what the
reference implementation makes of a few texts with them.

    pip install torch transformers tokenizers safetensors
    python make.py FOLDER

Each checkpoint folder gets config.json, tokenizer.json, weights and `expected.json`:
{"texts": [...], "vectors": [...]} or {"pairs": [...], "scores": [...]}. The reference computes every text
alone; the test computes them alone and in batches. Fixed seed: the same releases write the same files.
"""

import hashlib
import json
import pathlib
import sys

import tokenizers
import torch
import transformers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast, Qwen3Config,
    Qwen3ForCausalLM, Qwen3Model, XLMRobertaConfig, XLMRobertaForSequenceClassification,
    XLMRobertaModel,
)

TEXTS = [
    "赤泥制备陶粒",
    "铝镁合金板材轧制开裂",
    "高炉渣与粉煤灰协同制备微晶玻璃，抗压强度 ≥ 80 MPa",
    "碱",
    "燃料电池双极板 coating",
    "需要把电解槽的直流电耗降到每标方 4.3 度以下，隔膜与电极一并更换，槽体框架不动，一年内完成",
    "6061-T6 铝材焊接",
    "煤矸石",
]
PAIRS = [(TEXTS[0], TEXTS[2]), (TEXTS[1], TEXTS[6]), (TEXTS[5], TEXTS[4]), (TEXTS[3], TEXTS[7]),
         (TEXTS[2], TEXTS[0]), (TEXTS[6], TEXTS[5]), (TEXTS[7], TEXTS[1]), (TEXTS[4], TEXTS[3])]
QUERY_INSTRUCTION = "指令："
CHARACTERS = sorted({c for text in TEXTS + [QUERY_INSTRUCTION] for c in text.lower()} - {" "})


def bert_tokenizer():
    vocabulary = {t: i for i, t in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *CHARACTERS])}
    for word in "coating", "mpa", "##t", "##6", "##0", "##1":
        vocabulary.setdefault(word, len(vocabulary))
    t = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return PreTrainedTokenizerFast(tokenizer_object=t, pad_token="[PAD]", unk_token="[UNK]",
                                   cls_token="[CLS]", sep_token="[SEP]",
                                   model_input_names=["input_ids", "token_type_ids", "attention_mask"])


def xlm_tokenizer():
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
    pieces += [(c, -5.0 - i / 100) for i, c in enumerate(CHARACTERS)]
    pieces += [("铝镁合金", -4.0), ("▁coating", -4.5), ("粉煤灰", -4.2)]
    t = tokenizers.Tokenizer(models.Unigram(pieces, unk_id=3))
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)])
    t.decoder = decoders.Metaspace()
    return PreTrainedTokenizerFast(tokenizer_object=t, pad_token="<pad>", unk_token="<unk>",
                                   bos_token="<s>", eos_token="</s>")


def qwen_tokenizer(ends_with_mark):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {c: i for i, c in enumerate(alphabet)}
    merges = []
    for word in "yes", "no":
        for end in range(2, len(word) + 1):
            merges.append((word[:end - 1], word[end - 1]))
            vocabulary.setdefault(word[:end], len(vocabulary))
    t = tokenizers.Tokenizer(models.BPE(vocabulary, merges))
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    t.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    if ends_with_mark:
        end = t.token_to_id("<|endoftext|>")
        t.post_processor = processors.TemplateProcessing(
            single="$A <|endoftext|>", pair="$A $B <|endoftext|>",
            special_tokens=[("<|endoftext|>", end)])
    return PreTrainedTokenizerFast(tokenizer_object=t, pad_token="<|endoftext|>")


def shape(size):
    return dict(vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                intermediate_size=48, max_position_embeddings=160)


def shaken(model):
    """Random where a new model is not: biases begin at 0 and norms at 1, and would hide mistakes."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += torch.randn_like(parameter) * 0.05
    return model.eval()


def manifest(folder, kind, pooling, instruction, max_tokens):
    lines = [f'name = "{folder.name}"', f'kind = "{kind}"', 'origin = "tiny, random"',
             'licence = "Apache-2.0"']
    if pooling:
        lines.append(f'pooling = "{pooling}"')
    if instruction:
        lines.append(f'query_instruction = {json.dumps(instruction, ensure_ascii=False)}')
    lines.append(f"max_tokens = {max_tokens}")
    for path in sorted(folder.iterdir()):
        if path.name not in ("manifest.toml", "expected.json"):
            content = path.read_bytes()
            lines += ["", "[[files]]", f'name = "{path.name}"', f"bytes = {len(content)}",
                      f'sha256 = "{hashlib.sha256(content).hexdigest()}"']
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n")


def keep(folder, model, tokenizer, how):
    folder.mkdir(parents=True)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    if how == "pytorch":
        model.config.save_pretrained(folder)
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    else:
        model.save_pretrained(folder, max_shard_size="40KB" if how == "sharded" else "5GB")
    (folder / "generation_config.json").unlink(missing_ok=True)


def pooled(hidden, pooling):
    vector = {"cls": hidden[0, 0], "mean": hidden[0].mean(0), "last": hidden[0, -1]}[pooling]
    return torch.nn.functional.normalize(vector, dim=0).tolist()


def encoder(root, name, model, tokenizer, pooling, instruction="", how="one", max_tokens=128):
    folder = root / name
    keep(folder, shaken(model), tokenizer, how)
    def vectors(before):
        rows = []
        for text in TEXTS:
            inputs = tokenizer(before + text, return_tensors="pt", truncation=True, max_length=max_tokens)
            inputs.pop("token_type_ids", None)
            rows.append(pooled(model(**inputs).last_hidden_state, pooling))
        return rows
    expected = {"texts": TEXTS, "queries": vectors(instruction), "passages": vectors("")}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))
    manifest(folder, "encoder", pooling, instruction, max_tokens)


def reranker(root, name, model, tokenizer, how="one"):
    folder = root / name
    keep(folder, shaken(model), tokenizer, how)
    scores = []
    for first, second in PAIRS:
        inputs = tokenizer(first, second, return_tensors="pt")
        scores.append(model(**inputs).logits[0, 0].item())
    expected = {"pairs": PAIRS, "scores": scores}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))
    manifest(folder, "cross_encoder", None, "", 150)


def qwen_reranker(root, name, model, tokenizer, instruction, how="one"):
    """As the model card of the family computes it: the last token's logits of `no` and `yes`."""
    folder = root / name
    keep(folder, shaken(model), tokenizer, how)
    before = ("<|im_start|>system\nJudge whether the Document meets the requirements based on the Query "
              "and the Instruct provided. Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n"
              "<|im_start|>user\n")
    after = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
    yes, no = (tokenizer.convert_tokens_to_ids(word) for word in ("yes", "no"))
    cut = lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]
    scores = []
    for query, document in PAIRS:
        middle = f"<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}"
        ids = torch.tensor([cut(before) + cut(middle) + cut(after)])
        logits = model(input_ids=ids).logits[0, -1]
        chance = torch.softmax(torch.stack([logits[no], logits[yes]]), 0)[1]
        scores.append(torch.logit(chance.double()).item())
    expected = {"pairs": PAIRS, "scores": scores}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))
    manifest(folder, "cross_encoder", None, instruction, 1024)


def static_encoder(root, name, tokenizer):
    """A table of vectors, a row a token: the mean of a text's rows, at length 1."""
    from safetensors.torch import save_file
    folder = root / name
    folder.mkdir(parents=True)
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    table = torch.randn(len(tokenizer), 32)
    config = {"model_type": "static", "vocab_size": len(tokenizer), "hidden_size": 32,
              "max_position_embeddings": 160, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(config))
    save_file({"embeddings.weight": table}, str(folder / "model.safetensors"))
    rows = [pooled(table[tokenizer(text)["input_ids"]][None], "mean") for text in TEXTS]
    expected = {"texts": TEXTS, "queries": rows, "passages": rows}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))
    manifest(folder, "encoder", "mean", "", 128)


@torch.no_grad()
def main(root):
    torch.manual_seed(1)
    transformers.logging.set_verbosity_error()
    bert, xlm, marked, plain = bert_tokenizer(), xlm_tokenizer(), qwen_tokenizer(True), qwen_tokenizer(False)
    bert_shape = BertConfig(**shape(len(bert)), num_labels=1)
    xlm_shape = XLMRobertaConfig(**shape(len(xlm)), type_vocab_size=1, num_labels=1, pad_token_id=1,
                                 layer_norm_eps=1e-5)
    qwen_shape = Qwen3Config(**{**shape(len(plain)), "max_position_embeddings": 1024},
                             num_key_value_heads=2, head_dim=8, tie_word_embeddings=True)
    encoder(root, "bert-cls", BertModel(bert_shape), bert, "cls", QUERY_INSTRUCTION)
    encoder(root, "bert-mean", BertModel(bert_shape), bert, "mean", how="sharded")
    encoder(root, "bert-short", BertModel(bert_shape), bert, "mean", max_tokens=16)
    encoder(root, "xlm-roberta-cls", XLMRobertaModel(xlm_shape), xlm, "cls", how="pytorch")
    encoder(root, "qwen3-last", Qwen3Model(qwen_shape), marked, "last", "Instruct: 找\nQuery:", "sharded")
    reranker(root, "bert-pairs", BertForSequenceClassification(bert_shape), bert)
    reranker(root, "xlm-roberta-pairs", XLMRobertaForSequenceClassification(xlm_shape), xlm, "sharded")
    static_encoder(root, "static-mean", bert)
    qwen_reranker(root, "qwen3-pairs", Qwen3ForCausalLM(qwen_shape), plain, "判断成果能否解决需求")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
