/** How one case of the suite went with one provider. */
export interface Outcome {
  readonly provider: string
  readonly name: string
  readonly state: 'passed' | 'skipped' | 'failed'
  /** Why it was skipped. */
  readonly reason: string | null
}

const marks = { passed: 'ok', failed: 'FAILED' } as const

/**
 * Cases by providers, as Markdown that can be read in a terminal. A number in brackets is a case
 * that was skipped; the reasons stand below, each once.
 */
export function matrixOf(outcomes: readonly Outcome[]): string {
  const providers = distinct(outcomes.map(({ provider }) => provider))
  const cases = distinct(outcomes.map(({ name }) => name))
  const reasons = distinct(
    outcomes.flatMap((one) => (one.state === 'skipped' ? [reasonOf(one)] : [])),
  )
  const cell = (provider: string, name: string): string => {
    const all = outcomes.filter((one) => one.provider === provider && one.name === name)
    const [first] = all
    if (first === undefined) return ''
    const worst = all.find(({ state }) => state === 'failed') ?? first
    return worst.state === 'skipped'
      ? `[${reasons.indexOf(reasonOf(worst)) + 1}]`
      : marks[worst.state]
  }
  const rows = cases.map((name) => [name, ...providers.map((provider) => cell(provider, name))])
  const count = (provider: string, state: Outcome['state']): number =>
    outcomes.filter((one) => one.provider === provider && one.state === state).length
  const sums = (['passed', 'skipped', 'failed'] as const).map((state) => [
    state,
    ...providers.map((provider) => String(count(provider, state))),
  ])
  return [
    ...table(['case', ...providers], [...rows, ...sums]),
    '',
    ...reasons.map((reason, index) => `[${index + 1}] ${reason}`),
  ].join('\n')
}

function reasonOf({ reason }: Outcome): string {
  return reason ?? 'Skipped without a reason.'
}

function distinct(all: readonly string[]): readonly string[] {
  return [...new Set(all)]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [
    line(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(line),
  ]
}
