import { expect } from 'vitest'
import type { CliResult } from './cli.ts'

/** Fails unless a command line ended with the code and said why in one plain line, and returns it. */
export function oneSentence(result: CliResult, exitCode: number): string {
  const { stderr } = result
  expect(result, 'exit code').toMatchObject({ exitCode })
  expect(stderr).toMatch(/^sublet: [^\n]+[.?!]\n$/)
  return plain(stderr.slice('sublet: '.length).trim())
}

/** Fails where a sentence for the user holds what is meant for programmers, and returns it. */
export function plain(sentence: string): string {
  expect(sentence).toMatch(/^\S.*[.?!]$/)
  expect(sentence).not.toMatch(/internal|undefined|\[object|\bat \S+:\d+:\d+|^[{]|^\[[{"]|Error:/)
  return sentence
}
