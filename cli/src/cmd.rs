//! One file per command.

use std::path::PathBuf;

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
pub(crate) mod login;
pub(crate) mod members;
pub(crate) mod probe;
pub(crate) mod revoke;
pub(crate) mod runs;
pub(crate) mod token;
pub(crate) mod up;
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
        flag.cloned().or_else(|| self.state_dir().map(|own| own.join("runs")))
    }

    /// This program's own folder: below the XDG state folder, else nowhere.
    pub(crate) fn state_dir(&self) -> Option<PathBuf> {
        let state = self.env.state_home.clone();
        let state = state.or_else(|| self.env.home.as_ref().map(|home| home.join(".local/state")));
        state.map(|state| state.join("meshctl"))
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
        Some(Command::Runs(args)) => runs::run(&args, cx).await,
        Some(Command::Explain(args)) => explain::run(&args, cx),
        Some(Command::Doctor(args)) => doctor::run(&args, cx).await,
        Some(Command::Login(args)) => login::run(&args, cx).await,
        Some(Command::Token(args)) => token::run(&args, cx).await,
        Some(Command::Members) => members::run(cx).await,
        Some(Command::Revoke(args)) => revoke::run(&args, cx).await,
        Some(Command::Up(args)) => up::run(&args, cx).await,
        Some(Command::Demo(args)) => demo::run(&args, network, cx).await,
        None => {
            cx.out.words("Help", crate::render::help::TOP);
            Ok(Code::Good)
        }
    }
}
