//! Case, number and gender of noun phrases: trees and lexicon in, features out.
//!
//! Article, adjectives and noun agree, a preposition governs certain cases, a subject is a nominative: what all of them
//! allow is intersected, and of what is left the combination is taken that the phrase's function makes likeliest.

use super::cells::{CellTable, Cells, Group, with_cell};
use super::feats::{DEFINITE, DEGREE, Feats, NUM_TYPE, PERSON, POSS, PRON_TYPE, REFLEX};
use super::lexicon::{Entry, Found, Lexicon};
use super::lextag::{LexTag, TagSet};
use super::upos::Upos;
use crate::analysis::Analysis;
use crate::engine::BuildError;
use crate::syntax::Deprel;
use rustc_hash::FxHashMap;

/// Finds the features of nominal tokens.
#[derive(Debug)]
pub(super) struct Agreement {
    cells: CellTable,
    contractions: FxHashMap<&'static str, Cells>,
    persons: Vec<(&'static str, &'static str)>,
}

/// How likely a case is for a function, from 0 to 9: nominative, genitive, dative, accusative.
const PLAIN: [u32; 4] = [6, 4, 3, 5];

fn likelihood(deprel: Deprel, preposition: bool, predicative: bool) -> [u32; 4] {
    if preposition {
        return [0, 3, 9, 5];
    }
    if predicative {
        return [9, 1, 1, 2];
    }
    match deprel {
        Deprel::Nsubj | Deprel::Csubj | Deprel::Root | Deprel::Vocative | Deprel::Parataxis => [9, 1, 1, 3],
        Deprel::Obj => [1, 2, 4, 9],
        Deprel::Iobj => [1, 1, 9, 4],
        Deprel::Nmod => [4, 9, 3, 3],
        Deprel::Obl => [2, 5, 5, 9],
        Deprel::Xcomp => [7, 1, 2, 6],
        _ => PLAIN,
    }
}

impl Agreement {
    /// # Errors
    /// If a table has a malformed row.
    pub(super) fn new(lexicon: &Lexicon) -> Result<Agreement, BuildError> {
        Ok(Agreement {
            cells: CellTable::new(lexicon),
            contractions: contractions("contractions.tsv", include_str!("../../data/de/contractions.tsv"))?,
            persons: persons("persons.tsv", include_str!("../../data/de/persons.tsv"))?,
        })
    }

    /// Fills in the features of nouns, names, pronouns, articles and adjectives. Needs parts of speech and trees.
    pub(super) fn run(&self, text: &str, lexicon: &Lexicon, analysis: &mut Analysis) {
        for i in 0..analysis.tokens.len() {
            let t = analysis.tokens[i];
            match t.upos {
                Upos::Noun | Upos::Propn | Upos::Pron => self.phrase(text, lexicon, analysis, i),
                Upos::Adj | Upos::Det | Upos::Num if !is_inner(analysis, i) => self.phrase(text, lexicon, analysis, i),
                _ => {}
            }
        }
    }

