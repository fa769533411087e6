//! Network namespaces of this machine as vantages: named ones, those of processes, those of containers.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Where ip-netns(8) and container networks bind their namespaces.
const NAMED: &str = "/run/netns";
/// Namespaces offered of one kind.
const OFFERED: usize = 256;
/// Processes looked at for containers.
const PROCESSES: usize = 65_536;

/// A namespace that can be entered.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// `netns/NAME`, `pid/N` or `ctr/ID`.
    pub(crate) id: String,
    pub(crate) handle: Arc<OwnedFd>,
    /// Folder with the resolver configuration that its applications read.
    pub(crate) etc: Option<PathBuf>,
}

/// Every named namespace and container that can be opened, and what could not be.
pub(crate) fn places() -> (Vec<Place>, Vec<String>) {
    let mut lacking = Vec::new();
    let mut found = named(&mut lacking);
    found.extend(containers(&mut lacking));
    (found, lacking)
}

/// The place of that id, without looking for others.
pub(crate) fn find(id: &str) -> io::Result<Place> {
    let unknown = || io::Error::from(io::ErrorKind::NotFound);
    match id.split_once('/') {
        Some(("netns", name)) => of_name(name),
        Some(("pid", pid)) => of_process(pid.parse().map_err(io::Error::other)?),
        Some(("ctr", _)) => containers(&mut Vec::new()).into_iter().find(|place| place.id == id).ok_or_else(unknown),
        _ => Err(unknown()),
    }
}

fn open(path: &Path) -> io::Result<Arc<OwnedFd>> {
    File::open(path).map(|file| Arc::new(OwnedFd::from(file)))
}

fn named(lacking: &mut Vec<String>) -> Vec<Place> {
    let entries = match fs::read_dir(NAMED) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(e) => {
            lacking.push(format!("named network namespaces: {NAMED}: {e}"));
            return Vec::new();
        }
    };
    // Entries come and go while they are listed.
    let mut names: Vec<String> =
        entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.truncate(OFFERED);
    let mut found = Vec::new();
    for name in names {
        match of_name(&name) {
            Ok(place) => found.push(place),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => lacking.push(format!("netns/{name}: {e}")),
        }
    }
    found
}

/// A named namespace, as `netns/NAME`.
fn of_name(name: &str) -> io::Result<Place> {
    // A name is one component: "../../proc/1/ns/net" is none.
    if name.is_empty() || name == "." || name == ".." || name.contains('/') {
        return Err(io::ErrorKind::NotFound.into());
    }
    let handle = open(&Path::new(NAMED).join(name))?;
    // ip-netns(8): /etc/netns/NAME holds what is bind-mounted over /etc; without it /etc itself is read.
    let own = Path::new("/etc/netns").join(name);
    let etc = if own.join("resolv.conf").exists() { own } else { PathBuf::from("/etc") };
    Ok(Place { id: format!("netns/{name}"), handle, etc: Some(etc) })
}

/// The namespace of a process, as `pid/N`.
pub(crate) fn of_process(pid: u32) -> io::Result<Place> {
    let root = PathBuf::from(format!("/proc/{pid}"));
    let handle = open(&root.join("ns/net"))?;
    Ok(Place { id: format!("pid/{pid}"), handle, etc: Some(root.join("root/etc")) })
}

/// One process per container, told by its cgroup path.
fn containers(lacking: &mut Vec<String>) -> Vec<Place> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let mut pids: Vec<u32> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_string_lossy().parse().ok())
        .take(PROCESSES)
        .collect();
    pids.sort_unstable();
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    for pid in pids {
        if let Ok(cgroup) = fs::read_to_string(format!("/proc/{pid}/cgroup"))
            && let Some(id) = container_id(&cgroup)
        {
            first.entry(id).or_insert(pid);
        }
    }
    let mut found = Vec::new();
    let mut closed = 0;
    for (id, pid) in first.into_iter().take(OFFERED) {
        match of_process(pid) {
            Ok(place) => found.push(Place { id: format!("ctr/{id}"), ..place }),
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => closed += 1,
            // It ended meanwhile.
            Err(_) => {}
        }
    }
    if closed > 0 {
        lacking.push(format!("{closed} containers of this machine: CAP_SYS_PTRACE and CAP_SYS_ADMIN"));
    }
    found
}

/// Twelve characters of the container's id, as every tool prints them: the runtimes name a cgroup after all 64.
fn container_id(cgroup: &str) -> Option<String> {
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let part = cgroup
        .lines()
        .flat_map(|line| line.split('/'))
        // conmon watches over a container and stands outside of it.
        .filter(|part| !part.contains("conmon"))
        .map(|part| part.strip_suffix(".scope").unwrap_or(part))
        .map(|part| part.rsplit('-').next().unwrap_or(part))
        .find(|part| hex(part))?;
    part.get(..12).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_ids_are_found_in_the_paths_of_each_runtime() {
        let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        for path in [
            format!("0::/system.slice/docker-{id}.scope"),
            format!("12:memory:/docker/{id}"),
            format!("0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-{id}.scope"),
            format!("0::/machine.slice/libpod-{id}.scope/container"),
        ] {
            assert_eq!(container_id(&path).as_deref(), Some("0123456789ab"), "{path}");
        }
        assert_eq!(container_id("0::/user.slice/user-1000.slice"), None);
        assert_eq!(container_id(&format!("0::/machine.slice/libpod-conmon-{id}.scope")), None);
    }

    #[test]
    fn a_name_that_is_a_path_is_no_namespace() {
        for id in ["netns/../../proc/self/ns/net", "netns/", "netns/..", "pid/x", "ctr/none", "host/a"] {
            assert!(find(id).is_err(), "{id}");
        }
        let own = find(&format!("pid/{}", std::process::id())).unwrap();
        assert_eq!(own.id, format!("pid/{}", std::process::id()));
    }
}
