//! A stream that counts what passes: size of the `ClientHello`, first byte and number of bytes that came back.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// No byte has come back.
const NOTHING: u32 = u32::MAX;

/// What was counted; shared with the stream.
#[derive(Debug, Clone)]
pub(crate) struct Counts(Arc<Numbers>);

#[derive(Debug)]
struct Numbers {
    hello: AtomicU32,
    first: AtomicU32,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
}

impl Counts {
    /// Bytes sent before the first came back.
    pub(crate) fn hello(&self) -> u32 {
        self.0.hello.load(Ordering::Relaxed)
    }

    /// First byte that came back.
    pub(crate) fn first(&self) -> Option<u32> {
        Some(self.0.first.load(Ordering::Relaxed)).filter(|first| *first != NOTHING)
    }

    pub(crate) fn bytes_in(&self) -> u64 {
        self.0.bytes_in.load(Ordering::Relaxed)
    }

    /// Bytes handed to the kernel.
    pub(crate) fn bytes_out(&self) -> u64 {
        self.0.bytes_out.load(Ordering::Relaxed)
    }
}

/// A TCP stream with counters.
#[derive(Debug)]
pub(crate) struct Tap {
    inner: TcpStream,
    counts: Counts,
}

impl Tap {
    pub(crate) fn new(inner: TcpStream) -> Self {
        Self::after(inner, 0)
    }

    /// A stream over which `sent` bytes went before: they are acknowledged with the rest.
    pub(crate) fn after(inner: TcpStream, sent: u64) -> Self {
        let numbers = Numbers {
            hello: AtomicU32::new(0),
            first: AtomicU32::new(NOTHING),
            bytes_in: AtomicU64::new(0),
            bytes_out: AtomicU64::new(sent),
        };
        Self { inner, counts: Counts(Arc::new(numbers)) }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.clone()
    }
}

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if let Some(first) = buf.filled().get(before) {
            let numbers = &self.counts.0;
            if numbers.first.load(Ordering::Relaxed) == NOTHING {
                numbers.first.store((*first).into(), Ordering::Relaxed);
            }
            let more = u64::try_from(buf.filled().len() - before).unwrap_or(0);
            numbers.bytes_in.fetch_add(more, Ordering::Relaxed);
        }
        polled
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, bytes);
        if let Poll::Ready(Ok(written)) = &polled {
            let numbers = &self.counts.0;
            numbers.bytes_out.fetch_add(u64::try_from(*written).unwrap_or(0), Ordering::Relaxed);
            if numbers.first.load(Ordering::Relaxed) == NOTHING {
                numbers.hello.fetch_add(u32::try_from(*written).unwrap_or(0), Ordering::Relaxed);
            }
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
