//! `parlour sweep`.

use super::say;
use crate::admin::{self, Request};
use crate::config::Config;
use crate::files::sweep::Swept;

pub async fn sweep(config: Config) -> Result<(), String> {
    let Swept { files, orphans } = admin::ask(config, Request::Sweep).await?;
    say(&format!("{files} files that nothing held and {orphans} that a crash had left are gone."));
    Ok(())
}
