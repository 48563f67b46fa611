//! [`Numbers`]: how a state names items, by section and by number in it. Reading them is `super::sections`'.

use super::content::Content;
use super::core::Core;
use crate::ReplicaId;

/// How items are numbered in a state: by replica and time.
pub(super) struct Numbers {
    /// The replicas in the order of their ids.
    pub(super) sections: Vec<(u32, ReplicaId)>,
    /// By replica, its section and the number of each run's first item.
    firsts: Vec<(u32, Vec<u32>)>,
}

impl Numbers {
    pub(super) fn of<C: Content>(core: &Core<C>) -> Self {
        let mut sections = Vec::new();
        let mut firsts = Vec::new();
        for (replica, id, held) in core.ids.replicas() {
            firsts.resize(replica as usize + 1, (0, Vec::new()));
            let Some(id) = id else { continue };
            let mut number = 0;
            let runs = held.iter().map(|run| {
                number += run.len;
                number - run.len
            });
            firsts[replica as usize].1 = runs.collect();
            sections.push((replica, id));
        }
        sections.sort_by_key(|(_, id)| *id);
        for (section, (replica, _)) in sections.iter().enumerate() {
            firsts[*replica as usize].0 = section as u32;
        }
        Self { sections, firsts }
    }

    pub(super) fn section_of(&self, replica: u32) -> u32 {
        self.firsts[replica as usize].0
    }

    pub(super) fn number<C: Content>(&self, core: &Core<C>, replica: u32, time: u64) -> u32 {
        let held = core.ids.held(replica);
        let at = held
            .partition_point(|run| run.time <= time)
            .saturating_sub(1);
        self.firsts[replica as usize].1[at] + (time - held[at].time) as u32
    }
}
