//! Growing: parting leaves and nodes that are full, and counting what shows.

use super::{Content, FAN, Leaf, Node, Order, Size};

impl<C: Content> Order<C> {
    /// Makes the first leaf.
    pub(super) fn begin(&mut self) {
        if self.leaves.is_empty() {
            let mut root = Node::new(0, true);
            root.count = 1;
            self.nodes.push(root);
            self.leaves.push(Leaf::new(0, 0));
        }
    }

    /// Counts a change of what a leaf shows.
    pub(super) fn count(&mut self, leaf: u32, size: Size, more: bool) {
        self.moves(leaf);
        let change = |held: &mut Size| if more { *held += size } else { *held -= size };
        change(&mut self.size);
        let held = &mut self.leaves[leaf as usize];
        change(&mut held.size);
        let (mut kid, mut parent) = (leaf, held.parent);
        loop {
            let node = &mut self.nodes[parent as usize];
            if node.kids[node.near] != kid {
                node.near = node.place_of(kid);
            }
            change(&mut node.sizes[node.near]);
            if parent == self.root {
                return;
            }
            (kid, parent) = (parent, node.parent);
        }
    }

    /// Parts a leaf, so that the spans from this one on stand in a leaf of their own.
    pub(super) fn part_leaf(&mut self, leaf: u32, span: usize) {
        let fresh = self.leaves.len() as u32;
        let held = &mut self.leaves[leaf as usize];
        let spans = held.spans.split_off(span);
        let shown: u32 = held.spans.iter().map(|span| span.shows()).sum();
        let (chunk, wide) = C::part(&mut held.chunk, held.size.len, shown);
        C::shrink(&mut held.chunk);
        let size = Size {
            len: held.size.len - shown,
            wide,
        };
        held.size -= size;
        let next = if held.next == leaf { fresh } else { held.next };
        held.next = fresh;
        for span in &spans {
            self.places.assign(span.first, span.end(), fresh);
        }
        let mut made = Leaf::new(0, next);
        (made.size, made.spans, made.chunk) = (size, spans, chunk);
        self.leaves.push(made);
        self.adopt(leaf, fresh, size);
    }

    /// Hangs a new leaf behind another, from which it took what it shows.
    fn adopt(&mut self, leaf: u32, fresh: u32, size: Size) {
        let parent = self.leaves[leaf as usize].parent;
        if self.nodes[parent as usize].count == FAN {
            self.part_node(parent);
        }
        let parent = self.leaves[leaf as usize].parent;
        self.leaves[fresh as usize].parent = parent;
        self.hang(parent, leaf, fresh, size);
    }

    /// Puts a child behind another, from which it took what it counts, into a node that has room.
    fn hang(&mut self, parent: u32, kid: u32, fresh: u32, size: Size) {
        let node = &mut self.nodes[parent as usize];
        let place = node.place_of(kid);
        node.sizes[place] -= size;
        node.kids.copy_within(place + 1..node.count, place + 2);
        node.sizes.copy_within(place + 1..node.count, place + 2);
        (node.kids[place + 1], node.sizes[place + 1]) = (fresh, size);
        node.count += 1;
    }

    /// Parts a full node in two halves.
    fn part_node(&mut self, node: u32) {
        if node == self.root {
            let size = self.nodes[node as usize].size();
            let mut root = Node::new(0, false);
            (root.count, root.kids[0], root.sizes[0]) = (1, node, size);
            self.root = self.nodes.len() as u32;
            self.nodes.push(root);
            self.nodes[node as usize].parent = self.root;
        } else {
            let parent = self.nodes[node as usize].parent;
            if self.nodes[parent as usize].count == FAN {
                self.part_node(parent);
            }
        }
        let fresh = self.nodes.len() as u32;
        let held = &mut self.nodes[node as usize];
        let mut made = Node::new(held.parent, held.bottom);
        let half = held.count / 2;
        made.count = held.count - half;
        made.kids[..made.count].copy_from_slice(&held.kids[half..held.count]);
        made.sizes[..made.count].copy_from_slice(&held.sizes[half..held.count]);
        held.count = half;
        for kid in &made.kids[..made.count] {
            match made.bottom {
                true => self.leaves[*kid as usize].parent = fresh,
                false => self.nodes[*kid as usize].parent = fresh,
            }
        }
        let (parent, size) = (made.parent, made.size());
        self.nodes.push(made);
        self.hang(parent, node, fresh, size);
    }

    /// Parts a leaf whose content has grown too large, in the middle of it.
    pub(super) fn part_large(&mut self, leaf: u32) {
        let held = &mut self.leaves[leaf as usize];
        if C::size(&held.chunk) <= C::FULL {
            return;
        }
        let half = held.size.len / 2;
        let (mut shown, mut at) = (0, 0);
        while at < held.spans.len() && shown + held.spans[at].shows() <= half {
            shown += held.spans[at].shows();
            at += 1;
        }
        let span = if at < held.spans.len() && shown < half {
            held.cut(at, half - shown)
        } else {
            at
        };
        if span > 0 && span < held.spans.len() {
            self.part_leaf(leaf, span);
        }
    }

    /// The spans of a leaf; for tests.
    #[cfg(test)]
    pub(crate) fn check(&self) {
        let mut all = Size::default();
        for (number, leaf) in self.leaves.iter().enumerate() {
            let shown: u32 = leaf.spans.iter().map(|span| span.shows()).sum();
            assert_eq!(shown, leaf.size.len);
            all += leaf.size;
            for span in &leaf.spans {
                for num in [span.first, span.end() - 1] {
                    assert_eq!(self.places.leaf(num), number as u32);
                }
            }
            assert!(leaf.spans.len() <= super::leaf::SPANS);
        }
        assert_eq!(all, self.size);
        self.check_typing();
        if let Some(cursor) = self.cursor {
            assert_eq!(cursor.start, self.before_leaf(cursor.leaf).len);
        }
        if let Some(root) = self.nodes.get(self.root as usize) {
            assert_eq!(root.size(), self.size);
        }
    }
}
