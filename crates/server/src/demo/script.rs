//! Reads `talk.txt`. It is our own file: what is wrong in it is told with its line, and a test reads it.

/// A community: who is there and what they say.
pub struct Script {
    pub community: String,
    /// The first of them owns the server.
    pub people: Vec<Person>,
    pub groups: Vec<Group>,
    pub rooms: Vec<Room>,
}

#[derive(Clone)]
pub struct Group {
    pub name: String,
    pub title: String,
    /// User names.
    pub people: Vec<String>,
}

pub struct Person {
    pub username: String,
    pub name: String,
    pub colour: String,
    pub status: String,
    /// Says something, somewhere.
    pub talks: bool,
}

#[derive(Default)]
pub struct Room {
    /// Empty: a direct room.
    pub name: String,
    pub topic: String,
    pub private: bool,
    /// User names, the maker first; empty: everybody.
    pub people: Vec<String>,
    pub lines: Vec<Line>,
}

pub struct Line {
    pub day: i64,
    pub minute: i64,
    pub who: String,
    pub what: What,
    /// The owner has read up to here, not this.
    pub unread: bool,
    /// A reply in the thread below that line of the room.
    pub below: Option<usize>,
}

#[derive(Debug, PartialEq)]
pub enum What {
    Says(String),
    /// Answers the last message of somebody, which is quoted.
    Quotes(String, String),
    /// A reply that the room sees too.
    Tells(String),
    /// These people put an emoji to what that line of the room said.
    React(String, Vec<String>, usize),
    /// Keeps the last message of somebody at hand.
    Pins(String),
    /// Brings here what somebody said last in another room.
    Forwards(String, String),
    /// Gives their last message here another text.
    Edits(String),
    /// Deletes their last message here.
    Deletes,
    Joins,
    Topic(String),
}

impl Room {
    pub fn messages(&self) -> usize {
        self.lines.iter().filter(|line| line.is_message()).count()
    }
}

impl Line {
    fn is_message(&self) -> bool {
        matches!(self.what, What::Says(_) | What::Quotes(..) | What::Tells(_) | What::Forwards(..))
    }
}

impl Script {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.rooms.iter().flat_map(|room| &room.lines)
    }

    pub fn first_day(&self) -> i64 {
        self.lines().map(|line| line.day).min().unwrap_or(0)
    }

    pub fn last_minute_today(&self) -> i64 {
        self.lines().filter(|line| line.day == 0).map(|line| line.minute).max().unwrap_or(0)
    }
}

/// # Errors
/// Which line is wrong.
pub fn parse(text: &str) -> Result<Script, String> {
    let mut script = Script { community: String::new(), people: Vec::new(), groups: Vec::new(), rooms: Vec::new() };
    let (mut day, mut unread) = (0, false);
    for (i, line) in text.lines().enumerate() {
        let bad = || format!("talk.txt, line {}: {line}", i + 1);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("community ") {
            script.community = name.to_owned();
        } else if let Some(person) = line.strip_prefix("person ") {
            script.people.push(person_of(person).ok_or_else(bad)?);
        } else if let Some(group) = line.strip_prefix("group ") {
            let [name, title, people] = fields(group).ok_or_else(bad)?;
            script.groups.push(Group { name, title, people: words(&people) });
        } else if let Some(room) = line.strip_prefix("room ") {
            script.rooms.push(room_of(room).ok_or_else(bad)?);
            unread = false;
        } else if let Some(people) = line.strip_prefix("direct ") {
            script.rooms.push(Room { private: true, people: words(people), ..Room::default() });
            unread = false;
        } else if let Some(number) = line.strip_prefix("day ") {
            day = number.parse().map_err(|_| bad())?;
        } else if line == "unread" {
            unread = true;
        } else if let Some(more) = line.strip_prefix('|') {
            // A line of the same message.
            let last = script.rooms.last_mut().and_then(|room| room.lines.last_mut()).ok_or_else(bad)?;
            let (What::Says(text) | What::Quotes(_, text) | What::Tells(text) | What::Edits(text)) = &mut last.what
            else {
                return Err(bad());
            };
            text.push('\n');
            text.push_str(more.strip_prefix(' ').unwrap_or(more));
        } else if let Some(signs) = line.strip_prefix("+ ") {
            let room = script.rooms.last_mut().ok_or_else(bad)?;
            let line = reactions(signs, room).ok_or_else(bad)?;
            room.lines.push(line);
        } else {
            let room = script.rooms.last_mut().ok_or_else(bad)?;
            let reply = line.strip_prefix("> ");
            let root = || room.lines.iter().rposition(|line| line.below.is_none() && line.is_message());
            let below = reply.map(|_| root().ok_or_else(bad)).transpose()?;
            let line = Line { below, ..line_of(reply.unwrap_or(line), day, unread).ok_or_else(bad)? };
            let speaker = script.people.iter_mut().find(|person| person.username == line.who).ok_or_else(bad)?;
            speaker.talks = true;
            room.lines.push(line);
        }
    }
    Ok(script)
}

