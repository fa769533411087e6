//! The daemons of a lane: unbound, nginx, `HAProxy`, the backend, one prober per host. All real but the backend.

use std::{
    fs, io,
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    Host, Network,
    lab::{
        exec::{self, Daemon},
        topology,
    },
};

/// Until a daemon must listen.
const READY: Duration = Duration::from_secs(10);

/// Names and where they lead: IPv4, IPv6.
const NAMES: [(&str, &[&str]); 6] = [
    ("api.lab", &["10.77.4.2", "fd77:4::2"]),
    ("upload.lab", &["10.77.4.2", "fd77:4::2"]),
    ("slow.lab", &["10.77.4.2"]),
    ("backend.lab", &["10.77.8.2", "fd77:8::2"]),
    ("svc.lab", &["10.99.0.10"]),
    // 10.77.4.99 belongs to nobody.
    ("two.lab", &["10.77.4.99", "10.77.4.2"]),
];

/// Where a lane's files are.
#[derive(Debug, Clone)]
pub struct Files {
    pub folder: PathBuf,
}

impl Files {
    pub fn new(folder: &Path) -> io::Result<Self> {
        for part in ["etc", "log", "probers", "certs"] {
            fs::create_dir_all(folder.join(part))?;
        }
        fs::write(folder.join("etc/resolv.conf"), "nameserver 10.77.5.2\noptions timeout:1 attempts:2\n")?;
        fs::write(folder.join("etc/hosts"), "127.0.0.1 localhost\n::1 localhost\n")?;
        fs::write(folder.join("etc/nsswitch.conf"), "hosts: files dns\n")?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub fn etc(&self) -> PathBuf {
        self.folder.join("etc")
    }

    pub fn socket(&self, host: &str) -> PathBuf {
        self.folder.join("probers").join(format!("{host}.sock"))
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join("log").join(format!("{name}.log"))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<String> {
        let path = self.folder.join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }
}

/// Waits until something accepts on an address inside a host.
fn ready(host: &Host, daemon: &mut Daemon, address: SocketAddr) -> io::Result<()> {
    let until = Instant::now() + READY;
    loop {
        if host.run(move || TcpStream::connect_timeout(&address, Duration::from_millis(200)).map(drop)).is_ok() {
            return Ok(());
        }
        if !daemon.is_running() || Instant::now() > until {
            return Err(io::Error::other(format!("{} does not listen on {address}: {}", daemon.name, daemon.said())));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn at(address: &str, port: u16) -> SocketAddr {
    // The addresses of this file parse; an error would show as a daemon that is never ready.
    SocketAddr::new(address.parse().unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)), port)
}

/// unbound on dns, authoritative for the lab's names.
pub fn unbound(network: &Network, files: &Files) -> io::Result<Daemon> {
    let host = network.host("dns")?;
    let mut records = Vec::new();
    for (name, addresses) in NAMES {
        for address in addresses {
            let kind = if address.contains(':') { "AAAA" } else { "A" };
            records.push(format!("  local-data: \"{name}. 60 IN {kind} {address}\"\n"));
        }
    }
    let config = format!(
        "server:\n  interface: 10.77.5.2\n  interface: fd77:5::2\n  access-control: 0.0.0.0/0 allow\n  access-control: ::/0 allow\n  \
         do-daemonize: no\n  use-syslog: no\n  username: \"\"\n  chroot: \"\"\n  directory: \"{folder}\"\n  pidfile: \"{folder}/unbound.pid\"\n  \
         module-config: \"iterator\"\n  num-threads: 1\n  local-zone: \"lab.\" static\n{records}remote-control:\n  control-enable: no\n",
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

fn nginx(network: &Network, files: &Files, host: &str, servers: &str, listens: SocketAddr) -> io::Result<Daemon> {
    let name = format!("nginx-{host}");
    fs::create_dir_all(files.folder.join(&name))?;
    let path = files.write(&format!("{name}.conf"), &nginx_config(files, &name, servers))?;
    let host = network.host(host)?;
    let mut command = exec::command(host, "nginx");
    command.args(["-c", &path, "-p", &files.folder.display().to_string()]);
    let mut daemon = Daemon::start(&name, command, &files.log(&name))?;
    ready(host, &mut daemon, listens)?;
    Ok(daemon)
}

/// nginx on edge: 80 and 443 (good certificate), 8443 (expired), 8080 (takes bodies).
pub fn edge(network: &Network, files: &Files) -> io::Result<Daemon> {
    let certs = files.folder.join("certs");
    let certs = certs.display();
    let answer = "location / { return 200 \"edge\\n\"; }";
    let servers = format!(
        " server {{ listen 80; listen [::]:80; {answer} }}\n \
         server {{ listen 443 ssl; listen [::]:443 ssl; ssl_certificate {certs}/good.pem; ssl_certificate_key {certs}/good.key; {answer} }}\n \
         server {{ listen 8443 ssl; listen [::]:8443 ssl; ssl_certificate {certs}/expired.pem; ssl_certificate_key {certs}/expired.key; {answer} }}\n \
         server {{ listen 8080; listen [::]:8080; location / {{ proxy_pass http://127.0.0.1:8079; }} }}\n \
         server {{ listen 127.0.0.1:8079; {answer} }}\n"
    );
    nginx(network, files, "edge", &servers, at("10.77.4.2", 8443))
}

/// nginx in a Pod, on 8080.
pub fn pod(network: &Network, files: &Files, host: &str) -> io::Result<Daemon> {
    let servers = format!(" server {{ listen 8080; listen [::]:8080; location / {{ return 200 \"{host}\\n\"; }} }}\n");
    nginx(network, files, host, &servers, at("127.0.0.1", 8080))
}

/// `HAProxy` on edge: slow.lab:8090 to the backend, two seconds for its answer.
pub fn haproxy(network: &Network, files: &Files) -> io::Result<Daemon> {
    let config = "\
global
  maxconn 200
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 2s
frontend slow
  bind 10.77.4.2:8090
  default_backend slow
backend slow
  server backend 10.77.8.2:8081
";
    let path = files.write("haproxy.cfg", config)?;
    let host = network.host("edge")?;
    let mut command = exec::command(host, "haproxy");
    command.args(["-db", "-f", &path]);
    let mut daemon = Daemon::start("haproxy", command, &files.log("haproxy"))?;
    ready(host, &mut daemon, at("10.77.4.2", 8090))?;
    Ok(daemon)
}

/// The backend on 8081: `/slow?ms=N` answers after N milliseconds, never with N = 0; everything else at once.
pub fn backend(network: &Network) -> io::Result<()> {
    let host = network.host("backend")?.clone();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let listening = host.run(|| TcpListener::bind((Ipv6Addr::UNSPECIFIED, 8081)));
        let listener = match listening {
            Ok(listener) => listener,
            Err(e) => return tell.send(Err(e)).unwrap_or_default(),
        };
        tell.send(Ok(())).unwrap_or_default();
        for stream in listener.incoming().filter_map(Result::ok) {
            thread::spawn(move || answer(stream));
        }
    });
    told.recv().map_err(io::Error::other)?
}

fn answer(mut stream: TcpStream) {
    let mut bytes = vec![0u8; 8 << 10];
    let Ok(length) = stream.read(&mut bytes) else { return };
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
    let path = text.split_whitespace().nth(1).unwrap_or("/");
    if let Some(ms) = path.strip_prefix("/slow?ms=").and_then(|ms| ms.parse::<u64>().ok()) {
        // Long enough that nobody waits it out.
        let wait = if ms == 0 { Duration::from_mins(10) } else { Duration::from_millis(ms) };
        thread::sleep(wait);
    }
    let reply = b"HTTP/1.1 200 OK\r\nServer: backend\r\nContent-Length: 8\r\nConnection: close\r\n\r\nbackend\n";
    stream.write_all(reply).unwrap_or_default();
}

/// A listener on r1 that takes every connection sent to it and says nothing.
pub fn interceptor(network: &Network) -> io::Result<()> {
    crate::serve::mute(network.host("r1")?, at("0.0.0.0", 15001))
}

/// Where the product's binaries are: beside this one.
pub fn binary(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.parent().map(|folder| folder.join(name)).unwrap_or_default();
    if path.exists() {
        return Ok(path);
    }
    let text = format!("{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    Err(io::Error::new(io::ErrorKind::NotFound, text))
}

/// One prober per host, on a socket of its own; or one on the first host that enters all.
pub fn probers(network: &Network, files: &Files, one: bool) -> io::Result<Vec<Daemon>> {
    let prober = binary("prober")?;
    let allow = ["--allow", "0.0.0.0/0", "--allow", "::/0"];
    let mut daemons = Vec::new();
    for (name, vantage) in topology::HOSTS {
        let host = network.host(name)?;
        let mut command = exec::with_etc(host, &files.etc(), &prober);
        command.args(["run", "--name", vantage, "--witness", topology::node_of(name).unwrap_or(name)]).args(allow);
        command.arg("--listen").arg(format!("unix:{}", files.socket(name).display()));
        if let Some(node) = topology::node_of(name) {
            command.args(["--node", node]);
        }
        if one {
            for (other, id) in topology::HOSTS.iter().filter(|(other, _)| *other != name) {
                let witness = topology::node_of(other).unwrap_or(other);
                let node = topology::node_of(other).map_or(String::new(), |node| format!(",node={node}"));
                let etc = files.etc();
                let path = network.host(other)?.path();
                command.arg("--enter").arg(format!("{id}={path},witness={witness}{node},etc={}", etc.display()));
            }
        }
        daemons.push(Daemon::start(&format!("prober {name}"), command, &files.log(&format!("prober-{name}")))?);
        if one {
            break;
        }
    }
    let until = Instant::now() + READY;
    for (daemon, (name, _)) in daemons.iter_mut().zip(topology::HOSTS) {
        while !files.socket(name).exists() {
            if !daemon.is_running() || Instant::now() > until {
                return Err(io::Error::other(format!("{} is not there: {}", daemon.name, daemon.said())));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    Ok(daemons)
}
