//! The lexicon's parts of speech: finer than the universal ones, and what a form may be rather than what it is.

/// A part of speech of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum LexTag {
    /// Noun.
    Noun,
    /// Given name.
    GivenName,
    /// Family name.
    FamilyName,
    /// Name of a country, region, town, river or mountain.
    PlaceName,
    /// Other name.
    OtherName,
    /// Inflected adjective.
    Adjective,
    /// Adjective without an ending.
    AdjectivePredicative,
    /// Inflected present participle.
    PresentParticiple,
    /// Present participle without an ending.
    PresentParticiplePredicative,
    /// Inflected past participle.
    PastParticiple,
    /// Past participle without an ending, as an adjective.
    PastParticiplePredicative,
    /// Finite form of a full verb.
    Verb,
    /// Infinitive of a full verb.
    Infinitive,
    /// Infinitive with "zu" inside ("abzulehnen").
    InfinitiveZu,
    /// Past participle of a full verb.
    VerbPastParticiple,
    /// Imperative of a full verb.
    Imperative,
    /// Finite form of "haben", "sein", "werden".
    Auxiliary,
    /// Other form of an auxiliary.
    AuxiliaryNonfinite,
    /// Finite form of a modal verb.
    Modal,
    /// Other form of a modal verb.
    ModalNonfinite,
    /// Adverb.
    Adverb,
    /// Pronominal adverb ("dabei").
    PronominalAdverb,
    /// Interrogative adverb.
    InterrogativeAdverb,
    /// Personal pronoun.
    Personal,
    /// Reflexive pronoun.
    Reflexive,
    /// Possessive.
    Possessive,
    /// Demonstrative.
    Demonstrative,
    /// Indefinite.
    Indefinite,
    /// Relative or interrogative pronoun.
    Relative,
    /// Definite article.
    DefiniteArticle,
    /// Indefinite article.
    IndefiniteArticle,
    /// Preposition.
    Preposition,
    /// Coordinating conjunction.
    Coordinating,
    /// Subordinating conjunction.
    Subordinating,
    /// Comparing conjunction ("als", "wie").
    Comparing,
    /// Conjunction with an infinitive ("um … zu").
    InfinitiveConjunction,
    /// "je", "desto", "umso".
    Proportional,
    /// Separable verb prefix.
    VerbPrefix,
    /// Negation.
    Negation,
    /// Number word.
    Numeral,
    /// Interjection.
    Interjection,
    /// Abbreviation.
    Abbreviation,
}

impl LexTag {
    /// All values, in the order of their numbers.
    pub const ALL: &[LexTag] = &[
        LexTag::Noun,
        LexTag::GivenName,
        LexTag::FamilyName,
        LexTag::PlaceName,
        LexTag::OtherName,
        LexTag::Adjective,
        LexTag::AdjectivePredicative,
        LexTag::PresentParticiple,
        LexTag::PresentParticiplePredicative,
        LexTag::PastParticiple,
        LexTag::PastParticiplePredicative,
        LexTag::Verb,
        LexTag::Infinitive,
        LexTag::InfinitiveZu,
        LexTag::VerbPastParticiple,
        LexTag::Imperative,
        LexTag::Auxiliary,
        LexTag::AuxiliaryNonfinite,
        LexTag::Modal,
        LexTag::ModalNonfinite,
        LexTag::Adverb,
        LexTag::PronominalAdverb,
        LexTag::InterrogativeAdverb,
        LexTag::Personal,
        LexTag::Reflexive,
        LexTag::Possessive,
        LexTag::Demonstrative,
        LexTag::Indefinite,
        LexTag::Relative,
        LexTag::DefiniteArticle,
        LexTag::IndefiniteArticle,
        LexTag::Preposition,
        LexTag::Coordinating,
        LexTag::Subordinating,
        LexTag::Comparing,
        LexTag::InfinitiveConjunction,
        LexTag::Proportional,
        LexTag::VerbPrefix,
        LexTag::Negation,
        LexTag::Numeral,
        LexTag::Interjection,
        LexTag::Abbreviation,
    ];

    /// The value with this number, if there is one.
    pub fn from_number(n: u8) -> Option<LexTag> {
        Self::ALL.get(n as usize).copied()
    }
}

/// A set of [`LexTag`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TagSet(pub u64);

impl TagSet {
    /// The set of these tags.
    pub const fn of(tags: &[LexTag]) -> TagSet {
        let (mut set, mut i) = (0, 0);
        while i < tags.len() {
            set |= 1 << tags[i] as u64;
            i += 1;
        }
        TagSet(set)
    }

    /// Whether the tag is in the set.
    pub fn has(self, tag: LexTag) -> bool {
        self.0 & 1 << tag as u64 != 0
    }

    /// Whether the sets share a tag.
    pub fn meets(self, other: TagSet) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set has no tag.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
