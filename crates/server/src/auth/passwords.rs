//! Argon2id, away from the async threads. Each hash takes 46 MiB and a core, so few run at once, some wait,
//! and the rest are told to come back: a thousand logins at once must not stop the talk.

use crate::fault::{Fault, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use protocol::{Code, Refusal};
use std::sync::Arc;
use tokio::sync::{Semaphore, TryAcquireError};

const MEMORY_KIB: u32 = 46 << 10;

/// Verified where there is no such account, so that the answer takes as long as for one that is there. No
/// password has this hash.
const NOBODY: &str = "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub struct Passwords {
    /// Those that run.
    running: Arc<Semaphore>,
    /// Those that run or wait.
    admitted: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(waiting: u32) -> Passwords {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let running = (cores / 2).max(1);
        Passwords {
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + waiting as usize)),
        }
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// `busy`: too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || argon2()?.hash_password(password.as_bytes()).ok().map(|hash| hash.to_string()))
            .await?
            .ok_or_else(failed)
    }

    /// Whether the password is right; where there is nothing to compare with, `false` after the same time.
    ///
    /// # Errors
    /// `busy`: too many wait.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = phc.is_some();
            let phc = phc.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&phc).ok()?;
            Some(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await?
        .ok_or_else(failed)
    }

    async fn run<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
        let admitted = match self.admitted.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                return Err(Fault::Refused(Refusal {
                    retry_after_ms: Some(2_000),
                    ..Refusal::new(Code::Busy, "Many are logging in at once. Try again in a moment.")
                }));
            }
        };
        let running = self.running.clone().acquire_owned().await.map_err(|_| failed())?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            // Held by the thread, not by the request: one that was given up still uses the core.
            drop((running, admitted));
            result
        })
        .await
        .map_err(|_| failed())
    }
}

fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, 1, 1, None).ok()?))
}

fn failed() -> Fault {
    Fault::Store(store::Error::Other("a password could not be hashed".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_another_is_not() {
        let passwords = Passwords::new(4);
        let phc = passwords.hash("correct horse".into()).await.expect("a hash");
        assert!(phc.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{phc}");
        assert!(passwords.verify("correct horse".into(), Some(phc.clone())).await.expect("an answer"));
        assert!(!passwords.verify("correct horsf".into(), Some(phc)).await.expect("an answer"));
        assert!(!passwords.verify("anything".into(), None).await.expect("the dummy is a good hash"));
    }

    #[tokio::test]
    async fn who_comes_when_too_many_wait_is_told_so() {
        let passwords = Passwords::new(0);
        let all = passwords.admitted.available_permits();
        let _held = passwords.admitted.clone().try_acquire_many_owned(all as u32).expect("all places");
        let fault = passwords.hash("x".into()).await.expect_err("no place");
        assert_eq!(fault.refusal().code, Code::Busy);
    }
}
