import { formatDuration } from '../../domain/format.ts'
import type { Capability, Provider } from '../../providers/provider.ts'

const head = [
  '# Providers',
  '',
  'What each provider can do, as the code says it: `npm run docs:providers` writes this page from the `capabilities` in `main/providers/`, and a test says when it is stale. The app shows the same sentences. What is not proved yet stands in [KNOWN-ISSUES.md](KNOWN-ISSUES.md); how to add a provider in [ADDING-A-PROVIDER.md](ADDING-A-PROVIDER.md).',
  '',
]

/** What a capability is called, and whether a provider has it. */
type Column = readonly [title: string, of: (provider: Provider) => Capability]

const noBooks = 'Its books cannot be asked what a rental has cost; a receipt may say it.'
const noIds = 'Nothing of it is ended by its id alone.'
const columns: readonly Column[] = [
  ['Spot', ({ capabilities }) => capabilities.spot],
  ['Image', ({ capabilities }) => capabilities.image],
  ['Tags', ({ capabilities }) => capabilities.tags],
  ['User data', ({ capabilities }) => capabilities.userData],
  ['Machine ends itself', ({ capabilities }) => capabilities.selfTermination],
  ['Provider ends it', ({ capabilities }) => capabilities.expiry],
  ['Bill can be read', ({ capabilities }) => capabilities.usage ?? noBooks],
  ['Ends any by id', ({ capabilities }) => capabilities.releaseBillable ?? noIds],
]

const hostKeys = {
  injected: 'sent along, then replaced',
  published: 'published',
  'first-use': 'first use',
} as const

const launches = { token: 'by its token', lookup: 'by its name' } as const

/** The page `docs/providers.md`: two tables, and below them every "no" with its reason. */
export function providersPage(providers: readonly Provider[]): string {
  const yesNo = providers.map((provider) => [
    provider.about.name,
    ...columns.map(([, of]) => (of(provider) === true ? 'yes' : 'no')),
  ])
  const facts = providers.map(({ about, capabilities }) => [
    about.name,
    `\`${about.id}\``,
    about.credentialFields.map(({ label }) => label).join(', ') || 'none',
    about.credentialFields
      .map((one) => one.environmentVariable ?? '')
      .filter(Boolean)
      .join(', '),
    hostKeys[capabilities.hostKey],
    launches[capabilities.launchKey],
    formatDuration(capabilities.visibleWithinMs),
  ])
  const titles = ['Id', 'Account fields', 'From the environment', 'Host key']
  const lookups = ['Unknown launch found', 'Listed within']
  return [
    ...head,
    ...table(['Provider', ...columns.map(([title]) => title)], yesNo),
    '',
    ...table(['Provider', ...titles, ...lookups], facts),
    '',
    '## Why not',
    ...providers.flatMap(reasons),
    '',
  ].join('\n')
}

function reasons(provider: Provider): string[] {
  const noes = columns.flatMap(([title, of]) => {
    const why = of(provider)
    return why === true ? [] : [`- **${title}**: ${why}`]
  })
  return noes.length === 0 ? [] : ['', `### ${provider.about.name}`, '', ...noes]
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)]
}
