//! Exit codes, decided in one place, and the one error type of the command line.

use mesh_diagnosis::report::{Report, RunStatus, Status};
use tonic::Code as Grpc;

use crate::args::FailOn;

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Healthy, or done.
    Good = 0,
    /// The target fails, wherever the place.
    Failing = 1,
    Usage = 2,
    /// Nothing could be asked of the target.
    Unknown = 3,
    /// No coordinator, no permission, no vantage matched, a file that can't be used.
    CouldNotRun = 4,
    /// Ctrl-C; the report of what was known is still printed.
    Interrupted = 130,
}

impl Code {
    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}

/// The code of a report.
pub(crate) fn of(report: &Report, fail_on: FailOn) -> Code {
    if report.run.status == RunStatus::Interrupted {
        return Code::Interrupted;
    }
    match (report.verdict.status, fail_on) {
        (_, FailOn::Never) | (Status::Healthy, _) | (Status::Degraded, FailOn::Failing) => Code::Good,
        (Status::Degraded, FailOn::Degraded) | (Status::Failing, _) => Code::Failing,
        (Status::Unknown, _) if refused_everywhere(report) => Code::CouldNotRun,
        (Status::Unknown, _) => Code::Unknown,
    }
}

/// Every vantage that was asked refused by its policy.
fn refused_everywhere(report: &Report) -> bool {
    let refuses = |id: &str| {
        report.results.iter().any(|cell| cell.vantage == id && cell.error_type.as_deref() == Some("DENIED_POLICY"))
    };
    let mut asked = report.vantages.iter().filter(|vantage| !vantage.observer).peekable();
    asked.peek().is_some() && asked.all(|vantage| refuses(&vantage.id))
}

/// Why a command ends without its result: what, where, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    /// Lower-case fragment; names the operation and the place.
    pub(crate) message: String,
    /// Lines that can be acted on.
    pub(crate) hints: Vec<String>,
}

impl Problem {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: Code::Usage, message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn could_not_run(message: impl Into<String>) -> Self {
        Self { code: Code::CouldNotRun, message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self { code: Code::Interrupted, message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }
}

impl From<tonic::Status> for Problem {
    fn from(status: tonic::Status) -> Self {
        let message = match status.message() {
            "" => format!("the coordinator answers {:?}", status.code()),
            text => text.to_owned(),
        };
        match status.code() {
            Grpc::InvalidArgument => Self::usage(message),
            Grpc::NotFound => {
                Self::could_not_run(message).hint("meshctl vantages lists the places that can be asked from")
            }
            _ => Self::could_not_run(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn every_status_has_its_code_under_every_threshold() {
        use Status::{Degraded, Failing, Healthy, Unknown};
        for (status, failing, degraded) in [
            (Healthy, Code::Good, Code::Good),
            (Degraded, Code::Good, Code::Failing),
            (Failing, Code::Failing, Code::Failing),
            (Unknown, Code::Unknown, Code::Unknown),
        ] {
            let mut report = samples::healthy();
            report.verdict.status = status;
            assert_eq!(of(&report, FailOn::Failing), failing, "{status:?}");
            assert_eq!(of(&report, FailOn::Degraded), degraded, "{status:?}");
            assert_eq!(of(&report, FailOn::Never), Code::Good, "{status:?}");
            report.run.status = RunStatus::Interrupted;
            assert_eq!(of(&report, FailOn::Never), Code::Interrupted, "{status:?}");
        }
    }

    #[test]
    fn a_run_that_every_vantage_refuses_could_not_run_and_one_that_some_do_is_unknown() {
        let mut report = samples::healthy();
        report.verdict.status = Status::Unknown;
        assert_eq!(of(&report, FailOn::Failing), Code::Unknown, "control");
        let asked: Vec<String> = report.vantages.iter().filter(|one| !one.observer).map(|one| one.id.clone()).collect();
        for cell in report.results.iter_mut().filter(|cell| cell.vantage == asked[0]) {
            cell.error_type = Some("DENIED_POLICY".to_owned());
        }
        let some = if asked.len() > 1 { Code::Unknown } else { Code::CouldNotRun };
        assert_eq!(of(&report, FailOn::Failing), some);
        for cell in &mut report.results {
            cell.error_type = Some("DENIED_POLICY".to_owned());
        }
        assert_eq!(of(&report, FailOn::Failing), Code::CouldNotRun);
    }

    #[test]
    fn an_unmatched_selector_could_not_run_and_says_where_to_look() {
        let problem = Problem::from(tonic::Status::not_found("no vantage matches \"x\""));
        assert_eq!(problem.code, Code::CouldNotRun);
        assert_eq!(problem.hints.len(), 1);
    }
}
