//! Configuration of the real daemons: unbound, nginx, `HAProxy`, tinyproxy.

use std::{fs, io};

use super::{Files, at, ready};
use crate::{
    Network,
    lab::exec::{self, Daemon},
};

/// Names and where they lead: IPv4, IPv6.
const NAMES: [(&str, &[&str]); 12] = [
    ("api.lab", &["10.77.4.2", "fd77:4::2"]),
    ("upload.lab", &["10.77.4.2", "fd77:4::2"]),
    ("slow.lab", &["10.77.4.2", "fd77:4::2"]),
    ("backend.lab", &["10.77.8.2", "fd77:8::2"]),
    ("svc.lab", &["10.99.0.10"]),
    ("hair.lab", &["10.99.0.30"]),
    ("wrong.lab", &["10.99.0.50"]),
    ("stale.lab", &["10.99.0.60"]),
    // 10.77.4.99 belongs to nobody.
    ("two.lab", &["10.77.4.99", "10.77.4.2"]),
    ("split.lab", &["10.77.4.2"]),
    ("refused.lab", &["10.77.4.2"]),
    ("portal.lab", &["10.77.4.2"]),
];
/// Addresses of edge that `big.lab` has: an answer of more than 512 bytes.
pub const BIG: std::ops::Range<u8> = 10..50;

/// unbound on dns, authoritative for the lab's names. The client's view lacks split.lab and is refused refused.lab.
pub fn unbound(network: &Network, files: &Files) -> io::Result<Daemon> {
    let host = network.host("dns")?;
    let named = NAMES.iter().flat_map(|(name, addresses)| addresses.iter().map(move |address| (*name, *address)));
    let mut records: Vec<String> = named
        .map(|(name, address)| {
            let kind = if address.contains(':') { "AAAA" } else { "A" };
            format!("  local-data: \"{name}. 60 IN {kind} {address}\"\n")
        })
        .collect();
    records.extend(BIG.map(|last| format!("  local-data: \"big.lab. 60 IN A 10.77.4.{last}\"\n")));
    let config = format!(
        "server:\n  interface: 10.77.5.2\n  interface: fd77:5::2\n  access-control: 0.0.0.0/0 allow\n  access-control: ::/0 allow\n  \
         access-control-view: 10.77.1.2/32 client\n  do-daemonize: no\n  use-syslog: no\n  username: \"\"\n  chroot: \"\"\n  \
         directory: \"{folder}\"\n  pidfile: \"{folder}/unbound.pid\"\n  do-not-query-localhost: no\n  outbound-msg-retry: 1\n  \
         module-config: \"iterator\"\n  num-threads: 1\n  local-zone: \"lab.\" static\n{records}remote-control:\n  control-enable: no\n\
         view:\n  name: \"client\"\n  view-first: yes\n  local-zone: \"split.lab.\" always_nxdomain\n  \
         local-zone: \"refused.lab.\" always_refuse\n\
         forward-zone:\n  name: \"broken.\"\n  forward-addr: 127.0.0.1@5399\n",
        folder = files.folder.display(),
        records = records.concat(),
    );
    let path = files.write("unbound.conf", &config)?;
    let mut command = exec::command(host, "unbound");
    command.args(["-d", "-c", &path]);
    let mut daemon = Daemon::start("unbound", command, &files.log("unbound"))?;
    ready(host, &mut daemon, at("10.77.5.2", 53))?;
    Ok(daemon)
}

fn nginx_config(files: &Files, name: &str, servers: &str) -> String {
    let folder = files.folder.join(name);
    let folder = folder.display();
    format!(
        "user root root;\ndaemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n\
         events {{ worker_connections 256; }}\nhttp {{\n access_log off;\n client_body_temp_path {folder}/body;\n \
         proxy_temp_path {folder}/proxy;\n fastcgi_temp_path {folder}/fastcgi;\n uwsgi_temp_path {folder}/uwsgi;\n \
         scgi_temp_path {folder}/scgi;\n client_max_body_size 16m;\n{servers}}}\n"
    )
}

fn nginx(network: &Network, files: &Files, host: &str, servers: &str, port: u16) -> io::Result<Daemon> {
    let name = format!("nginx-{host}");
    fs::create_dir_all(files.folder.join(&name))?;
    let path = files.write(&format!("{name}.conf"), &nginx_config(files, &name, servers))?;
    let host = network.host(host)?;
    let mut command = exec::command(host, "nginx");
    command.args(["-c", &path, "-p", &files.folder.display().to_string()]);
    let mut daemon = Daemon::start(&name, command, &files.log(&name))?;
    ready(host, &mut daemon, at("127.0.0.1", port))?;
    Ok(daemon)
}

const ANSWER: &str = "location / { return 200 \"edge\\n\"; }";

