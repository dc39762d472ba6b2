//! The verb cluster: auxiliaries, voice, modality, tense, mood, negation.

use super::{Clauses, Deprel, Upos, words};
use crate::morphology::feats;

/// Voice of a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The subject acts (or nothing says otherwise).
    Active,
    /// "wurde angegriffen", "ist anzugreifen", "der angegriffene Ort".
    Passive,
    /// The state after an act, "ist besetzt".
    Stative,
}

/// A modal verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modal {
    /// können
    Can,
    /// sollen: an obligation, or hearsay
    Shall,
    /// wollen: an intention, or a claim
    Want,
    /// müssen
    Must,
    /// dürfen
    May,
    /// mögen, möchte
    Like,
}

/// Tense of a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// Präsens.
    Present,
    /// Präteritum.
    Past,
    /// Perfekt.
    Perfect,
    /// Plusquamperfekt.
    Pluperfect,
    /// Futur I and II.
    Future,
}

/// Mood of a predicate's finite verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Indikativ.
    Indicative,
    /// Konjunktiv I: the mood of indirect speech.
    SubjunctiveOne,
    /// Konjunktiv II, with "würde": unreal or tentative; also indirect speech where Konjunktiv I looks like Indikativ.
    SubjunctiveTwo,
    /// Imperativ.
    Imperative,
}

