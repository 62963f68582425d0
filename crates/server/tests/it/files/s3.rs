//! The same server with its files in a store that speaks S3: the program itself, since it is told by its environment
//! where the store is.

use super::kit::*;
use crate::program::{command, serve_with, stop};
use crate::support::{Client, PASSWORD};
use crate::talk::at;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use serde_json::json;
use std::path::{Path, PathBuf};

const BUCKET: &str = "files-of-parlour";
const ACCESS: &str = "AKIAPARLOURTESTS";
const SECRET: &str = "a-secret-that-is-in-no-text";

/// A real store that speaks S3, on the files of a folder.
async fn store(folder: &Path) -> String {
    std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    service.set_auth(SimpleAuth::from_single(ACCESS, SECRET));
    let service = service.build().into_shared();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let http = hyper::server::conn::http1::Builder::new();
            tokio::spawn(http.serve_connection(hyper_util::rt::TokioIo::new(stream), service.clone()));
        }
    });
    format!("http://{address}")
}

/// What lies in the bucket: keys, without what the store notes beside them.
fn kept(folder: &Path) -> Vec<PathBuf> {
    let mut kept = Vec::new();
    walk(&folder.join(BUCKET), &mut kept);
    kept.retain(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'));
    kept
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_lie_in_a_bucket() {
    let (data, bucket) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let endpoint = store(bucket.path()).await;
    let run = || {
        let mut run = command(data.path(), &["serve"]);
        run.env("PARLOUR_FILES", format!("s3://{BUCKET}/chat"))
            .env("PARLOUR_LIMITS", "off")
            .env("AWS_ENDPOINT", &endpoint);
        run.env("AWS_ACCESS_KEY_ID", ACCESS).env("AWS_SECRET_ACCESS_KEY", SECRET);
        run
    };
    let (child, url) = serve_with(run());
    let mut ana = Client::at(url.strip_prefix("http://").unwrap().parse().unwrap());
    let answer = ana.post("/api/v1/accounts", json!({"username": "ana", "password": PASSWORD})).await;
    ana.take_login(&answer);
    // Larger than what is put at once.
    let whole = bytes(9 << 20);
    let large = upload(&ana, "large.bin", &whole).await;
    assert!(ana.get(&path(large)).await.bytes == whole);
    let part = ana.saying("range", "bytes=8388600-8388615").get(&path(large)).await;
    assert_eq!((part.status, &part.bytes[..]), (206, &whole[8_388_600..8_388_616]));
    assert_eq!(ana.saying("range", "bytes=-4").get(&path(large)).await.bytes, whole[whole.len() - 4..]);
    let picture = upload(&ana, "picture.png", &png(900, 300, 1)).await;
    let empty = upload(&ana, "empty", b"").await;
    assert_eq!(ana.get(&path(empty)).await.bytes, b"");
    for width in [640, 80] {
        assert_eq!(measured(&ana.get(&thumbnail(picture, width)).await.bytes).0, width);
    }
    let said = share(&ana, 1, "", json!([large, picture])).await;
    assert_eq!(kept(bucket.path()).len(), 3 + 2 + 2);
    assert!(!data.path().join("files").exists(), "nothing lies here");
    assert_eq!(std::fs::read_dir(data.path().join("uploads")).unwrap().count(), 0);
    ana.delete(&at(1, &format!("/messages/{}", said["seq"]))).await.ok(204);
    ana.delete(&path(empty)).await.ok(204);
    assert_eq!(kept(bucket.path()), Vec::<PathBuf>::new());
    assert_eq!(tokio::task::spawn_blocking(|| stop(child)).await.unwrap(), 0);
    // A store that cannot be used is said at the start, without its secret.
    let wrong = tokio::task::spawn_blocking({
        let mut run = run();
        run.env("AWS_SECRET_ACCESS_KEY", "another-secret");
        move || run.output().unwrap()
    });
    let wrong = wrong.await.unwrap();
    let told = String::from_utf8_lossy(&wrong.stderr).into_owned() + &String::from_utf8_lossy(&wrong.stdout);
    assert!(!wrong.status.success() && told.contains("files: ") && !told.contains("another-secret"), "{told}");
}
