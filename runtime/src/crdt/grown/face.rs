//! What [`crate::GSet`] and [`crate::TwoPSet`] have in common to whoever uses them: all but their laws and their verbs.
//!
//! How elements are held is in [`super`]; what may be done to them is each set's own.

/// Gives a set around [`super::Grown`] its reading methods, its traits and the view of it inside an edit.
macro_rules! grown_set {
    ($name:ident, $edit:ident, removes: $removes:literal) => {
        impl<V: Element<Tag = ()>> $name<V> {
            /// A set that nobody wrote to, with the elements it has everywhere from the beginning. O(n).
            #[must_use]
            pub fn new<A: Assign<V>>(initial: impl IntoIterator<Item = A>) -> Self {
                let mut set = Self::default();
                for value in initial {
                    set.0.hold(value.assign().canonical());
                }
                set
            }

            /// True when it holds the element. O(1).
            #[must_use]
            pub fn contains(&self, value: impl Assign<V>) -> bool {
                self.0.contains(&value.assign().canonical())
            }
        }

        impl $name<Raw> {
            pub(crate) fn unknown(tag: crate::codec::ValueKind) -> Self {
                Self::with_tag(tag)
            }
        }

        impl<V: Element> $name<V> {
            pub(crate) fn with_tag(tag: V::Tag) -> Self {
                Self(Grown::new(tag, $removes))
            }

            /// How many elements it holds. O(1).
            #[must_use]
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// True when it holds none. O(1).
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Its elements, in an order of this replica's own. For the same order everywhere see `sorted`. O(n) for all.
            pub fn iter(&self) -> impl Iterator<Item = &V> {
                self.0.iter()
            }

            /// Its elements in the order of their canonical bytes, the same on every replica. O(n log n).
            #[must_use]
            pub fn sorted(&self) -> Vec<&V> {
                self.0.sorted()
            }
        }

        impl<V: Element<Tag = ()>> Default for $name<V> {
            fn default() -> Self {
                Self(Grown::new((), $removes))
            }
        }

        impl<V: Element> std::fmt::Debug for $name<V> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_set().entries(self.sorted()).finish()
            }
        }

        impl<V: Element> Crdt for $name<V> {
            fn kind(&self) -> Kind {
                Kind::$name(V::kind(self.0.tag()))
            }

            fn settle(&mut self, _tx: Stamp) -> bool {
                self.0.settle()
            }

            fn pristine(&self) -> bool {
                self.0.pristine()
            }

            fn encode_ops(&mut self, tx: Stamp, out: &mut Enc) {
                self.0.encode_ops(tx, out);
            }

            fn apply_ops(
                &mut self,
                input: &mut Dec<'_>,
                cx: &mut Apply<'_>,
            ) -> Result<(), DecodeError> {
                self.0.apply_ops(input, cx)
            }

            fn encode_state(&self, _unknown: &Unknown, out: &mut Enc) {
                self.0.encode_state(out);
            }

            fn merge_state(
                &mut self,
                input: Option<&mut Dec<'_>>,
                cx: &mut Merge<'_>,
            ) -> Result<(), DecodeError> {
                self.0.merge_state(input, cx)
            }

            fn start(&mut self, value: &Value) {
                self.0.start(value);
            }

            fn describe(&self, out: &mut String) {
                $crate::crdt::describe_line(&self.kind(), &self.0.to_value(), out);
            }

            fn revert(&mut self, _leaf: u32, input: &mut Dec<'_>) -> Result<(), DecodeError> {
                self.0.restore(input)
            }

            fn restamp(
                &mut self,
                input: &mut Dec<'_>,
                at: At<'_>,
                cx: &mut Restamp<'_>,
            ) -> Result<(), DecodeError> {
                self.0.restamp(input, at, cx)
            }

            fn assume(&mut self, then: &dyn Crdt, at: At<'_>, how: Assume) {
                if let Some(then) = same::<Self>(then) {
                    self.0.assume(&then.0, at, how);
                }
            }
        }

        impl<V: Element<Tag = ()>> Synced for $name<V> {
            type Edit<'a> = $edit<'a, V>;

            fn kind_of() -> Kind {
                Kind::$name(V::kind(&()))
            }

            fn edit<'a>(&'a mut self, at: At<'a>) -> Self::Edit<'a> {
                $edit::new(self, at)
            }
        }

        #[doc = concat!("The view of a [`", stringify!($name), "`] inside an edit.")]
        #[derive(Debug)]
        pub struct $edit<'a, V: Element> {
            set: &'a mut $name<V>,
            at: At<'a>,
        }

        impl<'a, V: Element> $edit<'a, V> {
            pub(crate) fn new(set: &'a mut $name<V>, at: At<'a>) -> Self {
                Self { set, at }
            }
        }

        impl<V: Element> std::ops::Deref for $edit<'_, V> {
            type Target = $name<V>;

            fn deref(&self) -> &Self::Target {
                self.set
            }
        }
    };
}

pub(in crate::crdt) use grown_set;
