//! Years of small talk, made up: as many messages as a measurement needs, no two days the same.

use super::clock::{DAY, MINUTE};
use super::people::Crowd;
use crate::app::App;
use crate::fault::{Fault, Result};
use crate::room::{self, Said};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use protocol::Time;
use store::as_of;

/// Sends that wait at once: enough for full groups, few enough to leave room for people.
const IN_FLIGHT: usize = 1_024;

/// How much time so many messages cover: one in four minutes, three years at most.
pub fn span(messages: usize) -> i64 {
    (i64::try_from(messages).unwrap_or(0) * 4 * MINUTE).min(3 * 365 * DAY)
}

/// Sends them to the Lobby, the last one just before `end`.
pub async fn fill(app: &App, crowd: &Crowd, messages: usize, end: Time) -> Result<()> {
    let total = i64::try_from(messages).unwrap_or(0);
    let begin = end.0 - span(messages);
    let sends = (0..total).map(|n| {
        let at = Time(begin + (end.0 - begin) / total.max(1) * n);
        let mut dice = Dice::of(n as u64);
        // A few people say most of it.
        let among = if dice.below(4) == 0 { crowd.everybody.len() } else { crowd.everybody.len().min(40) };
        let author = crowd.everybody[dice.below(among)];
        let client_id = uuid(at, &mut dice);
        let text = message(&mut dice);
        let said =
            Said { room: crowd.lobby, client_id, text, thread: None, also: false, quote: None, files: Vec::new() };
        as_of(at, room::send(&app.core, author, said, || Ok(())))
    });
    // In order: each is handed to the writer when it is first asked, the next one after it.
    stream::iter(sends).buffered(IN_FLIGHT).try_for_each(|_| async { Ok::<_, Fault>(()) }).await
}

/// A small generator of numbers, the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }

    pub fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// A version 7 UUID of that time, as our clients make them: the index of client ids then grows at its end.
fn uuid(at: Time, dice: &mut Dice) -> String {
    let (a, b) = (dice.next(), dice.next());
    let ms = u64::try_from(at.0).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
        ms >> 16,
        ms & 0xFFFF,
        a & 0xFFF,
        (b >> 48) & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}

const OPENING: &[&str] = &[
    "",
    "",
    "",
    "",
    "Morning. ",
    "Quick one: ",
    "For what it’s worth, ",
    "Good news: ",
    "Has anybody noticed that ",
    "Just so you know, ",
    "I promised to say: ",
    "Not urgent, but ",
    "Reminder: ",
    "Small thing. ",
];
const SUBJECT: &[&str] = &[
    "the side gate",
    "the blue ladder",
    "the kettle upstairs",
    "the parcel for number 12",
    "the rota",
    "the big guillotine",
    "the compost bay",
    "the key to the shed",
    "the Thursday lamp",
    "the projector",
    "the box of odd screws",
    "the second proof",
    "the noticeboard",
    "the tall stool",
    "the ferry timetable",
    "the spare bicycle pump",
    "the sign by the towpath",
    "the tea money",
    "the drying rack",
    "the oak bench",
];
const STATE: &[&str] = &[
    "is back where it belongs",
    "has gone missing again",
    "needs two people and ten minutes",
    "works, mostly",
    "wants a lick of paint",
    "is on the list for Saturday",
    "was left out in the rain",
    "can go to whoever asks first",
    "squeaks, but nicely",
    "has been mended with tape and hope",
    "is heavier than it looks",
    "looks splendid",
    "is yours if you carry it",
    "will have to wait until the weekend",
    "is in the cupboard under the stairs",
];
const CLOSING: &[&str] = &[
    "",
    "",
    "",
    " Thank you, whoever it was.",
    " I’ll be there from four.",
    " Anyone free?",
    " No rush at all.",
    " Please don’t ask how.",
    " Shout if that’s a problem.",
    " Photographs to follow.",
    " 🙂",
    " ☕",
    " 🌧️ permitting.",
    " More on Thursday.",
    " It only took three goes.",
];
const SHORT: &[&str] = &[
    "Yes please.",
    "On my way.",
    "Same here.",
    "Ha!",
    "👍",
    "Thank you!",
    "I can do that.",
    "Which one?",
    "Done.",
    "Lovely.",
    "See you there.",
    "Count me in 🙌",
    "Not me this time.",
    "Tomorrow, then.",
    "🎉",
    "Found it!",
];

fn sentence(dice: &mut Dice) -> String {
    let (opening, subject) = (dice.pick(OPENING), dice.pick(SUBJECT));
    let mut text = format!("{opening}{subject} {}.{}", dice.pick(STATE), dice.pick(CLOSING));
    // The first letter of what stands alone.
    if opening.is_empty() || opening.ends_with(". ") {
        let at = opening.len();
        text.replace_range(at..=at, &text[at..=at].to_uppercase());
    }
    text
}

fn message(dice: &mut Dice) -> String {
    match dice.below(100) {
        0..25 => dice.pick(SHORT).to_owned(),
        25..28 => format!("{} https://ferrylane.example/notes/{}", sentence(dice), dice.below(100_000)),
        28..38 => (0..2 + dice.below(4)).map(|_| sentence(dice)).collect::<Vec<_>>().join(" "),
        _ => sentence(dice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn talk_is_varied_and_ids_are_what_clients_send() {
        let said: HashSet<String> = (0..10_000).map(|n| message(&mut Dice::of(n))).collect();
        assert!(said.len() > 6_000, "{} different messages of 10,000", said.len());
        let ids: Vec<String> = (0..1_000).map(|n| uuid(Time(1_763_913_252_345), &mut Dice::of(n))).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 1_000);
        for id in ids {
            assert_eq!((id.len(), &id[14..15]), (36, "7"));
            assert!(id.starts_with("019ab1") && matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        }
    }
}
