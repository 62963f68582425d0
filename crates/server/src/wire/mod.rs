//! WebSocket's bytes (RFC 6455), without any I/O: frames that go out are made once for everybody, what comes in is read piece
//! by piece. No extension is spoken.

mod frame;
#[doc(hidden)]
pub mod fuzz;
mod reader;

pub use frame::{Frame, closing, ping, pong};
pub use reader::{Heard, Reader, Wrong};

/// What a frame says that it is.
mod opcode {
    pub const CONTINUATION: u8 = 0x0;
    pub const TEXT: u8 = 0x1;
    pub const BINARY: u8 = 0x2;
    pub const CLOSE: u8 = 0x8;
    pub const PING: u8 = 0x9;
    pub const PONG: u8 = 0xA;
}

/// The last frame of a message, which nearly all are.
const FIN: u8 = 0x80;
/// What a control frame may carry, at most, in bytes.
const CONTROL: usize = 125;
