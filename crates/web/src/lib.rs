//! JSON API and pages
