//! The patterns of time expressions: `rules.tsv` in, a trie over word classes out.
//!
//! A pattern with optional and alternative parts is written out into all its variants, and the variants share their
//! beginnings in the trie. So a text is read once from left to right, and a word of no class costs nothing.

use super::words::{Sense, Words, bad_row, rows};
use crate::engine::BuildError;
use crate::record::TimeType;

const FILE: &str = "data/de/times/rules.tsv";
const SOURCE: &str = include_str!("../../data/de/times/rules.tsv");
/// More variants of one pattern than this are a mistake in the pattern.
const MOST_VARIANTS: usize = 20_000;

/// How a rule makes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Normal {
    /// No expression at all: the rule keeps others off these words.
    Nothing,
    /// The calendar unit that the named parts describe.
    Calendar,
    /// So many units before or after the document's date.
    Shift,
    /// So many units before or after the date mentioned last.
    ShiftLast,
    /// A day counted from the document's date ("gestern"), with part of the day or time of day if named.
    Day,
    /// "Heute": the document's date in news of the day, otherwise the present at large.
    Today,
    /// A time or part of the day.
    Clock,
    /// A length of time.
    Duration,
    /// A length between two years.
    Span,
    /// A recurring unit.
    Repeat,
    /// A recurring weekday, month, season or part of the day.
    Cycle,
    /// A day counted within the last mentioned month, week or year ("am Tag darauf").
    Reference,
    /// The value as the rule states it.
    Constant,
}

impl Normal {
    fn parse(name: &str) -> Option<Normal> {
        Some(match name {
            "nothing" => Normal::Nothing,
            "calendar" => Normal::Calendar,
            "shift" => Normal::Shift,
            "shift-last" => Normal::ShiftLast,
            "day" => Normal::Day,
            "today" => Normal::Today,
            "clock" => Normal::Clock,
            "duration" => Normal::Duration,
            "span" => Normal::Span,
            "repeat" => Normal::Repeat,
            "cycle" => Normal::Cycle,
            "ref" => Normal::Reference,
            "const" => Normal::Constant,
            _ => return None,
        })
    }
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Rule {
    pub kind: TimeType,
    pub normal: Normal,
    /// What the rule itself says about the parts of its value.
    pub given: Vec<Sense>,
    pub constant: Box<str>,
    pub modifier: Option<Box<str>>,
    /// Classes that must not stand before the expression.
    pub not_before: Vec<u16>,
    /// Classes that must not stand behind the expression.
    pub not_after: Vec<u16>,
}

/// One word of a variant of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub class: u16,
    /// The sense of a form of several words, at its last word.
    pub phrase: Option<Sense>,
    /// Whether the word belongs to the expression, or only stands beside it.
    pub inside: bool,
}

/// A pattern with every choice made.
#[derive(Debug)]
pub(super) struct Variant {
    pub rule: u16,
    pub elements: Box<[Element]>,
    /// Number of words beside the expression, left and right.
    pub left: usize,
    pub right: usize,
}

#[derive(Debug, Default)]
struct Node {
    edges: Vec<(u16, u32)>,
    accepts: Vec<u32>,
}

/// The rules, compiled.
#[derive(Debug)]
pub(super) struct Rules {
    pub rules: Vec<Rule>,
    pub variants: Vec<Variant>,
    nodes: Vec<Node>,
    /// By class: the node behind the first word, 0 if no pattern begins so.
    starts: Vec<u32>,
    number: Option<u16>,
    name: Option<u16>,
}

impl Rules {
    pub fn new(words: &mut Words) -> Result<Rules, BuildError> {
        Rules::parse(FILE, SOURCE, words)
    }

    pub fn parse(file: &str, source: &str, words: &mut Words) -> Result<Rules, BuildError> {
        let mut rules = Rules {
            rules: Vec::new(),
            variants: Vec::new(),
            nodes: vec![Node::default()],
            starts: Vec::new(),
            number: words.known_class("NUM"),
            name: words.known_class("NAME"),
        };
        let mut macros: Vec<(String, String)> = Vec::new();
        for (line, columns) in rows(source) {
            let bad = |message: String| bad_row(file, line, message);
            if let [name, pattern] = columns[..]
                && name.starts_with('@')
            {
                macros.push((name.to_string(), substitute(pattern, &macros).map_err(bad)?));
                continue;
            }
            let (modifier, columns) = match columns[..] {
                [a, b, c, d] => (None, [a, b, c, d]),
                [a, b, c, d, modifier] => (Some(modifier).filter(|m| !m.is_empty()), [a, b, c, d]),
                _ => {
                    return Err(bad("expected four or five columns: name, type, pattern, value, modifier".to_string()));
                }
            };
            let [_, kind, pattern, value] = columns;
            let (normal, given, constant) = value_of(value, words).map_err(bad)?;
            let kind = match kind {
                "DATE" => TimeType::Date,
                "TIME" => TimeType::Time,
                "DURATION" => TimeType::Duration,
                "SET" => TimeType::Set,
                "-" if normal == Normal::Nothing => TimeType::Date,
                other => return Err(bad(format!("`{other}` is no type; expected DATE, TIME, DURATION, SET or -"))),
            };
            let text = substitute(pattern, &macros).map_err(bad)?;
            let parsed = Pattern::parse(&text, words).map_err(bad)?;
            let index = rules.rules.len() as u16;
            rules.rules.push(Rule {
                kind,
                normal,
                given,
                constant,
                modifier: modifier.map(Into::into),
                not_before: parsed.not_before,
                not_after: parsed.not_after,
            });
            for elements in parsed.variants {
                rules.add(index, elements).map_err(bad)?;
            }
        }
        rules.starts = vec![0; words.class_count()];
        for &(class, node) in &rules.nodes[0].edges {
            rules.starts[class as usize] = node;
        }
        rules.nodes.iter_mut().for_each(|n| n.edges.sort_unstable());
        Ok(rules)
    }

