//! The label scheme of the recogniser: BIOES over four kinds of names.
//!
//! A name of one token is S, a longer one begins with B, goes on with I and ends with E; everything else is O. The
//! richer scheme tells the decoder more than BIO does (Ratinov and Roth 2009).

/// The kind of a name, after GermEval 2014.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NameType {
    /// A person.
    Person,
    /// A place or state.
    Place,
    /// An organisation.
    Organisation,
    /// Anything else that has a name: works, products, events.
    Other,
}

impl NameType {
    /// All types in the order of their numbers.
    pub const ALL: [NameType; 4] = [NameType::Person, NameType::Place, NameType::Organisation, NameType::Other];

    /// The type with GermEval's abbreviation ("PER").
    pub fn parse(name: &str) -> Option<NameType> {
        ["PER", "LOC", "ORG", "OTH"].iter().position(|n| *n == name).map(|i| NameType::ALL[i])
    }
}

/// Number of labels.
pub const LABELS: usize = 1 + 4 * NameType::ALL.len();

/// The label of tokens outside of names.
pub const OUTSIDE: u8 = 0;

const BEGIN: u8 = 0;
const INSIDE: u8 = 1;
const END: u8 = 2;
const SINGLE: u8 = 3;

/// Type and position in the name; none for [`OUTSIDE`].
fn parts(label: u8) -> Option<(u8, u8)> {
    label.checked_sub(1).map(|l| (l / 4, l % 4))
}

/// The type of the name that a label belongs to.
pub fn type_of(label: u8) -> Option<NameType> {
    parts(label).map(|(kind, _)| NameType::ALL[kind as usize])
}

/// Whether label `b` may follow label `a`.
pub fn may_follow(a: u8, b: u8) -> bool {
    let open = matches!(parts(a), Some((_, BEGIN | INSIDE)));
    match parts(b) {
        Some((kind, INSIDE | END)) => open && parts(a).is_some_and(|p| p.0 == kind),
        _ => !open,
    }
}

/// Whether a sentence may begin with the label.
pub fn may_begin(label: u8) -> bool {
    may_follow(OUTSIDE, label)
}

/// Whether a sentence may end with the label.
pub fn may_end(label: u8) -> bool {
    may_follow(label, OUTSIDE)
}

/// Labels of a sentence from its names, given as first and last token (inclusive). Overlapping names must be left out.
pub fn encode(tokens: usize, names: &[(usize, usize, NameType)]) -> Vec<u8> {
    let mut labels = vec![OUTSIDE; tokens];
    for &(first, last, kind) in names {
        let base = 1 + 4 * kind as u8;
        if first == last {
            labels[first] = base + SINGLE;
        } else {
            labels[first..=last].fill(base + INSIDE);
            labels[first] = base + BEGIN;
            labels[last] = base + END;
        }
    }
    labels
}

/// Calls `found` with first token, last token (inclusive) and type of each name in a valid sequence of labels.
pub fn decode(labels: &[u8], mut found: impl FnMut(usize, usize, NameType)) {
    let mut first = 0;
    for (i, &label) in labels.iter().enumerate() {
        let (Some(kind), Some((_, position))) = (type_of(label), parts(label)) else { continue };
        if matches!(position, BEGIN | SINGLE) {
            first = i;
        }
        if matches!(position, END | SINGLE) {
            found(first, i, kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_and_decoding_are_inverse() {
        let names = vec![(0, 2, NameType::Organisation), (3, 3, NameType::Person), (5, 6, NameType::Other)];
        let labels = encode(8, &names);
        let mut back = Vec::new();
        decode(&labels, |a, b, t| back.push((a, b, t)));
        assert_eq!(back, names);
        assert!(may_begin(labels[0]) && may_end(labels[7]));
        assert!(labels.windows(2).all(|w| may_follow(w[0], w[1])));
    }

    #[test]
    fn a_name_must_be_closed_before_another_begins() {
        let two = encode(2, &[(0, 1, NameType::Person)]);
        assert!(!may_follow(two[0], OUTSIDE) && !may_follow(OUTSIDE, two[1]) && !may_end(two[0]));
        let other = encode(2, &[(0, 1, NameType::Place)]);
        assert!(!may_follow(two[0], other[1]));
    }
}
