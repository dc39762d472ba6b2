//! The gazetteer of the recogniser: given names, family names, towns, regions.

use anyhow::{Context, Result, anyhow};
use depesche::actors::names::Gazetteer;
use depesche::actors::names::features::gazetteer as bit;
use std::path::Path;

const TOWNS: &str = include_str!("../../data/towns.txt");
const KNOWN_NAMES: &str = include_str!("../../data/known-names.tsv");
const PERSON_NAMES: &str = include_str!("../../data/person-names.tsv");

/// Collects the names.
pub fn build(corpora: &Path) -> Result<Gazetteer> {
    let mut out = Gazetteer::default();
    for line in PERSON_NAMES.lines().filter(|l| !l.starts_with('#')) {
        let (form, classes) = line.split_once('\t').ok_or_else(|| anyhow!("person-names.tsv: `{line}`"))?;
        for c in classes.chars() {
            let bits = match c {
                'm' => bit::GIVEN_M,
                'f' => bit::GIVEN_F,
                'u' => bit::GIVEN_M | bit::GIVEN_F,
                _ => bit::SURNAME,
            };
            out.add(form, bits);
        }
    }
    for line in std::fs::read_to_string("/tmp/names/forms.tsv")?.lines() {
        let mut c = line.split('\t');
        let (Some(form), Some(_), Some(tag)) = (c.next(), c.next(), c.next()) else { continue };
        let Some(tag) = tag.strip_prefix("EIG:") else { continue };
        let bits = match tag.rsplit(':').next().unwrap_or_default() {
            "VOR" | "VOR*" | "VOR#" if tag.contains("FEM") => bit::GIVEN_F,
            "VOR" | "VOR*" | "VOR#" => bit::GIVEN_M,
            "NAC" => bit::SURNAME,
            "STD" => bit::TOWN,
            "GEB" | "WAT" | "MOU" | "GEO" => bit::REGION,
            "COU" => bit::COUNTRY,
            _ => continue,
        };
        out.add(form, bits);
    }
    for name in TOWNS.lines().filter(|l| !l.starts_with('#')) {
        out.add(name, bit::TOWN);
    }
    for line in KNOWN_NAMES.lines().filter(|l| !l.starts_with('#')) {
        let (class, names) = line.split_once('\t').ok_or_else(|| anyhow!("known-names.tsv: `{line}`"))?;
        let bits = match class {
            "o" => bit::ORG_B,
            "p" => bit::REGION,
            _ => bit::OTHER,
        };
        names.split(';').for_each(|n| out.add(n, bits));
    }
    let path = corpora.join("knowledge/world-cities.csv");
    let cities = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    for name in cities.lines().skip(1).filter_map(|l| l.split(',').next()) {
        if name.chars().count() > 3 {
            out.add(name, bit::TOWN);
        }
    }
    Ok(out)
}
