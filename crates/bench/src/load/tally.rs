//! What one receiver was given: each message exactly once, each writer's in the order in which they were sent.

use std::collections::BTreeSet;

/// What went wrong, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wrong {
    /// Never came.
    pub lost: u64,
    /// Came again.
    pub doubled: u64,
    /// Came after a later one of the same writer.
    pub late: u64,
    /// No message of this run, or of another room, or with another text; or a seq that does not follow the last.
    pub strange: u64,
    /// Acknowledged, and not found in the history as it was acknowledged.
    pub unkept: u64,
}

impl Wrong {
    pub fn add(&mut self, other: Wrong) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.late += other.late;
        self.strange += other.strange;
        self.unkept += other.unkept;
    }

    pub fn any(&self) -> bool {
        *self != Wrong::default()
    }
}

#[derive(Debug, Default)]
pub struct Tally {
    /// For each writer: the number that should come next.
    next: Vec<usize>,
    /// Those that were passed over, and may still come.
    missing: BTreeSet<(usize, usize)>,
    /// The newest seq, where the server has seqs; 0 before the first.
    pub seq: u64,
    /// Of all that came, in the order in which it came: receivers of one room are compared by it.
    pub order: u64,
    pub wrong: Wrong,
}

impl Tally {
    /// `n` of `writer` came. Answers whether it came for the first time.
    pub fn heard(&mut self, writer: usize, n: usize) -> bool {
        self.order = (self.order ^ ((writer as u64) << 32 | n as u64)).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
        if self.next.len() <= writer {
            self.next.resize(writer + 1, 0);
        }
        let next = &mut self.next[writer];
        if n == *next {
            *next += 1;
            return true;
        }
        if n > *next {
            self.missing.extend((*next..n).map(|n| (writer, n)));
            *next = n + 1;
            return true;
        }
        let first = self.missing.remove(&(writer, n));
        if first {
            self.wrong.late += 1
        } else {
            self.wrong.doubled += 1
        }
        first
    }

    /// The server numbers what it gives: the next must be one more.
    pub fn numbered(&mut self, seq: u64) {
        if self.seq != 0 && seq != self.seq + 1 {
            self.wrong.strange += 1;
        }
        self.seq = seq;
    }

    /// At the end. `sent` is how many each writer sent that this receiver should have.
    pub fn end(&self, sent: impl Iterator<Item = usize>) -> Wrong {
        let mut wrong = self.wrong;
        for (writer, sent) in sent.enumerate() {
            let next = self.next.get(writer).copied().unwrap_or(0);
            wrong.lost += sent.saturating_sub(next) as u64;
            wrong.strange += next.saturating_sub(sent) as u64;
        }
        wrong.lost += self.missing.len() as u64;
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(came: &[(usize, usize)], expected: Wrong) {
        let mut tally = Tally::default();
        for (writer, n) in came {
            tally.heard(*writer, *n);
        }
        assert_eq!(tally.end([3, 2].into_iter()), expected);
    }

    const GOOD: [(usize, usize); 5] = [(0, 0), (1, 0), (0, 1), (0, 2), (1, 1)];

    #[test]
    fn all_in_order_is_let_through() {
        check(&GOOD, Wrong::default());
    }

    #[test]
    fn a_lost_one_is_found_in_the_middle_and_at_the_end() {
        for lost in 0..GOOD.len() {
            let mut came = GOOD.to_vec();
            came.remove(lost);
            check(&came, Wrong { lost: 1, ..Wrong::default() });
        }
        check(&[], Wrong { lost: 5, ..Wrong::default() });
    }

    #[test]
    fn a_doubled_one_is_found_at_once_and_later() {
        for (at, one) in GOOD.iter().enumerate() {
            for again in at..GOOD.len() {
                let mut came = GOOD.to_vec();
                came.insert(again + 1, *one);
                check(&came, Wrong { doubled: 1, ..Wrong::default() });
            }
        }
    }

    #[test]
    fn one_that_comes_late_is_told_apart_from_a_lost_one() {
        check(&[(0, 1), (0, 0), (0, 2), (1, 0), (1, 1)], Wrong { late: 1, ..Wrong::default() });
        check(&[(0, 2), (0, 0), (0, 1), (1, 1), (1, 0)], Wrong { late: 3, ..Wrong::default() });
    }

    #[test]
    fn what_nobody_sent_is_strange() {
        check(&[GOOD.as_slice(), &[(1, 2)]].concat(), Wrong { strange: 1, ..Wrong::default() });
    }

    #[test]
    fn a_seq_that_does_not_follow_is_strange() {
        let mut tally = Tally::default();
        for seq in [7, 8, 10, 10, 11] {
            tally.numbered(seq);
        }
        assert_eq!(tally.wrong.strange, 2);
    }

    #[test]
    fn another_order_of_two_writers_is_right_and_seen() {
        let order = |came: &[(usize, usize)]| {
            let mut tally = Tally::default();
            came.iter().for_each(|(writer, n)| _ = tally.heard(*writer, *n));
            tally.order
        };
        assert_eq!(order(&GOOD), order(&GOOD));
        assert_ne!(order(&GOOD), order(&[(1, 0), (0, 0), (0, 1), (0, 2), (1, 1)]));
    }
}
