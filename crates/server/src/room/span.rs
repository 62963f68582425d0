//! Parts of a list of seqs: what a room shows, its log, the replies of a thread.

use protocol::fold::Entry;
use protocol::{Event, RoomId, Seq};
use store::{Error, Tx, log};

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Newest,
    /// Exclusive.
    Before(Seq),
    /// Exclusive.
    After(Seq),
    /// Inclusive.
    Around(Seq),
}

/// What a room shows.
pub(super) struct Shown(pub RoomId);
/// A room's log.
pub(super) struct Whole(pub RoomId);
/// The replies of a thread: its room and root.
pub(super) struct Replies(pub RoomId, pub Seq);

/// What is read in both directions, always oldest first.
pub(super) trait Source: Sync {
    type Item: Clone + Send;
    fn place(item: &Self::Item) -> Seq;
    fn before(&self, tx: &mut Tx, seq: Seq, limit: i64) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send;
    fn after(&self, tx: &mut Tx, seq: Seq, limit: i64) -> impl Future<Output = Result<Vec<Self::Item>, Error>> + Send;
}

impl Span {
    pub(super) async fn of<S: Source>(self, tx: &mut Tx, source: &S, limit: u32) -> Result<Vec<S::Item>, Error> {
        let limit = i64::from(limit);
        match self {
            Span::Newest => source.before(tx, Seq(i64::MAX), limit).await,
            Span::Before(seq) => source.before(tx, seq, limit).await,
            Span::After(seq) => source.after(tx, seq, limit).await,
            Span::Around(seq) => around(tx, source, seq, limit).await,
        }
    }
}

/// Half before, the rest from there on; what one side lacks, the other gives.
async fn around<S: Source>(tx: &mut Tx, source: &S, seq: Seq, limit: i64) -> Result<Vec<S::Item>, Error> {
    let lacks = |items: &[S::Item]| limit - i64::try_from(items.len()).unwrap_or(limit);
    let before = source.before(tx, seq, limit / 2).await?;
    let after = source.after(tx, Seq(seq.0.saturating_sub(1)), lacks(&before)).await?;
    let page = [before, after].concat();
    let first = page.first().map_or(seq, S::place);
    let earlier = match lacks(&page) {
        0 => Vec::new(),
        more => source.before(tx, first, more).await?,
    };
    Ok([earlier, page].concat())
}

impl Source for Shown {
    type Item = Entry;

    fn place(item: &Entry) -> Seq {
        item.seq
    }

    async fn before(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
        log::page_before(tx, self.0, seq, limit).await
    }

    async fn after(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
        log::page_after(tx, self.0, seq, limit).await
    }
}

impl Source for Whole {
    type Item = Event;

    fn place(item: &Event) -> Seq {
        item.seq
    }

    async fn before(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Event>, Error> {
        log::before(tx, self.0, seq, limit).await
    }

    async fn after(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Event>, Error> {
        log::after(tx, self.0, seq, limit).await
    }
}

impl Source for Replies {
    type Item = Entry;

    fn place(item: &Entry) -> Seq {
        item.seq
    }

    async fn before(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
        log::replies_before(tx, self.0, self.1, seq, limit).await
    }

    async fn after(&self, tx: &mut Tx, seq: Seq, limit: i64) -> Result<Vec<Entry>, Error> {
        log::replies_after(tx, self.0, self.1, seq, limit).await
    }
}
