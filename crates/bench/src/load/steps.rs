//! What the generator does with its crowd, step by step, and what each step came to.

mod meter;

use super::crowd::Crowd;
use super::kept;
use super::spec::{Outcome, Report, Spec, Step};
use crate::{Result, proc};
use meter::Meter;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Who hears nothing for so long waits for what is lost.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 3 } else { 15 });
/// A turn of the poll, at most.
const TURN: Duration = Duration::from_millis(100);
/// What one looks at is as it is after this, not at the first moment.
pub(super) const WARM: f64 = 0.5;
/// Goal 5b: as many messages a second as are with everybody within this, 99 of 100.
const SOON: f64 = 100.0;
/// Nobody is asked to hold more than this many messages that are on their way: Parlour refuses what is beyond some more.
const QUEUED: f64 = 3_000.0;
/// It is found as finely as this.
const FINE: f64 = 1.1;

/// # Errors
/// The server is gone.
pub fn run(spec: &Spec) -> Result<Report> {
    let mut load = Load { spec, crowd: Crowd::new(spec)? };
    let mut report = Report { one_order: true, ..Report::default() };
    for step in &spec.steps {
        report.outcomes.push(load.step(*step)?);
        if load.crowd.broken.is_some() {
            break;
        }
    }
    load.end(&mut report);
    Ok(report)
}

struct Load<'a> {
    spec: &'a Spec,
    crowd: Crowd,
}

