//! Clauses: a predicate's token in, its grammar out (subject, objects, voice, negation, modality, tense, mood).
//!
//! The rooms of meaning ask in the terms of German grammar and need not know how the treebanks write it down: that
//! datives and prepositional phrases are both `obl`, that modals are `aux`, that the subject of a coordinated or
//! infinitive clause hangs elsewhere. Trees are those of [`crate::syntax`]: Universal Dependencies 2 without subtypes,
//! read generously, since parsers err. Nothing here walks further than [`MAX_CLIMB`] steps, so that even a degenerate
//! tree costs linear time.
//!
//! The words of closed classes that German grammar itself names (auxiliaries, modals, negations, contractions) stand
//! in `data/de/closed-classes.tsv`, read by [`words`].

mod np;
#[cfg(test)]
mod tests;
mod verb;
pub mod words;

use crate::analysis::Analysis;
use crate::morphology::{Upos, feats};
use crate::reading::Reading;
use crate::syntax::Deprel;

pub use verb::{Modal, Mood, Tense, Voice};

/// How many steps a walk towards the root takes at most.
pub const MAX_CLIMB: usize = 64;

/// A view of a text's trees as clauses.
#[derive(Debug, Clone, Copy)]
pub struct Clauses<'a> {
    text: &'a str,
    analysis: &'a Analysis,
}

impl<'a> Clauses<'a> {
    /// The clauses of a parsed text.
    pub fn new(reading: &Reading<'a>) -> Clauses<'a> {
        Clauses { text: reading.text, analysis: reading.analysis }
    }

    // ------------------------------------------------------------ tokens

    fn form(&self, i: usize) -> &'a str {
        self.analysis.form(self.text, i)
    }

    fn deprel(&self, i: usize) -> Deprel {
        self.analysis.tokens[i].deprel
    }

    fn upos(&self, i: usize) -> Upos {
        self.analysis.tokens[i].upos
    }

    fn is_case(&self, i: usize, value: &str) -> bool {
        self.analysis.tokens[i].feats.is(&feats::CASE, value)
    }

