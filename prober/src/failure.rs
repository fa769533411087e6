//! io, TLS and DNS errors -> [`pb::Failure`]: written once. Text is the system's own, never shortened.

use std::{io, time::Duration};

use mesh_proto::v1 as pb;
use nix::errno::Errno;

use crate::guard::{DENIED_POLICY, Denied};

/// Name of an errno ("ECONNREFUSED"); empty when the error has none.
pub(crate) fn errno_name(error: &io::Error) -> String {
    match error.raw_os_error().map(Errno::from_raw) {
        None | Some(Errno::UnknownErrno) => String::new(),
        Some(errno) => format!("{errno:?}"),
    }
}

/// What was met at a stage: `operation` says what was attempted, at which address.
pub(crate) fn io(stage: &str, operation: &str, error: &io::Error) -> pb::Failure {
    let how = match (error.raw_os_error(), error.kind()) {
        (Some(_), _) => "errno",
        (None, io::ErrorKind::UnexpectedEof) => "eof",
        (None, io::ErrorKind::TimedOut) => "timeout",
        (None, _) => "protocol",
    };
    pb::Failure {
        stage: stage.to_owned(),
        operation: operation.to_owned(),
        errno_name: errno_name(error),
        errno: error.raw_os_error().unwrap_or(0),
        text: error.to_string(),
        side: String::new(),
        how: how.to_owned(),
    }
}

/// The prober's own bound ended the wait.
pub(crate) fn timeout(stage: &str, operation: &str, after: Duration) -> pb::Failure {
    let text = format!("no answer after {} ms", after.as_millis());
    told(stage, operation, &text, "timeout")
}

/// The other end closed in order where more was to come.
pub(crate) fn eof(stage: &str, operation: &str, text: &str) -> pb::Failure {
    pb::Failure { side: "peer".to_owned(), ..told(stage, operation, text, "eof") }
}

/// The policy of this prober refuses it.
pub(crate) fn denied(operation: &str, denied: &Denied) -> pb::Failure {
    pb::Failure {
        side: "prober".to_owned(),
        errno_name: DENIED_POLICY.to_owned(),
        ..told("policy", operation, &denied.to_string(), "policy")
    }
}

/// Anything that carries no errno.
pub(crate) fn told(stage: &str, operation: &str, text: &str, how: &str) -> pb::Failure {
    pb::Failure {
        stage: stage.to_owned(),
        operation: operation.to_owned(),
        text: text.to_owned(),
        how: how.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errno_keeps_its_name_number_and_text() {
        let error = io::Error::from_raw_os_error(libc::ECONNREFUSED);
        let failure = io("connect", "connect 10.0.0.7:443", &error);
        assert_eq!((failure.errno_name.as_str(), failure.errno), ("ECONNREFUSED", 111));
        assert_eq!(failure.text, "Connection refused (os error 111)");
        assert_eq!(failure.how, "errno");
    }

    #[test]
    fn our_own_bound_is_not_an_errno() {
        let failure = timeout("connect", "connect 10.0.0.7:443", Duration::from_millis(3300));
        assert_eq!((failure.errno, failure.how.as_str()), (0, "timeout"));
    }
}
