//! The command line as it is recorded in the run: what was asked stays, values that may be secret do not.

/// Headers whose values say how something is asked, never who asks.
const PLAIN: [&str; 11] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "range",
    "user-agent",
];
/// What stands in the place of a value.
pub(crate) const HIDDEN: &str = "***";
/// Short flags of this command line that take a value: what follows them in one word is that value.
const WITH_VALUE: [char; 3] = ['f', 'm', 'o'];

/// A header line without its value, unless the value is harmless.
pub(crate) fn header(line: &str) -> String {
    match line.split_once(':') {
        Some((name, _)) if PLAIN.contains(&name.trim().to_ascii_lowercase().as_str()) => line.to_owned(),
        Some((name, _)) => format!("{name}: {HIDDEN}"),
        None => HIDDEN.to_owned(),
    }
}

/// This command's own words; those of a pasted curl line are masked where they are read.
pub(crate) fn words(typed: &[String]) -> Vec<String> {
    let mut recorded = Vec::with_capacity(typed.len());
    let mut words = typed.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if let Some(value) = word.strip_prefix("--header=") {
            recorded.push(format!("--header={}", header(value)));
            continue;
        }
        let short = word.strip_prefix('-').filter(|rest| !rest.starts_with('-')).unwrap_or_default();
        let at = short.find(|c| c == 'H' || WITH_VALUE.contains(&c)).filter(|at| short.get(*at..=*at) == Some("H"));
        match at.map(|at| short.split_at(at + 1)) {
            Some((flags, "")) => {
                recorded.push(format!("-{flags}"));
                recorded.extend(words.next().map(|value| header(value)));
            }
            Some((flags, value)) => recorded.push(format!("-{flags}{}", header(value.trim_start_matches('=')))),
            None if word == "--header" => {
                recorded.push(word.clone());
                recorded.extend(words.next().map(|value| header(value)));
            }
            None => recorded.push(word.clone()),
        }
    }
    recorded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(line: &str) -> String {
        words(&line.split('|').map(str::to_owned).collect::<Vec<_>>()).join("|")
    }

    #[test]
    fn header_values_are_hidden_however_the_flag_is_written() {
        for line in [
            "diagnose|-H|Authorization: canary|u",
            "diagnose|-HAuthorization: canary|u",
            "diagnose|-qH|X-Api-Key:canary|u",
            "diagnose|-4HX-Api-Key:canary|u",
            "diagnose|--header|Cookie: canary|u",
            "diagnose|--header=Cookie: canary|u",
            "diagnose|-H|canary|u",
        ] {
            let recorded = recorded(line);
            assert!(!recorded.contains("canary"), "{recorded}");
            assert!(recorded.ends_with("|u"), "{recorded}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_was_typed() {
        for line in ["diagnose|-H|Accept: text/html|-f|H|http://a/", "diagnose|-fH|-o|json|http://a/"] {
            assert_eq!(recorded(line), line);
        }
        assert_eq!(recorded("diagnose|--quick|--|curl|-H|A: canary"), "diagnose|--quick");
    }
}
