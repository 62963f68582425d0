//! What links show: after a message was delivered its links are looked at, by the one guarded client, and what they
//! show is said as an event of its own.

use super::Reader;
use crate::app::App;
use crate::fault::Fault;
use crate::files::{self, Finished};
use crate::render::render;
use crate::room;
use futures_util::future::{BoxFuture, join_all};
use outbound::{Image, Url};
use protocol::file::Hints;
use protocol::fold::{Message, What};
use protocol::{Body, Event, FileInfo, Preview, RoomId, Said, Seq, UserId};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::time::Duration;
use store::{Lane, facts, log, rooms};
use tokio::sync::Semaphore;

/// Links that are looked at side by side, on the whole server.
const AT_ONCE: usize = 8;
/// What is older than this is no news: a history that was brought in is not looked up on the net.
const NEWS: i64 = 60 * 60_000;

pub struct Previews {
    turns: Semaphore,
}

impl Default for Previews {
    fn default() -> Self {
        Previews { turns: Semaphore::new(AT_ONCE) }
    }
}

impl Reader for Previews {
    fn name(&self) -> &'static str {
        "previews"
    }

    fn concerns(&self, event: &Event) -> bool {
        match &event.body {
            Body::Message { said, .. } => has_links(said),
            Body::Edited { .. } => true,
            _ => false,
        }
    }

    fn take<'a>(&'a self, app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let (target, said, first) = match &event.body {
                Body::Message { said, .. } => (event.seq, said, true),
                Body::Edited { target, said, .. } => (*target, said, false),
                _ => return Ok(()),
            };
            let old = jiff::Timestamp::now().as_millisecond() - event.at.0 > NEWS;
            match &said.text {
                // An edit may have taken the last link away.
                Some(text) if !old && (!first || has_links(said)) => self.look(app, event, target, text.clone()).await,
                _ => Ok(()),
            }
        })
    }
}

/// What is known of a message before its links are looked at.
struct Before {
    message: Message,
    /// Links that showed something before: what was closed does not come back by an edit.
    seen: HashSet<String>,
}

impl Previews {
    async fn look(&self, app: &App, event: &Event, target: Seq, text: String) -> Result<(), Fault> {
        let limits = &app.config.limits;
        let links = wanted(render(&text, limits.text).links, limits.previews as usize);
        let Some(before) = before(app, event, target, &text).await? else { return Ok(()) };
        if links.is_empty() && before.message.previews.is_empty() {
            return Ok(());
        }
        let shown = links.iter().map(|link| async {
            match before.message.previews.iter().find(|preview| preview.url == *link) {
                Some(known) => Some(known.clone()),
                None if before.seen.contains(link) => None,
                None => self.fetch(app, event.author, link).await,
            }
        });
        let previews: Vec<Preview> = join_all(shown).await.into_iter().flatten().collect();
        if previews == before.message.previews {
            return Ok(());
        }
        let fresh: Vec<_> = previews.iter().filter(|one| !before.message.previews.contains(one)).cloned().collect();
        if !room::show_previews(&app.core, event.room, target, text, previews).await? {
            for image in fresh.into_iter().filter_map(|preview| preview.image) {
                forget(app, &image).await?;
            }
        }
        Ok(())
    }

    /// What one link shows, with its picture as a file here. `None` where it shows nothing.
    async fn fetch(&self, app: &App, author: UserId, link: &str) -> Option<Preview> {
        let _turn = self.turns.acquire().await.ok()?;
        let time = Duration::from_millis(app.config.limits.preview_ms);
        let found = match tokio::time::timeout(time, outbound::preview(&app.outbound, link)).await {
            Ok(Ok(found)) => found,
            // Not the link itself: what people wrote does not go into the log of the server.
            Ok(Err(error)) => {
                tracing::debug!(reason = error.reason(), "a link shows nothing");
                return None;
            }
            Err(_) => return None,
        };
        let image = match found.image {
            Some(image) => keep(app, author, image).await,
            None => None,
        };
        if found.title.is_none() && found.description.is_none() && image.is_none() {
            return None;
        }
        let site = Some(found.site).filter(|site| !site.is_empty());
        Some(Preview { url: link.to_owned(), site, title: found.title, description: found.description, image })
    }
}

