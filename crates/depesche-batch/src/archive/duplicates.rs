//! Near-duplicates: wire copies of one article in many papers.
//!
//! MinHash (Broder 1997) over shingles of four words with 32 permutations, kept as one byte each (b-bit minwise hashing,
//! Li and König 2010), and found through eight bands of four (locality-sensitive hashing, Indyk and Motwani 1998). Two
//! texts are of one cluster if they share about six of ten shingles. A run keeps about 250 bytes a document.

use super::Duplicates;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

const PERMUTATIONS: usize = 32;
const BANDS: usize = 8;
const ROWS: usize = PERMUTATIONS / BANDS;
/// Equal bytes of two signatures that make a pair: a similarity of 0.6, with bytes that agree by chance.
const EQUAL: usize = 20;
const SHINGLE: usize = 4;

/// What is kept of a text to find its near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Signature {
    bands: [u64; BANDS],
    low: [u8; PERMUTATIONS],
}

impl Signature {
    /// Bytes of a stored signature.
    pub const BYTES: usize = 8 * BANDS + PERMUTATIONS;

    /// The signature of a text; case, punctuation and white space do not matter.
    pub fn of(text: &str) -> Signature {
        let mut least = [u64::MAX; PERMUTATIONS];
        let mut words = [0u64; SHINGLE];
        let mut count = 0;
        let tokens = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        for token in tokens {
            let mut hasher = FxHasher::default();
            token.chars().flat_map(char::to_lowercase).for_each(|c| c.hash(&mut hasher));
            words.rotate_left(1);
            words[SHINGLE - 1] = hasher.finish();
            count += 1;
            if count >= SHINGLE {
                add(&mut least, words);
            }
        }
        if count < SHINGLE {
            add(&mut least, words);
        }
        let mut signature = Signature::default();
        for (i, minimum) in least.iter().enumerate() {
            signature.low[i] = *minimum as u8;
        }
        for (band, rows) in signature.bands.iter_mut().zip(least.chunks(ROWS)) {
            let mut hasher = FxHasher::default();
            rows.hash(&mut hasher);
            *band = hasher.finish();
        }
        signature
    }

    fn is_like(&self, other: &[u8; PERMUTATIONS]) -> bool {
        self.low.iter().zip(other).filter(|(a, b)| a == b).count() >= EQUAL
    }

    /// The signature as bytes.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        for (chunk, band) in bytes.chunks_exact_mut(8).zip(self.bands) {
            chunk.copy_from_slice(&band.to_le_bytes());
        }
        bytes[8 * BANDS..].copy_from_slice(&self.low);
        bytes
    }

    /// The signature that [`Signature::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Signature {
        let mut signature = Signature::default();
        for (band, chunk) in signature.bands.iter_mut().zip(bytes.chunks_exact(8)) {
            *band = chunk.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
        }
        signature.low.copy_from_slice(&bytes[8 * BANDS..]);
        signature
    }
}

/// Takes a shingle into the minima, permuted anew for each.
fn add(least: &mut [u64; PERMUTATIONS], words: [u64; SHINGLE]) {
    let mut hasher = FxHasher::default();
    words.hash(&mut hasher);
    let shingle = hasher.finish();
    for (i, minimum) in least.iter_mut().enumerate() {
        // The finaliser of splitmix64 with a seed for each permutation.
        let mut x = shingle ^ (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *minimum = (*minimum).min(x ^ (x >> 31));
    }
}

/// The clusters of a run.
pub(super) struct Clusters {
    mode: Duplicates,
    /// First document of a band's value.
    bands: FxHashMap<(u8, u64), u32>,
    /// Of every document that begins a cluster: its number and its low bytes.
    firsts: Vec<(u64, [u8; PERMUTATIONS])>,
}

impl Clusters {
    /// Clusters with the documents of the parts that are complete already.
    pub fn new(mode: Duplicates, before: &[(u64, Signature)]) -> Clusters {
        let mut clusters = Clusters { mode, bands: FxHashMap::default(), firsts: Vec::new() };
        for (document, signature) in before {
            clusters.cluster(*document, signature);
        }
        clusters
    }

    /// What is done about near-duplicates.
    pub fn mode(&self) -> Duplicates {
        self.mode
    }

    /// The number of the first document of the cluster that a document belongs to; its own if there is none before.
    pub fn cluster(&mut self, document: u64, signature: &Signature) -> u64 {
        let keys = signature.bands.iter().enumerate().map(|(i, band)| (i as u8, *band));
        let candidates = keys.clone().filter_map(|key| self.bands.get(&key)).map(|&first| &self.firsts[first as usize]);
        if let Some(first) = candidates.filter(|(_, low)| signature.is_like(low)).map(|(first, _)| *first).min() {
            return first;
        }
        let index = self.firsts.len() as u32;
        self.firsts.push((document, signature.low));
        for key in keys {
            self.bands.entry(key).or_insert(index);
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "Der Minister ist am Montag nach Bonn gereist, um dort mit seinem Amtskollegen über die Lage \
        zu beraten. Beide wollen nach eigenen Angaben in den kommenden Wochen weitere Gespräche führen, berichtete ein \
        Sprecher der Regierung am Abend. Die Opposition forderte mehr Auskunft über den Stand der Verhandlungen.";
    const OTHER: &str = "In Madrid haben Tausende gegen die Reform der Renten demonstriert. Die Gewerkschaften kündigten \
        für die nächste Woche einen Streik an, falls das Parlament dem Entwurf zustimmt. Die Polizei sprach von einem \
        friedlichen Verlauf, vereinzelt seien Feuerwerkskörper gezündet worden.";

    #[test]
    fn copies_with_small_changes_are_of_one_cluster() {
        let mut clusters = Clusters::new(Duplicates::Mark, &[]);
        let copy = format!("BONN (dpa) - {}", ARTICLE.replace("am Montag", "am Montag,"));
        assert_eq!(clusters.cluster(0, &Signature::of(ARTICLE)), 0);
        assert_eq!(clusters.cluster(1, &Signature::of(OTHER)), 1);
        assert_eq!(clusters.cluster(2, &Signature::of(&copy)), 0);
        assert_eq!(clusters.cluster(3, &Signature::of(OTHER)), 1);
    }

    #[test]
    fn signatures_survive_storing() {
        let signature = Signature::of(ARTICLE);
        assert_eq!(Signature::from_bytes(&signature.to_bytes()), signature);
    }

    #[test]
    fn short_texts_have_signatures_of_their_own() {
        assert_ne!(Signature::of("Bonn"), Signature::of("Berlin"));
        assert_eq!(Signature::of("Bonn."), Signature::of("bonn"));
    }
}