    /// The dependents of a token.
    pub fn children(&self, i: usize) -> impl Iterator<Item = usize> + use<'a> {
        self.analysis.children(i).iter().map(|c| *c as usize)
    }

    /// The dependents of a token with one relation.
    pub fn children_by(&self, i: usize, relation: Deprel) -> impl Iterator<Item = usize> + use<'a> {
        let analysis = self.analysis;
        self.children(i).filter(move |c| analysis.tokens[*c].deprel == relation)
    }

    fn child(&self, i: usize, relation: Deprel) -> Option<usize> {
        self.children_by(i, relation).next()
    }

    /// The heads above a token, nearest first, at most [`MAX_CLIMB`].
    pub fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + use<'a> {
        let analysis = self.analysis;
        std::iter::successors(analysis.head(i), move |h| analysis.head(*h)).take(MAX_CLIMB)
    }

    /// The head of the clause that a token stands in: the nearest predicate at or above it.
    pub fn predicate_of(&self, i: usize) -> Option<usize> {
        std::iter::once(i).chain(self.ancestors(i)).find(|h| self.is_clause_head(*h))
    }

    /// Whether a token heads a clause: a verb that is no auxiliary, or anything with a subject or a copula.
    pub fn is_clause_head(&self, i: usize) -> bool {
        match self.deprel(i) {
            Deprel::Aux | Deprel::Cop => false,
            Deprel::Root
            | Deprel::Ccomp
            | Deprel::Csubj
            | Deprel::Advcl
            | Deprel::Acl
            | Deprel::Xcomp
            | Deprel::Parataxis => true,
            _ => {
                self.upos(i) == Upos::Verb
                    || self.children(i).any(|c| matches!(self.deprel(c), Deprel::Cop | Deprel::Nsubj | Deprel::Aux))
            }
        }
    }

    /// The first conjunct of the coordination that a token is part of; the token itself where there is none.
    pub fn first_conjunct(&self, i: usize) -> usize {
        let mut at = i;
        for _ in 0..MAX_CLIMB {
            match self.analysis.head(at) {
                Some(head) if self.deprel(at) == Deprel::Conj => at = head,
                _ => break,
            }
        }
        at
    }

    // ------------------------------------------------------------ subject

    /// Who or what the predicate is said of: its own grammatical subject; in a relative clause whose subject is the
    /// relative pronoun, the antecedent; for a coordinated predicate without a subject, that of the first conjunct;
    /// for an infinitive, the argument of the governing verb that controls it; for an attributive participle, the
    /// noun. In the passive this is still the grammatical subject ([`Clauses::agent`] and [`Clauses::patient`] undo
    /// the passive).
    pub fn subject(&self, predicate: usize) -> Option<usize> {
        self.subject_within(predicate, MAX_CLIMB)
    }

    fn subject_within(&self, p: usize, steps: usize) -> Option<usize> {
        let steps = steps.checked_sub(1)?;
        if let Some(own) = self.own_subject(p) {
            return Some(self.antecedent(own).unwrap_or(own));
        }
        let head = self.analysis.head(p)?;
        match self.deprel(p) {
            Deprel::Conj => match self.upos(head) {
                Upos::Noun | Upos::Propn if !self.is_clause_head(head) => None,
                _ => self.subject_within(head, steps),
            },
            Deprel::Amod => Some(head),
            Deprel::Xcomp | Deprel::Ccomp | Deprel::Advcl if self.is_zu_infinitive(p) => self.controller(head, steps),
            Deprel::Xcomp => self.object(head).or_else(|| self.subject_within(head, steps)),
            Deprel::Acl if self.is_zu_infinitive(p) => self.possessor(head).or_else(|| {
                let governor = self.analysis.head(head).filter(|g| self.is_clause_head(*g))?;
                self.subject_within(governor, steps)
            }),
            Deprel::Acl if self.is_participle(p) => Some(head),
            _ => None,
        }
    }

    /// The predicate's own subject, as it stands: a relative pronoun is returned as such. Articles that can only be
    /// nominative or accusative overrule the tree, which takes the first of two noun phrases too readily.
    pub fn own_subject(&self, predicate: usize) -> Option<usize> {
        let subject = self.children_by(predicate, Deprel::Nsubj).find(|s| !self.is_surely_accusative(*s));
        subject.or_else(|| self.children_by(predicate, Deprel::Obj).find(|o| self.is_surely_nominative(*o)))
    }

    fn determiner(&self, noun: usize) -> Option<&'a str> {
        self.child(noun, Deprel::Det).map(|d| self.form(d))
    }

    fn is_surely_accusative(&self, noun: usize) -> bool {
        let singular = !self.analysis.tokens[noun].feats.is(&feats::NUMBER, "Plur");
        singular && self.determiner(noun).is_some_and(words::is_accusative_form)
    }

    fn is_surely_nominative(&self, noun: usize) -> bool {
        let masculine = self.analysis.tokens[noun].feats.is(&feats::GENDER, "Masc");
        let singular = !self.analysis.tokens[noun].feats.is(&feats::NUMBER, "Plur");
        masculine && singular && self.determiner(noun).is_some_and(|d| matches!(d, "der" | "Der"))
            || self.upos(noun) == Upos::Pron && matches!(self.form(noun), "er" | "Er" | "ich" | "wir" | "Wir")
    }

    /// The argument of `governor` that an infinitive below it is said of.
    fn controller(&self, governor: usize, steps: usize) -> Option<usize> {
        let lemma = self.analysis.predicate(governor);
        let passive = self.voice(governor) != Voice::Active;
        if !passive && words::is_object_control(lemma) {
            return self.object(governor).or_else(|| self.dative(governor)).or_else(|| self.oblique(governor, "an"));
        }
        if words::is_dative_control(lemma) {
            return self.dative(governor).or_else(|| self.object(governor));
        }
        self.subject_within(governor, steps)
    }

    /// What a relative pronoun stands for: the noun that its clause modifies.
    pub fn antecedent(&self, pronoun: usize) -> Option<usize> {
        if !self.is_relative(pronoun) {
            return None;
        }
        std::iter::once(pronoun)
            .chain(self.ancestors(pronoun))
            .find(|i| self.deprel(*i) == Deprel::Acl)
            .and_then(|clause| self.analysis.head(clause))
            .filter(|noun| *noun < pronoun)
    }

    fn is_relative(&self, i: usize) -> bool {
        let token = &self.analysis.tokens[i];
        match token.upos {
            Upos::Pron => match token.feats.get(&feats::PRON_TYPE) {
                Some("Rel") => true,
                // Half of the training data has no features, so the form decides where they are missing.
                None | Some("Dem" | "Art") => words::is_relative(self.form(i)),
                _ => false,
            },
            Upos::Det => {
                words::is_relative(self.form(i)) && matches!(token.deprel, Deprel::Nsubj | Deprel::Obj | Deprel::Obl)
            }
            _ => false,
        }
    }

    // ------------------------------------------------------------ arguments

    /// The accusative object; a reflexive pronoun is none. A relative pronoun gives way to its antecedent.
    pub fn object(&self, predicate: usize) -> Option<usize> {
        self.children_by(predicate, Deprel::Obj)
            .find(|c| !self.is_reflexive_pronoun(*c) && !self.is_surely_nominative(*c))
            .or_else(|| self.children_by(predicate, Deprel::Nsubj).find(|c| self.is_surely_accusative(*c)))
            .or_else(|| self.children_by(predicate, Deprel::Iobj).find(|c| self.is_case(*c, "Acc")))
            .map(|o| self.antecedent(o).unwrap_or(o))
    }

    /// The dative object: an `obl` or `iobj` without a preposition that is not in another case.
    pub fn dative(&self, predicate: usize) -> Option<usize> {
        self.children(predicate)
            .find(|c| {
                let bare = matches!(self.deprel(*c), Deprel::Obl | Deprel::Iobj) && self.preposition(*c).is_none();
                bare && !self.is_reflexive_pronoun(*c)
                    && matches!(self.upos(*c), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Det)
                    && match self.analysis.tokens[*c].feats.get(&feats::CASE) {
                        Some(case) => case == "Dat",
                        None => self.looks_dative(*c),
                    }
            })
            .map(|o| self.antecedent(o).unwrap_or(o))
    }

    /// Where no case is stated, the article or pronoun tells a dative from adverbial accusatives and genitives
    /// ("vergangene Woche", "eines Tages").
    fn looks_dative(&self, noun: usize) -> bool {
        words::is_dative_form(self.form(noun))
            || self.children_by(noun, Deprel::Det).any(|d| words::is_dative_form(self.form(d)))
            || self.upos(noun) == Upos::Propn
    }

    /// Whether the article of a noun can be a dative; for nouns that the tree takes for accusative objects of verbs that
    /// have a dative.
    pub fn has_dative_article(&self, noun: usize) -> bool {
        self.determiner(noun).is_some_and(words::is_dative_form)
    }

    /// Whether the predicate has a reflexive pronoun.
    pub fn is_reflexive(&self, predicate: usize) -> bool {
        self.children(predicate).any(|c| self.is_reflexive_pronoun(c))
    }

    fn is_reflexive_pronoun(&self, i: usize) -> bool {
        self.upos(i) == Upos::Pron
            && (self.form(i).eq_ignore_ascii_case("sich") || self.analysis.tokens[i].feats.is(&feats::REFLEX, "Yes"))
    }

    /// The prepositional phrases of a predicate or noun: preposition (lower case, contractions undone) and noun.
    pub fn obliques(&self, head: usize) -> impl Iterator<Item = (&'a str, usize)> + use<'a> {
        let this = *self;
        self.children(head)
            .filter(move |c| matches!(this.deprel(*c), Deprel::Obl | Deprel::Nmod | Deprel::Advmod | Deprel::Xcomp))
            .filter_map(move |c| Some((this.preposition(c)?, c)))
    }

    /// The noun of the predicate's phrase with this preposition.
    pub fn oblique(&self, head: usize, preposition: &str) -> Option<usize> {
        let found = self.obliques(head).find(|(p, _)| *p == preposition).map(|(_, noun)| noun)?;
        Some(self.antecedent(found).unwrap_or(found))
    }

    /// The preposition of a noun, in lower case and without the article ("zur": "zu"). A noun in a coordination takes
    /// that of the first conjunct.
    pub fn preposition(&self, noun: usize) -> Option<&'a str> {
        let own = |i: usize| {
            self.children_by(i, Deprel::Case)
                .find(|c| self.upos(*c) == Upos::Adp)
                .map(|c| words::preposition(self.form(c), self.analysis.lemma(c)))
        };
        own(noun).or_else(|| {
            let first = self.first_conjunct(noun);
            (first != noun).then(|| own(first)).flatten()
        })
    }

    /// Whether the predicate has a pronominal adverb with this preposition ("dafür" for "für"), which announces a clause.
    pub fn has_pronominal_adverb(&self, predicate: usize, preposition: &str) -> bool {
        self.children(predicate).any(|c| words::pronominal_adverb(self.form(c)) == Some(preposition))
    }

    /// Clausal complements: `ccomp`, `xcomp` and `csubj`; also those that a parser hangs on "es" or "daran".
    pub fn complements(&self, predicate: usize) -> impl Iterator<Item = usize> + use<'a> {
        let this = *self;
        let clause = move |c: &usize| matches!(this.deprel(*c), Deprel::Ccomp | Deprel::Xcomp | Deprel::Csubj);
        let correlate = move |c: &usize| matches!(this.upos(*c), Upos::Pron | Upos::Adv);
        let hung = move |c: &usize| matches!(this.deprel(*c), Deprel::Ccomp | Deprel::Acl | Deprel::Advcl);
        let below = self.children(predicate).filter(correlate).flat_map(move |c| this.children(c).filter(hung));
        self.children(predicate).filter(clause).chain(below)
    }

    // ------------------------------------------------------------ passive undone

    /// Who acts: the subject, or in the passive the phrase with "von", "durch" or "seitens".
    pub fn agent(&self, predicate: usize) -> Option<usize> {
        if self.voice(predicate) == Voice::Active {
            return self.subject(predicate);
        }
        let first = self.first_conjunct(predicate);
        let phrase = |p: usize| self.obliques(p).find(|(w, _)| words::is_agent_preposition(w)).map(|(_, noun)| noun);
        let found = phrase(predicate).or_else(|| phrase(first))?;
        Some(self.antecedent(found).unwrap_or(found))
    }

    /// Who or what is acted upon: the accusative object, or in the passive the subject.
    pub fn patient(&self, predicate: usize) -> Option<usize> {
        match self.voice(predicate) {
            Voice::Active => self.object(predicate),
            _ => self.subject(predicate),
        }
    }

    // ------------------------------------------------------------ embedding

    /// The word that introduces the predicate's clause ("wenn", "dass", "um"), in lower case.
    pub fn subordinator(&self, predicate: usize) -> Option<&'a str> {
        self.children_by(predicate, Deprel::Mark)
            .find(|c| self.upos(*c) != Upos::Part)
            .map(|c| words::subordinator(self.form(c), self.analysis.lemma(c)))
    }

    /// Whether the token stands in a clause introduced by one of these words ("wenn", "falls"), at any depth within
    /// the sentence.
    pub fn is_within(&self, token: usize, subordinators: &[&str]) -> bool {
        std::iter::once(token)
            .chain(self.ancestors(token))
            .any(|i| self.subordinator(i).is_some_and(|s| subordinators.contains(&s)))
    }

    /// Whether the token stands in a condition: "wenn", "falls", "sofern", "sollte … kommen,".
    pub fn is_conditional(&self, token: usize) -> bool {
        // A verb-first adverbial clause in front of its main clause is a condition.
        std::iter::once(token).chain(self.ancestors(token)).any(|i| {
            if let Some(word) = self.subordinator(i) {
                return words::is_condition(word);
            }
            self.deprel(i) == Deprel::Advcl
                && self.analysis.head(i).is_some_and(|h| i < h)
                && self.finite(i).is_some_and(|f| f == self.span(i).start)
        })
    }
}
