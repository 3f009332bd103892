import fc from 'fast-check';
import { nodeAddresses, nodeAddressStates, type NodeAddressesInput } from '../../lib/cni/node-addresses';
import { nodeInterfaces } from '../../lib/cni/node-interfaces';
import { instanceFacts, INSTANCE_TYPES } from '../../lib/compute/instance-types';

const target = (max: number): fc.Arbitrary<number | undefined> =>
  fc.oneof(fc.constant(undefined), fc.integer({ min: -1, max }));
const inputs: fc.Arbitrary<NodeAddressesInput> = fc.record({
  instanceType: fc.constantFrom(...INSTANCE_TYPES),
  pods: fc.integer({ min: 0, max: 260 }),
  prefixDelegation: fc.boolean(),
  customNetworking: fc.boolean(),
  podSecurityGroups: fc.boolean(),
  warmEniTarget: target(4),
  warmIpTarget: target(70),
  minimumIpTarget: target(120),
  warmPrefixTarget: target(4),
  maxEni: target(8),
  maxPods: fc.option(fc.integer({ min: 4, max: 260 }), { nil: undefined }),
});

/** What bounds and drives a node, told independently of the simulation. */
function bounds(input: NodeAddressesInput) {
  const { interfaces, slotsPerInterface, addressesPerSlot } = nodeInterfaces(input);
  const trunk = input.podSecurityGroups === true && instanceFacts(input.instanceType)?.trunk !== false;
  const usable = Math.max(1, interfaces - (trunk ? 1 : 0));
  const most = (usable - (input.customNetworking === true ? 1 : 0)) * slotsPerInterface;
  const ips = Math.max(0, input.warmIpTarget ?? 0);
  const minimum = Math.max(0, input.minimumIpTarget ?? 0);
  const or = (given: number | undefined, otherwise: number): number =>
    given !== undefined && given >= 0 ? given : otherwise;
  const prefixes = input.warmPrefixTarget === undefined ? 1 : or(input.warmPrefixTarget, 0);
  return {
    usable,
    perInterface: slotsPerInterface,
    most,
    size: addressesPerSlot,
    ips,
    minimum,
    byAddress: ips > 0 || minimum > 0,
    unit: addressesPerSlot === 16 ? 16 : slotsPerInterface,
    target: addressesPerSlot === 16 ? prefixes : or(input.warmEniTarget, 1),
    stop: input.maxPods ?? Infinity,
  };
}

test('a pod more never means an address less', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const states = nodeAddressStates(input);
      const less = states.filter((state, pods) => {
        const before = states[pods - 1] ?? state;
        return (['enis', 'slots', 'addresses', 'unplaced'] as const).some((count) => state[count] < before[count]);
      });
      expect(less).toEqual([]);
    }),
  );
});

test('no more interfaces and slots than the type has, and every address in one subnet', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { enis, slots, addresses, nodeSubnet, podSubnet } = nodeAddresses(input);
      const { usable, most, size } = bounds(input);
      expect(enis).toBeLessThanOrEqual(usable);
      expect(slots).toBeLessThanOrEqual(most);
      expect(addresses).toBe(enis + slots * size);
      expect(nodeSubnet + podSubnet).toBe(addresses);
      expect(nodeSubnet).toBe(input.customNetworking === true ? 1 : addresses);
    }),
  );
});

test('every pod has an address as long as there is one to be had, and no more pods than addresses', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { slots, unplaced } = nodeAddresses(input);
      const { most, size, ips, minimum, byAddress, stop } = bounds(input);
      const onlyMinimum = byAddress && ips === 0;
      const sure = Math.min(most * size, stop, onlyMinimum ? minimum : Infinity);
      if (input.pods <= sure) expect(unplaced).toBe(0);
      expect(input.pods - unplaced).toBe(Math.min(input.pods, slots * size));
    }),
  );
});

test('the warm target is met unless a limit stops it, and never by so much that ipamd would give something back', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { enis, slots, unplaced } = nodeAddresses(input);
      const { perInterface, most, size, ips, minimum, byAddress, unit, target, stop } = bounds(input);
      const placed = input.pods - unplaced;
      const total = slots * size;
      const limited = slots === most || total >= stop;
      if (byAddress) {
        const wanted = Math.max(placed + ips, minimum);
        if (!limited) expect(total).toBeGreaterThanOrEqual(wanted);
        expect(total).toBeLessThanOrEqual(Math.ceil(wanted / size) * size);
      } else {
        if (!limited) expect(total - placed).toBeGreaterThanOrEqual(Math.max(1, target * unit));
        expect(total - placed).toBeLessThan(target === 0 ? unit + 1 : (target + 1) * unit);
      }
      const primary = input.customNetworking === true ? 1 : 0;
      expect(enis).toBe(Math.max(1, primary + Math.ceil(slots / perInterface)));
    }),
  );
});

test('the states of fewer pods are the first states of more, and the last is the result', () => {
  fc.assert(
    fc.property(inputs, fc.nat({ max: 40 }), (input, more) => {
      const states = nodeAddressStates(input);
      expect(nodeAddressStates({ ...input, pods: input.pods + more }).slice(0, input.pods + 1)).toEqual(states);
      expect(nodeAddresses(input)).toEqual(states.at(-1));
    }),
  );
});
