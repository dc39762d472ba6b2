//! Separated prefixes: trees with lemmas in, verbs with their prefix restored out ("lehnte … ab": "ablehnen").

use super::Upos;
use crate::analysis::Analysis;
use crate::syntax::Deprel;

/// Joins each verb with the prefix that the tree hangs behind it.
pub(super) fn restore(text: &str, analysis: &mut Analysis) {
    let mut joined = String::new();
    for i in 0..analysis.tokens.len() {
        let token = analysis.tokens[i];
        let Some(verb) = analysis.head(i).filter(|v| token.deprel == Deprel::Compound && *v < i) else { continue };
        let prefix = analysis.form(text, i);
        let is_prefix = prefix.chars().all(char::is_lowercase);
        if is_prefix && matches!(analysis.tokens[verb].upos, Upos::Verb | Upos::Aux) {
            joined.clear();
            joined.push_str(prefix);
            joined.push_str(analysis.lemma(verb));
            analysis.tokens[verb].predicate = analysis.store(&joined);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::sample::Sample;

    #[test]
    fn prefixes_join_the_verb_before_them() {
        let mut s = Sample::new(
            "Oslo Oslo PROPN 2 nsubj\nlehnte lehnen VERB 0 root\nden der DET 4 det\nPlan Plan NOUN 2 obj\nab ab ADP 2 compound\n. . PUNCT 2 punct",
        );
        restore(&s.text, &mut s.analysis);
        assert_eq!(s.analysis.predicate(1), "ablehnen");
        assert_eq!(s.analysis.predicate(3), "Plan");
    }
}
