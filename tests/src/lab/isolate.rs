//! The lab runs inside namespaces of its own: user (when not root), network, mount and process. The kernel ends every
//! process of a process namespace with its first one, so nothing outlives the lab, however it ends.

use std::{
    env, fs, io,
    os::unix::process::ExitStatusExt as _,
    process::{Command, ExitCode, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use nix::{
    mount::{MsFlags, mount},
    sched::CloneFlags,
    sys::{
        prctl::set_pdeathsig,
        signal::{Signal, kill},
    },
    unistd::Pid,
};

use crate::rootless;

/// Says that the process is inside already, and who is its parent outside.
const INSIDE: &str = "PROBEMESH_LAB_INSIDE";
/// A folder every Linux has and nobody works in: a file system in memory is mounted over it inside the lab, so that
/// sockets and configuration go with the namespaces.
pub const WORK: &str = "/dev/shm";
/// A lab that is told to end does so within milliseconds; its namespaces are taken down by the kernel.
const ENDING: Duration = Duration::from_secs(5);

/// Which of the two processes this is.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    /// Go on: the namespaces are there.
    Inside,
    /// The process inside has done the work and ended.
    Outside(ExitCode),
}

/// Runs this program again inside namespaces of its own. The process outside only waits: it keeps the usual effect of
/// every signal, and its end, by whatever signal, is the end of the one inside (`PR_SET_PDEATHSIG`), which as the first
/// process of its namespace would not hear Ctrl-C.
pub fn enter() -> io::Result<Side> {
    if let Some(outside) = env::var_os(INSIDE) {
        settle(&outside.to_string_lossy())?;
        return Ok(Side::Inside);
    }
    rootless::enter(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID)
        .map_err(io::Error::other)?;
    // Mounts of the lab must not travel to the machine's own tree.
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)
        .map_err(|e| io::Error::other(format!("make mounts private: {e}")))?;
    let own = env::current_exe()?;
    let status = Command::new(&own).args(env::args_os().skip(1)).env(INSIDE, own_pid()?.to_string()).status();
    status
        .map(|status| Side::Outside(code(status)))
        .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", own.display())))
}

fn code(status: ExitStatus) -> ExitCode {
    let number = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(4);
    ExitCode::from(u8::try_from(number).unwrap_or(4))
}

/// What the process inside does first.
fn settle(outside: &str) -> io::Result<()> {
    set_pdeathsig(Signal::SIGKILL)?;
    // The parent may have ended before the line above; its namespace is not ours, so getppid(2) would say 0.
    let status = fs::read_to_string("/proc/self/status")?;
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")).map(str::trim);
    if parent != Some(outside) {
        return Err(io::Error::other(format!("{INSIDE} is set by the lab alone: process {outside} is not the parent")));
    }
    mount(Some("lab"), WORK, Some("tmpfs"), MsFlags::MS_NOSUID, None::<&str>)
        .map_err(|e| io::Error::other(format!("tmpfs on {WORK}: {e}")))
}

/// This process as /proc numbers it: that of the machine, whose /proc the lab keeps.
pub fn own_pid() -> io::Result<u32> {
    let link = fs::read_link("/proc/self")?;
    link.to_string_lossy().parse().map_err(|e| io::Error::other(format!("/proc/self leads to {}: {e}", link.display())))
}

/// Ends every `lab up` of this program that this user may end; how many there were.
pub fn down() -> io::Result<usize> {
    let own = env::current_exe()?;
    let running: Vec<Pid> = fs::read_dir("/proc")?
        .filter_map(Result::ok)
        .filter(|entry| fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == own))
        .filter(|entry| {
            fs::read(entry.path().join("cmdline")).is_ok_and(|line| line.split(|b| *b == 0).nth(1) == Some(b"up"))
        })
        // The process inside doesn't hear it and ends with its parent.
        .filter(|entry| fs::read(entry.path().join("environ")).is_ok_and(|all| !is_inside(&all)))
        .filter_map(|entry| entry.file_name().to_string_lossy().parse().ok().map(Pid::from_raw))
        .collect();
    for pid in &running {
        kill(*pid, Signal::SIGTERM)?;
    }
    let until = Instant::now() + ENDING;
    while running.iter().any(|pid| fs::exists(format!("/proc/{pid}/exe")).unwrap_or(false)) {
        if Instant::now() > until {
            return Err(io::Error::other(format!("{running:?} do not end")));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(running.len())
}

fn is_inside(environment: &[u8]) -> bool {
    environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(INSIDE.as_bytes()))
}

/// Whether the lab had to make a user namespace: the outermost maps every id (`user_namespaces(7)`).
pub fn is_user_namespace() -> io::Result<bool> {
    let map = fs::read_to_string("/proc/self/uid_map")?;
    Ok(map.split_whitespace().last() == Some("1"))
}
