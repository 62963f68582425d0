//! The peers: other people's servers, installed by `bin/bench fanout`, set up in `crates/bench/peers/`.

use super::SERVER;
use super::contender::Contender;
use super::start::Setup;
use crate::program::on_core;
use crate::{Result, failed};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts servers, which is not on everybody's path.
const SBIN: &str = "/usr/sbin";
const PROSODY: &str = "/usr/bin/prosody";
const ERLANG: &str = "/usr/lib/erlang/lib";
/// `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

impl Setup {
    /// Why this one cannot be measured here.
    pub fn missing(&self, contender: Contender) -> Option<String> {
        let there = match contender {
            Contender::Flask | Contender::FlaskSqlite => self.python.exists(),
            Contender::Ws => self.peers.join("node/node_modules/ws").exists(),
            Contender::SocketIo => self.peers.join("node/node_modules/socket.io").exists(),
            Contender::Ngircd | Contender::Inspircd => Path::new(SBIN).join(contender.name()).exists(),
            Contender::Prosody => Path::new(PROSODY).exists(),
            // Without the driver it runs, and keeps nothing.
            Contender::Ejabberd => ejabberd().is_some() && versioned(Path::new(ERLANG), "p1_sqlite3-").is_some(),
            Contender::Synapse => self.synapse.exists(),
            _ => true,
        };
        (!there).then(|| "it is not installed; bin/bench fanout installs it".to_owned())
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
            Contender::Prosody => {
                command = on_core(Some(SERVER), PROSODY);
                command.arg("-F").arg("--config").arg(self.configure("xmpp/prosody.cfg.lua", &port, folder)?);
            }
            Contender::Ejabberd => {
                // As `ejabberdctl foreground` does it, which insists on a user of its own; and without a name for the
                // node, which would leave a daemon behind that knows it.
                command = on_core(Some(SERVER), "erl");
                command.arg("-noinput").arg("-mnesia").arg("dir").arg(format!("{:?}", folder.join("database")));
                let modules = ejabberd().ok_or("its modules are not there")?;
                command.args(["-s", "ejabberd"]).env("ERL_LIBS", modules.parent().unwrap_or(&modules));
                command.env("EJABBERD_CONFIG_PATH", self.configure("xmpp/ejabberd.yml", &port, folder)?);
                command.env("EJABBERD_LOG_PATH", folder.join("ejabberd.log")).env("HOME", folder).current_dir(folder);
            }
            Contender::Synapse => {
                let config = self.configure("synapse/homeserver.yaml", &port, folder)?;
                command = on_core(Some(SERVER), &self.synapse);
                command.args(["-m", "synapse.app.homeserver", "--config-path"]).arg(&config).current_dir(folder);
                // It does not start without a key to sign by, and makes it in a run for that.
                let mut key = Command::new(&self.synapse);
                key.args(["-m", "synapse.app.homeserver", "--generate-keys", "--config-path"]).arg(&config);
                key.output().map_err(failed("Synapse's key"))?;
            }
            _ => return Err(format!("{} is no peer", contender.name())),
        }
        Ok(command)
    }

    /// Fills in what differs from run to run.
    fn configure(&self, file: &str, port: &str, folder: &Path) -> Result<PathBuf> {
        let me = std::fs::metadata("/proc/self").map_err(failed("/proc"))?;
        // ngircd drops root by itself, where there is any.
        let (uid, gid) = if me.uid() == 0 { (NOBODY, NOBODY) } else { (me.uid(), me.gid()) };
        let text = std::fs::read_to_string(self.peers.join(file)).map_err(failed(file))?;
        let text = text.replace("@PORT@", port).replace("@FOLDER@", &folder.display().to_string());
        let text = text.replace("@UID@", &uid.to_string()).replace("@GID@", &gid.to_string());
        // Some know by its end how it is written.
        let config = folder.join(Path::new(file).file_name().unwrap_or_default());
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
            Contender::Synapse => {
                let version = "import platform, importlib.metadata as m; \
                               print('Python', platform.python_version(), '· Synapse', m.version('matrix-synapse'))";
                output(Command::new(&self.synapse).args(["-c", version]))
            }
            Contender::Ngircd | Contender::Inspircd | Contender::Prosody | Contender::Ejabberd => {
                let version = "${Package} ${Version}";
                output(Command::new("dpkg-query").args(["--show", "--showformat", version, contender.name()]))
            }
            Contender::F1 | Contender::F1c | Contender::F1h | Contender::F4 => "in crates/bench".to_owned(),
            Contender::F3 | Contender::F3g => format!("in crates/bench, SQLite {}", rusqlite::version()),
            Contender::F2 => "in crates/bench, with the axum of Cargo.lock".to_owned(),
        }
    }
}

/// ejabberd's folder, in the one that holds what it needs: that one is called after the processor.
fn ejabberd() -> Option<PathBuf> {
    list(Path::new("/usr/lib")).find_map(|folder| versioned(&folder, "ejabberd-"))
}

/// What is called so and then by its version, in this folder.
fn versioned(folder: &Path, name: &str) -> Option<PathBuf> {
    list(folder).find(|path| path.file_name().is_some_and(|found| found.to_string_lossy().starts_with(name)))
}

fn list(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn output(command: &mut Command) -> String {
    let output = command.output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    output.ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
