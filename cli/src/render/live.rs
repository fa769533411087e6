//! Progress on stderr while a run goes on: redrawn in place on a terminal, otherwise a line at a time.

use std::{collections::BTreeMap, time::Instant};

use mesh_diagnosis::report::{Outcome, Stage};
use mesh_proto::v1 as pb;

use super::{
    Output,
    matrix::stage_name,
    style::{columns, pad, shorten},
};

/// Vantages that get a line of their own; of more only the number is shown, so that the view does not scroll.
const ROWS: usize = 12;
/// Vantages that have a line each as they finish, where nothing can be redrawn.
const EACH: usize = 40;
/// Width of a cell.
const CELL: usize = 8;
/// Width of a vantage's name.
const NAME: usize = 24;
/// Signs of life, one per redraw.
const TURNING: [&str; 4] = ["-", "\\", "|", "/"];
const STAGES: [Stage; 8] =
    [Stage::Dns, Stage::Route, Stage::Tcp, Stage::Tls, Stage::Http, Stage::Icmp, Stage::Pmtu, Stage::Mss];

/// What is going on.
#[derive(Debug)]
pub(crate) struct Live<'o> {
    out: &'o Output,
    target: String,
    began: Instant,
    deadline_s: f64,
    run: String,
    why: String,
    planned: u32,
    seen: u32,
    vantages: BTreeMap<String, BTreeMap<Stage, Outcome>>,
    /// Lines that the next redraw replaces.
    drawn: usize,
    turn: usize,
    stopping: bool,
}

impl<'o> Live<'o> {
    /// Begins with a first line at once: a reader sees that the command was understood.
    pub(crate) fn begin(out: &'o Output, target: &str, deadline: std::time::Duration) -> Self {
        let mut live = Self {
            out,
            target: out.clean(target),
            began: Instant::now(),
            deadline_s: deadline.as_secs_f64(),
            run: String::new(),
            why: String::new(),
            planned: 0,
            seen: 0,
            vantages: BTreeMap::new(),
            drawn: 0,
            turn: 0,
            stopping: false,
        };
        if out.redraw {
            live.redraw();
        } else {
            live.line(&format!("{}: asking, at most {}", live.target, seconds(live.deadline_s)));
        }
        live
    }

    fn line(&self, text: &str) {
        if !self.out.quiet {
            self.out.stderr(&format!("{text}\n"));
        }
    }

    pub(crate) fn started(&mut self, started: &pb::Started) {
        self.run = self.out.clean(&started.run);
        for vantage in started.vantages.iter().filter(|vantage| !vantage.observer) {
            self.vantages.insert(self.out.clean(&vantage.id), BTreeMap::new());
        }
        if !self.out.redraw {
            for reason in &started.unreachable {
                self.line(&format!("not reached: {}", self.out.clean(reason)));
            }
        }
    }

    pub(crate) fn round(&mut self, round: &pb::RoundStarted) {
        self.why = self.out.clean(&round.why);
        self.planned = self.planned.saturating_add(round.probes);
        if self.out.redraw {
            self.redraw();
        } else {
            self.line(&format!("round {}: {} ({} probes)", round.round, self.why, round.probes));
        }
    }

    pub(crate) fn item(&mut self, observation: &pb::Observation) {
        self.seen = self.seen.saturating_add(1);
        let Some(cells) = self.vantages.get_mut(&self.out.clean(&observation.vantage)) else { return };
        for (stage, outcome) in stages(observation) {
            // A failure stays visible; a later success of another kind of question does not hide it.
            let cell = cells.entry(stage).or_insert(outcome);
            if *cell != Outcome::Fail {
                *cell = outcome;
            }
        }
    }

    pub(crate) fn vantage_done(&mut self, done: &pb::VantageDone) {
        if self.out.redraw {
            return;
        }
        let name = self.out.clean(&done.vantage);
        match self.vantages.get(&name) {
            _ if !done.error.is_empty() => self.line(&format!("  {name}: {}", self.out.clean(&done.error))),
            // Of many, those that fail are of interest.
            Some(cells) if self.vantages.len() > EACH && !cells.values().any(|one| *one == Outcome::Fail) => {}
            Some(cells) => self.line(format!("  {name}: {}", self.cells(cells)).trim_end().trim_end_matches(':')),
            // Observers ask nothing; what they showed is in the evidence.
            None => {}
        }
    }

