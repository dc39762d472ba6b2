//! The scene: a parsed text with its actors, seen as predicates that frames know and noun phrases that may take part.
//!
//! What the judge's features and the rules both ask for is worked out here once for each document.

use super::frames::{FrameId, Frames, Part, Slot};
use super::senses::Classes;
use crate::actors::{Actors, Entity};
use crate::knowledge::Knowledge;
use crate::morphology::Upos;
use crate::reading::Reading;
use crate::record::{EntityType, EventType, MentionKind, Sector, Statement, StatementKind};
use crate::syntax::Deprel;
use crate::syntax::clause::Clauses;
use rustc_hash::FxHashSet;

/// What the frames say about a token.
#[derive(Debug, Default, Clone)]
pub struct Match {
    /// Frames, light-verb constructions first.
    pub frames: Vec<FrameId>,
    /// How many of them are light-verb constructions.
    pub phrases: usize,
    /// For a noun: where the listed word begins in it.
    pub at: usize,
    /// Whether a verb's frames were taken for a noun made from it.
    pub derived: bool,
    /// Whether a verb's frames were taken for its participle.
    pub participle: bool,
    /// Tokens of the light-verb construction besides the verb.
    pub parts: Vec<usize>,
}

/// How a participant stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As a noun phrase with this head.
    Phrase(usize),
    /// Inside the trigger or as its state adjective.
    Inside(usize),
    /// Not in the sentence: known from the context.
    Context,
}

impl Standing {
    /// The token that stands for the participant in the sentence.
    pub fn head(self) -> Option<usize> {
        match self {
            Standing::Phrase(head) | Standing::Inside(head) => Some(head),
            Standing::Context => None,
        }
    }
}

/// A document as the event layer sees it.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The text and its trees.
    pub reading: Reading<'a>,
    /// The trees as clauses.
    pub clauses: Clauses<'a>,
    /// Who is who.
    pub actors: &'a Actors,
    /// Who said what.
    pub statements: &'a [Statement],
    /// What is known of the world.
    pub knowledge: &'a Knowledge,
    /// The frame lexicon.
    pub frames: &'a Frames,
    /// For each token what the frames say.
    pub matches: Vec<Option<Box<Match>>>,
    /// For each token its semantic classes.
    pub senses: Vec<Classes>,
    /// Names of the semantic classes that are frequent in the document.
    pub topics: Vec<&'static str>,
    adjectives: FxHashSet<(usize, usize)>,
    statement_of: Vec<u32>,
    /// How often each entity is mentioned.
    pub mention_counts: Vec<u32>,
    /// The entities mentioned most often, at least twice.
    pub prominent: Vec<usize>,
    /// For each sentence the entities named in it.
    pub sentence_entities: Vec<Vec<usize>>,
    /// Share of sentences that name a state, its people or an organisation of states.
    pub political: f32,
    /// The title's longer words, lower case.
    pub title: Vec<String>,
    /// The types that the frames know in the title.
    pub title_types: Vec<EventType>,
}

const NO_STATEMENT: u32 = u32::MAX;

