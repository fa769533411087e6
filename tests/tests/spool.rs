//! The spool of real probers: killed at every moment, cut off, on a disk that is full or fails. Needs root and strace(1).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    process::Command,
    time::{Duration, Instant},
};

use mesh_proto::v1::{self as pb, probe_spec::Probe};
use prober::{
    Client, Folder, PATIENCE, Prober, STRACE, acknowledge, all, asked, binary, client, describe, looks, numbers,
    observation, offered, request,
};
use tokio::{
    io::{AsyncReadExt as _, copy_bidirectional},
    net::{TcpListener, UnixListener, UnixStream},
    time::{sleep, timeout},
};
use tokio_stream::StreamExt as _;
use tonic::Code;

#[path = "spool/prober.rs"]
mod prober;

#[tokio::test]
async fn a_prober_that_is_killed_at_any_moment_loses_nothing_it_has_told() {
    let folder = Folder::new("killed");
    let (mut told, mut acknowledged) = (BTreeMap::new(), BTreeSet::new());
    for step in 0..24_u32 {
        let mut prober = Prober::start(&folder);
        let mut client = prober.client().await;
        let spool = describe(&mut client).await.spool;
        let kept: BTreeMap<u64, Vec<u8>> =
            offered(&mut client).await.into_iter().map(|item| (item.spooled, item.observation)).collect();
        for (number, bytes) in &told {
            assert_eq!(kept.get(number), Some(bytes), "step {step}: item {number} was told and is lost or changed");
        }
        assert!(kept.keys().all(|number| !acknowledged.contains(number)), "step {step}: forgotten items are back");
        told = kept;
        // Half of what is held is acknowledged while the round writes.
        let half: Vec<u64> = told.keys().copied().filter(|number| number % 2 == 0).collect();
        let mut stream = client.run(request("r", looks(64, 400))).await.expect("it runs").into_inner();
        let ending = sleep(Duration::from_millis(u64::from(step * step) / 6));
        tokio::pin!(ending);
        let mut acknowledging = client.clone();
        let forget = half.clone();
        let forgotten = tokio::spawn(async move {
            let request = pb::AcknowledgeRequest { spool, numbers: forget };
            acknowledging.acknowledge(request).await.is_ok()
        });
        loop {
            tokio::select! {
                () = &mut ending => break,
                item = stream.next() => match item {
                    Some(item) => {
                        let item = item.expect("an item");
                        assert!(item.spooled > 0, "step {step}: told before it was kept");
                        assert!(told.insert(item.spooled, item.observation).is_none(), "a number is given twice");
                    }
                    None => break,
                },
            }
        }
        prober.kill();
        // What came before the end was told too.
        while let Some(Ok(item)) = stream.next().await {
            told.insert(item.spooled, item.observation);
        }
        let forgotten = forgotten.await.expect("the task ends");
        for number in half {
            // Without an answer it may be either.
            told.remove(&number);
            if forgotten {
                acknowledged.insert(number);
            }
        }
    }
    assert!(!acknowledged.is_empty(), "control: something was acknowledged");
}

/// Kills a prober as it enters a system call for the n-th time, while it is asked and everything told is acknowledged every
/// other round. Gives what was told and not acknowledged, and what the next prober offers.
async fn killed_at(call: &str, time: u32) -> (BTreeMap<u64, Vec<u8>>, BTreeMap<u64, Vec<u8>>) {
    let folder = Folder::new(&format!("{}-{time}", call.trim_start_matches("/^")));
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal=KILL:when={time}"));
    let prober =
        Prober::start_with(&folder, &[&STRACE[..], &["-o", "/dev/null", "-e", &trace, "-e", &inject]].concat(), &[]);
    let mut client = prober.client().await;
    let spool = describe(&mut client).await.spool;
    let (mut told, mut rounds) = (BTreeMap::new(), 0);
    while let Ok(stream) = client.run(request("r", looks(4, 40_000))).await {
        let mut stream = stream.into_inner();
        while let Some(Ok(item)) = stream.next().await {
            told.insert(item.spooled, item.observation);
        }
        rounds += 1;
        assert!(rounds < 100, "control: {call} is not entered {time} times");
        if rounds % 2 == 0 {
            let numbers = std::mem::take(&mut told).into_keys().collect();
            // It may end in the middle of this.
            drop(client.acknowledge(pb::AcknowledgeRequest { spool: spool.clone(), numbers }).await);
        }
    }
    drop(prober);
    let prober = Prober::start(&folder);
    let kept = offered(&mut prober.client().await).await.into_iter();
    (told, kept.map(|item| (item.spooled, item.observation)).collect())
}

