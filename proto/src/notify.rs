//! Tells the service manager that started this process that it serves (`sd_notify(3)`): one datagram to a Unix socket.

use std::{
    ffi::OsStr,
    io,
    os::unix::net::{SocketAddr, UnixDatagram},
};

/// Says that the start is over. `socket` is what the manager put into `NOTIFY_SOCKET`: a path, or "@" and an abstract name.
/// Without it nobody waits.
pub fn ready(socket: Option<&OsStr>) -> io::Result<()> {
    let Some(socket) = socket else { return Ok(()) };
    UnixDatagram::unbound()?.send_to_addr(b"READY=1", &address(socket)?).map(|_bytes| ())
}

fn address(socket: &OsStr) -> io::Result<SocketAddr> {
    #[cfg(target_os = "linux")]
    {
        use std::os::{linux::net::SocketAddrExt as _, unix::ffi::OsStrExt as _};
        if let Some(name) = socket.as_bytes().strip_prefix(b"@") {
            return SocketAddr::from_abstract_name(name);
        }
    }
    SocketAddr::from_pathname(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manager_hears_it_by_path_and_by_abstract_name() {
        let name = format!("probemesh-notify-{}", std::process::id());
        let path = std::env::temp_dir().join(&name);
        for at in [path.display().to_string(), format!("@{name}")] {
            let manager = UnixDatagram::bind_addr(&address(OsStr::new(&at)).expect("address")).expect("bound");
            ready(Some(OsStr::new(&at))).expect("sent");
            let mut heard = [0; 64];
            let bytes = manager.recv(&mut heard).expect("received");
            assert_eq!(&heard[..bytes], b"READY=1");
        }
        std::fs::remove_file(&path).expect("removed");
        assert!(ready(Some(path.as_os_str())).is_err(), "nobody is there");
        ready(None).expect("nobody waits");
    }
}