    fn add(&mut self, rule: u16, elements: Vec<Element>) -> Result<(), String> {
        let left = elements.iter().take_while(|e| !e.inside).count();
        let right = elements.iter().rev().take_while(|e| !e.inside).count();
        if left == elements.len() || elements[left..elements.len() - right].iter().any(|e| !e.inside) {
            return Err("the pattern needs words outside of ( ), in one piece".to_string());
        }
        let mut node = 0;
        for e in &elements {
            let next = self.nodes[node].edges.iter().find(|(c, _)| *c == e.class).map(|(_, n)| *n as usize);
            node = next.unwrap_or_else(|| {
                let new = self.nodes.len();
                self.nodes.push(Node::default());
                self.nodes[node].edges.push((e.class, new as u32));
                new
            });
        }
        let variant = self.variants.len() as u32;
        self.nodes[node].accepts.push(variant);
        self.variants.push(Variant { rule, elements: elements.into(), left, right });
        Ok(())
    }

    /// Whether the class is that of numbers.
    pub fn is_number(&self, class: u16) -> bool {
        self.number == Some(class)
    }

    /// Whether the rule forbids an unlisted word with a capital before the expression.
    pub fn forbids_name(&self, rule: &Rule) -> bool {
        self.name.is_some_and(|name| rule.not_before.contains(&name))
    }

    /// The node behind a first word of this class.
    pub fn start(&self, class: u16) -> Option<u32> {
        self.starts.get(class as usize).copied().filter(|&n| n != 0)
    }

    /// The node behind `node` and a word of this class.
    pub fn next(&self, node: u32, class: u16) -> Option<u32> {
        let edges = &self.nodes[node as usize].edges;
        edges.binary_search_by_key(&class, |e| e.0).ok().map(|at| edges[at].1)
    }

    /// The variants that end at the node.
    pub fn accepts(&self, node: u32) -> &[u32] {
        &self.nodes[node as usize].accepts
    }
}

/// Replaces the names of partial patterns by the patterns.
fn substitute(pattern: &str, macros: &[(String, String)]) -> Result<String, String> {
    let mut out = String::new();
    for word in spaced(pattern).split_whitespace() {
        if word.starts_with('@') {
            let found =
                macros.iter().find(|(n, _)| n == word).ok_or_else(|| format!("`{word}` is not defined above"))?;
            out.push_str(&format!("{{ {} }} ", found.1));
        } else {
            out.push_str(word);
            out.push(' ');
        }
    }
    Ok(out)
}

/// The pattern with blanks round its signs.
fn spaced(pattern: &str) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        if matches!(c, '(' | ')' | '{' | '}' | '|' | '?' | '!') {
            out.extend([' ', c, ' ']);
        } else {
            out.push(c);
        }
    }
    out
}

/// "shift REL=-1 UNIT=Y": the normal form, what is given, and the constant.
fn value_of(value: &str, words: &mut Words) -> Result<(Normal, Vec<Sense>, Box<str>), String> {
    let mut parts = value.split(' ').filter(|p| !p.is_empty());
    let name = parts.next().unwrap_or_default();
    let normal = Normal::parse(name).ok_or_else(|| format!("`{name}` is no normal form"))?;
    let (mut given, mut constant) = (Vec::new(), "");
    for part in parts {
        match part.split_once('=') {
            Some((class, value)) => given.push(words.sense(class, value)?),
            None if normal == Normal::Constant && super::is_value(part) => constant = part,
            None => return Err(format!("`{part}` is neither CLASS=value nor a constant value")),
        }
    }
    Ok((normal, given, constant.into()))
}

/// A pattern, written out.
struct Pattern {
    variants: Vec<Vec<Element>>,
    not_before: Vec<u16>,
    not_after: Vec<u16>,
}

impl Pattern {
    fn parse(text: &str, words: &mut Words) -> Result<Pattern, String> {
        let tokens: Vec<&str> = text.split_whitespace().collect();
        let mut parser =
            Parser { tokens: &tokens, at: 0, words, pattern: (Vec::new(), Vec::new()), inside_seen: false };
        let variants = parser.alternatives(true)?;
        if parser.at < tokens.len() {
            return Err(format!("`{}` closes nothing", tokens[parser.at]));
        }
        let (not_before, not_after) = parser.pattern;
        Ok(Pattern { variants, not_before, not_after })
    }
}

