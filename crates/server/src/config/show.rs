//! `parlour config`: every setting, what it is for, its value and where that came from.

use super::read::variable;
use super::{Found, SETTINGS};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The text that `parlour config` prints. Secrets are not in it.
pub fn show(found: &BTreeMap<String, Found>) -> String {
    let mut out = String::from("# Settings in force: a flag, else an environment variable, else the settings file.\n");
    for setting in SETTINGS {
        let Some(Found { value, from }) = found.get(setting.name) else { continue };
        let value = if setting.secret { redacted(value) } else { value.clone() };
        let names = match setting.also {
            Some(also) => format!("{}, {also}", variable(setting.name)),
            None => variable(setting.name),
        };
        let _ = write!(out, "\n# {}\n# --{} {} · {names}\n", setting.help, setting.name, setting.value);
        let _ = writeln!(out, "{} = {value:?}  # {from}", setting.name);
    }
    out.push_str("\n# Limits: PARLOUR_LIMIT_NAME, or the settings file. What each means: /api/v1/openapi.json, Limits.\n[limits]\n");
    for (name, Found { value, from }) in found.iter().filter(|(name, _)| name.starts_with("limits.")) {
        let _ = writeln!(out, "{} = {value}  # {from}", name.trim_start_matches("limits."));
    }
    out
}

/// A URL without its password; anything else that is secret, not at all.
pub fn redacted(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    match value.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (login, host))) => {
            let user = login.split(':').next().unwrap_or_default();
            // A password can stand among the parameters as well.
            let host = host.split('?').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None if value.contains("://") => value.split('?').next().unwrap_or_default().to_owned(),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (value, shown) in [
            ("", ""),
            ("postgres://me:pa@ss@host:5432/db?sslmode=disable", "postgres://me:***@host:5432/db"),
            ("postgres://host/db?password=x", "postgres://host/db"),
            ("token", "***"),
        ] {
            assert_eq!(redacted(value), shown);
        }
    }
}
