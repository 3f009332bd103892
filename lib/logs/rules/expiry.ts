const DAY = 24 * 60 * 60 * 1000;
const FORM = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/;

/** The first millisecond at which a rule no longer takes part; undefined if the text is no day and no moment. */
export function expiryOf(expires: string): number | undefined {
  const [, day, time] = FORM.exec(expires) ?? [];
  if (day === undefined) return undefined;
  const moment = Date.parse(expires);
  // JavaScript reads the 30th of February as the 2nd of March
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== day) return undefined;
  return time === undefined ? moment + DAY : moment;
}
