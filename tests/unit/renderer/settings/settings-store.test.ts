import { mkdirSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { homeAt } from '../../../../main/engine/home.ts'
import { createLogStore } from '../../../../renderer/features/settings/log-store.ts'
import {
  createSettingsStore,
  type SettingsState,
} from '../../../../renderer/features/settings/settings-store.ts'
import { shareTheme } from '../../../../renderer/app/share-theme.ts'
import type { Theme } from '../../../../renderer/app/theme.ts'
import { createStore } from 'zustand/vanilla'
import { eventually } from '../../../support/eventually.ts'
import { pageEngine } from '../../../support/page-engine.ts'
import { servicesRig, type ServicesRig } from '../../../support/services-rig.ts'
import type { Engine } from '../../../../renderer/engine.ts'

let rig: ServicesRig
const engines: Engine[] = []
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close()
  rig.close()
})

/** Two windows on one engine. */
async function start() {
  rig = await servicesRig([])
  const open = async () => {
    const engine = pageEngine(rig.handlers)
    engines.push(engine)
    const store = createSettingsStore(engine)
    await eventually(() => store.state.getState().snapshot !== null)
    return { engine, store }
  }
  return { here: await open(), there: await open() }
}

it('saves at once, tells every window, and undoes', async () => {
  const { here, there } = await start()
  const undo = await here.store.change('defaultBudgetMicros', 5_000_000)
  expect(here.store.value('defaultBudgetMicros')).toBe(5_000_000)
  await eventually(() => there.store.value('defaultBudgetMicros') === 5_000_000)
  expect(await here.store.change('defaultBudgetMicros', 5_000_000)).toBeNull()
  await undo?.()
  await eventually(() => there.store.value('defaultBudgetMicros') === null)
})

it('keeps what the engine refused beside its setting until the next good value', async () => {
  const { here } = await start()
  expect(await here.store.change('maxConcurrentJobs', 0)).toBeNull()
  expect(here.store.state.getState().refusals).toEqual({
    maxConcurrentJobs: 'Jobs at the same time has to be at least 1.',
  })
  expect(here.store.value('maxConcurrentJobs')).toBe(200)
  await here.store.change('maxConcurrentJobs', 3)
  expect(here.store.state.getState().refusals).toEqual({})
})

it('makes the theme one for all windows', async () => {
  const { here, there } = await start()
  const control = () => {
    const theme = createStore<{ readonly theme: Theme }>(() => ({ theme: 'system' }))
    return { theme, set: (value: Theme) => theme.setState({ theme: value }) }
  }
  const [one, two] = [control(), control()]
  shareTheme(one, here.store)
  shareTheme(two, there.store)
  one.set('dark')
  await eventually(() => two.theme.getState().theme === 'dark')
  await there.store.change('theme', 'light')
  await eventually(() => one.theme.getState().theme === 'light')
})

it('keeps a theme that was chosen before the engine answered', async () => {
  const { here } = await start()
  const late = createStore(() => ({
    ...here.store.state.getState(),
    snapshot: null as SettingsState['snapshot'],
  }))
  const theme = createStore<{ readonly theme: Theme }>(() => ({ theme: 'system' }))
  const control = { theme, set: (value: Theme) => theme.setState({ theme: value }) }
  shareTheme(control, { state: late, change: (key, value) => here.store.change(key, value) })
  control.set('dark')
  late.setState(here.store.state.getState())
  await eventually(() => here.store.value('theme') === 'dark')
  expect(theme.getState().theme).toBe('dark')
})

it('answers the facts, and says why when it cannot', async () => {
  const { here } = await start()
  await here.store.loadFacts()
  const { facts } = here.store.state.getState()
  expect(facts?.version).toBe('1.2.3')
  expect(facts?.licence).toContain('MIT License')
  expect(facts?.notices).toContain('Third-party')
  expect(facts?.keychain.kind).toBe('keychain')
})

it('says in its place that the log cannot be read', async () => {
  const { here } = await start()
  mkdirSync(homeAt(rig.folder).logFile, { recursive: true })
  const log = createLogStore(here.engine)
  const stop = log.start()
  await eventually(() => log.state.getState().problem !== null)
  expect(log.state.getState().lines).toBeNull()
  stop()
})
