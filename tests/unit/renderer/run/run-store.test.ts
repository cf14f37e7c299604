import { afterEach, describe, expect, test } from 'vitest'
import { SubletError } from '../../../../main/domain/errors.ts'
import type { FileFacts } from '../../../../preload/contract/services/files.ts'
import { createEngine, type Engine } from '../../../../renderer/engine.ts'
import { type Draft, emptyDraft } from '../../../../renderer/features/run/draft.ts'
import { sessionDraft } from '../../../../renderer/features/run/draft-memory.ts'
import { whyNotYet } from '../../../../renderer/features/run/run-state.ts'
import { createRunStore } from '../../../../renderer/features/run/run-store.ts'
import { withResultsAtHome } from '../../../../renderer/features/run/take-inputs.ts'
import { eventually } from '../../../support/eventually.ts'
import { FakeEngine } from '../../../support/fake-engine.ts'
import * as facts from '../../../support/fake-facts.ts'

const engines: Engine[] = []
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close()
})

const understanding = {
  spec: facts.spec,
  understood: ['Runs train.py (a Python script).'],
  warnings: [],
  inputs: [],
  uploadBytes: 0,
  excluded: [],
  excludedBytes: 0,
}
const found = (path: string, role: FileFacts['role']): FileFacts => ({
  path,
  name: path.split('/').at(-1) ?? '',
  folder: path.split('/').slice(0, -1).join('/'),
  kind: role === 'code' ? 'folder' : 'file',
  bytes: 1,
  modifiedAt: 0,
  role,
  jobFile: role === 'job-file' ? path : null,
})

type Overrides = ConstructorParameters<typeof FakeEngine>[0]

function open(overrides: Overrides = {}, draft: Draft = emptyDraft) {
  const fake = new FakeEngine({
    ...overrides,
    jobs: { understand: async () => understanding, ...overrides?.jobs },
    files: {
      stat: async ({ path }) =>
        found(path, path.endsWith('.py') ? 'script' : path.endsWith('.yaml') ? 'job-file' : 'data'),
      list: async () => ({ dir: '/home/ada', parent: '/home', entries: [], more: 0 }),
      openJobFile: async () => ({
        file: { command: 'make', budget: 3 },
        baseDir: '/home/ada/work',
      }),
      ...overrides?.files,
    },
  })
  const engine = createEngine({
    version: '0.1.0',
    role: 'page',
    connect: async () => fake.transport(),
  })
  engines.push(engine)
  const saved: Draft[] = []
  const store = createRunStore({
    api: engine.api,
    memory: { load: () => draft, save: (one) => saved.push(one) },
    pauseMs: 1,
  })
  store.refresh()
  const answered = () =>
    eventually(() =>
      expect(store.getState()).toMatchObject({ proposal: { updating: false, value: {} } }),
    )
  return { fake, store, saved, answered }
}

describe('the draft', () => {
  test('nothing is asked before there is something to run', async () => {
    const { store, fake } = open()
    expect(store.getState().proposal).toEqual({ value: null, updating: false, error: null })
    expect(whyNotYet(store.getState())).toMatch(/Drop or choose/)
    expect(fake.calls).toEqual([])
  })

  test('a script and data that are dropped become a job, which is understood and priced', async () => {
    const { store, fake, answered, saved } = open()
    await store.takePaths(['/home/ada/work/images', '/home/ada/work/train.py'])
    await answered()
    expect(store.getState().draft).toMatchObject({
      script: '/home/ada/work/train.py',
      baseDir: '/home/ada/work',
      data: [{ path: '/home/ada/work/images', name: '' }],
    })
    expect(fake.calls.at(-1)).toMatchObject({
      method: 'jobs.propose',
      input: {
        file: { script: '/home/ada/work/train.py', data: ['/home/ada/work/images'] },
        baseDir: '/home/ada/work',
      },
    })
    expect(store.getState().understanding.value?.understood).toHaveLength(1)
    expect(saved.at(-1)).toBe(store.getState().draft)
    expect(whyNotYet(store.getState())).toBeNull()
  })

  test('a job file takes the place of what was there', async () => {
    const { store } = open({}, { ...emptyDraft, script: '/old.py', gpu: 'H100' })
    await store.takePaths(['/home/ada/work/sublet.yaml'])
    expect(store.getState().draft).toMatchObject({
      script: '',
      command: 'make',
      budget: '$3',
      gpu: '',
      baseDir: '/home/ada/work',
    })
  })

  test('a path that cannot be taken is said, and the draft stays', async () => {
    const { store } = open({
      files: {
        stat: async () => {
          throw new SubletError('input-missing', 'The path /x does not exist: check the path.')
        },
      },
    })
    await store.takePaths(['/x'])
    expect(store.getState()).toMatchObject({
      takeProblem: 'The path /x does not exist: check the path.',
      taking: { kind: 'idle' },
      draft: emptyDraft,
    })
  })

  test('a reload brings it back without what looks secret', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }
    const memory = sessionDraft(storage)
    expect(memory.load()).toEqual(emptyDraft)
    memory.save({
      ...emptyDraft,
      script: '/a.py',
      env: [
        { name: 'EPOCHS', value: '3' },
        { name: 'HF_TOKEN', value: 'hf_secret' },
      ],
    })
    expect([...kept.values()].join()).not.toContain('hf_secret')
    expect(memory.load()).toMatchObject({
      script: '/a.py',
      env: [
        { name: 'EPOCHS', value: '3' },
        { name: 'HF_TOKEN', value: '' },
      ],
    })
    kept.set('sublet.run.draft', '{"script": 3, "data": {}, "strange": 1}')
    expect(memory.load()).toEqual(emptyDraft)
    kept.set('sublet.run.draft', 'not JSON')
    expect(memory.load()).toEqual(emptyDraft)
    memory.save(emptyDraft)
    expect(kept.size).toBe(0)
  })
})

