import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Budget, BudgetState } from '../../../preload/contract/budget.ts'
import type { SpendMonth, SpendRow } from '../../../preload/contract/spend.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'
import { queryOf, viewOf, type SpendView } from './spend-view.ts'

type Api = Engine['api']
export type SpendGroups = Awaited<ReturnType<Api['ledger']['groups']>>
export type MonthTotals = Awaited<ReturnType<Api['ledger']['months']>>['months'][number]

/** The rows that were read so far, by their place in the list. */
export interface SpendTable {
  readonly total: number
  readonly totalMicros: number
  readonly rows: ReadonlyMap<number, SpendRow>
}

export interface SpendState {
  readonly view: SpendView
  /** All null until the engine has answered for the first time. */
  readonly month: SpendMonth | null
  readonly months: readonly MonthTotals[] | null
  readonly groups: SpendGroups | null
  readonly budgets: readonly BudgetState[] | null
  readonly table: SpendTable | null
  /** Why the last reading failed; what is shown is older. */
  readonly problem: SubletError | null
  readonly loading: boolean
}

export interface SpendFile {
  readonly fileName: string
  readonly mediaType: string
  readonly parts: readonly string[]
}

/** The Spend page's state and what it can do. */
export interface SpendStore {
  readonly state: StoreApi<SpendState>
  /** Shows another view; reads what it lacks. */
  show(view: SpendView): Promise<void>
  /** Reads everything again that is in sight. */
  refresh(): Promise<void>
  /** Reads the rows from `first` to `last` (both included) that are not there yet. */
  need(first: number, last: number): Promise<void>
  setBudget(budget: Omit<Budget, 'id'>): Promise<void>
  removeBudget(id: string): Promise<void>
  /** What the table shows, or all time; as a file. Real or practice money, as is shown. */
  exportFile(format: 'csv' | 'json', what: 'shown' | 'all'): Promise<SpendFile>
}

const pageRows = 100

export function createSpendStore({ api }: Pick<Engine, 'api'>): SpendStore {
  const state = createStore<SpendState>(() => ({
    view: viewOf({}),
    month: null,
    months: null,
    groups: null,
    budgets: null,
    table: null,
    problem: null,
    loading: false,
  }))
  // Answers to an older question are dropped.
  let asked = 0
  let seen = { first: 0, last: pageRows - 1 }
  const pagesAsked = new Set<number>()

  const readMonth = async (view: SpendView): Promise<SpendMonth> => {
    const month = view.month === null ? {} : { month: view.month }
    const found = await api.ledger.month({ ...month, simulated: view.money === 'practice' })
    const onlyPractice = found.totalMicros === 0 && found.otherMicros !== 0
    if (view.money !== null || !onlyPractice) return found
    return await api.ledger.month({ ...month, simulated: true })
  }

  const readPages = async (view: SpendView, month: SpendMonth): Promise<SpendTable> => {
    const query = queryOf(view.pick, month, month.simulated)
    const firstPage = Math.floor(seen.first / pageRows)
    const lastPage = Math.floor(seen.last / pageRows)
    const pages = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index)
    const answers = await Promise.all(
      pages.map((page) =>
        api.ledger.entries({ ...query, offset: page * pageRows, count: pageRows }),
      ),
    )
    const rows = answers.flatMap((answer, index) =>
      answer.rows.map((row, at) => [(firstPage + index) * pageRows + at, row] as const),
    )
    return {
      total: answers[0]?.total ?? 0,
      totalMicros: answers[0]?.totalMicros ?? 0,
      rows: new Map(rows),
    }
  }

  const load = async (): Promise<void> => {
    asked += 1
    const mine = asked
    const { view } = state.getState()
    state.setState({ loading: true })
    try {
      const [month, { months }, { states }] = await Promise.all([
        readMonth(view),
        api.ledger.months({}),
        api.budgets.list({}),
      ])
      const [groups, table] = await Promise.all([
        api.ledger.groups({ month: month.month, simulated: month.simulated, by: view.by }),
        readPages(view, month),
      ])
      if (mine !== asked) return
      pagesAsked.clear()
      state.setState({ month, months, budgets: states, groups, table, problem: null })
    } catch (thrown) {
      if (mine === asked) state.setState({ problem: toSubletError(thrown) })
    } finally {
      if (mine === asked) state.setState({ loading: false })
    }
  }

  const loadPage = async (page: number): Promise<void> => {
    const { view, month } = state.getState()
    if (month === null || pagesAsked.has(page)) return
    pagesAsked.add(page)
    const mine = asked
    const offset = page * pageRows
    try {
      const query = queryOf(view.pick, month, month.simulated)
      const answer = await api.ledger.entries({ ...query, offset, count: pageRows })
      const { table } = state.getState()
      if (mine !== asked || table === null) return
      const rows = new Map(table.rows)
      for (const [at, row] of answer.rows.entries()) rows.set(offset + at, row)
      state.setState({ table: { total: answer.total, totalMicros: answer.totalMicros, rows } })
    } catch (thrown) {
      if (mine === asked) state.setState({ problem: toSubletError(thrown) })
    } finally {
      pagesAsked.delete(page)
    }
  }

  return {
    state,
    refresh: load,
    show: async (view) => {
      seen = { first: 0, last: pageRows - 1 }
      state.setState({ view })
      await load()
    },
    need: async (first, last) => {
      seen = { first, last: Math.max(first, last) }
      const rows = state.getState().table?.rows ?? new Map<number, SpendRow>()
      const total = state.getState().table?.total ?? 0
      const missing = new Set<number>()
      for (let at = first; at <= Math.min(last, total - 1); at += 1) {
        if (!rows.has(at)) missing.add(Math.floor(at / pageRows))
      }
      await Promise.all([...missing].map(loadPage))
    },
    setBudget: async (budget) => {
      await api.budgets.set(budget)
      await load()
    },
    removeBudget: async (id) => {
      await api.budgets.remove({ id })
      await load()
    },
    exportFile: async (format, what) => {
      const { view, month } = state.getState()
      const simulated = month?.simulated ?? false
      const query =
        month === null || what === 'all' ? { simulated } : queryOf(view.pick, month, simulated)
      const stream = await api.ledger.export({ ...query, format })
      const parts: string[] = []
      for await (const { text } of stream.events) parts.push(text)
      return { ...stream.snapshot, parts }
    },
  }
}
