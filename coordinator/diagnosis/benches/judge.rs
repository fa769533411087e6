//! What judging a kept run costs beside its floor, which is unpacking and checking the bundle it comes in. One thread, so
//! that time is processor time: `cargo bench -p mesh-diagnosis`.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and the cases, and prints; the crate itself does neither"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use mesh_proto::bundle;

/// Rounds over all cases; the best of them has least of what else the machine does.
const ROUNDS: usize = 5;

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the cases folder exists") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "mesh") {
            found.push(path);
        }
    }
}

fn best(mut round: impl FnMut()) -> Duration {
    let once = |round: &mut dyn FnMut()| {
        let began = Instant::now();
        round();
        began.elapsed()
    };
    (0..ROUNDS).map(|_| once(&mut round)).min().unwrap_or_default()
}

fn main() {
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), &mut paths);
    let packed: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("read")).collect();
    let bundles: Vec<bundle::Bundle> = packed.iter().map(|bytes| bundle::read(bytes).expect("a bundle")).collect();
    let floor = best(|| {
        for bytes in &packed {
            std::hint::black_box(bundle::read(bytes).expect("a bundle"));
        }
    });
    let judged = best(|| {
        for kept in &bundles {
            std::hint::black_box(mesh_diagnosis::replay(kept).expect("replay"));
        }
    });
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(u32::try_from(paths.len()).unwrap_or(1));
    println!(
        "{} runs: unpacking {:.0} µs each, judging {:.0} µs each, {:.2} times the floor",
        paths.len(),
        each(floor),
        each(judged),
        judged.as_secs_f64() / floor.as_secs_f64()
    );
}