test('a job file of a dropped folder keeps its files and brings results home', () => {
  const dropped = { ...emptyDraft, baseDir: '/drops/1/job', script: 'train.py', output: 'out' }
  const data = [
    { path: 'set', name: '' },
    { path: '/else', name: 'x' },
  ]
  expect(withResultsAtHome({ ...dropped, data }, '/home/ada')).toMatchObject({
    script: '/drops/1/job/train.py',
    code: '',
    data: [{ path: '/drops/1/job/set' }, { path: '/else', name: 'x' }],
    output: '/home/ada/out',
    baseDir: '/home/ada',
  })
  expect(withResultsAtHome({ ...dropped, before: 'make' }, '/home/ada').baseDir).toBe(
    '/drops/1/job',
  )
})

describe('the proposal', () => {
  const draft = { ...emptyDraft, script: '/home/ada/work/train.py', baseDir: '/home/ada/work' }

  test('the last answer stays, marked old, until the next one comes; a burst asks once', async () => {
    const { store, fake, answered } = open({}, draft)
    await answered()
    const before = fake.calls.length
    for (const gpu of ['H', 'H1', 'H10', 'H100']) store.edit({ gpu })
    expect(store.getState().proposal).toMatchObject({ updating: true, value: {} })
    expect(whyNotYet(store.getState())).toMatch(/Comparing/)
    await answered()
    expect(fake.calls.slice(before).map(({ input }) => input)).toMatchObject([
      { file: { gpu: 'H100' } },
    ])
  })

  test('without an offer the understanding stays, and a retry asks again', async () => {
    let offers = 0
    const { store, answered } = open(
      {
        jobs: {
          propose: async () => {
            offers += 1
            if (offers === 1) throw new SubletError('no-offer', 'Nothing: raise --max-price.')
            return facts.proposal
          },
        },
      },
      draft,
    )
    await eventually(() => expect(store.getState().proposal.error?.code).toBe('no-offer'))
    expect(store.getState().understanding.value).not.toBeNull()
    expect(whyNotYet(store.getState())).toMatch(/no offer/)
    expect(await store.launch()).toBeNull()
    store.refresh()
    await answered()
    expect(store.getState().proposal.error).toBeNull()
  })

  test('a command alone has its results in the user’s home folder', async () => {
    const { fake, answered } = open({}, { ...emptyDraft, command: 'nvidia-smi' })
    await answered()
    expect(fake.calls.at(-1)?.input).toMatchObject({ baseDir: '/home/ada' })
  })

  test('a field that cannot be read asks nothing and keeps Launch away', async () => {
    const { store, fake, answered } = open({}, draft)
    await answered()
    const before = fake.calls.length
    store.edit({ budget: 'little' })
    expect(whyNotYet(store.getState())).toMatch(/Budget "little"/)
    expect(await store.launch()).toBeNull()
    expect(fake.calls.length).toBe(before)
  })

  test('a chosen offer goes along', async () => {
    const { store, fake, answered } = open({}, draft)
    await answered()
    store.edit({ wantedOfferId: 'second' })
    await answered()
    expect(fake.calls.at(-1)?.input).toMatchObject({ wantedOfferId: 'second' })
  })
})

