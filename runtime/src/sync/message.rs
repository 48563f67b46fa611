//! [`Message`]: what coordinators say to each other, and its bytes. What is done about it is in `super::receive`.
//!
//! Every message is: format 1, its code as a varint, its content, and the checksum of all of it.
//!
//! | code | content |
//! |---|---|
//! | 1 status | 0 or 1 an answer is wanted, then the status |
//! | 2 changes | count, then each with its length |
//! | 3 snapshot | the snapshot |
//! | 4 acknowledgement | 0 or 1 durable, then the version held |
//! | 5 wanted | number of the request, count, then the ids that are given up |
//! | 6 submission | count, then per change: its bytes with their length, the version its author had applied, with its length |
//! | 7 refusal | id, last time of the refused change, last time held of the chain, reason |
//! | 8 offer, 9 question, 10 answer | of a Merkle tree, as `super::merkle::exchange` says |
//! | 11 live frame | opaque |
//! | 12 part | number, index, count, bytes of a message that was too long for one |
//! | 13 rescue | number of the request, status with its length, snapshot |
//! | from 100 | opaque, the application's |

use super::merkle::{Answer, Offer, Question};
use crate::codec::{self, Dec, DecodeError, write_bytes, write_varint};
use crate::{Change, Hlc, ReplicaId, Snapshot, Status, Version};

/// The first byte of an encoded message.
const FORMAT: u8 = 1;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// What a replica says of itself.
    Status,
    /// Changes.
    Changes,
    /// A whole state.
    Snapshot,
    /// What has been taken in.
    Ack,
    /// A request for a state to begin anew on.
    Want,
    /// Own changes, to an authority.
    Submit,
    /// An authority's no.
    Reject,
    /// The root of a Merkle tree.
    Offer,
    /// Which parts of it are wanted.
    Question,
    /// Parts of it.
    Answer,
    /// Latest values.
    Live,
    /// A part of a long message.
    Part,
    /// A state to begin anew on.
    Rescue,
    /// The application's own.
    Application,
    /// None that this version knows.
    Unknown,
}

impl Code {
    /// How many kinds there are.
    pub const COUNT: usize = 15;
    /// The first code that is the application's.
    pub const APPLICATION: u32 = 100;
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// What a replica holds, and whether it wants to hear the same of the other.
    Status {
        /// It wants an answer.
        answer: bool,
        /// What it says.
        status: Box<Status>,
    },
    /// Changes, in an order in which they can be applied.
    Changes(Vec<Change>),
    /// A state to merge.
    Snapshot(Snapshot),
    /// What the sender has applied.
    Ack {
        /// It will still hold it after a restart.
        durable: bool,
        /// What it holds.
        version: Version,
    },
    /// Asks for a state to begin anew on.
    Want {
        /// A number that the answer repeats.
        request: u64,
        /// The ids that the sender gives up: nothing more may be taken of their chains.
        leaving: Vec<ReplicaId>,
    },
    /// The answer, taken after those chains were closed.
    Rescue {
        /// The number of the request.
        request: u64,
        /// What the sender says of itself, the closed chains among it.
        status: Box<Status>,
        /// Its state.
        snapshot: Snapshot,
    },
    /// Own changes, each with what its author had applied when it was made.
    Submit(Vec<(Change, Version)>),
    /// A change that was not taken. Nothing more is taken of its chain.
    Reject(Rejection),
    /// A state described by the root of its Merkle tree.
    Offer(Box<Offer>),
    /// Which parts of the tree are wanted.
    Question(Question),
    /// Parts of the tree.
    Answer(Answer),
    /// Latest values. They are handed through as they are.
    Live(Vec<u8>),
    /// A part of a message that is too long for one.
    Part {
        /// The hash of all of it.
        whole: u64,
        /// Which part.
        index: u32,
        /// Of how many.
        count: u32,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Something of the application's; its code is at least [`Code::APPLICATION`].
    Application {
        /// The application's code.
        code: u32,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// A kind that this version does not know.
    Unknown(u32),
}

/// An authority's no to one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The id it was made under.
    pub replica: ReplicaId,
    /// Its last time.
    pub last: Hlc,
    /// How much of the chain the authority holds, for good.
    pub held: Hlc,
    /// Why, in the application's own numbers.
    pub reason: u32,
}

impl Message {
    /// What kind it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Status { .. } => Code::Status,
            Self::Changes(_) => Code::Changes,
            Self::Snapshot(_) => Code::Snapshot,
            Self::Ack { .. } => Code::Ack,
            Self::Want { .. } => Code::Want,
            Self::Submit(_) => Code::Submit,
            Self::Reject(_) => Code::Reject,
            Self::Offer(_) => Code::Offer,
            Self::Question(_) => Code::Question,
            Self::Answer(_) => Code::Answer,
            Self::Live(_) => Code::Live,
            Self::Part { .. } => Code::Part,
            Self::Rescue { .. } => Code::Rescue,
            Self::Application { .. } => Code::Application,
            Self::Unknown(_) => Code::Unknown,
        }
    }

    fn number(&self) -> u32 {
        match self {
            Self::Application { code, .. } => (*code).max(Code::APPLICATION),
            Self::Unknown(code) => *code,
            known => known.code() as u32 + 1,
        }
    }

    /// Its canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        write_varint(&mut out, u64::from(self.number()));
        self.encode_content(&mut out);
        codec::close(out)
    }

    fn encode_content(&self, out: &mut Vec<u8>) {
        match self {
            Self::Status { answer, status } => {
                out.push(u8::from(*answer));
                out.extend_from_slice(&status.encode());
            }
            Self::Changes(changes) => {
                write_varint(out, changes.len() as u64);
                for change in changes {
                    write_bytes(out, &change.encode());
                }
            }
            Self::Snapshot(snapshot) => out.extend_from_slice(&snapshot.encode()),
            Self::Ack { durable, version } => {
                out.push(u8::from(*durable));
                version.encode_into(out);
            }
            Self::Want { request, leaving } => {
                write_varint(out, *request);
                write_varint(out, leaving.len() as u64);
                for id in leaving {
                    out.extend_from_slice(&id.get().to_le_bytes());
                }
            }
            Self::Rescue {
                request,
                status,
                snapshot,
            } => {
                write_varint(out, *request);
                write_bytes(out, &status.encode());
                out.extend_from_slice(&snapshot.encode());
            }
            Self::Submit(changes) => {
                write_varint(out, changes.len() as u64);
                for (change, seen) in changes {
                    write_bytes(out, &change.encode());
                    write_bytes(out, &seen.encode());
                }
            }
            Self::Reject(rejection) => rejection.encode(out),
            Self::Offer(offer) => offer.encode(out),
            Self::Question(question) => question.encode(out),
            Self::Answer(answer) => answer.encode(out),
            Self::Part {
                whole,
                index,
                count,
                bytes,
            } => {
                out.extend_from_slice(&whole.to_le_bytes());
                write_varint(out, u64::from(*index));
                write_varint(out, u64::from(*count));
                out.extend_from_slice(bytes);
            }
            Self::Live(bytes) | Self::Application { bytes, .. } => out.extend_from_slice(bytes),
            Self::Unknown(_) => {}
        }
    }

    /// A message from its bytes. It holds no more memory than they justify.
    ///
    /// # Errors
    /// [`DecodeError::Damaged`] when the checksum does not fit. Anything else is no accident of the way.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = codec::open(bytes, FORMAT, "message format")?;
        let code = number(&mut input, "message code")?;
        let message = match code {
            1 => Self::Status {
                answer: input.bool()?,
                status: Box::new(Status::decode(rest(&mut input)?)?),
            },
            2 => Self::Changes(changes(&mut input)?),
            3 => Self::Snapshot(Snapshot::decode(rest(&mut input)?)?),
            4 => Self::Ack {
                durable: input.bool()?,
                version: Version::decode_from(&mut input)?,
            },
            5 => Self::Want {
                request: input.varint()?,
                leaving: ids(&mut input)?,
            },
            6 => Self::Submit(submission(&mut input)?),
            7 => Self::Reject(Rejection::decode(&mut input)?),
            8 => Self::Offer(Box::new(Offer::decode(&mut input)?)),
            9 => Self::Question(Question::decode(&mut input)?),
            10 => Self::Answer(Answer::decode(&mut input)?),
            11 => Self::Live(rest(&mut input)?.to_vec()),
            12 => part(&mut input)?,
            13 => Self::Rescue {
                request: input.varint()?,
                status: Box::new(Status::decode(input.bytes()?)?),
                snapshot: Snapshot::decode(rest(&mut input)?)?,
            },
            Code::APPLICATION.. => Self::Application {
                code,
                bytes: rest(&mut input)?.to_vec(),
            },
            unknown => {
                rest(&mut input)?;
                Self::Unknown(unknown)
            }
        };
        input.end()?;
        Ok(message)
    }
}

