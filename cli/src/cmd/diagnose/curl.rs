//! A pasted curl command line. What it asks is asked; what it would print or write is not; an unknown flag is an error.

use std::io;

use mesh_proto::v1::{Header, Target, Want};

use super::record::{self, HIDDEN};
use crate::{args, exit::Problem, target};

/// What a curl line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curl {
    pub(crate) target: Target,
    pub(crate) want: Want,
    /// File that `--cacert` names.
    pub(crate) cacert: Option<String>,
    /// What was left aside, for people.
    pub(crate) notes: Vec<String>,
    /// The line without values that may be secret.
    pub(crate) recorded: Vec<String>,
}

/// A flag, as far as this program cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Method,
    Header,
    Data,
    Raw,
    Agent,
    Cookie,
    Referer,
    Resolve,
    MaxTime,
    Cacert,
    Ipv4,
    Ipv6,
    Head,
    Url,
    Insecure,
    Follow,
    /// Changes nothing that is asked.
    Silent,
    /// The same, with a value.
    SilentValue,
}

impl Flag {
    fn takes_value(self) -> bool {
        !matches!(self, Self::Ipv4 | Self::Ipv6 | Self::Head | Self::Insecure | Self::Follow | Self::Silent)
    }
}

fn long(name: &str) -> Option<Flag> {
    Some(match name {
        "request" => Flag::Method,
        "header" => Flag::Header,
        "data" | "data-ascii" | "data-binary" => Flag::Data,
        "data-raw" => Flag::Raw,
        "user-agent" => Flag::Agent,
        "cookie" => Flag::Cookie,
        "referer" => Flag::Referer,
        "resolve" => Flag::Resolve,
        "max-time" => Flag::MaxTime,
        "cacert" => Flag::Cacert,
        "ipv4" => Flag::Ipv4,
        "ipv6" => Flag::Ipv6,
        "head" => Flag::Head,
        "url" => Flag::Url,
        "insecure" => Flag::Insecure,
        "location" => Flag::Follow,
        "silent" | "show-error" | "verbose" | "include" | "fail" | "compressed" | "http1.1" | "no-progress-meter" => {
            Flag::Silent
        }
        "output" | "write-out" | "connect-timeout" => Flag::SilentValue,
        _ => return None,
    })
}

fn short(name: char) -> Option<Flag> {
    long(match name {
        'X' => "request",
        'H' => "header",
        'd' => "data",
        'A' => "user-agent",
        'b' => "cookie",
        'e' => "referer",
        'm' => "max-time",
        '4' => "ipv4",
        '6' => "ipv6",
        'I' => "head",
        'k' => "insecure",
        'L' => "location",
        's' => "silent",
        'S' => "show-error",
        'v' => "verbose",
        'i' => "include",
        'f' => "fail",
        'o' => "output",
        'w' => "write-out",
        _ => return None,
    })
}

fn unknown(flag: &str) -> Problem {
    Problem::usage(format!("curl's {flag} is not understood")).hint(
        "understood: -X -H -d --data-raw --data-binary -A -b -e --resolve -m --cacert -4 -6 -I -L -k --url, and flags \
         of output",
    )
}

/// Reads a curl line. `length` gives the size of a file that `-d @FILE` names.
pub(crate) fn parse(words: &[String], length: &dyn Fn(&str) -> io::Result<u64>) -> Result<Curl, Problem> {
    let Some((first, rest)) = words.split_first() else {
        return Err(
            Problem::usage("nothing stands after `--`").hint("meshctl diagnose -- curl https://api.example.com/")
        );
    };
    if first.rsplit('/').next() != Some("curl") {
        return Err(Problem::usage(format!("after `--` a curl command line is read, not {first:?}")));
    }
    let mut line = Line { length, ..Line::new() };
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
            let flag = long(name).ok_or_else(|| unknown(word))?;
            let value = if flag.takes_value() { Some(next(word, &mut rest)?) } else { None };
            line.take(word, flag, value)?;
        } else if word.len() > 1 && word.starts_with('-') {
            line.cluster(word, &mut rest)?;
        } else {
            line.url(word)?;
        }
    }
    line.finish()
}

fn next(flag: &str, rest: &mut std::slice::Iter<'_, String>) -> Result<String, Problem> {
    rest.next().cloned().ok_or_else(|| Problem::usage(format!("curl's {flag} has no value")))
}

