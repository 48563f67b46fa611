//! The values of one group of a frame, as bits: numbers of entities as gaps, values as offsets from the least of each column.
//!
//! A column is one part of one field over all entities of the group. Rotations and raw bytes have no columns.

use std::sync::Arc;

use super::bits::{BitReader, BitWriter};
use super::form::{Cell, Form, most_of};
use super::frame::{Group, MAX_CELLS, MAX_RAW};
use crate::DecodeError;
use crate::codec::{Dec, write_bytes, write_varint, write_zigzag};

/// Where a column starts and how many bits an offset takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Column {
    base: i64,
    width: u32,
}

/// Bits that hold every offset up to this one.
fn width_of(offset: u64) -> u32 {
    u64::BITS - offset.leading_zeros()
}

/// The parameter of the Rice code that suits gaps from the first number to the last.
fn rice(first: u32, last: u32, count: usize) -> u32 {
    let gaps = (count as u32).saturating_sub(1).max(1);
    ((last - first).saturating_sub(gaps) / gaps).max(1).ilog2()
}

/// Appends a group's numbers and values. Numbers ascend.
pub(super) fn encode(group: &Group, out: &mut Vec<u8>) {
    let (Some(first), Some(last)) = (group.numbers.first(), group.numbers.last()) else {
        return write_varint(out, 0);
    };
    write_varint(out, group.numbers.len() as u64);
    write_varint(out, u64::from(*first));
    write_varint(out, u64::from(last - first));
    let columns = columns_of(group);
    for column in &columns {
        write_zigzag(out, i128::from(column.base));
        out.push(column.width as u8);
    }
    let mut packed = Vec::with_capacity(group.cells.len() * 8 + 16);
    let mut bits = BitWriter::new(&mut packed);
    let k = rice(*first, *last, group.numbers.len());
    let (mut before, mut cells) = (None, group.cells.iter());
    for number in &group.numbers {
        if let Some(before) = before {
            let gap = u64::from(number - before) - 1;
            bits.unary(gap >> k);
            bits.put(gap, k);
        }
        before = Some(*number);
        let mut columns = columns.iter();
        for ((_, form), cell) in group.fields.iter().zip(&mut cells) {
            put(&mut bits, *form, cell, &mut columns, &group.raws);
        }
    }
    bits.finish();
    write_bytes(out, &packed);
}

fn columns_of(group: &Group) -> Vec<Column> {
    let parts = group.fields.iter().map(|(_, form)| form.parts());
    let mut ends = vec![(i64::MAX, i64::MIN); parts.clone().sum()];
    for entity in group.cells.chunks_exact(group.fields.len().max(1)) {
        let mut rest = ends.as_mut_slice();
        for (cell, parts) in entity.iter().zip(parts.clone()) {
            let (of_field, others) = rest.split_at_mut(parts);
            for ((least, most), part) in of_field.iter_mut().zip(cell) {
                *least = (*least).min(*part);
                *most = (*most).max(*part);
            }
            rest = others;
        }
    }
    let column = |(least, most): (i64, i64)| Column {
        base: least,
        width: width_of(most.abs_diff(least)),
    };
    ends.into_iter().map(column).collect()
}

fn put<'c>(
    bits: &mut BitWriter<'_>,
    form: Form,
    cell: &Cell,
    columns: &mut impl Iterator<Item = &'c Column>,
    raws: &[Arc<[u8]>],
) {
    match form {
        Form::Raw => {
            let bytes: &[u8] = usize::try_from(cell[0])
                .ok()
                .and_then(|index| raws.get(index))
                .map_or(&[], |bytes| bytes);
            bits.put(bytes.len() as u64, 11);
            bytes.iter().for_each(|byte| bits.put(u64::from(*byte), 8));
        }
        Form::Rotation(width) => {
            let (most, width) = (i64::from(most_of(width)), u32::from(width));
            // At most 62 bits, so it is one number.
            let [largest, parts @ ..] = cell;
            let parts = parts.iter().rev();
            let word = parts.fold(0, |word, part| word << width | (part + most) as u64);
            bits.put(word << 2 | *largest as u64, 2 + 3 * width);
        }
        Form::Scalar(_) | Form::Vector(_) => {
            for (part, column) in cell[..form.parts()].iter().zip(columns) {
                bits.put(part.abs_diff(column.base), column.width);
            }
        }
    }
}

