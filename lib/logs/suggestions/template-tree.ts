import { rankOf } from '../rules/level';
import { copied } from '../rules/record-reader';
import { bySize, leastWorth, LineGroup, type LineKind } from './line-group';
import { MEMBER_END } from './said';
import { isWord, joined, likeness, tokensOf } from './template';
import { VARIABLE } from './variables';

/** How large a tree may become, whatever its lines. */
export interface TreeLimits {
  /** Groups in all; when there are more, a quarter is given up. */
  readonly groups: number;
  /** Groups that a text is compared with. */
  readonly leaf: number;
  /** First words that are told apart, of one kind and length. */
  readonly words: number;
  /** Texts whose group is known without comparing. */
  readonly texts: number;
}

/** Enough for a cluster of some hundred workloads. */
export const TREE_LIMITS: TreeLimits = { groups: 2_000, leaf: 32, words: 40, texts: 10_000 };

/** The share of words a text has in common with the template it joins. */
const ALIKE = 0.6;
/** The same where many groups begin alike: what differs in them varies. */
const ALIKE_IN_CROWD = 0.4;

/** Groups of one kind. */
interface Node {
  readonly kind: LineKind;
  /** Those of texts that came before. */
  readonly known: Map<string, LineGroup>;
  /** By the number of tokens, then by the first word. */
  readonly leaves: Map<number, Map<string, LineGroup[]>>;
}

/**
 * Finds the templates of log messages as they come, in one pass and in bounded memory: a tree of fixed depth (kind,
 * number of tokens, first word) leads to few groups, and a text joins the one that is most like it, or begins another.
 * Words of a template that its texts do not share become a part that varies.
 *
 * @see P. He, J. Zhu, Z. Zheng, M. R. Lyu: Drain, An Online Log Parsing Approach with Fixed Depth Tree, ICWS 2017
 */
export class TemplateTree {
  private readonly nodes = new Map<string, Node>();
  /** All groups, and where they are. */
  private readonly groups = new Map<LineGroup, { readonly node: Node; readonly word: string }>();
  private readonly limits: TreeLimits;
  private texts = 0;
  private begun = 0;

  constructor(
    /** Told of each group that is given up. */
    private readonly givenUp: (group: LineGroup) => void,
    { groups = TREE_LIMITS.groups, leaf = TREE_LIMITS.leaf, words = TREE_LIMITS.words, texts = TREE_LIMITS.texts } = {},
  ) {
    this.limits = { groups, leaf, words, texts };
  }

  /** All groups, the largest first. */
  all(): LineGroup[] {
    return [...this.groups.keys()].sort(bySize);
  }

  /** The group of a masked text among those of a kind; `key` is the same for the same kind only. */
  find(key: string, kind: () => LineKind, text: string): LineGroup {
    const known = this.nodes.get(key)?.known.get(text);
    if (known !== undefined && !known.gone) return known;
    if (this.groups.size >= this.limits.groups) this.shrink();
    if (this.texts >= this.limits.texts) this.forget();
    const node = this.nodes.get(key) ?? { kind: kind(), known: new Map(), leaves: new Map() };
    this.nodes.set(key, node);
    const own = copied(text); // a piece of a line would keep the line in memory
    const group = this.placed(node, tokensOf(own, node.kind.said.form === 'fields' ? MEMBER_END : undefined));
    if (!node.known.has(own)) this.texts++;
    node.known.set(own, group);
    return group;
  }

  private placed(node: Node, tokens: string[]): LineGroup {
    const word = this.leafWord(node, tokens);
    const leaf = leafAt(node, tokens.length, word);
    const [best, like] = mostLike(leaf, tokens);
    // members with the same names are one template, however their values differ
    const least = node.kind.said.form === 'fields' ? 0 : leaf.length < this.limits.leaf / 2 ? ALIKE : ALIKE_IN_CROWD;
    if (best !== undefined && like >= least) {
      for (let i = 0; i < tokens.length; i++) best.tokens[i] = joined(best.tokens[i] as string, tokens[i] as string);
      return best;
    }
    if (leaf.length >= this.limits.leaf) leastWorth(leaf, 1).forEach((group) => this.giveUp(group));
    const group = new LineGroup(node.kind, tokens, this.begun++);
    leafAt(node, tokens.length, word).push(group);
    this.groups.set(group, { node, word });
    return group;
  }

  /** The word that leads to the leaf of a text; words there is no room for share one leaf. */
  private leafWord({ leaves, kind }: Node, tokens: readonly string[]): string {
    const first = kind.said.form === 'fields' ? '' : firstWord(tokens);
    const byWord = leaves.get(tokens.length);
    return byWord === undefined || byWord.has(first) || byWord.size < this.limits.words ? first : '';
  }

  /** Makes room in one go for many groups to come. */
  private shrink(): void {
    leastWorth([...this.groups.keys()], Math.ceil(this.limits.groups / 4)).forEach((group) => this.giveUp(group));
    for (const [key, { leaves, known }] of this.nodes) {
      if (leaves.size > 0) continue;
      this.texts -= known.size;
      this.nodes.delete(key);
    }
  }

  private giveUp(group: LineGroup): void {
    const place = this.groups.get(group);
    if (place === undefined) return;
    const { node, word } = place;
    const byWord = node.leaves.get(group.tokens.length);
    const leaf = byWord?.get(word)?.filter((each) => each !== group) ?? [];
    if (leaf.length > 0) byWord?.set(word, leaf);
    else byWord?.delete(word);
    if (byWord?.size === 0) node.leaves.delete(group.tokens.length);
    this.groups.delete(group);
    group.gone = true;
    this.givenUp(group);
    group.examples.length = 0; // texts that led to it may still know it
  }

  private forget(): void {
    for (const { known } of this.nodes.values()) known.clear();
    this.texts = 0;
  }
}

function leafAt({ leaves }: Node, length: number, word: string): LineGroup[] {
  let byWord = leaves.get(length);
  if (byWord === undefined) leaves.set(length, (byWord = new Map()));
  let leaf = byWord.get(word);
  if (leaf === undefined) byWord.set(word, (leaf = []));
  return leaf;
}

function mostLike(leaf: readonly LineGroup[], tokens: readonly string[]): [LineGroup | undefined, number] {
  let best: LineGroup | undefined;
  let most = -1;
  for (const group of leaf) {
    const like = likeness(group.tokens, tokens);
    if (like > most) [best, most] = [group, like];
  }
  return [best, most];
}

/** The first word that does not vary and is no level, of which all of a kind have the same. */
function firstWord(tokens: readonly string[]): string {
  return tokens.find((token) => isWord(token) && token.search(VARIABLE) < 0 && !isLevel(token)) ?? '';
}

function isLevel(token: string): boolean {
  return rankOf(token.replace(/[^A-Za-z]/g, '')) > 0;
}
