//! A record's facts as far as the public may see them, for everything that is counted or sorted.

use crate::{Clause, Date, Details, Fact, Record, Viewer};

/// Facts that anybody may see.
pub(crate) struct PublicFacts<'a>(&'a Details);

impl<'a> PublicFacts<'a> {
    pub(crate) const fn of(record: &'a Record) -> Self {
        Self(record.content.details())
    }

    fn if_seen(&self, fact: Fact) -> Option<&'a Details> {
        Viewer::Public.may_see(self.0.tier(fact)).then_some(self.0)
    }

    pub(crate) fn text(&self, fact: Fact) -> Option<&'a str> {
        self.if_seen(fact)?.text(fact)
    }

    pub(crate) fn whole(&self, fact: Fact) -> Option<i64> {
        self.if_seen(fact)?.whole(fact)
    }

    pub(crate) fn date(&self, fact: Fact) -> Option<Date> {
        self.if_seen(fact)?.date(fact)
    }

    pub(crate) fn list(&self, fact: Fact) -> &'a [String] {
        self.if_seen(fact).map_or(&[], |details| details.list(fact))
    }

    pub(crate) fn clauses(&self) -> &'a [Clause] {
        self.if_seen(Fact::Clauses).map_or(&[], Details::clauses)
    }
}
