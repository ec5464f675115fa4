import { invalidArgument } from './errors.js';

/** Names to what is under them; `true` is a leaf or everything. `*` is every name. */
export interface FieldTree {
  [name: string]: FieldTree | true;
}

const NAME = /[\w*$@-]+/y;

/**
 * Reads a partial-response selector: `a,b/c,d(e,f/g)`.
 * @throws GmailRefusal 400 for a selector that cannot be read.
 */
export function parseFields(selector: string): FieldTree {
  let at = 0;
  const invalid = () => invalidArgument(`Invalid field selection ${selector.slice(at) || selector}`);

  const list = (): FieldTree => {
    const tree: FieldTree = {};
    for (;;) {
      entry(tree);
      if (selector[at] !== ',') return tree;
      at += 1;
    }
  };

  const entry = (tree: FieldTree): void => {
    NAME.lastIndex = at;
    const name = NAME.exec(selector)?.[0];
    if (name === undefined) throw invalid();
    at += name.length;
    const before = tree[name];
    if (selector[at] === '/') {
      at += 1;
      const under = before === undefined || before === true ? {} : before;
      entry(under);
      tree[name] = before === true ? true : under;
    } else if (selector[at] === '(') {
      at += 1;
      const under = list();
      if (selector[at] !== ')') throw invalid();
      at += 1;
      tree[name] = before === true ? true : { ...before, ...under };
    } else {
      tree[name] = true;
    }
  };

  const tree = list();
  if (at < selector.length) throw invalid();
  return tree;
}

/** @throws GmailRefusal 400 for a name that the answer cannot have. */
export function checkFields(selected: FieldTree, known: FieldTree): void {
  for (const [name, under] of Object.entries(selected)) {
    if (name === '*') continue;
    const knownUnder = known[name] ?? known['*'];
    if (knownUnder === undefined) throw invalidArgument(`Invalid field selection ${name}`);
    if (under === true) continue;
    if (knownUnder === true) throw invalidArgument(`Invalid field selection ${Object.keys(under)[0]}`);
    checkFields(under, knownUnder);
  }
}

/** What is left of the value; a list keeps its length. */
export function selectFields(value: unknown, tree: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((item) => selectFields(item, tree));
  if (value === null || typeof value !== 'object') return value;
  const kept: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const under = tree[name] ?? tree['*'];
    if (under === undefined) continue;
    kept[name] = under === true ? inner : selectFields(inner, under);
  }
  return kept;
}
