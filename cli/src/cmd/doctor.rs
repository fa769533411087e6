//! `meshctl doctor`: what works here. Reads files of the kernel and the system; changes nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use mesh_diagnosis::report::Outcome;
use mesh_proto::v1::ListVantagesRequest;
use nix::unistd::{AccessFlags, access, getegid};
use serde_json::json;

use super::Context;
use crate::{
    args::Doctor,
    connect::{self, Peers},
    exit::{Code, Problem},
    render::{
        style::{count, pad},
        text::{hanging, quoted},
    },
};

/// Capabilities that open further evidence: number (capabilities(7)), name, what it gives.
const CAPABILITIES: [(u32, &str, &str); 4] = [
    (13, "CAP_NET_RAW", "raw SYN, ICMP echo of any size"),
    (12, "CAP_NET_ADMIN", "firewall rules with their counters"),
    (21, "CAP_SYS_ADMIN", "asking from other network namespaces"),
    (34, "CAP_SYSLOG", "the kernel's log"),
];

/// One line of the answer.
struct Check {
    outcome: Outcome,
    what: &'static str,
    seen: String,
    /// The one command that would make it work.
    command: Option<String>,
}

impl Check {
    fn good(what: &'static str, seen: impl Into<String>) -> Self {
        Self { outcome: Outcome::Pass, what, seen: seen.into(), command: None }
    }

    fn limited(what: &'static str, seen: impl Into<String>, command: impl Into<String>) -> Self {
        Self { outcome: Outcome::CouldNotLook, what, seen: seen.into(), command: Some(command.into()) }
    }

    fn broken(what: &'static str, seen: impl Into<String>) -> Self {
        Self { outcome: Outcome::Fail, what, seen: seen.into(), command: None }
    }
}

pub(crate) async fn run(args: &Doctor, cx: &Context) -> Result<Code, Problem> {
    let mut checks = vec![kernel()];
    checks.extend(capabilities());
    checks.extend([ping(), namespaces(), resolver(), clock()]);
    checks.push(runs(cx.runs_dir(args.kept.runs_dir.as_ref()), cx));
    checks.push(prober().await);
    let broken = checks.iter().any(|check| check.outcome == Outcome::Fail);
    if cx.out.for_programs() {
        let lines: Vec<_> = checks
            .iter()
            .map(|check| {
                json!({ "check": check.what, "outcome": check.outcome, "seen": check.seen, "command": check.command })
            })
            .collect();
        cx.out.document("Doctor", json!({ "checks": lines }));
    } else {
        for check in &checks {
            let glyph = cx.out.style.glyph(check.outcome);
            let glyph = if cx.out.style.ascii { pad(glyph, 4) } else { glyph.to_owned() };
            let label = format!("{glyph} {} ", pad(check.what, 16));
            for line in hanging(&label, &cx.out.clean(&check.seen), cx.out.style.width) {
                cx.out.stdout(&format!("{line}\n"));
            }
            if let Some(command) = &check.command {
                cx.out.stdout(&format!("  {}   {}\n", " ".repeat(16), cx.out.clean(command)));
            }
        }
    }
    Ok(if broken { Code::Failing } else { Code::Good })
}

fn line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

fn kernel() -> Check {
    match line("/proc/sys/kernel/osrelease") {
        Some(release) => Check::good("kernel", format!("Linux {release} on {}", std::env::consts::ARCH)),
        None => Check::limited("kernel", "/proc can't be read here", "mount -t proc proc /proc"),
    }
}

/// Effective set of this process, from its status file (`proc_pid_status(5)`).
fn effective(status: &str) -> Option<u64> {
    let text = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    u64::from_str_radix(text.trim(), 16).ok()
}

fn capabilities() -> Vec<Check> {
    // setcap refuses symbolic links, so the command names the file itself.
    let binary = std::env::current_exe()
        .and_then(fs::canonicalize)
        .map_or_else(|_| "meshctl".to_owned(), |path| quoted(&path.display().to_string()));
    let held = line("/proc/self/status").as_deref().and_then(effective);
    CAPABILITIES
        .iter()
        .map(|(bit, name, gives)| match held {
            Some(held) if held & (1 << bit) != 0 => Check::good(name, format!("held: {gives}")),
            Some(_) => Check::limited(
                name,
                format!("not held: {gives}"),
                format!("sudo setcap {}+ep {binary}", name.to_lowercase()),
            ),
            None => Check::limited(name, "/proc/self/status can't be read", "mount -t proc proc /proc"),
        })
        .collect()
}

