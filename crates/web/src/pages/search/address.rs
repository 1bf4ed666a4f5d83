//! Addresses of lists: the one that is shown, changed in one respect.

use kechuang_domain::Facet;
use kechuang_matching::{Currency, SearchRequest};

use crate::encode::percent_encoded;

/// The addresses around one list. All but [`Address::page`] lead to a first page.
pub(super) struct Address<'a> {
    request: &'a SearchRequest,
}

type Pairs = Vec<(&'static str, String)>;

impl<'a> Address<'a> {
    pub(super) const fn of(request: &'a SearchRequest) -> Self {
        Self { request }
    }

    /// The first page.
    pub(super) fn first(&self) -> String {
        written(&pairs(self.request))
    }

    /// The page behind a cursor.
    pub(super) fn page(&self, cursor: &str) -> String {
        let mut all = pairs(self.request);
        all.push(("cursor", cursor.to_owned()));
        written(&all)
    }

    /// With a value chosen that is not, or the other way round.
    pub(super) fn toggled(&self, facet: Facet, value: &str) -> String {
        let mut changed = self.request.clone();
        let values = changed.facets.entry(facet).or_default();
        if !values.remove(value) {
            values.insert(value.to_owned());
        }
        written(&pairs(&changed))
    }

    /// With nothing chosen.
    pub(super) fn without_choices(&self) -> String {
        let changed = SearchRequest { facets: Default::default(), ..self.request.clone() };
        written(&pairs(&changed))
    }

    /// With or without what does not hold today.
    pub(super) fn with_currency(&self, currency: Currency) -> String {
        let current = Some(currency).filter(|it| *it != Currency::usual(self.request.library));
        written(&pairs(&SearchRequest { current, ..self.request.clone() }))
    }

    /// The whole list as a file.
    pub(super) fn export(&self, format: &str) -> String {
        let mut all = pairs(self.request);
        all.retain(|(name, _)| *name != "limit");
        at(&format!("/api/v1/exports/{format}"), &all)
    }

    /// What a form sends beside words and order.
    pub(super) fn kept(&self) -> Pairs {
        let mut kept = pairs(self.request);
        kept.retain(|(name, _)| !matches!(*name, "q" | "sort"));
        kept
    }
}

/// The parameters of a list's first page; what is as usual is left out.
fn pairs(request: &SearchRequest) -> Pairs {
    let mut pairs = vec![("library", request.library.code().to_owned())];
    let usual = SearchRequest::new(request.library);
    if !request.text.trim().is_empty() {
        pairs.push(("q", request.text.trim().to_owned()));
    }
    for (facet, values) in &request.facets {
        pairs.extend(values.iter().map(|value| (facet.code(), value.clone())));
    }
    pairs.extend(request.status.map(|status| ("status", status.code().to_owned())));
    pairs.extend(request.current.map(|current| ("current", current.code().to_owned())));
    pairs.extend(request.sort.map(|sort| ("sort", sort.code().to_owned())));
    if request.limit != usual.limit {
        pairs.push(("limit", request.limit.to_string()));
    }
    pairs
}

fn written(pairs: &[(&'static str, String)]) -> String {
    at("/search", pairs)
}

fn at(path: &str, pairs: &[(&'static str, String)]) -> String {
    let mut address = path.to_owned();
    for (place, (name, value)) in pairs.iter().enumerate() {
        address.push(if place == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&percent_encoded(value));
    }
    address
}

#[cfg(test)]
mod tests {
    use kechuang_domain::Library;

    use super::*;

    #[test]
    fn an_address_changes_in_one_respect_and_leads_to_a_first_page() {
        let mut request = SearchRequest::new(Library::Policy);
        request.text = " 赤&泥 ".to_owned();
        request.cursor = Some("aa".to_owned());
        request.facets.entry(Facet::Kind).or_default().insert("补助".to_owned());
        let address = Address::of(&request);
        let start = "/search?library=policy&q=%E8%B5%A4%26%E6%B3%A5";
        let grant = "%E8%A1%A5%E5%8A%A9";
        for (made, expected) in [
            (address.first(), format!("{start}&kind={grant}")),
            (address.page("bb"), format!("{start}&kind={grant}&cursor=bb")),
            (address.toggled(Facet::Kind, "补助"), start.to_owned()),
            (address.toggled(Facet::Year, "2026"), format!("{start}&kind={grant}&year=2026")),
            (address.without_choices(), start.to_owned()),
            (address.with_currency(Currency::All), format!("{start}&kind={grant}&current=all")),
            (address.with_currency(Currency::Only), format!("{start}&kind={grant}")),
        ] {
            assert_eq!(made, expected);
        }
        let kept = [("library", "policy".to_owned()), ("kind", "补助".to_owned())];
        assert_eq!(address.kept(), kept);
    }
}
