//! The two cookies: who is logged in, and which device this is.

use super::{Token, Visitor};
use crate::config::{Config, SecureCookies};
use axum::http::{HeaderMap, HeaderValue, header};

/// Logged in.
pub const SESSION: &str = "parlour_session";
/// A device that somebody logged in from before; it opens nothing, it only counts failures apart.
pub const DEVICE: &str = "parlour_device";

/// Browsers keep a cookie for 400 days at most.
const LONG: u32 = 400 * 24 * 60 * 60;

/// The tokens in cookies of that name, in their order. A browser sends those of a longer path first, and so it may
/// send more than one.
pub fn tokens(headers: &HeaderMap, name: &str) -> impl Iterator<Item = Token> {
    values(headers, name).filter_map(Token::parse)
}

/// What cookies of that name hold, readable or not.
pub fn values<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(key, _)| *key == name).map(|(_, value)| value)
}

/// Gives the browser a token to keep.
pub fn give(headers: &mut HeaderMap, name: &str, token: &Token, visitor: &Visitor, config: &Config) {
    set(headers, name, &token.text(), LONG, visitor, config);
}

/// Takes the session cookie away.
pub fn clear(headers: &mut HeaderMap, visitor: &Visitor, config: &Config) {
    set(headers, SESSION, "", 0, visitor, config);
}

fn set(headers: &mut HeaderMap, name: &str, value: &str, age: u32, visitor: &Visitor, config: &Config) {
    let secure = match config.secure_cookies {
        SecureCookies::Auto => visitor.tls,
        SecureCookies::On => true,
        SecureCookies::Off => false,
    };
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(line) = HeaderValue::try_from(line) {
        headers.append(header::SET_COOKIE, line);
    }
}
