//! What stands in `deploy/`, used as its pages say: systemd units under a real systemd, the image under a real container
//! engine. Everything in namespaces of its own; needs root.

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

/// Control groups for what a test starts, one in each hierarchy that this machine has; gone at its end.
struct Groups(Vec<PathBuf>);

impl Groups {
    fn new(name: &str) -> Self {
        let name = format!("probemesh-{name}-{}", std::process::id());
        let own = fs::read_to_string("/proc/self/cgroup").expect("control groups");
        let made = own.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (kind, at) = (parts.next()?.trim_start_matches("name="), parts.next()?.trim_start_matches('/'));
            // The unified hierarchy is the only one, or is mounted beside the older ones. In it a group with processes can
            // have no limited groups below it (cgroups(7)), so the new one stands at the top.
            let (top, at) = match kind {
                "" if Path::new("/sys/fs/cgroup/cgroup.procs").exists() => (PathBuf::from("/sys/fs/cgroup"), ""),
                "" => (PathBuf::from("/sys/fs/cgroup/unified"), ""),
                _ => (Path::new("/sys/fs/cgroup").join(kind), at),
            };
            top.join("cgroup.procs").exists().then(|| top.join(at).join(&name))
        });
        let made: Vec<PathBuf> = made.collect();
        assert!(!made.is_empty(), "control groups are needed");
        for folder in &made {
            fs::create_dir(folder).expect("a control group, as root");
            // Without it nothing can join a group of cpuset(7).
            for file in ["cpuset.cpus", "cpuset.mems"].map(|file| folder.join(file)).iter().filter(|file| file.exists())
            {
                let above = folder.parent().expect("above").join(file.file_name().expect("name"));
                fs::write(file, fs::read(above).expect("cpuset")).expect("cpuset");
            }
        }
        Self(made)
    }

    fn folders(&self) -> String {
        self.0.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(" ")
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        // Bottom up; a group whose last process is just ending is busy for a moment.
        let gone = "for i in $(seq 50); do find \"$0\" -depth -type d -exec rmdir {} + 2>/dev/null; [ -e \"$0\" ] || exit 0; \
                    sleep 0.1; done; exit 1";
        for folder in &self.0 {
            let done = Command::new("sh").args(["-c", gone]).arg(folder).status().expect("sh");
            assert!(done.success() || std::thread::panicking(), "{} is left", folder.display());
        }
    }
}

/// Runs a script in namespaces of its own without any way out, and in `more` of them, and gives what it printed under each `say`.
fn apart(name: &str, more: &[&str], script: &str) -> impl Fn(&str) -> String + use<> {
    let groups = Groups::new(name);
    let prelude = r#"
mount -t tmpfs -o mode=755 tmpfs /run; mkdir -p /run/www /run/home; ip link set lo up
export HOME=/run/home
wait_for() { for i in $(seq 300); do if eval "$1" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done; echo "waited in vain: $1" >&2; return 1; }
say() { echo "== $1"; }
M() { $CTL --coordinator 127.0.0.1:7443 "$@"; }
offers() { M vantages -o json 2>/dev/null | sed '1,/"vantages": \[/d' | grep -q "\"$1\""; }
serve() { python3 -m http.server 8080 --bind 127.0.0.1 --directory /run/www >/dev/null 2>&1 & wait_for 'ss -Hltn | grep -q 8080'; }
"#;
    // The groups come before their namespace, whose root they are.
    let start = "for group in $GROUPS_OF_TEST; do echo $$ >$group/cgroup.procs; done; exec unshare --net --mount --pid --ipc \
                 --uts --fork --kill-child --mount-proc \"$@\"";
    let output = Command::new("bash")
        .args(["-ec", start, "bash"])
        .args(more)
        .args(["bash", "-ec"])
        .arg(format!("{prelude}\n{script}"))
        .current_dir(root())
        .env("GROUPS_OF_TEST", groups.folders())
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .output()
        .expect("bash");
    drop(groups);
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
    let mut list = document.get("vantages").and_then(Value::as_array).expect("vantages").iter();
    list.find(|vantage| vantage.get("id").is_some_and(|own| own == id))
        .unwrap_or_else(|| panic!("no {id}: {document:#}"))
        .clone()
}