#[tokio::test]
async fn killed_at_each_write_sync_and_removal_it_has_told_nothing_that_is_not_kept() {
    for (call, times) in [("pwrite64", 1..=6), ("fdatasync", 1..=6), ("fsync", 1..=3), ("/^unlink", 2..=3)] {
        for time in times {
            let (told, kept) = killed_at(call, time).await;
            assert!(told.iter().all(|(number, bytes)| kept.get(number) == Some(bytes)), "{call} {time}");
            if call == "fdatasync" {
                assert!(kept.len() > told.len(), "{time}: what was written and not told is offered");
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_told_before_its_sync_has_ended_and_one_sync_serves_many() {
    let folder = Folder::new("order");
    let log = folder.at("syncs").display().to_string();
    let slow = ["-o", log.as_str(), "-e", "trace=fdatasync", "-e", "inject=fdatasync:delay_enter=150000"];
    let prober = Prober::start_with(&folder, &[&STRACE[..], &slow].concat(), &[]);
    let mut client = prober.client().await;
    let began = Instant::now();
    let mut stream = client.run(request("r", looks(64, 10))).await.expect("it runs").into_inner();
    let first = stream.next().await.expect("an item").expect("well");
    assert!(first.spooled > 0 && began.elapsed() >= Duration::from_millis(150), "told after {:?}", began.elapsed());
    assert_eq!(all(stream).await.len(), 63);
    let syncs = fs::read_to_string(&log).expect("a log").lines().filter(|line| line.contains("fdatasync(")).count();
    assert!((1..=16).contains(&syncs), "{syncs} syncs for 64 items");
}

#[tokio::test]
async fn a_torn_tail_is_dropped_counted_and_said() {
    let folder = Folder::new("torn");
    let mut prober = Prober::start(&folder);
    let mut told = asked(&mut prober.client().await, request("r", looks(5, 10))).await.expect("it runs");
    told.sort_by_key(|item| item.spooled);
    prober.kill();
    let [segment] = &folder.segments()[..] else { panic!("one segment") };
    let file = OpenOptions::new().write(true).open(segment).expect("it");
    file.set_len(file.metadata().expect("it").len() - 3).expect("cut");
    let prober = Prober::start(&folder);
    let mut client = prober.client().await;
    let kept = offered(&mut client).await;
    assert_eq!(kept, told[..4], "the others are as they were told");
    let description = describe(&mut client).await;
    assert_eq!((description.protocol, description.spooled), (2, 4));
    let lacking = &description.vantages[0].lacking;
    assert!(lacking.iter().any(|text| text.contains("are no whole record and are dropped")), "{lacking:?}");
    assert!(prober.said().contains("are no whole record and are dropped"), "{}", prober.said());
    let next = asked(&mut client, request("s", looks(1, 10))).await.expect("it runs");
    assert!(next[0].spooled > 5, "the number was told with bytes that are gone, and means nothing else: {next:?}");
}

#[tokio::test]
async fn an_acknowledgement_for_another_spool_forgets_nothing_and_one_process_has_a_spool() {
    let folder = Folder::new("other");
    let prober = Prober::start(&folder);
    let mut client = prober.client().await;
    let told = asked(&mut client, request("r", looks(3, 10))).await.expect("it runs");
    let description = describe(&mut client).await;
    assert_eq!(description.spooled, 3);
    assert_eq!(acknowledge(&mut client, "0123", numbers(&told)).await, 3);
    assert_eq!(acknowledge(&mut client, "", numbers(&told)).await, 3);
    assert_eq!(offered(&mut client).await.len(), 3);
    assert_eq!(acknowledge(&mut client, &description.spool, vec![told[0].spooled]).await, 2, "control");
    let second = Command::new(binary("prober"))
        .args(["run", "--name", "ext/y", "--listen", "unix:/none/x", "--spool"])
        .arg(folder.at("spool"))
        .output()
        .expect("it ends");
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(second.status.code() == Some(4) && said.contains("in use by another prober"), "{said}");
}

#[tokio::test]
async fn the_version_before_has_no_spool_and_leaves_what_is_there() {
    let folder = Folder::new("before");
    let mut prober = Prober::start(&folder);
    asked(&mut prober.client().await, request("r", looks(2, 10))).await.expect("it runs");
    prober.kill();
    let mut prober = Prober::start_with(&folder, &[], &["--protocol", "1"]);
    let mut client = prober.client().await;
    let description = describe(&mut client).await;
    assert_eq!((description.protocol, description.spool.as_str(), description.spooled), (0, "", 0));
    let told = asked(&mut client, request("r", looks(2, 10))).await.expect("it runs");
    assert_eq!(numbers(&told), [0, 0]);
    assert_eq!(client.spooled(pb::SpooledRequest {}).await.expect_err("no such call").code(), Code::Unimplemented);
    let request = pb::AcknowledgeRequest::default();
    assert_eq!(client.acknowledge(request).await.expect_err("no such call").code(), Code::Unimplemented);
    prober.kill();
    let prober = Prober::start(&folder);
    assert_eq!(offered(&mut prober.client().await).await.len(), 2, "the upgrade finds what was there");
}

/// Two probes of a listener that never greets: one gives up after 200 ms, the other after 1.2 s.
fn slow(port: u16) -> Vec<pb::ProbeSpec> {
    let spec = |greet_ms: u32| {
        let address = "127.0.0.1".to_owned();
        let tcp = pb::TcpSpec { address, port: port.into(), greet_ms, ..Default::default() };
        pb::ProbeSpec { task: greet_ms.to_string(), probe: Some(Probe::Tcp(tcp)), ..Default::default() }
    };
    vec![spec(200), spec(1_200)]
}

/// Tasks that are offered, waiting for as many.
async fn tasks(client: &mut Client, count: usize, patience: Duration) -> Vec<String> {
    let began = Instant::now();
    loop {
        let tasks: Vec<String> = offered(client).await.iter().map(|item| observation(item).task).collect();
        if tasks.len() >= count || began.elapsed() > patience {
            return tasks;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_round_whose_caller_is_lost_goes_on_to_its_end_and_is_kept() {
    let folder = Folder::new("lost");
    let prober = Prober::start(&folder);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    // A connection that can be cut: nothing is said at its end.
    let (between, socket) = (folder.at("between"), folder.at("socket"));
    let relay = UnixListener::bind(&between).expect("a socket");
    let relayed = tokio::spawn(async move {
        let (mut near, _) = relay.accept().await.expect("the client");
        let mut far = UnixStream::connect(socket).await.expect("the prober");
        drop(copy_bidirectional(&mut near, &mut far).await);
    });
    let mut cut_off = client(&between).await;
    let mut stream = cut_off.run(request("r", slow(port))).await.expect("it runs").into_inner();
    let first = timeout(PATIENCE, stream.next()).await.expect("in time").expect("an item").expect("well");
    assert_eq!(observation(&first).task, "200");
    relayed.abort();
    assert!(stream.next().await.is_some_and(|item| item.is_err()), "control: the caller is cut off");
    let mut back = prober.client().await;
    assert_eq!(tasks(&mut back, 2, PATIENCE).await, ["200", "1200"]);
    let late = offered(&mut back).await;
    assert_eq!(observation(&late[1]).outcome(), pb::Outcome::Pass, "it was carried out, not cut");
}

#[tokio::test]
async fn a_round_that_is_taken_back_over_a_living_connection_ends_at_once() {
    let folder = Folder::new("back");
    let prober = Prober::start(&folder);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    let mut client = prober.client().await;
    let mut stream = client.run(request("r", slow(port))).await.expect("it runs").into_inner();
    let mut connections = Vec::new();
    for _ in 0..2 {
        connections.push(listener.accept().await.expect("a probe").0);
    }
    let first = timeout(PATIENCE, stream.next()).await.expect("in time").expect("an item").expect("well");
    assert_eq!(observation(&first).task, "200");
    let began = Instant::now();
    drop(stream);
    for mut connection in connections {
        let mut byte = [0];
        assert!(matches!(timeout(PATIENCE, connection.read(&mut byte)).await, Ok(Ok(0) | Err(_))));
    }
    assert!(began.elapsed() < Duration::from_millis(900), "still open after {:?}", began.elapsed());
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!(tasks(&mut client, 2, Duration::ZERO).await, ["200"], "what was seen before is kept, nothing else");
}

/// Runs a prober whose spool is on a tmpfs of 16 MiB in a mount namespace of its own.
fn on_small_disk(folder: &Folder) -> Prober<'_> {
    let spool = folder.at("spool");
    fs::create_dir_all(&spool).expect("a folder");
    let mount = format!("mount -t tmpfs -o size=16m tmpfs {} && exec \"$@\"", spool.display());
    Prober::start_with(folder, &["unshare", "--mount", "sh", "-ec", &mount, "sh"], &[])
}

#[tokio::test]
async fn a_full_disk_refuses_rounds_keeps_the_connection_and_recovers() {
    let folder = Folder::new("full");
    let prober = on_small_disk(&folder);
    let mut client = prober.client().await;
    let mut told = Vec::new();
    let refused = loop {
        match asked(&mut client, request("r", looks(24, 40_000))).await {
            Ok(items) => told.extend(items),
            Err(refused) => break refused,
        }
        assert!(told.len() < 1_000, "16 MiB never fill");
    };
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    let text = refused.message();
    assert!(text.starts_with("SPOOL_FULL: the disk of ") && text.contains("free space there"), "{text}");
    assert!(told.len() > 300 && told.iter().all(|item| item.spooled > 0), "{} items", told.len());
    let description = describe(&mut client).await;
    assert!(description.vantages[0].lacking.iter().any(|text| text.contains("SPOOL_FULL")), "the connection lives");
    let kept: BTreeSet<u64> = numbers(&offered(&mut client).await).into_iter().collect();
    assert_eq!(kept, numbers(&told).into_iter().collect(), "nothing went");
    let half = numbers(&told)[..told.len() / 2].to_vec();
    assert_eq!(acknowledge(&mut client, &description.spool, half.clone()).await, (told.len() - half.len()) as u64);
    let again = asked(&mut client, request("r", looks(4, 10))).await.expect("it asks again");
    assert!(again.iter().all(|item| item.spooled > 0), "and keeps again");
}

#[tokio::test]
async fn a_spool_of_its_owners_size_refuses_rounds_too() {
    let folder = Folder::new("size");
    let prober = Prober::start_with(&folder, &[], &["--spool-bytes", "4194304"]);
    let mut client = prober.client().await;
    let mut told = Vec::new();
    let refused = loop {
        match asked(&mut client, request("r", looks(24, 40_000))).await {
            Ok(items) => told.extend(items),
            Err(refused) => break refused,
        }
    };
    let text = refused.message();
    assert!(refused.code() == Code::ResourceExhausted && text.starts_with("SPOOL_FULL: "), "{refused}");
    assert!(text.contains("of 4194304 bytes (--spool-bytes)"), "{text}");
    let spool = describe(&mut client).await.spool;
    assert_eq!(acknowledge(&mut client, &spool, numbers(&told)).await, 0);
    asked(&mut client, request("r", looks(4, 10))).await.expect("it asks again");
}

/// A prober one of whose system calls fails when it is entered for the n-th time.
fn failing<'a>(folder: &'a Folder, call: &str, how: &str) -> Prober<'a> {
    let (trace, inject) = (format!("trace={call}"), format!("inject={call}:{how}"));
    let failing = ["-o", "/dev/null", "-e", &trace, "-e", &inject];
    Prober::start_with(folder, &[&STRACE[..], &failing].concat(), &[])
}

#[tokio::test]
async fn what_a_failing_disk_does_not_take_is_told_and_says_so() {
    // The first write is the head of a segment.
    for (call, how, says) in [
        ("fdatasync", "error=EIO:when=2", "sync: Input/output error (os error 5)"),
        ("pwrite64", "error=ENOSPC:when=3", "write: No space left on device (os error 28)"),
    ] {
        let folder = Folder::new(call);
        let prober = failing(&folder, call, how);
        let mut client = prober.client().await;
        let mut told = Vec::new();
        for run in ["a", "b", "c"] {
            told.extend(asked(&mut client, request(run, looks(1, 10))).await.expect("it is asked"));
        }
        assert!(told[0].spooled > 0 && told[2].spooled > told[0].spooled, "{call}: {told:?}");
        assert_eq!(told[1].spooled, 0, "{call}: it is in no spool");
        let caveats = observation(&told[1]).caveats;
        assert!(caveats.iter().any(|text| *text == format!("not kept by the prober: {says}")), "{call}: {caveats:?}");
        let said = prober.said();
        assert!(
            said.contains(&format!("what is observed is not kept: {says}")) && said.contains("is kept again"),
            "{said}"
        );
        assert_eq!(numbers(&offered(&mut client).await), [told[0].spooled, told[2].spooled], "{call}");
    }
}

#[tokio::test]
async fn as_long_as_a_write_that_failed_fails_again_rounds_are_refused() {
    let folder = Folder::new("again");
    let prober = failing(&folder, "pwrite64", "error=ENOSPC:when=3..4");
    let mut client = prober.client().await;
    for spooled in [1, 0] {
        let told = asked(&mut client, request("r", looks(1, 10))).await.expect("it is asked");
        assert_eq!(numbers(&told), [spooled]);
    }
    let refused = asked(&mut client, request("r", looks(1, 10))).await.expect_err("still no room");
    let text = refused.message();
    assert!(refused.code() == Code::ResourceExhausted && text.starts_with("SPOOL_FULL: "), "{refused}");
    assert!(text.contains("begin a segment: No space left on device (os error 28); free space there"), "{text}");
    let told = asked(&mut client, request("r", looks(1, 10))).await.expect("there is room again");
    assert!(told[0].spooled > 1, "{told:?}");
    assert_eq!(numbers(&offered(&mut client).await), [1, told[0].spooled]);
}

/// A mesh on one loopback: a coordinator, a prober that joined it with its state in `STATE`, and a server that accepts and
/// stays silent. One run is taken back by the person who asked, the next loses its coordinator.
const LOSSES: &str = r#"
ip link set lo up; mount -t tmpfs tmpfs /run; cd /run
wait_for() { for i in $(seq 400); do if eval "$1"; then return 0; fi; sleep 0.05; done; echo "waited in vain: $1" >&2; return 1; }
M() { HOME=/run/desk $CTL --coordinator 127.0.0.1:7443 "$@"; }
$COORDINATOR serve --listen 127.0.0.1:7443 --state /run/hub >/run/hub.out 2>/run/hub.err & hub=$!
wait_for 'grep -q pm1 /run/hub.out'
M login --token $(grep -o 'pm1[^ ]*' /run/hub.out) >/dev/null
$PROBER join --coordinator 127.0.0.1:7443 --state $STATE --name host/a --allow 127.0.0.0/8 \
  --token $(M -q token create --role prober --name host/a) 2>/run/prober.err & prober=$!
python3 -c 'import socket,time; s=socket.create_server(("127.0.0.1",8080)); time.sleep(600)' & 
wait_for 'ss -Hltn | grep -q 8080'; wait_for 'M vantages -o json | sed "1,/vantages.: \\[/d" | grep -q host/a'
asked() { ss -Htnp state established dst 127.0.0.1:8080 | grep -q "pid=$prober,"; }
HOME=/run/desk $CTL --coordinator 127.0.0.1:7443 diagnose http://127.0.0.1:8080/ --max-time 3s -q >/dev/null 2>&1 & person=$!
wait_for asked; sleep 0.3; kill -INT $person; wait_for '! asked'
HOME=/run/desk $CTL --coordinator 127.0.0.1:7443 diagnose http://127.0.0.1:8080/ --max-time 3s -q >/dev/null 2>&1 &
wait_for asked; sleep 0.3; kill -9 $hub
wait_for 'grep -q "is lost" /run/prober.err'; asked && echo "goes on"
wait_for '! asked'; sleep 1; kill $prober; wait $prober || true
"#;

#[tokio::test]
async fn a_prober_of_a_mesh_finishes_what_a_lost_coordinator_asked_and_drops_what_was_taken_back() {
    let folder = Folder::new("mesh");
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec", LOSSES])
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .env("STATE", &folder.0)
        .output()
        .expect("unshare(1) as root");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "goes on", "{said}");
    let prober = Prober::start(&folder);
    let kept: Vec<_> = offered(&mut prober.client().await).await.iter().map(observation).collect();
    // The coordinator has acknowledged what it had of the run that was taken back; nobody has of the other.
    assert!(kept.iter().any(|seen| seen.http.is_none()), "control: what ended before is kept too: {kept:?}");
    let http: Vec<_> = kept.iter().filter(|seen| seen.http.is_some()).collect();
    let [http] = http.as_slice() else { panic!("one request was carried out to its end: {http:?}") };
    assert_eq!(http.failure.as_ref().expect("a failure").how, "timeout", "{http:?}");
}
