//! A question that is repeated: a line per run, and at the end what they come to.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Output,
    markdown::{code, escaped},
    style::{Style, count, pad, shorten},
};
use crate::{
    args::Format,
    cmd::diagnose::repeat::{Line, Sum},
    exit::Problem,
};

/// Width of the longest word of a verdict.
pub(super) const WORD: usize = 8;
/// Width of a run's id.
pub(super) const ID: usize = 8;

impl Output {
    pub(crate) fn repeat_begins(&self, target: &str, lasting: Duration, every: Duration) {
        let (lasting, every) = (lasting.as_secs(), every.as_secs());
        self.note(&format!("{target}: asking every {every} s for {lasting} s; Ctrl-C ends it"));
        if self.format == Format::Md {
            self.stdout("| at | verdict | where it breaks | run |\n|---|---|---|---|\n");
        }
    }

    /// Told as soon as it is known; the one document of `-o json` comes at the end.
    pub(crate) fn repeat_line(&self, line: &Line) -> Result<(), Problem> {
        match self.format {
            Format::Json => {}
            Format::Jsonl => self.document("RepeatedRun", value(line)?),
            Format::Text => {
                let line = Line { place: self.clean(&line.place), run: self.clean(&line.run), ..line.clone() };
                self.stdout(&format!("{}\n", text(&line, &self.style)));
            }
            Format::Md => {
                let line = Line { place: self.clean(&line.place), run: self.clean(&line.run), ..line.clone() };
                let at = self.style.instant(&line.at);
                let run = if line.run.is_empty() { String::new() } else { code(&line.run) };
                let row = format!("| {at} | {} | {} | {} |\n", word(&line, &self.style), escaped(&line.place), run);
                self.stdout(&row);
            }
        }
        Ok(())
    }

    pub(crate) fn repeat_ends(&self, target: &str, lines: &[Line], sum: &Sum) -> Result<(), Problem> {
        let mut fields = value(sum)?;
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("target".to_owned(), json!(target));
            if self.format == Format::Json {
                fields.insert("runs".to_owned(), value(&lines)?);
            }
        }
        match self.format {
            Format::Json | Format::Jsonl => self.document("RepeatedRuns", fields),
            Format::Text => self.stdout(&format!("{}\n", closing(sum, &self.style))),
            Format::Md => self.stdout(&format!("\n{}\n", closing(sum, &self.style))),
        }
        Ok(())
    }
}

fn value(of: &impl serde::Serialize) -> Result<Value, Problem> {
    serde_json::to_value(of).map_err(|e| Problem::could_not_run(format!("repetition: {e}")))
}

pub(super) fn word(line: &Line, style: &Style) -> &'static str {
    match (line.status, line.interrupted) {
        (None, true) => "-",
        (None, false) => "NOT RUN",
        (Some(status), _) => style.verdict(status).1,
    }
}

fn text(line: &Line, style: &Style) -> String {
    let word = pad(word(line, style), WORD);
    let word =
        if line.failed { style.broken(word.trim_end()) + &" ".repeat(WORD - word.trim_end().len()) } else { word };
    let ended = if line.interrupted { "interrupted  " } else { "" };
    let at = style.clock(&line.at);
    let room = style.width.saturating_sub(at.len() + WORD + ended.len() + 16);
    format!("{at}  {word}  {:ID$}  {ended}{}", line.run, shorten(&line.place, room, style.ascii)).trim_end().to_owned()
}

/// "3 of 20 runs failed, the first at 10:24:33.418 (run 7kq2m5fh)".
fn closing(sum: &Sum, style: &Style) -> String {
    let began = match (&sum.began, &sum.first_failing) {
        (Some(at), Some(run)) => format!(", the first at {} (run {run})", style.instant(at)),
        _ => String::new(),
    };
    let unknown = if sum.unknown > 0 { format!("; {} without a verdict", sum.unknown) } else { String::new() };
    let ended = if sum.interrupted { "; interrupted" } else { "" };
    let failed = if sum.failed == 0 { "none".to_owned() } else { sum.failed.to_string() };
    format!("{failed} of {} failed{began}{unknown}{ended}", count(sum.of, "run"))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use mesh_diagnosis::report::Status;

    use super::*;

    #[test]
    fn a_run_is_one_line_and_the_last_line_says_when_it_began() {
        let style = Style { ascii: false, color: false, width: 80, zone: TimeZone::UTC };
        let line = Line {
            run: "7kq2m5fh".to_owned(),
            at: "2026-06-06T17:24:33.418Z".to_owned(),
            status: Some(Status::Failing),
            place: "path-mtu/blackhole @ ".to_owned() + &"r".repeat(200),
            failed: true,
            interrupted: false,
            save_error: None,
        };
        let shown = text(&line, &style);
        assert!(shown.starts_with("17:24:33.418  FAILING   7kq2m5fh  path-mtu/blackhole"), "{shown}");
        assert!(super::super::style::columns(&shown) <= 80, "{shown}");
        let sum = Sum {
            of: 20,
            failed: 3,
            began: Some(line.at.clone()),
            first_failing: Some(line.run.clone()),
            ..Sum::default()
        };
        assert_eq!(
            closing(&sum, &style),
            "3 of 20 runs failed, the first at 2026-06-06T17:24:33.418+00:00 (run 7kq2m5fh)"
        );
        let none = Sum { of: 1, interrupted: true, ..Sum::default() };
        assert_eq!(closing(&none, &style), "none of 1 run failed; interrupted");
    }
}
