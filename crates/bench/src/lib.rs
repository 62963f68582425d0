//! Measures the program from outside, over the network only.
//!
//! `checker` says what is wrong with a run, in words: pure functions, which tests use as well. `program` starts
//! `parlour`; `http` and `client` speak to it; `measure` holds one file a question; `floor` is what the machine
//! itself can do; `fanout` sets the product beside its peers, by `load`, a generator far cheaper than they are;
//! `proc` asks the kernel; `table` prints.

#![forbid(unsafe_code)]

pub mod checker;
pub mod client;
pub mod fanout;
pub mod floor;
pub mod http;
pub mod load;
pub mod measure;
pub mod proc;
pub mod program;
pub mod table;

/// Errors are texts for people: there is nobody else to handle them.
pub type Result<T> = std::result::Result<T, String>;

/// A text of what failed and why.
pub fn failed<E: std::fmt::Display>(what: &str) -> impl Fn(E) -> String {
    move |error| format!("{what}: {error}")
}
