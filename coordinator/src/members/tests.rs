use std::{os::unix::fs::PermissionsExt as _, sync::Barrier, thread};

use mesh_proto::identity::authority::key_and_request;

use super::*;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("probemesh-members-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        Self(path)
    }

    fn open(&self) -> Members {
        Members::open(&self.0, None).expect("opens").0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn csr() -> Vec<u8> {
    key_and_request().expect("request").1
}

fn member(chain: &[Vec<u8>]) -> Member {
    Member::of(&chain[0].clone().into()).expect("member")
}

#[test]
fn the_authority_is_made_once_and_its_key_is_its_owners_alone() {
    let folder = Folder::new("once");
    let (one, first) = Members::open(&folder.0, Some("lab")).expect("opens");
    assert!(first && one.mesh() == "lab");
    let (two, again) = Members::open(&folder.0, None).expect("opens");
    assert!(!again && two.mesh() == "lab");
    assert_eq!(one.authority().pin(), two.authority().pin());
    let mode = |name: &str| fs::metadata(folder.0.join(name)).expect(name).permissions().mode() & 0o777;
    assert_eq!((mode("."), mode("ca.key")), (0o700, 0o600));
    assert!(matches!(Members::open(&folder.0, Some("other")), Err(StateError::OtherMesh { .. })));
}

#[test]
fn of_200_uses_of_one_token_exactly_one_succeeds_even_in_several_processes() {
    let folder = Folder::new("race");
    // Two instances share nothing but the folder, as two processes do.
    let instances = [Arc::new(folder.open()), Arc::new(folder.open())];
    let (token, _) = instances[0].create_token(Role::Prober, "host/a", DEFAULT_TTL).expect("token");
    let barrier = Arc::new(Barrier::new(200));
    let uses: Vec<_> = (0..200)
        .map(|number| {
            let (members, token) = (Arc::clone(&instances[number % 2]), token.to_string());
            let (csr, barrier) = (csr(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                members.enrol(&token, &csr, "").map_err(|e| e.to_string())
            })
        })
        .collect();
    let answers: Vec<_> = uses.into_iter().map(|one| one.join().expect("thread")).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(refused.clone().all(|reason| reason.contains("unknown or was used")), "{:?}", refused.collect::<Vec<_>>());
}

#[test]
fn a_token_gives_its_role_under_its_names_and_nothing_else() {
    let folder = Folder::new("bound");
    let members = folder.open();
    let (token, _) = members.create_token(Role::Prober, "host/web-*", DEFAULT_TTL).expect("token");
    let text = token.to_string();
    let refused = |name: &str| members.enrol(&text, &csr(), name).expect_err("refused").to_string();
    assert!(refused("host/db-1").contains("host/web-*"));
    assert!(refused("").contains("say which"));
    assert!(refused("host/web-/x/y").contains("no member's name"));
    assert!(members.enrol(&text, b"nonsense", "host/web-1").is_err());
    let other = JoinTokenOf(&text).with_other_secret();
    assert!(members.enrol(&other, &csr(), "host/web-1").is_err());
    let (chain, fresh) = members.enrol(&text, &csr(), "host/web-1").expect("none of the refusals cost the token");
    assert!(fresh);
    assert_eq!(member(&chain).identity.to_string(), "probemesh://mesh/prober/host/web-1");
    for name in ["local", "local/a", "web-1", "*", "pid/1"] {
        let refused = members.create_token(Role::Prober, name, DEFAULT_TTL);
        assert!(matches!(refused, Err(TokenError::Kind(_))), "{name}: {refused:?}");
    }
    assert!(matches!(members.create_token(Role::Coordinator, "x", DEFAULT_TTL), Err(TokenError::Role(_))));
    let (late, _) = members.create_token(Role::Viewer, "oncall", Duration::ZERO).expect("token");
    thread::sleep(Duration::from_millis(5));
    assert!(members.enrol(&late.to_string(), &csr(), "").expect_err("expired").to_string().contains("expired"));
}

struct JoinTokenOf<'a>(&'a str);

impl JoinTokenOf<'_> {
    fn with_other_secret(&self) -> String {
        let (rest, secret) = self.0.rsplit_once('.').expect("parts");
        let first = if secret.starts_with('A') { 'B' } else { 'A' };
        format!("{rest}.{first}{}", &secret[1..])
    }
}

#[test]
fn a_token_is_not_kept_in_the_clear() {
    let folder = Folder::new("hash");
    let (token, _) = folder.open().create_token(Role::Viewer, "oncall", DEFAULT_TTL).expect("token");
    let kept = fs::read_to_string(folder.0.join("tokens").join(token.id())).expect("record");
    let secret = token.to_string().rsplit('.').next().expect("secret").to_owned();
    assert!(kept.contains(&token.hash()) && !kept.contains(&secret), "{kept}");
}

#[test]
fn a_revoked_member_is_refused_until_it_joins_again() {
    let folder = Folder::new("revoke");
    let members = folder.open();
    let join = || {
        let (token, _) = members.create_token(Role::Prober, "host/a", DEFAULT_TTL).expect("token");
        member(&members.enrol(&token.to_string(), &csr(), "").expect("joins").0)
    };
    let first = join();
    assert!(!members.is_revoked(&first), "control");
    members.renew(&first, &csr()).expect("control");
    assert_eq!(members.revoke("host/a").expect("revoked"), (Role::Prober, "host/a".to_owned()));
    assert!(members.is_revoked(&first));
    assert!(matches!(members.renew(&first, &csr()), Err(IssueError::Revoked(_))));
    assert!(folder.open().is_revoked(&first), "after a restart too");
    let second = join();
    assert!(!members.is_revoked(&second) && members.is_revoked(&first));
    assert!(matches!(members.revoke("host/b"), Err(RevokeError::Nobody(_))));
}

#[test]
fn an_answer_that_was_lost_is_given_again_to_its_key_for_a_minute_and_to_no_other() {
    let folder = Folder::new("again");
    let members = folder.open();
    let (token, _) = members.create_token(Role::Prober, "host/*", DEFAULT_TTL).expect("token");
    let (text, own) = (token.to_string(), csr());
    let (first, fresh) = members.enrol(&text, &own, "host/a").expect("joins");
    let (again, afresh) = members.enrol(&text, &own, "host/b").expect("the same key");
    assert_eq!((&again, fresh, afresh), (&first, true, false), "under the name it has, whatever is asked for now");
    assert_eq!(members.list().expect("members").len(), 1);
    let other = members.enrol(&text, &csr(), "host/a").expect_err("another key");
    assert_eq!(other.to_string(), "the join token is unknown or was used already", "its sender learns no more");
    let IssueError::Token(other) = other else { panic!("{other:?}") };
    assert!(other.for_the_log().contains("by prober host/a and comes again with another key"), "{other:?}");
    assert!(members.enrol(&JoinTokenOf(&text).with_other_secret(), &own, "host/a").is_err(), "without the secret");
    assert_eq!(folder.open().enrol(&text, &own, "host/a").expect("after a restart too").0, first);
    let record = folder.0.join("spent").join(token.id());
    let kept = fs::read_to_string(&record).expect("record");
    let at = kept.split("\"at_us\":").nth(1).and_then(|rest| rest.split(',').next()).expect("time");
    fs::write(&record, kept.replace(at, &(now_us() - 61_000_000).to_string())).expect("a minute passes");
    let late = members.enrol(&text, &own, "host/a").expect_err("a minute is over");
    assert!(matches!(late, IssueError::Token(TokenError::Used { other_key: false, .. })), "{late:?}");
}
