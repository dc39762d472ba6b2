//! Morphological features, packed into one number.
//!
//! Each feature has a field of a few bits; 0 is "not stated". What German needs and the layers ask for is kept
//! (case, gender, number, person, tense, mood, verb form …); `Number[psor]` and other rarities are not.

use std::fmt;

/// A set of morphological features (Universal Dependencies 2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Feats(pub u64);

/// A feature: its name, the place of its field and its values.
#[derive(Debug)]
pub struct Feature {
    /// Name in Universal Dependencies.
    pub name: &'static str,
    shift: u32,
    bits: u32,
    /// Names of the values 1, 2, …
    pub values: &'static [&'static str],
}

/// The feature Case.
pub const CASE: Feature = Feature { name: "Case", shift: 0, bits: 3, values: &["Nom", "Gen", "Dat", "Acc"] };
/// The feature Definite.
pub const DEFINITE: Feature = Feature { name: "Definite", shift: 3, bits: 2, values: &["Def", "Ind"] };
/// The feature Degree.
pub const DEGREE: Feature = Feature { name: "Degree", shift: 5, bits: 2, values: &["Pos", "Cmp", "Sup"] };
/// The feature Foreign.
pub const FOREIGN: Feature = Feature { name: "Foreign", shift: 7, bits: 1, values: &["Yes"] };
/// The feature Gender.
pub const GENDER: Feature = Feature { name: "Gender", shift: 8, bits: 2, values: &["Masc", "Fem", "Neut"] };
/// The feature Mood.
pub const MOOD: Feature = Feature { name: "Mood", shift: 10, bits: 2, values: &["Ind", "Imp", "Sub"] };
/// The feature Number.
pub const NUMBER: Feature = Feature { name: "Number", shift: 12, bits: 2, values: &["Sing", "Plur"] };
/// The feature NumType.
pub const NUM_TYPE: Feature = Feature { name: "NumType", shift: 14, bits: 2, values: &["Card", "Ord"] };
/// The feature Person.
pub const PERSON: Feature = Feature { name: "Person", shift: 16, bits: 2, values: &["1", "2", "3"] };
/// The feature Polarity.
pub const POLARITY: Feature = Feature { name: "Polarity", shift: 18, bits: 1, values: &["Neg"] };
/// The feature Poss.
pub const POSS: Feature = Feature { name: "Poss", shift: 19, bits: 1, values: &["Yes"] };
/// The feature PronType.
pub const PRON_TYPE: Feature =
    Feature { name: "PronType", shift: 20, bits: 4, values: &["Art", "Prs", "Dem", "Rel", "Int", "Ind", "Neg", "Tot"] };
/// The feature Reflex.
pub const REFLEX: Feature = Feature { name: "Reflex", shift: 24, bits: 1, values: &["Yes"] };
/// The feature Tense.
pub const TENSE: Feature = Feature { name: "Tense", shift: 25, bits: 2, values: &["Pres", "Past"] };
/// The feature VerbForm.
pub const VERB_FORM: Feature = Feature { name: "VerbForm", shift: 27, bits: 2, values: &["Fin", "Inf", "Part"] };
/// The feature Voice.
pub const VOICE: Feature = Feature { name: "Voice", shift: 29, bits: 1, values: &["Pass"] };

/// All features, in alphabetical order as CoNLL-U wants them.
pub const FEATURES: &[Feature] = &[
    CASE, DEFINITE, DEGREE, FOREIGN, GENDER, MOOD, NUMBER, NUM_TYPE, PERSON, POLARITY, POSS, PRON_TYPE, REFLEX, TENSE,
    VERB_FORM, VOICE,
];

impl Feats {
    /// No feature stated.
    pub const NONE: Feats = Feats(0);

    /// The value of a feature, if stated.
    pub fn get(self, feature: &Feature) -> Option<&'static str> {
        let n = (self.0 >> feature.shift) as usize & ((1 << feature.bits) - 1);
        n.checked_sub(1).and_then(|i| feature.values.get(i).copied())
    }

    /// Whether the feature has this value.
    pub fn is(self, feature: &Feature, value: &str) -> bool {
        self.get(feature) == Some(value)
    }

    /// The same set with one feature set (a value the feature does not have unsets it).
    #[must_use]
    pub fn with(self, feature: &Feature, value: &str) -> Feats {
        let n = feature.values.iter().position(|v| *v == value).map_or(0, |i| i as u64 + 1);
        let mask = ((1u64 << feature.bits) - 1) << feature.shift;
        Feats(self.0 & !mask | n << feature.shift)
    }

    /// Reads the FEATS column of CoNLL-U; of several values the first that is known is taken, unknown features are
    /// passed over.
    pub fn parse(column: &str) -> Feats {
        let mut out = Feats::NONE;
        for (name, values) in column.split('|').filter_map(|f| f.split_once('=')) {
            if let Some(feature) = FEATURES.iter().find(|f| f.name == name)
                && let Some(value) = values.split(',').find(|v| feature.values.contains(v))
            {
                out = out.with(feature, value);
            }
        }
        out
    }
}

impl fmt::Display for Feats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for feature in FEATURES {
            if let Some(value) = self.get(feature) {
                write!(f, "{}{}={value}", if first { "" } else { "|" }, feature.name)?;
                first = false;
            }
        }
        if first { f.write_str("_") } else { Ok(()) }
    }
}

impl fmt::Debug for Feats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feats({self})")
    }
}
