//! HAProxy's stats socket: `show info` and `show stat` (management.txt, "9.1. CSV format" and "9.3. Unix Socket commands").

use std::{io, path::Path};

use mesh_proto::v1 as pb;

use crate::net::admin;

pub(super) async fn state(socket: &Path, mut state: pb::ProxyState) -> io::Result<pb::ProxyState> {
    let (info, (stat, whole)) =
        tokio::try_join!(admin::ask_unix(socket, "show info\n"), admin::ask_unix(socket, "show stat\n"))?;
    state.version = version(&String::from_utf8_lossy(&info.0));
    state.servers = servers(&String::from_utf8_lossy(&stat));
    if state.version.is_empty() && state.servers.is_empty() {
        super::also(&mut state, "the socket did not answer as HAProxy's does");
    }
    if !whole {
        super::also(
            &mut state,
            &format!("more than {} bytes of statistics: the last servers are missing", admin::BYTES),
        );
    }
    super::bound(&mut state);
    Ok(state)
}

fn version(info: &str) -> String {
    info.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap_or_default().trim().to_owned()
}

/// The servers, and for each backend a row named "BACKEND" that tells what waits for any of them and no state.
fn servers(csv: &str) -> Vec<pb::ProxyServer> {
    let mut lines = csv.lines().skip_while(|line| !line.starts_with("# "));
    let names: Vec<String> = lines.next().map(|line| fields(line.trim_start_matches("# "))).unwrap_or_default();
    lines.filter(|line| !line.is_empty()).filter_map(|line| server(&names, &fields(line))).collect()
}

fn server(names: &[String], values: &[String]) -> Option<pb::ProxyServer> {
    let text = |name: &str| {
        let at = names.iter().position(|known| known == name)?;
        values.get(at).filter(|value| !value.is_empty()).cloned()
    };
    let number = |name: &str| text(name).and_then(|value| value.parse().ok());
    let (group, name) = (text("pxname")?, text("svname")?);
    match name.as_str() {
        "FRONTEND" => None,
        "BACKEND" => Some(pb::ProxyServer { group, name, queued: number("qcur"), ..Default::default() }),
        _ => Some(pb::ProxyServer {
            group,
            name,
            address: text("addr").unwrap_or_default(),
            // A listener has "OPEN"; it is no upstream.
            state: text("status").filter(|status| status != "OPEN")?,
            check: check(text("check_status"), text("check_code")),
            queued: number("qcur"),
            queue_limit: number("qlimit"),
            connect_errors: number("econ"),
            response_errors: number("eresp"),
        }),
    }
}

fn check(status: Option<String>, code: Option<String>) -> String {
    match (status, code) {
        (Some(status), Some(code)) if code != "0" => format!("{status}/{code}"),
        (Some(status), _) => status,
        (None, _) => String::new(),
    }
}

