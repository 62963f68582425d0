//! Everybody's words, found in a text in a time that follows from the text alone, however many people there are.

use protocol::{UserId, keyword};
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Default)]
pub struct Index {
    words: HashMap<String, HashSet<UserId>>,
    /// How long the words are that begin with this sign, and how many are.
    lengths: HashMap<char, BTreeMap<usize, usize>>,
    people: HashMap<UserId, Vec<String>>,
}

impl Index {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// These are a person's words from now on.
    pub fn set(&mut self, user: UserId, words: Vec<String>) {
        for word in self.people.remove(&user).into_iter().flatten() {
            self.remove(user, &word);
        }
        let mut words: Vec<String> = words.iter().map(|word| keyword::folded(word)).collect();
        words.sort_unstable();
        words.dedup();
        words.retain(|word| !word.is_empty());
        if words.is_empty() {
            return;
        }
        for word in &words {
            let first = word.chars().next().unwrap_or_default();
            let people = self.words.entry(word.clone()).or_default();
            if people.is_empty() {
                *self.lengths.entry(first).or_default().entry(word.len()).or_default() += 1;
            }
            people.insert(user);
        }
        self.people.insert(user, words);
    }

    fn remove(&mut self, user: UserId, word: &str) {
        let Some(people) = self.words.get_mut(word) else { return };
        people.remove(&user);
        if !people.is_empty() {
            return;
        }
        self.words.remove(word);
        let first = word.chars().next().unwrap_or_default();
        let Some(lengths) = self.lengths.get_mut(&first) else { return };
        if let Some(count) = lengths.get_mut(&word.len()) {
            *count -= 1;
            if *count == 0 {
                lengths.remove(&word.len());
            }
        }
        if lengths.is_empty() {
            self.lengths.remove(&first);
        }
    }

    /// Who has a word that stands in this text, which is folded.
    pub fn find(&self, text: &str) -> HashSet<UserId> {
        let mut found: HashSet<&str> = HashSet::new();
        let mut people = HashSet::new();
        for (at, first) in text.char_indices() {
            let Some(lengths) = self.lengths.get(&first) else { continue };
            if !keyword::is_edge(text, at) {
                continue;
            }
            for length in lengths.keys() {
                let Some(part) = text.get(at..at + length) else { continue };
                let Some((word, who)) = self.words.get_key_value(part) else { continue };
                // Each word once, whatever the text says a thousand times.
                if keyword::is_edge(text, at + length) && found.insert(word) {
                    people.extend(who);
                }
            }
        }
        people
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::time::{Duration, Instant};

    #[derive(Deserialize)]
    struct Case {
        text: String,
        words: Vec<String>,
        found: Vec<String>,
    }

    /// Each word is somebody else's, so that who is found says which.
    #[test]
    fn words_are_found_as_the_fixture_says() {
        let text = include_str!("../../../../../fixtures/words/keywords.json");
        let cases: Vec<Case> = serde_json::from_str(text).expect("a JSON fixture");
        assert!(cases.len() > 20);
        for case in cases {
            let mut index = Index::default();
            for (word, id) in case.words.iter().zip(0..) {
                index.set(UserId(id), vec![word.clone()]);
            }
            let people = index.find(&keyword::folded(&case.text));
            let mut found: Vec<_> = case
                .words
                .iter()
                .zip(0..)
                .filter(|(_, id)| people.contains(&UserId(*id)))
                .map(|(word, _)| word)
                .collect();
            found.sort();
            assert_eq!(found, case.found.iter().collect::<Vec<_>>(), "{}", case.text);
        }
    }

    #[test]
    fn words_that_are_taken_back_leave_nothing_behind() {
        let mut index = Index::default();
        index.set(UserId(1), vec!["hut".into(), "hat".into()]);
        index.set(UserId(2), vec!["hut".into()]);
        index.set(UserId(1), vec!["shed".into()]);
        assert_eq!(index.find("hut hat"), HashSet::from([UserId(2)]));
        assert_eq!(index.find("shed"), HashSet::from([UserId(1)]));
        index.set(UserId(1), vec![]);
        index.set(UserId(2), vec![]);
        assert!(index.is_empty() && index.lengths.is_empty() && index.people.is_empty());
    }

    #[test]
    fn a_hostile_text_and_very_many_words_cost_no_more_than_a_moment() {
        let mut index = Index::default();
        for user in 0..2_000 {
            let words = (1..40).map(|length| format!("{}{user:x}", "漢".repeat(length % 30)));
            index.set(UserId(user), words.chain(["漢".into(), "a".into()]).collect());
        }
        let start = Instant::now();
        for text in ["漢".repeat(5_400), "a ".repeat(8_000), "x".repeat(16_000)] {
            index.find(&text);
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
