import type { Command } from 'commander'
import {
  budgetActionSchema,
  budgetPeriodSchema,
  type BudgetPeriod,
  type BudgetScope,
  type BudgetState,
} from '../../../preload/contract/budget.ts'
import { budgetId, budgetName } from '../../domain/budget-states.ts'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros, formatTime } from '../../domain/format.ts'
import { parseUsd } from '../../domain/usd.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { inertLine } from '../format/inert.ts'
import { tableLines } from '../format/table.ts'

interface ScopeOptions {
  readonly project?: string
  readonly provider?: string
}

const columns = [
  { title: 'PERIOD', value: ({ budget }: BudgetState) => `a ${budget.period}` },
  { title: 'FOR', value: ({ budget }: BudgetState) => inertLine(scopeWords(budget.scope)) },
  {
    title: 'BUDGET',
    value: ({ budget }: BudgetState) => formatMicros(budget.micros),
    right: true,
  },
  {
    title: 'SPENT',
    value: ({ spentMicros }: BudgetState) => formatMicros(spentMicros),
    right: true,
  },
  {
    title: 'MAY STILL BE SPENT BY WHAT RUNS',
    value: ({ committedMicros }: BudgetState) =>
      committedMicros === 0 ? '' : formatMicros(committedMicros),
    right: true,
  },
  { title: 'LEFT', value: ({ leftMicros }: BudgetState) => formatMicros(leftMicros), right: true },
  { title: 'STATE', value: ({ level }: BudgetState) => levels[level] },
  { title: 'WHEN USED UP', value: ({ budget }: BudgetState) => actionWords[budget.action] },
  { title: 'UNTIL', value: ({ to }: BudgetState) => formatTime(to) },
] as const

const levels = { ok: 'fine', near: '80 % or more', over: 'used up' } as const
const actionWords = { stop: 'stops jobs', warn: 'warns' } as const

/** `sublet budgets`. */
export function addBudgets(program: Command, context: CliContext): void {
  const budgets = program
    .command('budgets')
    .description('what may be spent in a day or a month; jobs are stopped in time for it')
    .addHelpText(
      'after',
      `
Examples:
  sublet budgets                                    what is spent and left of each
  sublet budgets set day 20                         stops jobs before a day costs more than $20
  sublet budgets set month 500 --action warn        only says so
  sublet budgets set month 80 --project vision
  sublet budgets set day 1 --provider sandbox       practice money, to try it out
  sublet budgets remove day`,
    )
  budgets
    .command('list', { isDefault: true })
    .description('every budget with what is spent and left of it')
    .option('--json', 'a JSON array')
    .action(async (options: { json?: boolean }) => {
      const { states } = await (await context.engine.api()).budgets.list({})
      if (options.json === true) sayJson(context, states)
      else if (states.length === 0) {
        say(context, 'No budgets: "sublet budgets set day 20" makes one of $20 a day.')
      } else for (const line of tableLines(states, columns)) say(context, line)
    })
  withScope(budgets.command('set'))
    .description('make a budget, or change it')
    .argument('<period>', 'day or month')
    .argument('<usd>', 'amount in USD')
    .option(
      '--action <action>',
      'stop: end jobs in time, refuse launches; warn: only say so',
      'stop',
    )
    .action(async (period: string, amount: string, options: ScopeOptions & { action: string }) => {
      const wanted = {
        scope: scopeOf(options),
        period: periodOf(period),
        action: actionOf(options.action),
        micros: parseUsd(amount, 'The budget'),
      }
      const { budget } = await (await context.engine.api()).budgets.set(wanted)
      const does =
        budget.action === 'stop'
          ? 'Jobs are stopped in time for it, with their results brought home'
          : 'It warns and stops nothing'
      say(
        context,
        `${inertLine(capital(budgetName(budget)))} is ${formatMicros(budget.micros)}. ${does}.`,
      )
    })
  withScope(budgets.command('remove'))
    .description('remove a budget')
    .argument('<period>', 'day or month')
    .action(async (period: string, options: ScopeOptions) => {
      const api = await context.engine.api()
      const named = { scope: scopeOf(options), period: periodOf(period) }
      const id = budgetId(named.scope, named.period)
      const { states } = await api.budgets.list({})
      if (states.every(({ budget }) => budget.id !== id)) {
        throw new SubletError(
          'not-found',
          `There is no such budget (${inertLine(budgetName(named))}): "sublet budgets" lists them.`,
        )
      }
      await api.budgets.remove({ id })
      say(context, `${inertLine(capital(budgetName(named)))} is removed.`)
    })
}

function withScope(command: Command): Command {
  return command
    .option('--project <name>', 'only what this project spends')
    .option('--provider <id>', 'only what is spent at this provider')
}

function scopeOf({ project, provider }: ScopeOptions): BudgetScope {
  if (project !== undefined && provider !== undefined) {
    throw new SubletError('invalid', 'A budget is for a project or for a provider, not for both.')
  }
  if (project !== undefined) return { kind: 'project', project: notEmpty(project, 'project') }
  if (provider !== undefined) {
    return { kind: 'provider', providerId: notEmpty(provider, 'provider') }
  }
  return { kind: 'all' }
}

function notEmpty(name: string, what: string): string {
  if (name.trim() !== '') return name.trim()
  throw new SubletError('invalid', `Name the ${what} of the budget.`)
}

function periodOf(word: string): BudgetPeriod {
  const parsed = budgetPeriodSchema.safeParse(word)
  if (parsed.success) return parsed.data
  throw new SubletError(
    'invalid',
    `"${inertLine(word)}" is no period of a budget: write day or month.`,
  )
}

function actionOf(word: string) {
  const parsed = budgetActionSchema.safeParse(word)
  if (parsed.success) return parsed.data
  throw new SubletError('invalid', `"${inertLine(word)}" is no action: write stop or warn.`)
}

function scopeWords(scope: BudgetScope): string {
  switch (scope.kind) {
    case 'all':
      return 'everything'
    case 'project':
      return `project ${scope.project}`
    case 'provider':
      return scope.providerId
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
