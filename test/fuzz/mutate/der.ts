import type { Random } from '../random.js';
import { mutateBytes } from './bytes.js';

/** An element of DER, as far as its own lengths say where it ends. */
interface Node {
  tag: number;
  /** Of a constructed element, or of a string that holds DER again. */
  children: Node[] | undefined;
  content: Buffer;
  /** The unused bits of a BIT STRING around `children`. */
  prefix: Buffer;
}

/** Changes one element, or moves some, and mends all lengths around it: damage that reaches the readers inside. */
export function mutateDer(bytes: Buffer, random: Random, other: Uint8Array): Buffer {
  const roots = read(bytes, 0);
  const all = roots === undefined ? [] : flat(roots);
  const strange = flat(read(Buffer.from(other), 0) ?? []);
  if (roots === undefined || all.length === 0) return mutateBytes(bytes, random, other);
  const node = random.pick(all);
  switch (random.below(7)) {
    case 0:
      node.tag = random.pick([
        node.tag ^ 0x20,
        random.pick(all).tag,
        random.below(256),
        0x30,
        0x04,
        0x80,
        0xa0,
      ]);
      break;
    case 1:
      [node.children, node.content] = [undefined, mutateBytes(contentOf(node), random, other)];
      break;
    case 2:
      Object.assign(node, structuredCopy(random.pick(strange.length > 0 ? strange : all)));
      break;
    case 3:
      remove(roots, node);
      break;
    case 4:
      insert(roots, node, structuredCopy(random.pick(all)));
      break;
    case 5:
      [node.children, node.content] = [undefined, Buffer.from(random.pick(numbers), 'hex')];
      break;
    default:
      Object.assign(node, { tag: random.pick([0x30, 0x31, 0xa0, 0x24]), children: [structuredCopy(node)] });
  }
  return Buffer.concat(roots.map(write));
}

/** What counts, lengths and versions can be. */
const numbers = [
  '',
  '00',
  '01',
  '80',
  'ff',
  '7fffffff',
  '00ffffffff',
  '0100000000000000',
  `01${'00'.repeat(40)}`,
];

function read(bytes: Buffer, depth: number): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = header(bytes, at);
    if (head === undefined || depth > 40 || head.end > bytes.length) return undefined;
    const { tag, start, end } = head;
    const content = bytes.subarray(start, end);
    nodes.push({ tag, content, ...inside(tag, content, depth) });
    at = end;
  }
  return nodes;
}

function inside(tag: number, content: Buffer, depth: number): Pick<Node, 'children' | 'prefix'> {
  const skip = tag === 3 ? 1 : 0;
  const nested = (tag & 0x20) !== 0 || ((tag === 4 || tag === 3) && (content[skip] ?? 0) === 0x30);
  const children = nested ? read(content.subarray(skip), depth + 1) : undefined;
  return { children, prefix: content.subarray(0, children === undefined ? 0 : skip) };
}

function header(bytes: Buffer, at: number): { tag: number; start: number; end: number } | undefined {
  const [tag, first] = bytes.subarray(at, at + 2);
  if (tag === undefined || first === undefined || first === 0x80 || first > 0x84) return undefined;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (at + 2 + count > bytes.length) return undefined;
  return { tag, start: at + 2 + count, end: at + 2 + count + bytes.readUIntBE(at + 2, count) };
}

function contentOf({ children, content, prefix }: Node): Buffer {
  return children === undefined ? content : Buffer.concat([prefix, ...children.map(write)]);
}

function write(node: Node): Buffer {
  const content = contentOf(node);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(node.tag & 0xff, length), content]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(node.tag & 0xff, 0x80 | octets.length), octets, content]);
}

function flat(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...flat(node.children ?? [])]);
}

function structuredCopy(node: Node): Node {
  return { ...node, children: node.children?.map(structuredCopy) };
}

function remove(nodes: Node[], node: Node): boolean {
  const at = nodes.indexOf(node);
  if (at >= 0) nodes.splice(at, 1);
  return at >= 0 || nodes.some(({ children }) => children !== undefined && remove(children, node));
}

function insert(nodes: Node[], beside: Node, node: Node): boolean {
  const at = nodes.indexOf(beside);
  if (at >= 0) nodes.splice(at, 0, node);
  return at >= 0 || nodes.some(({ children }) => children !== undefined && insert(children, beside, node));
}
