//! What it was measured on.

/// Cores, processor and kernel, in one line. No names of hosts.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let line = |name: &str| {
        let line = cpuinfo.lines().find_map(|line| line.strip_prefix(name));
        line.map_or("unknown", |line| line.trim_start_matches([' ', '\t', ':'])).to_owned()
    };
    let kernel = read("/proc/sys/kernel/osrelease");
    // What follows the number is the maker's own.
    let kernel = kernel.trim().split('-').next().unwrap_or_default().to_owned();
    let (model, mhz) = (line("model name"), line("cpu MHz"));
    format!("{cores} cores of {model}, {} MHz; Linux {kernel}", mhz.split('.').next().unwrap_or_default())
}

/// The machine, and how busy it was before.
pub fn line(load: &str) -> String {
    format!("{}. Load before: {load}.", machine())
}

/// Today, in UTC.
pub fn date() -> String {
    let today = std::process::Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    today.map(|today| String::from_utf8_lossy(&today.stdout).trim().to_owned()).unwrap_or_default()
}

/// How many tasks wanted a core in the last minute.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
