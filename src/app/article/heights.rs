//! Heights of all blocks: exact where seen, estimated elsewhere, summed fast.
//!
//! A binary indexed tree (Fenwick 1994) in `f64`: a 100 MB article is 20 million points high, which `f32` cannot count.

/// Heights in points with fast prefix sums.
#[derive(Debug, Default)]
pub(super) struct Heights {
    each: Vec<f32>,
    // tree[i] holds the sum of the last `i & -i` heights up to the i-th, counted from 1.
    tree: Vec<f64>,
}

impl Heights {
    pub(super) fn new(each: Vec<f32>) -> Self {
        let mut tree = vec![0.0; each.len() + 1];
        for (i, height) in each.iter().enumerate() {
            add_at(&mut tree, i + 1, f64::from(*height), Walk::OneStep);
        }
        Self { each, tree }
    }

    pub(super) fn get(&self, block: usize) -> f32 {
        self.each.get(block).copied().unwrap_or(0.0)
    }

    pub(super) fn set(&mut self, block: usize, height: f32) {
        if let Some(old) = self.each.get_mut(block)
            && *old != height
        {
            let change = f64::from(height) - f64::from(*old);
            *old = height;
            add_at(&mut self.tree, block + 1, change, Walk::ToTheEnd);
        }
    }

    /// The top of a block: the sum of all heights before it.
    pub(super) fn top(&self, block: usize) -> f64 {
        let mut index = block.min(self.each.len());
        let mut sum = 0.0;
        while index > 0 {
            sum += self.tree.get(index).copied().unwrap_or(0.0);
            index &= index - 1;
        }
        sum
    }

    pub(super) fn total(&self) -> f64 {
        self.top(self.each.len())
    }

    /// The block at a height, and how far below its top.
    pub(super) fn find(&self, mut y: f64) -> (usize, f64) {
        let mut index = 0;
        let mut step = self.each.len().next_power_of_two();
        while step > 0 {
            if let Some(sum) = self.tree.get(index + step).filter(|sum| **sum <= y) {
                index += step;
                y -= sum;
            }
            step /= 2;
        }
        if index < self.each.len() { (index, y) } else { (self.each.len().saturating_sub(1), 0.0) }
    }
}

#[derive(Clone, Copy)]
enum Walk {
    OneStep,
    ToTheEnd,
}

/// Adds to the sums that include the i-th height. When building in order, each sum hands itself to one parent.
fn add_at(tree: &mut [f64], index: usize, change: f64, walk: Walk) {
    match walk {
        Walk::ToTheEnd => {
            let mut index = index;
            while let Some(sum) = tree.get_mut(index) {
                *sum += change;
                index += index & index.wrapping_neg();
            }
        }
        Walk::OneStep => {
            let sum = tree.get_mut(index).map_or(0.0, |sum| {
                *sum += change;
                *sum
            });
            let parent = index + (index & index.wrapping_neg());
            if let Some(parent) = tree.get_mut(parent) {
                *parent += sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_equal_the_naive_ones(each in prop::collection::vec(1u8..200, 1..80), changes in prop::collection::vec((0usize..80, 1u8..200), 0..40)) {
            let mut naive: Vec<f32> = each.iter().map(|h| f32::from(*h)).collect();
            let mut heights = Heights::new(naive.clone());
            for (block, height) in changes {
                if block < naive.len() {
                    naive[block] = f32::from(height);
                    heights.set(block, f32::from(height));
                }
            }
            let mut top = 0.0;
            for (block, height) in naive.iter().enumerate() {
                prop_assert_eq!(heights.top(block), top);
                prop_assert_eq!(heights.find(top), (block, 0.0));
                prop_assert_eq!(heights.find(top + f64::from(*height) - 0.5).0, block);
                top += f64::from(*height);
            }
            prop_assert_eq!(heights.total(), top);
        }
    }
}
