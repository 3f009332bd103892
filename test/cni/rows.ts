import { vpcCniProblems, vpcCniShape } from '../../lib/cni/vpc-cni-rules';
import type { VpcCniContext, VpcCniSettings } from '../../lib/cni/vpc-cni-settings';

/** What is written, what the cluster is like, and the whole of what is said. */
export type Row = readonly [VpcCniSettings, VpcCniContext, readonly string[]];

export const ipv6: VpcCniContext = { ipFamily: 'ipv6' };

/** One test for each row. What the rules are about has the right form. */
export function testRows(rows: readonly Row[]): void {
  test.each(rows)('%j on %j', (settings, context, lines) => {
    expect(vpcCniProblems(settings, 'cni', context)).toEqual(lines);
    expect(vpcCniShape(settings, 'cni')).toEqual([]);
  });
}
