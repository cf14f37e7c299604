import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  AccountField,
  AccountSummary,
  HostKey,
  HostSummary,
  KeychainState,
} from '../../../preload/contract/account.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

type Api = Engine['api']
export type ProviderForm = Awaited<ReturnType<Api['accounts']['providers']>>[number]
export type JobSecret = Awaited<ReturnType<Api['secrets']['list']>>[number]
export type Machines = Awaited<ReturnType<Api['instances']['list']>>
export type MachineRow = Machines['billables'][number]
export type HostScan = Awaited<ReturnType<Api['hosts']['scan']>>
export type { AccountField, AccountSummary, HostKey, HostSummary }

/** What the first look at the page needs. */
export interface AccountsData {
  readonly providers: readonly ProviderForm[]
  readonly accounts: readonly AccountSummary[]
  readonly hosts: readonly HostSummary[]
  readonly secrets: readonly JobSecret[]
  readonly keychain: KeychainState
}

export interface AccountsState {
  /** Null until the engine has answered for the first time. */
  readonly data: AccountsData | null
  readonly problem: SubletError | null
  /** Asked of every account, which takes seconds; null until the first answer. */
  readonly machines: Machines | null
  readonly machinesProblem: SubletError | null
  readonly machinesBusy: boolean
  /** Account ids that are being checked now. */
  readonly checking: ReadonlySet<string>
  /** Why the last check of an account could not be made. */
  readonly checkProblems: ReadonlyMap<string, SubletError>
}

export interface HostDraft {
  readonly name: string
  readonly target: string
  readonly keyFile: string | null
  readonly rateMicrosPerHour: number | null
}

/** The Accounts page's state and what it can do. No secret is ever part of the state. */
export interface AccountsStore {
  readonly state: StoreApi<AccountsState>
  /** Reads everything again; accounts that were never checked are checked once. */
  load(): Promise<void>
  /** Asks every account what costs money; `mayBeOld`: only those not asked for a while. */
  loadMachines(how?: { readonly mayBeOld: boolean }): Promise<void>
  /** Checks, then keeps; fails with the provider's sentence. Answers one sentence. */
  add(providerId: string, name: string, values: Readonly<Record<string, string>>): Promise<string>
  /** Asks the provider who we are; its answer or failure is in the state. */
  check(accountId: string): Promise<void>
  replaceKey(accountId: string, values: Readonly<Record<string, string>>): Promise<string>
  rename(accountId: string, name: string): Promise<void>
  remove(accountId: string): Promise<void>
  scanHost(target: string, keyFile: string | null): Promise<HostScan>
  /** Adds a host, or trusts a known one's new keys; looks at the machine first. */
  trustHost(host: HostDraft, trusted: readonly HostKey[]): Promise<string>
  setSecret(name: string, value: string): Promise<void>
  removeSecret(name: string): Promise<void>
  release(machine: MachineRow): Promise<void>
  /** Ends another Sublet's machine; answers what happened. */
  releaseStranger(machine: MachineRow, typedName: string): Promise<string>
}

/** Why an account does not work as far as is known: its check failed, or could not be made. */
export function failureOf(
  { id, lastCheck }: { readonly id: string; readonly lastCheck: AccountSummary['lastCheck'] },
  { checkProblems }: AccountsState,
): { readonly code: string | null; readonly message: string } | null {
  const problem = checkProblems.get(id)
  if (problem !== undefined) return problem
  if (lastCheck === null || lastCheck.ok) return null
  return { code: lastCheck.code ?? null, message: lastCheck.message }
}

/** The host that serves this page puts its own variables in. */
const environment = {}

/** The engine's own rounds are as far apart while something runs; engine time. */
const roundMs = 15 * 60_000

const empty: AccountsState = {
  data: null,
  problem: null,
  machines: null,
  machinesProblem: null,
  machinesBusy: false,
  checking: new Set(),
  checkProblems: new Map(),
}