impl<'a> Scene<'a> {
    /// Looks a document over.
    pub fn new(
        reading: &Reading<'a>,
        knowledge: &'a Knowledge,
        actors: &'a Actors,
        statements: &'a [Statement],
        frames: &'a Frames,
    ) -> Scene<'a> {
        let analysis = reading.analysis;
        let mut scene = Scene {
            reading: *reading,
            clauses: Clauses::new(reading),
            actors,
            statements,
            knowledge,
            frames,
            matches: Vec::with_capacity(reading.len()),
            senses: Vec::with_capacity(reading.len()),
            topics: Vec::new(),
            adjectives: FxHashSet::default(),
            statement_of: vec![NO_STATEMENT; reading.len()],
            mention_counts: vec![0; actors.entities.len()],
            prominent: Vec::new(),
            sentence_entities: vec![Vec::new(); analysis.sentences.len()],
            political: 0.0,
            title: Vec::new(),
            title_types: Vec::new(),
        };
        scene.index_mentions();
        scene.index_statements();
        for token in 0..reading.len() {
            let found = scene.match_frames(token);
            scene.matches.push(found);
        }
        scene.look_up_senses();
        if let Some(title) = reading.title {
            scene.title = title
                .split(|c: char| !c.is_alphanumeric() && c != '-')
                .filter(|w| w.len() > 4)
                .map(str::to_lowercase)
                .collect();
            for word in &scene.title {
                let (found, _, _) = frames.noun(word);
                let verb = frames.participle_verb(word).map_or(&[][..], |v| frames.verb(v));
                let inflected =
                    word.strip_suffix('t').map(|stem| frames.verb(&format!("{stem}en"))).unwrap_or_default();
                let all = found.iter().chain(verb).chain(inflected);
                for kind in all.map(|f| frames.pattern(*f)).filter(|p| p.prior >= 0.5).map(|p| p.kind) {
                    if !scene.title_types.contains(&kind) {
                        scene.title_types.push(kind);
                    }
                }
            }
        }
        scene
    }

    fn index_mentions(&mut self) {
        let analysis = self.reading.analysis;
        for m in &self.actors.mentions {
            for &entity in &m.entities {
                self.mention_counts[entity] += 1;
                let sentence = analysis.tokens[m.head].sentence as usize;
                if !self.sentence_entities[sentence].contains(&entity) {
                    self.sentence_entities[sentence].push(entity);
                }
                // A state's adjective belongs to the noun that it modifies.
                if m.kind == MentionKind::Adjective {
                    let noun = analysis.head(m.first).filter(|_| m.first == m.head).unwrap_or(m.head);
                    self.adjectives.insert((noun, entity));
                }
            }
        }
        const PROMINENT: usize = 3;
        self.prominent = (0..self.mention_counts.len()).filter(|e| self.mention_counts[*e] > 1).collect();
        self.prominent.sort_by_key(|e| (std::cmp::Reverse(self.mention_counts[*e]), *e));
        self.prominent.truncate(PROMINENT);
        let political = self
            .sentence_entities
            .iter()
            .filter(|s| {
                s.iter().any(|e| {
                    let e = &self.actors.entities[*e];
                    matches!(e.kind, EntityType::State | EntityType::Igo)
                        || matches!(
                            e.sector,
                            Some(Sector::Gov | Sector::Mil | Sector::Reb | Sector::Opp | Sector::Leg | Sector::Igo)
                        )
                })
            })
            .count();
        self.political = political as f32 / self.sentence_entities.len().max(1) as f32;
    }

    /// Marks for each token the innermost statement whose content it stands in.
    fn index_statements(&mut self) {
        let tokens = &self.reading.analysis.tokens;
        for (i, s) in self.statements.iter().enumerate() {
            for range in &s.content {
                let first = tokens.partition_point(|t| (t.start as usize) < range.start);
                let last = tokens.partition_point(|t| (t.start as usize) < range.end);
                self.statement_of[first..last.max(first)].fill(i as u32);
            }
        }
    }

    fn look_up_senses(&mut self) {
        /// Share of the document's words with a class that makes it a topic.
        const TOPIC: f32 = 0.03;
        let senses = self.frames.senses();
        let mut counts = vec![0u32; senses.class_count()];
        for token in 0..self.reading.len() {
            let classes = match self.reading.analysis.tokens[token].upos {
                Upos::Noun | Upos::Propn => senses.noun(&self.reading.lemma(token).to_lowercase()),
                Upos::Verb | Upos::Aux | Upos::Adj => {
                    senses.word(&self.reading.analysis.predicate(token).to_lowercase())
                }
                _ => Classes::EMPTY,
            };
            classes.iter().for_each(|c| counts[usize::from(c)] += 1);
            self.senses.push(classes);
        }
        let all = counts.iter().sum::<u32>() as f32;
        let topics = (0u8..).zip(&counts).filter(|(_, n)| **n as f32 > TOPIC * all);
        self.topics = topics.map(|(c, _)| senses.name(c)).collect();
    }

    /// Names of a token's semantic classes.
    pub fn classes(&self, token: usize) -> impl Iterator<Item = &'static str> + '_ {
        self.senses[token].iter().map(|c| self.frames.senses().name(c))
    }

    // ------------------------------------------------------------ frames

    fn match_frames(&self, token: usize) -> Option<Box<Match>> {
        let analysis = self.reading.analysis;
        let t = &analysis.tokens[token];
        let mut found = Match::default();
        match t.upos {
            Upos::Verb | Upos::Aux => {
                let restored = self.stranded_prefix(token);
                self.match_verb(restored.as_deref().unwrap_or(analysis.predicate(token)), token, &mut found);
            }
            Upos::Noun | Upos::Propn => {
                let lemma = analysis.lemma(token).to_lowercase();
                let (frames, at, derived) = self.frames.noun(&lemma);
                found.frames.extend_from_slice(frames);
                (found.at, found.derived) = (at, derived);
                if frames.is_empty() && t.upos == Upos::Noun {
                    // Nouns made from participles ("der Inhaftierte") and forms that the lemmatiser left inflected.
                    let form = self.reading.form(token).to_lowercase();
                    let (frames, at, derived) = self.frames.noun(&form);
                    found.frames.extend_from_slice(frames);
                    (found.at, found.derived) = (at, derived);
                }
            }
            Upos::Adj | Upos::Adv => {
                let lemma = analysis.lemma(token).to_lowercase();
                found.frames.extend_from_slice(self.frames.adjective(&lemma));
                if found.frames.is_empty()
                    && let Some(verb) = self.frames.participle_verb(&lemma)
                {
                    found.participle = true;
                    found.frames.extend_from_slice(self.frames.verb(verb));
                }
            }
            _ => return None,
        }
        (!found.frames.is_empty()).then(|| Box::new(found))
    }

    /// A verb with the prefix that stands at the end of its clause, where the parser has not joined the two: only if
    /// the frames know that verb.
    fn stranded_prefix(&self, token: usize) -> Option<String> {
        const FARTHEST: usize = 40;
        let analysis = self.reading.analysis;
        if analysis.has_separated_prefix(token) || self.clauses.finite(token) != Some(token) {
            return None;
        }
        let end = analysis.sentences[analysis.tokens[token].sentence as usize].last as usize;
        let lemma = analysis.lemma(token);
        for i in token + 1..end.min(token + FARTHEST) {
            let t = &analysis.tokens[i];
            let form = self.reading.form(i);
            let last = i + 1 >= end
                || matches!(analysis.tokens[i + 1].upos, Upos::Punct | Upos::Cconj)
                || self.reading.form(i + 1) == "und";
            if last && super::words::is_separable_prefix(form) && self.clauses.children(i).next().is_none() {
                let verb = format!("{form}{lemma}");
                if self.frames.knows_verb(&verb) {
                    return Some(verb);
                }
            }
            // A further finite verb or a mark that ends a sentence closes the clause.
            if form == ";" || form == ":" || (t.upos == Upos::Sconj && i > token + 20) {
                break;
            }
        }
        None
    }

    fn match_verb(&self, predicate: &str, token: usize, found: &mut Match) {
        for phrase in self.frames.phrases(predicate) {
            if let Some(parts) = self.match_phrase(token, &phrase.words, phrase.preposition.as_deref()) {
                found.frames.push(phrase.frame);
                parts.into_iter().filter(|p| !found.parts.contains(p)).collect::<Vec<_>>().into_iter().for_each(|p| {
                    found.parts.push(p);
                });
            }
        }
        found.phrases = found.frames.len();
        let reflexive = self.clauses.is_reflexive(token);
        // A reflexive reading is taken only with the pronoun; without one the plain reading.
        let frames = self.frames.verb(predicate);
        found.frames.extend(frames.iter().filter(|f| reflexive && self.frames.frame(**f).reflexive));
        found.frames.extend(frames.iter().filter(|f| !self.frames.frame(**f).reflexive));
    }

    /// The tokens that make a light-verb construction with the verb, if all are there.
    fn match_phrase(&self, verb: usize, words: &[Box<str>], preposition: Option<&str>) -> Option<Vec<usize>> {
        let mut parts = Vec::with_capacity(words.len());
        for (i, word) in words.iter().enumerate() {
            let fits = |c: usize| {
                self.same_word(c, word)
                    && (i > 0
                        || preposition.is_none()
                        || self.clauses.preposition(c) == preposition
                        || (preposition == Some("als") && c > 0 && self.reading.form(c - 1) == "als"))
            };
            let near = self.clauses.children(verb).find(|c| fits(*c));
            let found =
                near.or_else(|| self.clauses.children(verb).flat_map(|c| self.clauses.children(c)).find(|c| fits(*c)))?;
            parts.push(found);
        }
        Some(parts)
    }

    /// Whether a token is this word or a compound that ends with it, inflection aside.
    fn same_word(&self, token: usize, word: &str) -> bool {
        const LONGEST_ENDING: usize = 2;
        let lemma = self.reading.lemma(token).to_lowercase();
        let close = |lemma: &str| {
            let shorter = lemma.len().min(word.len());
            lemma.len().abs_diff(word.len()) <= LONGEST_ENDING
                && lemma.is_char_boundary(shorter)
                && word.is_char_boundary(shorter)
                && lemma[..shorter] == word[..shorter]
        };
        close(&lemma) || (word.len() > 4 && lemma.ends_with(word)) || self.reading.form(token).to_lowercase() == word
    }

    // ------------------------------------------------------------ participants

    /// The entities that the noun phrase headed by a token means.
    pub fn denoted(&self, token: usize) -> &[usize] {
        self.actors.denoted(token)
    }

    /// The entities named inside a token or by a state adjective at it.
    pub fn inside(&self, token: usize) -> &[usize] {
        self.actors.modifiers(token)
    }

    /// Whom a noun phrase would name that names nobody yet.
    pub fn likely(&self, token: usize) -> Option<Entity> {
        self.actors.likely_participant(&self.reading, self.knowledge, token)
    }

    /// Whether an entity inside a token is named by an adjective, not by the word itself.
    pub fn is_adjective_of(&self, token: usize, entity: usize) -> bool {
        self.adjectives.contains(&(token, entity))
    }

    /// The innermost statement in whose content a token stands.
    pub fn statement(&self, token: usize) -> Option<usize> {
        let s = self.statement_of[token];
        (s != NO_STATEMENT).then_some(s as usize)
    }

    /// Whether a token stands in direct speech.
    pub fn in_direct_speech(&self, token: usize) -> bool {
        self.statement(token).is_some_and(|s| self.statements[s].kind == StatementKind::Direct)
    }

    /// The entities that speak in the statement in which a token stands.
    pub fn speakers(&self, token: usize) -> &[usize] {
        self.statement(token).and_then(|s| self.statements[s].speaker.as_ref()).map_or(&[], |p| p.entities.as_slice())
    }

    /// The entities of a noun phrase, or those of the name that stands beside its head ("der Minister …, Franz Jung").
    pub fn meant(&self, head: usize) -> &[usize] {
        let own = self.denoted(head);
        let person = |e: &usize| self.actors.entities[*e].kind == EntityType::Person;
        if own.iter().any(|e| person(e) && self.mention_counts[*e] > 1) {
            return own;
        }
        let beside = self
            .clauses
            .children(head)
            .filter(|c| matches!(self.reading.analysis.tokens[*c].deprel, Deprel::Appos | Deprel::Flat));
        let mut named = beside.map(|c| self.denoted(c)).filter(|d| d.first().is_some_and(person));
        named.next().unwrap_or(own)
    }

    /// Whether a token stands in apposition to a noun phrase, which then speaks for both.
    fn is_apposition(&self, token: usize) -> bool {
        let t = &self.reading.analysis.tokens[token];
        matches!(t.deprel, Deprel::Appos | Deprel::Flat)
            && self.reading.analysis.head(token).is_some_and(|h| self.meant(h) == self.denoted(token))
    }

    /// Heads of noun phrases in the token's sentence that may take part in an event.
    pub fn phrases(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        let analysis = self.reading.analysis;
        const FARTHEST: usize = 120;
        let sentence = analysis.sentences[analysis.tokens[token].sentence as usize];
        let first = (sentence.first as usize).max(token.saturating_sub(FARTHEST));
        let last = (sentence.last as usize).min(token + FARTHEST);
        (first..last).filter(move |i| {
            let t = &analysis.tokens[*i];
            let nominal = matches!(t.upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Adj | Upos::Det);
            let inner = matches!(t.deprel, Deprel::Flat | Deprel::Compound | Deprel::Fixed | Deprel::Punct);
            let denoted = self.denoted(*i);
            // Every token of a name denotes its entity; the topmost one is taken.
            let above = analysis.head(*i).is_some_and(|h| !denoted.is_empty() && self.denoted(h) == denoted);
            let named = !denoted.is_empty() && (!above || t.deprel == Deprel::Conj);
            // "Tausende demonstrierten", "20 wurden festgenommen".
            let counted = t.upos == Upos::Num && matches!(t.deprel, Deprel::Nsubj | Deprel::Obj | Deprel::Iobj);
            *i != token
                && nominal
                && !(named && self.is_apposition(*i))
                && ((!inner && denoted.is_empty() && (t.upos == Upos::Noun || counted)) || named)
        })
    }

    /// The slots of a predicate that are filled: slot and head token.
    pub fn filled(&self, token: usize) -> Vec<(Slot, usize)> {
        let c = &self.clauses;
        let mut out = Vec::with_capacity(8);
        let upos = self.reading.analysis.tokens[token].upos;
        if matches!(upos, Upos::Verb | Upos::Aux) || (upos == Upos::Adj && c.is_clause_head(token)) {
            out.extend(c.agent(token).map(|x| (Slot::Subject, x)));
            out.extend(c.patient(token).map(|x| (Slot::Object, x)));
            out.extend(c.dative(token).map(|x| (Slot::Dative, x)));
        } else if upos == Upos::Adj {
            // An attributive participle says its act of the noun.
            if let Some(noun) = self.reading.analysis.head(token) {
                let active = self.reading.lemma(token).ends_with("end");
                out.push((if active { Slot::Subject } else { Slot::Object }, noun));
            }
        } else {
            out.extend(c.possessor(token).map(|x| (Slot::Genitive, x)));
            // "es kam zu einem Angriff durch": what hangs on the verb beside the noun is looked at by the judge.
        }
        for (preposition, noun) in c.obliques(token) {
            let noun = c.antecedent(noun).unwrap_or(noun);
            out.push((Slot::Preposition(preposition.into()), noun));
        }
        for part in self.matches.get(token).into_iter().flatten().flat_map(|m| &m.parts) {
            out.extend(c.possessor(*part).map(|x| (Slot::Genitive, x)));
            for (preposition, noun) in c.obliques(*part) {
                out.push((Slot::Preposition(preposition.into()), noun));
            }
        }
        for complement in c.complements(token) {
            out.extend(c.subject(complement).map(|x| (Slot::Content, x)));
        }
        out
    }

    /// The verb of the light-verb construction of a type that a token is part of.
    pub fn construction(&self, token: usize, kind: Option<EventType>) -> Option<usize> {
        let mut at = self.reading.analysis.head(token);
        for _ in 0..2 {
            let verb = at?;
            let m = self.matches[verb].as_deref();
            let part = m.is_some_and(|m| {
                m.parts.contains(&token)
                    && m.frames[..m.phrases].iter().any(|f| Some(self.frames.pattern(*f).kind) == kind)
            });
            if part {
                return Some(verb);
            }
            at = self.reading.analysis.head(verb);
        }
        None
    }

    /// The part of speech that a frame match belongs to.
    pub fn part(&self, token: usize) -> Part {
        match self.reading.analysis.tokens[token].upos {
            Upos::Verb | Upos::Aux => Part::Verb,
            Upos::Noun | Upos::Propn => Part::Noun,
            _ => Part::Adjective,
        }
    }

    /// The nearest predicate above a token, with the way it hangs there.
    pub fn governor(&self, token: usize) -> Option<usize> {
        self.reading.analysis.head(token).and_then(|h| self.clauses.predicate_of(h)).filter(|g| *g != token)
    }
}