/// Reads numbers and values into a group that has its fields. Values may take no bits at all, so `held` counts them.
pub(super) fn decode(
    group: &mut Group,
    held: &mut usize,
    input: &mut Dec<'_>,
) -> Result<(), DecodeError> {
    let small = |number: u64| u32::try_from(number).map_err(|_| DecodeError::Range("number"));
    let count = small(input.varint()?)?;
    if count == 0 {
        return Err(DecodeError::NotCanonical("a group of nothing"));
    }
    let first = small(input.varint()?)?;
    let span = small(input.varint()?)?;
    let last = first
        .checked_add(span)
        .ok_or(DecodeError::Range("number"))?;
    if (count == 1) != (span == 0) || span < count - 1 {
        return Err(DecodeError::NotCanonical("numbers of a group"));
    }
    let mut columns = Vec::new();
    for (_, form) in &group.fields {
        for _ in 0..form.parts() {
            columns.push(column(input)?);
        }
    }
    let packed = input.bytes()?;
    // Each entity but the first takes a bit at least, and each of a field's columns its width.
    if count as usize > packed.len() * 8 + 1 {
        return Err(DecodeError::Truncated);
    }
    *held = (count as usize)
        .saturating_mul(group.fields.len())
        .saturating_add(*held);
    if *held > MAX_CELLS {
        return Err(DecodeError::Range("values in a live frame"));
    }
    group.numbers.reserve(count as usize);
    group.cells.reserve(count as usize * group.fields.len());
    let mut bits = BitReader::new(packed);
    let mut tight = vec![(false, 0u64); columns.len()];
    let k = rice(first, last, count as usize);
    let mut number = first;
    for index in 0..count {
        if index > 0 {
            let gap = (bits.unary(u64::from(span) >> k)? << k) | bits.get(k)?;
            let next = u64::from(number) + gap + 1;
            number = small(next)?;
        }
        group.numbers.push(number);
        entry(group, &columns, &mut tight, &mut bits)?;
    }
    bits.finish()?;
    let widths = columns.iter().zip(&tight);
    let is_tight =
        |(column, (zero, all)): (&Column, &(bool, u64))| *zero && width_of(*all) == column.width;
    match number == last && widths.into_iter().all(is_tight) {
        true => Ok(()),
        false => Err(DecodeError::NotCanonical("columns of a group")),
    }
}

fn column(input: &mut Dec<'_>) -> Result<Column, DecodeError> {
    let base = i64::try_from(input.zigzag()?).map_err(|_| DecodeError::Range("base"))?;
    let width = u32::from(input.u8()?);
    if width > 52 || base.unsigned_abs() > 1 << 50 {
        return Err(DecodeError::Range("column"));
    }
    Ok(Column { base, width })
}

/// One entity's values. Of each column it is kept whether an offset was zero, and which bits were used.
fn entry(
    group: &mut Group,
    columns: &[Column],
    tight: &mut [(bool, u64)],
    bits: &mut BitReader<'_>,
) -> Result<(), DecodeError> {
    let mut columns = columns.iter().zip(tight);
    for (_, form) in &group.fields {
        let mut cell = [0; 4];
        match *form {
            Form::Raw => {
                let len = bits.get(11)? as usize;
                if len > MAX_RAW {
                    return Err(DecodeError::Range("length of a live value"));
                }
                let bytes: Result<Vec<u8>, DecodeError> = (0..len)
                    .map(|_| bits.get(8).map(|byte| byte as u8))
                    .collect();
                cell[0] = group.raws.len() as i64;
                group.raws.push(bytes?.into());
            }
            Form::Rotation(width) => {
                let (most, width) = (i64::from(most_of(width)), u32::from(width));
                let mut word = bits.get(2 + 3 * width)?;
                cell[0] = (word & 3) as i64;
                word >>= 2;
                for part in &mut cell[1..] {
                    *part = (word & ((1 << width) - 1)) as i64 - most;
                    word >>= width;
                    if *part > most {
                        return Err(DecodeError::Range("part of a rotation"));
                    }
                }
            }
            Form::Scalar(_) | Form::Vector(_) => {
                for (part, (column, (zero, all))) in
                    cell[..form.parts()].iter_mut().zip(&mut columns)
                {
                    let offset = bits.get(column.width)?;
                    *zero |= offset == 0;
                    *all |= offset;
                    *part = column.base + offset as i64;
                }
            }
        }
        if !form.admits(&cell) {
            return Err(DecodeError::Range("live value"));
        }
        group.cells.push(cell);
    }
    Ok(())
}
