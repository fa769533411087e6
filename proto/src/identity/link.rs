//! A connection that knows its peer, can be cut from outside, and says when it is gone.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};
use tonic::transport::server::Connected;

use crate::{authz::Peer, transport::lifeline::Noted};

/// A stream with its peer. Dropping it ends what [`Link::new`] returned.
#[derive(Debug)]
pub struct Link<S> {
    stream: Noted<S>,
    peer: Peer,
    /// Completes when the connection is to end: the sender was used or dropped.
    cut: Option<oneshot::Receiver<()>>,
    _gone: oneshot::Sender<()>,
}

impl<S> Link<S> {
    /// `cut` ends the connection when its sender is used or dropped. The receiver returned completes once the connection
    /// is gone for whatever reason.
    pub fn new(stream: S, mut peer: Peer, cut: Option<oneshot::Receiver<()>>) -> (Self, oneshot::Receiver<()>) {
        let (gone, told) = oneshot::channel();
        let stream = Noted::new(stream);
        peer.line = stream.lifeline();
        (Self { stream, peer, cut, _gone: gone }, told)
    }

    fn poll_cut(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some(cut) = self.cut.as_mut() else { return Ok(()) };
        if cut.is_terminated() || Pin::new(cut).poll(cx).is_ready() {
            self.peer.line.cut();
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the connection was cut by this side"));
        }
        Ok(())
    }
}

impl<S> Connected for Link<S> {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.peer.clone()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Link<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll_cut(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Link<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Whoever reads is woken by the cut; a writer sees it when it writes next.
        if self.cut.as_ref().is_some_and(oneshot::Receiver::is_terminated) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