struct Line<'l> {
    length: &'l dyn Fn(&str) -> io::Result<u64>,
    url: Option<String>,
    want: Want,
    cacert: Option<String>,
    body: Option<u64>,
    notes: Vec<String>,
    recorded: Vec<String>,
}

impl Line<'_> {
    fn new() -> Self {
        Self {
            length: &|_| Err(io::ErrorKind::Unsupported.into()),
            url: None,
            want: Want::default(),
            cacert: None,
            body: None,
            notes: Vec::new(),
            recorded: vec!["--".to_owned(), "curl".to_owned()],
        }
    }

    /// `-sSXPOST`: flags in one word, the last may have its value attached.
    fn cluster(&mut self, word: &str, rest: &mut std::slice::Iter<'_, String>) -> Result<(), Problem> {
        let mut letters = word.chars();
        letters.next();
        while let Some(letter) = letters.next() {
            let name = format!("-{letter}");
            let flag = short(letter).ok_or_else(|| unknown(&name))?;
            if flag.takes_value() {
                let attached: String = letters.collect();
                let value = if attached.is_empty() { next(&name, rest)? } else { attached };
                return self.take(&name, flag, Some(value));
            }
            self.take(&name, flag, None)?;
        }
        Ok(())
    }

    fn url(&mut self, word: &str) -> Result<(), Problem> {
        if let Some(first) = &self.url {
            return Err(Problem::usage(format!("the curl line has two URLs: {first} and {word}")));
        }
        self.url = Some(word.to_owned());
        self.recorded.push(word.to_owned());
        Ok(())
    }

    fn header(&mut self, line: &str) -> Result<(), Problem> {
        let (name, value) = args::header(line).map_err(|why| Problem::usage(format!("curl's header: {why}")))?;
        self.want.headers.push(Header { name, value });
        Ok(())
    }

    fn take(&mut self, word: &str, flag: Flag, value: Option<String>) -> Result<(), Problem> {
        let value = value.unwrap_or_default();
        let shown = match flag {
            Flag::Header => record::header(&value),
            Flag::Data | Flag::Raw | Flag::Cookie => HIDDEN.to_owned(),
            _ => value.clone(),
        };
        if flag == Flag::Url {
            return self.url(&value);
        }
        self.recorded.push(word.to_owned());
        if flag.takes_value() {
            self.recorded.push(shown);
        }
        match flag {
            Flag::Method => self.want.method = value,
            Flag::Header => self.header(&value)?,
            Flag::Agent => self.header(&format!("User-Agent: {value}"))?,
            Flag::Cookie if value.contains('=') => self.header(&format!("Cookie: {value}"))?,
            Flag::Cookie => return Err(Problem::usage(format!("curl's {word}: files of cookies are not read"))),
            Flag::Referer => self.header(&format!("Referer: {value}"))?,
            Flag::Data | Flag::Raw => self.data(word, flag, &value)?,
            Flag::Resolve => {
                let pinned = args::resolve(&value).map_err(|why| Problem::usage(format!("curl's --resolve: {why}")))?;
                self.want.resolve.extend(pinned.0.iter().map(ToString::to_string));
            }
            Flag::MaxTime => {
                let time = args::duration(&value).map_err(|why| Problem::usage(format!("curl's {word}: {why}")))?;
                self.want.max_time_ms = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
            }
            Flag::Cacert => self.cacert = Some(value),
            Flag::Ipv4 => "4".clone_into(&mut self.want.family),
            Flag::Ipv6 => "6".clone_into(&mut self.want.family),
            Flag::Head => "HEAD".clone_into(&mut self.want.method),
            Flag::Insecure => self.notes.push("-k: the certificate is judged and shown all the same".to_owned()),
            Flag::Follow => self.notes.push("-L: a redirect counts as an answer and is not followed".to_owned()),
            Flag::Url | Flag::Silent | Flag::SilentValue => {}
        }
        Ok(())
    }

    /// Only the size of a body is asked with; its content stays here.
    fn data(&mut self, word: &str, flag: Flag, value: &str) -> Result<(), Problem> {
        let bytes = match value.strip_prefix('@').filter(|_| flag == Flag::Data) {
            Some("-") => {
                return Err(Problem::usage(format!("curl's {word} @-: a body is not read from standard input")));
            }
            Some(file) => (self.length)(file).map_err(|e| Problem::usage(format!("curl's {word} @{file}: {e}")))?,
            None => value.len() as u64,
        };
        // curl joins several with "&".
        let sum = self.body.map_or(bytes, |before| before.saturating_add(bytes).saturating_add(1));
        if sum > args::BODY_BYTES {
            return Err(Problem::usage(format!("a body of {sum} bytes: at most {} MiB", args::BODY_BYTES >> 20)));
        }
        self.body = Some(sum);
        Ok(())
    }

    fn finish(mut self) -> Result<Curl, Problem> {
        let url = self.url.take().ok_or_else(|| Problem::usage("the curl line has no URL"))?;
        // curl takes http for a name without a scheme.
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let target = target::parse(&url)?;
        if !matches!(target.scheme.as_str(), "http" | "https") {
            return Err(Problem::usage(format!("the curl line asks {}, not http or https", target.scheme)));
        }
        if let Some(bytes) = self.body {
            self.want.body_bytes = bytes;
            if self.want.method.is_empty() {
                "POST".clone_into(&mut self.want.method);
            }
            if !self.want.headers.iter().any(|header| header.name.eq_ignore_ascii_case("content-type")) {
                self.header("Content-Type: application/x-www-form-urlencoded")?;
            }
        }
        Ok(Curl { target, want: self.want, cacert: self.cacert, notes: self.notes, recorded: self.recorded })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Curl, Problem> {
        let words: Vec<String> = line.split('|').map(str::to_owned).collect();
        parse(&words, &|file| if file == "body.bin" { Ok(65_536) } else { Err(io::ErrorKind::NotFound.into()) })
    }

    #[test]
    fn a_pasted_line_asks_what_curl_would_ask() {
        let curl = read(
            "curl|-sS|-XPOST|http://upload.lab:8080/|-H|Authorization: Bearer canary|--data-binary|@body.bin|-m5|-o|/dev/null",
        )
        .unwrap();
        assert_eq!((curl.target.host.as_str(), curl.target.port), ("upload.lab", 8080));
        assert_eq!((curl.want.method.as_str(), curl.want.body_bytes, curl.want.max_time_ms), ("POST", 65_536, 5_000));
        assert_eq!(curl.want.headers[0].value, "Bearer canary");
        let recorded = curl.recorded.join(" ");
        assert!(!recorded.contains("canary"), "{recorded}");
        assert!(recorded.contains("Authorization: ***"), "{recorded}");
    }

    #[test]
    fn several_pieces_of_data_are_joined_and_make_a_post() {
        let curl = read("curl|api.lab/form|-d|a=1|-d|b=22").unwrap();
        assert_eq!((curl.want.method.as_str(), curl.want.body_bytes), ("POST", 8));
        assert_eq!(curl.target.input, "http://api.lab/form");
        assert!(!curl.recorded.iter().any(|word| word == "a=1"));
    }

    #[test]
    fn flags_of_output_change_nothing_and_notes_say_what_is_left_aside() {
        let curl =
            read("/usr/bin/curl|-vikL|--connect-timeout|2|https://api.lab/|--resolve|api.lab:443:10.0.0.7|-6").unwrap();
        assert_eq!(curl.want.resolve, ["10.0.0.7"]);
        assert_eq!(curl.want.family, "6");
        assert_eq!(curl.notes.len(), 2);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, word) in [
            ("wget|http://a.lab/", "wget"),
            ("curl", "no URL"),
            ("curl|--proxy|http://p/|http://a.lab/", "--proxy"),
            ("curl|-sQ|http://a.lab/", "-Q"),
            ("curl|http://a.lab/|http://b.lab/", "two URLs"),
            ("curl|http://a.lab/|-d|@missing", "missing"),
            ("curl|http://a.lab/|-d|@-", "standard input"),
            ("curl|http://a.lab/|-H", "no value"),
            ("curl|ftp://a.lab/", "ftp"),
            ("curl|tcp://a.lab:1", "tcp"),
            ("curl|http://a.lab/|-m|soon", "-m"),
        ] {
            let problem = read(line).expect_err(line);
            assert!(problem.message.contains(word), "{line}: {}", problem.message);
        }
    }
}
