//! When things were said: the script knows days before today and times of day.

use jiff::Timestamp;

pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 24 * 60 * MINUTE;
/// Before this time of day there is no today to speak of: the talk ended yesterday.
const MORNING: i64 = 8 * 60;

pub struct Clock {
    /// Midnight of the day that the script calls 0.
    midnight: i64,
    /// Until when people have talked on that day, by the clock and by the script: minutes.
    until: i64,
    last: i64,
}

impl Clock {
    /// `last` is the minute of the last thing said on day 0.
    pub fn now(last: i64) -> Clock {
        Clock::of(Timestamp::now().as_millisecond(), last)
    }

    fn of(now: i64, last: i64) -> Clock {
        let minute = now.rem_euclid(DAY) / MINUTE;
        let today = now - now.rem_euclid(DAY);
        if minute < MORNING {
            return Clock { midnight: today - DAY, until: last, last };
        }
        Clock { midnight: today, until: last.min(minute - 1), last }
    }

    /// Milliseconds since 1970. What the script says later today than it is now moves to this morning, in order.
    pub fn at(&self, day: i64, minute: i64) -> i64 {
        let minute = if day == 0 && self.last > 0 { minute * self.until / self.last } else { minute };
        self.midnight + day * DAY + minute * MINUTE
    }

    /// The text with the names of days for `{+2}` and the like.
    pub fn worded(&self, text: &str) -> String {
        // 1 January 1970 was a Thursday.
        const NAMES: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
        (-9..=9).fold(text.to_owned(), |text, day| {
            let name = NAMES[(self.midnight / DAY + day).rem_euclid(7) as usize];
            text.replace(&format!("{{{day:+}}}"), name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_was_said_in_the_future() {
        for hour in 0..24 {
            let now = 20_000 * DAY + hour * 60 * MINUTE + 30 * MINUTE;
            let clock = Clock::of(now, 18 * 60);
            assert!(clock.at(0, 18 * 60) < now, "at {hour}");
            assert!(clock.at(0, 9 * 60) < clock.at(0, 10 * 60));
            assert!(clock.at(-1, 23 * 60) < clock.at(0, 7 * 60));
        }
        assert_eq!(Clock::of(20_000 * DAY + 20 * 60 * MINUTE, 18 * 60).at(0, 600), 20_000 * DAY + 600 * MINUTE);
        // 4 October 2024.
        let clock = Clock::of(20_000 * DAY + 20 * 60 * MINUTE, 18 * 60);
        assert_eq!(clock.worded("by {+2}, not {-1} {x}"), "by Sunday, not Thursday {x}");
    }
}
