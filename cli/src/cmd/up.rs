//! `meshctl up`: a coordinator and a prober of this host in one process, for trying a mesh.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use mesh_coordinator::{
    Log, Settings,
    admission::Limits,
    members::{DEFAULT_TTL, Members, Setup},
    serve::{FIRST, Opened, StartError, reachable},
    vantages::chain,
};
use mesh_prober::{guard::Guard, join, server};
use mesh_proto::{
    identity::{Role, authority::key_and_request, credential::Credential},
    v1::{ListVantagesRequest, coordinator_client::CoordinatorClient},
};
use serde_json::json;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    time,
};

use super::Context;
use crate::{
    args::Up,
    connect::{self, unusable_credential},
    exit::{Code, Problem},
};

/// Until the prober stands in the mesh, which takes some hundredths of a second.
const STANDS: Duration = Duration::from_secs(10);
/// Between two looks whether it does.
const LOOK: Duration = Duration::from_millis(50);
/// Name for a machine that tells none.
const NAMELESS: &str = "here";

pub(crate) async fn run(args: &Up, cx: &Context) -> Result<Code, Problem> {
    let signals = Signals::new()?;
    let state = state(args, cx)?;
    let opened =
        Opened::new(&args.listen, &state.join("coordinator"), Setup::default()).await.map_err(|e| not_started(&e))?;
    let place = Place::of(args, &opened)?;
    let name = args.name.clone().unwrap_or_else(own_name);
    // Both are made here, and fresh at each start: a mesh that slept for a month wakes up with certificates that hold.
    admit(&opened.members, Role::Prober, &name)?.store(&state.join("prober")).map_err(|e| unusable_credential(&e))?;
    let operator = admit(&opened.members, Role::Operator, FIRST)?;
    for address in [&place.own, &place.told] {
        operator.store(&connect::folder(address, cx)?).map_err(|e| unusable_credential(&e))?;
    }
    let offer = offer(args, &name);
    let ask = join::Ask {
        guard: Arc::clone(&offer.guard),
        coordinator: place.own.clone(),
        token: None,
        state: state.join("prober"),
        name: name.clone(),
        say: said_by("prober", cx),
    };
    let settings = Settings {
        runs_dir: Some(opened.members.runs_dir()),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        log: Log::new(said_by("coordinator", cx)),
        ..Settings::default()
    };
    let shown = Shown { name, state, join: invitation(&opened.members, &place)?, place };
    // A server and a client in one future are large.
    Box::pin(together(opened, settings, ask, offer, &shown, signals, cx)).await
}

/// Runs both until a signal comes or one of them ends, and then ends both.
async fn together(
    opened: Opened,
    settings: Settings,
    ask: join::Ask,
    offer: server::Settings,
    shown: &Shown,
    signals: Signals,
    cx: &Context,
) -> Result<Code, Problem> {
    let (end, ended) = watch::channel(false);
    let over = || {
        let mut ended = ended.clone();
        // The sender lives as long as whoever waits.
        async move { drop(ended.wait_for(|ended| *ended).await) }
    };
    let serving = async {
        let done = opened.serve(settings, Limits::default(), said_by("coordinator", cx), over()).await;
        end.send_replace(true);
        done
    };
    let staying = async {
        let done = join::stay(ask, server::routes(offer), over()).await;
        end.send_replace(true);
        done
    };
    let stopping = async {
        tokio::select! {
            () = signals.next() => {}
            () = over() => {}
        }
        end.send_replace(true);
    };
    let telling = async {
        tokio::select! {
            stands = time::timeout(STANDS, stands(&shown.place.own, &shown.name, cx)) => {
                if stands.is_err() {
                    cx.out.note(&format!("{} is not connected yet", shown.name));
                }
                shown.print(cx);
            }
            () = over() => {}
        }
    };
    let (served, stayed, (), ()) = tokio::join!(serving, staying, stopping, telling);
    served.map_err(|e| not_started(&e))?;
    stayed.map_err(|e| Problem::could_not_run(format!("prober: {e}")))?;
    Ok(Code::Good)
}

/// Where the coordinator is.
struct Place {
    /// As this host reaches it.
    own: String,
    /// As it is told to people: an address that other hosts reach, if there is one.
    told: String,
    /// Other hosts can reach it.
    open: bool,
}

impl Place {
    fn of(args: &Up, opened: &Opened) -> Result<Self, Problem> {
        let bound = opened.address().map_err(|e| Problem::could_not_run(format!("--listen {}: {e}", args.listen)))?;
        let port = bound.port();
        if !bound.ip().is_unspecified() {
            // A name stays the name that was typed.
            let host = args.listen.rsplit_once(':').map_or(args.listen.as_str(), |(host, _)| host);
            let told = format!("{host}:{port}");
            return Ok(Self { own: told.clone(), told, open: !bound.ip().is_loopback() });
        }
        let loopback: IpAddr = if bound.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
        let own = SocketAddr::new(loopback, port).to_string();
        let listed = |ip: &IpAddr| ip.is_ipv4() == bound.is_ipv4() || bound.is_ipv6();
        let reached =
            reachable(addresses().map_err(|e| failed("addresses of this host", &e))?.into_iter().filter(listed));
        let told = reached.map_or_else(|| own.clone(), |ip| SocketAddr::new(ip, port).to_string());
        Ok(Self { own, told, open: reached.is_some() })
    }
}

fn addresses() -> io::Result<Vec<IpAddr>> {
    let own = nix::ifaddrs::getifaddrs()?.filter_map(|link| {
        let address = link.address?;
        let four = address.as_sockaddr_in().map(|four| IpAddr::V4(four.ip()));
        four.or_else(|| address.as_sockaddr_in6().map(|six| IpAddr::V6(six.ip())))
    });
    Ok(own.collect())
}

