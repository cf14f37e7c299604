import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine, decimalUsd, originalText } from '../../../main/ledger/csv.ts'
import { parseUsd } from '../../../main/domain/usd.ts'
import { parseCsv } from '../../support/parse-csv.ts'

describe('a line of CSV', () => {
  it('quotes what RFC 4180 wants quoted', () => {
    expect(csvLine(['a', 1, null, 'b,c', 'd"e', 'f\ng'])).toBe('a,1,,"b,c","d""e","f\ng"\r\n')
  })

  it('lets no spreadsheet run a text as a formula', () => {
    expect(csvLine(['=1+1', '+x', '-x', '@x', '\tx'])).toBe("'=1+1,'+x,'-x,'@x,'\tx\r\n")
    expect(csvLine(['-0.500000', '-12'])).toBe('-0.500000,-12\r\n')
    expect(csvLine(['=a,"b"'])).toBe(`"'=a,""b"""\r\n`)
  })

  it('comes back as it was, whatever the texts', () => {
    const start = fc.constantFrom('', '=', "'=", "''+", "'", '@', '\n')
    const text = fc.tuple(start, fc.string({ unit: 'grapheme' })).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
        const [read = []] = parseCsv(csvLine(cells))
        expect(read.map(originalText)).toEqual(cells)
      }),
    )
  })
})

describe('decimal dollars', () => {
  it('are exact', () => {
    expect([0, 1, -1, 1_000_000, 12_345_678].map(decimalUsd)).toEqual([
      '0.000000',
      '0.000001',
      '-0.000001',
      '1.000000',
      '12.345678',
    ])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (micros) => {
        expect(parseUsd(decimalUsd(micros), 'it')).toBe(micros)
      }),
    )
  })
})