/// A short name of an entity's kind for features.
pub fn kind_name(kind: EntityType) -> &'static str {
    match kind {
        EntityType::Person => "person",
        EntityType::State => "state",
        EntityType::Igo => "igo",
        EntityType::Org => "org",
        EntityType::Group => "group",
        EntityType::Place => "place",
        EntityType::Other => "other",
    }
}

/// The name of a kind of statement in features.
pub(super) fn speech_name(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Direct => "direct",
        StatementKind::Indirect => "indirect",
        StatementKind::Reported => "reported",
        StatementKind::FreeIndirect => "free",
        StatementKind::IndirectFreeIndirect => "indirect-free",
    }
}

/// The code of a sector.
pub fn sector_name(sector: Option<Sector>) -> &'static str {
    match sector {
        Some(Sector::Gov) => "GOV",
        Some(Sector::Mil) => "MIL",
        Some(Sector::Cop) => "COP",
        Some(Sector::Jud) => "JUD",
        Some(Sector::Leg) => "LEG",
        Some(Sector::Opp) => "OPP",
        Some(Sector::Reb) => "REB",
        Some(Sector::Cvl) => "CVL",
        Some(Sector::Bus) => "BUS",
        Some(Sector::Ngo) => "NGO",
        Some(Sector::Med) => "MED",
        Some(Sector::Igo) => "IGO",
        None => "-",
    }
}
