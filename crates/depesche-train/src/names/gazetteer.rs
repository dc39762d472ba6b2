//! The gazetteer of the recogniser: given names, family names, towns, regions, well-known names.

use anyhow::{Context, Result, anyhow};
use depesche::actors::names::Gazetteer;
use depesche::actors::names::features::gazetteer as bit;
use std::path::Path;

const TOWNS: &str = include_str!("../../data/towns.txt");
const KNOWN_NAMES: &str = include_str!("../../data/known-names.tsv");
const PERSON_NAMES: &str = include_str!("../../data/person-names.tsv");
/// Shorter names of towns are rather something else.
const SHORTEST_TOWN: usize = 4;

/// Collects the names.
///
/// # Errors
/// If the lexicon or the list of cities cannot be read or a table has a malformed row.
pub fn build(corpora: &Path) -> Result<Gazetteer> {
    let mut out = Gazetteer::default();
    let rows = |table: &'static str| table.lines().filter(|l| !l.starts_with('#'));
    for line in rows(PERSON_NAMES) {
        let (form, classes) = line.split_once('\t').ok_or_else(|| anyhow!("person-names.tsv: `{line}`"))?;
        for c in classes.chars() {
            let bits = match c {
                'm' => bit::GIVEN_M,
                'f' => bit::GIVEN_F,
                'u' => bit::GIVEN_M | bit::GIVEN_F,
                's' => bit::SURNAME,
                _ => return Err(anyhow!("person-names.tsv: unknown class in `{line}`")),
            };
            out.add(form, bits);
        }
    }
    rows(TOWNS).for_each(|name| out.add(name, bit::TOWN));
    for line in rows(KNOWN_NAMES) {
        let (class, names) = line.split_once('\t').ok_or_else(|| anyhow!("known-names.tsv: `{line}`"))?;
        let bits = match class {
            "o" => bit::ORG_B,
            "p" => bit::REGION,
            "x" => bit::OTHER,
            _ => return Err(anyhow!("known-names.tsv: unknown class `{class}`")),
        };
        names.split(';').for_each(|n| out.add(n, bits));
    }
    lexicon(&corpora.join("lexicon/german-forms.tsv.xz"), &mut out)?;
    let path = corpora.join("knowledge/world-cities.csv");
    let cities = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let names = cities.lines().skip(1).filter_map(|l| l.split(',').next());
    names.filter(|n| n.chars().count() >= SHORTEST_TOWN).for_each(|n| out.add(n, bit::TOWN));
    Ok(out)
}

/// Adds the names of the lexicon.
fn lexicon(path: &Path, out: &mut Gazetteer) -> Result<()> {
    let fail = || format!("cannot read {}", path.display());
    let file = std::fs::File::open(path).with_context(fail)?;
    let mut list = Vec::new();
    lzma_rs::xz_decompress(&mut std::io::BufReader::new(file), &mut list).with_context(fail)?;
    for line in std::str::from_utf8(&list).with_context(fail)?.lines() {
        let mut cells = line.split('\t');
        let (Some(form), Some(tag)) = (cells.next(), cells.nth(1)) else { continue };
        let Some(tag) = tag.strip_prefix("EIG:") else { continue };
        let bits = match tag.rsplit(':').next().unwrap_or_default().trim_end_matches(['*', '#']) {
            "VOR" if tag.contains("FEM") => bit::GIVEN_F,
            "VOR" => bit::GIVEN_M,
            "NAC" => bit::SURNAME,
            "STD" => bit::TOWN,
            "GEB" | "WAT" | "MOU" | "GEO" => bit::REGION,
            "COU" => bit::COUNTRY,
            _ => continue,
        };
        out.add(form, bits);
    }
    Ok(())
}
