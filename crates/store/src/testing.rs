//! A real PostgreSQL for tests, behind the feature `testing`: one server for all test processes, a fresh database
//! for each test.
//!
//! The first process that asks starts the server in the temporary folder. Each process holds a shared lock on a
//! file there for as long as it lives; a small shell beside the server stops it when nobody has held the lock
//! for some seconds. So it does not matter whether the tests share a process (`cargo test`) or have one each
//! (`cargo nextest run`), nor how they end.

pub mod cost;
mod server;

pub use server::Server;

use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty database of its own, dropped with this.
pub struct Database {
    name: String,
    admin: String,
    url: String,
}

/// Makes an empty database on the server that all tests share; on the one that `PARLOUR_TEST_POSTGRES` names,
/// where it is set.
///
/// # Panics
/// There is no PostgreSQL on this machine, or it does not start.
pub fn database() -> Database {
    static SHARED: OnceLock<String> = OnceLock::new();
    Database::on(SHARED.get_or_init(|| match std::env::var("PARLOUR_TEST_POSTGRES") {
        Ok(url) => url,
        Err(_) => server::shared(),
    }))
}

impl Database {
    /// Makes an empty database on the server of this URL.
    ///
    /// # Panics
    /// The server does not answer, or this user may not make one.
    pub fn on(admin: &str) -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        psql(admin, &format!("CREATE DATABASE {name}"));
        let (base, options) = admin.split_once('?').map_or((admin, None), |(base, options)| (base, Some(options)));
        let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
        let options = options.map(|options| format!("?{options}")).unwrap_or_default();
        Database { url: format!("{server}/{name}{options}"), admin: admin.to_owned(), name }
    }

    /// What `--database` and `DATABASE_URL` take.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements past the store, and answers what they print: one line for each row, `|` between columns.
    ///
    /// # Panics
    /// A statement fails.
    pub fn run(&self, sql: &str) -> String {
        psql(&self.url, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A server that is gone took the database with it.
        let _ = command(&self.admin, &sql).output();
    }
}

fn psql(url: &str, sql: &str) -> String {
    let out = command(url, sql).output().unwrap_or_else(|error| panic!("psql does not run: {error}"));
    assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim_end().to_owned()
}

fn command(url: &str, sql: &str) -> Command {
    let mut command = Command::new(server::program("psql"));
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]);
    command
}
