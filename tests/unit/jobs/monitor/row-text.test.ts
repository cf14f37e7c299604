import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowText } from '../../../../main/jobs/monitor/row-text.ts'

const shown = (text: string): string => rowText(Buffer.from(text)).text

test.each([
  ['plain\n', 'plain'],
  ['windows\r\n', 'windows'],
  [' 10 %\r 50 %\r100 %\n', '100 %'],
  ['100 %\r\n', '100 %'],
  ['99 %\r\r', '99 %'],
  ['1/3\b\b\b2/3', '2/3'],
  ['a\u001b[2Kb\u001b[1Ac', 'abc'],
  ['\u001b]0;title\u0007text', 'text'],
  ['tab\tstays', 'tab\tstays'],
  ['bell\u0007', 'bell\u2407'],
  ['mixed \u202edirection', 'mixed \ufffddirection'],
  ['', ''],
])('%j shows as %j', (source, text) => {
  expect(shown(source)).toBe(text)
})

test('colours are data', () => {
  expect(rowText(Buffer.from('a \u001b[1;31mred\u001b[0m \u001b[92mgreen'))).toEqual({
    text: 'a red green',
    spans: [
      { start: 2, end: 5, colour: 1, bold: true, dim: false },
      { start: 6, end: 11, colour: 10, bold: false, dim: false },
    ],
  })
  expect(rowText(Buffer.from('\u001b[38;5;3mx\u001b[38;2;1;2;3my')).spans).toEqual([
    { start: 0, end: 1, colour: 3, bold: false, dim: false },
  ])
})

test('no bytes leave a control character, and spans lie in the text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const { text, spans } = rowText(Buffer.from(bytes))
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      for (const { start, end } of spans) {
        expect(start).toBeLessThan(end)
        expect(end).toBeLessThanOrEqual(text.length)
      }
    }),
    { numRuns: 500 },
  )
})
