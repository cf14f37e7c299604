import { settingDeclarations } from '../../../preload/contract/setting-declarations.ts'
import { settingKeys, type SettingKey } from '../../../preload/contract/setting.ts'

/** What stands on the page and cannot be changed, each found by words of its own. */
export const factRows = {
  keychain: { label: 'Keychain', words: 'secrets keys keyring password session memory' },
  folder: { label: 'Data folder', words: 'home directory path database sublet_home' },
  engine: { label: 'Engine', words: 'process pid started version restart' },
  log: { label: 'Log', words: 'messages errors debug file tail' },
  licence: { label: 'Licence and notices', words: 'license mit third party open source about' },
} as const
export type FactKey = keyof typeof factRows

export interface Found {
  readonly settings: readonly SettingKey[]
  readonly facts: readonly FactKey[]
  /** Whether the section about the bucket for results is meant too. */
  readonly bucket: boolean
}

const bucketWords =
  'bucket for results s3 object storage endpoint server region prefix access key secret upload slow line'

const allFacts = Object.keys(factRows) as FactKey[]

/** Settings and facts of which every typed word is part; all of them when nothing is typed. */
export function searchSettings(query: string): Found {
  const words = wordsOf(query)
  const has = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word))
  return {
    settings: settingKeys.filter((key) => {
      const { label, help, group, words: more, shown } = settingDeclarations[key]
      const options = 'options' in shown ? shown.options.map((one) => one.label).join(' ') : ''
      return has(`${label} ${help} ${group} ${more} ${options} ${key}`)
    }),
    facts: allFacts.filter((key) =>
      has(`${factRows[key].label} ${factRows[key].words} about sublet`),
    ),
    bucket: has(bucketWords),
  }
}

/** A text in pieces, those that the query names marked. */
export function marked(
  text: string,
  query: string,
): readonly { readonly text: string; readonly hit: boolean }[] {
  const words = wordsOf(query)
  if (words.length === 0) return [{ text, hit: false }]
  const pattern = new RegExp(`(${words.map(escaped).join('|')})`, 'gi')
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}

function wordsOf(query: string): string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
