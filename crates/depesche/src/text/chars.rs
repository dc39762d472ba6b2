//! Kinds of characters, as far as splitting needs them.

/// Whether the character is part of a word: a letter, a digit, or something that clings to one (combining marks of
/// decomposed text, soft hyphens, joiners).
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_extender(c) }
}

/// Characters that have no place of their own and stay with what stands before them.
pub(super) fn is_extender(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}' |
        '\u{064B}'..='\u{0652}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{200B}'..='\u{200F}' |
        '\u{2060}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{FEFF}' |
        '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
}

/// The two halves of which flags are made.
pub(super) fn is_regional_indicator(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Hyphens that join parts of a word.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Dashes that stand between words (and, without spaces, between two names).
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '\u{2012}'..='\u{2015}')
}

/// Apostrophes, typed and typeset.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '´' | '`' | '′' | 'ʼ')
}

/// Quotation marks of every kind; whether one opens or closes shows from its surroundings.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '„' | '“' | '”' | '‟' | '»' | '«' | '›' | '‹' | '‚' | '‘' | '’' | '\'' | '`' | '´')
}

/// Brackets that open.
pub(super) fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{')
}

/// Brackets that close.
pub(super) fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

/// Signs that begin an item of a list.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '•' | '‣' | '◦' | '▪' | '●' | '·' | '–' | '—')
}
