import { LIKE_ASCII, lowerCase } from './pattern/required-text';

/** Leaping pays from texts of so many characters on. */
const SKIP_FROM = 3;

/** Characters below are looked up in a table; others, of which there are few to look for, in a map. */
const TABLE = 128;

/**
 * Finds many texts in one pass over another, however many there are: Aho-Corasick, with leaps where none has begun. Upper and lower case of ASCII are
 * the same to it, so where case matters, what it finds is a candidate.
 */
export class LiteralFinder {
  /** The texts, in lower case and each once; a find is told by its index. */
  readonly texts: readonly string[];
  private readonly letters = new Uint16Array(TABLE);
  private readonly rare = new Map<number, number>();
  /** Rows of the nodes: the row to go to for each letter; where texts end there, its complement, which is negative. */
  private readonly rows: Int32Array;
  /** For each row, by its place among all, the texts that end there. */
  private readonly ends: readonly (readonly number[])[];
  private readonly width: number;
  /** Characters of the shortest text. */
  private readonly shortest: number;
  /** For each two letters, how far the next text can begin at least from where they stand as the last of `shortest`. */
  private readonly shifts: Uint8Array;
  private readonly seen: Int32Array;
  private round = 0;

  constructor(texts: Iterable<string>) {
    this.texts = [...new Set(Array.from(texts, lowerCase))].filter((text) => text !== '');
    const letters = new Map([...new Set(this.texts.flatMap((text) => text.split('')))].map((each, i) => [each, i + 1]));
    for (const [letter, number] of letters) {
      // beyond ASCII a letter is only itself: its cases may be others, and more of them
      if (letter.charCodeAt(0) >= TABLE) this.rare.set(letter.charCodeAt(0), number);
      else for (const each of [letter, letter.toUpperCase()]) this.letters[each.charCodeAt(0)] = number;
    }
    for (const [like, ascii] of Object.entries(LIKE_ASCII)) {
      if (letters.has(ascii)) this.rare.set(like.charCodeAt(0), letters.get(ascii) as number);
    }
    this.width = letters.size + 1;
    const spelled = this.texts.map((text) => text.split('').map((letter) => letters.get(letter) as number));
    const nodes = linkedNodes(spelled, this.width);
    this.ends = nodes.map(({ ends }) => ends);
    this.rows = Int32Array.from(
      nodes.flatMap(({ to }) =>
        to.map((node) => (this.ends[node]?.length === 0 ? node * this.width : ~(node * this.width))),
      ),
    );
    this.shortest = Math.min(255, ...this.texts.map(({ length }) => length));
    this.shifts = shiftsOf(spelled, this.width, this.shortest);
    this.seen = new Int32Array(this.texts.length);
  }

  /** Writes the index of each text that occurs into `into`, each once; returns how many there are. */
  find(text: string, into: Int32Array): number {
    const { letters, rare, rows } = this;
    if (this.texts.length === 0) return 0;
    if (++this.round === 0x7fffffff) {
      this.seen.fill(0);
      this.round = 1;
    }
    const { length } = text;
    const { width, shifts, shortest } = this;
    const skips = shortest >= SKIP_FROM;
    let count = 0;
    let row = 0;
    for (let i = 0; i < length; i++) {
      if (row === 0 && skips) {
        // nothing has begun: look at where the shortest text would end, and leap over where none can begin
        for (let last = i + shortest - 1; ;) {
          if (last >= length) return count;
          const shift = shifts[this.letterOf(text, last - 1) * width + this.letterOf(text, last)] as number;
          if (shift === 0) {
            i = last - shortest + 1;
            break;
          }
          last += shift;
        }
      }
      const code = text.charCodeAt(i);
      row = rows[row + (code < TABLE ? (letters[code] as number) : (rare.get(code) ?? 0))] as number;
      if (row < 0) {
        row = ~row;
        count = this.note(row / width, into, count);
      }
    }
    return count;
  }

  private letterOf(text: string, at: number): number {
    const code = text.charCodeAt(at);
    return code < TABLE ? (this.letters[code] as number) : (this.rare.get(code) ?? 0);
  }

  private note(node: number, into: Int32Array, count: number): number {
    let noted = count;
    for (const index of this.ends[node] as readonly number[]) {
      if (this.seen[index] === this.round) continue;
      this.seen[index] = this.round;
      into[noted++] = index;
    }
    return noted;
  }
}

/** Wu and Manber's table: what the end of a window says about where a text can begin. */
function shiftsOf(texts: readonly (readonly number[])[], width: number, shortest: number): Uint8Array {
  const shifts = new Uint8Array(width * width).fill(Math.max(1, shortest - 1));
  for (const text of texts) {
    for (let end = 1; end < shortest; end++) {
      const two = (text[end - 1] as number) * width + (text[end] as number);
      shifts[two] = Math.min(shifts[two] as number, shortest - 1 - end);
    }
  }
  return shifts;
}

interface FinderNode {
  /** The node to go to for each letter. */
  readonly to: number[];
  /** Texts that end here, those that end inside longer ones too. */
  ends: number[];
}

/** The tree of all texts, where a letter that leads no further leads to where the longest ending of what was read is. */
function linkedNodes(texts: readonly (readonly number[])[], letters: number): readonly FinderNode[] {
  const empty = (): FinderNode => ({ to: new Array<number>(letters).fill(0), ends: [] });
  const nodes = [empty()];
  const at = (node: number): FinderNode => nodes[node] as FinderNode;
  texts.forEach((text, index) => {
    let node = 0;
    for (const letter of text) {
      const to = at(node).to[letter] as number;
      node = to === 0 ? ((at(node).to[letter] = nodes.length), nodes.push(empty()) - 1) : to;
    }
    at(node).ends.push(index);
  });
  const queue = at(0).to.filter((child) => child !== 0);
  const fallback = new Array<number>(nodes.length).fill(0);
  for (const node of queue) {
    const other = at(fallback[node] as number);
    at(node).ends = [...at(node).ends, ...other.ends];
    at(node).to.forEach((child, letter) => {
      if (child === 0) at(node).to[letter] = other.to[letter] as number;
      else {
        fallback[child] = other.to[letter] as number;
        queue.push(child);
      }
    });
  }
  return nodes;
}
