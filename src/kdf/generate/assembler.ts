/**
 * The little of WebAssembly's binary format that the key derivation needs (WebAssembly Core Specification 2.0,
 * chapter 5): instructions as byte sequences, and a module of one exported function and one exported memory.
 */

/** Instructions in binary form. */
export type Code = readonly number[];

/** Section 5.3.1: what a local holds. */
export const valueType = { i32: 0x7f, v128: 0x7b } as const;
export type ValueType = (typeof valueType)[keyof typeof valueType];

/** Section 5.2.2: LEB128, unsigned. */
export function unsigned(value: number): Code {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

/** Section 5.2.2: LEB128, signed, of an i32. */
export function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const signBit = (low & 0x40) !== 0;
  return (rest === 0 && !signBit) || (rest === -1 && signBit) ? [low] : [low | 0x80, ...signed(rest)];
}

/** Section 5.4.8: a vector instruction. */
export const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

export const i32Const = (value: number): Code => [0x41, ...signed(value | 0)];
export const localGet = (index: number): Code => [0x20, ...unsigned(index)];
export const localSet = (index: number): Code => [0x21, ...unsigned(index)];
const localTee = (index: number): Code => [0x22, ...unsigned(index)];

/** Section 5.4.6: an access at a constant address; `align` is the exponent of 2. */
export const memoryArgument = (align: number, address: number): Code => [align, ...unsigned(address)];

/** Runs `body` as often as the i32 local `counter` says (at least once), counting it down to 0. */
export function countDown(counter: number, body: Code): Code {
  const loop = 0x03;
  const noResult = 0x40;
  const subtract = 0x6b;
  const branchIf = [0x0d, 0];
  const decrement = [...localGet(counter), ...i32Const(1), subtract, ...localTee(counter)];
  return [loop, noResult, ...body, ...decrement, ...branchIf, end];
}

const end = 0x0b;

/** A function with one i32 parameter (local 0) and no result; its own locals, from 1, are all of one type. */
export interface FunctionBody {
  readonly localType: ValueType;
  readonly localCount: number;
  readonly code: Code;
}

/** A module that exports the function as `run` and one page of memory as `memory`. */
export function moduleOf(body: FunctionBody): Uint8Array {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const functionType = [0x60, ...list([[valueType.i32]]), ...list([])];
  const onePage = [0x00, 1];
  const locals = list([[...unsigned(body.localCount), body.localType]]);
  return Uint8Array.from([
    ...header,
    ...section(1, list([functionType])),
    ...section(3, list([[0]])),
    ...section(5, list([onePage])),
    ...section(7, list([exported('run', 0x00), exported('memory', 0x02)])),
    ...section(10, list([sized([...locals, ...body.code, end])])),
  ]);
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (content: Code): Code => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const exported = (name: string, kind: number): Code => [...sized([...Buffer.from(name)]), kind, 0];
