import { DESTINATIONS } from '../../lib/cni/vpc-cni-configuration';
import { vpcCniProblems, vpcCniShape } from '../../lib/cni/vpc-cni-rules';

describe('form', () => {
  test('every setting has one', () => {
    const wrong = Object.fromEntries(Object.keys(DESTINATIONS).map((setting) => [setting, Symbol('nothing')]));
    expect(vpcCniShape(wrong, 'cni')).toHaveLength(Object.keys(DESTINATIONS).length);
  });

  test.each<[unknown, string[]]>([
    [
      { warmIpTargets: 1 },
      ['`cni.warmIpTargets` is not a property that exists here, got 1; did you mean `warmIpTarget`?'],
    ],
    [{ warmEniTarget: -1 }, ['`cni.warmEniTarget` must be a whole number of 0 or more, got -1']],
    [{ warmIpTarget: 1.5 }, ['`cni.warmIpTarget` must be a whole number of 0 or more, got 1.5']],
    [{ maxEni: 0 }, ['`cni.maxEni` must be a whole number of 1 or more, got 0']],
    [{ maxEni: 1 }, []],
    [{ ipCooldownSeconds: -1 }, ['`cni.ipCooldownSeconds` must be a whole number of 0 or more, got -1']],
    [{ ipCooldownSeconds: 0 }, []],
    [
      { livenessProbeTimeoutSeconds: 0 },
      ['`cni.livenessProbeTimeoutSeconds` must be a whole number of 1 or more, got 0'],
    ],
    [{ prefixDelegation: 'true' }, ['`cni.prefixDelegation` must be true or false, got "true"']],
    [
      { logLevel: 'debug' },
      ['`cni.logLevel` must be one of DEBUG, INFO, WARN, ERROR, FATAL, got "debug"; did you mean `DEBUG`?'],
    ],
    [{ randomizeSnat: 'random' }, ['`cni.randomizeSnat` must be one of prng, hashrandom, none, got "random"']],
    [{ networkPolicy: 'strict' }, ['`cni.networkPolicy` must be true, false or an object, got "strict"']],
    [
      { networkPolicy: { enforcingMode: 'deny' } },
      ['`cni.networkPolicy.enforcingMode` must be one of standard, strict, got "deny"'],
    ],
    [{ podSecurityGroups: true }, ['`cni.podSecurityGroups` must be an object, got true; write `{}`']],
    [{ podSecurityGroups: false }, ['`cni.podSecurityGroups` must be an object, got false; take it out']],
    [
      { customNetworking: true },
      ["`cni.customNetworking` must be an object, got true; write `{ cidrs: ['100.64.0.0/16'] }`"],
    ],
    [{ customNetworking: {} }, ['`cni.customNetworking.cidrs` must be given, got nothing']],
    [{ additionalEniTags: { team: 1 } }, ['`cni.additionalEniTags.team` must be a text, got 1']],
    [{ additionalEniTags: { team: '' } }, []],
    [{ resources: { requests: { cpu: 1 } } }, ['`cni.resources.requests.cpu` must be a text, got 1; put it in quotes']],
    [
      { tolerations: [{ effect: 'NO_SCHEDULE' }] },
      [
        '`cni.tolerations[0].effect` must be one of NoSchedule, PreferNoSchedule, NoExecute, got "NO_SCHEDULE"; did you mean `NoSchedule`?',
      ],
    ],
  ])('%j', (settings, lines) => {
    expect(vpcCniShape(settings, 'cni')).toEqual(lines);
  });
});

test('without a holder the properties are a construct’s own', () => {
  expect(vpcCniProblems({ warmPrefixTarget: 1 })).toEqual([
    '`warmPrefixTarget` has no effect without `prefixDelegation: true`, got 1',
  ]);
});
