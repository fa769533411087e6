//! Labels of a vantage: what its owner calls it, `zone=eu-1a`. Checked where they are given and again where they arrive.

use std::collections::BTreeMap;

/// Labels of one vantage; a Pod's own seldom exceed ten.
pub const COUNT: usize = 16;
/// Longest key and longest value, bytes; a DNS label and a Kubernetes value are as long.
pub const BYTES: usize = 63;
/// Key that a selector uses for itself: `pods(per=node)`.
pub const RESERVED: &str = "per";

/// Why something is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLabel {
    #[error("{0:?} is not KEY=VALUE")]
    Form(String),
    #[error("{0:?}: key and value are 1 to {BYTES} letters, digits, '.', '_', '-' or '/'")]
    Characters(String),
    #[error("{0:?}: {RESERVED:?} is a word of selectors, as in pods(per=node)")]
    Reserved(String),
    #[error("{0:?} is given twice")]
    Twice(String),
    #[error("more than the {COUNT} labels that a vantage may have")]
    Many,
}

/// One label.
pub fn label(text: &str) -> Result<(String, String), BadLabel> {
    let (key, value) = text.split_once('=').ok_or_else(|| BadLabel::Form(text.to_owned()))?;
    check(key, value)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// All of one vantage, as they were given one by one.
pub fn labels<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<BTreeMap<String, String>, BadLabel> {
    let mut known = BTreeMap::new();
    for text in texts {
        let (key, value) = label(text)?;
        if known.insert(key, value).is_some() {
            return Err(BadLabel::Twice(text.to_owned()));
        }
        if known.len() > COUNT {
            return Err(BadLabel::Many);
        }
    }
    Ok(known)
}

/// Whether a key and a value of somebody else's are a label.
pub fn check(key: &str, value: &str) -> Result<(), BadLabel> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let fits = |part: &str| !part.is_empty() && part.len() <= BYTES && part.chars().all(allowed);
    if !fits(key) || !fits(value) {
        return Err(BadLabel::Characters(format!("{key}={value}")));
    }
    if key == RESERVED {
        return Err(BadLabel::Reserved(format!("{key}={value}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_bounded_in_number_length_and_characters() {
        let good = labels(["zone=eu-1a", "app.kubernetes.io/name=cart"]).expect("labels");
        assert_eq!(good["zone"], "eu-1a");
        let long = "x".repeat(BYTES + 1);
        for bad in ["zone", "=eu", "zone=", "zone=a b", "zone=a,b", "zone=(a)", "zone=a=b", "zone=ü", "per=node"] {
            assert!(label(bad).is_err(), "{bad}");
        }
        assert!(label(&format!("zone={long}")).is_err() && label(&format!("{long}=a")).is_err());
        assert_eq!(labels(["zone=a", "zone=b"]), Err(BadLabel::Twice("zone=b".to_owned())));
        let many: Vec<String> = (0..=COUNT).map(|n| format!("k{n}=v")).collect();
        assert_eq!(labels(many.iter().map(String::as_str)), Err(BadLabel::Many));
        assert!(labels(many.iter().take(COUNT).map(String::as_str)).is_ok());
    }
}
