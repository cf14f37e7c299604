import { afterEach, expect, it } from 'vitest'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'
import type { Receipt } from '../../../preload/contract/rental.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'
import { servicesRig, type ServicesRig } from '../../support/services-rig.ts'
import { nothing, otherSublets, rightKey, testCloud, wrongKey } from '../../support/test-cloud.ts'

let rig: ServicesRig | null = null
afterEach(() => rig?.close())

const context = {
  signal: new AbortController().signal,
  client: { role: 'test', version: '1.0.0' },
}
const start = async (keychainWorks = true) => {
  rig = await servicesRig([nothing, testCloud(nothing)], keychainWorks)
  return { ...rig, ...rig.handlers }
}
const values = (apiKey: string) => ({ project: 'vision-lab', apiKey })
const add = { providerId: 'testcloud', name: 'lab' }

it('draws the form from the declaration', async () => {
  const { accounts } = await start()
  const form = (await accounts.providers({}, context)).find(({ id }) => id === 'testcloud')
  expect(form?.fields).toMatchObject([
    { name: 'project', secret: false, pattern: '[a-z][a-z0-9-]{2,30}', link: null },
    { name: 'apiKey', secret: true, placeholder: 'tc_…', link: 'https://cloud.example/keys' },
  ])
  expect(form?.consoleLink).toBe('https://cloud.example/machines')
})

it('refuses a wrong key with the provider’s sentence and keeps nothing', async () => {
  const { accounts, kept, redactor } = await start()
  const wrong = accounts.add({ ...add, values: values(wrongKey) }, context)
  await expect(wrong).rejects.toThrow('Test Cloud does not know this API key')
  expect(kept.size).toBe(0)
  expect((await accounts.list({}, context)).map(({ name }) => name)).toEqual(['sandbox'])
  expect(redactor.redact(`sent ${wrongKey}`)).toBe('sent [secret]')
})

it.each([
  [{ project: 'vision-lab', apiKey: 'sk-123' }, 'API key does not look right: It starts with tc_'],
  [{ project: 'vision-lab' }, 'API key is missing.'],
  [{ ...values(rightKey), extra: 'x' }, 'testcloud has no field "extra".'],
])('refuses %j before anything is asked', async (given, sentence) => {
  const { accounts } = await start()
  await expect(accounts.add({ ...add, values: given }, context)).rejects.toThrow(sentence)
})

it('keeps a right key in the keychain, answers who it is, and remembers the check', async () => {
  const { accounts, kept } = await start()
  const status = await accounts.add({ ...add, values: values(` ${rightKey}\n`) }, context)
  expect(status).toMatchObject({
    ok: true,
    identity: 'ada@example.org, project vision-lab',
    balanceMicros: 37_420_000,
  })
  expect([...kept.values()]).toEqual(['vision-lab', rightKey])
  const listed = (await accounts.list({}, context)).find(({ id }) => id === status.accountId)
  expect(listed).toMatchObject({
    name: 'lab',
    secretsIn: 'keychain',
    lastCheck: { ok: true, balanceMicros: 37_420_000 },
    stop: {
      stopsByItself: true,
      levels: [
        { level: 'provider', holds: true },
        {
          level: 'machine',
          holds: false,
          because: 'A machine of Test Cloud has no command that ends it.',
        },
        { level: 'client', holds: true },
      ],
    },
  })
  expect(JSON.stringify(listed)).not.toContain(rightKey)
})

it('replaces a key only by one that works, and renames', async () => {
  const { accounts, kept } = await start()
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  const wrong = accounts.replaceSecret({ accountId, values: { apiKey: wrongKey } }, context)
  await expect(wrong).rejects.toThrow('does not know this API key')
  expect([...kept.values()]).toContain(rightKey)
  const right = await accounts.replaceSecret({ accountId, values: { apiKey: rightKey } }, context)
  expect(right.identity).toContain('vision-lab')
  await accounts.rename({ accountId, name: ' group ' }, context)
  expect((await accounts.list({}, context)).map(({ name }) => name)).toContain('group')
  await expect(accounts.rename({ accountId: 'sandbox', name: 'x' }, context)).rejects.toThrow(
    'built-in',
  )
  await accounts.add({ ...add, values: values(rightKey) }, context)
  await expect(accounts.rename({ accountId, name: 'lab' }, context)).rejects.toThrow(
    'There is already an account named "lab"',
  )
})

