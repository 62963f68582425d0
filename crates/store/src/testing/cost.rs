//! What statements cost on SQLite, in steps of its machine and not in time. A closure that a test gives to the
//! store runs on one thread: what it ran is noted there.

use crate::Value;
use rusqlite::{Statement, StatementStatus};
use std::cell::RefCell;

/// A statement that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    pub sql: String,
    pub params: Vec<Value>,
    /// Steps of the virtual machine.
    pub steps: i32,
    /// Rows that it stepped over in scans of a whole table.
    pub scanned: i32,
}

thread_local! {
    static RAN: RefCell<Option<Vec<Ran>>> = const { RefCell::new(None) };
}

/// From here on, statements of this thread are noted.
pub fn watch() {
    RAN.set(Some(Vec::new()));
}

/// Those that ran since [`watch`], which ends.
pub fn ran() -> Vec<Ran> {
    RAN.take().unwrap_or_default()
}

pub(crate) fn note(sql: &str, params: &[Value], statement: &Statement<'_>) {
    let (steps, scanned) =
        (statement.reset_status(StatementStatus::VmStep), statement.reset_status(StatementStatus::FullscanStep));
    RAN.with_borrow_mut(|ran| {
        if let Some(ran) = ran {
            ran.push(Ran { sql: sql.to_owned(), params: params.to_vec(), steps, scanned });
        }
    });
}
