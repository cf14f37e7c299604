import { parseDurationMs } from '../../../main/domain/duration.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import { parseUsd } from '../../../main/domain/usd.ts'

/** No single GPU has more. */
const mostVramGiB = 512

/** `6 h`, `90 min`, `1h30m` as a job file writes it. Fails with `invalid`, naming `what`. */
export function readDuration(text: string, what: string): string {
  const plain = text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(hours?|hrs?)/g, 'h')
    .replace(/min(utes?|s)?/g, 'm')
    .replace(/sec(onds?|s)?/g, 's')
    .replace(/days?/g, 'd')
  try {
    parseDurationMs(plain, what)
  } catch {
    // The parser would name its own spelling; the user's own is easier to find.
    throw new SubletError(
      'invalid',
      `${what} "${text.trim()}" is no duration: write 90 s, 30 min, 6 h or 2 d.`,
    )
  }
  return plain
}

/** `$5`, `5.00`, `5 USD` as a job file writes it. Fails with `invalid`, naming `what`. */
export function readMoney(text: string, what: string): string {
  const plain = text
    .trim()
    .replace(/(usd|\$|\/h)/gi, '')
    .replace(/[\s,](?=\d{3}(\D|$))/g, '')
    .trim()
  try {
    parseUsd(plain, what)
  } catch {
    // As above: in the user's own spelling.
    throw new SubletError(
      'invalid',
      `${what} "${text.trim()}" is no amount in US dollars: write $5 or 0.40.`,
    )
  }
  return plain
}

/** `24`, `24 GB` or `≥ 24 GiB` as GiB; null when it is not a size. */
export function readSize(text: string): number | null {
  const match = /^(?:≥|>=)?\s*(\d+(?:\.\d+)?)\s*(?:gi?b?)?\+?$/i.exec(text.trim())
  const size = Number(match?.[1])
  return match === null || size <= 0 ? null : size
}

/** A whole number in a range. Fails with `invalid`, naming `what`. */
export function readWhole(text: string, what: string, least: number, most: number): number {
  const value = Number(text.trim())
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new SubletError(
    'invalid',
    `${what} "${text.trim()}" is no whole number from ${least} to ${most}.`,
  )
}

export interface GpuWish {
  readonly gpu?: string
  readonly minVram?: number
  readonly none: boolean
}

/** `H100`, `≥ 24 GB`, `A100 ≥ 80 GB`, `none`; nothing where the field is empty. */
export function readGpu(text: string): GpuWish {
  const plain = text.trim()
  if (plain === '') return { none: false }
  if (/^(none|no gpu|cpu|0)$/i.test(plain)) return { none: true }
  const alone = readSize(plain)
  // "4090" is a card, "24" is a memory size.
  const isModel = /^\d+$/.test(plain) && Number(plain) > mostVramGiB
  if (alone !== null && !isModel) return { minVram: alone, none: false }
  const both = /^(.*?)[\s,]*(?:≥|>=)\s*(\S.*)$/.exec(plain)
  const size = both?.[2] === undefined ? null : readSize(both[2])
  if (both?.[1] !== undefined && both[1] !== '' && size !== null) {
    return { gpu: both[1], minVram: size, none: false }
  }
  return { gpu: plain, none: false }
}

/** How `readGpu` would read it again. */
export function gpuText(
  gpu: string | undefined,
  minVram: number | undefined,
  gpus: number | undefined,
): string {
  if (gpu === undefined && minVram === undefined) return gpus === 0 ? 'none' : ''
  return [gpu, minVram === undefined ? undefined : `≥ ${minVram} GB`]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** Non-empty lines, without blanks around them. */
export function readLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