describe('launching', () => {
  const draft = { ...emptyDraft, script: '/home/ada/work/train.py', baseDir: '/home/ada/work' }

  test('submits what is in sight and starts over', async () => {
    const { store, fake, answered, saved } = open({}, draft)
    await answered()
    expect(await store.launch()).toBe(facts.queuedJob.id)
    expect(fake.calls.at(-1)).toMatchObject({
      method: 'jobs.submit',
      input: { ceiling: facts.proposal.ceiling, acceptsNoLease: false },
    })
    expect(saved.at(-1)).toEqual(emptyDraft)
  })

  test('a NO needs a yes, and the yes does not outlive the offer', async () => {
    let chosenOfferId = 'one'
    const { store, fake, answered } = open(
      { jobs: { propose: async () => ({ ...facts.unleasedProposal, chosenOfferId }) } },
      draft,
    )
    await answered()
    expect(await store.launch()).toBeNull()
    expect(whyNotYet(store.getState())).toMatch(/does not stop by itself/)
    store.accept(true)
    chosenOfferId = 'two'
    store.edit({ region: 'eu' })
    await answered()
    expect(store.getState().acceptsNoLease).toBe(false)
    store.accept(true)
    expect(await store.launch()).not.toBeNull()
    expect(fake.calls.at(-1)?.input).toMatchObject({ acceptsNoLease: true })
  })

  test('what went wrong is said, and the draft is still there', async () => {
    const { store, answered } = open(
      {
        jobs: {
          submit: async () => {
            throw new SubletError('conflict', 'Choose another folder with --output.')
          },
        },
      },
      draft,
    )
    await answered()
    expect(await store.launch()).toBeNull()
    expect(store.getState()).toMatchObject({
      launching: false,
      launchProblem: 'Choose another folder with “Results go to”.',
      draft,
    })
  })

  test('a new secret goes to the keychain and only its name stays', async () => {
    const { store, fake, saved } = open({}, draft)
    await store.loadSecrets()
    await store.addSecret('WANDB_API_KEY', 'very secret')
    expect(store.getState().secretNames).toEqual(['HF_TOKEN', 'WANDB_API_KEY'])
    expect(store.getState().draft.secrets).toEqual(['WANDB_API_KEY'])
    expect(fake.calls.map((call) => call.method)).toContain('secrets.set')
    expect(JSON.stringify([store.getState(), saved])).not.toContain('very secret')
  })
})

describe('a drop in a browser', () => {
  test('is copied in pieces, and a copy that breaks leaves nothing', async () => {
    const written: string[] = []
    const ended: boolean[] = []
    let broken = false
    const { store, answered } = open({
      files: {
        dropBegin: async () => ({ dropId: '0'.repeat(26), pieceBytes: 4, limitBytes: 100 }),
        dropWrite: async ({ path, offset, bytes }) => {
          if (broken) throw new SubletError('disk-full', 'The disk is full.')
          written.push(`${path}@${offset}=${atob(bytes)}`)
          return { writtenBytes: 0 }
        },
        dropFinish: async ({ keep }) => {
          ended.push(keep)
          return { paths: keep ? ['/drops/0/train.py'] : [] }
        },
      },
    })
    const source = {
      files: async () => [
        {
          path: 'train.py',
          bytes: 6,
          slice: async (a: number, b: number) => bytes('abcdef', a, b),
        },
        { path: 'set/empty', bytes: 0, slice: async () => new ArrayBuffer(0) },
      ],
    }
    await store.takeDrop(source)
    await answered()
    expect(written).toEqual(['train.py@0=abcd', 'train.py@4=ef', 'set/empty@0='])
    expect(store.getState().draft).toMatchObject({
      script: '/drops/0/train.py',
      baseDir: '/home/ada',
    })
    broken = true
    await store.takeDrop(source)
    expect(store.getState().takeProblem).toBe('The disk is full.')
    expect(ended).toEqual([true, false])
  })
})

function bytes(text: string, from: number, to: number): ArrayBuffer {
  return new TextEncoder().encode(text.slice(from, to)).buffer
}
