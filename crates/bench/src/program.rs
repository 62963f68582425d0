//! The program that is measured: started on a folder and a port of its own, ended with the handle.

use crate::http::Http;
use crate::{Result, failed};
use std::ffi::OsStr;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A start that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the program lies.
#[derive(Clone)]
pub struct Program {
    pub path: PathBuf,
    /// It runs on this core alone.
    pub core: Option<usize>,
}

pub struct Running {
    child: std::process::Child,
    pub address: SocketAddr,
    /// From the start to the first answered request.
    pub took: Duration,
}

/// Somebody whom `users add` made.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    pub token: String,
}

impl Program {
    fn command(&self, data: &Path) -> Command {
        let mut command = on_core(self.core, &self.path);
        command.env_clear().env("PARLOUR_DATA", data).env("PARLOUR_LIMITS", "off").env("PARLOUR_LOG", "error");
        command.stdin(Stdio::null());
        command
    }

    /// Runs another command of the program to its end and answers what it prints.
    ///
    /// # Errors
    /// It failed.
    pub fn run(&self, data: &Path, arguments: &[&str]) -> Result<String> {
        let output = self.command(data).args(arguments).output().map_err(failed("the program does not start"))?;
        if !output.status.success() {
            return Err(format!("parlour {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Makes people and, where it is missing, an open room that all of them join.
    ///
    /// # Errors
    /// It failed.
    pub fn people(&self, data: &Path, prefix: &str, many: usize, room: &str) -> Result<Vec<Person>> {
        let file = data.with_extension("csv");
        let lines: Vec<String> = (0..many).map(|n| format!("{prefix}{n},{prefix} {n}")).collect();
        std::fs::write(&file, lines.join("\n")).map_err(failed("the list of people"))?;
        let from = file.display().to_string();
        let printed = self.run(data, &["users", "add", "--from", &from, "--tokens", "--room", room])?;
        let person = |line: &str| {
            let mut fields = line.split(',').skip(1);
            Some(Person { id: fields.next()?.parse().ok()?, token: fields.next()?.to_owned() })
        };
        let people: Vec<Person> = printed.lines().filter_map(person).collect();
        if people.len() == many { Ok(people) } else { Err(format!("{} people of {many} were made", people.len())) }
    }

    /// Starts the server and waits for its first answer.
    ///
    /// # Errors
    /// It does not start.
    pub async fn serve(&self, data: &Path) -> Result<Running> {
        self.serve_with(data, &[]).await
    }

    /// The same with more settings, as variables.
    ///
    /// # Errors
    /// It does not start.
    pub async fn serve_with(&self, data: &Path, settings: &[(&str, &str)]) -> Result<Running> {
        let address = free_address()?;
        let start = Instant::now();
        let child = self
            .command(data)
            .args(["serve", "--listen", &address.to_string()])
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .map_err(failed("the program does not start"))?;
        let mut running = Running { child, address, took: Duration::ZERO };
        while start.elapsed() < PATIENCE {
            if let Ok(mut http) = Http::open(address, "").await
                && let Ok((200, _)) = http.raw("GET", "/api/v1/server", None).await
            {
                running.took = start.elapsed();
                return Ok(running);
            }
            if let Ok(Some(status)) = running.child.try_wait() {
                return Err(format!("the server ended at once: {status}"));
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        Err("the server does not answer".to_owned())
    }
}

/// An address that nobody listens on.
///
/// # Errors
/// There is none.
pub fn free_address() -> Result<SocketAddr> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.map_err(failed("no free port"))
}

/// A command that runs on one core alone, where one is named.
pub fn on_core(core: Option<usize>, program: impl AsRef<OsStr>) -> Command {
    let Some(core) = core else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, in KiB.
    ///
    /// # Errors
    /// There is no /proc.
    pub fn rss(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// The most that [`Running::rss`] ever was since [`Running::forget_peak`], in KiB: the kernel misses nothing
    /// between two looks.
    ///
    /// # Errors
    /// There is no /proc.
    pub fn peak(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    /// # Errors
    /// There is no /proc, or the kernel has no `clear_refs`.
    pub fn forget_peak(&self) -> Result<()> {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(&path, "5").map_err(failed(&path))
    }

    fn status(&self, name: &str) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).ok_or_else(|| format!("{path}: no {name}"))
    }

    /// How many files the server may hold open.
    pub fn files(&self) -> u64 {
        files_of(&format!("/proc/{}/limits", self.child.id()))
    }
}

/// How many files the process of this `limits` file may hold open.
pub fn files_of(path: &str) -> u64 {
    let limits = std::fs::read_to_string(path).unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1024)
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing is kept of the folder: it need not end with grace.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
