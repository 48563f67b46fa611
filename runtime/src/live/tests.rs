//! Frames and curves from the inside: golden bytes, hostile bytes, and the laws of interpolation.

mod curves;
mod frames;
