//! Threads and what follows from them: places, activity.

mod activity;
mod follow;
mod places;
