//! What is one person's own: what they put aside, when they want quiet, which words call them. Nobody else learns of it.

mod keywords;
mod kit;
mod mute;
mod quiet;
mod saved;
mod settings;
