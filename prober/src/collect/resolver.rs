//! Resolver configuration of this host, as its applications read it: resolv.conf(5), nsswitch.conf(5), hosts(5).

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

/// A configuration file. Hosts files of ad blockers reach several megabytes.
const FILE: u64 = 8 << 20;
/// Hosts entries reported.
const ENTRIES: usize = 16;
/// What glibc asks of the nameservers listed (`MAXNS`, resolv.h).
const ASKED: usize = 3;

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let asked = "resolver configuration".to_owned();
    let Some(etc) = ask.net.etc().map(Path::to_owned) else {
        // A network namespace has no files; whose mount namespace goes with it is for the vantage to say.
        let missing = "which files the applications of this namespace read".to_owned();
        return pb::Observation { protocol: "local".to_owned(), ..could_not_look(asked, missing) };
    };
    let names = spec.addresses.clone();
    match super::look(ask, move |_| read(&etc, &names)).await {
        Ok((detail, caveats)) => pb::Observation { resolver: Some(detail), ..super::seen(asked, caveats) },
        Err(e) => super::blind(asked, &e, "the right to read /etc/resolv.conf"),
    }
}

/// Reads the three files below `etc`. Without resolv.conf there is nothing to report; the others may be absent.
pub(crate) fn read(etc: &Path, names: &[String]) -> io::Result<(pb::ResolverDetail, Vec<String>)> {
    let path = etc.join("resolv.conf");
    let mut detail = resolv_conf(&file(&path)?);
    detail.path = path.display().to_string();
    let mut caveats = Vec::new();
    if detail.nameservers.len() > ASKED {
        caveats.push(format!("{} nameservers listed, glibc asks the first {ASKED}", detail.nameservers.len()));
    }
    match file(&etc.join("nsswitch.conf")) {
        Ok(text) => detail.nsswitch_hosts = nsswitch_hosts(&text),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => caveats.push(format!("nsswitch.conf: {e}")),
    }
    match file(&etc.join("hosts")) {
        Ok(text) => detail.hosts_entries = hosts_entries(&text, names),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => caveats.push(format!("hosts: {e}")),
    }
    Ok((detail, caveats))
}

fn file(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Nameservers, search list and options. The last `search` or `domain` line wins; options add up (resolv.conf(5)).
pub(crate) fn resolv_conf(text: &str) -> pb::ResolverDetail {
    let mut detail = pb::ResolverDetail::default();
    for line in text.lines() {
        // A comment starts in the first column; a keyword must, too, but glibc skips blanks before neither.
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("nameserver") => detail.nameservers.extend(words.next().map(str::to_owned)),
            Some("search") => detail.search = words.map(str::to_owned).collect(),
            Some("domain") => detail.search = words.next().map(str::to_owned).into_iter().collect(),
            Some("options") => detail.options.extend(words.map(str::to_owned)),
            _ => {}
        }
    }
    detail
}

/// The `hosts:` line, exact but for blanks around it.
pub(crate) fn nsswitch_hosts(text: &str) -> String {
    text.lines().map(str::trim).find(|line| line.starts_with("hosts:")).unwrap_or_default().to_owned()
}

/// "address name" for every line that names one of `names`, or that has it as address. Names compare without case and
/// without a final dot.
pub(crate) fn hosts_entries(text: &str, names: &[String]) -> Vec<String> {
    let same = |a: &str, b: &str| a.trim_end_matches('.').eq_ignore_ascii_case(b.trim_end_matches('.'));
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
        let Some(address) = words.next() else { continue };
        let whole = names.iter().any(|name| same(name, address));
        found.extend(
            words
                .filter(|word| whole || names.iter().any(|name| same(name, word)))
                .map(|word| format!("{address} {word}")),
        );
        if found.len() >= ENTRIES {
            found.truncate(ENTRIES);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KUBERNETES: &str = "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:2\n# nameserver 9.9.9.9\n";

    #[test]
    fn the_configuration_of_a_pod_is_read() {
        let detail = resolv_conf(KUBERNETES);
        assert_eq!(detail.nameservers, ["10.96.0.10"]);
        assert_eq!(detail.search, ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local"]);
        assert_eq!(detail.options, ["ndots:5", "timeout:2"]);
    }

    #[test]
    fn the_last_of_search_and_domain_wins_and_options_add_up() {
        let detail = resolv_conf(
            "domain a.example\nsearch b.example c.example\noptions rotate\noptions ndots:2\n;search d.example",
        );
        assert_eq!(detail.search, ["b.example", "c.example"]);
        assert_eq!(detail.options, ["rotate", "ndots:2"]);
    }

    #[test]
    fn a_name_is_found_in_any_column_of_the_hosts_file() {
        let text = "127.0.0.1 localhost\n10.0.0.7\tapi.lab  api # the edge\n#10.0.0.8 api.lab\nfd00::7 API.lab.\n";
        let ask = |name: &str| hosts_entries(text, &[name.to_owned()]);
        assert_eq!(ask("api.lab"), ["10.0.0.7 api.lab", "fd00::7 API.lab."]);
        assert_eq!(ask("10.0.0.7"), ["10.0.0.7 api.lab", "10.0.0.7 api"]);
        assert!(ask("edge").is_empty());
    }

    #[test]
    fn the_hosts_line_of_nsswitch_is_exact() {
        assert_eq!(
            nsswitch_hosts("passwd: files\nhosts:\tfiles mdns4_minimal [NOTFOUND=return] dns\n"),
            "hosts:\tfiles mdns4_minimal [NOTFOUND=return] dns"
        );
        assert_eq!(nsswitch_hosts("passwd: files\n"), "");
    }

    #[test]
    fn a_missing_file_is_an_error_and_not_an_empty_configuration() {
        let error = read(Path::new("/proc/self/fdinfo"), &[]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}") {
            std::hint::black_box((resolv_conf(&text), nsswitch_hosts(&text), hosts_entries(&text, std::slice::from_ref(&text))));
        }
    }
}
