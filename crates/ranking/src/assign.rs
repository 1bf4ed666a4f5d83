//! The assignment that gains most: who goes where, each place once.

/// For each row of a square table of gains the column that it is given, so that the sum of the gains is highest; of
/// equals the one that is found first. The Hungarian method with potentials, by augmenting shortest paths row by row
/// (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
/// Computing 38, 1987), in time of the order of the rows cubed.
pub(crate) fn assign(gains: &[Vec<f64>]) -> Vec<usize> {
    let n = gains.len();
    // Row and column 0 stand for none.
    let (mut of_row, mut of_column) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    let mut row_at = vec![0_usize; n + 1];
    for row in 1..=n {
        row_at[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; n + 1];
        let mut before = vec![0_usize; n + 1];
        let mut is_done = vec![false; n + 1];
        while row_at[column] != 0 {
            is_done[column] = true;
            let here = row_at[column];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for other in 1..=n {
                if is_done[other] {
                    continue;
                }
                let cost = -gains[here - 1][other - 1] - of_row[here] - of_column[other];
                if cost < least[other] {
                    (least[other], before[other]) = (cost, column);
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=n {
                if is_done[other] {
                    of_row[row_at[other]] += step;
                    of_column[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            row_at[column] = row_at[before[column]];
            column = before[column];
        }
    }
    let mut columns = vec![0; n];
    for (column, row) in row_at.into_iter().enumerate().skip(1) {
        columns[row - 1] = column - 1;
    }
    columns
}
