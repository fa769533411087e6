//! `lab`: the standard topology up, one scenario, all of them with a score.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the lab's own output, for people and for the test command"
)]

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex},
    thread,
};

use clap::{Args, Parser, Subcommand};
use mesh_lab::lab::{
    demo, inject,
    isolate::{self, Side},
    lane::Lane,
    scenario::{self, Scenario},
    score::{self, Case, Score, View},
    topology,
};

/// Networks with real faults, and how right the product is about them.
#[derive(Debug, Parser)]
#[command(name = "lab", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the topology and keeps it until Enter, the end of input or `lab down`.
    Up,
    /// Ends every `lab up` of this user.
    Down,
    /// Runs one scenario and prints the report as a person sees it.
    Run {
        scenario: PathBuf,
        #[arg(long, value_enum, default_value = "full")]
        view: View,
    },
    /// Runs scenarios and scores the answers.
    Score(ScoreArgs),
    /// One symptom with several causes: each named with every vantage, one honest set from the client alone.
    Demo {
        #[arg(default_value = "timeout")]
        name: String,
        /// Folder of demonstrations.
        #[arg(long, default_value = "tests/demos")]
        demos: PathBuf,
    },
}

#[derive(Debug, Args)]
struct ScoreArgs {
    /// Folder of scenarios.
    #[arg(long, default_value = "tests/scenarios")]
    scenarios: PathBuf,
    /// Only those whose name matches, with * for any run of characters.
    #[arg(long)]
    only: Option<String>,
    /// Which vantages there are; all views when left out.
    #[arg(long, value_enum)]
    view: Option<View>,
    /// Copies of the topology that work side by side.
    /// Faults are waited for more than worked at: six keep two cores busy.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=16))]
    lanes: u8,
    /// Writes the figures here.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 when a figure lies below this file's.
    #[arg(long)]
    floor: Option<PathBuf>,
    /// Keeps the bundles here.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Keeps each case's bundle, named after its scenario and view, with its verdict beside it.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// One prober enters every host instead of one prober each.
    #[arg(long)]
    one_prober: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Down => down(),
        command => isolate::enter().and_then(|side| match side {
            Side::Inside => carry_out(command),
            Side::Outside(code) => Ok(code),
        }),
    };
    match done {
        Ok(code) => code,
        Err(e) => {
            eprintln!("lab: {e}");
            ExitCode::from(4)
        }
    }
}

fn carry_out(command: Command) -> io::Result<ExitCode> {
    match command {
        Command::Up => up(),
        Command::Down => down(),
        Command::Run { scenario, view } => run(&scenario, view),
        Command::Score(args) => score_all(&args),
        Command::Demo { name, demos } => demonstrate(&name, &demos),
    }
}

fn down() -> io::Result<ExitCode> {
    match isolate::down()? {
        0 => println!("no lab is up"),
        count => println!("{count} ended; networks, daemons and files went with it"),
    }
    Ok(ExitCode::SUCCESS)
}

fn up() -> io::Result<ExitCode> {
    let lane = Lane::up(0, false)?;
    let pid = isolate::own_pid()?;
    for (host, vantage) in topology::HOSTS {
        let path = lane.network.host(host)?.path();
        let socket = lane.socket(host);
        // Root needs no -U; to a user the network belongs to the lab's user namespace.
        let user = if isolate::is_user_namespace()? { "-U --preserve-credentials " } else { "" };
        println!("{vantage:16} nsenter -t {pid} {user}-m --net={path}   unix:{}", socket.display());
    }
    println!("cluster state    {}", lane.daemons.cluster_path().display());
    println!("up; Enter ends it");
    io::stdin().read_line(&mut String::new())?;
    Ok(ExitCode::SUCCESS)
}

fn scenario_file(path: &Path) -> io::Result<Scenario> {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    scenario::read(path, &name).map_err(io::Error::other)
}

fn run(path: &Path, view: View) -> io::Result<ExitCode> {
    let scenario = scenario_file(path)?;
    let mut lane = Lane::up(0, false)?;
    let injected = inject::inject(&lane.network, &mut lane.daemons, &scenario)?;
    let asked = &scenario.diagnose;
    let save = std::env::temp_dir();
    let status = score::command(&lane, &asked.target, &asked.args, &asked.from, view, &save, "text")?.status();
    injected.undo(&lane.network, &mut lane.daemons)?;
    Ok(ExitCode::from(u8::try_from(status?.code().unwrap_or(4)).unwrap_or(4)))
}

