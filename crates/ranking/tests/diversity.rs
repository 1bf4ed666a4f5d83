//! Lists that say one thing many times, are one team's, or of one field.

use std::sync::OnceLock;

use kechuang_ranking::{
    diversity::{DiversityRule, Place, Shown},
    exposure::ExposureRule,
    neighbours::with_neighbours,
};
use kechuang_text::{Lexicon, LexiconSources};

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        Lexicon::build(&LexiconSources {
            terms: "",
            traditional: "",
            stopwords: "",
            synonyms: "",
            units: "written\tcanonical\tdimension\tfactor\toffset\n",
            chains: include_str!("../../../data/codes/chain-terms.tsv"),
        })
        .expect("a lexicon")
    })
}

const WELDING: &str =
    "采用搅拌摩擦焊连接镁合金板材，接头抗拉强度达到母材的九成，已用于轨道车辆内饰骨架的批量生产。";
const AGAIN: &str =
    "采用搅拌摩擦焊连接镁合金板材，接头抗拉强度达到母材的九成，已用于轨道车辆内饰骨架的小批生产。";
const SLAG: &str =
    "以钢渣和矿渣微粉制备胶凝材料，二十八天抗压强度满足路面基层要求，放射性和浸出均合格。";

fn check(rule: DiversityRule, list: &[(u8, &str, &str)], expected: &[(usize, &[usize])]) {
    let ranked: Vec<Shown<'_, u8>> =
        list.iter().map(|(owner, title, text)| Shown { owner: *owner, title, text }).collect();
    let expected: Vec<Place> = expected
        .iter()
        .map(|(first, alike)| Place { first: *first, alike: alike.to_vec() })
        .collect();
    assert_eq!(rule.arrange(lexicon(), &ranked), expected, "{list:?}");
}

#[test]
fn what_one_owner_says_twice_shares_a_place() {
    let group = DiversityRule { group_alike: true, per_owner: 0 };
    let list = [
        (1, "镁合金搅拌摩擦焊", WELDING),
        (2, "镁合金搅拌摩擦焊", WELDING),
        (1, "镁合金板材搅拌摩擦焊", AGAIN),
        (1, "钢渣胶凝材料", SLAG),
    ];
    check(group, &list, &[(0, &[2]), (1, &[]), (3, &[])]);
    check(DiversityRule::default(), &list, &[(0, &[]), (1, &[]), (2, &[]), (3, &[])]);
}

#[test]
fn one_team_leaves_room_for_others() {
    let capped = DiversityRule { group_alike: false, per_owner: 2 };
    let list =
        [(1, "甲", ""), (1, "乙", ""), (1, "丙", ""), (2, "丁", ""), (1, "戊", ""), (3, "己", "")];
    check(capped, &list, &[(0, &[]), (1, &[]), (3, &[]), (5, &[]), (2, &[]), (4, &[])]);
    check(capped, &list[..3], &[(0, &[]), (1, &[]), (2, &[])]);
    check(capped, &[], &[]);
}

#[test]
fn a_team_that_has_led_often_lets_one_nearly_as_good_lead() {
    let rule = ExposureRule { days: 30, lists: 10, close: 0.9 };
    let check = |rule: ExposureRule, list: &[(u8, f64)], expected: Option<usize>| {
        assert_eq!(rule.instead(list, |owner| *owner < 5), expected, "{list:?}");
    };
    check(rule, &[(1, 1.0), (2, 0.98), (1, 0.97), (7, 0.95), (8, 0.93)], Some(3));
    check(rule, &[(1, 1.0), (7, 0.9)], Some(1));
    check(rule, &[(1, 1.0), (7, 0.89)], None);
    check(rule, &[(7, 1.0), (1, 0.99)], None);
    check(rule, &[(1, 0.0), (7, 0.0)], None);
    check(rule, &[(1, 1.0)], None);
    check(rule, &[], None);
    check(ExposureRule::default(), &[(1, 1.0), (7, 1.0)], None);
}

#[test]
fn neighbours_take_the_last_places_where_they_are_wanted() {
    let check = |neighbours: &[usize], top: usize, wanted: usize, expected: &[usize]| {
        let places = (0..8).map(|first| Place { first, alike: Vec::new() }).collect();
        let is_neighbour = |place: &Place| neighbours.contains(&place.first);
        let shown = with_neighbours(places, top, wanted, is_neighbour);
        let shown: Vec<usize> = shown.iter().map(|place| place.first).collect();
        assert_eq!(shown, expected, "{neighbours:?} {top} {wanted}");
    };
    check(&[5, 7], 4, 0, &[0, 1, 2, 3]);
    check(&[5, 7], 4, 1, &[0, 1, 2, 5]);
    check(&[5, 7], 4, 2, &[0, 1, 5, 7]);
    check(&[5, 6, 7], 4, 3, &[0, 1, 5, 6]);
    check(&[3, 5], 4, 2, &[0, 1, 3, 5]);
    check(&[0, 3, 5], 4, 2, &[0, 1, 2, 3]);
    check(&[], 4, 2, &[0, 1, 2, 3]);
    check(&[9], 20, 2, &[0, 1, 2, 3, 4, 5, 6, 7]);
    check(&[1], 1, 1, &[0]);
}
