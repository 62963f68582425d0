//! A real `clamd` for tests, behind the feature `testing`: it knows one virus, and takes a MiB.

// A test stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use crate::scan::Scanner;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A text that every scanner takes for a virus, by agreement. In two halves, so that this file is not one.
pub fn eicar() -> String {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// The daemon, in a folder of its own, until it is dropped.
pub struct Clamd {
    child: Child,
    pub folder: TempDir,
}

impl Clamd {
    /// Starts it and waits until it answers.
    pub async fn start() -> Clamd {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let hex: String = eicar().bytes().map(|byte| format!("{byte:02x}")).collect();
        std::fs::create_dir(path.join("signatures")).unwrap();
        std::fs::write(path.join("signatures/test.ndb"), format!("Eicar-Test:0:*:{hex}\n")).unwrap();
        let conf = format!(
            "Foreground yes\nLocalSocket {0}/clamd.sock\nDatabaseDirectory {0}/signatures\nTemporaryDirectory {0}\n\
             LogFile {0}/clamd.log\nStreamMaxLength 1M\nMaxThreads 2\n",
            path.display()
        );
        std::fs::write(path.join("clamd.conf"), conf).unwrap();
        let program = ["/usr/sbin/clamd", "/usr/local/sbin/clamd", "/usr/bin/clamd"];
        let program = program.iter().find(|program| Path::new(program).exists());
        let program = program.expect("clamd is not installed: on Debian, apt-get install clamav-daemon");
        let mut command = Command::new(program);
        command.arg("--config-file").arg(path.join("clamd.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        let mut clamd = Clamd { child: command.spawn().unwrap(), folder };
        for _ in 0..600 {
            if clamd.scanner().ping().await.is_ok() {
                return clamd;
            }
            let ended = clamd.child.try_wait().unwrap();
            assert!(ended.is_none(), "clamd ended, {ended:?}: {}", clamd.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("clamd does not answer: {}", clamd.log());
    }

    pub fn scanner(&self) -> Scanner {
        Scanner::parse(&format!("unix:{}/clamd.sock", self.folder.path().display())).unwrap()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("clamd.log")).unwrap_or_default()
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
