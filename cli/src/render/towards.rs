//! Several destinations: a line for each, and at the end what they come to.

use serde_json::json;

use super::{
    Output,
    markdown::{code, escaped},
    repeat::{ID, WORD, word},
    style::{count, pad, shorten},
};
use crate::{
    args::Format,
    cmd::diagnose::{repeat::Sum, towards::Reached},
    exit::Problem,
};

/// Width of a vantage's id; a longer one moves its line.
const NAME: usize = 22;

impl Output {
    pub(crate) fn towards_begins(&self, destinations: usize) {
        self.note(&format!("{}, one run for each; Ctrl-C ends it", count(destinations, "destination")));
        if self.format == Format::Md {
            self.stdout("| to | verdict | where it breaks | run |\n|---|---|---|---|\n");
        }
    }

    /// Told as soon as it is known; the one document of `-o json` comes at the end.
    pub(crate) fn towards_line(&self, reached: &Reached) -> Result<(), Problem> {
        let line = &reached.line;
        let (to, place, run) = (self.clean(&reached.to), self.clean(&line.place), self.clean(&line.run));
        match self.format {
            Format::Json => {}
            Format::Jsonl => {
                let fields = serde_json::to_value(reached)
                    .map_err(|e| Problem::could_not_run(format!("destination {to}: {e}")))?;
                self.document("Destination", fields);
            }
            Format::Text => {
                let plain = pad(word(line, &self.style), WORD);
                let shown = if line.failed { self.style.broken(&plain) } else { plain };
                let room = self.style.width.saturating_sub(NAME + WORD + ID + 6);
                let place = shorten(&place, room, self.style.ascii);
                let row = format!("{to:NAME$}  {shown}  {run:ID$}  {place}");
                self.stdout(&format!("{}\n", row.trim_end()));
            }
            Format::Md => {
                let run = if run.is_empty() { run } else { code(&run) };
                let row = format!("| {} | {} | {} | {run} |\n", code(&to), word(line, &self.style), escaped(&place));
                self.stdout(&row);
            }
        }
        Ok(())
    }

    pub(crate) fn towards_ends(&self, all: &[Reached], sum: &Sum, of: usize) {
        let left = of.saturating_sub(sum.of);
        let failed = if sum.failed == 0 { "none".to_owned() } else { sum.failed.to_string() };
        let unknown = if sum.unknown > 0 { format!("; {} without a verdict", sum.unknown) } else { String::new() };
        let ended = if left > 0 { format!("; interrupted, {left} not asked") } else { String::new() };
        let closing = format!("{failed} of {} failed{unknown}{ended}", count(sum.of, "destination"));
        match self.format {
            Format::Json => {
                let fields = json!({ "of": of, "asked": sum.of, "failed": sum.failed, "unknown": sum.unknown,
                    "interrupted": sum.interrupted, "destinations": all });
                self.document("Destinations", fields);
            }
            Format::Jsonl => {
                let fields = json!({ "of": of, "asked": sum.of, "failed": sum.failed, "unknown": sum.unknown,
                    "interrupted": sum.interrupted });
                self.document("Destinations", fields);
            }
            Format::Text => self.stdout(&format!("{closing}\n")),
            Format::Md => self.stdout(&format!("\n{closing}\n")),
        }
    }
}
