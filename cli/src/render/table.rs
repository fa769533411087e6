//! Plain tables: vantages, runs, checks, measurements.

use super::style::{columns, pad};

/// Rows under a heading, columns as wide as they need to be; the last one is not filled.
pub(crate) fn text(head: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(ix, head)| {
            rows.iter().filter_map(|row| row.get(ix)).map(|cell| columns(cell)).max().unwrap_or(0).max(head.len())
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    let mut out = line(head.to_vec());
    for row in rows {
        out.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_they_hold() {
        let rows = [vec!["✓".to_owned(), "日本".to_owned(), "a".to_owned()], vec!["x".into(), "b".into(), "c".into()]];
        assert_eq!(text(&["A", "B", "C"], &rows), "A  B     C\n✓  日本  a\nx  b     c\n");
    }
}
