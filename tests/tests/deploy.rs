//! What stands in `deploy/`, used as its pages say: systemd units under a real systemd, the image under a real container
//! engine. Everything in namespaces of its own; needs root.
#![expect(clippy::disallowed_methods, reason = "tests run the tools that deployments are made with")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// A control group for what a test starts, in whichever hierarchies this machine has; gone at its end.
struct Group(Vec<PathBuf>);

impl Group {
    fn new(name: &str) -> Self {
        let name = format!("probemesh-{name}-{}", std::process::id());
        // The unified hierarchy alone, or beside the older ones.
        let of = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"].map(Path::new);
        let made: Vec<PathBuf> =
            of.iter().filter(|top| top.join("cgroup.procs").exists()).map(|top| top.join(&name)).collect();
        assert!(!made.is_empty(), "control groups are needed");
        for folder in &made {
            fs::create_dir(folder).expect("a control group, as root");
        }
        Self(made)
    }

    fn folders(&self) -> String {
        self.0.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(" ")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for folder in &self.0 {
            // Bottom up; a group whose last process is just ending is busy for a moment.
            let gone = "for i in $(seq 50); do find \"$0\" -depth -type d -exec rmdir {} + 2>/dev/null; [ -e \"$0\" ] || exit 0; sleep 0.1; done; exit 1";
            let done = Command::new("sh").args(["-c", gone]).arg(folder).status().expect("sh");
            assert!(done.success() || std::thread::panicking(), "{} is left", folder.display());
        }
    }
}

