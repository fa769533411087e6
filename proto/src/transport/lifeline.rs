//! Whether a connection is still there. A server is told in one and the same way that a caller took its question back and
//! that the caller is gone: the answer's stream is dropped. This tells the two apart.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

/// The state of one connection, put into every request by it.
#[derive(Debug, Clone, Default)]
pub struct Lifeline(Arc<AtomicBool>);

impl Lifeline {
    /// Whether the connection has ended, by either side. It has whenever a stream was dropped for that reason: HTTP/2 tells
    /// its streams after the end was read, met, or begun by this side when a ping stayed unanswered. A caller that takes a
    /// question back and ends in the same moment can look as if it was lost.
    pub fn is_cut(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A stream that notes its own end.
#[derive(Debug)]
pub struct Noted<S> {
    stream: S,
    line: Lifeline,
}

impl<S> Noted<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, line: Lifeline::default() }
    }

    pub fn lifeline(&self) -> Lifeline {
        self.line.clone()
    }

    fn noted<T>(&self, done: io::Result<T>) -> Poll<io::Result<T>> {
        if done.is_err() {
            self.line.cut();
        }
        Poll::Ready(done)
    }
}

impl<S> Drop for Noted<S> {
    fn drop(&mut self) {
        self.line.cut();
    }
}

impl<S> Connected for Noted<S> {
    type ConnectInfo = Lifeline;

    fn connect_info(&self) -> Lifeline {
        self.lifeline()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (before, room) = (buffer.filled().len(), buffer.remaining() > 0);
        let done = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        if room && done.is_ok() && buffer.filled().len() == before {
            self.line.cut();
        }
        self.noted(done)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes));
        self.noted(done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = ready!(Pin::new(&mut self.stream).poll_flush(cx));
        self.noted(done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.cut();
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn an_end_is_noted_whoever_makes_it_and_nothing_else_is() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut near = Noted::new(near);
        let line = near.lifeline();
        far.write_all(b"x").await.unwrap();
        let mut byte = [0];
        near.read_exact(&mut byte).await.unwrap();
        near.write_all(b"y").await.unwrap();
        assert!(!line.is_cut(), "control: it lives");
        drop(far);
        assert_eq!(near.read(&mut byte).await.unwrap(), 0);
        assert!(line.is_cut());

        let (near, _far) = tokio::io::duplex(64);
        let mut near = Noted::new(near);
        let line = near.lifeline();
        near.shutdown().await.unwrap();
        assert!(line.is_cut(), "this side ended it");

        let (near, _far) = tokio::io::duplex(64);
        let near = Noted::new(near);
        let line = near.lifeline();
        drop(near);
        assert!(line.is_cut(), "nobody holds it");
    }
}
