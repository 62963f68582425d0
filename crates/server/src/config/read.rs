//! Finds each setting's value and where it came from, then makes a [`Config`] of them.

use super::{Config, LogFormat, SETTINGS, SecureCookies};
use ipnet::IpNet;
use protocol::Limits;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub value: String,
    pub from: String,
}

/// The three places, in their order.
pub struct Sources<'a> {
    pub flags: BTreeMap<&'static str, String>,
    pub env: BTreeMap<String, String>,
    pub file: Option<&'a Path>,
}

/// The names of all limits with their values.
pub fn limits_of(limits: &Limits) -> Vec<(String, u64)> {
    match serde_json::to_value(limits) {
        Ok(serde_json::Value::Object(map)) => {
            map.into_iter().filter_map(|(name, value)| Some((name, value.as_u64()?))).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads all settings. The second part says for each where its value came from.
///
/// # Errors
/// A text for people, which names the setting and its source.
pub fn read(sources: &Sources<'_>) -> Result<(Config, BTreeMap<String, Found>), String> {
    let file = match sources.file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("the settings file {} cannot be read: {error}", path.display()))?;
            text.parse::<toml::Table>()
                .map_err(|error| format!("the settings file {} does not parse: {error}", path.display()))?
        }
        None => toml::Table::new(),
    };
    check_names(&file)?;
    let mut found = BTreeMap::new();
    for setting in SETTINGS {
        found.insert(setting.name.to_owned(), find(setting, sources, &file));
    }
    let limits = limits(sources, &file, &mut found)?;
    let config = parse(&found, limits)?;
    Ok((config, found))
}

/// A misspelt line would silently leave the default in force.
fn check_names(file: &toml::Table) -> Result<(), String> {
    match file.keys().find(|key| !SETTINGS.iter().any(|setting| setting.name == key.as_str())) {
        Some(key) => Err(format!("the settings file has a line `{key}`, which is no setting; see `parlour config`")),
        None => Ok(()),
    }
}

pub(super) fn variable(name: &str) -> String {
    format!("PARLOUR_{}", name.to_uppercase().replace('-', "_"))
}

fn find(setting: &super::Setting, sources: &Sources<'_>, file: &toml::Table) -> Found {
    if let Some(value) = sources.flags.get(setting.name) {
        return Found { value: value.clone(), from: format!("--{}", setting.name) };
    }
    let name = variable(setting.name);
    if let Some(value) = sources.env.get(&name).cloned() {
        return Found { value, from: name };
    }
    if let Some(line) = file.get(setting.name).and_then(line) {
        return Found { value: line, from: "settings file".to_owned() };
    }
    if let Some(name) = setting.also
        && let Some(value) = sources.env.get(name).filter(|value| !value.is_empty())
    {
        let value = if name == "PORT" { format!("0.0.0.0:{value}") } else { value.clone() };
        return Found { value, from: name.to_owned() };
    }
    Found { value: setting.default.to_owned(), from: "default".to_owned() }
}

/// A line of the file as text. A table is none: `[limits]` is read on its own.
fn line(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(items) => Some(items.iter().filter_map(line).collect::<Vec<_>>().join(",")),
        toml::Value::Table(_) => None,
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(if *flag { "on" } else { "off" }.to_owned()),
        toml::Value::Float(_) | toml::Value::Datetime(_) => Some(String::new()),
    }
}

fn limits(sources: &Sources<'_>, file: &toml::Table, found: &mut BTreeMap<String, Found>) -> Result<Limits, String> {
    let mut values = serde_json::Map::new();
    let table = file.get("limits").and_then(toml::Value::as_table);
    let names = limits_of(&Limits::default());
    if let Some(key) = table.and_then(|table| table.keys().find(|key| !names.iter().any(|(name, _)| name == *key))) {
        return Err(format!("[limits] in the settings file has a line `{key}`, which is no limit"));
    }
    let none = |variable: &&String| {
        let limit = variable.strip_prefix("PARLOUR_LIMIT_");
        limit.is_some_and(|limit| !names.iter().any(|(name, _)| name.to_uppercase() == limit))
    };
    if let Some(variable) = sources.env.keys().find(none) {
        return Err(format!("{variable}: there is no such limit; see `parlour config`"));
    }
    for (name, default) in names {
        let variable = variable(&format!("limit_{name}"));
        let here = match (sources.env.get(&variable).cloned(), table.and_then(|table| table.get(&name)).and_then(line))
        {
            (Some(value), _) => Found { value, from: variable },
            (None, Some(value)) => Found { value, from: "settings file".to_owned() },
            (None, None) => Found { value: default.to_string(), from: "default".to_owned() },
        };
        let number: u64 =
            here.value.parse().map_err(|_| format!("the limit {name} ({}) must be a whole number", here.from))?;
        values.insert(name.clone(), number.into());
        found.insert(format!("limits.{name}"), here);
    }
    serde_json::from_value(serde_json::Value::Object(values)).map_err(|error| format!("a limit does not fit: {error}"))
}