/// RFC 4180: a field with a comma or a quote stands in quotes, a quote in it is doubled.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use std::{
        net::TcpListener,
        os::unix::fs::PermissionsExt as _,
        path::PathBuf,
        process::{Child, Command, Stdio},
        time::{Duration, Instant},
    };

    use proptest::prelude::*;

    use super::*;
    use crate::{collect::bench::Space, proxy::Proxy};

    /// A process that ends with the test, and its folder.
    struct Running {
        child: Child,
        folder: PathBuf,
    }

    impl Drop for Running {
        fn drop(&mut self) {
            drop(self.child.kill());
            drop(self.child.wait());
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test starts the proxy it asks")]
    fn haproxy(up: u16) -> Running {
        let folder = std::env::temp_dir().join(format!("probemesh-haproxy-{}-{up}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (socket, configuration) = (folder.join("stats"), folder.join("haproxy.cfg"));
        let text = format!(
            "global
    stats socket {} mode 600 level operator
defaults
    mode tcp
    timeout connect 500ms
    timeout client 1s
    timeout server 1s
listen web
    bind 127.0.0.1:{}
    default-server inter 100ms fall 1 rise 1
    server good 127.0.0.1:{up} check
    server bad 127.0.0.1:9 check maxqueue 7
",
            socket.display(),
            up + 1,
        );
        std::fs::write(&configuration, text).unwrap();
        let child = Command::new("haproxy")
            .arg("-db")
            .arg("-f")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Running { child, folder }
    }

    fn listener() -> TcpListener {
        TcpListener::bind("127.0.0.1:8080").unwrap()
    }

    #[tokio::test]
    async fn a_real_haproxy_tells_the_server_that_is_up_from_the_one_that_refuses() {
        let space = Space::fresh();
        let (_up, running) = space.run(|| (listener(), haproxy(8080)));
        let socket = running.folder.join("stats");
        let mut ask = space.ask();
        ask.net = ask.net.with_proxies([Proxy::HaProxy(socket.clone())].into());
        let began = Instant::now();
        let detail = loop {
            let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
            let detail = obs.proxies.unwrap();
            let checked = detail.proxies[0].servers.iter().any(|server| server.state == "DOWN");
            if checked || began.elapsed() > Duration::from_secs(5) {
                assert_eq!(pb::Outcome::try_from(obs.outcome), Ok(pb::Outcome::Pass), "{detail:?}");
                break detail;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let state = &detail.proxies[0];
        assert_eq!((state.kind.as_str(), state.name.as_str()), ("haproxy", socket.to_str().unwrap()));
        assert!(state.version.starts_with(|c: char| c.is_ascii_digit()) && state.error.is_empty(), "{state:?}");
        let named = |name: &str| state.servers.iter().find(|server| server.name == name).unwrap();
        let (good, bad) = (named("good"), named("bad"));
        assert_eq!((good.group.as_str(), good.address.as_str(), good.state.as_str()), ("web", "127.0.0.1:8080", "UP"));
        assert!(good.check.trim_start_matches("* ").starts_with("L4OK"), "{good:?}");
        assert_eq!((bad.state.as_str(), bad.address.as_str(), bad.queue_limit), ("DOWN", "127.0.0.1:9", Some(7)));
        assert!(bad.check.trim_start_matches("* ").starts_with("L4CON"), "{bad:?}");
        assert_eq!(good.connect_errors, Some(0));
        assert_eq!((named("BACKEND").queued, named("BACKEND").state.as_str()), (Some(0), ""));
        assert_eq!(state.servers.len(), 3);
    }

    #[tokio::test]
    async fn a_socket_that_is_not_there_is_told_with_the_systems_words() {
        let mut ask = Space::fresh().ask();
        ask.net = ask.net.with_proxies([Proxy::HaProxy("/nonexistent/stats".into())].into());
        let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert_eq!(obs.missing, "haproxy: /nonexistent/stats: No such file or directory (os error 2)");
    }

    #[tokio::test]
    async fn a_proxy_that_is_silent_is_told_and_does_not_hide_the_others() {
        let folder = std::env::temp_dir().join(format!("probemesh-silent-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (socket, log) = (folder.join("stats"), folder.join("error.log"));
        let silent = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        std::fs::write(&log, "").unwrap();
        let mut ask = Space::fresh().ask();
        let began = Instant::now();
        ask.net = ask.net.with_proxies([Proxy::HaProxy(socket), Proxy::Nginx(log)].into());
        let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
        let took = began.elapsed();
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        let told: Vec<_> = obs.proxies.unwrap().proxies.into_iter().map(|state| (state.kind, state.error)).collect();
        assert!(told[0].1.ends_with("no whole answer within 800 ms"), "{told:?}");
        assert_eq!(told[1], ("nginx".to_owned(), String::new()));
        assert!(took < Duration::from_millis(1_500), "{took:?}");
        // A round that has less time is not kept waiting.
        ask.deadline = Instant::now() + Duration::from_millis(100);
        let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
        assert!(Instant::now() < ask.deadline + Duration::from_millis(100));
        assert!(obs.proxies.unwrap().proxies[0].error.ends_with("the time for this question ended"));
        drop(silent);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn without_a_named_proxy_the_option_that_names_one_is_told() {
        let obs = super::super::run(&Space::fresh().ask(), &pb::CollectSpec::default()).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert_eq!(obs.missing, "no proxy was named to this prober: --proxy KIND=PLACE");
    }

    #[test]
    fn a_status_code_is_told_behind_the_check_and_quoted_fields_are_read() {
        let csv = "# pxname,svname,qcur,status,check_status,check_code,last_chk,addr\n\
                   web,FRONTEND,,OPEN,,,,\n\
                   web,a,3,DOWN,L7STS,503,\"HTTP status, \"\"503\"\"\",10.0.0.1:80\n\
                   web,BACKEND,4,DOWN,,,,\n";
        let told = servers(csv);
        assert_eq!(told.len(), 2);
        assert_eq!(
            (told[0].check.as_str(), told[0].queued, told[0].address.as_str()),
            ("L7STS/503", Some(3), "10.0.0.1:80")
        );
        assert_eq!(told[1].queued, Some(4));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(# )?(.{0,40}\n){0,6}") {
            std::hint::black_box((servers(&text), version(&text)));
        }
    }
}
