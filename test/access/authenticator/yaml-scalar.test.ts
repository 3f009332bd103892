import { plainType, taggedType } from '../../../lib/access/authenticator/yaml-scalar';

// checked against a run of the authenticator's own reader

test.each([
  ...[
    'dev',
    'Yes!',
    'nO',
    'yES',
    'oN',
    'tRUE',
    'nil',
    'NuLL',
    '<<',
    'é',
    'e5',
    '+',
    '-',
    '.',
    '..',
    '-a',
    '.a',
    '1.2.3',
  ],
  ...['12:30', '12:30:45', '2001-12-14', '2001-12-14T21:59:43Z', '10.0.0.1', '0x', '0xg', '0b2', '0o8', '1e999', '_1'],
  ...['0x12345678901234567', '.inF', '+.nan', '1,000', '5 ', '111122223333x', '._5'],
])('%j is text', (text) => {
  expect(plainType(text)).toBe('string');
});

test.each([
  ['null', ['', '~', 'null', 'Null', 'NULL']],
  ['boolean', ['y', 'Y', 'yes', 'on', 'On', 'true', 'TRUE', 'n', 'N', 'no', 'NO', 'off', 'OFF', 'false', 'False']],
  ['integer', ['0', '-1', '+1', '012', '0o17', '0b11', '-0b11', '0x1F', '0XfF', '1_000', '1__0', '5_', '111122223333']],
  ['float', ['1.5', '-.5', '.5', '1.', '1e3', '1E-3', '089', '012345678912', '12345678901234567890123', '1_0.5']],
  ['not finite', ['.nan', '.NaN', '.inf', '-.INF', '+.Inf']],
])('%s', (type, texts) => {
  expect(texts.map((text) => [text, plainType(text)])).toEqual(texts.map((text) => [text, type]));
});

test.each([
  ['5', 'tag:yaml.org,2002:str', 'string'],
  ['5', '!', 'string'],
  ['5', '!mine', 'string'],
  ['5', 'tag:yaml.org,2002:int', 'integer'],
  ['5', 'tag:yaml.org,2002:float', 'integer'],
  ['5', 'tag:yaml.org,2002:bool', undefined],
  ['x', 'tag:yaml.org,2002:int', undefined],
  ['', 'tag:yaml.org,2002:null', 'null'],
  ['x', 'tag:yaml.org,2002:null', undefined],
])('%j with tag %s is %s', (text, tag, type) => {
  expect(taggedType(text, tag)).toBe(type);
});
