//! `parlour users add`: many accounts at once, from a file.

use super::complain;
use crate::admin::{self, Added, NewPerson, Request};
use crate::config::Config;
use std::io::{Read, Write};

pub async fn add(config: Config, from: String, rooms: Vec<String>, tokens: bool) -> Result<(), String> {
    let mut text = Vec::new();
    if from == "-" {
        std::io::stdin().read_to_end(&mut text).map_err(|error| error.to_string())?;
    } else {
        text = std::fs::read(&from).map_err(|error| format!("{from} cannot be read: {error}"))?;
    }
    let text = String::from_utf8(text).map_err(|_| format!("{from} is not UTF-8"))?;
    let people = parse(&text)?;
    if people.is_empty() {
        return Err(format!("{from} names nobody"));
    }
    let added: Vec<Added> = admin::ask(config, Request::AddPeople { people, rooms, tokens }).await?;
    let mut out = String::new();
    for person in &added {
        out.push_str(&format!("{},{}", person.username, person.id));
        if let Some(token) = &person.token {
            out.push(',');
            out.push_str(token);
        }
        out.push('\n');
    }
    // A reader that closes early (`head`) is no error of ours.
    let _ = std::io::stdout().write_all(out.as_bytes());
    complain(&format!("{} people were added.", added.len()));
    Ok(())
}

/// Lines of `username,display_name`. A first line that says just that is a header.
fn parse(text: &str) -> Result<Vec<NewPerson>, String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut people = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() || (i == 0 && line.trim() == "username,display_name") {
            continue;
        }
        let number = i + 1;
        let (username, rest) = field(line).map_err(|why| format!("line {number}: {why}"))?;
        let name = match rest {
            None => String::new(),
            Some(rest) => match field(rest).map_err(|why| format!("line {number}: {why}"))? {
                (name, None) => name,
                (_, Some(_)) => return Err(format!("line {number}: more than username,display_name; quote a comma")),
            },
        };
        people.push(NewPerson { line: number, username, name });
    }
    Ok(people)
}

/// The first field of a line, which may stand in quotes, and what follows its comma.
fn field(line: &str) -> Result<(String, Option<&str>), &'static str> {
    let Some(quoted) = line.trim_start().strip_prefix('"') else {
        return Ok(match line.split_once(',') {
            Some((field, rest)) => (field.trim().to_owned(), Some(rest)),
            None => (line.trim().to_owned(), None),
        });
    };
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"').ok_or("a quote is not closed")?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => {
                let after = after.trim_start();
                return match after.strip_prefix(',') {
                    Some(rest) => Ok((field, Some(rest))),
                    None if after.is_empty() => Ok((field, None)),
                    None => Err("something follows a closed quote"),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_bad_ones_named() {
        let people = parse("username,display_name\r\nana,Ana Ito\n\nbo,\"Bo \"\"B\"\" Lee, Jr\"\ncy\n").expect("good");
        let people: Vec<_> = people.iter().map(|p| (p.line, p.username.as_str(), p.name.as_str())).collect();
        assert_eq!(people, [(2, "ana", "Ana Ito"), (4, "bo", "Bo \"B\" Lee, Jr"), (5, "cy", "")]);
        for (text, line) in [("ana,A\nbo,B,C", "line 2"), ("ana,\"A", "line 1"), ("ana,\"A\"x", "line 1")] {
            assert!(parse(text).expect_err("bad").starts_with(line));
        }
        assert_eq!(parse("username,display_name").expect("good"), []);
        assert_eq!(parse("username,Display Name").expect("a person of that name").len(), 1);
    }
}
