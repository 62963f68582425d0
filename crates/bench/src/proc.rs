//! What the kernel counts of a process and its children: time on the processor, memory.

use crate::{Result, failed};
use std::time::Duration;

/// The kernel shows these times in hundredths of a second, whatever it counts in.
const TICK: Duration = Duration::from_millis(10);

/// Time on the processor, user and system, of the process, its children and those of its children that it waited for.
///
/// # Errors
/// The process is gone.
pub fn cpu(pid: u32) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for pid in tree(pid) {
        let [own, children] = ticks(&read(pid, "stat")?).ok_or("/proc: a stat that cannot be read")?;
        // The finer clock forgets threads that ended; the coarser one does not.
        sum += (own * TICK).max(fine(pid)) + children * TICK;
    }
    Ok(sum)
}

/// The same of the process's living threads, in nanoseconds; nothing where the kernel does not tell.
fn fine(pid: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| on_cpu(&std::fs::read_to_string(thread.path().join("schedstat")).ok()?));
    Duration::from_nanos(times.sum())
}

/// The first number of a `schedstat`.
fn on_cpu(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().next()?.parse().ok()
}

/// Resident memory of the process and its children, in KiB.
///
/// # Errors
/// The process is gone.
pub fn rss(pid: u32) -> Result<u64> {
    sum(pid, "VmRSS:")
}

/// The most that [`rss`] ever was since [`forget_peak`]: the kernel misses nothing between two looks.
///
/// # Errors
/// The process is gone.
pub fn peak(pid: u32) -> Result<u64> {
    sum(pid, "VmHWM:")
}

/// # Errors
/// The process is gone, or the kernel has no `clear_refs`.
pub fn forget_peak(pid: u32) -> Result<()> {
    for pid in tree(pid) {
        let path = format!("/proc/{pid}/clear_refs");
        std::fs::write(&path, "5").map_err(failed(&path))?;
    }
    Ok(())
}

fn sum(pid: u32, name: &str) -> Result<u64> {
    let mut kib = 0;
    for pid in tree(pid) {
        kib += field(&read(pid, "status")?, name).ok_or_else(|| format!("/proc/{pid}/status: no {name}"))?;
    }
    Ok(kib)
}

/// The process and all that descend from it.
fn tree(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    let mut at = 0;
    while let Some(&pid) = pids.get(at) {
        let children = read(pid, &format!("task/{pid}/children")).unwrap_or_default();
        pids.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        at += 1;
    }
    pids
}

fn read(pid: u32, file: &str) -> Result<String> {
    let path = format!("/proc/{pid}/{file}");
    std::fs::read_to_string(&path).map_err(failed(&path))
}

/// utime + stime and cutime + cstime of a `stat` line.
fn ticks(stat: &str) -> Option<[u32; 2]> {
    // The name of the program stands in brackets, and may hold brackets and spaces itself.
    let (_, fields) = stat.rsplit_once(')')?;
    let times: Vec<u32> = fields.split_whitespace().skip(11).take(4).filter_map(|time| time.parse().ok()).collect();
    let [user, system, children_user, children_system] = times[..] else { return None };
    Some([user + system, children_user + children_system])
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_after_a_name_that_holds_anything() {
        let stat = "77 (a ) b (c) R 1 77 77 0 -1 4194304 90 0 0 0 250 31 4 2 20 0 1 0 100 1000 200";
        assert_eq!(ticks(stat), Some([281, 6]));
        assert_eq!(ticks("77 (cut) R 1 77"), None);
        assert_eq!(ticks(""), None);
    }

    #[test]
    fn the_finer_clock_agrees_with_the_coarser() {
        let me = std::process::id();
        let before = cpu(me).expect("we live");
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(50) {}
        assert!(cpu(me).expect("we live") > before);
        assert_eq!((on_cpu("123456 78 9\n"), on_cpu("")), (Some(123_456), None));
    }

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let status = "Name:\tparlour\nVmHWM:\t    9000 kB\nVmRSS:\t    8000 kB\n";
        assert_eq!(
            (field(status, "VmRSS:"), field(status, "VmHWM:"), field(status, "Vm:")),
            (Some(8000), Some(9000), None)
        );
    }

    #[test]
    fn our_own_process_is_found_with_its_children() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().expect("sleep starts");
        let me = std::process::id();
        let found = tree(me);
        let both = rss(me);
        child.kill().and_then(|()| child.wait()).expect("it ends");
        assert!(found.contains(&me));
        // A child of the main thread only: the test may run on another.
        assert!(both.expect("we live") > 0 && cpu(me).is_ok());
    }
}
