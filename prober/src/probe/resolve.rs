//! The name as this host's applications resolve it: getaddrinfo(3) in the process's own namespace, a stub with that
//! namespace's configuration elsewhere and in a static binary. The observation says which one answered.

use std::{
    net::IpAddr,
    thread,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use tokio::{sync::oneshot, time::timeout_at};

use super::{Ask, could_not_look, dns};
use crate::{collect::resolver, failure, sys::resolve::getaddrinfo};

/// What glibc waits for one server by default (resolv.conf(5), `timeout`).
const SERVER_WAIT: Duration = Duration::from_secs(5);
/// Servers that glibc asks (`MAXNS`, resolv.h).
const SERVERS: usize = 3;
/// The C library inside a static binary is not the one that this host's applications call, and what nsswitch.conf(5) names
/// beside files and DNS can't be loaded into it.
const IS_STATIC: bool = cfg!(target_feature = "crt-static");
/// Names a search list may make of one.
const CANDIDATES: usize = 8;

pub(crate) async fn run(ask: &Ask, spec: &pb::ResolveSpec) -> pb::Observation {
    let library = ask.net.is_own() && !IS_STATIC;
    let mut obs = if library { by_library(ask, spec).await } else { by_stub(ask, spec).await };
    obs.name.clone_from(&spec.name);
    obs.flow = pb::Flow::Fresh.into();
    obs
}

/// The call cannot be ended, so it runs on a thread that nobody waits for longer than the probe may take.
async fn by_library(ask: &Ask, spec: &pb::ResolveSpec) -> pb::Observation {
    let asked = format!("getaddrinfo {}", spec.name);
    let (tell, told) = oneshot::channel();
    let (name, family) = (spec.name.clone(), spec.family.clone());
    let began = Instant::now();
    let started = thread::Builder::new().name("getaddrinfo".to_owned()).spawn(move || {
        // Nobody listens any more when the probe ended first.
        drop(tell.send(getaddrinfo(&name, &family)));
    });
    if let Err(e) = started {
        return could_not_look(asked, format!("a thread for getaddrinfo: {e}"));
    }
    let mut obs = pb::Observation { asked: asked.clone(), protocol: "local".to_owned(), ..Default::default() };
    let mut detail = pb::ResolveDetail { flavour: "getaddrinfo".to_owned(), ..Default::default() };
    match timeout_at(ask.deadline.into(), told).await {
        Ok(Ok(Ok(addresses))) => {
            detail.addresses = addresses.iter().map(|address| address.to_canonical().to_string()).collect();
            obs.outcome = pb::Outcome::Pass.into();
        }
        Ok(Ok(Err(error))) => {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure::told("resolve", &asked, &error.text, "rcode"));
            detail.gai_error = error.name;
            detail.gai_text = error.text;
        }
        Ok(Err(gone)) => return could_not_look(asked, format!("the thread of getaddrinfo ended: {gone}")),
        Err(_elapsed) => {
            detail.still_waiting = true;
            let text = format!("getaddrinfo had not returned after {} ms", began.elapsed().as_millis());
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure::told("resolve", &asked, &text, "timeout"));
        }
    }
    obs.resolve = Some(detail);
    obs
}

async fn by_stub(ask: &Ask, spec: &pb::ResolveSpec) -> pb::Observation {
    let asked = format!("resolve {} by the stub", spec.name);
    let Some(etc) = ask.net.etc() else {
        return could_not_look(asked, "which resolv.conf the applications of this namespace read".to_owned());
    };
    let config = match resolver::read(etc, std::slice::from_ref(&spec.name)) {
        Ok((config, _)) => config,
        Err(e) => return could_not_look(asked, format!("{}: {e}", etc.join("resolv.conf").display())),
    };
    let mut obs = pb::Observation { asked: asked.clone(), protocol: "udp".to_owned(), ..Default::default() };
    let mut detail = pb::ResolveDetail { flavour: "stub".to_owned(), ..Default::default() };
    detail.addresses = config
        .hosts_entries
        .iter()
        .filter_map(|entry| entry.split_whitespace().next())
        .filter(|address| wanted(address, &spec.family))
        .map(str::to_owned)
        .collect();
    if detail.addresses.is_empty() {
        walk(ask, spec, &config, &mut detail, &mut obs).await;
    } else {
        obs.outcome = pb::Outcome::Pass.into();
    }
    obs.resolve = Some(detail);
    obs
}

fn wanted(address: &str, family: &str) -> bool {
    match (address.parse::<IpAddr>(), family) {
        (Ok(ip), "4") => ip.is_ipv4(),
        (Ok(ip), "6") => ip.is_ipv6(),
        (Ok(_), _) => true,
        (Err(_), _) => false,
    }
}

