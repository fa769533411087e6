//! Glyphs, colour, widths, times: how things look, apart from what is said.

use jiff::{Timestamp, tz::TimeZone};
use mesh_diagnosis::report::{Outcome, Status};
use unicode_width::UnicodeWidthStr as _;

/// Width for which the report is laid out.
pub(crate) const IDEAL: usize = 100;
/// Below this a table becomes lines.
pub(crate) const NARROW: usize = 80;

#[derive(Debug, Clone)]
pub(crate) struct Style {
    pub(crate) ascii: bool,
    pub(crate) color: bool,
    /// Columns.
    pub(crate) width: usize,
    /// The reader's zone.
    pub(crate) zone: TimeZone,
}

impl Style {
    /// Glyph of a cell.
    pub(crate) fn glyph(&self, outcome: Outcome) -> &'static str {
        match (outcome, self.ascii) {
            (Outcome::Pass, false) => "✓",
            (Outcome::Fail, false) => "✗",
            (Outcome::Degraded, false) => "!",
            (Outcome::NotReached, false) => "·",
            (Outcome::NotAsked, false) => "–",
            (Outcome::Intercepted, false) => "⇄",
            (Outcome::CouldNotLook, _) => "?",
            (Outcome::Pass, true) => "ok",
            (Outcome::Fail, true) => "FAIL",
            (Outcome::Degraded, true) => "warn",
            (Outcome::NotReached, true) => ".",
            (Outcome::NotAsked, true) => "-",
            (Outcome::Intercepted, true) => "<>",
        }
    }

    /// Glyph and word of a verdict.
    pub(crate) fn verdict(&self, status: Status) -> (&'static str, &'static str) {
        let (outcome, word) = match status {
            Status::Healthy => (Outcome::Pass, "HEALTHY"),
            Status::Degraded => (Outcome::Degraded, "DEGRADED"),
            Status::Failing => (Outcome::Fail, "FAILING"),
            Status::Unknown => (Outcome::CouldNotLook, "UNKNOWN"),
        };
        // The word itself is seven-bit: its glyph would only repeat it.
        (if self.ascii { "" } else { self.glyph(outcome) }, word)
    }

    pub(crate) fn arrow(&self) -> &'static str {
        if self.ascii { "->" } else { "→" }
    }

    /// Where it breaks. Bold, red and underlined; the glyph or word says it without colour.
    pub(crate) fn broken(&self, text: &str) -> String {
        self.painted("1;4;31", text)
    }

    pub(crate) fn warning(&self, text: &str) -> String {
        self.painted("33", text)
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// RFC 3339 in the reader's zone; unreadable times stay as they are.
    pub(crate) fn instant(&self, at: &str) -> String {
        self.time(at, "%Y-%m-%dT%H:%M:%S%.3f%:z")
    }

    /// Time of day in the reader's zone.
    pub(crate) fn clock(&self, at: &str) -> String {
        self.time(at, "%H:%M:%S%.3f")
    }

    fn time(&self, at: &str, form: &str) -> String {
        at.parse::<Timestamp>()
            .map_or_else(|_| at.to_owned(), |at| at.to_zoned_datetime(self.zone.clone()).strftime(form).to_string())
    }
}

/// Columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Text filled with spaces up to a width.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Text cut in the middle so that both ends stay readable.
pub(crate) fn shorten(text: &str, width: usize, ascii: bool) -> String {
    let dots = if ascii { "..." } else { "…" };
    if columns(text) <= width || width < 8 {
        return text.to_owned();
    }
    let keep = width - columns(dots);
    let (mut head, mut tail) = (String::new(), Vec::new());
    for c in text.chars() {
        let longer = format!("{head}{c}");
        if columns(&longer) > keep / 2 {
            break;
        }
        head = longer;
    }
    for c in text.chars().rev() {
        let longer: String = std::iter::once(c).chain(tail.iter().rev().copied()).collect();
        if columns(&longer) > keep - columns(&head) {
            break;
        }
        tail.push(c);
    }
    let tail: String = tail.into_iter().rev().collect();
    format!("{head}{dots}{tail}")
}

/// Lines of at most `width` columns, broken between words; a word that is longer stays whole so that it can be copied.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Microseconds in the six columns of a cell.
pub(crate) fn short_time(us: u64) -> String {
    match us {
        0..10_000 => format!("{}.{}ms", us / 1_000, us % 1_000 / 100),
        10_000..1_000_000 => format!("{}ms", us / 1_000),
        1_000_000..100_000_000 => format!("{}.{}s", us / 1_000_000, us % 1_000_000 / 100_000),
        _ => format!("{}s", us / 1_000_000),
    }
}

/// Microseconds in a sentence.
pub(crate) fn long_time(us: u64) -> String {
    let text = short_time(us);
    let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    format!("{number} {unit}")
}

/// "1 probe", "2 probes".
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_a_terminal_not_of_bytes() {
        assert_eq!(columns("✓ 日本"), 6);
        assert_eq!(pad("日本", 6), "日本  ");
    }

    #[test]
    fn wrapping_never_breaks_a_word() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("averyveryverylongword b", 4), ["averyveryverylongword", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn shortening_keeps_both_ends() {
        assert_eq!(shorten("cart-7d9f8b6c5-x2x9k", 11, false), "cart-…x2x9k");
        assert_eq!(shorten("short", 11, false), "short");
    }

    #[test]
    fn times_fit_a_cell() {
        for (us, text) in [
            (0, "0.0ms"),
            (640, "0.6ms"),
            (9_999, "9.9ms"),
            (21_000, "21ms"),
            (1_010_000, "1.0s"),
            (127_000_000, "127s"),
        ] {
            assert_eq!(short_time(us), text);
        }
        assert_eq!(long_time(4_118_000), "4.1 s");
    }
}