impl<'a> Clauses<'a> {
    /// The auxiliaries, modals and copulas of a predicate; for a coordinated participle or infinitive without its own,
    /// those of the first conjunct ("wurde beschossen und besetzt").
    pub fn auxiliaries(&self, predicate: usize) -> impl Iterator<Item = usize> + use<'a> {
        let this = *self;
        let is_auxiliary = move |c: &usize| matches!(this.deprel(*c), Deprel::Aux | Deprel::Cop);
        let mut owner = predicate;
        for _ in 0..super::MAX_CLIMB {
            let shares = self.deprel(owner) == Deprel::Conj
                && !self.children(owner).any(|c| is_auxiliary(&c) || self.deprel(c) == Deprel::Nsubj)
                && !self.is_finite(owner);
            match self.analysis.head(owner) {
                Some(head) if shares => owner = head,
                _ => break,
            }
        }
        self.children(owner).filter(is_auxiliary)
    }

    /// The words that make up the predicate in the order of the text: finite verb, auxiliaries, "zu", separated prefix.
    pub fn cluster(&self, predicate: usize) -> Vec<usize> {
        let mut out: Vec<usize> = self.auxiliaries(predicate).collect();
        out.extend(self.children(predicate).filter(|c| match self.deprel(*c) {
            Deprel::Compound => matches!(self.upos(*c), Upos::Adp | Upos::Adv | Upos::Part | Upos::Adj | Upos::Verb),
            Deprel::Mark => self.upos(*c) == Upos::Part,
            _ => false,
        }));
        out.push(predicate);
        out.sort_unstable();
        out
    }

    /// The finite verb of the predicate.
    pub fn finite(&self, predicate: usize) -> Option<usize> {
        self.auxiliaries(predicate)
            .find(|a| self.is_finite(*a))
            .or_else(|| self.is_finite(predicate).then_some(predicate))
    }

    fn is_finite(&self, i: usize) -> bool {
        let token = &self.analysis.tokens[i];
        if !matches!(token.upos, Upos::Verb | Upos::Aux) {
            return false;
        }
        match token.feats.get(&feats::VERB_FORM) {
            Some(form) => form == "Fin",
            None => !self.is_infinitive(i) && !words::looks_like_participle(self.form(i)),
        }
    }

    fn is_infinitive(&self, i: usize) -> bool {
        let token = &self.analysis.tokens[i];
        match token.feats.get(&feats::VERB_FORM) {
            Some(form) => form == "Inf",
            None => self.form(i) == self.analysis.lemma(i),
        }
    }

    pub(crate) fn is_participle(&self, i: usize) -> bool {
        let token = &self.analysis.tokens[i];
        match token.feats.get(&feats::VERB_FORM) {
            Some(form) => form == "Part",
            None => matches!(token.upos, Upos::Verb | Upos::Adj) && words::looks_like_participle(self.form(i)),
        }
    }

    /// Whether the predicate is an infinitive with "zu" ("zu kommen", "anzukommen").
    pub fn is_zu_infinitive(&self, predicate: usize) -> bool {
        self.children_by(predicate, Deprel::Mark).any(|c| self.form(c) == "zu")
            || (self.upos(predicate) == Upos::Verb
                && words::has_zu_inside(self.form(predicate), self.analysis.lemma(predicate)))
    }

    /// Voice of the predicate. "sein" with the participle of a verb of motion or change is its perfect, with any other
    /// the passive of state.
    pub fn voice(&self, predicate: usize) -> Voice {
        if self.deprel(predicate) == Deprel::Amod
            || (self.upos(predicate) == Upos::Adj && self.is_participle(predicate))
        {
            let lemma = self.analysis.lemma(predicate);
            let present = self.form(predicate).contains("end") && !self.form(predicate).ends_with("endet");
            return if present || words::forms_perfect_with_sein(lemma) { Voice::Active } else { Voice::Passive };
        }
        let (mut werden, mut worden, mut sein, mut other) = (false, false, false, false);
        for a in self.auxiliaries(predicate) {
            match self.auxiliary_lemma(a) {
                "werden" if self.form(a) == "worden" => worden = true,
                "werden" => werden = true,
                "sein" => sein = true,
                _ => other = true,
            }
        }
        if worden || (werden && self.is_participle(predicate)) || (sein && self.is_zu_infinitive(predicate)) {
            Voice::Passive
        } else if sein
            && !other
            && self.upos(predicate) == Upos::Verb
            && self.is_participle(predicate)
            && !words::forms_perfect_with_sein(self.analysis.predicate(predicate))
            && !self.is_reflexive(predicate)
        {
            Voice::Stative
        } else {
            Voice::Active
        }
    }

    fn auxiliary_lemma(&self, i: usize) -> &'a str {
        words::auxiliary(self.form(i)).unwrap_or_else(|| self.analysis.lemma(i))
    }

    /// The modal verb of the predicate.
    pub fn modal(&self, predicate: usize) -> Option<Modal> {
        let own = self.auxiliaries(predicate).find_map(|a| words::modal(self.auxiliary_lemma(a)));
        own.or_else(|| {
            let head = self.analysis.head(predicate).filter(|_| self.deprel(predicate) == Deprel::Xcomp)?;
            words::modal(self.auxiliary_lemma(head)).filter(|_| !self.is_zu_infinitive(predicate))
        })
    }

    /// Whether the predicate has the finite "würde".
    pub fn is_conditional_mood(&self, predicate: usize) -> bool {
        self.auxiliaries(predicate).any(|a| self.form(a).to_lowercase().starts_with("würd"))
    }

    /// Tense of the predicate.
    pub fn tense(&self, predicate: usize) -> Tense {
        let participle = self.is_participle(predicate);
        let finite = self.finite(predicate);
        if let Some(a) = self.auxiliaries(predicate).find(|a| Some(*a) == finite) {
            let past = self.is_past(a);
            match self.auxiliary_lemma(a) {
                "werden" if !past && !participle => return Tense::Future,
                "werden" if !past && self.auxiliaries(predicate).any(|b| b != a && self.is_infinitive(b)) => {
                    return Tense::Future;
                }
                "haben" if participle || self.modal(predicate).is_some() => {
                    return if past { Tense::Pluperfect } else { Tense::Perfect };
                }
                "sein" if participle && self.voice(predicate) != Voice::Stative => {
                    return if past { Tense::Pluperfect } else { Tense::Perfect };
                }
                _ => return if past { Tense::Past } else { Tense::Present },
            }
        }
        match finite {
            Some(f) if self.is_past(f) => Tense::Past,
            None if participle && self.deprel(predicate) != Deprel::Root => Tense::Past,
            _ => Tense::Present,
        }
    }

    fn is_past(&self, finite: usize) -> bool {
        match self.analysis.tokens[finite].feats.get(&feats::TENSE) {
            Some(tense) => tense == "Past",
            None => words::looks_past(self.form(finite)),
        }
    }

    /// Mood of the predicate's finite verb.
    pub fn mood(&self, predicate: usize) -> Mood {
        self.finite(predicate).map_or(Mood::Indicative, |f| self.mood_of(f))
    }

    /// Mood of a finite verb. Its form counts for more than the tagger, which sees few subjunctives.
    pub fn mood_of(&self, finite: usize) -> Mood {
        let form = self.form(finite);
        if let Some(mood) = words::subjunctive(form) {
            return mood;
        }
        let lemma = self.analysis.lemma(finite);
        let token = &self.analysis.tokens[finite];
        // "gebe", "stehe": the form of the third person that only Konjunktiv I has, unless the speaker is "ich".
        let stem_e = form.ends_with('e') && lemma.strip_suffix('n') == Some(form);
        if stem_e && !token.feats.is(&feats::PERSON, "1") && !token.feats.is(&feats::MOOD, "Imp") {
            return Mood::SubjunctiveOne;
        }
        match (token.feats.get(&feats::MOOD), token.feats.get(&feats::TENSE)) {
            (Some("Sub"), Some("Past")) => Mood::SubjunctiveTwo,
            (Some("Sub"), _) => Mood::SubjunctiveOne,
            (Some("Imp"), _) => Mood::Imperative,
            _ => Mood::Indicative,
        }
    }

    /// Whether the predicate is denied: by "nicht", "nie", "weder" and their like at the verb, by "kein" or "niemand"
    /// in one of its arguments, or by "ohne … zu". "nicht nur" denies nothing.
    pub fn is_negated(&self, predicate: usize) -> bool {
        self.children(predicate).any(|c| match self.deprel(c) {
            Deprel::Advmod | Deprel::Cc | Deprel::Det => self.is_negation(c),
            Deprel::Mark => self.form(c).eq_ignore_ascii_case("ohne"),
            Deprel::Nsubj | Deprel::Obj | Deprel::Obl | Deprel::Iobj => {
                words::is_negative_pronoun(self.form(c))
                    || self.children(c).any(|d| match self.deprel(d) {
                        Deprel::Det => words::is_negative_pronoun(self.form(d)),
                        Deprel::Cc | Deprel::Advmod => self.form(d).eq_ignore_ascii_case("weder"),
                        _ => false,
                    })
            }
            _ => false,
        })
    }

    fn is_negation(&self, i: usize) -> bool {
        let form = self.form(i);
        if !words::is_negation(form) {
            return words::is_negative_pronoun(form);
        }
        let only = |j: usize| matches!(self.form(j), "nur" | "allein" | "bloß" | "zuletzt");
        !(form.eq_ignore_ascii_case("nicht") && (i + 1 < self.analysis.tokens.len() && only(i + 1)))
    }
}
