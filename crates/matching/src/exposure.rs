//! Who has headed lists often of late, and stands back.

use kechuang_domain::{Library, MatchRequest, MatchSource, PartyId, Timestamp};
use kechuang_ranking::{Profile, diversity::Place, exposure::ExposureRule};

use crate::{Engine, Result, scores::Section};

const DAY_SECONDS: i64 = 24 * 3600;

impl Engine {
    /// The teams that have headed as many lists lately as the profile allows, with how many. Only demands of the library
    /// count, each once, and not the one that is asked for: whoever asks again is answered the same. Free texts do
    /// not, or anybody could push a team back.
    pub(crate) async fn led_often(
        &self,
        profile: &Profile,
        request: &MatchRequest,
        library: Library,
        now: Timestamp,
    ) -> Result<Vec<(PartyId, u32)>> {
        let rule = profile.exposure;
        if !rule.is_set() || library != Library::Achievement || request.candidates.is_some() {
            return Ok(Vec::new());
        }
        let asked = match request.source {
            MatchSource::Record(id) => Some(id),
            MatchSource::Text(_) => None,
        };
        let since = now.plus_seconds(-DAY_SECONDS * i64::from(rule.days));
        Ok(self.store().heads_since(since, rule.lists, asked).await?)
    }
}

/// Lets another head a list whose first has headed many, where one is nearly as good. `told` gives the owner and score
/// of a place. Gives what is said of it, in Chinese.
pub(crate) fn let_another_head(
    rule: &ExposureRule,
    section: &Section,
    places: &mut [Place],
    told: impl Fn(&Place) -> (PartyId, f64),
) -> Option<String> {
    // What a large model has put first, it has put there for a reason.
    if section.input.candidates.iter().any(|one| one.judged.is_some()) {
        return None;
    }
    let list: Vec<(PartyId, f64)> = places.iter().map(told).collect();
    let led = |owner: &PartyId| section.led_often.iter().find(|(often, _)| often == owner);
    let at = rule.instead(&list, |owner| led(owner).is_some())?;
    let (_, lists) = led(&list.first()?.0)?;
    places.get_mut(..=at)?.rotate_right(1);
    Some(format!(
        "得分第一的单位近 {} 天已在 {lists} 项需求中居首，本条得分相近，因此列在首位",
        rule.days
    ))
}
