//! A coordinator with a store: what becomes of a run that ends, and of one whose reader goes away.
#![cfg(feature = "store")]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    thread,
    time::Duration,
};

use mesh_coordinator::{
    Settings,
    durable::{Durable, INTERRUPTED, RUNNING},
};
use mesh_prober::{guard::Guard, server};
use mesh_proto::{
    bundle, transport,
    v1::{DiagnoseRequest, Finished, Target, coordinator_client::CoordinatorClient, diagnose_event::Event},
};
use tonic::transport::Channel;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

fn folder(name: &str) -> Folder {
    let path = std::env::temp_dir().join(format!("mesh-kept-{}-{name}", std::process::id()));
    std::fs::remove_dir_all(&path).unwrap_or_default();
    std::fs::create_dir_all(&path).expect("temporary folder");
    Folder(path)
}

/// A port that answers with a status, after a while.
fn serve(after: Duration) -> u32 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|bytes| bytes > 0) {
                    thread::sleep(after);
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                    stream.write_all(answer).unwrap_or_default();
                }
            });
        }
    });
    port.into()
}

async fn coordinator(store: &Durable) -> CoordinatorClient<Channel> {
    let prober = server::routes(server::Settings::embedded(Guard::embedded()));
    let local = transport::embedded(prober).await.expect("a prober");
    let settings = Settings { local: Some(local), durable: Some(store.clone()), ..Settings::default() };
    mesh_coordinator::embedded(settings).await.expect("a coordinator")
}

fn request(port: u32) -> DiagnoseRequest {
    let target = Target {
        input: format!("http://127.0.0.1:{port}/"),
        scheme: "http".to_owned(),
        host: "127.0.0.1".to_owned(),
        port,
        path: "/".to_owned(),
        ..Target::default()
    };
    DiagnoseRequest { target: Some(target), deadline_ms: 8_000, ..DiagnoseRequest::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_is_in_the_store_with_its_verdict_and_its_bundle() {
    let folder = folder("ends");
    let store = Durable::open(&folder.0.join("runs.db")).expect("a store");
    let mut client = coordinator(&store).await;
    let mut events = client.diagnose(request(serve(Duration::ZERO))).await.expect("a run").into_inner();
    let mut finished = Finished::default();
    while let Some(event) = events.message().await.expect("an event") {
        match event.event {
            Some(Event::Started(started)) => {
                let rows = store.list(9).expect("rows");
                assert_eq!((rows[0].id.as_str(), rows[0].status.as_str()), (started.run.as_str(), RUNNING));
            }
            Some(Event::Finished(end)) => finished = end,
            _ => {}
        }
    }
    assert!(finished.save_error.is_empty(), "{}", finished.save_error);
    let row = store.list(9).expect("rows").remove(0);
    assert!(finished.saved.contains("runs.db") && finished.saved.contains(&row.id), "{}", finished.saved);
    assert_eq!((row.status.as_str(), row.location), ("healthy", None));
    let bundle = bundle::read(&store.get(&row.id).expect("read").expect("a bundle")).expect("whole");
    assert_eq!((bundle.record.run, bundle.report), (row.id, finished.report));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_reader_goes_away_is_interrupted_and_says_so() {
    let folder = folder("gone");
    let store = Durable::open(&folder.0.join("runs.db")).expect("a store");
    let mut client = coordinator(&store).await;
    let mut events = client.diagnose(request(serve(Duration::from_secs(2)))).await.expect("a run").into_inner();
    events.message().await.expect("an event").expect("it started");
    drop(events);
    for _ in 0..100 {
        let row = store.list(9).expect("rows").remove(0);
        if row.status == INTERRUPTED {
            // Whoever lost its stream can come back for what there was.
            let bundle = bundle::read(&store.get(&row.id).expect("read").expect("a bundle")).expect("whole");
            assert!(bundle.record.notes[0].contains("went away"), "{:?}", bundle.record.notes);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", store.list(9));
}
