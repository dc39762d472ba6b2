//! Reading the morphology's sections of the model.

/// A reader of little-endian numbers; every method gives none at the end of the bytes.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.take(8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes)
    }

    /// A length and as many bytes of UTF-8.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let n = self.u8()? as usize;
        self.take(n).and_then(|b| std::str::from_utf8(b).ok())
    }
}