fn holds(vantage: &Value, capability: &str) -> bool {
    // Empty lists are left out.
    vantage.get("capabilities").and_then(Value::as_array).is_some_and(|list| list.iter().any(|held| held == capability))
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
        &[],
        r"
set -o pipefail
mount -t tmpfs tmpfs /usr/local/bin; cp $COORDINATOR $PROBER /usr/local/bin/
mkdir /run/units; cp deploy/systemd/*.service /run/units/; cd /run/units
score() { systemd-analyze security --offline=yes --threshold=$1 probemesh-$2.service | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'; }
say verify; systemd-analyze verify --recursive-errors=no probemesh-coordinator.service probemesh-prober.service 2>&1
say control; sed 's/^PrivateTmp=yes/PrivateTemp=yes/' probemesh-prober.service >wrong.service; systemd-analyze verify wrong.service 2>&1 || true
say bound; score 5 prober >/dev/null && echo kept || echo broken
say exposure; score 30 coordinator; score 30 prober
for profile in 10-net-raw 20-net-admin 30-sys-admin 40-syslog; do
  install -D -m 0644 -t probemesh-prober.service.d $OLDPWD/deploy/systemd/profiles/$profile.conf
  systemd-analyze verify --recursive-errors=no probemesh-prober.service 2>&1; score 30 prober
done
",
    );
    assert_eq!(part("verify"), "", "nothing to say about the units");
    assert!(part("control").contains("Unknown key 'PrivateTemp'"), "control: {}", part("control"));
    assert_eq!(part("bound"), "broken", "control: a lower threshold is exceeded");
    let exposure = part("exposure");
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

/// The lines of the page, typed on one machine that is both: `login` and the prober's token lie between them, and the reader's
/// editing of prober.env is that this machine is the coordinator's and that loopback may be asked.
fn installed(then: &str) -> String {
    let lines = |block: &str| {
        let lines = typed("deploy/systemd/README.md", block);
        assert!(lines.lines().count() <= 6, "{lines}");
        lines
    };
    let edit = "sed -i 's/mesh.example.com/127.0.0.1/; s,10.0.0.0/8,127.0.0.0/8,' /etc/probemesh/prober.env";
    let prober = lines("prober").replace("systemctl daemon-reload", &format!("{edit}\nsystemctl daemon-reload"));
    let install = r#"
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
"#;
    let install = install.replace("COORDINATOR_LINES\n", &lines("coordinator")).replace("PROBER_LINES\n", &prober);
    format!("{MACHINE}\n{install}\n{then}")
}

const MESH: &str = r#"
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
grep -q 'connected to 127.0.0.1:7443' /run/journal && echo 1
say killed; before=$(main probemesh-prober); in_it rm /run/credstore/probemesh.token; in_it kill -9 $before
wait_for '[ "$(show -P NRestarts probemesh-prober)" = 1 ] && offers host/web-1'
[ "$(main probemesh-prober)" != $before ] && echo "another process"
in_it kill -9 $(main probemesh-coordinator); wait_for '[ "$(show -P NRestarts probemesh-coordinator)" = 1 ]'
wait_for 'offers host/web-1'; show -P ActiveState probemesh-coordinator
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

#[test]
fn under_systemd_the_documented_lines_make_a_mesh_that_survives_kills_and_stops_cleanly() {
    let part = apart("systemd", &[], &installed(MESH));
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
    assert_eq!(part("stopped"), "success\n0\ninactive\nsuccess\n0\ninactive");
    assert!(part("refused").contains("Connection refused"), "{}", part("refused"));
    assert_eq!(part("wrong"), "failed", "wrong arguments are not tried again");
}

const PROFILES: &str = r#"
say before; M vantages -o json
say unheard; M probe icmp 127.0.0.1 -o json -q 2>/dev/null || true
drop_in 10-net-raw.conf
say net; M vantages -o json
say heard; M probe icmp 127.0.0.1 -o json -q
drop_in 20-net-admin.conf; drop_in 30-sys-admin.conf; drop_in 40-syslog.conf
say node; M vantages -o json
# What SYS_ADMIN gives is asked of `prober run` in the same unit: named namespaces are offered there without a name for each.
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
in_it systemctl poweroff; wait $NSPAWN || true
"#;

#[test]
fn each_drop_in_gives_one_capability_and_system_admin_opens_other_network_namespaces() {
    let part = apart("profiles", &[], &installed(PROFILES));
    for (when, held) in [("before", 0), ("net", 1), ("node", 4)] {
        let vantage = vantage(&part(when), "host/web-1");
        let of = ["net_raw", "net_admin", "sys_admin", "syslog"].into_iter().filter(|name| holds(&vantage, name));
        assert_eq!(of.count(), held, "{when}: {vantage:#}");
    }
    let observed = |when: &str, id: &str, what: &str| {
        let text = part(when);
        let document = json(text.trim_end_matches("exit 1").trim_end());
        let mut list = document["vantages"].as_array().expect("vantages").iter();
        let vantage = list.find(|vantage| vantage["vantage"] == id).expect("the vantage");
        vantage["observations"][0][what].as_str().expect("text").to_owned()
    };
    let echo = |when: &str| observed(when, "host/web-1", "outcome");
    assert_eq!(echo("unheard"), "OUTCOME_COULD_NOT_LOOK", "control: without NET_RAW nothing is claimed");
    assert_eq!(echo("heard"), "OUTCOME_PASS", "the right can be used, whatever else is shut");
    let netns = |when: &str, id: &str| observed(when, id, "netns");
    assert_ne!(netns("enters", "netns/blue"), netns("enters", "host/web-1"), "setns(2) is let through");
    let shut = part("shut");
    assert!(
        shut.contains("no vantage matches \"netns/blue\"") && shut.ends_with("exit 4"),
        "control: without SYS_ADMIN nothing is entered, and no other place answers for it: {shut}"
    );
}

/// A container engine with nothing in it, whose storage, networks and control groups are the test's own; Compose speaks to
/// it over its socket. crun takes control groups of one kind alone, so where both are mounted the older kind is shown.
const ENGINE: &str = r#"
[ -x target/image/coordinator ] && [ -x target/image/prober ] || { echo 'no image: run deploy/image/build' >&2; exit 1; }
if [ -e /sys/fs/cgroup/cgroup.procs ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup; mkdir /sys/fs/cgroup/own; echo $$ >/sys/fs/cgroup/own/cgroup.procs
else
  mount -t tmpfs tmpfs /sys/fs/cgroup
  for kind in $(cut -d: -f2 /proc/self/cgroup | grep .); do
    at=/sys/fs/cgroup/${kind#name=}; mkdir $at; mount -t cgroup -o ${kind/#name=/none,name=} cgroup $at
  done
fi
mkdir -p /run/engine/networks
cat >/run/engine/containers.conf <<'END'
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
[network]
network_backend = "netavark"
network_config_dir = "/run/engine/networks"
END
cat >/run/engine/storage.conf <<'END'
[storage]
driver = "vfs"
runroot = "/run/engine/runroot"
graphroot = "/run/engine/root"
END
export CONTAINERS_CONF=/run/engine/containers.conf CONTAINERS_STORAGE_CONF=/run/engine/storage.conf
export DOCKER_HOST=unix:///run/engine/socket COMPOSE_PROJECT_NAME=probemesh
podman system service --time=0 $DOCKER_HOST 2>/run/engine/log &
wait_for '[ -S /run/engine/socket ]'
mkdir -p /run/deploy/compose /run/target; cp -r deploy/image /run/deploy/; cp -r target/image /run/target/
cp deploy/compose/compose.yaml /run/deploy/compose/; cd /run/deploy/compose
id() { docker-compose ps -q $1; }
main() { podman inspect --format '{{.State.Pid}}' $(id $1); }
limit() { cat /sys/fs/cgroup/memory$(grep :memory: /proc/$1/cgroup | cut -d: -f3)/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup$(cut -d: -f3 /proc/$1/cgroup)/memory.max; }
"#;

#[test]
fn the_compose_file_is_one_and_a_wrong_one_is_refused() {
    let part = apart(
        "schema",
        &[],
        r#"
cd deploy/compose
say valid; docker-compose -f compose.yaml config -q 2>&1; echo "exit $?"
say control; sed 's/mem_limit/memory_limit/' compose.yaml >/run/wrong.yaml; docker-compose -f /run/wrong.yaml config -q 2>&1 || echo "exit $?"
"#,
    );
    assert_eq!(part("valid"), "exit 0");
    let control = part("control");
    assert!(control.contains("memory_limit") && control.ends_with("exit 1"), "control: {control}");
}

#[test]
fn under_a_container_engine_the_documented_lines_make_a_mesh_without_rights() {
    let lines = typed("deploy/compose/README.md", "compose");
    let script = r#"
cat >/run/lines.sh <<'END'
LINES
END
say typed; bash -ec "$(cat /run/lines.sh)" 2>&1
say login; M login --token-file operator.token
wait_for 'offers host/compose'
say vantages; M vantages -o json
gateway=$(podman network inspect probemesh_mesh | grep -o '"gateway": "[^"]*"' | cut -d'"' -f4)
python3 -m http.server 8080 --bind $gateway --directory /run/www >/dev/null 2>&1 & wait_for 'ss -Hltn | grep -q 8080'
say healthy; M diagnose http://$gateway:8080/ -o json -q
# A name that the engine's resolver knows, through the resolver of a static binary.
say resolve; M probe resolve coordinator -o json -q
say rights
for service in coordinator prober; do
  grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs):' /proc/$(main $service)/status | tr -d '\n\t'; echo " $(limit $(main $service))"
done
say walls
for service in coordinator prober; do touch /proc/$(main $service)/root/probe 2>&1 | grep -c 'Read-only file system' || true; done
ls /proc/$(main prober)/root | tr '\n' ' '
say secrets
for file in cmdline environ; do tr '\0' '\n' </proc/$(main prober)/$file | grep -c pm1 || true; done
say health; docker-compose exec -T coordinator /coordinator health --state /state; echo "exit $?"
say unwell; docker-compose exec -T coordinator /coordinator health --state /state --at 127.0.0.1:7444 2>&1 || echo "exit $?"
say killed; before=$(main prober); : >token; kill -9 $before
wait_for '[ "$(main prober)" != $before ] && [ "$(main prober)" != 0 ] && offers host/compose' && echo "another process"
cat >net.yaml <<'END'
services: {prober: {cap_add: [NET_RAW]}}
END
docker-compose -f compose.yaml -f net.yaml up -d prober >/dev/null 2>&1; wait_for 'offers net_raw'
say net; M vantages -o json; docker-compose up -d prober >/dev/null 2>&1
say stopped; began=$(date +%s%N); docker-compose stop -t 20 >/dev/null 2>&1
[ $((($(date +%s%N) - began) / 1000000)) -lt 15000 ] || echo "slow"
podman inspect --format '{{.State.ExitCode}}' $(podman ps -aq)
docker-compose down -v >/dev/null 2>&1
"#;
    let script = format!("{ENGINE}\n{}", script.replace("LINES\n", &lines));
    let part = apart("image", &["--cgroup"], &script);
    assert!(part("login").contains("as operator oncall"), "{}", part("login"));
    assert!(!holds(&vantage(&part("vantages"), "host/compose"), "net_raw"), "{}", part("vantages"));
    assert_eq!(json(&part("healthy"))["verdict"]["status"], "healthy", "{}", part("healthy"));
    let resolved = json(&part("resolve"));
    let resolved = &resolved["vantages"][0]["observations"][0]["resolve"];
    assert_eq!(resolved["flavour"], "stub", "{resolved:#}");
    assert!(resolved["addresses"][0].as_str().is_some_and(|address| address.starts_with("10.")), "{resolved:#}");
    let none = "Uid:65532655326553265532CapEff:0000000000000000CapBnd:0000000000000000NoNewPrivs:1";
    assert_eq!(part("rights"), format!("{none} 1073741824\n{none} 268435456"));
    let walls = part("walls");
    assert!(walls.starts_with("1\n1\n"), "nothing can be written: {walls}");
    assert!(!walls.contains("bin") && !walls.contains("lib"), "no shell and no library: {walls}");
    assert_eq!(part("secrets"), "0\n0", "no token in arguments and environment");
    assert_eq!(part("health"), "exit 0");
    assert!(part("unwell").contains("can't be reached: Connection refused"), "control: {}", part("unwell"));
    assert_eq!(part("killed"), "another process", "the engine starts it again, and no token is needed for it");
    assert!(holds(&vantage(&part("net"), "host/compose"), "net_raw"), "{}", part("net"));
    assert_eq!(part("stopped"), "0\n0");
}
