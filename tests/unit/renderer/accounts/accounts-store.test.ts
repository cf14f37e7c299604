import { afterEach, expect, it } from 'vitest'
import type { Engine } from '../../../../renderer/engine.ts'
import { createAccountsStore } from '../../../../renderer/features/accounts/accounts-store.ts'
import { rentalsInTheWay } from '../../../../renderer/features/accounts/rentals-in-the-way.ts'
import { SubletError } from '../../../../main/domain/errors.ts'
import { eventually } from '../../../support/eventually.ts'
import { pageEngine } from '../../../support/page-engine.ts'
import { servicesRig, type ServicesRig } from '../../../support/services-rig.ts'
import {
  nothing,
  otherSublets,
  rightKey,
  testCloud,
  wrongKey,
} from '../../../support/test-cloud.ts'

let rig: ServicesRig
let engine: Engine
afterEach(() => {
  engine.close()
  rig.close()
})

async function start(keychainWorks = true) {
  rig = await servicesRig([nothing, testCloud(nothing)], keychainWorks)
  engine = pageEngine(rig.handlers)
  const store = createAccountsStore(engine)
  await store.load()
  return store
}

const values = (apiKey: string) => ({ project: 'vision-lab', apiKey })

it('keeps the form’s secret out of its state, whatever the provider answers', async () => {
  const store = await start()
  const states: string[] = []
  store.state.subscribe((state) =>
    states.push(
      JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value)),
    ),
  )
  await expect(store.add('testcloud', 'lab', values(wrongKey))).rejects.toThrow(
    'Test Cloud does not know this API key',
  )
  expect(await store.add('testcloud', 'lab', values(rightKey))).toBe(
    'You are ada@example.org, project vision-lab. The key may list, start and end machines.',
  )
  await store.setSecret('HF_TOKEN', 'hf_very_secret_value')
  const { data } = store.state.getState()
  expect(data?.accounts.map((one) => one.name)).toContain('lab')
  expect(data?.secrets).toMatchObject([{ name: 'HF_TOKEN', keptIn: 'keychain' }])
  expect(states.join()).not.toMatch(/tc_wrong_0|tc_right_0|hf_very/)
  await store.removeSecret('HF_TOKEN')
  expect(store.state.getState().data?.secrets).toEqual([])
})

it('checks accounts that were never checked, and keeps a failure beside the account', async () => {
  const store = await start()
  await store.add('testcloud', 'lab', values(rightKey))
  const account = store.state.getState().data?.accounts.find((one) => one.name === 'lab')
  const id = account?.id ?? ''
  rig.kept.forEach((value, key) => {
    if (value === rightKey) (rig.kept as Map<string, string>).set(key, wrongKey)
  })
  await store.check(id)
  const checked = store.state.getState().data?.accounts.find((one) => one.id === id)
  expect(checked?.lastCheck).toMatchObject({ ok: false })
  await store.rename(id, 'group')
  expect(store.state.getState().data?.accounts.map((one) => one.name)).toContain('group')
  await store.replaceKey(id, { apiKey: rightKey })
  await eventually(() => store.state.getState().data?.accounts.at(-1)?.lastCheck?.ok === true)
  await store.remove(id)
  expect(store.state.getState().data?.accounts.map((one) => one.id)).toEqual(['sandbox'])
})

it('lists what costs money and releases a stranger’s machine by its typed name', async () => {
  const store = await start()
  await store.add('testcloud', 'lab', values(rightKey))
  await store.loadMachines()
  const { machines } = store.state.getState()
  const other = machines?.billables.find((one) => one.name === otherSublets)
  if (other === undefined) throw new Error('It is not listed.')
  await expect(store.releaseStranger(other, 'wrong')).rejects.toThrow(`Type its name`)
  expect(await store.releaseStranger(other, otherSublets)).toContain('is gone')
  const left = store.state.getState().machines?.billables ?? []
  expect(left.map((one) => one.nativeId)).toEqual(['m-9'])
})

it('reads the rentals that stand in an account’s way out of the refusal', () => {
  const refusal = new SubletError('conflict', 'no', {
    details: { rentals: [{ rentalId: 'sublet-1', jobId: 'job-1', jobName: 'train' }, { x: 1 }, 3] },
  })
  expect(rentalsInTheWay(refusal)).toEqual([
    { rentalId: 'sublet-1', jobId: 'job-1', jobName: 'train' },
  ])
  expect(rentalsInTheWay(new SubletError('conflict', 'no'))).toEqual([])
})
