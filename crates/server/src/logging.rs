//! What the program says while it runs: lines for people, or JSON.

use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; standard output belongs to what a command prints.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    // At finer levels these print the parameters of statements: what people wrote.
    let quiet = ["tokio_postgres=info", "deadpool=info", "deadpool_postgres=info"];
    let filter = quiet.iter().filter_map(|directive| directive.parse().ok()).fold(filter, EnvFilter::add_directive);
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A line that cannot be written (a full disk, a pipe that nobody reads any more) is lost, and nothing else: to complain about
    // it would panic in whatever had something to say.
    let lines = lines.with_target(false).with_ansi(colours).log_internal_errors(false);
    // A second start (tests) keeps the first.
    let _ = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
    };
}
