//! A stranger's text, made fit to stand in a line among others'.

/// Without what turns, hides or breaks the text, each run of spaces as one, cut to `most` characters (with an ellipsis as
/// the last); nothing if nothing is left. Reads no further than it must.
pub(crate) fn tidy(text: &str, most: usize) -> Option<String> {
    let mut tidy = String::new();
    let (mut count, mut space) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            space = count > 0;
            continue;
        }
        if is_trick(c) {
            continue;
        }
        let width = 1 + usize::from(space);
        if count + width > most {
            // Room for the ellipsis.
            if count == most {
                tidy.pop();
            }
            tidy.truncate(tidy.trim_end().len());
            tidy.push('…');
            break;
        }
        if space {
            tidy.push(' ');
        }
        tidy.push(c);
        count += width;
        space = false;
    }
    (!tidy.is_empty()).then_some(tidy)
}

/// Control characters; marks that turn the direction of what follows; what is drawn as nothing, tags and annotations. The
/// joiners U+200C and U+200D stay: Persian and emoji need them.
fn is_trick(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_tidied() {
        for (raw, most, expected) in [
            ("plain", 10, Some("plain")),
            (" a \n\t b\u{a0}\u{2028}c ", 10, Some("a b c")),
            ("", 10, None),
            (" \u{200b}\u{202e}\0 ", 10, None),
            ("txt.\u{202e}exe\u{2066}\u{200f}", 20, Some("txt.exe")),
            ("a\u{200b} \u{200b}b", 20, Some("a b")),
            ("👩\u{200d}💻", 20, Some("👩\u{200d}💻")),
            ("12345", 5, Some("12345")),
            ("123456", 5, Some("1234…")),
            ("1234 6", 5, Some("1234…")),
            ("123 56", 5, Some("123…")),
            ("12345 ", 5, Some("12345")),
        ] {
            assert_eq!(tidy(raw, most).as_deref(), expected, "{raw:?}");
        }
    }
}