    /// The features of the phrase with this head.
    fn phrase(&self, text: &str, lexicon: &Lexicon, analysis: &mut Analysis, head: usize) {
        let t = analysis.tokens[head];
        let own = self.own(lexicon, t.upos, &analysis.lexical[head]);
        let (mut inner, mut governed) = (Cells::ALL, Cells::ALL);
        let (mut preposition, mut predicative, mut determined) = (false, false, false);
        for child in analysis.children(head).iter().map(|c| *c as usize) {
            let c = &analysis.tokens[child];
            match c.deprel {
                Deprel::Det | Deprel::Amod | Deprel::Nummod if matches!(c.upos, Upos::Det | Upos::Adj | Upos::Num) => {
                    let cells = self.own(lexicon, c.upos, &analysis.lexical[child]);
                    inner = inner.and(cells.or_else(Cells::ALL)).or_else(inner);
                    determined |= c.deprel == Deprel::Det;
                }
                Deprel::Case if c.upos == Upos::Adp => {
                    preposition = true;
                    determined |= self.contractions.contains_key(analysis.form(text, child));
                    governed = governed.and(self.governed(analysis.form(text, child), &analysis.lexical[child]));
                }
                Deprel::Cop => predicative = true,
                _ => {}
            }
        }
        let own = own.or_else(Cells::ALL);
        let all = own.and(inner).and(governed);
        let cells = all.or_else(own.and(governed)).or_else(inner.and(governed)).or_else(own.and(inner)).or_else(own);
        let mut likely = likelihood(t.deprel, preposition, predicative);
        if let Some(h) = analysis.head(head).filter(|_| matches!(t.deprel, Deprel::Conj | Deprel::Appos | Deprel::Flat))
            && !preposition
            && let Some(case) = case_of(analysis.tokens[h].feats)
        {
            likely[case] = 12;
        }
        let number = self.verb_number(lexicon, analysis, head);
        let rank = |cell: &usize| {
            let agrees = number.and(Cells(1 << cell)) != Cells::NONE;
            // With an article a singular is likelier than a plural that looks like it; without, it is the other way.
            let singular = (cell / 3).is_multiple_of(2);
            let usual = singular == (determined || t.upos != Upos::Noun);
            (4 * likely[cell / 6] + if agrees { 7 } else { 0 } + u32::from(usual), std::cmp::Reverse(*cell))
        };
        let Some(cell) = cells.iter().max_by_key(rank) else { return };
        let known = own != Cells::ALL || inner != Cells::ALL;
        let feats = self.kind(lexicon, t.upos, &analysis.lexical[head], analysis.form(text, head), false);
        let noun = matches!(t.upos, Upos::Noun | Upos::Propn);
        let bare = t.upos == Upos::Num || t.upos == Upos::Adj && own == Cells::ALL || !known && !noun;
        analysis.tokens[head].feats = if bare { feats } else { with_cell(feats, cell, noun) };
        for k in 0..analysis.children(head).len() {
            let child = analysis.children(head)[k] as usize;
            let c = analysis.tokens[child];
            if !matches!(c.deprel, Deprel::Det | Deprel::Amod | Deprel::Nummod) {
                continue;
            }
            let entry = analysis.lexical[child];
            let feats = self.kind(lexicon, c.upos, &entry, analysis.form(text, child), true);
            let inflected = match c.upos {
                Upos::Det => true,
                Upos::Adj => !self.own(lexicon, c.upos, &entry).is_empty(),
                _ => false,
            };
            if matches!(c.upos, Upos::Det | Upos::Adj | Upos::Num) {
                analysis.tokens[child].feats =
                    if inflected { with_cell(feats, cell, !feats.is(&PRON_TYPE, "Art")) } else { feats };
            }
        }
    }

    /// What the form itself allows.
    fn own(&self, lexicon: &Lexicon, upos: Upos, entry: &Entry) -> Cells {
        let get = |group| self.cells.get(entry.class, group).or_else(self.cells.get(entry.small, group));
        match upos {
            Upos::Noun => self.cells.get(entry.class, Group::Noun).or_else(get(Group::Adjective)),
            Upos::Propn => {
                let name = self.cells.get(entry.class, Group::Name).or(self.cells.get(entry.class, Group::Noun));
                if entry.found == Found::Guess { Cells::number(0) } else { name.or_else(Cells::number(0)) }
            }
            Upos::Det => get(Group::Determiner),
            Upos::Adj => get(Group::Adjective),
            Upos::Pron => get(Group::Pronoun),
            Upos::Num if lexicon.tags(entry.class).has(LexTag::IndefiniteArticle) => get(Group::Determiner),
            _ => Cells::NONE,
        }
    }

    /// What a preposition allows.
    fn governed(&self, form: &str, entry: &Entry) -> Cells {
        let mut buffer = [0; 16];
        let small = lower_ascii_start(form, &mut buffer);
        let contraction = self.contractions.get(small).copied();
        let get =
            || self.cells.get(entry.class, Group::Preposition).or_else(self.cells.get(entry.small, Group::Preposition));
        contraction.unwrap_or_else(get).or_else(Cells::ALL)
    }