    fn cells(&self, cells: &BTreeMap<Stage, Outcome>) -> String {
        let style = &self.out.style;
        let each: Vec<String> =
            cells.iter().map(|(stage, outcome)| format!("{} {}", stage_name(*stage), style.glyph(*outcome))).collect();
        each.join("  ")
    }

    pub(crate) fn interrupted(&mut self) {
        self.stopping = true;
        if self.out.redraw {
            self.redraw();
        } else {
            self.line("interrupted: reporting what is known so far");
        }
    }

    /// Draws over what was drawn before.
    pub(crate) fn redraw(&mut self) {
        if self.out.quiet || !self.out.redraw {
            return;
        }
        self.turn = self.turn.wrapping_add(1);
        let lines = self.view();
        let mut text = self.erasing();
        for line in &lines {
            text.push_str(&shorten(line, self.out.live_width.saturating_sub(1), self.out.style.ascii));
            text.push('\n');
        }
        self.drawn = lines.len();
        self.out.stderr(&text);
    }

    /// Cursor to the first drawn line, everything from there on erased (ECMA-48 CPL, ED).
    fn erasing(&self) -> String {
        if self.drawn == 0 { String::new() } else { format!("\u{1b}[{}F\u{1b}[J", self.drawn) }
    }

    /// Takes the view away; the report takes its place.
    pub(crate) fn end(&mut self) {
        if self.drawn > 0 {
            self.out.stderr(&self.erasing());
            self.drawn = 0;
        }
    }

    fn view(&self) -> Vec<String> {
        let turning = TURNING.get(self.turn % TURNING.len()).copied().unwrap_or_default();
        let run = if self.run.is_empty() { String::new() } else { format!("   run {}", self.run) };
        let mut lines = vec![format!(
            "{}{run}   {} of {} probes   {} of {}",
            self.target,
            self.seen,
            self.planned,
            seconds(self.began.elapsed().as_secs_f64()),
            seconds(self.deadline_s)
        )];
        let shown: Vec<Stage> =
            STAGES.into_iter().filter(|stage| self.vantages.values().any(|cells| cells.contains_key(stage))).collect();
        if !shown.is_empty() && self.vantages.len() <= ROWS {
            let head: Vec<String> = shown.iter().map(|stage| pad(stage_name(*stage), CELL)).collect();
            lines.push(String::new());
            lines.push(format!("  {}  {}", " ".repeat(NAME), head.concat()).trim_end().to_owned());
            for (vantage, cells) in &self.vantages {
                let row: Vec<String> = shown.iter().map(|stage| pad(&self.cell(cells.get(stage)), CELL)).collect();
                let name = pad(&shorten(vantage, NAME, self.out.style.ascii), NAME);
                lines.push(format!("  {name}  {}", row.concat()).trim_end().to_owned());
            }
        } else if self.vantages.len() > ROWS {
            let failing = self.vantages.values().filter(|cells| cells.values().any(|o| *o == Outcome::Fail)).count();
            lines.push(format!("  {} vantages, {failing} with a failure", self.vantages.len()));
        }
        lines.push(String::new());
        let why = if self.why.is_empty() { "looking for places to ask from" } else { self.why.as_str() };
        lines.push(format!("  {turning} why now: {why}"));
        lines.push(if self.stopping {
            "  reporting what is known so far; Ctrl-C again ends at once".to_owned()
        } else {
            "  Ctrl-C stops and reports what is known so far".to_owned()
        });
        lines
    }

    fn cell(&self, outcome: Option<&Outcome>) -> String {
        outcome.map_or_else(String::new, |outcome| {
            let glyph = self.out.style.glyph(*outcome);
            debug_assert!(columns(glyph) < CELL, "a glyph fits its cell");
            glyph.to_owned()
        })
    }
}

