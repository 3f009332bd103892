import type { AccessGrant, NodeAccess } from '../access-grant';
import { proposedGrants, proposedNodeRoles, type ProposedAccess } from './grants-for';

/** A text without what would break a line or steer a terminal: it may come out of somebody's YAML. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it is about
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** The grants as JSON. */
export function grantsJson({ proposals }: ProposedAccess): string {
  const nodeRoles = proposedNodeRoles(proposals);
  return `${JSON.stringify({ grants: proposedGrants(proposals), ...(isEmpty(nodeRoles) ? {} : { nodeRoles }) }, null, 2)}\n`;
}

/**
 * The grants as TypeScript, to be taken into the config of a platform or imported there, with what is to be done about
 * each above it.
 *
 * @param source - what the file says it is from
 * @param types - where it imports the types from, such as `../lib/access/access-grant`
 */
export function grantsTypeScript(proposed: ProposedAccess, source: string, types: string): string {
  const { proposals, without } = proposed;
  const nodeRoles = proposals.some(({ write }) => 'nodeRole' in write);
  const names = ['AccessGrants', ...(nodeRoles ? ['NodeAccess'] : [])].join(', ');
  const parts = [
    `import type { ${names} } from ${literal(types)};`,
    `/** For \`access.grants\`: ${printable(source).replaceAll('*/', '* /')}. */`,
    declaration('grants: AccessGrants', proposed, ({ write }) => ('grant' in write ? write.grant : undefined)),
    ...(nodeRoles
      ? [
          '/** For `access.nodeRoles`. */',
          declaration('nodeRoles: Readonly<Record<string, NodeAccess>>', proposed, ({ write }) =>
            'nodeRole' in write ? write.nodeRole : undefined,
          ),
        ]
      : []),
    ...without.map(({ place, why }) => `// nothing for ${place}: ${printable(why)}`),
  ];
  return `${parts.join('\n').replace(/;\n\/[/*]/g, (found) => found.replace('\n', '\n\n'))}\n`;
}

function declaration(
  head: string,
  { proposals }: ProposedAccess,
  pick: (proposal: ProposedAccess['proposals'][number]) => AccessGrant | NodeAccess | undefined,
): string {
  const members = proposals.flatMap((proposal) => {
    const value = pick(proposal);
    if (value === undefined) return [];
    const [first = '', ...others] = [`${proposal.place}`, ...proposal.notes];
    return [
      `  // ${[first, ...others.map(printable)].join('\n  // ')}`,
      `  ${key(proposal.name)}: {`,
      ...Object.entries(value).map(([name, each]) => `    ${name}: ${listOrText(each)},`),
      '  },',
    ];
  });
  return members.length === 0 ? `export const ${head} = {};` : `export const ${head} = {\n${members.join('\n')}\n};`;
}

function listOrText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map((each) => literal(String(each))).join(', ')}]` : literal(String(value));
}

function key(name: string): string {
  return /^[a-z]\w*$/.test(name) ? name : literal(name);
}

/** A text in quotes, in those that need the least escaping. */
function literal(text: string): string {
  const quoted = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return text.includes("'") || quoted.includes('\\') ? quoted : `'${text}'`;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
