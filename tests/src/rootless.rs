//! Entering namespaces of one's own, before any thread exists.

use std::{fs, io};

use nix::{
    errno::Errno,
    sched::{CloneFlags, unshare},
    unistd::{getegid, geteuid},
};

/// Why this process can't have a network of its own.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    #[error("user namespaces are forbidden here ({what}: {source}); as root it works: sudo {command}", command = command())]
    Forbidden {
        what: &'static str,
        #[source]
        source: io::Error,
    },
    /// Root in a container: neither it nor a user namespace may do it.
    #[error("root may not make namespaces here ({0}): the container lacks CAP_SYS_ADMIN and forbids user namespaces")]
    Confined(#[source] Errno),
}

fn command() -> String {
    std::env::args().collect::<Vec<_>>().join(" ")
}

/// Moves this process into a network and mount namespace of its own; for a user who is not root, or a root without
/// `CAP_SYS_ADMIN`, inside a user namespace. Must be called before any thread is started (unshare(2), `CLONE_NEWUSER`).
pub fn enter_rootless() -> Result<(), EnterError> {
    enter(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS)
}

/// The same with namespaces of the caller's choice.
pub(crate) fn enter(inner: CloneFlags) -> Result<(), EnterError> {
    let (uid, gid) = (geteuid(), getegid());
    if uid.is_root() && unshare(inner).is_ok() {
        return Ok(());
    }
    unshare(CloneFlags::CLONE_NEWUSER | inner).map_err(|errno| {
        if uid.is_root() {
            EnterError::Confined(errno)
        } else {
            EnterError::Forbidden { what: "unshare", source: errno.into() }
        }
    })?;
    // Where a security module restricts user namespaces, unshare works and this does not.
    let write = |what: &'static str, text: String| {
        fs::write(what, text).map_err(|source| EnterError::Forbidden { what, source })
    };
    // Without it an unprivileged process may not map its group (user_namespaces(7)).
    write("/proc/self/setgroups", "deny".to_owned())?;
    write("/proc/self/uid_map", format!("0 {uid} 1"))?;
    write("/proc/self/gid_map", format!("0 {gid} 1"))
}