impl Load<'_> {
    fn step(&mut self, step: Step) -> Result<Outcome> {
        match step {
            Step::Connect { rest } => self.connect(rest),
            Step::Saturate { seconds, outstanding, probe } => self.saturate(seconds, outstanding, probe),
            Step::Posts { seconds } => {
                self.crowd.rooms.iter_mut().for_each(|room| room.by_ack = true);
                let outcome = self.saturate(seconds, 1, false);
                self.crowd.rooms.iter_mut().for_each(|room| room.by_ack = room.probe);
                outcome
            }
            Step::Pace { seconds, rate } => self.pace(seconds, rate, Duration::MAX),
            Step::Highest { seconds, from } => self.highest(seconds, from),
            Step::Reconnect { behind } => self.reconnect(behind),
            Step::Stall { part } => {
                let room = &self.crowd.rooms[0];
                let many = (room.clients.len() as f64 * part) as usize;
                let last = room.clients.end;
                (last - many..last).for_each(|client| self.crowd.stall(client));
                Ok(Outcome { clients: many as u64, ..Outcome::default() })
            }
        }
    }

    fn connect(&mut self, rest: f64) -> Result<Outcome> {
        let meter = Meter::begin(self)?;
        self.crowd.connect(0..self.crowd.clients.len());
        self.wait(|crowd| !crowd.is_opening())?;
        let mut outcome = meter.end(self)?;
        self.idle(rest)?;
        outcome.rss_after = proc::rss(self.spec.pid)?;
        Ok(outcome)
    }

    fn saturate(&mut self, seconds: f64, outstanding: usize, probe: bool) -> Result<Outcome> {
        self.crowd.freed = (0..self.crowd.rooms.len()).filter(|room| probe || !self.crowd.rooms[*room].probe).collect();
        let probes = self.crowd.rooms.iter().filter(|room| probe && room.probe);
        self.crowd.probes = probes.flat_map(|room| room.clients.clone()).collect();
        let warm = Instant::now() + Duration::from_secs_f64(WARM.min(seconds / 4.0));
        self.refill_until(warm, outstanding)?;
        let meter = Meter::begin(self)?;
        self.refill_until(Instant::now() + Duration::from_secs_f64(seconds), outstanding)?;
        // prosody reads all that waits before it says a word of it: who is such is measured until it is said.
        if self.crowd.delivered == meter.delivered {
            self.drain()?;
        }
        let outcome = meter.end(self)?;
        self.crowd.probes.clear();
        self.drain()?;
        Ok(outcome)
    }

    fn refill_until(&mut self, end: Instant, outstanding: usize) -> Result<()> {
        let (mut heard, mut last) = (self.crowd.delivered, Instant::now());
        loop {
            let now = Instant::now();
            while let Some(room) = self.crowd.freed.pop() {
                let limit = if self.crowd.rooms[room].probe { 1 } else { outstanding };
                while self.crowd.rooms[room].outstanding < limit {
                    self.crowd.send(room, now);
                }
            }
            self.crowd.flush();
            if self.crowd.delivered != heard {
                (heard, last) = (self.crowd.delivered, now);
            }
            // Something is lost: what stands still is not measured to its end.
            if now >= end || self.crowd.broken.is_some() || now - last > PATIENCE {
                return Ok(());
            }
            self.crowd.turn((end - now).min(TURN))?;
        }
    }

    /// Breaks off once the messages that are on their way are more than `patience` of sending.
    fn pace(&mut self, seconds: f64, rate: f64, patience: Duration) -> Result<Outcome> {
        let rooms = self.crowd.rooms.iter().filter(|room| !room.probe).count();
        let many = (seconds * rate).ceil() as usize;
        let too_many = (rate * patience.as_secs_f64()).min(QUEUED);
        let meter = Meter::begin(self)?;
        let start = Instant::now();
        let mut sent = 0;
        while sent < many && self.crowd.broken.is_none() {
            let due = start + Duration::from_secs_f64(sent as f64 / rate);
            let now = Instant::now();
            if due <= now {
                // Where we are late ourselves, the message is none the younger for it.
                let at = if now - due > Duration::from_millis(2) { due } else { now };
                self.crowd.send(sent % rooms, at);
                sent += 1;
                continue;
            }
            self.crowd.flush();
            if self.crowd.rooms.iter().map(|room| room.outstanding).sum::<usize>() as f64 > too_many {
                break;
            }
            self.crowd.turn(due - now)?;
        }
        self.crowd.flush();
        self.drain()?;
        meter.end(self)
    }

    /// Doubles the rate until it is too high, then comes nearer from both sides.
    fn highest(&mut self, seconds: f64, from: f64) -> Result<Outcome> {
        let (mut best, mut good, mut bad) = (None, 0.0, f64::INFINITY);
        let mut rate = from;
        while bad / good > FINE && rate > 1.0 && self.crowd.broken.is_none() {
            match self.kept_up(seconds, rate)? {
                Some(outcome) => (best, good) = (Some(outcome), rate),
                None => bad = rate,
            }
            rate = match (good, bad) {
                (0.0, _) => bad / 2.0,
                (_, f64::INFINITY) => good * 2.0,
                _ => (good * bad).sqrt(),
            };
        }
        Ok(best.unwrap_or_default())
    }

    /// What such a rate comes to, if everybody has it soon. A second try: the machine may have been busy.
    fn kept_up(&mut self, seconds: f64, rate: f64) -> Result<Option<Outcome>> {
        for _ in 0..2 {
            let outcome = self.pace(seconds, rate, Duration::from_millis(500))?;
            if outcome.last_p99 < SOON && outcome.messages as f64 >= 0.9 * rate * seconds {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    fn reconnect(&mut self, behind: usize) -> Result<Outcome> {
        let room = &self.crowd.rooms[0];
        let away = room.clients.start + room.writers..room.clients.end;
        away.clone().for_each(|client| self.crowd.disconnect(client));
        // The server has to see that they are gone.
        self.idle(1.0)?;
        let kept = self.crowd.rooms[0].kept.len();
        (0..behind).for_each(|_| self.crowd.send(0, Instant::now()));
        self.crowd.flush();
        self.wait(|crowd| crowd.rooms[0].kept.len() >= kept + behind)?;
        let meter = Meter::begin(self)?;
        self.crowd.connect(away);
        self.wait(|crowd| !crowd.is_opening() && crowd.rooms[0].outstanding == 0)?;
        meter.end(self)
    }

    fn idle(&mut self, seconds: f64) -> Result<()> {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        while Instant::now() < end {
            self.crowd.turn(TURN)?;
        }
        Ok(())
    }

    fn drain(&mut self) -> Result<()> {
        self.wait(|crowd| crowd.rooms.iter().all(|room| room.outstanding == 0))
    }

    /// Until it is so; not longer than something still comes.
    fn wait(&mut self, so: impl Fn(&Crowd) -> bool) -> Result<()> {
        let state = |crowd: &Crowd| (crowd.delivered, crowd.entered);
        let (mut seen, mut last) = (state(&self.crowd), Instant::now());
        while !so(&self.crowd) && self.crowd.broken.is_none() {
            self.crowd.turn(TURN)?;
            let now = state(&self.crowd);
            if now != seen {
                (seen, last) = (now, Instant::now());
            } else if last.elapsed() > PATIENCE {
                self.crowd.broken = Some(format!("nothing came for {} s", PATIENCE.as_secs()));
            }
        }
        Ok(())
    }

    /// Holds what everybody was given against what was sent, and reads again what was acknowledged.
    fn end(self, report: &mut Report) {
        let Load { spec, crowd } = self;
        report.broken = crowd.broken;
        report.checked = crowd.delivered;
        for (number, room) in crowd.rooms.iter().enumerate() {
            let mut orders: HashMap<u64, usize> = HashMap::new();
            for client in room.clients.clone() {
                let found = &crowd.clients[client];
                if found.stalled {
                    report.wrong.add(found.tally.wrong);
                    continue;
                }
                report.wrong.add(found.tally.end(room.due(client)));
                // Whoever does not hear its own words has another order of its own.
                if spec.dialect.echoes() || client >= room.clients.start + room.writers {
                    *orders.entry(found.tally.order).or_default() += 1;
                }
            }
            report.one_order &= orders.len() <= 1;
            match kept::read_again(spec, number, room) {
                Ok((kept, unkept)) => {
                    report.kept += kept;
                    report.wrong.unkept += unkept;
                }
                Err(error) => _ = report.broken.get_or_insert(error),
            }
        }
    }
}