fn demonstrate(name: &str, demos: &Path) -> io::Result<ExitCode> {
    let told = demo::run(demos, name)?;
    println!("with every vantage");
    for one in &told {
        let answered = &one.full.answered;
        let certainty = one.full.certainty.clone().unwrap_or_default();
        println!("  {:52} {certainty:8} {:36} {}", one.title, answered.causes.join(" | "), answered.summary);
    }
    println!("from the client alone");
    for one in &told {
        let answered = &one.client.answered;
        let location = answered.location.clone().unwrap_or_default();
        println!("  {:52} {location:8} {}", one.title, answered.causes.join(" | "));
    }
    match demo::holds(&told) {
        Ok(()) => {
            println!("{} faults, {} right answers, one set from the client alone", told.len(), told.len());
            Ok(ExitCode::SUCCESS)
        }
        Err(what) => {
            println!("not as it must be: {what}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Scenarios that wait, and what became of those that did not.
type Shared = Arc<Mutex<(Vec<Scenario>, Vec<Case>, Vec<String>)>>;

fn score_all(args: &ScoreArgs) -> io::Result<ExitCode> {
    let mut scenarios = scenario::all(&args.scenarios, args.only.as_deref()).map_err(io::Error::other)?;
    if scenarios.is_empty() {
        return Err(io::Error::other(format!("no scenario below {} matches", args.scenarios.display())));
    }
    scenarios.reverse();
    let count = scenarios.len();
    let views = args.view.map_or(vec![View::Full, View::Typical, View::ClientOnly], |view| vec![view]);
    let save = args.save.clone().unwrap_or_else(|| PathBuf::from(isolate::WORK).join("runs"));
    fs::create_dir_all(&save)?;
    let save = fs::canonicalize(save)?;
    let shared: Shared = Arc::new(Mutex::new((scenarios, Vec::new(), Vec::new())));
    let lanes = usize::from(args.lanes).min(count);
    let workers: Vec<_> = (0..lanes)
        .map(|number| {
            let (shared, views, save, one) = (Arc::clone(&shared), views.clone(), save.clone(), args.one_prober);
            let keep = args.keep.clone();
            thread::spawn(move || work(number, one, &shared, &views, &save, keep.as_deref()))
        })
        .collect();
    for worker in workers {
        worker.join().map_err(|_panic| io::Error::other("a lane panicked"))??;
    }
    let mut shared = shared.lock().map_err(|e| io::Error::other(e.to_string()))?;
    let (cases, broken) = (std::mem::take(&mut shared.1), std::mem::take(&mut shared.2));
    conclude(args, &views, cases, &broken)
}

fn work(number: usize, one: bool, shared: &Shared, views: &[View], save: &Path, keep: Option<&Path>) -> io::Result<()> {
    let mut lane = Lane::up(number, one)?;
    loop {
        let next = shared.lock().map_err(|e| io::Error::other(e.to_string()))?.0.pop();
        let Some(scenario) = next else { return Ok(()) };
        let done = score::scenario(&mut lane, &scenario, views, save, keep);
        let rebuild = done.is_err();
        {
            let mut shared = shared.lock().map_err(|e| io::Error::other(e.to_string()))?;
            match done {
                Ok(cases) => {
                    for case in cases {
                        print_case(&case);
                        shared.1.push(case);
                    }
                }
                Err(e) => {
                    println!("BROKEN {}: {e}", scenario.name);
                    shared.2.push(format!("{}: {e}", scenario.name));
                }
            }
        }
        if rebuild {
            lane = Lane::up(number, one)?;
        }
    }
}

fn print_case(case: &Case) {
    let mark = match (case.checked, case.right) {
        (false, _) => "unsaid",
        (true, true) => "ok    ",
        (true, false) => "WRONG ",
    };
    let answered = &case.answered;
    let causes = if answered.causes.len() > 3 {
        format!("{} of {} causes", answered.causes.first().map_or("", String::as_str), answered.causes.len())
    } else {
        answered.causes.join(" | ")
    };
    let location = answered.location.clone().unwrap_or_else(|| "-".to_owned());
    println!(
        "{mark} {:11} {:42} {:8} {location:8} {causes} ({:.1} s)",
        case.view, case.name, answered.status, case.seconds
    );
    for why in &case.why {
        println!("         {why}");
    }
}

fn print_score(view: View, score: &Score) {
    println!(
        "{:11} boundary top-1 {:.0} %, top-3 {:.0} %; cause {:.0} %; proved {:.0} %; honest {:.0} %; false alarms {}; wrong and proved {}; median {:.1} s with a fault, {:.1} s without",
        view.name(),
        score.boundary_top1 * 100.0,
        score.boundary_top3 * 100.0,
        score.cause_top1 * 100.0,
        score.proved * 100.0,
        score.honest * 100.0,
        score.false_alarms,
        score.proved_wrong,
        score.median_seconds,
        score.median_seconds_healthy,
    );
}

fn conclude(args: &ScoreArgs, views: &[View], cases: Vec<Case>, broken: &[String]) -> io::Result<ExitCode> {
    let floors = args.floor.as_ref().map(score::floors).transpose()?.unwrap_or_default();
    let mut failed = broken.to_vec();
    for view in views {
        let own: Vec<Case> = cases.iter().filter(|case| case.view == view.name()).cloned().collect();
        let score = score::score(own);
        print_score(*view, &score);
        if let Some(floor) = floors.get(view.name()) {
            failed.extend(score::below(&score, floor).into_iter().map(|what| format!("{}: {what}", view.name())));
        }
    }
    let right = cases.iter().filter(|case| case.checked && case.right).count();
    let wrong = cases.iter().filter(|case| !case.right).count() + broken.len();
    if let Some(path) = &args.json {
        fs::write(path, serde_json::to_vec_pretty(&score::score(cases))?)?;
    }
    for what in &failed {
        println!("below the floor: {what}");
    }
    println!("{right} passed, {wrong} failed");
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
