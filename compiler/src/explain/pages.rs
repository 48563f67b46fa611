//! The pages themselves: Markdown files beside this one, one for each code, trait and rule.
//!
//! Tables and nothing else. How a page is found or shown is decided in the parent module.

/// The text of one page and what it is asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code, the trait without its `@`, or the rule.
    pub topic: &'static str,
    /// The page, as Markdown; its first line is its title.
    pub text: &'static str,
}

macro_rules! pages {
    ($folder:literal: $($topic:literal)*) => {
        &[$(Page { topic: $topic, text: include_str!(concat!("pages/", $folder, $topic, ".md")) }),*]
    };
}

/// A page for every code, in their order.
pub static CODES: &[Page] = pages! { "":
    "HS001" "HS002" "HS003" "HS004" "HS005" "HS006" "HS007" "HS008"
    "HS009" "HS010" "HS011" "HS012" "HS013" "HS014" "HS015" "HS016"
    "HS017" "HS018" "HS019" "HS020" "HS021" "HS022" "HS023" "HS024"
    "HS101" "HS102" "HS103" "HS104" "HS105" "HS106" "HS107" "HS108"
    "HS109" "HS110" "HS111" "HS112" "HS113" "HS114" "HS115" "HS116"
    "HS117" "HS118" "HS119" "HS120" "HS121" "HS122" "HS123" "HS124"
    "HS125" "HS126" "HS127" "HS128" "HS129" "HS130" "HS131" "HS132"
    "HS133" "HS134" "HS135" "HS136" "HS137" "HS138" "HS139" "HS140"
    "HS141" "HS142" "HS143" "HS144" "HS145" "HS146" "HS147" "HS148"
    "HS149" "HS150"
    "HS201"
};

/// A page for every trait of the sync family and every other form that synchronises.
pub static TRAITS: &[Page] = pages! { "traits/":
    "networked" "synced" "replicated" "sync" "crdt" "owned"
    "ownership" "persistent" "host_only" "local_only" "owner_only" "sync_tier"
    "networked_object" "networked_block" "synced_field"
    "shared_world" "crdt_room" "versioned_state" "remote_presence" "networked_avatar" "world_state"
    "offline_sync" "session" "lobby" "presence" "rollback"
};

/// A page for every rule of inference.
pub static RULES: &[Page] = pages! { "rules/":
    "R1" "R2" "R3" "R4" "R5" "R6" "R7" "R8" "R9"
};

impl Page {
    /// Its first line, without the mark of a heading.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.trim_start_matches(['#', ' '])
    }

    /// The first sentence after the title, for a list of pages.
    #[must_use]
    pub fn summary(&self) -> String {
        let body = self.text.lines().skip(1).skip_while(|line| line.is_empty());
        let paragraph: Vec<&str> = body.take_while(|line| !line.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        match paragraph.find(". ") {
            Some(at) => paragraph[..=at].to_owned(),
            None => paragraph,
        }
    }

    /// The examples on the page: the words after the fence, and the text within.
    #[must_use]
    pub fn examples(&self) -> Vec<(&'static str, String)> {
        let mut examples = Vec::new();
        let mut open: Option<(&'static str, String)> = None;
        for line in self.text.lines() {
            match (line.strip_prefix("```"), open.as_mut()) {
                (Some(words), None) => open = Some((words, String::new())),
                (Some(_), Some(_)) => examples.extend(open.take()),
                (None, Some((_, text))) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None) => {}
            }
        }
        examples
    }

    /// The first cells of the rows of its tables of options, without their marks: what can be set.
    #[must_use]
    pub fn options(&self) -> Vec<&'static str> {
        let rows = self
            .text
            .lines()
            .filter(|line| line.ends_with("| used |") || line.ends_with("| kept |"));
        let first = rows.filter_map(|line| line.trim_start_matches("| ").split(" | ").next());
        first
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect()
    }
}