it('takes no other account’s key while a machine is rented: it would be thought gone', async () => {
  const { accounts, database, kept } = await start()
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  const other = { accountId, values: { project: 'other-lab', apiKey: rightKey } }
  const clock = systemClock(undefined)
  const soon = clock.now() + 3_600_000
  new Journal(database, clock).append(
    { rental: rentalId, event: { ...intended(soon), accountId } },
    { rental: rentalId, event: { kind: 'launch-issued' } },
  )
  await expect(accounts.replaceSecret(other, context)).rejects.toMatchObject({ code: 'conflict' })
  expect([...kept.values()]).toContain('vision-lab')
  const same = { accountId, values: { apiKey: rightKey } }
  expect(await accounts.replaceSecret(same, context)).toMatchObject({ ok: true })
})

it('says with a key in memory only that this computer cannot be relied on', async () => {
  const { accounts, secrets } = await start(false)
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  const listed = (await accounts.list({}, context)).find(({ id }) => id === accountId)
  expect(listed?.secretsIn).toBe('session')
  expect(listed?.stop.levels[2]).toMatchObject({ level: 'client', holds: false })
  await secrets.set({ name: 'HF_TOKEN', value: 'hf_0123456789' }, context)
  expect(await secrets.list({}, context)).toMatchObject([{ name: 'HF_TOKEN', keptIn: 'session' }])
})

it('does not remove an account with a rental without receipt, and names the rental', async () => {
  const { accounts, database } = await start()
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  new Journal(database, systemClock(undefined)).append({
    rental: rentalId,
    event: { ...intended(), accountId },
  })
  await expect(accounts.remove({ accountId }, context)).rejects.toMatchObject({
    code: 'conflict',
    extras: { details: { rentals: [{ rentalId, jobId: null, jobName: null }] } },
  })
  expect((await accounts.list({}, context)).map(({ id }) => id)).toContain(accountId)
})

it('releases another Sublet’s machine by its typed name only, and nobody’s not at all', async () => {
  const { accounts, instances } = await start()
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  const { billables } = await instances.list({ environment: {} }, context)
  const mine = billables.filter((one) => one.accountId === accountId)
  expect(mine).toMatchObject([
    { nativeId: 'm-7', release: 'name', accountName: 'lab', ours: false },
    { nativeId: 'm-9', release: 'elsewhere', link: 'https://cloud.example/machines' },
  ])
  const release = (nativeId: string, typedName: string) =>
    instances.releaseStranger(
      { accountId, kind: 'machine', nativeId, typedName, environment: {} },
      context,
    )
  await expect(release('m-7', 'm-7')).rejects.toMatchObject({ code: 'confirmation-needed' })
  await expect(release('m-9', 'jupyter-box')).rejects.toMatchObject({ code: 'unsupported' })
  expect(await release('m-7', otherSublets)).toMatchObject({ gone: true })
  expect(await release('m-7', otherSublets)).toEqual({
    gone: true,
    sentence: 'm-7 is not there any more.',
    evidence: [],
  })
})

it('takes up a machine of ours again that shows up after its receipt', async () => {
  const { accounts, instances, database } = await start()
  const { accountId } = await accounts.add({ ...add, values: values(rightKey) }, context)
  const receipt: Receipt = {
    rentalId: otherSublets,
    providerId: 'testcloud',
    accountId,
    instanceId: 'm-7',
    confirmedAt: 1,
    billedFrom: null,
    billedTo: null,
    billedMicros: null,
    evidence: [{ asked: 'DELETE m-7', answered: 'gone', at: 1 }],
  }
  const clock = systemClock(undefined)
  new Journal(database, clock).append(
    { rental: otherSublets, event: { ...intended(clock.now()), accountId } },
    { rental: otherSublets, event: { kind: 'launch-issued' } },
    { rental: otherSublets, event: { kind: 'released', receipt } },
  )
  const { billables } = await instances.list({ environment: {} }, context)
  expect(billables.find(({ nativeId }) => nativeId === 'm-7')).toMatchObject({
    ours: true,
    use: 'releasing',
    release: 'now',
    releaseSentence: expect.stringContaining('although its receipt says that it is gone'),
  })
  const typed = {
    accountId,
    kind: 'machine',
    nativeId: 'm-7',
    typedName: otherSublets,
    environment: {},
  } as const
  // It goes the way of what is ours, with a receipt: not the stranger's.
  await expect(instances.releaseStranger(typed, context)).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(new Journal(database, clock).openRentals()).toMatchObject([
    { id: otherSublets, phase: 'releasing', earlierReceipts: [receipt] },
  ])
})