/// Candidates in the order of the search list, each asked of the first server that answers.
async fn walk(
    ask: &Ask,
    spec: &pb::ResolveSpec,
    config: &pb::ResolverDetail,
    detail: &mut pb::ResolveDetail,
    obs: &mut pb::Observation,
) {
    let operation = format!("resolve {}", spec.name);
    let servers: Vec<IpAddr> = config.nameservers.iter().take(SERVERS).filter_map(|text| text.parse().ok()).collect();
    let unanswered = if servers.is_empty() { "no nameserver is configured" } else { "the name has no address" };
    let mut last = failure::told("resolve", &operation, unanswered, "rcode");
    for name in candidates(&spec.name, config) {
        for server in &servers {
            if ask.left().is_zero() {
                break;
            }
            if !detail.servers.contains(&server.to_string()) {
                detail.servers.push(server.to_string());
            }
            let look = |kind: &'static str| dns::lookup(ask, *server, &name, kind, SERVER_WAIT);
            let seen = match spec.family.as_str() {
                "4" => vec![("A", look("A").await)],
                "6" => vec![("AAAA", look("AAAA").await)],
                // Both at once, as every libc asks.
                _ => {
                    let (four, six) = tokio::join!(look("A"), look("AAAA"));
                    vec![("A", four), ("AAAA", six)]
                }
            };
            let mut answered = false;
            for (kind, seen) in seen {
                let dns = seen.dns.unwrap_or_default();
                answered |= !dns.rcode.is_empty() && dns.rcode != "SERVFAIL";
                let found = dns.answers.iter().filter(|record| record.r#type == kind);
                detail.addresses.extend(found.map(|record| record.data.clone()));
                last = seen.failure.unwrap_or(last);
            }
            if answered {
                break;
            }
        }
        if !detail.addresses.is_empty() {
            obs.outcome = pb::Outcome::Pass.into();
            return;
        }
    }
    obs.outcome = pb::Outcome::Fail.into();
    "resolve".clone_into(&mut last.stage);
    obs.failure = Some(last);
}

/// Names to ask, in order (resolv.conf(5): `search` and `ndots`).
fn candidates(name: &str, config: &pb::ResolverDetail) -> Vec<String> {
    if let Some(whole) = name.strip_suffix('.') {
        return vec![whole.to_owned()];
    }
    let ndots = config
        .options
        .iter()
        .find_map(|option| option.strip_prefix("ndots:"))
        .and_then(|number| number.parse::<usize>().ok())
        .unwrap_or(1);
    let searched =
        config.search.iter().take(CANDIDATES).map(|suffix| format!("{name}.{}", suffix.trim_end_matches('.')));
    let dots = name.matches('.').count();
    if dots >= ndots {
        std::iter::once(name.to_owned()).chain(searched).collect()
    } else {
        searched.chain(std::iter::once(name.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    #[test]
    fn short_names_walk_the_search_list_first_and_dotted_ones_last() {
        let config = pb::ResolverDetail {
            search: vec!["shop.svc".to_owned(), "svc".to_owned()],
            options: vec!["ndots:2".to_owned()],
            ..Default::default()
        };
        assert_eq!(candidates("api", &config), ["api.shop.svc", "api.svc", "api"]);
        assert_eq!(candidates("a.b.c", &config), ["a.b.c", "a.b.c.shop.svc", "a.b.c.svc"]);
        assert_eq!(candidates("api.", &config), ["api"]);
    }

    /// A name server on loopback of a namespace. It answers A for api.lab with 10.0.0.7, everything else with an error.
    #[expect(clippy::disallowed_methods, reason = "the test's own server")]
    fn serve(space: &Space) {
        use hickory_proto::{
            op::{Message, MessageType, ResponseCode},
            rr::{RData, Record, RecordType},
        };
        let socket = space.run(|| std::net::UdpSocket::bind("127.0.0.1:53").expect("port 53 of a fresh namespace"));
        thread::spawn(move || {
            let mut buffer = [0u8; 2048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer) {
                let mut answer = Message::from_vec(&buffer[..length]).expect("a question");
                answer.metadata.message_type = MessageType::Response;
                let (name, kind) = (answer.queries[0].name.clone(), answer.queries[0].query_type);
                match (name.to_ascii().trim_end_matches('.'), kind) {
                    ("api.lab", RecordType::A) => {
                        let data = RData::A(std::net::Ipv4Addr::new(10, 0, 0, 7).into());
                        answer.add_answer(Record::from_rdata(name, 30, data));
                    }
                    ("api.lab" | "bare.lab", _) => {}
                    _ => answer.metadata.response_code = ResponseCode::NXDomain,
                }
                socket.send_to(&answer.to_vec().expect("an answer"), from).expect("it is sent");
            }
        });
    }

    #[tokio::test]
    async fn elsewhere_a_stub_asks_with_the_files_of_that_place() {
        let space = Space::fresh();
        serve(&space);
        let etc = std::env::temp_dir().join(format!("probemesh-etc-{}", std::process::id()));
        std::fs::create_dir_all(&etc).unwrap();
        std::fs::write(etc.join("resolv.conf"), "nameserver 127.0.0.1\nsearch lab\n").unwrap();
        std::fs::write(etc.join("hosts"), "10.0.0.9 listed.lab\nfd00::9 listed.lab\n").unwrap();
        let handle = space.run(|| std::fs::File::open("/proc/thread-self/ns/net").expect("own namespace"));
        let guard = std::sync::Arc::new(crate::guard::Guard::embedded());
        let net = crate::net::Net::of(std::sync::Arc::new(handle.into()), guard, Some(&etc));
        let ask = |name: &str, family: &str| {
            let spec = pb::ResolveSpec { name: name.to_owned(), family: family.to_owned() };
            let ask = Ask {
                net: net.clone(),
                deadline: Instant::now() + Duration::from_secs(2),
                connect: None,
                watch: false,
            };
            async move { run(&ask, &spec).await }
        };
        let found = ask("api", "").await;
        let detail = found.resolve.unwrap();
        assert_eq!((detail.flavour.as_str(), detail.addresses), ("stub", vec!["10.0.0.7".to_owned()]));
        assert_eq!(detail.servers, ["127.0.0.1"]);
        assert_eq!(ask("listed.lab", "4").await.resolve.unwrap().addresses, ["10.0.0.9"]);
        let missing = ask("none.lab", "").await;
        assert_eq!((missing.outcome(), missing.failure.unwrap().text.as_str()), (pb::Outcome::Fail, "NXDOMAIN"));
        let bare = ask("bare.lab.", "").await;
        assert_eq!(
            (bare.outcome(), bare.failure.unwrap().text.as_str()),
            (pb::Outcome::Fail, "the name has no address")
        );
        std::fs::remove_dir_all(&etc).unwrap();
    }
}
