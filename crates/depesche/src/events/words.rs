//! Prefixes and participles of verbs, which the frame lexicon derives instead of listing.

/// Separable prefixes, longer ones first where one begins another.
const SEPARABLE: &[&str] = &[
    "auseinander",
    "zusammen",
    "entgegen",
    "gegenüber",
    "wieder",
    "zurück",
    "weiter",
    "heraus",
    "herein",
    "hinaus",
    "nieder",
    "vorbei",
    "voraus",
    "voran",
    "bereit",
    "statt",
    "frei",
    "fest",
    "teil",
    "nach",
    "fort",
    "dar",
    "ein",
    "auf",
    "aus",
    "vor",
    "weg",
    "mit",
    "los",
    "her",
    "hin",
    "bei",
    "tot",
    "ab",
    "an",
    "um",
    "zu",
];
/// Whether a word can be a prefix that stands apart from its verb.
pub fn is_separable_prefix(word: &str) -> bool {
    SEPARABLE.contains(&word)
}

/// Unstressed prefixes, which take no "ge".
const UNSTRESSED: &[&str] = &["be", "ent", "er", "ge", "miss", "ver", "zer", "wider", "hinter", "unter", "über"];

/// The past participle after the rule for weak verbs.
pub(super) fn weak_participle(verb: &str) -> String {
    let stem = verb.strip_suffix("en").or_else(|| verb.strip_suffix('n')).unwrap_or(verb);
    let prefix = SEPARABLE.iter().find(|p| stem.len() > p.len() + 2 && stem.starts_with(**p)).copied().unwrap_or("");
    let core = &stem[prefix.len()..];
    let bare = core.ends_with("ier") || UNSTRESSED.iter().any(|p| core.len() > p.len() + 2 && core.starts_with(p));
    let ending = if core.ends_with(['t', 'd']) || core.ends_with("chn") || core.ends_with("ffn") { "et" } else { "t" };
    format!("{prefix}{}{core}{ending}", if bare { "" } else { "ge" })
}
