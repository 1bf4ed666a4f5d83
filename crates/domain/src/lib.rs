//! What the product talks about, as plain data.
//!
//! Every other room speaks in these types: the records of the four libraries, who owns them and who
//! may see which of their texts, what a demand needs, what is asked of the matching engine and what
//! it answers.
//!
//! Knows: the field's terms and what can never be right about a value.
//! Must not know: files, databases, indexes, the clock, async, any other crate of ours.
//!
//! Types with an invariant have private fields and a constructor; all others have public fields.

pub mod assist;
pub mod code;
pub mod code_table;
pub mod details;
pub mod duplicate;
pub mod eligibility;
pub mod event;
pub mod facet;
pub mod fact;
pub mod figure;
pub mod freshness;
pub mod hex;
pub mod id;
pub mod identifier;
pub mod import;
pub mod job;
pub mod level;
mod library;
pub mod need;
pub mod outcome;
pub mod party;
pub mod period;
pub mod problem;
pub mod provenance;
mod public_facts;
pub mod quantity;
pub mod question;
pub mod record;
pub mod request;
pub mod resource;
pub mod review;
pub mod sort;
pub mod step;
pub mod text_field;
pub mod tier;
pub mod time;
pub mod warning;

pub use assist::{
    Advice, Assist, AssistHealth, Claim, ClaimBasis, Move, NextStep, NextStepKind, Refinement,
};
pub use code::{ChainCode, Region};
pub use code_table::{CodeEntry, CodeTable, CodeTableError};
pub use details::{Details, DetailsError};
pub use duplicate::{DuplicateDecision, DuplicateOffer};
pub use eligibility::{Applicant, Basis, CheckKind, ClauseQuote, EligibilityCheck, Verdict};
pub use event::{EventKind, OutcomeEvent};
pub use facet::{Facet, Selection};
pub use fact::{Clause, ClauseRule, Fact, FactKind, FactValue, RuleKind};
pub use figure::{AskedIn, IndicatorCheck};
pub use freshness::{Freshness, FreshnessError, FreshnessNotice, FreshnessRule, FreshnessRules};
pub use hex::hex;
pub use id::{EventId, ImportId, JobId, PartyId, RecordId, RunId};
pub use identifier::{
    AchievementRegistration, BadIdentifier, CheckDigit, ContractForm, ContractRegistration,
    CreditCode, Cstr, DisciplineCode, DocumentNumber, Doi, IndustryCode, Orcid, PatentKind,
    PatentNumber,
};
pub use import::{Import, ImportPreview, ImportStage, PreviewColumn};
pub use job::{JobKind, JobStatus};
pub use level::{AnswerLevel, Prospect};
pub use library::Library;
pub use need::{Need, NeedKind, Span};
pub use outcome::{
    AlikeRecord, Degraded, DegradedReason, Evidence, Explanation, FieldScore, Match, MatchOutcome,
    MatchedSource, Quote, Stage, StageScore,
};
pub use party::{Party, PartyKind};
pub use period::{Lapse, Period};
pub use problem::{Problem, ProblemCode};
pub use provenance::{Place, Provenance};
pub use quantity::{Comparison, Fulfilment, Indicator, Quantity};
pub use question::{Question, QuestionKind};
pub use record::{Content, ContentError, Record, Source, Status};
pub use request::{MatchRequest, MatchSource};
pub use resource::{AskedBy, ResourceKind, ResourceNeed, ResourceReason, ServedNeed};
pub use review::{Review, ReviewKind};
pub use sort::Sort;
pub use step::{Step, Watch};
pub use text_field::{TextField, TextRole};
pub use tier::{Tier, TieredText, Viewer};
pub use time::{Date, Money, Timestamp};
pub use warning::{Warning, warnings};
