import { InvalidArgumentError } from 'commander'

/** A whole number of at least `least`, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `give a whole number of at least ${least}.`
          : `give a whole number from ${least} to ${most}.`,
      )
    }
    return value
  }
}

/** A positive number such as `16` or `0.5`, for commander. */
export function positiveNumber(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value > 0)) throw new InvalidArgumentError('give a number above 0.')
  return value
}

/** Collects a flag that may be repeated. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** Collects repeated `K=V` pairs; the value may hold further `=` and may be empty. */
export function pairs(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const cut = text.indexOf('=')
  if (cut < 1) throw new InvalidArgumentError('write it as NAME=VALUE.')
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) }
}