/// Runs a script in namespaces of its own without any way out, and gives what it printed under each `say`.
fn apart(name: &str, script: &str) -> impl Fn(&str) -> String + use<> {
    let group = Group::new(name);
    let prelude = r#"
for group in $GROUPS_OF_TEST; do echo $$ >$group/cgroup.procs; done
mount -t tmpfs -o mode=755 tmpfs /run; mkdir -p /run/www /run/home; ip link set lo up
export HOME=/run/home
wait_for() { for i in $(seq 300); do if eval "$1" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done; echo "waited in vain: $1" >&2; return 1; }
say() { echo "== $1"; }
M() { $CTL --coordinator 127.0.0.1:7443 "$@"; }
offers() { M vantages -o json 2>/dev/null | grep -q "\"$1\""; }
serve() { python3 -m http.server 8080 --bind 127.0.0.1 --directory /run/www >/dev/null 2>&1 & wait_for 'ss -Hltn | grep -q 8080'; }
"#;
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc", "bash", "-ec"])
        .arg(format!("{prelude}\n{script}"))
        .current_dir(root())
        .env("GROUPS_OF_TEST", group.folders())
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .output()
        .expect("unshare(1) as root");
    drop(group);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    move |name: &str| {
        let after = shown.split(&format!("== {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in {shown}"));
        after.split("== ").next().unwrap_or_default().trim().to_owned()
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

/// A vantage of what `meshctl vantages -o json` printed.
fn vantage(text: &str, id: &str) -> Value {
    let document = json(text);
    let mut list = document["vantages"].as_array().expect("vantages").iter();
    list.find(|vantage| vantage["id"] == id).unwrap_or_else(|| panic!("no {id}: {document:#}")).clone()
}

fn holds(vantage: &Value, capability: &str) -> bool {
    // Empty lists are left out.
    vantage["capabilities"].as_array().is_some_and(|list| list.iter().any(|held| held == capability))
}

/// The lines that the page tells its reader to type.
fn typed(page: &str, block: &str) -> String {
    let text = fs::read_to_string(root().join(page)).expect("the page");
    let after = text.split(&format!("```sh {block}\n")).nth(1).unwrap_or_else(|| panic!("no block {block} in {page}"));
    after.split("```").next().expect("its end").to_owned()
}

/// A machine whose first process is systemd, with the system's own programs and nothing else of it. `in_it` runs a command
/// there. nspawn's own filter of system calls would hide what the units filter.
const MACHINE: &str = r#"
R=/run/machine; mkdir -p $R/{usr,etc,var,run,tmp,proc,sys,dev,root,home}
mount --bind -o ro /usr $R/usr; mkdir /run/local; mount --bind /run/local $R/usr/local/bin
for link in bin sbin lib lib64; do ln -s usr/$link $R/$link; done
mkdir -p $R/etc/systemd/system $R/root/probemesh
ln -s /usr/lib/systemd/system/basic.target $R/etc/systemd/system/default.target
cp -r /etc/ld.so.cache /etc/ld.so.conf /etc/ld.so.conf.d /etc/nsswitch.conf /etc/pam.d /etc/security $R/etc/
echo root:x:0:0::/root:/bin/sh >$R/etc/passwd; echo root:x:0: >$R/etc/group
echo 0123456789abcdef0123456789abcdef >$R/etc/machine-id
cp -r $COORDINATOR $PROBER deploy/systemd/* $R/root/probemesh/
boot() {
  SYSTEMD_SECCOMP=0 systemd-nspawn --quiet --directory=$R --boot --register=no --keep-unit --console=pipe --link-journal=no \
    --capability=CAP_NET_ADMIN,CAP_SYSLOG </dev/null >/run/console 2>&1 & NSPAWN=$!
  wait_for 'LEADER=$(pgrep -P $NSPAWN) && in_it systemctl is-system-running --wait' || true
  wait_for 'in_it systemctl is-active basic.target' || { cat /run/console >&2; return 1; }
}
in_it() { nsenter -t $LEADER --mount --pid --ipc --uts --root --wd env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin TERM=dumb "$@"; }
typed() { in_it sh -ec "cd /root/probemesh; $1"; }
show() { in_it systemctl show "$@"; }
main() { in_it systemctl show -P MainPID $1; }
drop_in() {
  in_it install -D -m 0644 -t /etc/systemd/system/probemesh-prober.service.d /root/probemesh/profiles/$1
  in_it systemctl daemon-reload; in_it systemctl restart probemesh-prober; wait_for 'offers host/web-1'
}
"#;

#[test]
fn the_units_verify_clean_and_their_exposure_is_what_the_page_says() {
    let part = apart(
        "verify",
        r#"
mount -t tmpfs tmpfs /usr/local/bin; cp $COORDINATOR $PROBER /usr/local/bin/
mkdir /run/units; cp deploy/systemd/*.service /run/units/; cd /run/units
score() { systemd-analyze security --offline=yes --threshold=$1 probemesh-$2.service | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'; }
say verify; systemd-analyze verify --recursive-errors=no probemesh-coordinator.service probemesh-prober.service 2>&1
say control; sed 's/^PrivateTmp=yes/PrivateTemp=yes/' probemesh-prober.service >wrong.service; systemd-analyze verify wrong.service 2>&1 || true
say exposure; score 30 coordinator; score 30 prober
for profile in 10-net-raw 20-net-admin 30-sys-admin 40-syslog; do
  install -D -m 0644 -t probemesh-prober.service.d $OLDPWD/deploy/systemd/profiles/$profile.conf
  systemd-analyze verify --recursive-errors=no probemesh-prober.service 2>&1; score 30 prober
done
"#,
    );
    assert_eq!(part("verify"), "", "nothing to say about the units");
    assert!(part("control").contains("Unknown key 'PrivateTemp'"), "control: {}", part("control"));
    let exposure = part("exposure");
    println!("exposure: coordinator, prober, and with each drop-in more:\n{exposure}");
    let scores: Vec<&str> = exposure.lines().collect();
    let page = fs::read_to_string(root().join("deploy/systemd/README.md")).expect("the page");
    let said: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| none") || line.starts_with("| `"))
        .filter_map(|line| line.trim_end_matches('|').rsplit('|').next())
        .map(str::trim)
        .collect();
    let (coordinator, prober) = scores.split_first().expect("scores");
    assert!(page.contains(&format!("the coordinator has {coordinator}.")), "{exposure}");
    assert_eq!(prober, said, "the page's table");
}

#[test]
fn under_systemd_the_documented_lines_make_a_mesh_that_survives_kills_and_stops_cleanly() {
    let lines = |block: &str| {
        let lines = typed("deploy/systemd/README.md", block);
        assert!(lines.lines().count() <= 6 && lines.lines().all(|line| !line.contains('\'')), "{lines}");
        lines
    };
    // The reader's editing of prober.env, between the third and the last line.
    let edit = "sed -i 's/mesh.example.com/127.0.0.1/; s,10.0.0.0/8,127.0.0.0/8,' /etc/probemesh/prober.env";
    let prober = lines("prober").replace("systemctl daemon-reload", &format!("{edit}\nsystemctl daemon-reload"));
    let script = r#"
boot; serve
cat >/run/coordinator.sh <<'END'
COORDINATOR_LINES
END
cat >/run/prober.sh <<'END'
PROBER_LINES
END
say coordinator; typed "$(cat /run/coordinator.sh)" 2>&1
M login --token-file $R/root/probemesh/operator.token
M -q token create --role prober --name host/web-1 >$R/root/probemesh/token
say prober; typed "$(cat /run/prober.sh)" 2>&1
wait_for 'offers host/web-1'
say vantages; M vantages -o json
say healthy; M diagnose http://127.0.0.1:8080/ -o json -q
say rights
for unit in coordinator prober; do
  grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/$(pgrep -x $unit | head -1)/status | tr -d '\n\t'; echo
  stat -c '%U' /proc/$(pgrep -x $unit | head -1) | grep -c root || true
done
show probemesh-coordinator probemesh-prober -p MemoryMax,TasksMax
say walls
for unit in coordinator prober; do
  in=$(pgrep -x $unit | head -1)
  nsenter -t $in --mount --root touch /etc/probe /usr/probe 2>&1 | grep -c 'Read-only file system' || true
  nsenter -t $in --mount --root sh -c 'ls /root /home' 2>&1 | grep -c probemesh || true
done
say secrets
tr '\0' '\n' </proc/$(pgrep -x prober | head -1)/environ | grep -c pm1 || true
tr '\0' '\n' </proc/$(pgrep -x prober | head -1)/cmdline | grep -c pm1 || true
in_it journalctl --no-pager -o cat >/run/journal; grep -c pm1 /run/journal || true
grep -c 'connected to 127.0.0.1:7443' /run/journal
say killed; before=$(main probemesh-prober); in_it rm /run/credstore/probemesh.token; in_it kill -9 $before
wait_for '[ "$(show -P NRestarts probemesh-prober)" = 1 ] && offers host/web-1'
[ "$(main probemesh-prober)" != $before ] && echo "another process"
in_it kill -9 $(main probemesh-coordinator); wait_for '[ "$(show -P NRestarts probemesh-coordinator)" = 1 ]'
wait_for 'offers host/web-1'; show -P ActiveState probemesh-coordinator
say before; M vantages -o json
drop_in 10-net-raw.conf
say net; M vantages -o json
drop_in 20-net-admin.conf; drop_in 30-sys-admin.conf; drop_in 40-syslog.conf
say node; M vantages -o json
# Over a mesh a prober offers its own vantage alone, so what SYS_ADMIN gives is asked of `prober run` in the same unit.
in_it ip netns add blue
drops=/etc/systemd/system/probemesh-prober.service.d
cat >$R$drops/90-run.conf <<'END'
[Service]
Type=exec
RuntimeDirectory=probemesh-prober
ExecStart=
ExecStart=/usr/local/bin/prober run --listen unix:${RUNTIME_DIRECTORY}/socket --name host/web-1 --allow 127.0.0.0/8 --namespaces
END
B() { local at=unix:/proc/$LEADER/root/run/probemesh-prober/socket
  $CTL probe tcp 127.0.0.1:8080 --vantage netns/blue=$at --vantage host/web-1=$at --from netns/blue,host/web-1 --count 1 -o json -q 2>&1 || echo "exit $?"; }
in_it systemctl daemon-reload; in_it systemctl restart probemesh-prober; wait_for '[ -S /proc/$LEADER/root/run/probemesh-prober/socket ]'
say enters; B
in_it mv $drops/30-sys-admin.conf /root/; in_it systemctl daemon-reload; in_it systemctl restart probemesh-prober
wait_for '[ -S /proc/$LEADER/root/run/probemesh-prober/socket ]'
say shut; B
in_it rm $drops/90-run.conf; in_it systemctl daemon-reload; in_it systemctl restart probemesh-prober; wait_for 'offers host/web-1'
say stopped
for unit in probemesh-prober probemesh-coordinator; do
  began=$(date +%s%N); in_it systemctl stop $unit
  [ $((($(date +%s%N) - began) / 1000000)) -lt 8000 ] || echo "slow"
  show -P Result $unit; show -P ExecMainStatus $unit; show -P ActiveState $unit
done
say refused; M vantages 2>&1 || echo "exit $?"
say wrong; in_it sed -i 's/--name [^ ]*/--name nonsense/' /etc/probemesh/prober.env
in_it systemctl start probemesh-prober 2>/dev/null || true
wait_for '[ "$(show -P ExecMainStatus probemesh-prober)" = 2 ]'; sleep 6; show -P ActiveState probemesh-prober
in_it systemctl poweroff; wait $NSPAWN || true
"#;
    let script = script.replace("COORDINATOR_LINES\n", &lines("coordinator")).replace("PROBER_LINES\n", &prober);
    let part = apart("systemd", &format!("{MACHINE}\n{script}"));
    assert!(!holds(&vantage(&part("vantages"), "host/web-1"), "net_raw"), "{}", part("vantages"));
    assert_eq!(json(&part("healthy"))["verdict"]["status"], "healthy", "{}", part("healthy"));
    let none = "CapEff:0000000000000000CapBnd:0000000000000000NoNewPrivs:1Seccomp:2\n0";
    let rights = part("rights");
    assert!(rights.starts_with(&format!("{none}\n{none}\n")), "no capability, no root: {rights}");
    assert!(rights.contains("MemoryMax=1073741824") && rights.contains("MemoryMax=268435456"), "{rights}");
    assert_eq!(part("walls"), "2\n0\n2\n0", "nothing can be written, and no home be read");
    assert_eq!(
        part("secrets"),
        "0\n0\n0\n1",
        "no token in environment, arguments and journal; the journal is the right one"
    );
    assert_eq!(part("killed"), "another process\nactive", "systemd starts both again; no token is needed for it");
    for (when, held) in [("before", 0), ("net", 1), ("node", 4)] {
        let vantage = vantage(&part(when), "host/web-1");
        let of = ["net_raw", "net_admin", "sys_admin", "syslog"].into_iter().filter(|name| holds(&vantage, name));
        assert_eq!(of.count(), held, "{when}: {vantage:#}");
    }
    assert_eq!(part("stopped"), "success\n0\ninactive\nsuccess\n0\ninactive");
    assert!(part("refused").contains("Connection refused"), "{}", part("refused"));
    assert_eq!(part("wrong"), "failed", "wrong arguments are not tried again");
    let netns = |when: &str, id: &str| {
        let text = part(when);
        let document = json(text.trim_end_matches("exit 1").trim_end());
        let mut list = document["vantages"].as_array().expect("vantages").iter();
        let vantage = list.find(|vantage| vantage["vantage"] == id).expect("the vantage");
        vantage["observations"][0]["netns"].as_str().expect("its namespace").to_owned()
    };
    assert_ne!(netns("enters", "netns/blue"), netns("enters", "host/web-1"), "setns(2) is let through");
    // A prober that offers no vantage of that name answers for itself.
    assert_eq!(
        netns("shut", "netns/blue"),
        netns("shut", "host/web-1"),
        "control: without SYS_ADMIN nothing is entered"
    );
}
