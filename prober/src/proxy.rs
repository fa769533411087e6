//! Proxies that the prober's owner named on its command line. Nobody else names one: a question carries no path.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

/// A proxy and where its state is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// Its stats socket ("stats socket" in its configuration).
    HaProxy(PathBuf),
    /// Its admin interface, on loopback.
    Envoy(SocketAddr),
    /// Its error log.
    Nginx(PathBuf),
}

/// What is wrong with a `KIND=PLACE`.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error("write haproxy=SOCKET, envoy=http://127.0.0.1:PORT or nginx=FILE")]
    Form,
    #[error("{0:?} is not an absolute path")]
    Relative(String),
    #[error("{0:?} is not http:// with a loopback address and a port, as in http://127.0.0.1:9901")]
    NotLoopback(String),
}

impl Proxy {
    /// "haproxy", "envoy" or "nginx".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::HaProxy(_) => "haproxy",
            Self::Envoy(_) => "envoy",
            Self::Nginx(_) => "nginx",
        }
    }
}

/// The place, as its owner named it.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HaProxy(path) | Self::Nginx(path) => write!(f, "{}", path.display()),
            Self::Envoy(address) => write!(f, "http://{address}"),
        }
    }
}

impl FromStr for Proxy {
    type Err = Wrong;

    fn from_str(text: &str) -> Result<Self, Wrong> {
        let (kind, place) = text.split_once('=').ok_or(Wrong::Form)?;
        // A daemon's working folder is nobody's intention.
        // Sockets are written `unix:PATH` elsewhere on this command line.
        let path = || match PathBuf::from(place.strip_prefix("unix:").unwrap_or(place)) {
            path if path.is_absolute() => Ok(path),
            _ => Err(Wrong::Relative(place.to_owned())),
        };
        match kind {
            "haproxy" => path().map(Self::HaProxy),
            "nginx" => path().map(Self::Nginx),
            "envoy" => {
                let address = place.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
                let address = address.and_then(|address| address.parse::<SocketAddr>().ok());
                let own = address.filter(|address| address.ip().is_loopback() && address.port() != 0);
                own.map(Self::Envoy).ok_or_else(|| Wrong::NotLoopback(place.to_owned()))
            }
            _ => Err(Wrong::Form),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_by_its_kind_and_only_loopback_is_asked() {
        for (text, place) in [
            ("haproxy=/run/haproxy/admin.sock", "/run/haproxy/admin.sock"),
            ("envoy=http://127.0.0.1:9901/", "http://127.0.0.1:9901"),
            ("envoy=http://[::1]:9901", "http://[::1]:9901"),
            ("nginx=/var/log/nginx/error.log", "/var/log/nginx/error.log"),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!((proxy.kind(), proxy.to_string().as_str()), (text.split('=').next().unwrap(), place));
        }
        for (text, says) in [
            ("nonsense", "write haproxy=SOCKET"),
            ("squid=/run/x", "write haproxy=SOCKET"),
            ("nginx=error.log", "not an absolute path"),
            ("envoy=http://10.0.0.1:9901", "loopback"),
            ("envoy=https://127.0.0.1:9901", "loopback"),
            ("envoy=http://localhost:9901", "loopback"),
        ] {
            let said = text.parse::<Proxy>().unwrap_err().to_string();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
