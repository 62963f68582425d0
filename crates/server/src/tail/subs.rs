//! Who follows a room on this node.

use super::conn::Conn;
use protocol::Seq;
use std::collections::BTreeMap;
use std::sync::Arc;

pub struct Sub {
    pub conn: Arc<Conn>,
    /// It has everything up to here.
    pub from: Seq,
}

/// Everybody who follows, side by side in memory and in the order in which they connected.
#[derive(Clone)]
pub struct Crowd {
    pub conns: Arc<[Arc<Conn>]>,
    /// All of them have everything up to here, or less.
    pub from: Seq,
}

#[derive(Default)]
pub struct Subs {
    /// In the order in which they connected. So their memory lies, ours and most of all the kernel's, and so it is gone through:
    /// in any other order a sixth of each delivery is spent waiting for it.
    by_conn: BTreeMap<u64, Sub>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tail::Sink;
    use protocol::UserId;
    use protocol::ids::SessionId;
    use std::io::{self, IoSlice};

    struct Nowhere;
    impl Sink for Nowhere {
        fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }
        fn try_write(&self, _: &[IoSlice<'_>]) -> io::Result<usize> {
            Ok(0)
        }
    }

    fn sub(id: u64) -> Sub {
        Sub { conn: Arc::new(Conn::new(id, UserId(1), SessionId(1), 1, Arc::new(Nowhere))), from: Seq(1) }
    }
    fn ids(subs: &mut Subs) -> Vec<u64> {
        subs.crowd().conns.iter().map(|conn| conn.id).collect()
    }

    #[test]
    fn a_crowd_is_gone_through_in_the_order_in_which_it_connected() {
        let mut subs = Subs::default();
        // As they come to the room, which need not be as they connected.
        for id in (1..=50).rev().chain(51..=100) {
            subs.insert(sub(id));
        }
        assert_eq!(ids(&mut subs), (1..=100).collect::<Vec<_>>());
        subs.remove(7);
        subs.insert(sub(101));
        assert_eq!(ids(&mut subs), (1..=101).filter(|id| *id != 7).collect::<Vec<_>>());
    }
}
