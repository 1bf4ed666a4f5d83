//! Every network against the reference implementation: alone, and in batches with filling.

mod local;
mod support;

use kechuang_inference::{CrossEncoder, Encoder, Side, Urgency};
use serde::Deserialize;
use support::{cosine, expected, model};

#[derive(Deserialize)]
struct Vectors {
    texts: Vec<String>,
    queries: Vec<Vec<f32>>,
    passages: Vec<Vec<f32>>,
}

#[derive(Deserialize)]
struct Scores {
    pairs: Vec<(String, String)>,
    scores: Vec<f32>,
}

async fn check_encoder(name: &str) {
    let encoder = Encoder::load(&model(name)).expect("an encoder");
    let wanted: Vectors = expected(name);
    for (side, wanted_vectors) in
        [(Side::Query, &wanted.queries), (Side::Passage, &wanted.passages)]
    {
        let mut found = Vec::new();
        for text in &wanted.texts {
            let one = encoder.encode(&[text], side, Urgency::Interactive).await.expect("a vector");
            found.extend(one);
        }
        let together = encoder.encode(&wanted.texts, side, Urgency::Background).await.expect("all");
        // Two that differ much in length, so that one is filled up.
        let pair = [&wanted.texts[3], &wanted.texts[5]];
        let filled = encoder.encode(&pair, side, Urgency::Background).await.expect("both");
        for (what, found, wanted) in [
            ("alone", &found, wanted_vectors.clone()),
            ("in batches", &together, wanted_vectors.clone()),
            ("filled", &filled, vec![wanted_vectors[3].clone(), wanted_vectors[5].clone()]),
        ] {
            assert_eq!(found.len(), wanted.len());
            for (found, wanted) in found.iter().zip(&wanted) {
                let cosine = cosine(found, wanted);
                assert!(cosine > 0.999_99, "{name} {side:?} {what}: cosine {cosine}");
            }
        }
    }
}

async fn check_reranker(name: &str) {
    let reranker = CrossEncoder::load(&model(name)).expect("a cross-encoder");
    let wanted: Scores = expected(name);
    for ((query, document), wanted) in wanted.pairs.iter().zip(&wanted.scores) {
        let alone = reranker
            .score(query.clone(), vec![document.clone()], Urgency::Interactive)
            .await
            .expect("a score");
        assert!((alone[0] - wanted).abs() < 1e-4, "{name}: {} for {wanted}", alone[0]);
        // The same document among seven others, most of them of other lengths.
        let mut documents: Vec<_> = wanted_documents(name, document);
        documents.insert(4, document.clone());
        let together = reranker
            .score(query.clone(), documents.clone(), Urgency::Background)
            .await
            .expect("all");
        assert!((together[4] - wanted).abs() < 1e-4, "{name}: {} for {wanted}", together[4]);
    }
}

fn wanted_documents(name: &str, but: &str) -> Vec<String> {
    let all: Scores = expected(name);
    all.pairs.into_iter().map(|(_, document)| document).filter(|one| one != but).collect()
}

macro_rules! encoders {
    ($($test:ident: $name:literal;)+) => {
        $(#[tokio::test]
        async fn $test() {
            check_encoder($name).await;
        })+
    };
}

macro_rules! rerankers {
    ($($test:ident: $name:literal;)+) => {
        $(#[tokio::test]
        async fn $test() {
            check_reranker($name).await;
        })+
    };
}

encoders! {
    bert_by_its_first_token_with_an_instruction: "bert-cls";
    bert_by_the_mean_in_several_files: "bert-mean";
    bert_that_cuts_long_texts: "bert-short";
    xlm_roberta_from_a_pytorch_archive: "xlm-roberta-cls";
    qwen3_by_its_last_token: "qwen3-last";
    a_table_of_vectors: "static-mean";
}

rerankers! {
    bert_reads_pairs: "bert-pairs";
    xlm_roberta_reads_pairs: "xlm-roberta-pairs";
    qwen3_says_yes_or_no: "qwen3-pairs";
}

#[tokio::test]
async fn a_document_is_read_however_long_the_query_is() {
    for name in ["qwen3-pairs", "bert-pairs", "xlm-roberta-pairs"] {
        let reranker = CrossEncoder::load(&model(name)).expect("a cross-encoder");
        let documents = vec!["氢燃料电池膜电极".to_owned(), "赤泥脱碱".to_owned()];
        let query = "镁合金薄板焊接变形大，".repeat(500);
        let scores = reranker.score(query, documents, Urgency::Interactive).await.expect("scores");
        assert!((scores[0] - scores[1]).abs() > f32::EPSILON, "{name}: {scores:?}");
    }
}
