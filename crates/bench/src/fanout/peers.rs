//! The peers: other people's servers, installed by `bin/bench fanout`, set up in `crates/bench/peers/`.

use super::SERVER;
use super::contender::Contender;
use super::start::Setup;
use crate::program::on_core;
use crate::{Result, failed};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// Where Debian puts servers, which is not on everybody's path.
const SBIN: &str = "/usr/sbin";
/// `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

impl Setup {
    /// Why this one cannot be measured here.
    pub fn missing(&self, contender: Contender) -> Option<String> {
        let needed = match contender {
            Contender::Flask | Contender::FlaskSqlite => self.python.clone(),
            Contender::Ws => self.peers.join("node/node_modules/ws"),
            Contender::SocketIo => self.peers.join("node/node_modules/socket.io"),
            Contender::Ngircd | Contender::Inspircd => Path::new(SBIN).join(contender.name()),
            _ => return None,
        };
        (!needed.exists()).then(|| "it is not installed; bin/bench fanout installs it".to_owned())
    }

    /// Starts it on this address, with what it keeps in `folder`.
    ///
    /// # Errors
    /// Its configuration cannot be written.
    pub fn peer(&self, contender: Contender, address: SocketAddr, folder: &Path) -> Result<Command> {
        let port = address.port().to_string();
        let mut command;
        match contender {
            Contender::Flask | Contender::FlaskSqlite => {
                command = on_core(Some(SERVER), &self.python);
                command.arg(self.peers.join("flask/app.py")).arg(port);
                if contender == Contender::FlaskSqlite {
                    command.arg(folder.join("messages.db"));
                }
            }
            Contender::Ws | Contender::SocketIo => {
                let script = if contender == Contender::Ws { "node/ws.js" } else { "node/socket_io.js" };
                command = on_core(Some(SERVER), "node");
                command.arg(self.peers.join(script)).arg(port).env("NODE_ENV", "production");
            }
            Contender::Ngircd => {
                command = on_core(Some(SERVER), Path::new(SBIN).join("ngircd"));
                command.arg("-n").arg("-f").arg(self.configure("irc/ngircd.conf", &port, folder)?);
            }
            Contender::Inspircd => {
                command = on_core(Some(SERVER), Path::new(SBIN).join("inspircd"));
                let config = self.configure("irc/inspircd.conf", &port, folder)?;
                command.args(["--nofork", "--runasroot"]).arg(format!("--config={}", config.display()));
            }
            _ => return Err(format!("{} is no peer", contender.name())),
        }
        Ok(command)
    }

    /// Fills in what differs from run to run.
    fn configure(&self, file: &str, port: &str, folder: &Path) -> Result<std::path::PathBuf> {
        let me = std::fs::metadata("/proc/self").map_err(failed("/proc"))?;
        // ngircd drops root by itself, where there is any.
        let (uid, gid) = if me.uid() == 0 { (NOBODY, NOBODY) } else { (me.uid(), me.gid()) };
        let text = std::fs::read_to_string(self.peers.join(file)).map_err(failed(file))?;
        let text = text.replace("@PORT@", port).replace("@FOLDER@", &folder.display().to_string());
        let text = text.replace("@UID@", &uid.to_string()).replace("@GID@", &gid.to_string());
        let config = folder.join("server.conf");
        std::fs::write(&config, text).map_err(failed("the peer's configuration"))?;
        Ok(config)
    }

    /// What was measured, with its version.
    pub fn version(&self, contender: Contender) -> String {
        let python = "import platform, importlib.metadata as m; print('Python', platform.python_version(), \
                      *(f'· {n} {m.version(n)}' for n in ['Flask-SocketIO', 'gevent', 'gevent-websocket']))";
        let node = |name: &str| {
            let file = self.peers.join(format!("node/node_modules/{name}/package.json"));
            let package = std::fs::read(file).ok().and_then(|text| serde_json::from_slice(&text).ok());
            let package: serde_json::Value = package.unwrap_or_default();
            let node = output(Command::new("node").arg("--version"));
            format!(
                "{name} {} · Node {}",
                package["version"].as_str().unwrap_or("unknown"),
                node.trim_start_matches('v')
            )
        };
        match contender {
            Contender::Parlour => output(Command::new(&self.program.path).arg("--version")),
            Contender::Flask => output(Command::new(&self.python).args(["-c", python])),
            Contender::FlaskSqlite => {
                let sqlite = "import sqlite3; print('SQLite', sqlite3.sqlite_version)";
                output(Command::new(&self.python).args(["-c", sqlite]))
            }
            Contender::Ws => node("ws"),
            Contender::SocketIo => node("socket.io"),
            Contender::Ngircd | Contender::Inspircd => {
                let version = "${Package} ${Version}";
                output(Command::new("dpkg-query").args(["--show", "--showformat", version, contender.name()]))
            }
            Contender::F1 | Contender::F1c | Contender::F4 => "in crates/bench".to_owned(),
            Contender::F3 => format!("in crates/bench, SQLite {}", rusqlite::version()),
            Contender::F2 => "in crates/bench, with the axum of Cargo.lock".to_owned(),
        }
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    output.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
