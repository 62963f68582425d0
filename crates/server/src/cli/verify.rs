//! `parlour verify`.

use super::say;
use crate::admin::{self, Request};
use crate::config::Config;

pub async fn verify(config: Config) -> Result<(), String> {
    let wrong: Vec<String> = admin::ask(config, Request::Verify).await?;
    if wrong.is_empty() {
        say("Every room is what its log says.");
        return Ok(());
    }
    for what in &wrong {
        say(what);
    }
    Err(format!("{} things are wrong", wrong.len()))
}
