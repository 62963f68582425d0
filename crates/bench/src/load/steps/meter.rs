//! What is counted from one moment to another.

use super::Load;
use crate::load::crowd::Crowd;
use crate::load::spec::Outcome;
use crate::table::Times;
use crate::{Result, proc};
use std::time::{Duration, Instant};

pub struct Meter {
    start: Instant,
    messages: usize,
    pub delivered: u64,
    server: Duration,
    own: Duration,
    rss: u64,
}

impl Meter {
    pub fn begin(load: &mut Load<'_>) -> Result<Meter> {
        load.crowd.lasts.clear();
        load.crowd.acks.clear();
        let pid = load.spec.pid;
        proc::forget_peak(pid)?;
        Ok(Meter {
            rss: proc::rss(pid)?,
            messages: messages(&load.crowd),
            delivered: load.crowd.delivered,
            server: proc::cpu(pid)?,
            own: proc::cpu(std::process::id())?,
            start: Instant::now(),
        })
    }

    pub fn end(self, load: &mut Load<'_>) -> Result<Outcome> {
        let seconds = self.start.elapsed().as_secs_f64();
        let pid = load.spec.pid;
        // Threads that ended meanwhile took what they had used out of the finer sum.
        let used = |now: Duration, before: Duration| now.saturating_sub(before).as_secs_f64();
        let ms = |times: &Times, percent| times.at(percent).as_secs_f64() * 1e3;
        let lasts = Times::from(std::mem::take(&mut load.crowd.lasts));
        let acks = Times::from(std::mem::take(&mut load.crowd.acks));
        Ok(Outcome {
            seconds,
            messages: (messages(&load.crowd) - self.messages) as u64,
            deliveries: load.crowd.delivered - self.delivered,
            server_cpu: used(proc::cpu(pid)?, self.server),
            own_cpu: used(proc::cpu(std::process::id())?, self.own),
            last_p50: ms(&lasts, 50),
            last_p99: ms(&lasts, 99),
            acks: acks.len() as u64,
            ack_p50: ms(&acks, 50),
            ack_p99: ms(&acks, 99),
            rss_before: self.rss,
            rss_after: proc::rss(pid)?,
            rss_peak: proc::peak(pid)?,
            clients: load.crowd.clients.len() as u64,
        })
    }
}

fn messages(crowd: &Crowd) -> usize {
    crowd.rooms.iter().map(|room| room.messages()).sum()
}
