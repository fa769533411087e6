//! Admin interfaces of proxies on this machine. Their addresses are those of the prober's own command line, never of a
//! question, so the guard is not asked.

use std::{io, net::SocketAddr, path::Path, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    time,
};

/// Longest answer. A row of HAProxy's is about 400 bytes, a host of Envoy's 700.
pub(crate) const BYTES: u64 = 1 << 20;
/// One exchange; a proxy that has no time for its own admin interface is told as such.
pub(crate) const TIME: Duration = Duration::from_millis(800);

/// What was answered until the end of the stream or of the bound, which the flag tells.
pub(crate) async fn ask_unix(path: &Path, question: &str) -> io::Result<(Vec<u8>, bool)> {
    bounded(async {
        let mut stream = UnixStream::connect(path).await?;
        stream.write_all(question.as_bytes()).await?;
        to_end(&mut stream).await
    })
    .await
}

/// Only loopback: anything else is a target.
#[expect(clippy::disallowed_methods, reason = "the owner's own proxy on loopback, from the command line")]
pub(crate) async fn ask_loopback(to: SocketAddr, question: &str) -> io::Result<(Vec<u8>, bool)> {
    if !to.ip().is_loopback() {
        return Err(io::Error::other(format!("{to} is not loopback")));
    }
    bounded(async {
        let mut stream = TcpStream::connect(to).await?;
        stream.write_all(question.as_bytes()).await?;
        to_end(&mut stream).await
    })
    .await
}

async fn bounded<T>(exchange: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match time::timeout(TIME, exchange).await {
        Ok(answer) => answer,
        Err(_elapsed) => {
            let text = format!("no whole answer within {} ms", TIME.as_millis());
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        }
    }
}

async fn to_end(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(Vec<u8>, bool)> {
    let mut answer = Vec::new();
    stream.take(BYTES + 1).read_to_end(&mut answer).await?;
    let whole = answer.len() as u64 <= BYTES;
    Ok((answer, whole))
}