impl Rejection {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.replica.get().to_le_bytes());
        write_varint(out, self.last.bits());
        write_varint(out, self.held.bits());
        write_varint(out, u64::from(self.reason));
    }

    fn decode(input: &mut Dec<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            replica: input.replica_id()?,
            last: Hlc::from_bits(input.varint()?),
            held: Hlc::from_bits(input.varint()?),
            reason: number(input, "reason")?,
        })
    }
}

fn number(input: &mut Dec<'_>, what: &'static str) -> Result<u32, DecodeError> {
    u32::try_from(input.varint()?).map_err(|_| DecodeError::Range(what))
}

fn rest<'a>(input: &mut Dec<'a>) -> Result<&'a [u8], DecodeError> {
    input.take(input.rest().len())
}

fn changes(input: &mut Dec<'_>) -> Result<Vec<Change>, DecodeError> {
    let count = input.count()?;
    (0..count).map(|_| Change::decode(input.bytes()?)).collect()
}

/// Ids, strictly ascending.
fn ids(input: &mut Dec<'_>) -> Result<Vec<ReplicaId>, DecodeError> {
    let mut ids: Vec<ReplicaId> = Vec::new();
    for _ in 0..input.count()? {
        let id = input.replica_id()?;
        if ids.last().is_some_and(|last| *last >= id) {
            return Err(DecodeError::NotCanonical("ids"));
        }
        ids.push(id);
    }
    Ok(ids)
}

fn submission(input: &mut Dec<'_>) -> Result<Vec<(Change, Version)>, DecodeError> {
    let one = |input: &mut Dec<'_>| {
        let change = Change::decode(input.bytes()?)?;
        Ok((change, Version::decode(input.bytes()?)?))
    };
    (0..input.count()?).map(|_| one(input)).collect()
}

fn part(input: &mut Dec<'_>) -> Result<Message, DecodeError> {
    let whole = u64::from_le_bytes(input.array()?);
    let index = number(input, "part")?;
    let count = number(input, "parts")?;
    if index >= count || count < 2 {
        return Err(DecodeError::Range("part"));
    }
    let bytes = rest(input)?.to_vec();
    Ok(Message::Part {
        whole,
        index,
        count,
        bytes,
    })
}
