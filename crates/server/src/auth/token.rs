//! Session tokens: 32 random bytes. Neither `Debug` nor `Serialize`, so that none gets into a log or an answer
//! by accident; the database keeps the SHA-256 alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

pub struct Token([u8; 32]);

impl Token {
    /// # Panics
    /// The system gives no random bytes: then nothing here would be secret.
    pub fn random() -> Token {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        Token(bytes)
    }

    /// Reads a token's text; `None` where it is none, which costs no look into the database.
    pub fn parse(text: &str) -> Option<Token> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Token)
    }

    /// The form that the client keeps. Call it only where it goes out to its owner.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nonsense_does_not() {
        let token = Token::random();
        let back = Token::parse(&token.text()).expect("its own text");
        assert_eq!(back.hash(), token.hash());
        assert_ne!(Token::random().hash(), token.hash());
        for bad in ["", "x", &"A".repeat(42), &"A".repeat(44), &"!".repeat(43)] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }
}
