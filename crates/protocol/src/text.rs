//! What people may write, and the form in which it is kept. Each function names the field that it refuses.

use crate::code::Refusal;
use crate::limits::Limits;
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// `[a-z0-9._-]{2,32}`; capitals are taken as their small letters.
pub fn username(text: &str) -> Result<String, Refusal> {
    let name = text.trim().to_ascii_lowercase();
    let fits = (2..=32).contains(&name.len())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
    if !fits {
        return Err(Refusal::invalid(
            "username",
            "A user name has 2 to 32 of the letters a to z, digits, dot, dash and underscore.",
        ));
    }
    // These would read as a call to everybody.
    if matches!(name.as_str(), "room" | "here" | "all" | "everyone" | "channel") {
        return Err(Refusal { code: crate::Code::Taken, ..Refusal::invalid("username", "That name is taken.") });
    }
    Ok(name)
}

/// What a group is called by: as a person is, for one name calls either.
pub fn group_name(text: &str) -> Result<String, Refusal> {
    let detail = "A group's name has 2 to 32 of the letters a to z, digits, dot, dash and underscore.";
    username(text.trim().trim_start_matches('@')).map_err(|refusal| match refusal.code {
        crate::Code::Taken => Refusal { field: Some("name"), ..refusal },
        _ => Refusal::invalid("name", detail),
    })
}

/// One line for people to read: NFC, trimmed, without control characters or invisible direction changes.
/// `max` counts code points.
pub fn line(field: &'static str, text: &str, min: u32, max: u32) -> Result<String, Refusal> {
    let line: String = text.trim().nfc().collect();
    let length = line.chars().count();
    if length < min as usize {
        return Err(Refusal::invalid(field, "This cannot be empty."));
    }
    if length > max as usize {
        return Err(Refusal::invalid(field, format!("This can have {max} characters; it has {length}.")));
    }
    if let Some(bad) = line.chars().find(|c| is_hidden(*c)) {
        return Err(Refusal::invalid(field, format!("The character U+{:04X} cannot stand here.", u32::from(bad))));
    }
    // A name of nothing but joiners and spaces would be invisible.
    if min > 0 && line.chars().all(|c| c.is_whitespace() || is_joiner(c) || is_blank(c)) {
        return Err(Refusal::invalid(field, "This cannot be empty."));
    }
    Ok(line)
}

/// The words of a message: kept as they are written, within `limits.text` bytes. `bare`: nothing else is sent with
/// it, so there must be some.
pub fn message(text: &str, bare: bool, limits: &Limits) -> Result<(), Refusal> {
    if text.len() > limits.text {
        return Err(Refusal {
            code: crate::Code::TooLarge,
            ..Refusal::invalid(
                "text",
                format!("A message can have {} bytes of text; this has {}.", limits.text, text.len()),
            )
        });
    }
    if text.contains('\0') {
        return Err(Refusal::invalid("text", "The character U+0000 cannot stand in a message."));
    }
    if bare && text.chars().all(|c| c.is_whitespace() || is_joiner(c) || is_blank(c)) {
        return Err(Refusal::invalid("text", "A message needs some text."));
    }
    Ok(())
}

/// The name under which a file is shown and saved: its last part, in one line, never empty, never hidden by a dot
/// alone; what cannot stand in a name is left out rather than refused, for the name is nothing to argue about.
pub fn file_name(text: &str, max: u32) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.nfc().filter(|c| !is_hidden(*c) && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?')).collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.chars().all(|c| c.is_whitespace() || is_joiner(c) || is_blank(c)) {
        return "file".to_owned();
    }
    let length = clean.chars().count();
    if length <= max as usize {
        return clean.to_owned();
    }
    // What is cut is the middle: the ending says what it is.
    let ending: String = match clean.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
        _ => String::new(),
    };
    let keep = (max as usize).saturating_sub(ending.chars().count());
    clean.chars().take(keep).chain(ending.chars()).collect()
}

/// What a picture shows, in words: several lines are one.
pub fn alt(text: &str, max: u32) -> Result<Option<String>, Refusal> {
    let one = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line("alt", &one, 0, max)?;
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// The name of an emoji of one's own: `[a-z0-9_-]{2,32}`, without its colons.
pub fn emoji_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim().trim_matches(':').to_ascii_lowercase();
    let fits =
        (2..=32).contains(&name.len()) && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    if fits {
        Ok(name)
    } else {
        Err(Refusal::invalid("name", "A name has 2 to 32 of the letters a to z, digits, dash and underscore."))
    }
}

/// What can be put to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Emoji {
    /// One of Unicode's, in its one spelling; each tone of skin is one of its own.
    Sign(&'static str),
    /// A name of the community's own, without its colons. Whether there is such a one is not known here.
    Own(String),
}

/// One emoji, however it was written: with or without the signs that only say "in colour, please".
pub fn emoji(text: &str) -> Result<Emoji, Refusal> {
    if let Some(name) = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
        return emoji_name(name).map(Emoji::Own).map_err(|refusal| Refusal { field: Some("emoji"), ..refusal });
    }
    let bare = || text.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}')).collect::<String>();
    // None is longer; nothing that is gets copied.
    let known = if text.len() > 64 { None } else { emojis::get(text).or_else(|| emojis::get(&bare())) };
    match known {
        Some(emoji) => Ok(Emoji::Sign(emoji.as_str())),
        None => Err(Refusal::invalid("emoji", "This is not one emoji, nor one of this community's own by its :name:.")),
    }
}

