//! Values on their way in and out: the four types that both databases share.

use bytes::BytesMut;
use protocol::ids::SessionId;
use protocol::{FileId, RoomId, Seq, Time, UserId};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, ToSql, Type};

/// Ids, seqs, times (ms) and booleans are `Int`; JSON is `Text`; hashes are `Blob`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// One row of an answer.
#[derive(Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The number in column `i`; 0 where it is null.
    pub fn int(&self, i: usize) -> i64 {
        self.opt_int(i).unwrap_or_default()
    }

    pub fn opt_int(&self, i: usize) -> Option<i64> {
        match self.0.get(i) {
            Some(Value::Int(int)) => Some(*int),
            _ => None,
        }
    }

    /// Takes the text out of column `i`; empty where it is null.
    pub fn text(&mut self, i: usize) -> String {
        self.opt_text(i).unwrap_or_default()
    }

    pub fn opt_text(&mut self, i: usize) -> Option<String> {
        match self.0.get_mut(i) {
            Some(Value::Text(text)) => Some(std::mem::take(text)),
            _ => None,
        }
    }

    pub fn opt_blob(&mut self, i: usize) -> Option<Vec<u8>> {
        match self.0.get_mut(i) {
            Some(Value::Blob(blob)) => Some(std::mem::take(blob)),
            _ => None,
        }
    }

    pub fn blob(&mut self, i: usize) -> Vec<u8> {
        self.opt_blob(i).unwrap_or_default()
    }

    pub fn is(&self, i: usize) -> bool {
        self.int(i) != 0
    }

    pub fn user(&self, i: usize) -> UserId {
        UserId(self.int(i))
    }

    pub fn room(&self, i: usize) -> RoomId {
        RoomId(self.int(i))
    }

    pub fn seq(&self, i: usize) -> Seq {
        Seq(self.int(i))
    }

    pub fn time(&self, i: usize) -> Time {
        Time(self.int(i))
    }
}

macro_rules! into_value {
    ($($from:ty, $v:ident => $to:expr);+ $(;)?) => { $(
        impl From<$from> for Value {
            fn from($v: $from) -> Value { $to }
        }
    )+ };
}

into_value! {
    i64, v => Value::Int(v);
    bool, v => Value::Int(i64::from(v));
    String, v => Value::Text(v);
    &str, v => Value::Text(v.to_owned());
    &String, v => Value::Text(v.clone());
    Vec<u8>, v => Value::Blob(v);
    &[u8], v => Value::Blob(v.to_vec());
    UserId, v => Value::Int(v.0);
    RoomId, v => Value::Int(v.0);
    FileId, v => Value::Int(v.0);
    Seq, v => Value::Int(v.0);
    SessionId, v => Value::Int(v.0);
    Time, v => Value::Int(v.0);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(blob) => ValueRef::Blob(blob),
        }))
    }
}

impl Value {
    pub(crate) fn of_sqlite(value: ValueRef<'_>) -> Value {
        match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(int) => Value::Int(int),
            // No column is a float; a sum of integers is cast in its text.
            ValueRef::Real(real) => Value::Int(real as i64),
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
        }
    }

    pub(crate) fn of_postgres(row: &tokio_postgres::Row, i: usize) -> Result<Value, tokio_postgres::Error> {
        let ty = row.columns()[i].type_();
        Ok(if *ty == Type::INT8 {
            row.try_get::<_, Option<i64>>(i)?.into()
        } else if *ty == Type::INT4 {
            row.try_get::<_, Option<i32>>(i)?.map(i64::from).into()
        } else if *ty == Type::BOOL {
            row.try_get::<_, Option<bool>>(i)?.into()
        } else if *ty == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(i)?.into()
        } else {
            row.try_get::<_, Option<String>>(i)?.into()
        })
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Value::Int(int) if *ty == Type::BOOL => (*int != 0).to_sql(ty, out),
            Value::Int(int) => int.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Blob(blob) => blob.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}
