/** Texts of a `sublet.yaml` that a stranger could hand over; each must be refused in a sentence. */
export const yamlBombs: Readonly<Record<string, () => string>> = {
  'billion laughs': () => {
    const levels = Array.from({ length: 12 }, (_, n) => {
      const inside = n === 0 ? '"lol"' : `*a${n - 1}`
      return `a${n}: &a${n} [${Array.from({ length: 10 }, () => inside).join(', ')}]`
    })
    return `${levels.join('\n')}\ncommand: x\n`
  },
  'quadratic aliases': () => `a: &a [${'x, '.repeat(20_000)}x]\nb: [${'*a, '.repeat(20_000)}*a]\n`,
  'brackets 200,000 deep': () => '['.repeat(200_000),
  'closed brackets 100,000 deep': () => `args: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
  'maps 100,000 deep': () => `args: ${'{a: '.repeat(100_000)}`,
  'indents 900 deep': () => Array.from({ length: 900 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
  'sequences 10,000 deep': () => '- '.repeat(10_000),
  '80,000 keys': () => Array.from({ length: 80_000 }, (_, n) => `k${n}: 1`).join('\n'),
  '80,000 tags': () =>
    `tags:\n${Array.from({ length: 80_000 }, (_, n) => `  k${n}: 1`).join('\n')}\n`,
  'merge keys': () => 'base: &b {command: x}\n<<: *b\n',
  'merge of itself': () => 'a: &a\n  <<: *a\n',
  'alias of itself': () => '&a [*a]',
  'js function': () => 'command: !!js/function "function () { process.exit() }"\n',
  'js regexp': () => 'command: !!js/regexp /(a+)+$/\n',
  'python object': () => 'command: !!python/object/apply:os.system ["touch evil"]\n',
  binary: () => 'command: !!binary "////"\n',
  'a set': () => 'command: !!set {a, b}\n',
  'twice the same key': () => 'command: a\ncommand: b\n',
  __proto__: () => '__proto__: {command: x}\n',
  constructor: () => 'constructor: {prototype: {x: 1}}\n',
  'two documents': () => 'command: a\n---\ncommand: b\n',
  directive: () => '%YAML 99.9\n---\ncommand: [x\n',
  'tag directive': () => '%TAG ! tag:evil,2000:\n---\ncommand: !x y\nfoo: 1\n',
  'scalar of 1 MB': () => `name: ${'x'.repeat(1_000_000)}\n`,
  'over 1 MiB': () => 'x'.repeat(1_100_000),
  'quote without end': () => `command: "${'\\'.repeat(500_000)}`,
  'control characters': () => 'na\u001b]0;evil\u0007me: x\n',
  'text of another direction': () => 'na\u202eme: x\n',
  'NUL in a command': () => 'command: "a\\0b"\nfoo: 1\n',
  'complex keys': () => `? [${'a, '.repeat(50_000)}b]\n: x\n`,
  'comments only': () => '#'.repeat(900_000),
  anchors: () => `${Array.from({ length: 30_000 }, (_, n) => `k${n}: &a${n} x`).join('\n')}\n`,
  nothing: () => '',
  'a number': () => '1e999',
}
