//! The one client with which the server talks to addresses that strangers name, and what is read from a page for a
//! preview of its link.
//!
//! Whoever writes a link makes the server fetch something. So a request goes through one path only: [`guard`] reads
//! the URL, a name is resolved once, every address that it has is judged, and the connection goes to an address that was
//! judged. Redirects and addresses found in pages start again at the first step. All that comes back is bounded in
//! bytes and in time.

mod client;
mod error;
#[doc(hidden)]
pub mod fuzz;
pub mod guard;
mod links;
pub mod page;
mod preview;
mod resolve;

pub use client::{Answer, Client, HOPS, Opened, Options, Request, Want};
pub use error::{Error, Misconfigured, Refusal};
pub use hyper::{HeaderMap, Method, StatusCode, header};
pub use ipnet::IpNet;
pub use links::links;
pub use preview::{Image, Kind, Preview, preview};
pub use resolve::{Resolve, Resolving, System};
pub use url::Url;
