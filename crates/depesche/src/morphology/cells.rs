//! Sets of combinations of case, number and gender, and what they are for each class of the lexicon.

use super::feats::{CASE, Feats, GENDER, NUMBER};
use super::lexicon::{ClassId, Lexicon};
use super::lextag::{LexTag, TagSet};

/// A set of the 24 combinations of case, number and gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cells(pub(super) u32);

const CASES: [&str; 4] = ["Nom", "Gen", "Dat", "Acc"];
const NUMBERS: [&str; 2] = ["Sing", "Plur"];
const GENDERS: [&str; 3] = ["Masc", "Fem", "Neut"];

impl Cells {
    pub(super) const NONE: Cells = Cells(0);
    pub(super) const ALL: Cells = Cells(0xff_ffff);

    /// The combinations that agree with the features: a feature that is not stated leaves all values open.
    pub(super) fn of(feats: Feats) -> Cells {
        let (case, number, gender) = (feats.get(&CASE), feats.get(&NUMBER), feats.get(&GENDER));
        let open = |stated: Option<&str>, value: &str| stated.is_none_or(|s| s == value);
        let agrees =
            |i: usize| open(case, CASES[i / 6]) && open(number, NUMBERS[i / 3 % 2]) && open(gender, GENDERS[i % 3]);
        Cells((0..24).filter(|i| agrees(*i)).fold(0, |set, i| set | 1 << i))
    }

    /// All combinations with this case (0 to 3: nominative, genitive, dative, accusative).
    pub(super) const fn case(case: usize) -> Cells {
        Cells(0b11_1111 << (6 * case))
    }

    /// All combinations with this number (0 singular, 1 plural).
    pub(super) const fn number(number: usize) -> Cells {
        Cells((0b111 * 0o101_0101) << (3 * number))
    }

    pub(super) fn and(self, other: Cells) -> Cells {
        Cells(self.0 & other.0)
    }

    pub(super) fn or(self, other: Cells) -> Cells {
        Cells(self.0 | other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// This set, or the other if this is empty.
    pub(super) fn or_else(self, other: Cells) -> Cells {
        if self.is_empty() { other } else { self }
    }

    /// The combinations as numbers: six times the case plus three times the number plus the gender.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..24).filter(move |i| self.0 & 1 << i != 0)
    }
}

/// Adds a combination to features; `gender` says whether a plural has a gender, as nouns have and articles have not.
pub(super) fn with_cell(feats: Feats, cell: usize, gender: bool) -> Feats {
    let feats = feats.with(&CASE, CASES[cell / 6]).with(&NUMBER, NUMBERS[cell / 3 % 2]);
    if gender || (cell / 3).is_multiple_of(2) { feats.with(&GENDER, GENDERS[cell % 3]) } else { feats }
}

/// Kinds of readings whose combinations are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Group {
    Noun,
    Name,
    Determiner,
    Adjective,
    Pronoun,
    Preposition,
}

const GROUPS: [TagSet; 6] = [
    TagSet::of(&[LexTag::Noun]),
    TagSet::of(&[LexTag::GivenName, LexTag::FamilyName, LexTag::PlaceName, LexTag::OtherName]),
    TagSet::of(&[
        LexTag::DefiniteArticle,
        LexTag::IndefiniteArticle,
        LexTag::Possessive,
        LexTag::Demonstrative,
        LexTag::Indefinite,
        LexTag::Relative,
    ]),
    TagSet::of(&[LexTag::Adjective, LexTag::PresentParticiple, LexTag::PastParticiple]),
    TagSet::of(&[
        LexTag::Personal,
        LexTag::Reflexive,
        LexTag::Demonstrative,
        LexTag::Indefinite,
        LexTag::Relative,
        LexTag::DefiniteArticle,
    ]),
    TagSet::of(&[LexTag::Preposition]),
];

/// For each class the combinations of each group of readings, made once when the model is read.
#[derive(Debug)]
pub(super) struct CellTable(Vec<[Cells; 6]>);

impl CellTable {
    pub(super) fn new(lexicon: &Lexicon) -> CellTable {
        let row = |class: usize| {
            GROUPS.map(|group| {
                let readings = lexicon.readings(ClassId(class as u16)).iter().filter(|r| group.has(r.tag));
                readings.fold(Cells::NONE, |set, r| set.or(Cells::of(r.feats)))
            })
        };
        CellTable((0..lexicon.class_count()).map(row).collect())
    }

    pub(super) fn get(&self, class: ClassId, group: Group) -> Cells {
        self.0.get(class.0 as usize).map_or(Cells::NONE, |row| row[group as usize])
    }
}
