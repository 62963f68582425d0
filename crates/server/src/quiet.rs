//! When a person is not to be disturbed: pure functions of what they said and of the clock.
//!
//! Quiet hours belong to the weekday on which they begin, in the person's own time zone. An hour that comes twice is
//! quiet both times; a time that the clock passes over is the moment at which it was put forward.

#[cfg(test)]
mod tests;

use jiff::civil::{Date, Time as Clock};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp, ToSpan};
use protocol::view::{Hours, Me, Quiet};
use protocol::{Limits, Refusal, Time, UserId, text};
use std::collections::HashSet;
use std::sync::LazyLock;
use store::{Tx, users};

/// The one in the program: the same on every machine, whether or not its system has one.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Days looked at for the next change: each weekday, and some for zones that have left one out.
const AHEAD: i32 = 9;

/// Whether nothing is to disturb this person now.
pub fn is_quiet(quiet: &Quiet, now: Time) -> bool {
    quiet.until.is_some_and(|until| now < until) || Week::of(quiet).is_some_and(|week| week.end(now).is_some())
}

/// When that will be different. `None`: never, as things stand.
pub fn next_change(quiet: &Quiet, now: Time) -> Option<Time> {
    let week = Week::of(quiet);
    if !is_quiet(quiet, now) {
        return week.and_then(|week| week.next(now));
    }
    // One quiet time may go over into the next.
    let mut at = quiet.until.map_or(now, |until| until.max(now));
    let Some(week) = week else { return Some(at) };
    for _ in 0..=AHEAD {
        match week.end(at) {
            None => return Some(at),
            Some(end) => at = end,
        }
    }
    None
}

/// Me, and whether I am not to be disturbed now. A time that is over is not shown.
///
/// # Errors
/// The database failed.
pub async fn me(tx: &mut Tx, user: UserId) -> Result<Option<Me>, store::Error> {
    let me = users::me(tx, user).await?;
    Ok(me.map(|me| {
        let (quiet, dnd) = seen(me.quiet, now());
        Me { quiet, dnd, ..me }
    }))
}

/// What a person sees of it themselves, and whether it is quiet.
pub fn seen(mut quiet: Quiet, now: Time) -> (Quiet, bool) {
    quiet.until.take_if(|until| *until <= now);
    let dnd = is_quiet(&quiet, now);
    (quiet, dnd)
}

pub fn now() -> Time {
    Time(Timestamp::now().as_millisecond())
}

/// What somebody wishes, in the form in which it is kept.
///
/// # Errors
/// What is wrong with it, naming the field.
pub fn checked(wish: Quiet, limits: &Limits) -> Result<Quiet, Refusal> {
    if !matches!(wish.days.len(), 0 | 7) {
        return Err(Refusal::invalid("days", "Seven days, Monday first; or none."));
    }
    for hours in wish.days.iter().flatten() {
        for (field, minutes) in [("from", hours.from), ("to", hours.to)] {
            if minutes >= 24 * 60 {
                return Err(Refusal::invalid(field, "Minutes after midnight, 0 to 1439."));
            }
        }
    }
    let zone = match wish.zone.as_str() {
        "" if wish.days.iter().any(Option::is_some) => {
            return Err(Refusal::invalid("zone", "Quiet hours need a time zone."));
        }
        "" => String::new(),
        name => match ZONES.get(name).ok().and_then(|zone| zone.iana_name().map(str::to_owned)) {
            Some(name) => name,
            None => return Err(Refusal::invalid("zone", "A time zone is named like Europe/Lisbon.")),
        },
    };
    let mut known = HashSet::new();
    let mut keywords = Vec::new();
    for word in &wish.keywords {
        let word = text::folded(&text::line("keywords", word, 1, limits.keyword)?);
        // Folding may make one longer.
        text::line("keywords", &word, 1, limits.keyword)?;
        if known.insert(word.clone()) {
            keywords.push(word);
        }
        if keywords.len() > limits.keywords as usize {
            return Err(Refusal::invalid("keywords", format!("At most {}.", limits.keywords)));
        }
    }
    let until = wish.until.filter(|until| *until > now());
    Ok(Quiet { until, zone, days: wish.days, keywords })
}

/// The hours of each weekday, in their zone.
struct Week<'q> {
    zone: TimeZone,
    days: &'q [Option<Hours>],
}

impl Week<'_> {
    fn of(quiet: &Quiet) -> Option<Week<'_>> {
        if !quiet.days.iter().any(Option::is_some) {
            return None;
        }
        // One that a later program knew.
        let zone = ZONES.get(&quiet.zone).ok()?;
        Some(Week { zone, days: &quiet.days })
    }

    /// When the quiet time ends that is at this moment: the last of them, where there are two.
    fn end(&self, now: Time) -> Option<Time> {
        // One of the day before may reach into this one.
        let spans = (-1..=0).filter_map(|day| self.span(self.date(now, day)?));
        spans.filter(|(from, to)| *from <= now && now < *to).map(|(_, to)| to).max()
    }

    /// When the next one begins.
    fn next(&self, now: Time) -> Option<Time> {
        let spans = (0..=AHEAD).filter_map(|day| self.span(self.date(now, day)?));
        spans.filter(|(from, to)| *from > now && from < to).map(|(from, _)| from).min()
    }

    fn date(&self, now: Time, days: i32) -> Option<Date> {
        let now = Timestamp::from_millisecond(now.0).ok()?;
        self.zone.to_datetime(now).date().checked_add(days.days()).ok()
    }

    /// The quiet time that begins on this day.
    fn span(&self, date: Date) -> Option<(Time, Time)> {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
        let Hours { from, to } = (*self.days.get(day)?)?;
        let last = if to > from { date } else { date.checked_add(Span::new().days(1)).ok()? };
        Some((self.moment(date, from, false)?, self.moment(last, to, true)?))
    }

    /// When a clock there shows this time; the `last` time where it does so twice.
    fn moment(&self, date: Date, minutes: u16, last: bool) -> Option<Time> {
        let clock = Clock::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(date.to_datetime(clock));
        let moment = match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                self.zone.following(before).next()?.timestamp()
            }
            _ if last => ambiguous.later().ok()?,
            _ => ambiguous.earlier().ok()?,
        };
        Some(Time(moment.as_millisecond()))
    }
}
