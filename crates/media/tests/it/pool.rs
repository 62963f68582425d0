//! Worker processes that do not what they should.

use media::picture::{Format, Limits};
use media::worker::{Job, Wish};
use media::{Error, Pool};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(60);

/// A pool whose workers are this shell script, and its job: the script writes `out`.
fn scripted(folder: &TempDir, script: &str, at_once: usize, waiting: usize, time: Duration) -> (Pool, Job) {
    let path = |name: &str| folder.path().join(name);
    let script = format!("cd {}; {script}", folder.path().display());
    let pool = Pool::new("/bin/sh".into(), vec!["-c".into(), script.into()], at_once, waiting, time);
    let wish = Wish { width: 1, height: 1, format: Format::Png, out: path("out") };
    let job =
        Job { source: path("source"), measure: false, thumbnails: vec![wish], square: None, limits: Limits::default() };
    (pool, job)
}

/// Waits until `so` is so.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn process(folder: &TempDir) -> PathBuf {
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    Path::new("/proc").join(pid.trim())
}

const STUCK: &str = "echo made > out; echo $$ > pid.new; mv pid.new pid; exec /bin/sleep 1000";

#[tokio::test]
async fn one_that_takes_too_long_is_killed_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let (pool, job) = scripted(&folder, STUCK, 1, 0, Duration::from_millis(500));
    assert_eq!(pool.run(job.clone()).await, Err(Error::TooSlow));
    assert!(!process(&folder).exists(), "it is dead before the answer is given");
    assert!(!job.thumbnails[0].out.exists());
}

#[tokio::test]
async fn one_that_nobody_waits_for_is_killed_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let (pool, job) = scripted(&folder, STUCK, 1, 0, LONG);
    let out = job.thumbnails[0].out.clone();
    let waits = tokio::spawn({
        let (pool, job) = (pool.clone(), job.clone());
        async move { pool.run(job).await }
    });
    until(|| folder.path().join("pid").exists()).await;
    assert_eq!(pool.run(job.clone()).await, Err(Error::Busy));
    let process = process(&folder);
    assert!(process.exists() && out.exists());
    waits.abort();
    until(|| !process.exists() && !out.exists()).await;
}

#[tokio::test]
async fn only_so_many_run_and_only_so_many_wait() {
    let folder = TempDir::new().unwrap();
    // Each leaves a trace, and goes on when it is let.
    let script = "echo > started.$$; while [ ! -e go ]; do /bin/sleep 0.01; done; exit 3";
    let (pool, job) = scripted(&folder, script, 2, 1, LONG);
    let running: Vec<_> = (0..3)
        .map(|_| {
            let (pool, job) = (pool.clone(), job.clone());
            tokio::spawn(async move { pool.run(job).await })
        })
        .collect();
    let started = || {
        let names = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with("started")).count()
    };
    until(|| started() == 2).await;
    assert_eq!(pool.run(job.clone()).await, Err(Error::Busy));
    assert_eq!(started(), 2, "the third waits");
    std::fs::write(folder.path().join("go"), "").unwrap();
    for one in running {
        assert!(matches!(one.await.unwrap(), Err(Error::Crashed(_))));
    }
    assert_eq!(started(), 3);
    assert!(matches!(pool.run(job).await, Err(Error::Crashed(_))), "there is room again");
}

#[tokio::test]
async fn answers_without_end_or_sense_are_a_crash() {
    let folder = TempDir::new().unwrap();
    for script in ["exec /usr/bin/yes", "exit 0", "echo '{}'", "echo '{\"done\":1}'", "kill -9 $$", "exec 0<&-; exit 7"]
    {
        let (pool, job) = scripted(&folder, script, 1, 0, LONG);
        let answer = pool.run(job).await;
        assert!(matches!(answer, Err(Error::Crashed(_))), "{script}: {answer:?}");
    }
    let pool = Pool::new("/nowhere".into(), Vec::new(), 1, 0, LONG);
    let (_, job) = scripted(&folder, "", 1, 0, LONG);
    assert!(matches!(pool.run(job).await, Err(Error::Failed(_))));
}

#[tokio::test]
async fn a_worker_knows_nothing_of_the_servers_environment() {
    // Whoever runs tests sets this one.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let folder = TempDir::new().unwrap();
    let (pool, job) = scripted(&folder, "echo \"[$CARGO_MANIFEST_DIR$HOME]\" > said; exit 1", 1, 0, LONG);
    assert!(pool.run(job).await.is_err());
    assert_eq!(std::fs::read_to_string(folder.path().join("said")).unwrap(), "[]\n");
}
