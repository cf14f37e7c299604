import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EditorRoute } from '../../../preload/contract/job-actions.ts'
import { toSubletError, type SubletError } from '../../../main/domain/errors.ts'
import type { Engine } from '../../engine.ts'

/** A port of the machine as it is reached here. */
export interface Forward {
  readonly port: number
  /** Null until it is open, and again while the connection is being made anew. */
  readonly localPort: number | null
  readonly problem: string | null
}

export interface ConnectionsState {
  readonly editor: EditorRoute | null
  readonly editorProblem: SubletError | null
  readonly editorBusy: boolean
  readonly forwards: readonly Forward[]
}

export interface Connections {
  readonly store: StoreApi<ConnectionsState>
  /** Prepares the alias; answers it when ssh knows it, else null with what is missing in the state. */
  readonly openEditor: (mayEditSshConfig: boolean) => Promise<EditorRoute | null>
  readonly closeEditor: () => void
  /** Leads a port of the machine to a local one until it is dropped or the page is left. */
  readonly forward: (port: number) => void
  readonly drop: (port: number) => void
  readonly close: () => void
}

/** The ways to the machine of one job, for as long as its page is open. */
export function createConnections(engine: Engine, jobId: string): Connections {
  const store = createStore<ConnectionsState>(() => ({
    editor: null,
    editorProblem: null,
    editorBusy: false,
    forwards: [],
  }))
  const leaves = new Map<number, () => void>()
  const put = (port: number, change: Partial<Forward>): void => {
    if (!leaves.has(port)) return
    const forwards = store
      .getState()
      .forwards.map((one) => (one.port === port ? { ...one, ...change } : one))
    store.setState({ forwards })
  }
  const drop = (port: number): void => {
    leaves.get(port)?.()
    leaves.delete(port)
    store.setState({ forwards: store.getState().forwards.filter((one) => one.port !== port) })
  }
  return {
    store,
    openEditor: async (mayEditSshConfig) => {
      store.setState({ editorBusy: true, editorProblem: null })
      try {
        const editor = await engine.api.jobs.editor({ jobId, mayEditSshConfig })
        store.setState({ editor: editor.included ? null : editor })
        return editor.included ? editor : null
      } catch (thrown) {
        store.setState({ editorProblem: toSubletError(thrown) })
        return null
      } finally {
        store.setState({ editorBusy: false })
      }
    },
    closeEditor: () => store.setState({ editor: null, editorProblem: null }),
    forward: (port) => {
      drop(port)
      const forwards = [...store.getState().forwards, { port, localPort: null, problem: null }]
      store.setState({ forwards })
      leaves.set(port, () => undefined)
      const leave = engine.follow((api, signal) => api.jobs.forward({ jobId, port }, { signal }), {
        snapshot: ({ localPort }) => put(port, { localPort, problem: null }),
        event: ({ sentence }) => put(port, { problem: sentence }),
        problem: (error) => put(port, { localPort: null, problem: error.message }),
        end: () => put(port, { localPort: null, problem: 'The machine is gone.' }),
      })
      leaves.set(port, leave)
    },
    drop,
    close: () => {
      for (const leave of leaves.values()) leave()
      leaves.clear()
      store.setState({ forwards: [] })
    },
  }
}

/** The port that the user typed; null for what is none. */
export function portOf(text: string): number | null {
  const port = Number(text.trim())
  return /^\d{1,5}$/.test(text.trim()) && port >= 1 && port <= 65_535 ? port : null
}
