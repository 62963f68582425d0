//! Who follows a room on this node.

use super::conn::Conn;
use protocol::Seq;
use std::collections::HashMap;
use std::sync::Arc;

pub struct Sub {
    pub conn: Arc<Conn>,
    /// It has everything up to here.
    pub from: Seq,
}

/// Everybody who follows, side by side in memory.
#[derive(Clone)]
pub struct Crowd {
    pub conns: Arc<[Arc<Conn>]>,
    /// All of them have everything up to here, or less.
    pub from: Seq,
}

#[derive(Default)]
pub struct Subs {
    by_conn: HashMap<u64, Sub>,
    /// Made when an event goes through, and good until somebody comes or goes: to count a reference up and down for each at
    /// every event would cost more than to find them.
    crowd: Option<Crowd>,
}

impl Subs {
    pub fn insert(&mut self, sub: Sub) {
        self.crowd = None;
        self.by_conn.insert(sub.conn.id, sub);
    }

    pub fn remove(&mut self, conn: u64) {
        if self.by_conn.remove(&conn).is_some() {
            self.crowd = None;
        }
    }

    /// Keeps those for whom `keeps` answers true.
    pub fn retain(&mut self, mut keeps: impl FnMut(&Sub) -> bool) {
        self.crowd = None;
        self.by_conn.retain(|_, sub| keeps(sub));
    }

    pub fn get(&self, conn: u64) -> Option<&Sub> {
        self.by_conn.get(&conn)
    }

    pub fn contains(&self, conn: u64) -> bool {
        self.by_conn.contains_key(&conn)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Sub> {
        self.by_conn.values()
    }

    pub fn is_empty(&self) -> bool {
        self.by_conn.is_empty()
    }

    pub fn crowd(&mut self) -> Crowd {
        let by_conn = &self.by_conn;
        let crowd = self.crowd.get_or_insert_with(|| Crowd {
            conns: by_conn.values().map(|sub| Arc::clone(&sub.conn)).collect(),
            from: by_conn.values().map(|sub| sub.from).max().unwrap_or_default(),
        });
        crowd.clone()
    }
}
