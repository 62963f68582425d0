//! Starting and stopping the PostgreSQL that [`super::database`] gives out databases of.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Stops the server that nobody uses. Held for a moment by a process that starts one.
const WATCH: &str = r#"lock=$1; shift
(while sleep 5; do flock -n -E 75 "$lock" "$@"; test $? -eq 75 || exit; done) &"#;

/// Stops a server when the process that holds the other end of the input is gone.
const OUTLIVE: &str = r#"data=$1; shift; cat; "$@"; rm -rf "$data""#;

/// A server that no other test uses: it can be stopped and started again. It ends with this process.
pub struct Server {
    data: PathBuf,
    port: u16,
    watch: Option<Child>,
}

impl Server {
    /// Starts one.
    ///
    /// # Panics
    /// There is no PostgreSQL on this machine, or it does not start.
    pub fn start() -> Server {
        let data = fresh(&format!("data-{}", std::process::id()));
        let mut watch = Command::new("sh");
        watch.args(["-c", OUTLIVE, "sh"]).arg(&data).args(words(&stop(&data)));
        let watch = quiet(&mut watch).stdin(Stdio::piped()).process_group(0).spawn().expect("sh runs");
        Server { port: run(&data, None), data, watch: Some(watch) }
    }

    /// A URL with which databases can be made on it.
    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Ends it as a crash would, and every connection with it.
    pub fn stop(&self) {
        done(&mut stop(&self.data));
    }

    /// Starts it again, on the same port.
    pub fn start_again(&self) {
        run(&self.data, Some(self.port));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut watch) = self.watch.take() {
            drop(watch.stdin.take());
            let _ = watch.wait();
        }
    }
}

/// The URL of the server that all test processes share, started where it does not run.
pub(super) fn shared() -> String {
    // Closed by the end of the process, and not before.
    static USING: OnceLock<File> = OnceLock::new();
    USING.get_or_init(using);
    let starting = File::create(folder().join("starting")).expect("the temporary folder takes files");
    starting.lock().expect("the file can be locked");
    let data = folder().join("data");
    let runs = quiet(&mut as_postgres("pg_ctl")).arg("status").arg("-D").arg(&data).status();
    if runs.is_ok_and(|status| status.success()) {
        let file = fs::read_to_string(data.join("postmaster.pid")).expect("a running server has a postmaster.pid");
        return url(file.lines().nth(3).and_then(|port| port.parse().ok()).expect("with its port in the fourth line"));
    }
    let port = run(&fresh("data"), None);
    let mut watch = Command::new("sh");
    watch.args(["-c", WATCH, "sh"]).arg(folder().join("in-use")).args(words(&stop(&data)));
    done(watch.process_group(0));
    url(port)
}

fn using() -> File {
    let file = File::create(folder().join("in-use")).expect("the temporary folder takes files");
    file.lock_shared().expect("the file can be locked");
    file
}

fn url(port: u16) -> String {
    format!("postgresql://postgres@127.0.0.1:{port}/postgres")
}

/// An empty data folder, copied from one that `initdb` made once.
fn fresh(name: &str) -> PathBuf {
    let template = folder().join("template");
    let lock = File::create(folder().join("copying")).expect("the temporary folder takes files");
    lock.lock().expect("the file can be locked");
    if !template.join("PG_VERSION").exists() {
        let _ = fs::remove_dir_all(&template);
        let mut init = as_postgres("initdb");
        init.arg("-D").arg(&template).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        // An order of letters that is not that of their bytes, as servers mostly have it.
        done(init.args(["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]));
    }
    let data = folder().join(name);
    let _ = fs::remove_dir_all(&data);
    done(as_user("cp").arg("-a").arg(&template).arg(&data));
    data
}

fn run(data: &Path, port: Option<u16>) -> u16 {
    // Another program may take a free port before the server does.
    for _ in 0..5 {
        let port = port.unwrap_or_else(|| {
            let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
            free.expect("there is a free port").port()
        });
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=32MB"
        );
        let mut start = as_postgres("pg_ctl");
        start.args(["start", "-w", "-D"]).arg(data).arg("-l").arg(data.join("log")).args(["-o", &options]);
        if quiet(&mut start).process_group(0).status().is_ok_and(|status| status.success()) {
            return port;
        }
    }
    panic!("PostgreSQL does not start: {}", fs::read_to_string(data.join("log")).unwrap_or_default());
}

fn stop(data: &Path) -> Command {
    let mut stop = as_postgres("pg_ctl");
    stop.args(["stop", "-m", "immediate", "-D"]).arg(data);
    stop
}

/// Where the servers of this user and version lie.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let version = text(Command::new(program("postgres")).arg("--version"));
        let version: String = version.chars().filter(char::is_ascii_digit).collect();
        let folder = std::env::temp_dir().join(format!("parlour-postgres-{}-{version}", me()));
        fs::create_dir_all(&folder).expect("the temporary folder takes folders");
        if me() == "0" {
            let owner = text(Command::new("id").args(["-u", "postgres"])).parse().ok();
            std::os::unix::fs::chown(&folder, owner, None).expect("root may give a folder away");
        }
        folder
    })
}

fn me() -> &'static str {
    static ME: OnceLock<String> = OnceLock::new();
    ME.get_or_init(|| text(Command::new("id").arg("-u")))
}

/// PostgreSQL refuses to run as root.
fn as_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if me() != "0" {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir(folder());
    command
}

fn as_postgres(name: &str) -> Command {
    as_user(program(name))
}

/// Debian keeps the programs of each version apart, and out of the path.
pub(super) fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path()).max_by_key(|path| {
        path.file_name().and_then(|version| version.to_str()).and_then(|version| version.parse::<u32>().ok())
    });
    newest.map(|path| path.join("bin").join(name)).filter(|path| path.exists()).unwrap_or_else(|| name.into())
}

fn words(command: &Command) -> Vec<std::ffi::OsString> {
    std::iter::once(command.get_program()).chain(command.get_args()).map(Into::into).collect()
}

fn text(command: &mut Command) -> String {
    let out = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; is PostgreSQL installed?"));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn done(command: &mut Command) {
    let status = quiet(command).status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
