"""Reads the training corpora, checks them against data.tsv, and splits off the held-out rows.

A document is a pair (source, {field: text or list of texts}); which fields make a positive pair is said in `PAIRS`
of sampler.py. Nothing outside data.tsv is read. Held-out rows are chosen by the SHA-256 of their id alone, before
anything is trained: the 5,000 smallest of arxiv-zh, the 500 smallest of chinaxiv, a tenth of our own rows.
"""
import hashlib
import json
import lzma
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAPS = {"cs.CV": 9000, "cs.CL": 8000}          # rows kept of the two categories that would drown the rest


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def key(ident):
    """First eight bytes of the SHA-256 of an id, big-endian."""
    return int.from_bytes(hashlib.sha256(ident.encode()).digest()[:8], "big")


def locate(name, corpora, project):
    """A name in data.tsv is either a file of the corpora folder or, with a slash, a file of the project."""
    return Path(project) / name if "/" in name else Path(corpora) / name


def check(corpora, project, strict=True):
    """Compares every file of data.tsv with its recorded SHA-256."""
    bad = []
    for line in (HERE / "data.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, digest = line.split("\t")[:2]
        path = locate(name, corpora, project)
        if not path.exists() or sha256(path) != digest:
            bad.append(name)
    if bad and strict:
        raise SystemExit("data differ from data.tsv: " + ", ".join(bad))
    return bad


def rows(path):
    opener = lzma.open if str(path).endswith(".xz") else open
    with opener(path, "rt", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def smallest(ids, n):
    return set(sorted(set(ids), key=key)[:n])


def load(corpora, project, own_files=None):
    """Returns (train, held): lists of documents by source name."""
    corpora, project = Path(corpora), Path(project)
    train, held = {}, {}

    arxiv = list(rows(corpora / "arxiv-zh.jsonl.xz"))
    out = smallest([r["id"] for r in arxiv], 5000)
    seen, keep, hold = {}, [], []
    for r in sorted(arxiv, key=lambda r: key(r["id"])):
        doc = {k: (r.get(k) or "").strip() for k in ("tldr", "motivation", "method", "result")}
        if r["id"] in out:
            hold.append(doc)
            continue
        cat = (r.get("cats") or ["?"])[0]
        seen[cat] = seen.get(cat, 0) + 1
        if seen[cat] <= CAPS.get(cat, 10 ** 9):
            keep.append(doc)
    train["arxiv"], held["arxiv"] = keep, hold

    papers = list(rows(corpora / "chinaxiv.jsonl.xz"))
    out = smallest([r["id"] for r in papers], 500)
    train["chinaxiv"], held["chinaxiv"] = [], []
    for r in papers:
        doc = {k: (r.get(k) or "").strip() for k in ("title", "abstract", "intro", "conclusion")}
        doc["keywords"] = " ".join(r.get("keywords") or [])
        (held if r["id"] in out else train)["chinaxiv"].append(doc)

    train["own"], held["own"] = [], []
    files = own_files if own_files is not None else sorted((project / "models/compact/text").glob("*.jsonl"))
    for path in files:
        for r in rows(path):
            doc = {"demand": r.get("demand") or "", "demand_text": r.get("demand_text") or "",
                   "achievements": [a for a in r.get("achievements") or [] if a],
                   "summary": r.get("summary") or "", "near_miss": r.get("near_miss") or ""}
            if isinstance(doc["near_miss"], list):
                doc["near_miss"] = doc["near_miss"][0] if doc["near_miss"] else ""
            (held if key(doc["demand"]) % 10 == 0 else train)["own"].append(doc)

    train["synonym"] = [{"words": r["words"]} for r in rows(corpora / "cilin.jsonl.xz")
                        if r["rel"] == "syn" and len(r["words"]) > 1]
    for line in (project / "data/lexicon/synonyms.txt").read_text().splitlines():
        if line and not line.startswith("#") and " " in line:
            train["synonym"].append({"words": line.split()})
    train["term"] = []
    for line in (project / "data/codes/chain-terms.tsv").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        cell = (line.split("\t") + [""] * 5)[:5]
        train["term"].append({"term": cell[3], "stage": cell[2]})
        if cell[4].strip():
            train["term"].append({"term": cell[3], "stage": cell[4].split()[0]})
            train["synonym"].append({"words": [cell[3]] + cell[4].split()})
    nsfc = {r["_id"]: r for r in rows(corpora / "nsfc-taxonomy.jsonl.xz")}
    for r in nsfc.values():
        if r["parents"] and r["parents"][0] in nsfc:
            train["term"].append({"term": r["name"], "stage": nsfc[r["parents"][0]]["name"]})
    train["thuocl"] = [{"term": r["term"], "df": r["df"]} for r in rows(corpora / "thuocl.jsonl.xz")]
    return train, held
