//! The only code that prints. stdout carries the result, stderr the progress, the hints and the errors.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use jiff::tz::TimeZone;
use mesh_diagnosis::report::{API_VERSION, Report};
use serde_json::{Value, json};

use crate::{
    args::{Environment, Format, Global, When},
    cmd::runs::diff::Diff,
    exit::Problem,
};

pub(crate) mod diff;
pub(crate) mod help;
pub(crate) mod live;
pub(crate) mod markdown;
pub(crate) mod matrix;
pub(crate) mod path;
pub(crate) mod repeat;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod towards;
pub(crate) mod untrusted;
pub(crate) mod vantages;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod samples;

use live::Live;
use style::Style;

/// What became of a run's bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saved {
    At(String),
    /// The coordinator keeps it; the command that reads it.
    There(String),
    /// Not kept, and why.
    No(String),
    /// The report comes from a bundle: nothing is to be said.
    Shown,
}

/// How the result and the progress are written.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) style: Style,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    /// Progress may be redrawn in place.
    pub(crate) redraw: bool,
    /// Columns of stderr.
    pub(crate) live_width: usize,
}

impl Output {
    pub(crate) fn new(global: &Global, env: &Environment) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let color = match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => out && !env.no_color && !env.dumb && !global.ci,
        };
        let measured = |tty: bool| {
            let (width, _) = terminal_size::terminal_size().filter(|_| tty)?;
            Some(usize::from(width.0))
        };
        let width = |tty: bool| env.columns.or_else(|| measured(tty)).unwrap_or(style::IDEAL).clamp(20, 400);
        Self {
            format: global.output,
            style: Style {
                ascii: global.ascii || env.seven_bit,
                color,
                // A report wider than this is harder to read, not easier.
                width: width(out).min(style::IDEAL + 20),
                zone: TimeZone::system(),
            },
            quiet: global.quiet,
            verbose: global.verbose,
            redraw: err && !env.dumb && !global.ci,
            live_width: width(err),
        }
    }

    /// For what must be said before the command line was understood.
    pub(crate) fn before_parsing(format: Format, ascii: bool) -> Self {
        Self {
            format,
            style: Style { ascii, color: false, width: style::IDEAL, zone: TimeZone::UTC },
            quiet: false,
            verbose: false,
            redraw: false,
            live_width: style::IDEAL,
        }
    }

    /// Foreign text, made harmless for this output.
    pub(crate) fn clean(&self, text: &str) -> String {
        untrusted::clean(text, self.style.ascii)
    }

    /// Writes to stdout. Nobody may be reading any more, which is no failure of the command.
    #[expect(clippy::unused_self, reason = "where to write is the output's to know")]
    pub(crate) fn stdout(&self, text: &str) {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).unwrap_or_default();
    }

    /// Writes a line of progress or a hint to stderr.
    #[expect(clippy::unused_self, reason = "where to write is the output's to know")]
    pub(crate) fn stderr(&self, text: &str) {
        let mut err = io::stderr().lock();
        err.write_all(text.as_bytes()).and_then(|()| err.flush()).unwrap_or_default();
    }

    /// A hint; one line.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.stderr(&format!("{}\n", self.clean(text)));
        }
    }

    /// One JSON document, or one line of many.
    pub(crate) fn document(&self, kind: &str, fields: Value) {
        let mut document = json!({ "apiVersion": API_VERSION, "kind": kind });
        if let (Some(document), Value::Object(fields)) = (document.as_object_mut(), fields) {
            document.extend(fields);
        }
        let text = if self.format == Format::Jsonl {
            document.to_string()
        } else {
            serde_json::to_string_pretty(&document).unwrap_or_else(|_| document.to_string())
        };
        self.stdout(&format!("{text}\n"));
    }

    /// Progress of a run; says at once that the command was understood.
    pub(crate) fn progress(&self, target: &str, deadline: Duration) -> Live<'_> {
        Live::begin(self, target, deadline)
    }

    /// True when stdout is for programs.
    pub(crate) fn for_programs(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// A report, in whichever form was asked for. `bytes` are the report as it was written.
    pub(crate) fn report(&self, report: &Report, bytes: &[u8], exit: Option<u8>, saved: &Saved) -> Result<(), Problem> {
        let text = match self.format {
            Format::Json => {
                let text = String::from_utf8_lossy(bytes);
                format!("{}\n", text.trim_end_matches('\n'))
            }
            Format::Jsonl => {
                let value: Value =
                    serde_json::from_slice(bytes).map_err(|e| Problem::could_not_run(format!("report: {e}")))?;
                format!("{value}\n")
            }
            Format::Md => {
                let sha256 = mesh_proto::bundle::sha256(bytes);
                let style = Style { color: false, ..self.style.clone() };
                markdown::report(&self.cleaned(report)?, &style, Some(&sha256))
            }
            Format::Text => {
                let saved = match saved {
                    Saved::At(path) => Saved::At(self.clean(path)),
                    Saved::There(path) => Saved::There(self.clean(path)),
                    Saved::No(why) => Saved::No(self.clean(why)),
                    Saved::Shown => Saved::Shown,
                };
                let shown = text::Shown { style: &self.style, verbose: self.verbose, exit, saved: &saved, squeeze: 0 };
                text::report(&self.cleaned(report)?, shown)
            }
        };
        self.stdout(&text);
        Ok(())
    }

    /// Two runs compared, in whichever form was asked for.
    pub(crate) fn diff(&self, diff: &Diff) -> Result<(), Problem> {
        let failed = |e: serde_json::Error| Problem::could_not_run(format!("comparison: {e}"));
        if self.for_programs() {
            self.document("RunsDiff", serde_json::to_value(diff).map_err(failed)?);
            return Ok(());
        }
        let cleaned = untrusted::cleaned(diff, self.style.ascii).map_err(failed)?;
        let text = match self.format {
            Format::Md => diff::markdown(&cleaned, &Style { color: false, ..self.style.clone() }),
            _ => diff::text(&cleaned, &self.style, self.verbose),
        };
        self.stdout(&text);
        Ok(())
    }

    fn cleaned(&self, report: &Report) -> Result<Report, Problem> {
        untrusted::cleaned(report, self.style.ascii).map_err(|e| Problem::could_not_run(format!("report: {e}")))
    }

    /// Why there is no result. On stderr for people; for programs also as the one document on stdout.
    pub(crate) fn problem(&self, problem: &Problem) {
        let exit = problem.code.number();
        if self.for_programs() {
            self.document("Error", json!({ "message": problem.message, "hints": problem.hints, "exit": exit }));
        }
        let mut lines = vec![format!("x {}", self.clean(&problem.message))];
        lines.extend(problem.hints.iter().map(|hint| format!("  hint: {}", self.clean(hint))));
        lines.push(String::new());
        self.stderr(&lines.join("\n"));
    }

    /// Help or a version: the text itself, or a document that holds it.
    pub(crate) fn words(&self, kind: &str, text: &str) {
        if self.for_programs() {
            self.document(kind, json!({ "text": text }));
        } else {
            self.stdout(text);
        }
    }
}
