import type { z } from 'zod'
import { jobFileSchema } from '../../../preload/contract/job-file.ts'
import { didYouMean } from '../../domain/nearest.ts'

/** One sentence for what is wrong with a value in a job file, naming its key and what would fit. */
export function schemaSentence(issue: z.core.$ZodIssue, whole: unknown): string {
  const key = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? ''
    const known = issue.path.length === 0 ? Object.keys(jobFileSchema.shape) : ['signal']
    const hint = didYouMean(unknown, known)
    return `unknown key "${unknown}"${hint === '' ? `; known are ${known.join(', ')}.` : hint}`
  }
  const given = valueAt(whole, issue.path)
  if (given === undefined) return `${key || 'a value'} is missing; ${expectation(issue, key)}.`
  return `${key} cannot be ${shown(given)}; ${expectation(issue, key)}.`
}

function expectation(issue: z.core.$ZodIssue, key: string): string {
  const top = key.split('.')[0] ?? ''
  if (/^(maxDuration|keepWarm|afterExit|grace)$/.test(top)) {
    return 'write a duration such as 90s, 30m, 2h, 1d or 1h30m'
  }
  if (/^(maxPrice|budget)$/.test(top)) return 'write an amount in USD such as 12 or 0.40'
  if (issue.code === 'invalid_type') return `write ${article(issue.expected)}`
  if (issue.code === 'invalid_value') {
    return `write one of ${issue.values.map(String).join(', ')}`
  }
  if (issue.code === 'too_small') {
    return `write ${issue.origin === 'string' ? 'some text' : `at least ${String(issue.minimum)}`}`
  }
  if (issue.code === 'too_big') {
    const unit = issue.origin === 'string' ? ' characters' : ''
    return `write at most ${String(issue.maximum)}${unit}`
  }
  if (issue.code === 'invalid_union') {
    return /^(data|setup|before|after)$/.test(top)
      ? 'write one line of text or a list of them'
      : 'write text or a number'
  }
  return issue.message.toLowerCase()
}

function article(expected: string): string {
  if (expected === 'array') return 'a list'
  if (expected === 'record' || expected === 'object') return '"key: value" lines below it'
  if (expected === 'string') return 'text (in quotes where YAML would read a number)'
  if (expected === 'int') return 'a whole number'
  if (expected === 'boolean') return 'true or false'
  return `a ${expected}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  let value = whole
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null)?.[key]
  return value
}
