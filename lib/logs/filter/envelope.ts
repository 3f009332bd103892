/** Bytes of an envelope at most: the stream of its own takes 1,000 KiB, and others may stand beside it in an answer. */
const ENVELOPE_AT_MOST = 900_000;
/** Bytes of a line that go into one part. */
const PART = 600_000;
/** Characters of a line that each of its parts shows. */
const SHOWN = 1_000;

/**
 * What is delivered in place of a line that is no record: valid JSON, and nothing of the line is lost. `bytes` are its
 * bytes, if `raw` does not say them all. A line too long for one envelope goes into several that hold a part of it each in
 * base64, which is at most a third longer, where JSON may be six times as long.
 */
export function envelopes(raw: string, error: string, bytes?: Buffer): readonly string[] {
  if (raw.length + (bytes?.length ?? 0) <= ENVELOPE_AT_MOST) {
    const whole = JSON.stringify(
      bytes === undefined ? { raw, error } : { raw, error, base64: bytes.toString('base64') },
    );
    if (whole.length * 3 <= ENVELOPE_AT_MOST || Buffer.byteLength(whole) <= ENVELOPE_AT_MOST) return [whole];
  }
  const all = bytes ?? Buffer.from(raw);
  const count = Math.ceil(all.length / PART);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      raw: raw.slice(0, SHOWN),
      error: `${error}; raw is how it begins, base64 part ${index + 1} of ${count} of it`,
      base64: all.toString('base64', index * PART, (index + 1) * PART),
    }),
  );
}
