import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownClasses } from '../faults/known-classes.ts'

const root = resolve(import.meta.dirname, '..', '..')
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8')

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      ([, to]) => to ?? '',
    )
    const broken = links.filter((to) => !existsSync(resolve(root, dirname(page), to)))
    expect(broken).toEqual([])
  })

  it('names files that exist', () => {
    // With a folder before it and an ending: what stands for something else has a placeholder.
    const named = [
      ...text.matchAll(
        /`((?:main|tests|renderer|preload|sandbox-cloud|bin|examples)\/[\w./-]+\.\w+)`/g,
      ),
    ]
    const gone = named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(root, path)))
    expect(gone).toEqual([])
  })
})

it('docs/SECURITY.md has the promise of every fault class', async () => {
  const security = readFileSync(join(root, 'docs', 'SECURITY.md'), 'utf8')
  const missing = (await knownClasses()).filter(({ name }) => !security.includes(name))
  expect(missing.map(({ name }) => name)).toEqual([])
})
