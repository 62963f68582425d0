//! What only a disk does: folders, modes, a crash, another file system, no room.

use crate::support::{Place, all, bytes, walk};
use blobs::Error;
use bytes::Bytes;
use futures_util::StreamExt;
use std::fs::File;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_this_user_sees_them() {
    let place = Place::disk();
    let staged = place.file("staged", b"bytes");
    assert_ne!(mode(&staged), 0o600);
    place.blobs.put_file("abcdef", &staged).await.unwrap();
    place.blobs.put("abce", Bytes::from_static(b"bytes")).await.unwrap();
    let files = place.folder.path().join("files");
    assert_eq!(place.blobs.local_path("abcdef"), Some(files.join("ab/abcdef")));
    for folder in ["", "ab", "new"] {
        assert_eq!(mode(&files.join(folder)), 0o700, "{folder}");
    }
    for file in ["ab/abcdef", "ab/abce"] {
        assert_eq!(mode(&files.join(file)), 0o600, "{file}");
    }
    let copy = place.folder.path().join("copy");
    place.blobs.fetch_to("abce", &copy).await.unwrap();
    assert_eq!(mode(&copy), 0o600);
}

#[tokio::test]
async fn what_a_crash_left_goes_after_a_day() {
    let place = Place::disk();
    let new = place.folder.path().join("files/new");
    for (name, hours) in [("old", 25), ("young", 23)] {
        let file = File::create(new.join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    }
    place.blobs.put("kept", Bytes::from_static(b"kept")).await.unwrap();
    let again = blobs::open("", place.folder.path(), &|_| None).unwrap();
    assert_eq!(walk(&new), [new.join("young")]);
    assert_eq!(again.get("kept", 9).await.unwrap(), "kept");
    assert_eq!(place.keys(SystemTime::now() + Duration::from_secs(60)).await, ["kept"]);
}

#[tokio::test]
async fn a_file_that_shrinks_is_an_error() {
    let place = Place::disk();
    place.blobs.put("abcd", bytes(1_000_000).into()).await.unwrap();
    let mut pieces = place.blobs.read("abcd", 0..u64::MAX).await.unwrap();
    pieces.next().await.unwrap().unwrap();
    let file = File::options().write(true).open(place.kept("abcd")).unwrap();
    file.set_len(500_000).unwrap();
    assert!(matches!(all(pieces).await, Err(Error::Other(_))));
}

#[tokio::test]
async fn a_folder_that_cannot_be_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("files"), "in the way").unwrap();
    let error = blobs::open("", folder.path(), &|_| None).err().unwrap();
    assert!(error.contains(&*folder.path().join("files").to_string_lossy()), "{error}");
    let place = Place::disk();
    std::fs::remove_dir_all(place.folder.path().join("files")).unwrap();
    let error = place.blobs.check().await.unwrap_err();
    assert!(error.contains("cannot write files in ") && error.contains("/files"), "{error}");
}

#[tokio::test]
async fn from_another_file_system() {
    let place = Place::disk();
    let other = tempfile::tempdir_in("/dev/shm").expect("this test needs a second file system, in /dev/shm");
    let device = |folder: &Path| folder.metadata().unwrap().dev();
    let apart = device(other.path()) != device(place.folder.path());
    assert!(apart, "this test needs a second file system: /dev/shm and the temporary folder are one");
    let bytes = bytes(3_000_000);
    let staged = other.path().join("staged");
    std::fs::write(&staged, &bytes).unwrap();
    place.blobs.put_file("moved", &staged).await.unwrap();
    assert!(!staged.exists());
    assert!(place.blobs.get("moved", 3_000_000).await.unwrap() == bytes);
    assert!(walk(&place.folder.path().join("files/new")).is_empty());
}

/// A file system in memory, so small that it is soon full.
struct Small(tempfile::TempDir);

impl Small {
    /// Only root may make one, and not in every container: a test that needs it fails there, since one that was not
    /// run proves nothing.
    fn new() -> Small {
        let folder = tempfile::tempdir().unwrap();
        let mount =
            as_root("mount").args(["-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs"]).arg(folder.path()).output();
        let out = mount.expect("this test needs `mount`");
        let why = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "this test needs root, to mount a small file system: {why}");
        Small(folder)
    }
}

/// By `sudo` where these tests run as somebody else; `bin/test` has asked for the password.
fn as_root(program: &str) -> Command {
    let me = Command::new("id").arg("-u").output().unwrap();
    if me.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = as_root("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// That the numbers of a full disk have this meaning is tested in any case, beside the error itself.
#[tokio::test]
async fn a_disk_that_is_full() {
    let small = Small::new();
    let other = Place::disk();
    let blobs = blobs::open("", small.0.path(), &|_| None).unwrap();
    blobs.put("first", bytes(600_000).into()).await.unwrap();
    let staged = other.file("staged", &bytes(600_000));
    for _ in 0..2 {
        assert!(matches!(blobs.put("second", bytes(600_000).into()).await, Err(Error::Full)));
        assert!(matches!(blobs.put_file("second", &staged).await, Err(Error::Full)));
        assert!(staged.exists(), "what was not taken over is still there");
        assert_eq!(blobs.len("second").await.unwrap(), None);
        assert!(walk(&small.0.path().join("files/new")).is_empty());
    }
    assert!(blobs.get("first", 600_000).await.unwrap() == bytes(600_000));
    blobs.delete("first").await.unwrap();
    blobs.put_file("second", &staged).await.unwrap();
    assert_eq!(blobs.len("second").await.unwrap(), Some(600_000));
}
