//! `meshctl diagnose --for`: the question again and again, for what comes and goes.

use std::time::Duration;

use mesh_diagnosis::report::{RunStatus, Status};
use mesh_proto::v1::{DiagnoseRequest, Finished, coordinator_client::CoordinatorClient};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};
use tonic::transport::Channel;

use crate::{
    args::{FailOn, Format},
    cmd::{
        Context,
        drive::{self, Stop},
        runs,
    },
    exit::{self, Code, Problem},
    render::Output,
};

/// From the start of one run to the next, unless another time is given.
pub(crate) const EVERY: Duration = Duration::from_secs(30);

/// How a question is repeated.
pub(super) struct Repeat<'c> {
    pub(super) lasting: Duration,
    pub(super) every: Duration,
    pub(super) until_failing: bool,
    /// What single runs say goes there.
    pub(super) quiet: &'c Context,
}

/// One run, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// Empty when the run could not be carried out.
    pub(crate) run: String,
    /// RFC 3339 in UTC.
    pub(crate) at: String,
    /// Absent when the run could not be carried out.
    pub(crate) status: Option<Status>,
    /// "application/not-listening @ local", or why there is no verdict; empty when healthy.
    pub(crate) place: String,
    /// It counts as failure under `--fail-on`.
    pub(crate) failed: bool,
    /// Ctrl-C ended it: it counts neither way.
    pub(crate) interrupted: bool,
    /// Why its bundle is not kept.
    pub(crate) save_error: Option<String>,
}

/// What all of them come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Sum {
    pub(crate) of: usize,
    pub(crate) failed: usize,
    /// Runs without a verdict.
    pub(crate) unknown: usize,
    /// RFC 3339 in UTC: start of the first run that failed.
    pub(crate) began: Option<String>,
    pub(crate) first_failing: Option<String>,
    pub(crate) interrupted: bool,
}

impl Sum {
    pub(super) fn add(&mut self, line: &Line) {
        if line.interrupted {
            self.interrupted = true;
            return;
        }
        self.of += 1;
        if line.failed {
            self.failed += 1;
            self.began.get_or_insert_with(|| line.at.clone());
            self.first_failing.get_or_insert_with(|| line.run.clone());
        } else if matches!(line.status, None | Some(Status::Unknown)) {
            self.unknown += 1;
        }
    }

    pub(super) fn code(&self, fail_on: FailOn) -> Code {
        match (self.interrupted, fail_on) {
            (true, _) => Code::Interrupted,
            (false, FailOn::Never) => Code::Good,
            (false, _) if self.failed > 0 => Code::Failing,
            (false, _) if self.unknown > 0 => Code::Unknown,
            (false, _) => Code::Good,
        }
    }
}

/// The same context with nothing to say: a line per run is what is told.
pub(super) fn quiet(cx: &Context) -> Context {
    let out = Output { format: Format::Text, quiet: true, redraw: false, ..cx.out.clone() };
    Context { global: cx.global.clone(), env: cx.env.clone(), out, argv: cx.argv.clone() }
}

impl Repeat<'_> {
    pub(super) async fn run(
        &self,
        client: &CoordinatorClient<Channel>,
        request: &DiagnoseRequest,
        cx: &Context,
    ) -> Result<Code, Problem> {
        let mut stop = Stop::listen()?;
        let target = request.target.as_ref().map(|target| target.input.clone()).unwrap_or_default();
        cx.out.repeat_begins(&target, self.lasting, self.every);
        let mut next = Instant::now();
        let until = next + self.lasting;
        let (mut lines, mut sum, mut unkept) = (Vec::new(), Sum::default(), false);
        loop {
            let line = match self.once(client, request, &mut stop, cx.global.fail_on).await {
                Ok(line) => line,
                // What can't be done at all is told as for a single run.
                Err(problem) if lines.is_empty() => return Err(problem),
                Err(problem) => absent(problem),
            };
            if let (Some(why), false) = (&line.save_error, unkept) {
                cx.out.note(&format!("not saved: {why}"));
                unkept = true;
            }
            cx.out.repeat_line(&line)?;
            sum.add(&line);
            let over = sum.interrupted || (self.until_failing && line.failed);
            lines.push(line);
            // Runs never overlap: one that takes longer than the interval is followed at once.
            next = (next + self.every).max(Instant::now());
            if over || next >= until {
                break;
            }
            tokio::select! {
                () = sleep_until(next) => {}
                () = stop.asked() => {
                    sum.interrupted = true;
                    break;
                }
            }
        }
        cx.out.repeat_ends(&target, &lines, &sum)?;
        Ok(sum.code(cx.global.fail_on))
    }

    async fn once(
        &self,
        client: &CoordinatorClient<Channel>,
        request: &DiagnoseRequest,
        stop: &mut Stop,
        fail_on: FailOn,
    ) -> Result<Line, Problem> {
        let mut live = self.quiet.out.progress("", Duration::from_millis(request.deadline_ms.into()));
        let finished = drive::finished(client.clone(), request.clone(), stop, &mut live, self.quiet).await;
        live.end();
        line(&finished?, fail_on)
    }
}

pub(super) fn line(finished: &Finished, fail_on: FailOn) -> Result<Line, Problem> {
    let report = drive::report(finished)?;
    let interrupted = report.run.status == RunStatus::Interrupted;
    // Whether a run fails is asked even where it does not decide the code.
    let threshold = if fail_on == FailOn::Never { FailOn::Failing } else { fail_on };
    let place = match report.verdict.status {
        Status::Healthy => String::new(),
        Status::Unknown => report.verdict.summary.clone(),
        Status::Degraded | Status::Failing => runs::place(&report),
    };
    Ok(Line {
        failed: exit::of(&report, threshold) == Code::Failing,
        status: Some(report.verdict.status),
        run: report.run.id,
        at: report.run.started_at,
        place,
        interrupted,
        save_error: (!finished.save_error.is_empty()).then(|| finished.save_error.clone()),
    })
}

pub(super) fn absent(problem: Problem) -> Line {
    Line {
        run: String::new(),
        at: jiff::Timestamp::now().to_string(),
        status: None,
        failed: false,
        interrupted: problem.code == Code::Interrupted,
        place: problem.message,
        save_error: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: Option<Status>, failed: bool, at: &str) -> Line {
        Line {
            run: format!("run{at}"),
            at: at.to_owned(),
            status,
            place: String::new(),
            failed,
            interrupted: false,
            save_error: None,
        }
    }

    #[test]
    fn the_sum_says_how_many_failed_and_when_it_began() {
        let mut sum = Sum::default();
        sum.add(&told(Some(Status::Healthy), false, "1"));
        assert_eq!(sum.code(FailOn::Failing), Code::Good);
        sum.add(&told(None, false, "2"));
        assert_eq!(sum.code(FailOn::Failing), Code::Unknown);
        sum.add(&told(Some(Status::Failing), true, "3"));
        sum.add(&told(Some(Status::Failing), true, "4"));
        assert_eq!((sum.of, sum.failed, sum.unknown, sum.began.as_deref()), (4, 2, 1, Some("3")));
        assert_eq!((sum.code(FailOn::Failing), sum.code(FailOn::Never)), (Code::Failing, Code::Good));
        sum.add(&Line { interrupted: true, ..told(Some(Status::Failing), true, "5") });
        assert_eq!((sum.of, sum.failed, sum.code(FailOn::Never)), (4, 2, Code::Interrupted));
    }
}
