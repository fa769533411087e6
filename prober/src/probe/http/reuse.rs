//! The same connection, used again after a pause: what a pool of connections does all day, and where a firewall's or a
//! load balancer's idle time shows.

use std::time::{Duration, Instant};

use mesh_proto::v1 as pb;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    time::{sleep_until, timeout_at},
};

use super::{
    exchange::{Far, Line, Talk, micros},
    wire::Request,
};

/// How long the second answer is waited for: by then the request was lost four times over (RFC 6298 from a first timer of
/// 200 ms: 0.2, 0.6, 1.4 s), and a server that has just answered the same in less is not thinking.
const AGAIN: Duration = Duration::from_millis(2_500);
/// Most bytes of what a server says unasked while the connection is idle (408 before a close).
const UNASKED: usize = 4 << 10;

/// A connection whose first answer has ended.
pub(super) struct Again<'a> {
    /// When it had.
    pub(super) ended: Instant,
    pub(super) idle: Duration,
    pub(super) head: &'a [u8],
    pub(super) request: &'a Request<'a>,
}

/// What came while nothing was asked.
#[derive(Debug, Default)]
struct Idle {
    closed: Option<(Duration, &'static str)>,
    bytes: Vec<u8>,
}

impl Again<'_> {
    /// Waits, asks again and fills `reuse`; a second answer that does not come fails the observation.
    pub(super) async fn use_it<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        deadline: Instant,
        session: &mut S,
        line: &Line<'_>,
        detail: &mut pb::HttpDetail,
        obs: &mut pb::Observation,
    ) {
        let idle = self.wait(session).await;
        let mut reuse = pb::ReuseDetail {
            idle_us: micros(self.ended.elapsed()),
            closed_at_us: idle.closed.map(|(at, _)| micros(at)),
            closed_by: idle.closed.map(|(_, by)| by.to_owned()).unwrap_or_default(),
            ..Default::default()
        };
        let mut talk = Talk::again(line, self.head, self.request);
        talk.closed = idle.closed.is_some();
        let until = deadline.min(talk.began + AGAIN);
        let ended = match talk.reader.take(&idle.bytes) {
            // What was said unasked is the answer to whatever is asked next.
            Ok(()) if talk.reader.done() => Ok(()),
            _ => talk.run(until, session, self.head).await,
        };
        if !idle.bytes.is_empty() {
            obs.caveats.push(format!("{} bytes came while nothing was asked", idle.bytes.len()));
        }
        reuse.status = talk.reader.detail.status;
        reuse.first_byte_us = talk.first_byte.map(micros);
        if let Err(ended) = ended {
            let far = Far {
                to: line.to,
                took: talk.began.elapsed(),
                sent: (talk.sent.body(), self.request.body_bytes),
                status: reuse.status,
            };
            let mut failure = ended.told(&far, obs.tls.as_mut());
            "reuse".clone_into(&mut failure.stage);
            failure.operation = format!("request to {} after {} ms idle", line.to, self.idle.as_millis());
            reuse.how.clone_from(&failure.how);
            reuse.errno_name.clone_from(&failure.errno_name);
            reuse.text.clone_from(&failure.text);
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure);
        }
        detail.reuse = Some(reuse);
    }

    /// Lets the time go by, reading. A close does not end it: whoever keeps a connection in a pool learns of the close
    /// when it is used, and what is in the way may forget it later than the peer does.
    async fn wait<S: AsyncRead + Unpin>(&self, session: &mut S) -> Idle {
        let until = self.ended + self.idle;
        let mut idle = Idle::default();
        let mut buffer = [0u8; 1_024];
        while idle.bytes.len() < UNASKED {
            match timeout_at(until.into(), session.read(&mut buffer)).await {
                Err(_elapsed) => return idle,
                Ok(Ok(0)) => idle.closed = Some((self.ended.elapsed(), "fin")),
                // TLS that ends without close_notify.
                Ok(Err(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    idle.closed = Some((self.ended.elapsed(), "fin"));
                }
                // An alert of TLS is the peer's last word as well; it closes after it.
                Ok(Err(e)) if e.raw_os_error().is_none() => idle.closed = Some((self.ended.elapsed(), "fin")),
                Ok(Err(_)) => idle.closed = Some((self.ended.elapsed(), "rst")),
                Ok(Ok(length)) => idle.bytes.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            }
            if idle.closed.is_some() {
                break;
            }
        }
        sleep_until(until.into()).await;
        idle
    }
}
