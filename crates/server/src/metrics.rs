//! Numbers about the running server, in the text form that Prometheus reads. Nothing here names a person, a
//! room or a word.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

#[derive(Default)]
pub struct Metrics {
    /// Answered requests by the first digit of their status.
    requests: [AtomicU64; 6],
    pub connections: AtomicI64,
    pub logins: AtomicU64,
    pub login_failures: AtomicU64,
}

impl Metrics {
    pub fn answered(&self, status: u16) {
        if let Some(count) = self.requests.get(usize::from(status / 100)) {
            count.fetch_add(1, Relaxed);
        }
    }

    pub fn text(&self, sockets: usize) -> String {
        let mut out = String::new();
        let mut head = |name: &str, kind: &str, help: &str| {
            let _ = write!(out, "# HELP parlour_{name} {help}\n# TYPE parlour_{name} {kind}\n");
        };
        head("requests_total", "counter", "HTTP requests answered, by class of status.");
        for (class, count) in self.requests.iter().enumerate().skip(1) {
            let _ = writeln!(out, "parlour_requests_total{{status=\"{class}xx\"}} {}", count.load(Relaxed));
        }
        let mut one = |name: &str, kind: &str, help: &str, value: i64| {
            let _ = write!(out, "# HELP parlour_{name} {help}\n# TYPE parlour_{name} {kind}\nparlour_{name} {value}\n");
        };
        one("connections", "gauge", "Open TCP connections.", self.connections.load(Relaxed));
        one("sockets", "gauge", "Open WebSockets.", i64::try_from(sockets).unwrap_or(i64::MAX));
        one("logins_total", "counter", "Successful logins.", count(&self.logins));
        one("login_failures_total", "counter", "Failed logins.", count(&self.login_failures));
        one("resident_bytes", "gauge", "Memory of the process in RAM.", resident_bytes());
        out
    }
}

fn count(counter: &AtomicU64) -> i64 {
    i64::try_from(counter.load(Relaxed)).unwrap_or(i64::MAX)
}

/// From `/proc`; 0 where there is none.
fn resident_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<i64>().ok());
    kib.unwrap_or(0) * 1024
}
