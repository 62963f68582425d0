//! Each way to be wrong is found, and what is right is let through.

use super::*;
use serde_json::json;

fn said(seq: i64, author: i64, client_id: &str) -> Value {
    let at = format!("2026-01-01T00:00:{seq:02}.000Z");
    json!({"room":1,"seq":seq,"at":at,"author":author,"kind":"message","client_id":client_id,"text":client_id})
}

fn log() -> Vec<Value> {
    let joined = json!({"room":1,"seq":1,"at":"2026-01-01T00:00:00.000Z","author":1,"kind":"joined","users":[1,2]});
    vec![joined, said(2, 1, "a"), said(3, 2, "a"), said(4, 1, "b")]
}

fn acks() -> Vec<Ack> {
    let ack = |author, client_id: &str, seq| Ack { author, client_id: client_id.to_owned(), seq };
    vec![ack(1, "a", 2), ack(2, "a", 3), ack(1, "b", 4)]
}

fn copy(after: usize) -> Copy {
    let events = log().into_iter().skip(after).map(|mut event| {
        event["t"] = "event".into();
        event
    });
    Copy { who: "bo".into(), after: after as i64, events: events.collect() }
}

#[track_caller]
fn check(wrong: Vec<String>, words: &[&str]) {
    assert_eq!(wrong.len(), words.len(), "{wrong:?}");
    for (line, word) in wrong.iter().zip(words) {
        assert!(line.contains(word), "{line} does not speak of {word}");
    }
}

#[test]
fn a_good_run_is_let_through() {
    check(room(&log(), &acks(), &[copy(0), copy(2), copy(4)]), &[]);
}

#[test]
fn a_log_with_a_hole_a_double_or_time_going_back() {
    let mut holed = log();
    holed.remove(2);
    check(whole(&holed), &["seq 4 where 3 belongs"]);
    let mut double = log();
    double.push(said(5, 1, "a"));
    check(whole(&double), &["a of person 1 is there twice: at 2 and at 5"]);
    let mut back = log();
    back[3]["at"] = "2025-12-31T00:00:00.000Z".into();
    check(whole(&back), &["time goes back at seq 4"]);
}

#[test]
fn acks_of_what_is_lost_moved_or_doubled() {
    let mut lost = log();
    lost.pop();
    check(acknowledged(&lost, &acks()), &["b of person 1 was acknowledged at 4 and is lost"]);
    let mut moved = acks();
    moved[0].seq = 9;
    check(acknowledged(&log(), &moved), &["acknowledged at 9 and stands at 2"]);
    let mut double = log();
    double.push(said(5, 1, "a"));
    check(acknowledged(&double, &acks()), &["is there 2 times"]);
}

#[test]
fn a_copy_with_a_gap_a_double_another_word_or_a_missing_end() {
    let mut gap = copy(0);
    gap.events.remove(1);
    check(same(&log(), &gap), &["3 after 1: with a gap"]);
    let mut double = copy(0);
    double.events.insert(1, double.events[0].clone());
    check(same(&log(), &double), &["1 after 1: again"]);
    let mut other = copy(0);
    other.events[1]["text"] = "something else".into();
    check(same(&log(), &other), &["was given 2 as"]);
    let mut short = copy(0);
    short.events.pop();
    check(same(&log(), &short), &["up to 3, its head is 4"]);
    let mut more = copy(0);
    more.events.push(said(5, 1, "c"));
    check(same(&log(), &more), &["5, which is not in the log", "up to 5, its head is 4"]);
}

#[test]
fn erased_words_are_not_held_against_a_copy_but_their_place_is() {
    let mut erased = log();
    erased[1] = json!({"room":1,"seq":2,"at":"2026-01-01T00:00:02.000Z","author":1,"kind":"message","client_id":"a","erased":true});
    check(same(&erased, &copy(0)), &[]);
    erased[1]["author"] = 2.into();
    check(same(&erased, &copy(0)), &["was given 2 as"]);
}

#[test]
fn a_page_that_is_not_the_fold() {
    let row = |seq: i64, author: i64, id: &str| {
        let at = format!("2026-01-01T00:00:{seq:02}.000Z");
        json!({"seq":seq,"at":at,"author":author,"kind":"message","client_id":id,"text":id,"mentions":[],"files":[],"reactions":[]})
    };
    let page = vec![row(3, 2, "a"), row(4, 1, "b")];
    check(folded(&log(), &page), &[]);
    let mut wrong = page.clone();
    wrong[1]["text"] = "x".into();
    check(folded(&log(), &wrong), &["the page shows"]);
    check(folded(&log()[..1], &[page.clone(), page].concat()), &["4 rows, the fold 1"]);
}
