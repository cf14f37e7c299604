import type { Random } from './random.ts'

const strings = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '\0',
  'a\0b',
  '../../evil',
  `${'../'.repeat(60)}dev/null/evil`,
  '/dev/null/evil',
  '\\\\server\\share',
  'C:\\evil',
  '~',
  '$(evil)',
  '`evil`',
  "'; drop table events; --",
  '%s%n%x',
  '\u001b]0;evil\u0007\u001b[2J',
  '\u202eevil',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u0000\u0001\u0002',
  'e\u0301'.repeat(50),
  '😀'.repeat(40),
  '-1',
  '1e999',
  'NaN',
  '=1+1',
  '<img src=x onerror=alert(1)>',
  '{"a":1}',
  'job-00000000000000000000000000',
  'sublet-00000000000000000000000000',
  'a,b\r\nc',
]

const numbers = [
  0,
  -0,
  -1,
  1,
  0.1,
  1e-320,
  255,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  2 ** 53 + 2,
  1e21,
  1.797e308,
  -1e308,
]

/** Never with something behind: the file that would be asked for could really be made there. */
const roots = ['/', '../'.repeat(60)] as const

export function nastyString(random: Random): string {
  if (random.chance(0.02)) return random.pick(roots)
  const text = random.pick(strings)
  if (random.chance(0.01)) return 'x'.repeat(200_000)
  return random.chance(0.2) ? `${text}${random.pick(strings)}` : text
}

/** JSON that nobody asked for. */
export function nasty(random: Random): unknown {
  switch (random.below(9)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
      return random.pick(numbers)
    case 3:
    case 4:
      return nastyString(random)
    case 5:
      return Array.from({ length: random.below(6) }, () => nasty(random))
    case 6:
      return nested(random.chance(0.05) ? 3_000 : 20)
    case 7:
      return random.chance(0.02) ? Array.from({ length: 50_000 }, () => 0) : []
    default:
      return JSON.parse(
        `{${Array.from({ length: random.below(4) }, () => `${JSON.stringify(nastyString(random))}:${random.pick(['0', '{}', '[]', 'null', '"x"'])}`).join(',')}}`,
      )
  }
}

function nested(depth: number): unknown {
  return JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
}
