//! The only unsafe code: system calls that no crate wraps, each with the man page that guarantees its use.

use std::{io, os::fd::OwnedFd};

pub(crate) mod clock;
pub(crate) mod icmp;
pub(crate) mod packet;
pub(crate) mod resolve;
pub(crate) mod tcp;

/// "device:inode" of a network namespace; the calling thread's when no handle is given. Empty when it can't be read.
pub(crate) fn namespace_id(handle: Option<&OwnedFd>) -> String {
    use std::os::{fd::AsFd as _, unix::fs::MetadataExt as _};
    match handle {
        // /proc/self is the thread-group leader's; the caller may be any thread.
        None => std::fs::metadata("/proc/thread-self/ns/net")
            .map(|meta| format!("{}:{}", meta.dev(), meta.ino()))
            .unwrap_or_default(),
        Some(fd) => {
            nix::sys::stat::fstat(fd.as_fd()).map(|stat| format!("{}:{}", stat.st_dev, stat.st_ino)).unwrap_or_default()
        }
    }
}

/// Moves the calling thread into a network namespace (setns(2)).
pub(crate) fn enter_namespace(handle: &OwnedFd) -> io::Result<()> {
    nix::sched::setns(handle, nix::sched::CloneFlags::CLONE_NEWNET).map_err(io::Error::from)
}