/// The message as it reads now, where its links are to be looked at for this event: it still reads so, its room and
/// the server want to know, and nobody did it already.
async fn before(app: &App, event: &Event, target: Seq, text: &str) -> Result<Option<Before>, Fault> {
    let (room, seq, text): (RoomId, Seq, String) = (event.room, event.seq, text.to_owned());
    let read = app.store.read(move |tx| {
        Box::pin(async move {
            let wanted =
                rooms::get(tx, room).await?.is_some_and(|row| row.previews) && facts::server(tx).await?.previews;
            let done = log::previewed_after(tx, room, target, seq).await?;
            let entry = log::entry(tx, room, target).await?;
            let Some(What::Message(message)) = entry.map(|entry| entry.what) else { return Ok::<_, Fault>(None) };
            if !wanted || done || message.erased || message.text != text {
                return Ok(None);
            }
            let seen = log::shown_so_far(tx, room, target).await?.into_iter().map(|preview| preview.url).collect();
            Ok(Some(Before { message, seen }))
        })
    });
    read.await
}

/// Told in no time, as it is asked of every event: all links but those that stand bare in a plain text have their element.
fn has_links(said: &Said) -> bool {
    match (&said.html, &said.text) {
        (Some(html), _) => html.contains("<a "),
        (None, Some(text)) => text.contains("://"),
        (None, None) => false,
    }
}

/// The first `most` places of the web among the links that are drawn, without doubles; not those here.
fn wanted(links: Vec<Url>, most: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    let once = links.into_iter().filter(|url| {
        // Two places on one page have one preview.
        let mut page = url.clone();
        page.set_fragment(None);
        matches!(url.scheme(), "http" | "https") && seen.insert(page)
    });
    once.take(most).filter(|url| !is_ours(url)).map(String::from).collect()
}

/// A link to a message or room here: who may see it is told by their own page, with their own rights. No stranger's
/// copy of it may stand in a room.
fn is_ours(url: &Url) -> bool {
    let mut parts = url.path().trim_matches('/').split('/');
    let number =
        |part: Option<&str>| part.is_none_or(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    parts.next() == Some("r")
        && url.path().len() > 3
        && number(parts.next())
        && number(parts.next())
        && parts.next().is_none()
}

/// A picture of another site as a file here, where it is one that can be shown.
async fn keep(app: &App, owner: UserId, image: Image) -> Option<FileInfo> {
    let part = app.files.staging.scratch();
    let (size, hash) = (image.bytes.len() as u64, Sha256::digest(&image.bytes).into());
    tokio::fs::write(&part, image.bytes).await.ok()?;
    let done = Finished { part: part.clone(), owner, name: "preview".into(), size, hash, hints: Hints::default() };
    let kept = files::finish(app, done).await;
    let _ = tokio::fs::remove_file(&part).await;
    let info = match kept {
        Ok(row) => FileInfo { alt: image.alt, ..row.info },
        Err(fault) => {
            tracing::debug!(%fault, "a preview does without its picture");
            return None;
        }
    };
    if info.thumbhash.is_some() {
        return Some(info);
    }
    let _ = forget(app, &info).await;
    None
}

/// A picture that no preview shows after all.
async fn forget(app: &App, image: &FileInfo) -> Result<(), Fault> {
    let id = image.id;
    let freed = app
        .store
        .write(Lane::Server, move |tx| Box::pin(async move { Ok::<_, Fault>(store::files::forget(tx, id).await?) }));
    if let Some(key) = freed.await? {
        app.files.discard(&key).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_count_once_and_some_are_enough() {
        let check = |links: &[&str], most: usize, expected: &[&str]| {
            let links = links.iter().map(|link| Url::parse(link).expect("a link")).collect();
            assert_eq!(wanted(links, most), expected);
        };
        let x = "https://a.example/";
        check(&[x, "https://A.EXAMPLE", "https://a.example/#b"], 3, &[x]);
        check(&["https://a.example/#b", x], 3, &["https://a.example/#b"]);
        check(&["http://a/", "http://b/", "http://c/", "http://d/"], 3, &["http://a/", "http://b/", "http://c/"]);
        check(&["mailto:a@b.example", "https://a.example/r/7", x], 2, &[x]);
        check(&[x], 0, &[]);
    }

    #[test]
    fn links_to_rooms_are_not_looked_at_by_the_server() {
        for (link, ours) in [
            ("https://chat.example/r/7/42", true),
            ("https://chat.example/r/7", true),
            ("https://reddit.example/r/rust", false),
            ("https://x.example/r/7/42/more", false),
            ("https://x.example/", false),
            ("https://x.example/r/", false),
        ] {
            assert_eq!(is_ours(&Url::parse(link).expect("a link")), ours, "{link}");
        }
    }
}
