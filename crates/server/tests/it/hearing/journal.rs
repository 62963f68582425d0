//! What the server writes into its own log, kept to be searched.

use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::EnvFilter;

#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<u8>>>);

impl Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Keeps what our own code says at its most talkative. Each test has a process of its own, or shares the first.
pub fn keep() -> Journal {
    static JOURNAL: std::sync::OnceLock<Journal> = std::sync::OnceLock::new();
    let made = JOURNAL.get_or_init(|| {
        let journal = Journal::default();
        let writer = journal.clone();
        let filter =
            EnvFilter::new("info,server=trace,store=trace,protocol=trace,outbound=trace,media=trace,blobs=trace");
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone()).with_ansi(false).init();
        journal
    });
    made.clone()
}

impl Journal {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// The lines that hold a word.
    pub fn around(&self, word: &str) -> String {
        self.text().lines().filter(|line| line.contains(word)).take(3).collect::<Vec<_>>().join("\n")
    }
}
