import fc from 'fast-check';
import { envelopes } from '../../../lib/logs/filter/envelope';

// also halves of surrogates
const anyText = fc.array(fc.nat({ max: 0xffff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes));
const anyBytes = fc.option(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  { nil: undefined },
);

test('an envelope is one line of JSON that holds it all', () => {
  fc.assert(
    fc.property(anyText, fc.string(), anyBytes, (text, error, bytes) => {
      const made = envelopes(text, error, bytes);
      expect(made).toHaveLength(1);
      expect(made[0]).not.toContain('\n');
      const base64 = bytes === undefined ? {} : { base64: bytes.toString('base64') };
      expect(JSON.parse(made[0] ?? '')).toEqual({ raw: text, error, ...base64 });
    }),
  );
});

describe('a line too long for one envelope', () => {
  interface Envelope {
    readonly raw: string;
    readonly error: string;
    readonly base64: string;
  }
  const partsOf = (raw: string, bytes?: Buffer): Envelope[] =>
    envelopes(raw, 'it is not a JSON object', bytes).map((each) => JSON.parse(each) as Envelope);

  test.each([
    ['of text', 'w'.repeat(899_990), undefined],
    ['of what JSON writes in six characters', '\0'.repeat(800_000), undefined],
    ['of three bytes a character', '\u30ed'.repeat(333_000), undefined],
    ['that is no UTF-8', '\ufffd'.repeat(230_000), Buffer.alloc(230_000, 0xff)],
    ['that is very long', 'z'.repeat(20_000_000), undefined],
  ])('%s goes into several', (_, raw, bytes) => {
    const parts = partsOf(raw, bytes);
    const all = Buffer.concat(parts.map(({ base64 }) => Buffer.from(base64, 'base64')));
    expect(all.equals(bytes ?? Buffer.from(raw))).toBe(true);
    parts.forEach((part, index) => {
      expect(part.raw).toBe(raw.slice(0, 1_000));
      expect(part.error).toBe(
        `it is not a JSON object; raw is how it begins, base64 part ${index + 1} of ${parts.length} of it`,
      );
      expect(JSON.stringify(part).length).toBeLessThanOrEqual(900_000);
    });
  });

  test('and one that just fits stays readable', () => {
    const raw = 'w'.repeat(899_900);
    expect(partsOf(raw)).toEqual([{ raw, error: 'it is not a JSON object' }]);
  });
});
