"""Builds tokenizer.json, which both encoders use: a unigram segmenter over words and characters, in the manner of a frequency dictionary.

    python vocab.py --corpora CORPORA --project PROJECT tokenizer.json

Pieces are the words that jieba finds in the corpora, by count (ChinaXiv and our own text weigh more than arXiv),
all characters seen more than a few times, Latin words and Latin and digit fragments as a fall-back. The score of a
piece is the logarithm of its share, so that the best path through a text is the usual most-probable segmentation.
"""
import argparse
import collections
import math
import re
import unicodedata

import jieba
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

import data

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WEIGHT = {"chinaxiv": 3.0, "arxiv": 0.5, "own": 8.0, "synonym": 2.0, "term": 20.0}
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"^(?:[\u3400-\u9fff]{1,6}|[a-z]{2,14}|[0-9]{1,2})$")


def texts(docs):
    for doc in docs:
        for value in doc.values():
            if isinstance(value, list):
                yield from value
            elif isinstance(value, str):
                yield value


def counts(train):
    jieba.setLogLevel(60)
    for doc in train["thuocl"]:
        if (doc["df"] or 0) > 2000 and 2 <= len(doc["term"]) <= 4:
            jieba.add_word(doc["term"], freq=min(doc["df"] // 1000, 50))
    word, char = collections.Counter(), collections.Counter()
    for source, weight in WEIGHT.items():
        docs = train[source]
        stride = 3 if source == "arxiv" else 1
        for text in texts(docs[::stride]):
            text = unicodedata.normalize("NFKC", text).lower()
            for w in jieba.cut(text, HMM=False):
                if WORD.match(w):
                    word[w] += weight * stride
            for c in text:
                if not c.isspace():
                    char[c] += weight * stride
    return word, char


def build(train, size=16000):
    word, char = counts(train)
    chars = [c for c, n in char.most_common() if n >= 6][:5000]
    chars += [c for c in "abcdefghijklmnopqrstuvwxyz0123456789" if c not in chars]
    pieces = {c: max(word.get(c, 0), 0.02 * char[c], 1) for c in chars}
    for w, n in word.most_common():
        if len(pieces) >= size - len(SPECIAL):
            break
        if len(w) > 1:
            pieces[w] = n
    total = sum(pieces.values())
    vocab = [(s, 0.0) for s in SPECIAL]
    vocab += sorted(((p, math.log(n / total)) for p, n in pieces.items()), key=lambda x: (-x[1], x[0]))
    tok = Tokenizer(Unigram(vocab, unk_id=1, byte_fallback=False))
    tok.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=True)])
    tok.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.BertPreTokenizer(), pre_tokenizers.Split(
        Regex(r"[0-9]+|[a-z]+"), "isolated")])
    tok.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tok.add_special_tokens(SPECIAL)
    return tok


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--corpora", required=True)
    ap.add_argument("--project", required=True)
    ap.add_argument("--size", type=int, default=18000)
    ap.add_argument("out")
    a = ap.parse_args()
    data.check(a.corpora, a.project)
    build(data.load(a.corpora, a.project)[0], a.size).save(a.out)