/// `username | name | colour | status`
fn person_of(text: &str) -> Option<Person> {
    let [username, name, colour, status] = fields(text)?;
    Some(Person { username, name, colour, status, talks: false })
}

/// `name | open or private | people or all | topic`
fn room_of(text: &str) -> Option<Room> {
    let [name, kind, people, topic] = fields(text)?;
    let people = if people == "all" { Vec::new() } else { words(&people) };
    Some(Room { name, topic, private: kind == "private", people, lines: Vec::new() })
}

/// `EMOJI USERNAMES`, of the message above.
fn reactions(text: &str, room: &Room) -> Option<Line> {
    let (emoji, people) = text.split_once(' ')?;
    let target = room.lines.iter().rposition(Line::is_message)?;
    let &Line { day, minute, ref who, unread, below, .. } = room.lines.get(target)?;
    let what = What::React(emoji.to_owned(), words(people), target);
    Some(Line { day, minute, who: who.clone(), what, unread, below })
}

/// `HH:MM who: text`, `HH:MM who edits: text`, `HH:MM who deletes` …
fn line_of(text: &str, day: i64, unread: bool) -> Option<Line> {
    let (time, rest) = text.split_once(' ')?;
    let (hour, minute) = time.split_once(':')?;
    let minute = hour.parse::<i64>().ok()? * 60 + minute.parse::<i64>().ok()?;
    let (head, words) = rest.split_once(": ").unwrap_or((rest, ""));
    let (who, verb) = head.split_once(' ').unwrap_or((head, "says"));
    let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
    let what = match (verb, words) {
        ("deletes", "") => What::Deletes,
        ("joins", "") => What::Joins,
        ("pins", "") => What::Pins(rest.to_owned()),
        ("forwards", "") => {
            let (whom, room) = rest.split_once(" from ")?;
            What::Forwards(whom.to_owned(), room.to_owned())
        }
        (_, "") => return None,
        ("quotes", _) => What::Quotes(rest.to_owned(), words.to_owned()),
        ("tells", _) => What::Tells(words.to_owned()),
        ("says", _) => What::Says(words.to_owned()),
        ("edits", _) => What::Edits(words.to_owned()),
        ("topic", _) => What::Topic(words.to_owned()),
        _ => return None,
    };
    Some(Line { day, minute, who: who.to_owned(), what, unread, below: None })
}

fn fields<const N: usize>(text: &str) -> Option<[String; N]> {
    text.split('|').map(|field| field.trim().to_owned()).collect::<Vec<_>>().try_into().ok()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_talk_is_whole() {
        let script = parse(include_str!("talk.txt")).expect("a good script");
        let names: HashSet<_> = script.people.iter().map(|person| person.username.as_str()).collect();
        assert_eq!(names.len(), script.people.len(), "a name stands twice");
        let messages: usize = script.rooms.iter().map(Room::messages).sum();
        assert!((300..=450).contains(&messages), "{messages} messages");
        for room in &script.rooms {
            let members: HashSet<_> = room.people.iter().map(String::as_str).collect();
            assert!(members.iter().all(|name| names.contains(name)), "{}: an unknown person", room.name);
            let joins: HashSet<_> =
                room.lines.iter().filter(|line| line.what == What::Joins).map(|line| line.who.as_str()).collect();
            let mut last = (i64::MIN, 0);
            for line in &room.lines {
                let place = format!("{}, day {}, {:02}:{:02}", room.name, line.day, line.minute / 60, line.minute % 60);
                // A thread goes on while the room does.
                if line.below.is_none() {
                    assert!((line.day, line.minute) >= last, "{place} comes too late");
                    last = (line.day, line.minute);
                }
                if let Some(root) = line.below {
                    let root = &room.lines[root];
                    assert!((line.day, line.minute) >= (root.day, root.minute), "{place} answers too early");
                }
                if let What::React(_, people, _) = &line.what {
                    assert!(!people.is_empty() && people.iter().all(|name| names.contains(name.as_str())), "{place}");
                }
                let inside =
                    members.is_empty() || members.contains(line.who.as_str()) || joins.contains(line.who.as_str());
                assert!(inside, "{place}: {} is not in the room", line.who);
                let (What::Says(text)
                | What::Quotes(_, text)
                | What::Tells(text)
                | What::Edits(text)
                | What::Topic(text)) = &line.what
                else {
                    continue;
                };
                // Straight signs stand in code only.
                let prose: String = text.split("```").step_by(2).flat_map(|part| part.split('`').step_by(2)).collect();
                assert!(!prose.contains(['\'', '"']) && !prose.contains("..."), "{place}: {text}");
            }
        }
    }
}
