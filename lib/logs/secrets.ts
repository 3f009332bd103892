type Mask = readonly [pattern: RegExp, instead: string | ((text: string, ...caught: string[]) => string)];

/** Names of what is secret, as they stand before `=`, `:` or `is`. */
const NAME =
  '(?:pass(?:word|wd|phrase|code)|passwd|pwd|[_-]pass|secret|token|api[ _-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|signature)(?:[_-]?(?:access[_-]?key|key|value|hash))?';

/** What stands after such a name and is no secret. */
const HARMLESS =
  /^(?:null|undefined|none|true|false|ok|not|no|too|now|being|been|a|an|the|only|already|about|in|on|of|for|from|your|required|needed|optional|missing|absent|empty|blank|set|unset|unknown|valid|invalid|wrong|incorrect|correct|weak|short|shorter|long|longer|expired|expiring|denied|failed|rejected|accepted|revoked|refreshed|renewed|changed|updated|reset|created|stored|used|hashed|encrypted|protected|hidden|redacted|\*+)\b[.,;:!?)\]}"']*$/i;

const masked = (text: string, before: string, secret: string): string =>
  HARMLESS.test(secret) ? text : `${before}***`;

/** What is cut out of a text before it is shown, in this order. */
const MASKS: readonly Mask[] = [
  // PEM, also where it is cut off, and with line breaks that are escaped
  [/-----BEGIN [A-Z0-9 ]{1,40}-----[^]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, '***'],
  // a secret of AWS has no form of its own, but mostly stands behind the id that has one
  [
    /((?:AKIA|ASIA)[A-Z0-9]{16}[^A-Za-z0-9/+]{1,10}(?:[A-Za-z_]{1,30}[^A-Za-z0-9/+]{1,6})?)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/g,
    '$1***',
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '***'],
  // JSON Web Tokens, also encrypted ones
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, '***'],
  // GitHub, GitLab, Slack, Google, Stripe, npm
  [
    /\b(?:gh[opsru]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|[rs]k_(?:live|test)_\w{8,}|npm_[A-Za-z0-9]{20,})/g,
    '***',
  ],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{1,256}@/gi, '$1***@'],
  // a plain word after it is about the way to sign in
  [/\b([Bb]earer|BEARER|[Bb]asic|BASIC)\s+(?![A-Za-z][a-z]+(?![\w.~+/=-]))[\w.~+/=-]{8,}/g, '$1 ***'],
  // in quotes, which may be escaped as in JSON in JSON
  [new RegExp(`(${NAME}["'\\\\]{0,4}\\s{0,2}(?:=>|[:=])\\s{0,2}")((?:[^"\\\\]|\\\\.){1,512})`, 'gi'), masked],
  [new RegExp(`(${NAME}["'\\\\]{0,4}\\s{0,2}(?:=>|[:=])\\s{0,2}(?:\\\\{1,3}"|'))([^"'\\\\]{1,512})`, 'gi'), masked],
  [new RegExp(`(${NAME}["'\\\\]{0,4}\\s{0,2}(?:=>|[:=])\\s{0,2})([^\\s"'\\\\,;&}]{3,})`, 'gi'), masked],
  [new RegExp(`(\\b${NAME}\\s{1,3}(?:is|was)\\s{1,3}["'\`]?)([^\\s"'\`]{3,})`, 'gi'), masked],
  [/[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}/g, '***@***'],
  [/(?<![\w.])[2-6]\d{0,6}(?:[ -]?\d){10,20}(?!\w)/g, withoutCards],
];

/** How much of a text is looked at and shown. */
const SHOWN = 2_000;

/** A text without what looks like a token, a key, a password, an address or a card number. */
export function withoutSecrets(text: string): string {
  // of a word that is cut off nobody could tell what it is
  const whole = text.length > SHOWN ? text.slice(0, SHOWN).replace(/[\w+/=.~-]{1,200}$/, '…') : text;
  return MASKS.reduce((shown, [pattern, instead]) => shown.replace(pattern, instead as string), whole);
}

/** Digits in groups without those groups that are the number of a card. */
function withoutCards(text: string): string {
  const groups = text.split(/([ -])/);
  for (let from = 0; from < groups.length; from += 2) {
    for (let to = groups.length; to > from; to -= 2) {
      const digits = groups
        .slice(from, to)
        .filter((_, index) => index % 2 === 0)
        .join('');
      if (digits.length >= 13 && digits.length <= 19 && isCard(digits)) {
        groups.splice(from, to - from, '***');
        break;
      }
    }
  }
  return groups.join('');
}

/** The check of Luhn, which the number of a card passes and one in ten of others. */
function isCard(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((so, digit, index) => {
      const twice = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return so + (twice > 9 ? twice - 9 : twice);
    }, 0);
  return /^[2-6]/.test(digits) && sum % 10 === 0;
}