    /// The numbers that the verb of which the token is the subject allows.
    fn verb_number(&self, lexicon: &Lexicon, analysis: &Analysis, token: usize) -> Cells {
        if analysis.tokens[token].deprel != Deprel::Nsubj {
            return Cells::ALL;
        }
        let Some(head) = analysis.head(token) else { return Cells::ALL };
        let helpers = analysis.children(head).iter().map(|c| *c as usize);
        let finite = helpers.filter(|c| matches!(analysis.tokens[*c].deprel, Deprel::Aux | Deprel::Cop)).chain([head]);
        let mut cells = Cells::NONE;
        for verb in finite {
            let readings = lexicon.readings(analysis.lexical[verb].class).iter();
            cells = readings.filter(|r| FINITE.has(r.tag)).fold(cells, |c, r| {
                c.or(if r.feats.is(&super::feats::NUMBER, "Plur") { Cells::number(1) } else { Cells::number(0) })
            });
            if !cells.is_empty() {
                break;
            }
        }
        cells.or_else(Cells::ALL)
    }

    /// The person of a pronoun or possessive.
    fn person(&self, form: &str) -> &'static str {
        let mut small = [0; 16];
        let form = lower_ascii_start(form, &mut small);
        let matches = |pattern: &str| pattern.strip_suffix('*').map_or(pattern == form, |p| form.starts_with(p));
        self.persons.iter().find(|(pattern, _)| matches(pattern)).map_or("3", |(_, person)| *person)
    }

    /// The features that do not inflect: kind of pronoun or article, degree, person.
    fn kind(&self, lexicon: &Lexicon, upos: Upos, entry: &Entry, form: &str, attribute: bool) -> Feats {
        let readings = || lexicon.readings(entry.class).iter().chain(lexicon.readings(entry.small));
        let wanted = match upos {
            Upos::Det => &DETERMINERS,
            Upos::Pron => &PRONOUNS,
            Upos::Adj if attribute => &ATTRIBUTES,
            Upos::Adj => &ADJECTIVES,
            Upos::Num => return Feats::NONE.with(&NUM_TYPE, "Card"),
            _ => return Feats::NONE,
        };
        let Some(reading) =
            readings().filter(|r| wanted.contains(&r.tag)).min_by_key(|r| wanted.iter().position(|w| *w == r.tag))
        else {
            return Feats::NONE;
        };
        let negative = form.starts_with(['k', 'K']) && form[1..].starts_with("ein");
        let feats = Feats::NONE;
        match reading.tag {
            LexTag::DefiniteArticle if upos == Upos::Pron => feats.with(&PRON_TYPE, "Rel"),
            LexTag::DefiniteArticle => feats.with(&PRON_TYPE, "Art").with(&DEFINITE, "Def"),
            LexTag::IndefiniteArticle => feats.with(&PRON_TYPE, "Art").with(&DEFINITE, "Ind"),
            LexTag::Possessive => feats.with(&PRON_TYPE, "Prs").with(&POSS, "Yes").with(&PERSON, self.person(form)),
            LexTag::Demonstrative => feats.with(&PRON_TYPE, "Dem"),
            LexTag::Indefinite => feats.with(&PRON_TYPE, if negative { "Neg" } else { "Ind" }),
            LexTag::Relative => feats.with(&PRON_TYPE, "Rel"),
            LexTag::Personal => feats.with(&PRON_TYPE, "Prs").with(&PERSON, self.person(form)),
            LexTag::Reflexive => feats.with(&PRON_TYPE, "Prs").with(&REFLEX, "Yes").with(&PERSON, self.person(form)),
            _ => feats.with(&DEGREE, reading.feats.get(&DEGREE).unwrap_or("Pos")),
        }
    }
}

