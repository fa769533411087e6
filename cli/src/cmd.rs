//! One file per command.

use std::path::{Path, PathBuf};

use mesh_lab::DemoNetwork;

use crate::{
    args::{Cli, Command, Environment, Global},
    exit::{Code, Problem},
    render::Output,
};

pub(crate) mod demo;
pub(crate) mod diagnose;
pub(crate) mod doctor;
pub(crate) mod drive;
pub(crate) mod explain;
pub(crate) mod probe;
pub(crate) mod runs;
pub(crate) mod vantages;

/// What every command needs beside its own arguments.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) env: Environment,
    pub(crate) out: Output,
    /// The command line without the program's name.
    pub(crate) argv: Vec<String>,
}

impl Context {
    /// Where runs are kept: the flag, else the XDG state folder, else nowhere.
    pub(crate) fn runs_dir(&self, flag: Option<&PathBuf>) -> Option<PathBuf> {
        let own = Path::new("meshctl").join("runs");
        flag.cloned()
            .or_else(|| self.env.state_home.as_ref().map(|state| state.join(&own)))
            .or_else(|| self.env.home.as_ref().map(|home| home.join(".local/state").join(&own)))
    }

    /// A path as a reader would type it.
    pub(crate) fn short(&self, path: &str) -> String {
        let home = self.env.home.as_ref().map(|home| home.display().to_string()).filter(|home| home.len() > 1);
        match home.and_then(|home| path.strip_prefix(&home).map(str::to_owned)) {
            Some(rest) if rest.starts_with('/') => format!("~{rest}"),
            _ => path.to_owned(),
        }
    }
}

/// Carries a command out.
pub(crate) async fn run(cli: Cli, network: Option<DemoNetwork>, cx: &Context) -> Result<Code, Problem> {
    match cli.command {
        Some(Command::Diagnose(args)) => diagnose::run(&args, cx).await,
        Some(Command::Probe(args)) => probe::run(&args, cx).await,
        Some(Command::Vantages(args)) => vantages::run(&args, cx).await,
        Some(Command::Runs(args)) => runs::run(&args, cx),
        Some(Command::Explain(args)) => explain::run(&args, cx),
        Some(Command::Doctor(args)) => doctor::run(&args, cx).await,
        Some(Command::Demo(args)) => demo::run(&args, network, cx).await,
        None => {
            cx.out.words("Help", crate::render::help::TOP);
            Ok(Code::Good)
        }
    }
}