fn parse(found: &BTreeMap<String, Found>, limits: Limits) -> Result<Config, String> {
    let text = |name: &str| found.get(name).map(|found| found.value.trim().to_owned()).unwrap_or_default();
    let some = |name: &str| Some(text(name)).filter(|value| !value.is_empty());
    let from = |name: &str| found.get(name).map(|found| found.from.clone()).unwrap_or_default();
    let bad = |name: &str, expected: &str| format!("{name} ({}) must be {expected}", from(name));
    let items = |name: &str| -> Vec<String> {
        text(name).split([',', ' ']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let networks = |name: &str| -> Result<Vec<IpNet>, String> {
        let expected = "addresses or networks such as 10.0.0.0/8, with a comma between";
        let parse = |item: &String| item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
        items(name).iter().map(parse).collect::<Result<_, _>>().map_err(|_| bad(name, expected))
    };
    let switch = |name: &str| match text(name).as_str() {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(bad(name, "on or off")),
    };
    let origin = |item: &String| {
        let fits = item.split_once("://").is_some_and(|(scheme, host)| {
            matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '*', '@'])
        });
        if fits { Ok(item.to_ascii_lowercase()) } else { Err(bad("origins", "origins such as https://chat.example")) }
    };
    let database = some("database");
    if database.as_deref().is_some_and(|url| !url.starts_with("postgres://") && !url.starts_with("postgresql://")) {
        return Err(bad("database", "a URL that begins with postgres://"));
    }
    Ok(Config {
        listen: text("listen"),
        data: text("data").into(),
        database,
        limits,
        files: text("files"),
        files_origin: some("files-origin").as_ref().map(origin).transpose()?,
        keep_position: switch("keep-position")?,
        clamav: match some("clamav") {
            Some(address) => Some(
                blobs::scan::Scanner::parse(&address).map_err(|why| format!("clamav ({}): {why}", from("clamav")))?,
            ),
            None => None,
        },
        outbound_allow: networks("outbound-allow")?,
        outbound_proxy: some("outbound-proxy"),
        program: std::env::current_exe().map_err(|error| format!("this program cannot find itself: {error}"))?,
        rates: switch("limits")?,
        trusted_proxies: networks("trusted-proxies")?,
        origins: items("origins").iter().map(origin).collect::<Result<_, _>>()?,
        secure_cookies: match text("secure-cookies").as_str() {
            "auto" => SecureCookies::Auto,
            "on" => SecureCookies::On,
            "off" => SecureCookies::Off,
            _ => return Err(bad("secure-cookies", "auto, on or off")),
        },
        metrics_listen: match some("metrics-listen") {
            Some(text) => Some(text.parse().map_err(|_| bad("metrics-listen", "an address such as 127.0.0.1:9090"))?),
            None => None,
        },
        metrics_token: some("metrics-token"),
        log: text("log"),
        log_format: match text("log-format").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err(bad("log-format", "text or json")),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        flags: &[(&'static str, &str)],
        env: &[(&str, &str)],
        file: &str,
    ) -> Result<(Config, BTreeMap<String, Found>), String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("parlour.toml");
        std::fs::write(&path, file).expect("the file is written");
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let flags = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        read(&Sources { flags, env, file: Some(&path) })
    }

    #[test]
    fn flags_come_before_the_environment_before_the_file() {
        let file = "listen = \"1.1.1.1:1\"\ndata = \"from-file\"\norigins = [\"https://a.example\"]\n[limits]\ntext = 10\nbody = 20";
        let env = [("PARLOUR_LISTEN", "2.2.2.2:2"), ("PARLOUR_LIMIT_TEXT", "11"), ("PORT", "9")];
        let (config, found) = check(&[("listen", "3.3.3.3:3")], &env, file).expect("good settings");
        assert_eq!((config.listen.as_str(), found["listen"].from.as_str()), ("3.3.3.3:3", "--listen"));
        assert_eq!(config.data, Path::new("from-file"));
        assert_eq!((config.limits.text, config.limits.body), (11, 20));
        assert_eq!(config.origins, ["https://a.example"]);
        assert!(config.rates);
    }

    #[test]
    fn what_hosts_set_is_understood() {
        let env = [("PORT", "5000"), ("DATABASE_URL", "postgres://u:p@h/d"), ("PARLOUR_LIMITS", "off")];
        let (config, _) = check(&[], &env, "").expect("good settings");
        assert_eq!(config.listen, "0.0.0.0:5000");
        assert_eq!(config.database.as_deref(), Some("postgres://u:p@h/d"));
        assert!(!config.rates);
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_source() {
        for (env, file, word) in [
            (&[("PARLOUR_LIMITS", "maybe")][..], "", "PARLOUR_LIMITS"),
            (&[("PARLOUR_LIMIT_TEXT", "-1")], "", "PARLOUR_LIMIT_TEXT"),
            (&[("PARLOUR_LIMIT_TXT", "1")], "", "PARLOUR_LIMIT_TXT"),
            (&[("PARLOUR_TRUSTED_PROXIES", "me")], "", "PARLOUR_TRUSTED_PROXIES"),
            (&[("PARLOUR_ORIGINS", "*")], "", "PARLOUR_ORIGINS"),
            (&[("DATABASE_URL", "mysql://x")], "", "DATABASE_URL"),
            (&[], "lisen = \"x\"", "lisen"),
            (&[], "[limits]\ntxt = 1", "txt"),
        ] {
            let error = check(&[], env, file).expect_err(word);
            assert!(error.contains(word), "{error}");
        }
    }
}