const FINITE: TagSet = TagSet::of(&[LexTag::Verb, LexTag::Auxiliary, LexTag::Modal]);
/// What an article may be, the likeliest first.
const DETERMINERS: [LexTag; 6] = [
    LexTag::DefiniteArticle,
    LexTag::IndefiniteArticle,
    LexTag::Possessive,
    LexTag::Demonstrative,
    LexTag::Indefinite,
    LexTag::Relative,
];
/// What a pronoun may be, the likeliest first.
const PRONOUNS: [LexTag; 6] = [
    LexTag::DefiniteArticle,
    LexTag::Personal,
    LexTag::Reflexive,
    LexTag::Relative,
    LexTag::Demonstrative,
    LexTag::Indefinite,
];
/// What an adjective may be, the likeliest first.
const ADJECTIVES: [LexTag; 6] = [
    LexTag::AdjectivePredicative,
    LexTag::Adjective,
    LexTag::PresentParticiple,
    LexTag::PastParticiple,
    LexTag::PresentParticiplePredicative,
    LexTag::PastParticiplePredicative,
];

/// Adjectives before a noun: with an ending, whatever else they may be.
const ATTRIBUTES: [LexTag; 6] = [
    LexTag::Adjective,
    LexTag::PresentParticiple,
    LexTag::PastParticiple,
    LexTag::AdjectivePredicative,
    LexTag::PresentParticiplePredicative,
    LexTag::PastParticiplePredicative,
];

/// Whether the token stands inside another's phrase, whose head says its features.
fn is_inner(analysis: &Analysis, token: usize) -> bool {
    let t = &analysis.tokens[token];
    matches!(t.deprel, Deprel::Det | Deprel::Amod | Deprel::Nummod)
        && analysis
            .head(token)
            .is_some_and(|h| matches!(analysis.tokens[h].upos, Upos::Noun | Upos::Propn | Upos::Pron))
}

fn case_of(feats: Feats) -> Option<usize> {
    (feats != Feats::NONE).then(|| (0..4).find(|c| !Cells::of(feats).and(Cells::case(*c)).is_empty())).flatten()
}

/// The word with its first letter written small, as far as it is short and the letter is plain.
fn lower_ascii_start<'b>(form: &'b str, buffer: &'b mut [u8; 16]) -> &'b str {
    let bytes = form.as_bytes();
    if bytes.len() > buffer.len() || !bytes.first().is_some_and(u8::is_ascii_uppercase) {
        return form;
    }
    buffer[..bytes.len()].copy_from_slice(bytes);
    buffer[..bytes.len()].make_ascii_lowercase();
    std::str::from_utf8(&buffer[..bytes.len()]).unwrap_or(form)
}

fn contractions(name: &str, file: &'static str) -> Result<FxHashMap<&'static str, Cells>, BuildError> {
    let mut out = FxHashMap::default();
    for (k, row) in file.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
        let malformed = || BuildError::Data {
            file: name.to_string(),
            line: k + 1,
            message: "expected form, case, number, genders".to_string(),
        };
        let &[form, case, number, genders] = row.split('\t').collect::<Vec<_>>().as_slice() else {
            return Err(malformed());
        };
        let cells = genders.split(',').fold(Cells::NONE, |set, gender| {
            set.or(Cells::of(Feats::parse(&format!("Case={case}|Gender={gender}|Number={number}"))))
        });
        out.insert(form, Some(cells).filter(|c| !c.is_empty()).ok_or_else(malformed)?);
    }
    Ok(out)
}

fn persons(name: &str, file: &'static str) -> Result<Vec<(&'static str, &'static str)>, BuildError> {
    let rows = file.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
    let row = |(k, row): (usize, &'static str)| match row.split_once('\t') {
        Some((form, person)) if matches!(person, "1" | "2" | "3") => Ok((form, person)),
        _ => Err(BuildError::Data {
            file: name.to_string(),
            line: k + 1,
            message: "expected a form, a tab and a person from 1 to 3".to_string(),
        }),
    };
    rows.map(row).collect()
}
