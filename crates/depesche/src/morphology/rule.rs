//! Lemma rules: how to get from a form to its lemma.
//!
//! A rule cuts "ge" or "zu" out of the form, strips an ending, appends another and may change the case of the first
//! letter: "abgelehnt" minus "ge" minus "t" plus "en". The same few thousand rules serve all forms, known or not.

use super::bytes::Bytes;

/// A lemma rule; offsets are bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Rule {
    /// Where two bytes are cut out, if anywhere.
    pub cut: Option<u8>,
    /// Whether the first letter changes its case.
    pub case: Case,
    /// So many bytes are stripped from the end.
    pub strip: u8,
    /// What is appended.
    pub append: Box<str>,
}

/// What happens to the first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Case {
    /// Nothing.
    #[default]
    Keep,
    /// It becomes small.
    Lower,
    /// It becomes a capital.
    Upper,
}

impl Rule {
    /// The shortest rule that leads from `form` to `lemma`.
    pub fn between(form: &str, lemma: &str) -> Rule {
        let mut best: Option<(usize, Rule)> = None;
        let cuts = (1..form.len().min(16))
            .chain([0])
            .filter(|p| form.get(*p..p + 2).is_some_and(|s| s == "ge" || s == "zu") && form.len() > p + 3);
        for cut in std::iter::once(None).chain(cuts.map(Some)) {
            let rest = cut.map_or_else(|| form.to_string(), |p| format!("{}{}", &form[..p], &form[p + 2..]));
            let case = match (rest.chars().next(), lemma.chars().next()) {
                (Some(a), Some(b)) if a.is_uppercase() && b.is_lowercase() => Case::Lower,
                (Some(a), Some(b)) if a.is_lowercase() && b.is_uppercase() => Case::Upper,
                _ => Case::Keep,
            };
            let recased = recase(&rest, case);
            let shared: usize =
                recased.chars().zip(lemma.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            let (Ok(strip), append) = (u8::try_from(recased.len() - shared), &lemma[shared..]) else { continue };
            let cost = 2 * (strip as usize + append.len()) + if cut.is_some() { 3 } else { 0 };
            if best.as_ref().is_none_or(|(c, _)| cost < *c) {
                best = Some((cost, Rule { cut: cut.map(|p| p as u8), case, strip, append: append.into() }));
            }
        }
        best.map_or_else(|| Rule { strip: 0, append: "".into(), ..Rule::default() }, |(_, rule)| rule)
    }

    /// Reads a rule of a section of the model.
    pub(super) fn read(b: &mut Bytes<'_>) -> Option<Rule> {
        let (cut, case, strip, append) = (b.u8()?, b.u8()?, b.u8()?, b.text()?);
        let case = [Case::Keep, Case::Lower, Case::Upper].get(case as usize).copied()?;
        Some(Rule { cut: (cut != u8::MAX).then_some(cut), case, strip, append: append.into() })
    }

    /// Writes the rule for [`Rule::read`].
    pub fn write(&self, out: &mut Vec<u8>) {
        let append = &self.append.as_bytes()[..self.append.len().min(u8::MAX as usize)];
        out.extend([self.cut.unwrap_or(u8::MAX), self.case as u8, self.strip, append.len() as u8]);
        out.extend(append);
    }

    /// Appends the lemma of `form` to `out`; where the rule does not fit, the form itself.
    pub fn apply(&self, form: &str, out: &mut String) {
        let begin = out.len();
        match self.cut.map(usize::from) {
            Some(p) if form.is_char_boundary(p) && form.is_char_boundary(p + 2) && p + 2 <= form.len() => {
                out.push_str(&form[..p]);
                out.push_str(&form[p + 2..]);
            }
            _ => out.push_str(form),
        }
        let keep = (out.len() - begin).checked_sub(self.strip as usize).map(|k| begin + k);
        match keep.filter(|k| out.is_char_boundary(*k)) {
            Some(keep) => {
                out.truncate(keep);
                out.push_str(&self.append);
                set_case(out, begin, self.case);
            }
            None => {
                out.truncate(begin);
                out.push_str(form);
            }
        }
    }
}

fn recase(s: &str, case: Case) -> String {
    let mut out = s.to_string();
    set_case(&mut out, 0, case);
    out
}

/// Changes the case of the letter at byte `at`, if the letter has a single counterpart of its length.
pub(super) fn set_case(s: &mut String, at: usize, case: Case) {
    let Some(first) = s[at..].chars().next() else { return };
    let counterpart = match case {
        Case::Keep => None,
        Case::Lower => Some(first.to_lowercase()).filter(|l| l.len() == 1).and_then(|mut l| l.next()),
        Case::Upper => Some(first.to_uppercase()).filter(|u| u.len() == 1).and_then(|mut u| u.next()),
    };
    if let Some(c) = counterpart.filter(|c| *c != first && c.len_utf8() == first.len_utf8()) {
        s.replace_range(at..at + first.len_utf8(), c.encode_utf8(&mut [0; 4]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lemma(rule: &Rule, form: &str) -> String {
        let mut out = String::new();
        rule.apply(form, &mut out);
        out
    }

    #[test]
    fn a_rule_serves_other_forms() {
        assert_eq!(lemma(&Rule::between("lehnte", "lehnen"), "warnte"), "warnen");
        assert_eq!(lemma(&Rule::between("abgelehnt", "ablehnen"), "angewandert"), "anwanderen");
        assert_eq!(lemma(&Rule::between("abzulehnen", "ablehnen"), "anzugeben"), "angeben");
        assert_eq!(lemma(&Rule::between("Häuser", "Haus"), "Krankenhäuser"), "Krankenhaus");
    }

    #[test]
    fn a_rule_that_does_not_fit_leaves_the_form() {
        assert_eq!(lemma(&Rule::between("Krankenhäuser", "Ei"), "ab"), "ab");
        assert_eq!(lemma(&Rule { strip: 1, ..Rule::default() }, "ä"), "ä");
    }

    proptest! {
        #[test]
        fn rules_lead_from_form_to_lemma(form in "\\PC{0,12}", lemma_ in "\\PC{0,12}") {
            let rule = Rule::between(&form, &lemma_);
            prop_assert_eq!(lemma(&rule, &form), lemma_);
        }

        #[test]
        fn any_rule_takes_any_form(a in any::<String>(), b in any::<String>(), c in any::<String>()) {
            lemma(&Rule::between(&a, &b), &c);
        }
    }
}