/// What is printed once both stand.
struct Shown {
    name: String,
    state: PathBuf,
    place: Place,
    /// The line for another host.
    join: Option<Invitation>,
}

struct Invitation {
    token: String,
    command: String,
}

impl Shown {
    fn print(&self, cx: &Context) {
        let (address, state) = (&self.place.told, cx.short(&self.state.display().to_string()));
        if cx.out.for_programs() {
            let join = self.join.as_ref().map(|join| json!({ "token": join.token, "command": join.command }));
            let fields = json!({ "coordinator": address, "vantage": self.name, "state": state, "join": join });
            cx.out.document("Up", fields);
            return;
        }
        let mut lines = vec![
            format!("coordinator at {address}, this host is {}, and you are logged in as its operator", self.name),
            format!("  look  meshctl vantages --coordinator {address}"),
            format!("  ask   meshctl diagnose TARGET --coordinator {address}"),
        ];
        match &self.join {
            Some(join) => lines.extend([
                format!("  join  on another host, once, within {} min:", DEFAULT_TTL.as_secs() / 60),
                format!("        {}", join.command),
            ]),
            None => lines.push("  join  no other host can: nothing but loopback is listened on".to_owned()),
        }
        lines.push(format!("  stop  Ctrl-C; the next start goes on with {state}"));
        let lines: Vec<String> = lines.iter().map(|line| cx.out.clean(line)).collect();
        cx.out.stdout(&format!("{}\n", lines.join("\n")));
    }
}

fn invitation(members: &Members, place: &Place) -> Result<Option<Invitation>, Problem> {
    if !place.open {
        return Ok(None);
    }
    let made = members.create_token(Role::Prober, "host/*", DEFAULT_TTL);
    let token = made.map_err(|e| failed("a join token", &e))?.0.to_string();
    // Through standard input: an argument would be in the list of processes for as long as the prober runs.
    let command = format!(
        "echo {token} | prober join --coordinator {} --token-file - --state DIR --name host/NAME --allow CIDR",
        place.told
    );
    Ok(Some(Invitation { token, command }))
}

/// A certificate without a way over the network: whoever holds the authority's key needs none.
fn admit(members: &Members, role: Role, name: &str) -> Result<Credential, Problem> {
    let (token, _) = members.create_token(role, name, DEFAULT_TTL).map_err(|e| failed("--name", &e))?;
    let (key, csr) = key_and_request().map_err(|e| failed("a key", &e))?;
    let (chain, _) = members.enrol(&token.to_string(), &csr, name).map_err(|e| failed("a certificate", &e))?;
    Credential::issued(&key, chain).map_err(|e| unusable_credential(&e))
}

/// Whoever starts it owns the host and is the operator, as with a diagnosis without a mesh: without --allow everything
/// but the compiled denials may be asked.
fn offer(args: &Up, name: &str) -> server::Settings {
    let guard = if args.allow.is_empty() { Guard::embedded() } else { Guard::allowing(args.allow.clone()) };
    server::Settings { own: name.to_owned(), namespaces: false, ..server::Settings::embedded(guard) }
}

/// Completes when the coordinator offers this host.
async fn stands(address: &str, name: &str, cx: &Context) {
    loop {
        if let Ok(channel) = connect::member(address, cx).await
            && let Ok(reply) = CoordinatorClient::new(channel).list_vantages(ListVantagesRequest::default()).await
            && reply.get_ref().vantages.iter().any(|vantage| vantage.id == name)
        {
            return;
        }
        time::sleep(LOOK).await;
    }
}

/// `host/` and what the kernel calls this machine, as far as a member may be called so.
fn own_name() -> String {
    named_after(&fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default())
}

fn named_after(hostname: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let name: String = hostname.trim().trim_start_matches('.').chars().map(allowed).collect();
    format!("host/{}", if name.is_empty() { NAMELESS } else { &name })
}

fn state(args: &Up, cx: &Context) -> Result<PathBuf, Problem> {
    let nowhere = || {
        Problem::could_not_run("no folder for the state: neither HOME nor XDG_STATE_HOME is set")
            .hint("write --state DIR")
    };
    args.state.clone().or_else(|| cx.state_dir().map(|own| own.join("up"))).ok_or_else(nowhere)
}

fn said_by(who: &'static str, cx: &Context) -> Arc<dyn Fn(&str) + Send + Sync> {
    let out = cx.out.clone();
    Arc::new(move |text| out.note(&format!("{who}: {text}")))
}

fn failed(what: &str, error: &(impl std::error::Error + 'static)) -> Problem {
    Problem::could_not_run(format!("{what}: {}", chain(error)))
}

fn not_started(error: &StartError) -> Problem {
    let problem = Problem::could_not_run(chain(error));
    match error {
        StartError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => problem
            .hint("something listens there already, perhaps another `meshctl up`")
            .hint("choose another port: meshctl up --listen 0.0.0.0:PORT"),
        _ => problem,
    }
}

/// Ctrl-C and what a service manager sends.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Self, Problem> {
        let of = |kind| signal(kind).map_err(|e| failed("signals can't be received", &e));
        Ok(Self { interrupt: of(SignalKind::interrupt())?, terminate: of(SignalKind::terminate())? })
    }

    async fn next(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_name_becomes_a_name_that_a_member_may_have() {
        for (hostname, name) in
            [("web-1\n", "host/web-1"), ("db.example.com", "host/db.example.com"), ("", "host/here")]
        {
            assert_eq!(named_after(hostname), name);
        }
        for hostname in ["…", ".hidden", "a/b c", "\u{1b}[31m"] {
            let name = named_after(hostname);
            assert!(mesh_proto::identity::member_name(&name).is_ok(), "{name:?}");
        }
    }
}