/// 1 to 64 of `[A-Za-z0-9_.:-]`.
pub fn client_id(id: &str, limits: &Limits) -> Result<(), Refusal> {
    let fits = (1..=limits.client_id).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'-'));
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid("client_id", format!("1 to {} of the characters A-Z a-z 0-9 _ . : -", limits.client_id)))
    }
}

/// A password is taken whole, whatever characters it has, but for NUL.
pub fn password(field: &'static str, text: &str, limits: &Limits) -> Result<(), Refusal> {
    if text.chars().count() < limits.password_min as usize {
        return Err(Refusal::invalid(field, format!("A password needs {} characters or more.", limits.password_min)));
    }
    if text.len() > limits.password_max {
        return Err(Refusal::invalid(field, format!("A password can have {} bytes.", limits.password_max)));
    }
    if text.contains('\0') {
        return Err(Refusal::invalid(field, "The character U+0000 cannot stand in a password."));
    }
    Ok(())
}

/// The one to three letters that stand for a person where there is no picture.
pub fn initials(text: &str) -> Result<String, Refusal> {
    let text = line("avatar", text, 1, 12)?;
    if text.graphemes(true).count() > 3 {
        return Err(Refusal::invalid("avatar", "One to three letters."));
    }
    Ok(text)
}

/// Initials made from a display name: of its first and last word.
pub fn initials_of(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.graphemes(true).next());
    let first = words.next().unwrap_or("?");
    let last = words.next_back().unwrap_or("");
    format!("{first}{last}").to_uppercase().chars().take(12).collect()
}

/// The form in which names are compared and searched: NFKC, Unicode's case folding, single spaces.
pub fn folded(text: &str) -> String {
    let text = UniCase::unicode(text.nfkc().collect::<String>()).to_folded_case();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters and marks that turn or hide what follows them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}'
            | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E001F}')
}

/// Allowed within a name, as emoji and some scripts need them, but not alone.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// Characters that print as nothing.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
        || is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_at_their_edges() {
        for good in ["ab", "a.b-c_9", &"x".repeat(32), "ANA"] {
            assert!(username(good).is_ok(), "{good}");
        }
        for bad in ["", "a", &"x".repeat(33), "a b", "ünal", "a@b", "room", "here"] {
            assert!(username(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lines_count_code_points_after_composition() {
        let decomposed = "e\u{301}".repeat(64);
        assert_eq!(line("name", &decomposed, 1, 64).expect("64 letters").chars().count(), 64);
        assert!(line("name", &"e\u{301}".repeat(65), 1, 64).is_err());
        for bad in ["", "   ", "\u{200B}", "\u{3164}", "a\u{202E}b", "a\u{0}b", "a\nb"] {
            assert!(line("name", bad, 1, 64).is_err(), "{bad:?}");
        }
        assert!(line("topic", "", 0, 64).is_ok());
    }

    #[test]
    fn a_message_at_its_limit_and_one_more() {
        let limits = Limits::default();
        assert!(message(&"x".repeat(limits.text), true, &limits).is_ok());
        assert_eq!(message(&"x".repeat(limits.text + 1), true, &limits).expect_err("too long").field, Some("text"));
        assert!(message(" \n\u{200B}", true, &limits).is_err());
        assert!(message("", false, &limits).is_ok());
        assert!(message("a\0", false, &limits).is_err());
    }

    #[test]
    fn a_files_name_is_made_safe_and_keeps_its_ending() {
        for (name, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\a\\b.txt", "b.txt"),
            ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie x=1.txt"),
            ("a\"b.txt", "ab.txt"),
            ("gpj.\u{202E}exe", "gpj.exe"),
            ("..", "file"),
            (".", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("\u{200B}\u{200B}", "file"),
            ("Übersicht (2).pdf", "Übersicht (2).pdf"),
        ] {
            assert_eq!(file_name(name, 255), kept, "{name:?}");
        }
        let long = file_name(&format!("{}.jpeg", "ä".repeat(4096)), 255);
        assert_eq!((long.chars().count(), long.ends_with(".jpeg")), (255, true));
    }

    #[test]
    fn an_emoji_has_one_spelling() {
        for (text, kept) in [
            ("👍", "👍"),
            ("👍\u{FE0F}", "👍"),
            ("👍🏽", "👍🏽"),
            ("❤", "❤️"),
            ("❤️", "❤️"),
            ("❤\u{FE0E}", "❤️"),
            ("👁‍🗨", "👁️‍🗨️"),
            ("🏳‍🌈", "🏳️‍🌈"),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("🇵🇹", "🇵🇹"),
            (
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            ),
            ("1\u{20E3}", "1️⃣"),
            ("©", "©️"),
        ] {
            assert_eq!(emoji(text), Ok(Emoji::Sign(kept)), "{text}");
        }
        assert_eq!(emoji(":Shed:"), Ok(Emoji::Own("shed".into())));
        for text in [
            "", "a", "1", "#", " 👍", "👍👍", "👍a", "🏽", "\u{FE0F}", "\u{200D}", "🇵", "::", ":a:", ":a b:", ":",
            "thumbsup",
        ] {
            assert_eq!(emoji(text).expect_err(text).field, Some("emoji"), "{text}");
        }
        assert!(emoji(&"👍".repeat(10_000)).is_err());
    }

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        for (name, initials) in [("Maren Holt", "MH"), ("Ana Maria de Ferreira", "AF"), ("bo", "B"), ("ß x", "SSX")] {
            assert_eq!(initials_of(name), initials);
        }
    }
}
