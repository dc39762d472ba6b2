//! The model file: named sections of trained numbers in one compressed file.
//!
//! Layout: magic, format version (u32), length of the payload (u64), CRC-32 of what follows, then the payload as
//! one zstd frame. The payload is a count and, for each section, name, length and bytes, padded to eight bytes so that
//! tables can be read in place. All numbers are little-endian.

use thiserror::Error;

const MAGIC: &[u8; 8] = b"depesche";
/// Raised whenever a section's meaning changes; a program reads exactly its own version.
pub const FORMAT: u32 = 1;
const HEADER: usize = 8 + 4 + 8 + 4;
/// A payload that claims more is no model of ours (and must not make us allocate).
const MAX_PAYLOAD: u64 = 512 << 20;

/// Why a model file was refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    /// The file does not begin as a model file does.
    #[error("not a depesche model file")]
    NotAModel,
    /// The file was made by another version of the program.
    #[error(
        "the model file has format {found}, this program reads format {FORMAT}; train it anew or update the program"
    )]
    Version {
        /// The file's format.
        found: u32,
    },
    /// The file is cut off or changed.
    #[error("the model file is damaged ({0})")]
    Damaged(&'static str),
    /// A section is not there.
    #[error("the model file has no section `{0}`; train it with depesche-train")]
    Missing(String),
    /// A section does not fit the program.
    #[error("section `{0}` of the model file is malformed")]
    Malformed(&'static str),
}

/// A model in memory.
#[derive(Debug, Default, Clone)]
pub struct Model {
    sections: Vec<(String, Vec<u8>)>,
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// If the bytes are no model file, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        let header = bytes.get(..HEADER).ok_or(ModelError::NotAModel)?;
        let (magic, rest) = header.split_at(8);
        if magic != MAGIC {
            return Err(ModelError::NotAModel);
        }
        let mut rest = Reader(rest);
        let found = rest.u32()?;
        if found != FORMAT {
            return Err(ModelError::Version { found });
        }
        let (length, crc) = (rest.u64()?, rest.u32()?);
        if length > MAX_PAYLOAD {
            return Err(ModelError::Damaged("impossible length"));
        }
        let frame = &bytes[HEADER..];
        if crc32fast::hash(frame) != crc {
            return Err(ModelError::Damaged("wrong checksum"));
        }
        let payload =
            zstd::bulk::decompress(frame, length as usize).map_err(|_| ModelError::Damaged("decompression failed"))?;
        if payload.len() as u64 != length {
            return Err(ModelError::Damaged("wrong length"));
        }
        let mut r = Reader(&payload);
        let mut sections = Vec::new();
        for _ in 0..r.u64()? {
            let n = r.u64()? as usize;
            let name = String::from_utf8(r.padded(n)?.to_vec()).map_err(|_| ModelError::Damaged("section name"))?;
            let n = r.u64()? as usize;
            sections.push((name, r.padded(n)?.to_vec()));
        }
        Ok(Model { sections })
    }

    /// The bytes of a model file. The same sections give the same bytes.
    ///
    /// # Errors
    /// If compression fails, which means that memory is exhausted.
    pub fn to_bytes(&self, level: i32) -> std::io::Result<Vec<u8>> {
        let mut payload = (self.sections.len() as u64).to_le_bytes().to_vec();
        for part in self.sections.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]) {
            payload.extend((part.len() as u64).to_le_bytes());
            payload.extend(part);
            payload.resize(payload.len().next_multiple_of(8), 0);
        }
        let mut out = MAGIC.to_vec();
        out.extend(FORMAT.to_le_bytes());
        out.extend((payload.len() as u64).to_le_bytes());
        let frame = zstd::bulk::compress(&payload, level)?;
        out.extend(crc32fast::hash(&frame).to_le_bytes());
        out.extend(frame);
        Ok(out)
    }

    /// A section's bytes.
    ///
    /// # Errors
    /// If the model has no such section.
    pub fn section(&self, name: &str) -> Result<&[u8], ModelError> {
        self.sections
            .iter()
            .find(|s| s.0 == name)
            .map(|s| s.1.as_slice())
            .ok_or_else(|| ModelError::Missing(name.to_string()))
    }

    /// Adds a section or puts it in the place of the one with its name; sections stay sorted by name.
    pub fn set(&mut self, name: &str, bytes: Vec<u8>) {
        match self.sections.binary_search_by(|s| s.0.as_str().cmp(name)) {
            Ok(i) => self.sections[i].1 = bytes,
            Err(i) => self.sections.insert(i, (name.to_string(), bytes)),
        }
    }

    /// Takes a section out, if it is there.
    pub fn remove(&mut self, name: &str) {
        self.sections.retain(|s| s.0 != name);
    }

    /// Names and sizes (bytes, uncompressed) of the sections.
    pub fn sections(&self) -> impl Iterator<Item = (&str, usize)> {
        self.sections.iter().map(|(name, bytes)| (name.as_str(), bytes.len()))
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(ModelError::Damaged("cut off"))?;
        self.0 = tail;
        Ok(head)
    }

    fn padded(&mut self, n: usize) -> Result<&'a [u8], ModelError> {
        let whole = n.checked_next_multiple_of(8).ok_or(ModelError::Damaged("impossible length"))?;
        Ok(&self.take(whole)?[..n])
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().map_err(|_| ModelError::Damaged("cut off"))?))
    }

    fn u64(&mut self) -> Result<u64, ModelError> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| ModelError::Damaged("cut off"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes() -> Vec<u8> {
        let mut m = Model::default();
        m.set("b", vec![1, 2, 3]);
        m.set("a", vec![9; 1000]);
        m.to_bytes(3).expect("compresses")
    }

    #[test]
    fn round_trip() {
        let m = Model::from_bytes(&bytes()).expect("reads");
        assert_eq!(m.section("b"), Ok(&[1, 2, 3][..]));
        assert_eq!(m.sections().collect::<Vec<_>>(), [("a", 1000), ("b", 3)]);
        assert_eq!(m.section("c"), Err(ModelError::Missing("c".to_string())));
    }

    #[test]
    fn refuses_what_is_not_its_own() {
        let good = bytes();
        assert_eq!(Model::from_bytes(b"PK\x03\x04").err(), Some(ModelError::NotAModel));
        assert_eq!(Model::from_bytes(&good[..HEADER - 1]).err(), Some(ModelError::NotAModel));
        let mut other = good.clone();
        other[8] = 99;
        assert_eq!(Model::from_bytes(&other).err(), Some(ModelError::Version { found: 99 }));
        for cut in HEADER..good.len() {
            assert!(matches!(Model::from_bytes(&good[..cut]), Err(ModelError::Damaged(_))), "cut at {cut}");
        }
        for i in 12..good.len() {
            let mut changed = good.clone();
            changed[i] ^= 0x10;
            assert!(Model::from_bytes(&changed).is_err(), "byte {i} changed");
        }
    }
}
