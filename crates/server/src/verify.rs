//! `parlour verify`: folds every room anew and compares it with what is kept.

use crate::app::App;
use crate::fault::Fault;
use futures_util::FutureExt;

/// What is wrong, a line each; empty where all is right. Each room is read in one snapshot, so it may run beside
/// people who talk.
///
/// # Errors
/// The database failed.
pub async fn check(app: &App) -> Result<Vec<String>, Fault> {
    let rooms = app.store.read(|tx| async move { Ok::<_, Fault>(store::verify::rooms(tx).await?) }.boxed()).await?;
    let mut wrong = Vec::new();
    for room in rooms {
        let found = app.store.read(move |tx| {
            async move {
                let Some(row) = store::rooms::get(tx, room).await? else { return Ok(Vec::new()) };
                Ok::<_, Fault>(store::verify::room(tx, &row).await?)
            }
            .boxed()
        });
        wrong.extend(found.await?.into_iter().map(|what| format!("room {room}: {what}")));
    }
    Ok(wrong)
}
