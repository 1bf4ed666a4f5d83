//! Profiles without one of their parts, to see what each part brings.

use kechuang_domain::Stage;
use kechuang_ranking::{
    Profile,
    learned::{FeatureGroup, LearnedRule},
    profile::VectorRule,
};

/// A profile without one of its parts; its name says which.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// What is left out, in Chinese.
    pub without: String,
    /// The rest.
    pub profile: Profile,
}

/// A profile without each of its parts in turn. A cross-encoder is not among them: it is an extra of an installation.
#[must_use]
pub fn variants(whole: &Profile) -> Vec<Variant> {
    let mut all = Vec::new();
    let mut leave_out = |without: String, change: &dyn Fn(&mut Profile)| {
        let mut profile = whole.clone();
        change(&mut profile);
        if profile != *whole {
            profile.name = format!("{} 去掉{without}", whole.name);
            all.push(Variant { without, profile });
        }
    };
    let drop_stages = |profile: &mut Profile, dropped: &[Stage]| {
        profile.stages.retain(|stage| !dropped.contains(stage));
    };
    // The learned order goes by vectors, so that it goes with them.
    leave_out("语义（向量检索和学习排序）".to_owned(), &|profile| {
        drop_stages(profile, &[Stage::Vector, Stage::Learned]);
        profile.vector = VectorRule::default();
        profile.learned = LearnedRule::default();
    });
    leave_out("学习排序".to_owned(), &|profile| {
        drop_stages(profile, &[Stage::Learned]);
        profile.learned = LearnedRule::default();
    });
    leave_out("需求覆盖".to_owned(), &|profile| profile.coverage.weight = 0.0);
    leave_out("同义词".to_owned(), &|profile| profile.query.synonym_limit = 0);
    for group in FeatureGroup::ALL {
        leave_out(format!("特征组：{}", group.label()), &|profile| {
            profile.learned.order.retain(|feature, _| feature.group() != group);
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use kechuang_domain::Stage;

    use super::variants;

    #[test]
    fn each_part_is_left_out_once() {
        let default = include_str!("../../../data/profiles/default.toml");
        let lexical = include_str!("../../../data/profiles/lexical.toml");
        let profiles =
            kechuang_ranking::Profiles::parse([("default", default), ("lexical", lexical)]);
        let profiles = profiles.expect("profiles");
        let whole = profiles.get("default").expect("a profile");
        let all = variants(whole);
        assert_eq!(all.len(), 9, "{:?}", all.iter().map(|one| &one.without).collect::<Vec<_>>());
        assert!(!all[0].profile.stages.contains(&Stage::Learned));
        let alone = variants(profiles.get("lexical").expect("a profile"));
        assert_eq!(alone.len(), 1, "only coverage is left to leave out");
    }
}
