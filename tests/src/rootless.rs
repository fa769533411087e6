//! Entering namespaces of one's own, before any thread exists.

use std::{fs, io};

use nix::{
    sched::{CloneFlags, unshare},
    unistd::{getegid, geteuid},
};

/// Why this process can't have a network of its own.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    #[error("user namespaces are forbidden here ({0}); as root it works: sudo {command}", command = command())]
    Forbidden(nix::errno::Errno),
    #[error("{what}")]
    Io {
        what: &'static str,
        #[source]
        source: io::Error,
    },
}

fn command() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

/// Moves this process into a user namespace of its own when it is not root, and into a network and mount namespace in
/// either case. Must be called before any thread is started (unshare(2), `CLONE_NEWUSER`).
pub fn enter_rootless() -> Result<(), EnterError> {
    let (uid, gid) = (geteuid(), getegid());
    let inner = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS;
    if uid.is_root() {
        return unshare(inner).map_err(EnterError::Forbidden);
    }
    unshare(CloneFlags::CLONE_NEWUSER | inner).map_err(EnterError::Forbidden)?;
    let write = |path: &'static str, text: String| {
        fs::write(path, text).map_err(|source| EnterError::Io { what: path, source })
    };
    // Without it an unprivileged process may not map its group (user_namespaces(7)).
    write("/proc/self/setgroups", "deny".to_owned())?;
    write("/proc/self/uid_map", format!("0 {uid} 1"))?;
    write("/proc/self/gid_map", format!("0 {gid} 1"))
}
