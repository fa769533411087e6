//! The diagnosis: which boundary between a vantage and the application fails, how that is known, what was ruled out.
//!
//! Pure: no clock, no network, no files, no environment, no randomness, no hash maps. [`Case`] is asked for rounds, is
//! fed observations, and gives a [`report::Report`]; the same observations in any order give the same report.

mod advice;
mod case;
mod continued;
mod contrast;
mod evidence;
mod flow;
mod noticed;
mod plan;
mod policy;
mod rank;
mod rate;
pub mod report;
mod results;
mod rules;
mod scope;
mod synchrony;
mod unfinished;
mod words;

#[cfg(test)]
mod fleet;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod walked;

pub use case::{Case, Ended, OBSERVATIONS, ROUNDS, RULES_VERSION, ReplayError, Round, replay};

/// Name of the vantage under which cluster state arrives.
pub const KUBE_API: &str = evidence::KUBE_API;

/// Every `boundary/cause` the diagnosis can name, in path order of their boundaries. Slugs are never renamed or reused.
pub fn slugs() -> Vec<&'static str> {
    rules::all().map(|rule| rule.slug).collect()
}

/// One sentence on what a cause means; none for a slug this build does not know.
pub fn meaning(slug: &str) -> Option<&'static str> {
    rules::all().find(|rule| rule.slug == slug).map(|rule| rule.meaning)
}

/// The boundaries, in path order.
pub fn boundaries() -> &'static [&'static str] {
    &rules::BOUNDARIES
}
