//! Bugs on purpose, to prove that the checkers find them. Without the feature `planted` this is a constant
//! `false`, and no release has that feature.

/// Whether the bug of this name is switched on by `PARLOUR_PLANTED`.
#[cfg(feature = "planted")]
pub fn has(bug: &str) -> bool {
    static BUGS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    BUGS.get_or_init(|| std::env::var("PARLOUR_PLANTED").unwrap_or_default()).split(',').any(|name| name == bug)
}

/// No bug is planted here.
#[cfg(not(feature = "planted"))]
pub const fn has(_bug: &str) -> bool {
    false
}
