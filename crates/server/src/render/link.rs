//! Where a link may lead, and what is said beside one that reads as if it led elsewhere.

use outbound::Url;

/// Words of an address end in one of these, whatever they look like elsewhere.
const DOTS: [char; 5] = ['.', '。', '．', '｡', '․'];

/// The address where it is one of the web or of mail, and hides nothing: no script (the URL parser takes out the tabs of
/// `java\tscript:`), no data, nothing of this server under a borrowed name, no user info that reads like a host.
pub fn safe(target: &str, mail: bool) -> Option<Url> {
    let clean: String = target.chars().filter(|c| !c.is_control()).collect();
    let url = Url::parse(clean.trim());
    let url = if mail && !matches!(&url, Ok(url) if url.scheme() == "mailto") {
        Url::parse(&format!("mailto:{clean}")).ok()?
    } else {
        url.ok()?
    };
    let fits = match url.scheme() {
        "http" | "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
        "mailto" => url.path().contains('@'),
        _ => false,
    };
    fits.then_some(url)
}

/// Where it really leads, if the words of the link name another place.
pub fn elsewhere(words: &str, url: &Url) -> Option<String> {
    let real = match url.host_str() {
        Some(host) => host.to_owned(),
        None => url.path().rsplit('@').next().unwrap_or_default().to_ascii_lowercase(),
    };
    let same = |host: &str| host == real || host.strip_prefix("www.").unwrap_or(host) == real;
    words.split_whitespace().filter_map(host).any(|host| !same(&host)).then_some(real)
}

/// The host that a word seems to name.
fn host(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !DOTS.contains(&c));
    let (scheme, rest) = match word.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, word),
    };
    let rest = rest.split(['/', '?', '#', '\\', '／']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let rest = rest.split(':').next().unwrap_or_default().trim_matches(DOTS);
    let host = rest.to_lowercase().replace(DOTS, ".");
    let top = host.rsplit('.').next().unwrap_or_default();
    let dotted = host.contains('.') && top.chars().count() >= 2 && top.chars().all(|c| !c.is_ascii_digit());
    (!host.is_empty() && (scheme || dotted || host.parse::<std::net::Ipv4Addr>().is_ok())).then_some(host)
}