export function createAccountsStore({ api }: Pick<Engine, 'api'>): AccountsStore {
  const state = createStore<AccountsState>(() => empty)

  const load = async (): Promise<void> => {
    try {
      const [providers, accounts, hosts, secrets, { keychain }] = await Promise.all([
        api.accounts.providers({}),
        api.accounts.list({}),
        api.hosts.list({}),
        api.secrets.list({}),
        api.settings.facts({}),
      ])
      state.setState({ data: { providers, accounts, hosts, secrets, keychain }, problem: null })
    } catch (thrown) {
      state.setState({ problem: toSubletError(thrown) })
    }
  }
  const check = async (accountId: string): Promise<void> => {
    const { checking } = state.getState()
    if (checking.has(accountId)) return
    state.setState({ checking: new Set([...checking, accountId]) })
    const problems = new Map(state.getState().checkProblems)
    problems.delete(accountId)
    try {
      await api.accounts.check({ accountId, environment })
    } catch (thrown) {
      problems.set(accountId, toSubletError(thrown))
    }
    const left = new Set(state.getState().checking)
    left.delete(accountId)
    state.setState({ checking: left, checkProblems: problems })
    await load()
  }
  const checkNewOnes = (): void => {
    const { data, checkProblems } = state.getState()
    const unknown = (data?.accounts ?? []).filter(
      (one) => !one.simulated && one.providerId !== 'host' && one.lastCheck === null,
    )
    for (const { id } of unknown) if (!checkProblems.has(id)) void check(id)
  }
  let asking: Promise<void> | null = null
  let askingForOld = false
  const loadMachines: AccountsStore['loadMachines'] = ({ mayBeOld } = { mayBeOld: false }) => {
    if (asking !== null && (mayBeOld || !askingForOld)) return asking
    const before = asking ?? Promise.resolve()
    askingForOld = mayBeOld
    const mine: Promise<void> = before
      .then(() => askForMachines(mayBeOld))
      .finally(() => {
        if (asking === mine) asking = null
      })
    asking = mine
    return mine
  }
  const askForMachines = async (mayBeOld: boolean): Promise<void> => {
    state.setState({ machinesBusy: !mayBeOld || state.getState().machines === null })
    try {
      const age = mayBeOld ? { maxAgeMs: roundMs } : {}
      const machines = await api.instances.list({ environment, ...age })
      state.setState({ machines, machinesProblem: null })
    } catch (thrown) {
      state.setState({ machinesProblem: toSubletError(thrown) })
    } finally {
      state.setState({ machinesBusy: false })
    }
  }
  const thenLoad = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work
    await load()
    return value
  }
  /** Another account, or another key of one, lists other machines. */
  const thenLoadAll = async <T>(work: Promise<T>): Promise<T> => {
    const value = await thenLoad(work)
    // What is being asked now is asked of the accounts as they were.
    void (asking ?? Promise.resolve()).then(() => loadMachines())
    return value
  }
  return {
    state,
    load: async () => {
      await load()
      checkNewOnes()
    },
    loadMachines,
    check,
    add: async (providerId, name, values) =>
      sentenceOf(await thenLoadAll(api.accounts.add({ providerId, name, values: { ...values } }))),
    replaceKey: async (accountId, values) =>
      sentenceOf(
        await thenLoadAll(api.accounts.replaceSecret({ accountId, values: { ...values } })),
      ),
    rename: async (accountId, name) => {
      await thenLoadAll(api.accounts.rename({ accountId, name }))
    },
    remove: async (accountId) => {
      const { data } = state.getState()
      const host = data?.hosts.find((one) => one.accountId === accountId)
      await thenLoadAll(
        host === undefined
          ? api.accounts.remove({ accountId })
          : api.hosts.remove({ name: host.name }),
      )
    },
    scanHost: (target, keyFile) => api.hosts.scan({ target, keyFile, environment }),
    trustHost: async (host, trusted) => {
      const { message } = await thenLoadAll(
        api.hosts.add({ ...host, trusted: [...trusted], environment }),
      )
      const known = state.getState().data?.hosts.find((one) => one.name === host.name)
      if (known !== undefined) {
        const problems = new Map(state.getState().checkProblems)
        problems.delete(known.accountId)
        state.setState({ checkProblems: problems })
      }
      return message
    },
    setSecret: async (name, value) => {
      await thenLoad(api.secrets.set({ name, value }))
    },
    removeSecret: async (name) => {
      await thenLoad(api.secrets.remove({ name }))
    },
    release: async (machine) => {
      if (machine.rentalId !== null) await api.instances.release({ rentalId: machine.rentalId })
      await loadMachines()
    },
    releaseStranger: async ({ accountId, kind, nativeId }, typedName) => {
      const { sentence } = await api.instances.releaseStranger({
        accountId,
        kind,
        nativeId,
        typedName,
        environment,
      })
      await loadMachines()
      return sentence
    },
  }
}

function sentenceOf({ identity, message }: { identity: string; message: string }): string {
  return identity === '' ? message : `You are ${identity}. ${message}`
}
