//! A connection over a pipe that takes as much as it is told to.

use super::*;

/// Takes `place` bytes, then none.
#[derive(Default)]
struct Pipe {
    place: Mutex<usize>,
    got: Mutex<Vec<u8>>,
}
impl Sink for Pipe {
    fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.try_write(&[IoSlice::new(bytes)])
    }
    fn try_write(&self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut place = self.place.lock().expect("whole");
        let all: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        let takes = all.len().min(*place);
        if takes == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        *place -= takes;
        self.got.lock().expect("whole").extend(&all[..takes]);
        Ok(takes)
    }
}
impl Pipe {
    fn got(&self) -> Vec<u8> {
        std::mem::take(&mut self.got.lock().expect("whole"))
    }
}

fn conn(limit: usize, place: usize) -> (Conn, Arc<Pipe>) {
    let pipe = Arc::new(Pipe { place: Mutex::new(place), ..Pipe::default() });
    (Conn::new(1, UserId(1), SessionId(1), limit, Arc::clone(&pipe) as Arc<dyn Sink>), pipe)
}
fn welcomed(limit: usize, place: usize) -> (Conn, Arc<Pipe>) {
    let (conn, pipe) = conn(limit, 1000);
    conn.welcome(&ServerFrame::Pong);
    pipe.got();
    *pipe.place.lock().expect("whole") = place;
    (conn, pipe)
}
fn frames(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| Frame::text(text).bytes().to_vec()).collect()
}

#[test]
fn a_full_queue_closes_and_holds_nothing() {
    let (conn, pipe) = welcomed(2 * (12 + OVERHEAD), 0);
    conn.push(Frame::text("0123456789"));
    conn.push(Frame::text("0123456789"));
    assert_eq!(conn.flush(), Flushed::Blocked);
    assert!(!conn.is_closed());
    conn.push(Frame::text("0"));
    assert!(matches!(conn.flush(), Flushed::Closed(Close::Slow, _)));
    *pipe.place.lock().expect("whole") = 1000;
    conn.push(Frame::text("later"));
    assert!(matches!(conn.flush(), Flushed::Closed(Close::Slow, _)));
    assert!(pipe.got().is_empty() && conn.remainder().is_empty());
}

#[test]
fn who_was_waited_for_in_vain_is_not_again_until_the_queue_is_half_empty() {
    let frame = || Frame::text("0123456789");
    let (conn, pipe) = welcomed(4 * (12 + OVERHEAD), 0);
    conn.push(frame());
    assert!(!conn.fills_up());
    conn.push(frame());
    conn.push(frame());
    assert!(conn.fills_up());
    conn.was_waited_for();
    assert!(!conn.fills_up());
    // Little is taken: it does not count.
    *pipe.place.lock().expect("whole") = 12;
    conn.flush();
    assert!(!conn.fills_up());
    *pipe.place.lock().expect("whole") = 12;
    conn.flush();
    conn.push(frame());
    assert!(conn.fills_up(), "it took half of it, and fills up anew");
}

#[test]
fn the_welcome_comes_first() {
    let (conn, pipe) = conn(1000, 1000);
    conn.push(Frame::text("early"));
    assert_eq!((conn.flush(), pipe.got()), (Flushed::All, vec![]));
    conn.welcome(&ServerFrame::Pong);
    assert_eq!(pipe.got(), frames(&[r#"{"t":"pong"}"#, "early"]));
}

#[test]
fn an_answer_is_told_once_by_whoever_is_first() {
    let (conn, pipe) = welcomed(1000, 1000);
    let answers = ["a", "b"].map(|id| (id.to_owned(), Frame::text(id)));
    conn.owes(RoomId(1), "a");
    conn.owes(RoomId(2), "b");
    conn.push_answering(RoomId(1), &answers, &[Frame::text("event")]);
    assert_eq!(pipe.got(), frames(&["a", "event"]), "what is owed for another room is not told for this one");
    assert!(!conn.settles(RoomId(1), "a"));
    assert!(conn.settles(RoomId(2), "b"));
    conn.push_answering(RoomId(2), &answers, &[Frame::text("event")]);
    assert_eq!(pipe.got(), frames(&["event"]));
}

#[test]
fn nothing_is_written_after_a_close() {
    let (conn, pipe) = welcomed(1000, 1000);
    conn.close(Close::SessionOver);
    conn.close(Close::Restart);
    conn.push(Frame::text("a"));
    assert!(matches!(conn.flush(), Flushed::Closed(Close::SessionOver, _)));
    assert!(pipe.got().is_empty());
}

#[test]
fn what_is_cut_anywhere_goes_on_where_it_was() {
    let texts: Vec<String> = (0..200).map(|n| format!("number {n}")).collect();
    let all = frames(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    for step in [1, 7, 100, 5000] {
        let (conn, pipe) = welcomed(100_000, 3);
        for text in &texts {
            conn.push(Frame::text(text));
        }
        let mut got = pipe.got();
        while got.len() < all.len() {
            *pipe.place.lock().expect("whole") = step;
            conn.flush();
            got.extend(pipe.got());
        }
        assert_eq!(got, all);
        assert_eq!((conn.flush(), conn.state().bytes), (Flushed::All, 0));
    }
}

#[test]
fn a_frame_that_had_begun_is_ended_before_the_close() {
    let (conn, pipe) = welcomed(1000, 4);
    conn.push(Frame::text("half of it"));
    conn.push(Frame::text("none of it"));
    conn.close(Close::Slow);
    assert_eq!([pipe.got(), conn.remainder()].concat(), frames(&["half of it"]));
    assert!(conn.remainder().is_empty());
}
