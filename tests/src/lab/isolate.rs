//! The lab runs inside namespaces of its own: user (when not root), network, mount and process. The kernel ends every
//! process of a process namespace with its first one, so nothing outlives the lab, however it ends.

use std::{env, io, os::unix::process::CommandExt as _, process::Command};

use nix::{
    mount::{MsFlags, mount},
    unistd::geteuid,
};

/// Says that the process is inside already.
const INSIDE: &str = "PROBEMESH_LAB_INSIDE";
/// A folder every Debian system has and nobody needs here: a file system in memory is mounted over it, so that sockets
/// and configuration go with the namespaces.
pub const WORK: &str = "/media";

/// Replaces this process by itself inside namespaces of its own; returns when it is there. util-linux unshare(1) forks,
/// mounts /proc and ties the child to the parent's life.
pub fn enter() -> io::Result<()> {
    if env::var_os(INSIDE).is_none() {
        let mut command = Command::new("unshare");
        command.args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
        if !geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        let error = command.arg("--").arg(env::current_exe()?).args(env::args_os().skip(1)).env(INSIDE, "1").exec();
        return Err(io::Error::new(error.kind(), format!("unshare: {error}")));
    }
    mount(Some("lab"), WORK, Some("tmpfs"), MsFlags::MS_NOSUID, None::<&str>)
        .map_err(|e| io::Error::other(format!("tmpfs on {WORK}: {e}")))
}
