//! Text that came from elsewhere, made harmless for a terminal, a log and a ticket.
//!
//! Everything that is rendered passes here once: a report is cleaned as a whole, so no field can be forgotten.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Escapes what could move the cursor, reorder or hide text; with `seven_bit` also everything beyond ASCII.
pub(crate) fn clean(text: &str, seven_bit: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push(' '),
            c if hides(c) => out.extend(c.escape_unicode()),
            c if c.is_ascii() || !seven_bit => out.push(c),
            c => match plain(c) {
                Some(text) => out.push_str(text),
                None => out.extend(c.escape_unicode()),
            },
        }
    }
    out
}

/// Control characters, and those of Unicode that reorder, join, hide or break (UAX #9, UTS #39).
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// Seven-bit forms of what this program itself writes.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '→' => "->",
        '–' | '—' | '─' | '╌' => "-",
        '…' => "...",
        '·' => ".",
        '×' => "x",
        '≤' => "<=",
        '≥' => ">=",
        '±' => "+-",
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        'µ' => "u",
        _ => return None,
    })
}

/// A value with every string in it cleaned. Keys of maps are this program's own.
pub(crate) fn cleaned<T: Serialize + DeserializeOwned>(value: &T, seven_bit: bool) -> Result<T, serde_json::Error> {
    let mut tree = serde_json::to_value(value)?;
    walk(&mut tree, seven_bit);
    serde_json::from_value(tree)
}

fn walk(value: &mut Value, seven_bit: bool) {
    match value {
        Value::String(text) => *text = clean(text, seven_bit),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, seven_bit)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, field)| walk(field, seven_bit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn escapes_of_terminals_and_bidirectional_text_are_shown_not_obeyed() {
        for (text, shown) in [
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\nb\r\tc", "a\\nb\\r c"),
            ("\u{9b}1m", "\\u{9b}1m"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("bücher → x", "bücher → x"),
        ] {
            assert_eq!(clean(text, false), shown);
        }
        assert_eq!(clean("bücher → x…", true), "b\\u{fc}cher -> x...");
    }

    #[test]
    fn no_field_of_a_report_escapes_the_cleaning() {
        let mut report = samples::failing();
        let evil = "x\u{1b}]0;y\u{7}\u{202e}";
        report.verdict.summary = evil.to_owned();
        report.evidence[0].seen = evil.to_owned();
        report.evidence[0].error = Some(evil.to_owned());
        report.vantages[0].alike = vec![evil.to_owned()];
        report.next[0].command = Some(evil.to_owned());
        let text = serde_json::to_string(&cleaned(&report, false).unwrap()).unwrap();
        assert!(!text.contains("\\u001b") && !text.contains('\u{202e}'), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn seven_bits_are_seven_bits(text in "\\PC*|[\\x00-\\xff]*") {
            let cleaned = clean(&text, true);
            proptest::prop_assert!(cleaned.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{:?}", cleaned);
        }
    }
}
