import { createStore } from 'zustand/vanilla'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import type { Understanding } from '../../../preload/contract/understanding.ts'
import { SubletError, toSubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'
import { LatestQuestion, noAnswer } from './answer.ts'
import { problemsOf } from './check-draft.ts'
import { type Draft, emptyDraft, hasWork } from './draft.ts'
import { draftToFile, fileToDraft } from './draft-file.ts'
import type { DraftMemory } from './draft-memory.ts'
import { plainWords } from './plain-words.ts'
import { type RunState, type RunStore, whyNotYet } from './run-state.ts'
import { takeInputs, withResultsAtHome } from './take-inputs.ts'
import { uploadDrop } from './upload-drop.ts'

export interface RunStoreParts {
  readonly api: Engine['api']
  readonly memory: DraftMemory
  /** After the last keystroke. */
  readonly pauseMs?: number
}

const shownOptions = 8
const defaultPauseMs = 250

/** The Run page's state: a draft, what the engine makes of it, and the way to launch it. */
export function createRunStore({ api, memory, pauseMs = defaultPauseMs }: RunStoreParts): RunStore {
  const draft = memory.load()
  const store = createStore<RunState>(() => ({
    draft,
    problems: problemsOf(draft),
    understanding: noAnswer,
    proposal: noAnswer,
    acceptsNoLease: false,
    launching: false,
    launchProblem: null,
    taking: { kind: 'idle' },
    takeProblem: null,
    secretNames: null,
    secretsProblem: null,
    providerNames: {},
  }))
  const { setState, getState } = store
  const understand = new LatestQuestion<Understanding>((change) =>
    setState((state) => ({ understanding: change(state.understanding) })),
  )
  const propose = new LatestQuestion<Proposal>((change) =>
    setState((state) => {
      const proposal = change(state.proposal)
      const isSame = proposal.value?.chosenOfferId === state.proposal.value?.chosenOfferId
      return { proposal, acceptsNoLease: isSame && state.acceptsNoLease }
    }),
  )
  let takingNow = new AbortController()

  const ask = (pause: number): void => {
    const { draft, problems } = getState()
    if (!hasWork(draft)) {
      understand.clear()
      propose.clear()
      return
    }
    if (Object.keys(problems).length > 0) {
      understand.pause()
      propose.pause()
      return
    }
    const file = draftToFile(draft)
    // A command alone has no folder: its results go to the user's own.
    const baseDir = (): string | Promise<string> =>
      draft.baseDir === '' ? homeDir() : draft.baseDir
    const wanted = draft.wantedOfferId === '' ? {} : { wantedOfferId: draft.wantedOfferId }
    understand.ask(
      async (signal) => api.jobs.understand({ file, baseDir: await baseDir() }, { signal }),
      pause,
    )
    const more = { ...wanted, shown: shownOptions, environment: {} }
    propose.ask(
      async (signal) => api.jobs.propose({ file, baseDir: await baseDir(), ...more }, { signal }),
      pause,
    )
  }
  const replace = (draft: Draft, pause = 0): void => {
    setState({ draft, problems: problemsOf(draft), launchProblem: null })
    memory.save(draft)
    ask(pause)
  }
  const nameProviders = async (): Promise<void> => {
    if (Object.keys(getState().providerNames).length > 0) return
    try {
      const providers = await api.accounts.providers({})
      setState({ providerNames: Object.fromEntries(providers.map(({ id, name }) => [id, name])) })
    } catch {
      // Their ids stand for them; the next refresh asks again.
    }
  }
  const homeDir = async (): Promise<string> => (await api.files.list({ dir: null })).dir

  /** Runs one taking at a time; a newer one ends it. */
  const take = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    takingNow.abort()
    const mine = new AbortController()
    takingNow = mine
    setState({ taking: { kind: 'reading' }, takeProblem: null })
    let problem: string | null = null
    try {
      await work(mine.signal)
    } catch (thrown) {
      problem = plainWords(toSubletError(thrown).message)
    }
    if (mine === takingNow) {
      setState({ taking: { kind: 'idle' }, takeProblem: mine.signal.aborted ? null : problem })
    }
  }
  const adopt = async (
    paths: readonly string[],
    home: string | null,
    signal: AbortSignal,
  ): Promise<void> => {
    const found = await Promise.all(paths.map((path) => api.files.stat({ path }, { signal })))
    const opened = found.find((one) => one.jobFile !== null)
    if (opened === undefined || opened.jobFile === null) {
      replace(takeInputs(getState().draft, found, home))
      return
    }
    if (home !== null && opened.kind === 'file' && found.length === 1) throw lonelyJobFile()
    const { file, baseDir } = await api.files.openJobFile({ path: opened.jobFile }, { signal })
    const draft = fileToDraft(file, baseDir)
    replace(home === null ? draft : withResultsAtHome(draft, home))
  }

  return {
    ...store,
    edit: (change) => replace({ ...getState().draft, ...change }, pauseMs),
    refresh: () => {
      ask(0)
      void nameProviders()
    },
    accept: (yes) => setState({ acceptsNoLease: yes }),
    takePaths: (paths) => take((signal) => adopt(paths, null, signal)),
    takeDrop: (source) =>
      take(async (signal) => {
        const onProgress = (bytes: number, totalBytes: number): void =>
          setState({ taking: { kind: 'copying', bytes, totalBytes } })
        const paths = await uploadDrop(api, source, onProgress, signal)
        await adopt(paths, await homeDir(), signal)
      }),
    cancelTaking: () => {
      takingNow.abort()
      setState({ taking: { kind: 'idle' } })
    },
    openTemplate: (jobId) =>
      take(async (signal) => {
        const { file, baseDir } = await api.files.jobAsFile({ jobId }, { signal })
        replace(fileToDraft(file, baseDir))
      }),
    openDemo: () =>
      take(async (signal) => {
        const { file, baseDir } = await api.files.demo({}, { signal })
        replace(fileToDraft(file, baseDir))
      }),
    saveAs: async (path, replaceIt) => {
      await api.files.saveJobFile({ path, file: draftToFile(getState().draft), replace: replaceIt })
    },
    addSecret: async (name, value) => {
      await api.secrets.set({ name, value })
      const { draft, secretNames } = getState()
      setState({ secretNames: [...new Set([...(secretNames ?? []), name])].sort() })
      replace({ ...draft, secrets: [...new Set([...draft.secrets, name])] })
    },
    loadSecrets: async () => {
      try {
        const secrets = await api.secrets.list({})
        setState({ secretNames: secrets.map((one) => one.name), secretsProblem: null })
      } catch (thrown) {
        setState({ secretsProblem: toSubletError(thrown).message })
      }
    },
    launch: async () => {
      const state = getState()
      const proposal = state.proposal.value
      if (proposal === null || whyNotYet(state) !== null || state.launching) return null
      setState({ launching: true, launchProblem: null })
      try {
        const { spec, ceiling, verdict } = proposal
        const acceptsNoLease = !verdict.stopsByItself && state.acceptsNoLease
        const { jobId } = await api.jobs.submit({ spec, ceiling, acceptsNoLease, environment: {} })
        replace(emptyDraft)
        return jobId
      } catch (thrown) {
        setState({ launchProblem: plainWords(toSubletError(thrown).message) })
        return null
      } finally {
        setState({ launching: false })
      }
    },
    clear: () => replace(emptyDraft),
    dispose: () => {
      takingNow.abort()
      understand.pause()
      propose.pause()
    },
  }
}

function lonelyJobFile(): SubletError {
  return new SubletError(
    'input-missing',
    'A page in the browser sees only the sublet.yaml itself, not the files that it names: drop its whole folder, or use “Open sublet.yaml”.',
  )
}
