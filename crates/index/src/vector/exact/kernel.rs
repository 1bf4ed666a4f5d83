//! The products of many 8-bit rows with one query: the inner loop of a scan.
//!
//! Rows are held as unsigned numbers (128 stands for zero) and a query as signed ones of 7 bits, because
//! processors multiply just that pair fastest: two products are added up in 16 bits at once, and 255 × 63 × 2
//! is the most that fits. What the 128 add is the same for every row and is taken off at the end.

use pulp::Arch;

/// Largest number of a query.
const QUERY_LIMIT: f32 = 63.0;
/// Largest number of a row, before 128 is added.
const ROW_LIMIT: f32 = 127.0;
const ZERO: i16 = 128;
/// Numbers that are multiplied at once.
const STEP: usize = 32;

/// A vector in 8-bit numbers: (number - 128) × factor is near the original.
#[derive(Debug, Clone)]
pub(super) struct Coarse {
    pub(super) numbers: Vec<u8>,
    pub(super) factor: f32,
}

impl Coarse {
    /// Rounds a vector so that its largest number becomes 127.
    pub(super) fn of(vector: &[f32]) -> Self {
        let (numbers, factor) = rounded(vector, ROW_LIMIT);
        let numbers = numbers.into_iter().map(|number| (i16::from(number) + ZERO) as u8).collect();
        Self { numbers, factor }
    }
}

/// A query in 7-bit numbers. By how much they must be multiplied makes no difference to the order of rows.
#[derive(Debug)]
pub(super) struct CoarseQuery {
    numbers: Vec<i8>,
    /// What the 128 of the rows add to every product.
    bias: i32,
}

impl CoarseQuery {
    /// Rounds a vector so that its largest number becomes 63.
    pub(super) fn of(vector: &[f32]) -> Self {
        let (numbers, _) = rounded(vector, QUERY_LIMIT);
        let sum: i32 = numbers.iter().map(|number| i32::from(*number)).sum();
        Self { numbers, bias: i32::from(ZERO) * sum }
    }
}

/// The numbers of a vector times what makes the largest of them the limit, and what takes them back.
fn rounded(vector: &[f32], limit: f32) -> (Vec<i8>, f32) {
    let largest = vector.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    if largest == 0.0 {
        return (vec![0; vector.len()], 0.0);
    }
    let factor = largest / limit;
    (vector.iter().map(|number| (number / factor).round() as i8).collect(), factor)
}

/// The way of multiplying that suits the processor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernel {
    arch: Arch,
    #[cfg(target_arch = "x86_64")]
    wide: Option<pulp::x86::V3>,
}

impl Kernel {
    pub(super) fn new() -> Self {
        Self {
            arch: Arch::new(),
            #[cfg(target_arch = "x86_64")]
            wide: pulp::x86::V3::try_new(),
        }
    }

    /// The product of every row with the query, times the row's factor.
    pub(super) fn products(
        self,
        rows: &[u8],
        query: &CoarseQuery,
        factors: &[f32],
        scores: &mut [f32],
    ) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.wide {
            return simd.vectorize(Wide { simd, rows, query, factors, scores });
        }
        self.arch.dispatch(
            #[inline(always)]
            || each(rows, query, factors, scores, dot),
        );
    }
}

/// One call of [`Kernel::products`] on a processor with AVX2. Whatever is not inlined into `vectorize` is compiled
/// for an older processor, and a closure is not sure to be.
#[cfg(target_arch = "x86_64")]
struct Wide<'a> {
    simd: pulp::x86::V3,
    rows: &'a [u8],
    query: &'a CoarseQuery,
    factors: &'a [f32],
    scores: &'a mut [f32],
}

#[cfg(target_arch = "x86_64")]
impl pulp::NullaryFnOnce for Wide<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, rows, query, factors, scores } = self;
        each(
            rows,
            query,
            factors,
            scores,
            #[inline(always)]
            |row, query| dot_wide(simd, row, query),
        );
    }
}

#[inline(always)]
fn each(
    rows: &[u8],
    query: &CoarseQuery,
    factors: &[f32],
    scores: &mut [f32],
    dot: impl Fn(&[u8], &[i8]) -> i32,
) {
    let CoarseQuery { numbers, bias } = query;
    for ((row, factor), score) in rows.chunks_exact(numbers.len()).zip(factors).zip(scores) {
        *score = (dot(row, numbers) - bias) as f32 * factor;
    }
}

#[inline(always)]
fn dot(row: &[u8], query: &[i8]) -> i32 {
    row.iter().zip(query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn dot_wide(simd: pulp::x86::V3, row: &[u8], query: &[i8]) -> i32 {
    let (avx, avx2) = (simd.avx, simd.avx2);
    let ones = avx._mm256_set1_epi16(1);
    // Two sums, so that one addition does not wait for the one before.
    let mut sums = [avx._mm256_setzero_si256(); 2];
    let (row, row_rest) = row.as_chunks::<STEP>();
    let (query, query_rest) = query.as_chunks::<STEP>();
    for (place, (row, query)) in row.iter().zip(query).enumerate() {
        let pairs = avx2._mm256_maddubs_epi16(pulp::cast(*row), pulp::cast(*query));
        let sum = &mut sums[place % 2];
        *sum = avx2._mm256_add_epi32(*sum, avx2._mm256_madd_epi16(pairs, ones));
    }
    let lanes: [i32; 8] = pulp::cast(avx2._mm256_add_epi32(sums[0], sums[1]));
    lanes.iter().sum::<i32>() + dot(row_rest, query_rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_multiplying_gives_the_same_products() {
        // Widths with and without a rest, and numbers as large as they can be.
        for width in [1, 31, 32, 33, 96, 256, 300] {
            let vector = |seed: usize| -> Vec<f32> {
                (0..width).map(|n| ((n * 37 + seed * 101) % 19) as f32 - 9.0).collect()
            };
            let query = CoarseQuery::of(&vector(0));
            let coarse = [Coarse::of(&vector(1)), Coarse::of(&vec![1.0; width])];
            let rows: Vec<u8> = coarse.iter().flat_map(|one| one.numbers.clone()).collect();
            let factors = coarse.each_ref().map(|one| one.factor);
            let mut scores = [0.0; 2];
            Kernel::new().products(&rows, &query, &factors, &mut scores);
            let mut plain = [0.0; 2];
            each(&rows, &query, &factors, &mut plain, dot);
            assert_eq!(scores, plain, "width {width}");
            let numbers = coarse[0].numbers.iter().zip(&query.numbers);
            let exact: i32 = numbers.map(|(a, b)| (i32::from(*a) - 128) * i32::from(*b)).sum();
            assert_eq!(scores[0], exact as f32 * factors[0], "width {width}");
        }
    }
}
