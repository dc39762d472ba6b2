//! The lexicon as the parser needs it: from a form to the set of its tags, in few bytes a form.
//!
//! Forms are hashes in ascending order, each with the number of its set. A form that is not in the lexicon has a
//! chance of one in eight thousand to be taken for one that is.

use super::features::TagSource;
use super::section::Reader;
use crate::model::ModelError;

/// The table.
#[derive(Debug)]
pub struct TagTable {
    hashes: Vec<u32>,
    sets: Vec<u16>,
    /// For each value of the upper bits of a hash the first place to look.
    starts: Vec<u32>,
    members: Vec<Vec<u16>>,
    names: Vec<String>,
}

/// The hash of a form.
pub fn hash(form: &str) -> u32 {
    super::features::key("form", form)
}

const UPPER: u32 = 16;

impl TagTable {
    /// The section's bytes, from names of tags, sets of tags and the forms' hashes in ascending order with their sets.
    pub fn to_bytes(names: &[String], sets: &[Vec<u16>], forms: &[(u32, u16)]) -> Vec<u8> {
        let text = names.join("\n");
        let mut out = Vec::new();
        for n in [text.len(), sets.len(), forms.len()] {
            out.extend((n as u32).to_le_bytes());
        }
        out.extend(text.as_bytes());
        for set in sets {
            out.extend((set.len() as u16).to_le_bytes());
            set.iter().for_each(|t| out.extend(t.to_le_bytes()));
        }
        let hashes = || forms.iter().map(|f| f.0);
        let deltas: Vec<u32> = std::iter::once(0).chain(hashes()).zip(hashes()).map(|(a, b)| b - a).collect();
        for plane in 0..4 {
            out.extend(deltas.iter().map(|d| d.to_le_bytes()[plane]));
        }
        for plane in 0..2 {
            out.extend(forms.iter().map(|f| f.1.to_le_bytes()[plane]));
        }
        out
    }

    /// Reads the section.
    ///
    /// # Errors
    /// If the bytes do not have its shape.
    pub fn from_bytes(bytes: &[u8]) -> Result<TagTable, ModelError> {
        let bad = || ModelError::Malformed("parser-tags");
        let mut r = Reader { rest: bytes, name: "parser-tags" };
        let [text, sets, count] = r.sizes()?;
        let names = std::str::from_utf8(r.take(text)?).map_err(|_| bad())?;
        let names: Vec<String> = names.split('\n').map(str::to_string).collect();
        let mut members = Vec::new();
        for _ in 0..sets {
            let n = r.take(2)?;
            let n = u16::from_le_bytes([n[0], n[1]]) as usize;
            let set: Vec<u16> = r.take(2 * n)?.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
            if set.iter().any(|t| *t as usize >= names.len()) {
                return Err(bad());
            }
            members.push(set);
        }
        let planes: [&[u8]; 4] = [r.take(count)?, r.take(count)?, r.take(count)?, r.take(count)?];
        let numbers: [&[u8]; 2] = [r.take(count)?, r.take(count)?];
        let (mut hashes, mut sets) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut starts = vec![0u32; (1 << UPPER) + 2];
        let mut hash = 0u32;
        for i in 0..count {
            hash = hash.wrapping_add(u32::from_le_bytes(planes.map(|p| p[i])));
            let set = u16::from_le_bytes(numbers.map(|p| p[i]));
            if set as usize >= members.len() {
                return Err(bad());
            }
            hashes.push(hash);
            sets.push(set);
            starts[(hash >> (32 - UPPER)) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Ok(TagTable { hashes, sets, starts, members, names })
    }
}

impl TagSource for TagTable {
    fn tags<'s>(&'s self, form: &str, out: &mut Vec<&'s str>) {
        let hash = hash(form);
        let upper = (hash >> (32 - UPPER)) as usize;
        let range = self.starts[upper] as usize..self.starts[upper + 1] as usize;
        if let Some(i) = range.into_iter().find(|i| self.hashes[*i] == hash) {
            out.extend(self.members[self.sets[i] as usize].iter().map(|t| self.names[*t as usize].as_str()));
        }
    }
}
