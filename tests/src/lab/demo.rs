//! One symptom with several causes, side by side: each named where there are vantages, one honest set from the client
//! alone.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

use crate::lab::{
    isolate::WORK,
    lane::Lane,
    scenario::{self, Scenario},
    score::{self, Case, View},
};

/// Copies of the topology that work side by side: the faults are waited for more than worked at.
const LANES: usize = 3;

/// What came of one fault.
#[derive(Debug)]
pub struct Told {
    pub title: String,
    pub full: Case,
    pub client: Case,
}

/// Runs the scenarios below `FOLDER/NAME`, by file name.
pub fn run(folder: &Path, name: &str) -> io::Result<Vec<Told>> {
    let scenarios = scenario::all(&folder.join(name), None).map_err(io::Error::other)?;
    if scenarios.is_empty() {
        return Err(io::Error::other(format!("no demonstration {name:?} below {}", folder.display())));
    }
    let save = PathBuf::from(WORK).join("runs");
    fs::create_dir_all(&save)?;
    let order: Vec<String> = scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    let (left, told) = (Mutex::new(scenarios), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..LANES)
            .map(|number| {
                scope.spawn({
                    let (left, told, save) = (&left, &told, &save);
                    move || work(number, left, told, save)
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_panic| io::Error::other("a lane panicked"))?)
    })?;
    let mut told: Vec<(String, Told)> = told.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
    told.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    Ok(told.into_iter().map(|(_, told)| told).collect())
}

fn work(number: usize, left: &Mutex<Vec<Scenario>>, told: &Mutex<Vec<(String, Told)>>, save: &Path) -> io::Result<()> {
    let poisoned = |e: &dyn std::fmt::Display| io::Error::other(e.to_string());
    let mut lane = Lane::up(number, false)?;
    loop {
        let next = left.lock().map_err(|e| poisoned(&e))?.pop();
        let Some(scenario) = next else { return Ok(()) };
        let cases = score::scenario(&mut lane, &scenario, &[View::Full, View::ClientOnly], save, None)?;
        if let Ok([full, client]) = <[Case; 2]>::try_from(cases) {
            let found = Told { title: scenario.title.clone(), full, client };
            told.lock().map_err(|e| poisoned(&e))?.push((scenario.name, found));
        }
    }
}

/// Every full view is right, and the client alone gives one set: exactly the causes that are shown.
pub fn holds(told: &[Told]) -> Result<(), String> {
    let set = |causes: &[String]| causes.iter().cloned().collect::<BTreeSet<String>>();
    let truth: BTreeSet<String> = told.iter().filter_map(|told| told.full.answered.causes.first().cloned()).collect();
    for one in told {
        if !one.full.right {
            return Err(format!("{}: {}", one.title, one.full.why.join("; ")));
        }
        if set(&one.client.answered.causes) != truth {
            return Err(format!("{}: from the client alone {:?}", one.title, one.client.answered.causes));
        }
    }
    if truth.len() == told.len() { Ok(()) } else { Err("two faults got the same answer".to_owned()) }
}
