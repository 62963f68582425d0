//! The generator against a floor, and against a small server with bugs on purpose: each must be found.

use super::dialect::{Dialect, Member};
use super::frames::{from_client, write_server};
use super::spec::{Report, RoomSpec, Spec, Step};
use super::steps;
use super::tally::Wrong;
use crate::floor::epoll::{self, Floor};
use crate::program::free_address;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

const PEOPLE: usize = 5;
const PACE: Step = Step::Pace { seconds: 0.1, rate: 100.0 };

fn load(address: SocketAddr, dialect: Dialect, rooms: usize, steps: &[Step]) -> Report {
    let room = |n: usize| RoomSpec {
        name: format!("r{n}"),
        members: vec![Member::default(); PEOPLE],
        writers: 1,
        probe: false,
    };
    let steps = [&[Step::Connect { rest: 0.0 }], steps].concat();
    let rooms = (0..rooms).map(room).collect();
    let spec = Spec { dialect, address, pid: std::process::id(), opening: 2, rooms, steps };
    steps::run(&spec).expect("the server lives")
}

#[test]
fn the_floors_give_everybody_everything() {
    for floor in [Floor::F1, Floor::F1c] {
        let address = free_address().expect("an address");
        std::thread::spawn(move || epoll::serve(address, floor));
        while TcpStream::connect(address).is_err() {}
        let burst = Step::Saturate { seconds: 0.2, outstanding: 32, probe: false };
        let report = load(address, Dialect::Plain, 3, &[PACE, burst]);
        assert_eq!((report.wrong, report.broken.as_deref()), (Wrong::default(), None));
        assert_eq!(report.outcomes[1].messages, 10);
        assert_eq!(report.outcomes[1].deliveries, 10 * PEOPLE as u64);
        assert!(report.outcomes[2].messages > 0, "{:?}", report.outcomes[2]);
        assert!(report.one_order);
    }
}

#[test]
fn whoever_is_greeted_is_in() {
    let address = free_address().expect("an address");
    std::thread::spawn(move || epoll::serve(address, Floor::F1h));
    while TcpStream::connect(address).is_err() {}
    let report = load(address, Dialect::Parlour, 2, &[]);
    assert_eq!((report.wrong, report.broken.as_deref()), (Wrong::default(), None));
    assert_eq!(report.outcomes[0].clients, 2 * PEOPLE as u64);
}

#[derive(Clone, Copy)]
enum Bug {
    None,
    Lose,
    Double,
    Late,
    Alter,
}

#[track_caller]
fn check(bug: Bug, expected: Wrong) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || serve(&listener, bug));
    assert_eq!(load(address, Dialect::Plain, 1, &[PACE]).wrong, expected);
}

/// What the first one says is given to all, but the last one meets the bug with the third message.
fn serve(listener: &TcpListener, bug: Bug) -> std::io::Result<()> {
    let mut sockets = Vec::new();
    for _ in 0..PEOPLE {
        let (mut socket, _) = listener.accept()?;
        let mut request = [0; 1024];
        let _ = socket.read(&mut request)?;
        socket.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")?;
        sockets.push(socket);
    }
    let (mut came, mut text, mut held) = (Vec::new(), Vec::new(), Vec::new());
    let mut n = 0;
    loop {
        let mut piece = [0; 4096];
        let bytes = sockets[0].read(&mut piece)?;
        if bytes == 0 {
            return Ok(());
        }
        came.extend_from_slice(&piece[..bytes]);
        while let Ok(Some((_, used))) = from_client(&came, &mut text) {
            came.drain(..used);
            let mut frame = Vec::new();
            write_server(1, &text, &mut frame);
            let (last, others) = sockets.split_last_mut().expect("there are some");
            others.iter_mut().try_for_each(|socket| socket.write_all(&frame))?;
            match (bug, n == 2) {
                (Bug::Lose, true) => {}
                (Bug::Double, true) => last.write_all(&frame.repeat(2))?,
                (Bug::Late, true) => held.clone_from(&frame),
                (Bug::Alter, true) => last.write_all(&[&frame[..100], b"?", &frame[101..]].concat())?,
                _ => {
                    last.write_all(&frame)?;
                    last.write_all(&std::mem::take(&mut held))?;
                }
            }
            n += 1;
        }
    }
}

#[test]
fn a_right_server_is_let_through() {
    check(Bug::None, Wrong::default());
}

#[test]
fn a_lost_a_doubled_and_a_late_delivery_are_each_found() {
    check(Bug::Lose, Wrong { lost: 1, ..Wrong::default() });
    check(Bug::Double, Wrong { doubled: 1, ..Wrong::default() });
    check(Bug::Late, Wrong { late: 1, ..Wrong::default() });
}

#[test]
fn an_altered_delivery_is_strange_and_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || serve(&listener, Bug::Alter));
    let report = load(address, Dialect::Plain, 1, &[PACE]);
    assert!(report.wrong.strange > 0 && report.wrong.lost > 0, "{:?}", report.wrong);
    assert!(report.broken.is_some_and(|broken| broken.contains("was given")));
}
