//! Every setting: a flag, else an environment variable, else a line of the settings file, else the default.
//!
//! [`SETTINGS`] is the one place where a setting is named and explained; the command line, `parlour config` and
//! the reading of the file come from it. The limits have their names and defaults in `protocol::limits`.

mod read;
mod show;

pub use read::{Found, Sources, read};
pub use show::show;

use blobs::scan::Scanner;
use ipnet::IpNet;
use protocol::Limits;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// One setting. Its flag is `--name`, its variable `PARLOUR_NAME`, its line in the file `name = …`.
pub struct Setting {
    pub name: &'static str,
    pub value: &'static str,
    pub default: &'static str,
    pub help: &'static str,
    /// Another variable that hosts set.
    pub also: Option<&'static str>,
    /// Never printed.
    pub secret: bool,
}

const fn setting(name: &'static str, value: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { name, value, default, help, also: None, secret: false }
}

pub const SETTINGS: &[Setting] = &[
    Setting {
        also: Some("PORT"),
        ..setting(
            "listen",
            "ADDRESS",
            "127.0.0.1:8080",
            "Where to listen. Where a host sets PORT and this is not set: 0.0.0.0:$PORT",
        )
    },
    setting("data", "DIR", "data", "The folder that holds everything: database, lock, admin socket"),
    Setting {
        also: Some("DATABASE_URL"),
        secret: true,
        ..setting("database", "URL", "", "A PostgreSQL URL; empty: SQLite in the data folder")
    },
    setting(
        "files",
        "URL",
        "",
        "Where files lie; empty: in the data folder; s3://bucket/prefix: a store that speaks S3 (AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)",
    ),
    setting(
        "files-origin",
        "ORIGIN",
        "",
        "A second origin of this server, such as https://files.example: what people sent is shown from there",
    ),
    setting("keep-position", "on|off", "off", "on leaves in pictures and films where they were made"),
    setting("clamav", "ADDRESS", "", "A virus scanner that every file is shown to: clamd at host:port or unix:/path"),
    setting(
        "outbound-allow",
        "NETWORKS",
        "",
        "Networks of your own that link previews may reach, comma between; all special ones are refused otherwise",
    ),
    Setting {
        secret: true,
        ..setting("outbound-proxy", "URL", "", "An HTTP proxy for link previews: http://[user:password@]host:port")
    },
    setting("limits", "on|off", "on", "off lifts the rates and socket caps (not the sizes): for tests and load"),
    setting(
        "trusted-proxies",
        "NETWORKS",
        "",
        "Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses or networks, comma between",
    ),
    setting("origins", "ORIGINS", "", "Other web origins that may use the API with a Bearer token, comma between"),
    setting("secure-cookies", "auto|on|off", "auto", "Mark cookies Secure; auto: where the request came by TLS"),
    setting("metrics-listen", "ADDRESS", "", "Serve /metrics on this address too, without a token"),
    Setting {
        secret: true,
        ..setting("metrics-token", "TOKEN", "", "Serve /metrics to who sends this as Bearer token; empty: not at all")
    },
    setting("log", "FILTER", "info", "What to log: error, warn, info, debug, or per part (parlour=debug)"),
    setting("log-format", "text|json", "text", "Lines for people, or JSON"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecureCookies {
    Auto,
    On,
    Off,
}

/// All settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: String,
    pub data: PathBuf,
    pub database: Option<String>,
    /// Where files lie; empty: in the data folder.
    pub files: String,
    pub files_origin: Option<String>,
    /// Leave in pictures where they were made.
    pub keep_position: bool,
    pub clamav: Option<Scanner>,
    pub outbound_allow: Vec<IpNet>,
    pub outbound_proxy: Option<String>,
    /// This program, which also decodes pictures, in processes of their own.
    pub program: PathBuf,
    pub limits: Limits,
    /// `false`: no rates and no socket caps.
    pub rates: bool,
    pub trusted_proxies: Vec<IpNet>,
    pub origins: Vec<String>,
    pub secure_cookies: SecureCookies,
    pub metrics_listen: Option<SocketAddr>,
    pub metrics_token: Option<String>,
    pub log: String,
    pub log_format: LogFormat,
}

impl Config {
    /// The defaults, with this data folder: for tests, which change what they need.
    pub fn in_folder(data: impl Into<PathBuf>) -> Config {
        Config {
            listen: "127.0.0.1:0".to_owned(),
            data: data.into(),
            database: None,
            files: String::new(),
            files_origin: None,
            keep_position: false,
            clamav: None,
            outbound_allow: Vec::new(),
            outbound_proxy: None,
            program: std::env::current_exe().unwrap_or_default(),
            limits: Limits::default(),
            rates: true,
            trusted_proxies: Vec::new(),
            origins: Vec::new(),
            secure_cookies: SecureCookies::Auto,
            metrics_listen: None,
            metrics_token: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
        }
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }

    /// The client for addresses that strangers name.
    ///
    /// # Errors
    /// A text for people, which names the setting.
    pub fn outbound(&self) -> Result<outbound::Client, String> {
        let wrong = |why: &dyn std::fmt::Display| format!("outbound-proxy: {why}");
        let proxy =
            self.outbound_proxy.as_deref().map(outbound::Url::parse).transpose().map_err(|error| wrong(&error))?;
        let options = outbound::Options { allow: self.outbound_allow.clone(), proxy, ..Default::default() };
        outbound::Client::new(options).map_err(|error| wrong(&error))
    }

    pub fn store(&self) -> store::Options {
        store::Options { data: self.data.clone(), database: self.database.clone() }
    }
}
