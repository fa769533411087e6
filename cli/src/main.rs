//! Where on the path does it break, how do you know, and what have you ruled out?
//!
//! Data flow: [`args`] reads the command line, [`cmd`] turns it into a request, [`connect`] gives the coordinator,
//! [`cmd::drive`] follows its events, [`render`] prints, [`exit`] decides the code.

use std::process::ExitCode;

use clap::{
    Parser as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    args::{Cli, Command, Environment, Format},
    cmd::Context,
    exit::{Code, Problem},
    render::Output,
};

mod args;
mod cmd;
mod connect;
mod exit;
mod render;
mod target;

/// Threads of the runtime: one for the coordinator, one for the prober beside it.
const WORKERS: usize = 2;
/// Lines of clap's message that say what is wrong; usage and advice follow.
const TIP: &str = "tip: ";

fn main() -> ExitCode {
    let argv: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let env = Environment::read();
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let out = Output::before_parsing(wanted(&argv), env.seven_bit || argv.iter().any(|word| word == "--ascii"));
            return ExitCode::from(refused(&e, &out).number());
        }
    };
    cli.global.coordinator.take_if(|coordinator| coordinator == args::NONE);
    let out = Output::new(&cli.global, &env);
    let cx = Context { global: cli.global.clone(), env, out, argv };
    let code = carry_out(cli, &cx).unwrap_or_else(|problem| {
        cx.out.problem(&problem);
        problem.code
    });
    ExitCode::from(code.number())
}

fn carry_out(cli: Cli, cx: &Context) -> Result<Code, Problem> {
    if cli.command.is_none() && cx.out.for_programs() {
        return Err(Problem::usage("no command was given").hint("meshctl --help lists them"));
    }
    // A process with threads may not enter a user namespace, so the demo's network comes before the runtime.
    let network = match &cli.command {
        Some(Command::Demo(demo)) => cmd::demo::prepare(demo)?,
        _ => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|e| Problem::could_not_run(format!("threads can't be started: {e}")))?;
    let code = runtime.block_on(cmd::run(cli, network, cx));
    // A look-up that hangs has a thread of its own; nobody waits for it.
    runtime.shutdown_background();
    code
}

/// The form asked for by a command line that could not be read.
fn wanted(argv: &[String]) -> Format {
    let mut form = Format::Text;
    let mut words = argv.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        let value = match word.as_str() {
            "-o" | "--output" => words.next().map(String::as_str),
            word => word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")),
        };
        match value.map(|value| value.trim_start_matches('=')) {
            Some("json") => form = Format::Json,
            Some("jsonl") => form = Format::Jsonl,
            _ => {}
        }
    }
    form
}

/// What clap could not take, in this program's words.
fn refused(error: &clap::Error, out: &Output) -> Code {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp => out.words("Help", &text),
        ErrorKind::DisplayVersion => out.words("Version", &text),
        _ => {
            out.problem(&problem(error, &text));
            return Code::Usage;
        }
    }
    Code::Good
}

fn problem(error: &clap::Error, text: &str) -> Problem {
    let told: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let message: Vec<&str> =
        told.iter().take_while(|line| !line.starts_with(TIP) && !line.starts_with("Usage:")).copied().collect();
    let message = message.join(" ");
    let mut problem = Problem::usage(message.strip_prefix("error: ").unwrap_or(&message));
    for line in &told {
        if let Some(tip) = line.strip_prefix(TIP) {
            problem = problem.hint(tip);
        } else if let Some(usage) = line.strip_prefix("Usage: ") {
            problem = problem.hint(format!("usage: {usage}"));
        }
    }
    // `meshctl api.example.com` is a question without a verb.
    if let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
        && (word.contains(['.', ':', '/']) || word == "localhost")
    {
        return Problem::usage(format!("{word:?} is not a command"))
            .hint(format!("to find where a connection to it breaks: meshctl diagnose {}", render::text::quoted(word)));
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_form_is_known_even_when_the_rest_is_not() {
        for (line, form) in [
            ("-o json frobnicate", Format::Json),
            ("diagnose --output=jsonl", Format::Jsonl),
            ("diagnose -ojson", Format::Json),
            ("diagnose -o=json", Format::Json),
            ("diagnose -- curl -o json", Format::Text),
            ("diagnose -o text", Format::Text),
        ] {
            assert_eq!(wanted(&words(line)), form, "{line}");
        }
    }

    #[test]
    fn a_target_without_a_verb_is_answered_with_the_verb() {
        let error = Cli::try_parse_from(["meshctl", "-o", "json", "api.example.com"]).unwrap_err();
        let problem = problem(&error, &error.render().to_string());
        assert!(problem.hints[0].contains("meshctl diagnose api.example.com"), "{problem:?}");
    }

    #[test]
    fn a_typo_is_answered_with_what_was_meant() {
        let error = Cli::try_parse_from(["meshctl", "diagnos", "x"]).unwrap_err();
        let problem = problem(&error, &error.render().to_string());
        assert!(problem.message.contains("diagnos") && problem.hints[0].contains("diagnose"), "{problem:?}");
    }
}
