//! Rights that end: whoever leaves, is removed or logged out has the log up to there, and nothing after it by any
//! path.

mod crowd;
mod rooms;
mod sessions;
