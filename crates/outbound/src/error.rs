//! Why nothing came back. No text here holds an address, a host or what a library said: whoever named the address reads
//! it, and must not learn from it how the network inside looks.

use thiserror::Error;

/// What went wrong with a request.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Error {
    /// The address is not one that is talked to. Nothing was sent.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The name has no address, or its servers did not say.
    #[error("the name was not found")]
    Resolve,
    /// Nobody took the connection, or the proxy did not make it.
    #[error("no connection came about")]
    Connect,
    /// The other side did not prove that it is who the URL names.
    #[error("no trusted encryption came about")]
    Tls,
    /// The time that was given is over.
    #[error("took too long")]
    TooSlow,
    /// More than was asked for, where a part is of no use.
    #[error("more than was asked for")]
    TooLarge,
    /// Redirects without end, or in a circle.
    #[error("too many redirects")]
    TooManyHops,
    /// The answer's status, other than 2xx.
    #[error("answered {0}")]
    Http(u16),
    /// What came is not HTTP, or not in an encoding that was asked for, or it broke off.
    #[error("the answer is broken")]
    Broken,
    /// It was reached, and holds nothing that a preview could show.
    #[error("nothing to show")]
    Nothing,
}

impl Error {
    /// A stable word for logs and counters.
    pub fn reason(&self) -> &'static str {
        match self {
            Error::Refused(refusal) => refusal.reason(),
            Error::Resolve => "resolve",
            Error::Connect => "connect",
            Error::Tls => "tls",
            Error::TooSlow => "too_slow",
            Error::TooLarge => "too_large",
            Error::TooManyHops => "too_many_hops",
            Error::Http(_) => "http",
            Error::Broken => "broken",
            Error::Nothing => "nothing",
        }
    }
}

/// Why an address is not talked to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("not a URL")]
    Unreadable,
    #[error("longer than a URL may be")]
    TooLong,
    #[error("only http and https")]
    Scheme,
    #[error("a name or password in the URL")]
    Credentials,
    #[error("not a host")]
    Host,
    #[error("not a port for this")]
    Port,
    /// The host is, or its name leads to, an address that is not on the public internet.
    #[error("not a public address")]
    Inside,
}

impl Refusal {
    fn reason(self) -> &'static str {
        match self {
            Refusal::Unreadable => "refused_unreadable",
            Refusal::TooLong => "refused_too_long",
            Refusal::Scheme => "refused_scheme",
            Refusal::Credentials => "refused_credentials",
            Refusal::Host => "refused_host",
            Refusal::Port => "refused_port",
            Refusal::Inside => "refused_inside",
        }
    }
}

/// The operator's own settings do not fit. Holds nothing of them: a proxy's URL has a password in it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Misconfigured {
    #[error("the proxy must be http://[user:password@]host:port, without a path")]
    Proxy,
    #[error("the name of this program does not fit into a header")]
    UserAgent,
    #[error("TLS cannot be set up")]
    Tls,
}