fn seconds(time: f64) -> String {
    format!("{time:.1} s")
}

/// Which stages an observation speaks about, and how.
fn stages(obs: &pb::Observation) -> Vec<(Stage, Outcome)> {
    let outcome = outcome(obs);
    let stage = match obs.task.split_once(':').map_or(obs.task.as_str(), |(role, _)| role) {
        "resolve" => Stage::Dns,
        "routes" => Stage::Route,
        "echo" => Stage::Icmp,
        "pmtu" => Stage::Pmtu,
        "mss" => Stage::Mss,
        "ask" | "again" | "upstream" => return attempt(obs, outcome),
        _ => return Vec::new(),
    };
    vec![(stage, outcome)]
}

fn attempt(obs: &pb::Observation, outcome: Outcome) -> Vec<(Stage, Outcome)> {
    let Some(tcp) = obs.tcp.as_ref().filter(|tcp| tcp.connected) else { return vec![(Stage::Tcp, outcome)] };
    debug_assert!(tcp.connected, "filtered above");
    let failed_at = obs.failure.as_ref().map_or("", |failure| failure.stage.as_str());
    let mut cells = vec![(Stage::Tcp, Outcome::Pass)];
    if let Some(tls) = &obs.tls {
        let failed = failed_at == "tls" || !tls.handshake_done;
        cells.push((Stage::Tls, if failed { Outcome::Fail } else { Outcome::Pass }));
    }
    if obs.http.is_some() && failed_at != "tls" {
        cells.push((Stage::Http, outcome));
    }
    cells
}

/// Outcome of the wire as a glyph has it; a value this build does not know says nothing.
pub(crate) fn outcome(obs: &pb::Observation) -> Outcome {
    match obs.outcome() {
        pb::Outcome::Pass => Outcome::Pass,
        pb::Outcome::Fail => Outcome::Fail,
        pb::Outcome::Degraded => Outcome::Degraded,
        pb::Outcome::NotReached => Outcome::NotReached,
        pb::Outcome::NotAsked => Outcome::NotAsked,
        pb::Outcome::Intercepted => Outcome::Intercepted,
        pb::Outcome::CouldNotLook | pb::Outcome::Unspecified => Outcome::CouldNotLook,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(task: &str, outcome: pb::Outcome) -> pb::Observation {
        pb::Observation { task: task.into(), outcome: outcome.into(), vantage: "local".into(), ..Default::default() }
    }

    #[test]
    fn an_attempt_fills_the_stages_it_reached() {
        let refused = observation("ask:10.0.0.7", pb::Outcome::Fail);
        assert_eq!(stages(&refused), [(Stage::Tcp, Outcome::Fail)]);
        let bad_status = pb::Observation {
            tcp: Some(pb::TcpDetail { connected: true, ..Default::default() }),
            http: Some(pb::HttpDetail { status: 504, ..Default::default() }),
            ..observation("ask:10.0.0.7", pb::Outcome::Fail)
        };
        assert_eq!(stages(&bad_status), [(Stage::Tcp, Outcome::Pass), (Stage::Http, Outcome::Fail)]);
        assert!(stages(&observation("sockets", pb::Outcome::Pass)).is_empty());
    }

    #[test]
    fn names_from_the_wire_do_not_move_the_cursor() {
        let out = Output { quiet: true, ..Output::before_parsing(crate::args::Format::Text, false) };
        let mut live = Live::begin(&out, "http://a/", std::time::Duration::from_secs(1));
        let vantage = pb::Vantage { id: "x\u{1b}[2J".into(), ..Default::default() };
        live.started(&pb::Started { run: "r\u{7}".into(), vantages: vec![vantage], ..Default::default() });
        live.round(&pb::RoundStarted { why: "\u{1b}c".into(), ..Default::default() });
        live.item(&observation("resolve", pb::Outcome::Pass));
        assert!(!live.view().concat().contains(['\u{1b}', '\u{7}']));
    }
}
