//! Commands inside a host: its network, and its own view of resolv.conf and hosts.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::Host;

/// A command that runs inside a host.
pub fn command(host: &Host, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={}", host.path())).arg("--").arg(program);
    command
}

/// A command inside a host that reads that host's files below /etc.
pub fn with_etc(host: &Host, etc: &Path, program: &Path) -> Command {
    let mut command = Command::new("nsenter");
    let script = "for f in resolv.conf hosts nsswitch.conf; do mount --bind \"$0/$f\" /etc/$f; done; exec \"$@\"";
    command
        .arg(format!("--net={}", host.path()))
        .args(["--", "unshare", "--mount", "sh", "-ec", script])
        .arg(etc)
        .arg(program);
    command
}

/// Runs a command to its end; what it printed when it failed is the error.
pub fn run(host: &Host, words: &[&str]) -> io::Result<String> {
    feed(host, words, "")
}

/// The same with a text on its standard input.
pub fn feed(host: &Host, words: &[&str], input: &str) -> io::Result<String> {
    let (program, arguments) = words.split_first().ok_or_else(|| io::Error::other("an empty command"))?;
    let mut child = command(host, program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let done = child.wait_with_output()?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        return Err(io::Error::other(format!("{} on {}: {}", words.join(" "), host.name, said.trim())));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// A process that is ended with its handle.
#[derive(Debug)]
pub struct Daemon {
    pub name: String,
    child: Child,
    pub log: PathBuf,
}

impl Daemon {
    /// Starts a command with its output in a file.
    pub fn start(name: &str, mut command: Command, log: &Path) -> io::Result<Self> {
        let output = fs::File::create(log)?;
        let errors = output.try_clone()?;
        let child = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn()?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned() })
    }

    /// Ends it and waits for that.
    pub fn stop(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// What it printed, for a message when it is not there.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself; the process namespace ends what is left.
        self.stop().unwrap_or_default();
    }
}
