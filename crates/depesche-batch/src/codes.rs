//! Small things that tables and accounts share.

/// Every actor with every recipient; where a side is empty, nobody takes its place.
pub fn pairs(actors: &[usize], recipients: &[usize]) -> Vec<(Option<usize>, Option<usize>)> {
    let side = |ids: &[usize]| if ids.is_empty() { vec![None] } else { ids.iter().copied().map(Some).collect() };
    let recipients: Vec<Option<usize>> = side(recipients);
    side(actors).into_iter().flat_map(|a| recipients.iter().map(move |&r| (a, r))).collect()
}

/// A code as the record writes it.
pub fn code(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_side_is_nobody() {
        assert_eq!(pairs(&[1, 2], &[3]), [(Some(1), Some(3)), (Some(2), Some(3))]);
        assert_eq!(pairs(&[], &[3]), [(None, Some(3))]);
    }
}
