//! Files: do they stream, how soon is a photograph seen, how many a second beside the bare disk.

mod bytes;
mod memory;
mod photograph;
mod rates;

use super::Plan;
use crate::http::{Answer, Http};
use crate::table::Table;
use crate::{Result, failed};
use bytes::Bytes;
use serde_json::Value;

/// The server takes larger files than it does by default, and as many as there is room for.
const SETTINGS: &[(&str, &str)] = &[("PARLOUR_LIMIT_UPLOAD", "4294967296"), ("PARLOUR_LIMIT_FILES_PERSON", "0")];

const FILES: &str = "/api/v1/files";
const TUS: &str = "tus-resumable: 1.0.0\r\n";
const BOUNDARY: &str = "bench-boundary";

/// # Errors
/// The server broke off, or refused a file.
pub async fn files(plan: &Plan, table: &mut Table) -> Result<()> {
    memory::memory(plan, table).await?;
    photograph::photograph(plan, table).await?;
    rates::rates(plan, table).await
}

/// Sends a file as browsers and curl do. Answers its id.
async fn send(http: &mut Http, name: &str, pieces: impl Iterator<Item = impl AsRef<[u8]>>, size: u64) -> Result<i64> {
    let disposition = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    let before = format!("--{BOUNDARY}\r\n{disposition}\r\n\r\n");
    let after = format!("\r\n--{BOUNDARY}--\r\n");
    let kind = format!("content-type: multipart/form-data; boundary={BOUNDARY}\r\n");
    let length = before.len() as u64 + size + after.len() as u64;
    http.begin("POST", FILES, &kind, length).await?;
    http.write(before.as_bytes()).await?;
    for piece in pieces {
        http.write(piece.as_ref()).await?;
    }
    http.write(after.as_bytes()).await?;
    id(&good(FILES, http.answer(FILES).await?)?)
}

/// Sends a file in pieces of `step` bytes, by tus. Answers its id.
async fn send_in_pieces(http: &mut Http, bytes: &Bytes, size: u64, step: u64) -> Result<i64> {
    // Its name is `bench`.
    let headers = format!("{TUS}upload-length: {size}\r\nupload-metadata: filename YmVuY2g=\r\n");
    http.begin("POST", FILES, &headers, 0).await?;
    let begun = good(FILES, http.answer(FILES).await?)?;
    let path = begun.field("location").ok_or("an upload without a location")?.to_owned();
    let mut at = 0;
    while at < size {
        let end = size.min(at + step);
        let kind = "content-type: application/offset+octet-stream\r\n";
        http.begin("PATCH", &path, &format!("{TUS}{kind}upload-offset: {at}\r\n"), end - at).await?;
        for piece in bytes.pieces(at..end) {
            http.write(&piece).await?;
        }
        good(&path, http.answer(&path).await?)?;
        at = end;
    }
    let became = http.get(&path).await?;
    became["file"]["id"].as_i64().ok_or_else(|| format!("the upload became {became}"))
}

fn good(path: &str, answer: Answer) -> Result<Answer> {
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    Err(format!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
}

fn id(answer: &Answer) -> Result<i64> {
    let file: Value = serde_json::from_slice(&answer.body).map_err(failed("a file"))?;
    file["id"].as_i64().ok_or_else(|| format!("a file without an id: {file}"))
}