struct Parser<'p> {
    tokens: &'p [&'p str],
    at: usize,
    words: &'p mut Words,
    pattern: (Vec<u16>, Vec<u16>),
    inside_seen: bool,
}

type Sequences = Vec<Vec<Element>>;

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).copied()
    }

    fn eat(&mut self, token: &str) -> bool {
        let there = self.peek() == Some(token);
        self.at += usize::from(there);
        there
    }

    fn alternatives(&mut self, inside: bool) -> Result<Sequences, String> {
        let mut all = self.sequence(inside)?;
        while self.eat("|") {
            all.extend(self.sequence(inside)?);
        }
        Ok(all)
    }

    fn sequence(&mut self, inside: bool) -> Result<Sequences, String> {
        let mut all: Sequences = vec![Vec::new()];
        while let Some(token) = self.peek() {
            if matches!(token, ")" | "}" | "|") {
                break;
            }
            let Some(mut item) = self.item(inside)? else { continue };
            if self.eat("?") {
                item.push(Vec::new());
            }
            if all.len() * item.len() > MOST_VARIANTS {
                return Err("the pattern has too many variants".to_string());
            }
            all = all.iter().flat_map(|a| item.iter().map(move |b| [&a[..], &b[..]].concat())).collect();
        }
        Ok(all)
    }

    /// One word, group or context; none for a negative context, which is no part of the sequence.
    fn item(&mut self, inside: bool) -> Result<Option<Sequences>, String> {
        if self.eat("{") {
            let group = self.alternatives(inside)?;
            return if self.eat("}") { Ok(Some(group)) } else { Err("`{` is not closed".to_string()) };
        }
        if self.eat("(") {
            if self.eat("!") {
                self.forbidden()?;
                return Ok(None);
            }
            let group = self.alternatives(false)?;
            return if self.eat(")") { Ok(Some(group)) } else { Err("`(` is not closed".to_string()) };
        }
        let word = self.tokens[self.at];
        self.at += 1;
        if matches!(word, "?" | "!") {
            return Err(format!("`{word}` stands in the wrong place"));
        }
        self.inside_seen |= inside;
        let class = self.class(word)?;
        let element = |class, phrase| Element { class, phrase, inside };
        let mut forms = vec![vec![element(class, None)]];
        for (parts, sense) in self.words.phrases(class) {
            let last = parts.len() - 1;
            forms.push(parts.iter().enumerate().map(|(i, &c)| element(c, (i == last).then_some(*sense))).collect());
        }
        Ok(Some(forms))
    }

    fn forbidden(&mut self) -> Result<(), String> {
        while !self.eat(")") {
            if self.eat("|") {
                continue;
            }
            let Some(&word) = self.tokens.get(self.at) else { return Err("`(!` is not closed".to_string()) };
            self.at += 1;
            let class = self.class(word)?;
            let list = if self.inside_seen { &mut self.pattern.1 } else { &mut self.pattern.0 };
            list.push(class);
        }
        Ok(())
    }

    fn class(&mut self, word: &str) -> Result<u16, String> {
        if word.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
            self.words.known_class(word).ok_or_else(|| format!("no word has the class `{word}`"))
        } else {
            Ok(self.words.literal(word))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::parse("t", "NUM\t2\tzwei\nNUM\tX\tein_paar\nUNIT\tY\tJahre Jahren\nAPPROX\tAPPROX\tetwa\n").unwrap()
    }

    #[test]
    fn patterns_are_written_out() {
        let mut words = words();
        let table = "@Q\tAPPROX? NUM\nn\tDURATION\t(seit|vor) @Q UNIT (!alt)\tduration\n";
        let rules = Rules::parse("t", table, &mut words).unwrap();
        // Two words before, with and without "etwa", one word or two for the number.
        assert_eq!(rules.variants.len(), 2 * 2 * 2);
        assert!(rules.variants.iter().all(|v| v.left == 1 && v.right == 0));
        assert_eq!(rules.rules[0].not_after.len(), 1);
    }

    #[test]
    fn malformed_rules_are_named() {
        for (row, message) in [
            ("a\tDATE\tMONAT\tcalendar\n", "no word has the class `MONAT`"),
            ("a\tDATUM\tNUM\tcalendar\n", "`DATUM` is no type; expected DATE, TIME, DURATION, SET or -"),
            ("a\tDATE\tNUM\tkalender\n", "`kalender` is no normal form"),
            ("a\tDATE\t{ NUM\tcalendar\n", "`{` is not closed"),
            ("a\tDATE\t(NUM)\tcalendar\n", "the pattern needs words outside of ( ), in one piece"),
            ("a\tDATE\tNUM\tconst gestern\n", "`gestern` is neither CLASS=value nor a constant value"),
            ("a\tDATE\t@Q\tcalendar\n", "`@Q` is not defined above"),
        ] {
            let error = Rules::parse("t", row, &mut words()).unwrap_err().to_string();
            assert_eq!(error, format!("t:1: {message}"));
        }
    }
}
