//! The first pass: 8-bit numbers, one after the other through memory.

use kechuang_domain::RecordId;

use super::kernel::{Coarse, CoarseQuery, Kernel};

/// The 8-bit numbers of many vectors.
#[derive(Debug)]
pub(super) struct Block {
    width: usize,
    numbers: Vec<u8>,
    factors: Vec<f32>,
    kernel: Kernel,
}

impl Block {
    pub(super) fn new(width: usize) -> Self {
        Self { width, numbers: Vec::new(), factors: Vec::new(), kernel: Kernel::new() }
    }

    /// Takes a vector's numbers in and leaves it without them.
    pub(super) fn push(&mut self, coarse: &mut Coarse) {
        self.numbers.extend_from_slice(&coarse.numbers);
        self.factors.push(coarse.factor);
        coarse.numbers = Vec::new();
    }

    /// Of the rows whose bit is set, the `most` with the highest products, ties by id.
    pub(super) fn best(
        &self,
        query: &CoarseQuery,
        bits: &[u64],
        most: usize,
        id: impl Fn(u32) -> RecordId,
    ) -> Vec<u32> {
        if most == 0 {
            return Vec::new();
        }
        let mut best = Best { most, least: f32::NEG_INFINITY, kept: Vec::new(), id };
        let mut scores = [0.0; 64];
        for (word, bits) in bits.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            let first = word * 64;
            let last = self.factors.len().min(first + 64);
            let factors = &self.factors[first..last];
            let numbers = &self.numbers[first * self.width..last * self.width];
            // A word with few bits is not worth reading whole.
            if bits.count_ones() >= 16 {
                self.kernel.products(numbers, query, factors, &mut scores);
            } else {
                for bit in set_bits(*bits) {
                    let row = bit as usize;
                    let numbers = &numbers[row * self.width..(row + 1) * self.width];
                    let factor = &factors[row..=row];
                    let score = &mut scores[row..=row];
                    self.kernel.products(numbers, query, factor, score);
                }
            }
            for bit in set_bits(*bits) {
                best.offer(first as u32 + bit, scores[bit as usize]);
            }
        }
        best.finish()
    }
}

fn set_bits(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (bits != 0).then(|| {
            let bit = bits.trailing_zeros();
            bits &= bits - 1;
            bit
        })
    })
}

/// The best so far. The order of ids decides ties, so that the answer does not tell how the index grew.
struct Best<F> {
    most: usize,
    /// What is below this cannot be among the best any more.
    least: f32,
    kept: Vec<(f32, u32)>,
    id: F,
}

impl<F: Fn(u32) -> RecordId> Best<F> {
    fn offer(&mut self, row: u32, score: f32) {
        if score < self.least {
            return;
        }
        self.kept.push((score, row));
        if self.kept.len() >= self.most.saturating_mul(2) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.kept.len() <= self.most {
            return;
        }
        let Self { most, kept, id, .. } = self;
        kept.select_nth_unstable_by(*most - 1, |a, b| {
            b.0.total_cmp(&a.0).then_with(|| id(a.1).cmp(&id(b.1)))
        });
        kept.truncate(*most);
        self.least = kept[*most - 1].0;
    }

    fn finish(mut self) -> Vec<u32> {
        self.cut();
        self.kept.into_iter().map(|(_, row)| row).collect()
    }
}
