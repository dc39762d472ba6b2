//! Byte offsets in, code-point offsets out: what Rust counts and what Python and JSON count.

/// Maps byte offsets of a text to offsets in Unicode code points.
///
/// One count for every 64 bytes; a lookup counts at most 63 bytes more.
#[derive(Debug)]
pub struct CodePoints<'t> {
    bytes: &'t [u8],
    counts: Vec<u32>,
}

const STEP: usize = 64;

fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b as i8) >= -0x40).count()
}

impl<'t> CodePoints<'t> {
    /// The map of a text, in time linear in its length.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut counts = Vec::with_capacity(bytes.len() / STEP + 1);
        let mut sum = 0;
        for chunk in bytes.chunks(STEP) {
            counts.push(sum as u32);
            sum += code_points(chunk);
        }
        counts.push(sum as u32);
        CodePoints { bytes, counts }
    }

    /// Number of code points before byte `offset`; offsets behind the end count as the end.
    pub fn of_byte(&self, offset: usize) -> usize {
        let offset = offset.min(self.bytes.len());
        let block = offset / STEP;
        self.counts[block] as usize + code_points(&self.bytes[block * STEP..offset])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_like_chars() {
        let text = "Zürich – „Grüße“ 👩‍🚀 ".repeat(20);
        let map = CodePoints::new(&text);
        for (i, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(map.of_byte(byte), i);
        }
        assert_eq!(map.of_byte(text.len()), text.chars().count());
        assert_eq!(CodePoints::new("").of_byte(0), 0);
    }
}