/// Groups that may open ping sockets (icmp(7)); "1 0" means none.
fn ping() -> Check {
    let path = "/proc/sys/net/ipv4/ping_group_range";
    let Some(range) = line(path) else { return Check::limited("ping sockets", format!("{path} can't be read"), "") };
    let mut ends = range.split_whitespace().filter_map(|end| end.parse::<u32>().ok());
    let group = getegid().as_raw();
    match (ends.next(), ends.next()) {
        (Some(low), Some(high)) if (low..=high).contains(&group) => {
            Check::good("ping sockets", format!("group {group} is within {low} to {high}"))
        }
        _ => Check::limited(
            "ping sockets",
            format!("net.ipv4.ping_group_range is \"{}\", without group {group}", range.replace('\t', " ")),
            "sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"",
        ),
    }
}

/// What the kernel and the distribution say about user namespaces; the demo needs them where it is not run as root.
fn namespaces() -> Check {
    let zero = |path: &str| line(path).is_some_and(|value| value == "0");
    let one = |path: &str| line(path).is_some_and(|value| value == "1");
    if zero("/proc/sys/user/max_user_namespaces") {
        return Check::limited(
            "user namespaces",
            "user.max_user_namespaces is 0",
            "sudo sysctl -w user.max_user_namespaces=10000",
        );
    }
    if zero("/proc/sys/kernel/unprivileged_userns_clone") {
        return Check::limited(
            "user namespaces",
            "kernel.unprivileged_userns_clone is 0",
            "sudo sysctl -w kernel.unprivileged_userns_clone=1",
        );
    }
    if one("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") {
        return Check::limited(
            "user namespaces",
            "kernel.apparmor_restrict_unprivileged_userns is 1",
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        );
    }
    if Path::new("/proc/self/ns/user").exists() {
        Check::good("user namespaces", "nothing forbids them: meshctl demo needs no root")
    } else {
        Check::limited("user namespaces", "this kernel has none", "sudo meshctl demo path-mtu")
    }
}

fn resolver() -> Check {
    let path = "/etc/resolv.conf";
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) => return Check::broken("resolver", format!("{path}: {e}")),
    };
    let servers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("nameserver")).map(str::trim).collect();
    if servers.is_empty() {
        // resolv.conf(5): without a server the one on this host is asked.
        return Check::limited(
            "resolver",
            format!("{path} names no server: 127.0.0.1 is asked"),
            "cat /etc/resolv.conf",
        );
    }
    Check::good("resolver", format!("{path} names {}", servers.join(", ")))
}

fn clock() -> Check {
    if Path::new("/run/systemd/timesync/synchronized").exists() {
        return Check::good("clock", "synchronised, says systemd-timesyncd");
    }
    Check::limited(
        "clock",
        "whether it is synchronised is not known here",
        "timedatectl timesync-status || chronyc tracking",
    )
}

fn runs(folder: Option<PathBuf>, cx: &Context) -> Check {
    let Some(folder) = folder else {
        return Check::limited(
            "runs",
            "not kept: HOME and XDG_STATE_HOME are not set",
            "meshctl diagnose … --runs-dir DIR",
        );
    };
    // The folder is made with the first run; what counts is the nearest part that exists.
    let mut existing = folder.as_path();
    while !existing.exists() {
        match existing.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => existing = parent,
            _ => existing = Path::new("."),
        }
    }
    let shown = cx.short(&folder.display().to_string());
    match access(existing, AccessFlags::W_OK | AccessFlags::X_OK) {
        Ok(()) if existing.is_dir() => Check::good("runs", format!("kept in {shown}")),
        Ok(()) => {
            Check::limited("runs", format!("not kept: {} is no folder", existing.display()), "meshctl … --runs-dir DIR")
        }
        Err(e) => Check::limited(
            "runs",
            format!("not kept: {}: {}", existing.display(), e.desc()),
            "meshctl diagnose … --runs-dir DIR",
        ),
    }
}

/// The prober of this process answers, and what it does not offer.
async fn prober() -> Check {
    let mut client = match connect::coordinator(Peers::default()).await {
        Ok(client) => client,
        Err(problem) => return Check::broken("prober", problem.message),
    };
    let vantages = match client.list_vantages(ListVantagesRequest::default()).await {
        Ok(reply) => reply.into_inner().vantages,
        Err(status) => return Check::broken("prober", status.message().to_owned()),
    };
    let Some(local) = vantages.iter().find(|vantage| vantage.kind == "local") else {
        return Check::broken("prober", "offers no vantage on this host");
    };
    let lacks: Vec<&str> = local.lacking.iter().filter_map(|reason| reason.split(':').next()).collect();
    let lacks = if lacks.is_empty() { String::new() } else { format!("; without {}", lacks.join(", ")) };
    Check::good("prober", format!("answers; {} to ask from{lacks}", count(vantages.len(), "place")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read_from_the_status_file() {
        assert_eq!(effective("Name:\tx\nCapEff:\t0000000000003000\n"), Some(0x3000));
        assert_eq!(effective("CapEff:\tzz\n"), None);
        assert_eq!(effective(""), None);
    }
}