/// nginx on edge. `tests/lab/TOPOLOGY.md` says what each port does.
pub fn edge(network: &Network, files: &Files) -> io::Result<Daemon> {
    let certs = files.folder.join("certs");
    let certs = certs.display();
    let www = files.folder.join("www");
    fs::create_dir_all(&www)?;
    // Several full segments and a last one that is not full.
    fs::write(www.join("page"), vec![b'p'; 8_000])?;
    let www = www.display();
    let tls = |port: u16, certificate: &str, more: &str| {
        format!(
            " server {{ listen {port} ssl; listen [::]:{port} ssl; ssl_certificate {certs}/{certificate}.pem; \
             ssl_certificate_key {certs}/{certificate}.key; {more} {ANSWER} }}\n"
        )
    };
    let plain = |port: u16, what: &str| format!(" server {{ listen {port}; listen [::]:{port}; {what} }}\n");
    let required = format!("ssl_verify_client on; ssl_client_certificate {certs}/ca.pem;");
    let servers = [
        plain(80, &format!("location = /page {{ root {www}; }} {ANSWER}")),
        tls(443, "good", ""),
        tls(8443, "expired", ""),
        tls(8444, "other", ""),
        tls(8445, "leaf", ""),
        tls(8446, "private", ""),
        tls(8447, "self", ""),
        tls(8448, "good", &required),
        // OpenSSL speaks TLS 1.1 at security level 0 alone.
        tls(8449, "good", "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"),
        tls(8453, "soon", ""),
        tls(8456, "future", ""),
        // CBC suites: OpenSSL has them, not every library does.
        tls(8455, "good", "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0;"),
        " server { listen 8454 ssl; listen [::]:8454 ssl; ssl_reject_handshake on; }\n".to_owned(),
        plain(8452, ANSWER),
        plain(8080, "location / { proxy_pass http://127.0.0.1:8079; }"),
        format!(" server {{ listen 127.0.0.1:8079; {ANSWER} }}\n"),
        plain(8082, "location /app/ { proxy_pass http://10.77.8.2:8081; }"),
        plain(8084, "client_max_body_size 4k; location / { proxy_pass http://127.0.0.1:8079; }"),
        plain(8095, &format!("keepalive_timeout 1s; {ANSWER}")),
        format!(" server {{ listen 127.0.0.1:8096; {ANSWER} }}\n"),
    ]
    .concat();
    nginx(network, files, "edge", &servers, 8443)
}

/// nginx in a Pod, on 8080.
pub fn pod(network: &Network, files: &Files, host: &str) -> io::Result<Daemon> {
    let servers = format!(" server {{ listen 8080; listen [::]:8080; location / {{ return 200 \"{host}\\n\"; }} }}\n");
    nginx(network, files, host, &servers, 8080)
}

/// nginx on r1, where nobody is sent unless a scenario does: a portal's redirect and an inspecting proxy.
pub fn portal(network: &Network, files: &Files) -> io::Result<Daemon> {
    let certs = files.folder.join("certs");
    let certs = certs.display();
    let servers = format!(
        " server {{ listen 15002; location / {{ return 302 http://portal.lab/login; }} }}\n \
         server {{ listen 15003 ssl; ssl_certificate {certs}/inspector.pem; ssl_certificate_key {certs}/inspector.key; {ANSWER} }}\n"
    );
    nginx(network, files, "r1", &servers, 15002)
}

/// `HAProxy` on edge. Upstream connects may take 1 s, answers 2 s, a place in the queue 1 s.
pub fn haproxy(network: &Network, files: &Files) -> io::Result<Daemon> {
    let frontend = |name: &str, port: u16, server: &str| {
        format!(
            "frontend {name}\n  bind [::]:{port} v4v6\n  default_backend {name}\nbackend {name}\n  server backend {server}\n"
        )
    };
    let config = [
        format!(
            "global\n  maxconn 200\n  stats socket {} mode 600 level operator\ndefaults\n  mode http\n  timeout connect 1s\n  timeout client 30s\n  \
             timeout server 2s\n  timeout queue 1s\n  retries 0\n",
            files.stats().display()
        ),
        frontend("slow", 8090, "10.77.8.2:8081"),
        frontend("refused", 8083, "10.77.8.2:8999"),
        frontend("down", 8085, "10.77.8.2:8081 disabled"),
        // One request that never ends fills it.
        format!("{}  timeout server 60s\n", frontend("queue", 8086, "10.77.8.2:8081 maxconn 1")),
    ]
    .concat();
    let path = files.write("haproxy.cfg", &config)?;
    let host = network.host("edge")?;
    let mut command = exec::command(host, "haproxy");
    command.args(["-db", "-f", &path]);
    let mut daemon = Daemon::start("haproxy", command, &files.log("haproxy"))?;
    ready(host, &mut daemon, at("10.77.4.2", 8090))?;
    Ok(daemon)
}

/// tinyproxy on external: lets CONNECT through to the ports of the edge, but not to names below `denied.lab`.
pub fn forward_proxy(network: &Network, files: &Files) -> io::Result<Daemon> {
    let folder = files.folder.join("tinyproxy");
    fs::create_dir_all(&folder)?;
    let filter = files.write("tinyproxy.filter", "upload\\.lab\n10\\.77\\.8\\.2\n")?;
    let config = format!(
        "Port 3128\nListen 10.77.2.2\nTimeout 30\nMaxClients 50\nLogLevel Warning\nLogFile \"{0}/log\"\nPidFile \"{0}/pid\"\n\
         Filter \"{filter}\"\nFilterExtended On\nFilterCaseSensitive Off\nConnectPort 80\nConnectPort 443\nConnectPort 8080\n",
        folder.display()
    );
    let path = files.write("tinyproxy.conf", &config)?;
    let host = network.host("external")?;
    let mut command = exec::with_etc(host, &files.etc("external"), std::path::Path::new("tinyproxy"));
    command.args(["-d", "-c", &path]);
    let mut daemon = Daemon::start("tinyproxy", command, &files.log("tinyproxy"))?;
    ready(host, &mut daemon, at("10.77.2.2", 3128))?;
    Ok(daemon)
}
