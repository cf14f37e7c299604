/** A planted secret, and all the spellings in which it must not be found. */
export interface Canary {
  readonly name: string
  readonly value: string
  readonly needles: readonly Buffer[]
}

/** How every unencrypted private key begins: no secret, and in the sandbox's own host keys too. */
const keyHeader = 'b3BlbnNzaC1rZXktdjE'

/** Makes a canary of a value; of one with several lines each long line counts by itself. */
export function canary(name: string, value: string): Canary {
  const parts = value.includes('\n')
    ? value
        .split('\n')
        .filter(
          (line) => line.length >= 20 && !line.startsWith('-----') && !line.startsWith(keyHeader),
        )
    : [value]
  return {
    name,
    value,
    needles: [...new Set(parts.flatMap(spellings))].map((text) => Buffer.from(text, 'latin1')),
  }
}

/** As bytes in latin-1: plain, JSON, URL, hex, UTF-16, reversed, and base64 at each of its three offsets. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text)
  const latin1 = (value: string): string => Buffer.from(value).toString('latin1')
  return [
    latin1(text),
    latin1(JSON.stringify(text).slice(1, -1)),
    latin1(encodeURIComponent(text)),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    Buffer.from(text, 'utf16le').toString('latin1'),
    latin1([...text].toReversed().join('')),
    ...[0, 1, 2].map((offset) => base64Core(bytes, offset)),
  ]
}

/** What base64 of any text shows that holds these bytes at this offset: less the edges, which mix. */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = offset === 0 ? 0 : 4
  const whole = Math.floor((offset + bytes.length) / 3) * 4
  return encoded.slice(first, whole)
}

/** Names of the canaries that these bytes hold. */
export function findIn(bytes: Buffer, canaries: readonly Canary[]): readonly string[] {
  return canaries
    .filter(({ needles }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ name }) => name)
}
