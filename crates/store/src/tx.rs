//! A transaction on either database, under one face. On SQLite the futures are ready at once.

use crate::Committed;
use crate::error::Error;
use crate::value::{Row, Value};
use protocol::Time;
use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio_postgres::types::ToSql;

/// What a closure given to [`crate::Store`] works on.
pub struct Tx {
    conn: Conn,
    now: Time,
    /// What the open transaction brings, told to `on_commit` after it.
    appended: Vec<Committed>,
    /// Set by the first statement that fails: the whole group is rolled back.
    failed: Option<Error>,
    writes: u64,
    mark: u64,
    bytes: usize,
    /// Something was erased: the write-ahead log holds it until it is truncated.
    erased: bool,
    /// The transaction was committed or rolled back.
    ended: bool,
}

/// Rewritten texts by where the static one lies.
type Texts = HashMap<(usize, usize), Box<str>>;

pub(crate) enum Conn {
    Sqlite {
        conn: rusqlite::Connection,
        texts: Texts,
    },
    /// `None` only while it is dropped.
    Postgres(Option<deadpool_postgres::Object>),
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Tx {
        Tx {
            conn,
            now: wall_clock(),
            appended: Vec::new(),
            failed: None,
            writes: 0,
            mark: 0,
            bytes: 0,
            erased: false,
            ended: false,
        }
    }

    pub(crate) fn sqlite(conn: rusqlite::Connection) -> Tx {
        conn.set_prepared_statement_cache_capacity(128);
        Tx::new(Conn::Sqlite { conn, texts: HashMap::new() })
    }

    /// The clock of this write. A room's `at` is never below its last.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Writes as if it were another time: for histories that are made or imported.
    pub fn set_now(&mut self, now: Time) {
        self.now = now;
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }

    /// The text that belongs to this database, where the two do not agree.
    pub fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        if self.is_postgres() { postgres } else { sqlite }
    }

    /// All rows of a query. `sql` has `$1` … `$n`, each used at least once.
    ///
    /// # Errors
    /// The database failed; the transaction will be rolled back.
    pub async fn rows(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let result = match &mut self.conn {
            Conn::Sqlite { conn, texts } => sqlite_rows(conn, numbered(texts, sql), params),
            Conn::Postgres(client) => postgres_rows(open(client)?, sql, params).await,
        };
        result.inspect_err(|error| self.fail(error.clone()))
    }

    /// The first row of a query.
    ///
    /// # Errors
    /// The database failed; the transaction will be rolled back.
    pub async fn row(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// Runs a statement that writes; answers how many rows it changed.
    ///
    /// # Errors
    /// The database failed; the transaction will be rolled back.
    pub async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, Error> {
        self.writes += 1;
        self.bytes += params
            .iter()
            .map(|param| match param {
                Value::Text(text) => text.len(),
                Value::Blob(blob) => blob.len(),
                _ => 8,
            })
            .sum::<usize>();
        let result = match &mut self.conn {
            Conn::Sqlite { conn, texts } => (|| {
                let mut statement = conn.prepare_cached(numbered(texts, sql))?;
                Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
            })(),
            Conn::Postgres(client) => {
                async {
                    let client = open(client)?;
                    let statement = client.prepare_cached(sql).await?;
                    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|v| v as _).collect();
                    Ok(client.execute(&statement, &params).await?)
                }
                .await
            }
        };
        result.inspect_err(|error: &Error| self.fail(error.clone()))
    }

    /// A statement that writes and answers a row (`RETURNING`).
    ///
    /// # Errors
    /// The database failed; the transaction will be rolled back.
    pub async fn returning(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>, Error> {
        self.writes += 1;
        self.row(sql, params).await
    }

    /// Begins or ends a transaction: [`Tx::batch`], for what is said so often that it is prepared once.
    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Sqlite { conn, .. } => Ok(conn.prepare_cached(sql)?.execute([]).map(drop)?),
            Conn::Postgres(_) => self.batch(sql).await,
        }
    }

    /// Runs statements that answer nothing: schema, begin, commit.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.conn {
            Conn::Sqlite { conn, .. } => Ok(conn.execute_batch(sql)?),
            Conn::Postgres(client) => Ok(open(client)?.batch_execute(sql).await?),
        }
    }

    pub(crate) fn told(&mut self, committed: Committed) {
        self.appended.push(committed);
    }

    pub(crate) fn erased(&mut self) {
        self.erased = true;
    }

    pub(crate) fn take_erased(&mut self) -> bool {
        std::mem::take(&mut self.erased)
    }

    pub(crate) fn take_appended(&mut self) -> Vec<Committed> {
        std::mem::take(&mut self.appended)
    }

    pub(crate) fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    pub(crate) fn failed(&self) -> bool {
        self.failed.is_some()
    }

    pub(crate) fn take_failed(&mut self) -> Option<Error> {
        self.failed.take()
    }

    /// Starts the next closure of a group.
    pub(crate) fn start_job(&mut self) {
        self.now = wall_clock();
        self.mark = self.writes;
    }

    /// Forgets what a transaction left behind, after its end.
    pub(crate) fn reset(&mut self) {
        self.appended.clear();
        self.failed = None;
        self.bytes = 0;
    }

    pub(crate) fn wrote_since_mark(&self) -> bool {
        self.writes > self.mark
    }

    /// Says that the transaction is over and its connection can serve again.
    pub(crate) fn ended(&mut self) {
        self.ended = true;
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Tx {
    /// A connection whose transaction was not ended does not go back to the pool.
    fn drop(&mut self) {
        if let Conn::Postgres(client) = &mut self.conn
            && !self.ended
            && let Some(client) = client.take()
        {
            drop(deadpool_postgres::Object::take(client));
        }
    }
}

fn open(client: &Option<deadpool_postgres::Object>) -> Result<&deadpool_postgres::Object, Error> {
    client.as_ref().ok_or_else(|| Error::Unavailable("the connection is gone".into()))
}

fn wall_clock() -> Time {
    // A clock before 1970 is a broken one; order is seq alone, so 0 does no harm.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// `$1` is a name in SQLite, numbered by its first use; `?1` is the number itself. Rewritten once per text.
fn numbered<'t>(texts: &'t mut Texts, sql: &'static str) -> &'t str {
    texts.entry((sql.as_ptr() as usize, sql.len())).or_insert_with(|| sql.replace('$', "?").into_boxed_str())
}

fn sqlite_rows(conn: &rusqlite::Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|i| row.get_ref(i).map(Value::of_sqlite));
        out.push(Row(values.collect::<Result<_, _>>()?));
    }
    drop(rows);
    #[cfg(feature = "testing")]
    crate::testing::cost::note(sql, params, &statement);
    Ok(out)
}

async fn postgres_rows(client: &deadpool_postgres::Object, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|v| v as _).collect();
    let rows = client.query(&statement, &params).await?;
    let rows = rows.iter().map(|row| (0..row.len()).map(|i| Value::of_postgres(row, i)).collect::<Result<_, _>>());
    Ok(rows.map(|row| row.map(Row)).collect::<Result<_, _>>()?)
}
