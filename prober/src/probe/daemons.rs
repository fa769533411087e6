//! Real daemons for the tests of probes, each in a folder of its own; they end with the value.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A daemon that listens on one port of 127.0.0.1, with a certificate of its own for "api.test".
pub(crate) struct Daemon {
    process: Child,
    pub(crate) port: u16,
    pub(crate) ca_pem: Vec<u8>,
    folder: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "a real server is a process of its own")]
fn command(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl Daemon {
    /// `openssl s_server` with more arguments.
    pub(crate) async fn openssl(arguments: &str) -> Self {
        Self::start(|port, folder| {
            let mut command = command("openssl", folder);
            command.args(["s_server", "-accept", &format!("127.0.0.1:{port}"), "-key", "key.pem", "-cert", "cert.pem"]);
            command.args(arguments.split_whitespace());
            command
        })
        .await
    }

    /// nginx with one server: what follows the port in its `listen`, and the rest of its block. A location "/x" of 3 bytes
    /// is there.
    pub(crate) async fn nginx(listen: &str, server: &str) -> Self {
        Self::start(|port, folder| {
            fs::create_dir_all(folder.join("html")).expect("a folder");
            fs::write(folder.join("html/x"), "hi\n").expect("a file");
            let at = folder.display();
            let config = format!(
                "daemon off; master_process off; pid {at}/pid; error_log {at}/log;
                 events {{}}
                 http {{
                   access_log off; client_body_temp_path {at}/a; proxy_temp_path {at}/b; fastcgi_temp_path {at}/c;
                   uwsgi_temp_path {at}/d; scgi_temp_path {at}/e;
                   ssl_certificate {at}/cert.pem; ssl_certificate_key {at}/key.pem;
                   server {{ listen 127.0.0.1:{port} {listen}; root {at}/html; {server} }}
                 }}"
            );
            fs::write(folder.join("nginx.conf"), config).expect("a file");
            let mut command = command("nginx", folder);
            command.args(["-p", &at.to_string(), "-c", "nginx.conf", "-e", "stderr"]);
            command
        })
        .await
    }

    async fn start(command_of: impl FnOnce(u16, &Path) -> Command) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = port.expect("a free port").port();
        let folder = std::env::temp_dir().join(format!("daemon-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let certified = rcgen::generate_simple_self_signed(vec!["api.test".to_owned()]).expect("a certificate");
        fs::write(folder.join("cert.pem"), certified.cert.pem()).expect("a file");
        fs::write(folder.join("key.pem"), certified.signing_key.serialize_pem()).expect("a file");
        let mut command = command_of(port, &folder);
        let process = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let daemon = Self { process, port, ca_pem: certified.cert.pem().into_bytes(), folder };
        for _ in 0..200 {
            let sockets = fs::read_to_string("/proc/net/tcp").expect("proc");
            if sockets.lines().any(|line| line.contains(&format!(":{port:04X} 00000000:0000 0A"))) {
                return daemon;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{command:?} does not listen");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.process.kill().unwrap_or_default();
        self.process.wait().map(drop).unwrap_or_default();
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}
