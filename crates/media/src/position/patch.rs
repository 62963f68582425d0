//! A file that is read and blanked at places.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

pub(super) struct Patch<'f, F> {
    file: &'f mut F,
    len: u64,
    changed: bool,
    /// How many more steps a hostile file may cost: entries, boxes, chunks. Honest files need some thousands.
    steps: u32,
    /// How many more bytes may be looked at: tables can name the same ones again and again. Honest files need
    /// about twice their length.
    work: u64,
}

const STEPS: u32 = 500_000;
const PIECE: usize = 64 * 1024;

impl<'f, F: Read + Write + Seek> Patch<'f, F> {
    pub(super) fn new(file: &'f mut F) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        let work = len.saturating_mul(8).saturating_add(16 << 20);
        Ok(Self { file, len, changed: false, steps: STEPS, work })
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    /// Takes `n` steps; false where there are not so many left.
    pub(super) fn step(&mut self, n: u32) -> bool {
        let left = self.steps.checked_sub(n);
        self.steps = left.unwrap_or(0);
        left.is_some()
    }

    /// What part of `range` the file has.
    pub(super) fn clamp(&self, range: Range<u64>) -> Range<u64> {
        let end = range.end.min(self.len);
        range.start.min(end)..end
    }

    /// `N` bytes, or none where the file ends before.
    pub(super) fn get<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        Ok((self.read(at, &mut bytes)? == N).then_some(bytes))
    }

    /// Reads as much as there is, and says how much that was.
    pub(super) fn read(&mut self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        if at >= self.len {
            return Ok(0);
        }
        self.file.seek(SeekFrom::Start(at))?;
        let mut got = 0;
        while got < into.len() {
            match self.file.read(&mut into[got..]) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(got)
    }

    /// At most `most` bytes of `range`; none where the file has cost too much.
    pub(super) fn bytes(&mut self, range: Range<u64>, most: usize) -> io::Result<Vec<u8>> {
        let range = self.clamp(range);
        let wanted = (range.end - range.start).min(most as u64).min(self.work);
        self.work -= wanted;
        let mut bytes = vec![0; wanted as usize];
        let got = self.read(range.start, &mut bytes)?;
        bytes.truncate(got);
        Ok(bytes)
    }

    /// Shows `range` piece by piece, until `seen` has seen enough.
    pub(super) fn pieces(&mut self, range: Range<u64>, mut seen: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
        let mut range = self.clamp(range);
        while range.start < range.end {
            let piece = self.bytes(range.clone(), PIECE)?;
            if piece.is_empty() || !seen(&piece) {
                break;
            }
            range.start += piece.len() as u64;
        }
        Ok(())
    }

    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.changed = true;
        self.file.write_all(bytes)
    }

    /// Makes every byte of `range` the same; says whether one was another. Never makes the file longer.
    pub(super) fn fill(&mut self, range: Range<u64>, with: u8) -> io::Result<bool> {
        let mut range = self.clamp(range);
        let mut any = false;
        while range.start < range.end {
            let mut piece = self.bytes(range.clone(), PIECE)?;
            if piece.is_empty() {
                break;
            }
            if piece.iter().any(|byte| *byte != with) {
                piece.fill(with);
                self.write(range.start, &piece)?;
                any = true;
            }
            range.start += piece.len() as u64;
        }
        Ok(any)
    }
}
