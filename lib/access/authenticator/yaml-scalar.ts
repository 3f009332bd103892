/** What the authenticator's YAML reader takes a scalar for. */
export type ScalarType = 'string' | 'null' | 'boolean' | 'integer' | 'float' | 'not finite';

const WORDS = new Map<string, ScalarType>(
  (
    [
      ['null', ['', '~', 'null', 'Null', 'NULL']],
      ['boolean', ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']],
      ['boolean', ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']],
      ['not finite', ['.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']],
      ['not finite', ['-.inf', '-.Inf', '-.INF']],
    ] as const
  ).flatMap(([type, words]) => words.map((word) => [word, type] as const)),
);

// up to 64 bits; a longer one is text
const INTEGER = /^[-+]?(?:0x0*[\da-f]{1,16}|0b0*[01]{1,64}|0o0*[0-7]{1,21}|0[0-7]{0,21}|[1-9]\d{0,18})$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/**
 * The type of a plain scalar. It is a dialect of YAML 1.1: `yes` is a boolean, but `1:30` and a date are text.
 *
 * @see https://github.com/yaml/go-yaml/blob/v2.4.2/resolve.go
 */
export function plainType(text: string): ScalarType {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return 'string';
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (INTEGER.test(digits)) return 'integer';
  return FLOAT.test(digits) && Number.isFinite(Number(digits)) ? 'float' : 'string';
}

const TAGGED = new Map<string, readonly ScalarType[]>([
  ['tag:yaml.org,2002:null', ['null']],
  ['tag:yaml.org,2002:bool', ['boolean']],
  ['tag:yaml.org,2002:int', ['integer']],
  ['tag:yaml.org,2002:float', ['float', 'integer', 'not finite']],
]);

/** The type of a scalar with an explicit tag; undefined if its text does not fit. */
export function taggedType(text: string, tag: string): ScalarType | undefined {
  const type = plainType(text);
  const allowed = TAGGED.get(tag);
  if (allowed === undefined) return 'string';
  return allowed.includes(type) ? type : undefined;
}
