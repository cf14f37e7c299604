import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { Picker } from '../../app/use-picker.tsx'
import type { RunState, RunStore } from './run-state.ts'

export interface RunParts {
  readonly store: RunStore
  readonly pick: Picker['pick']
}

export const RunContext = createContext<RunParts | null>(null)

/** The page's store and its way to choose paths. Throws outside of the Run page. */
export function useRunParts(): RunParts {
  const parts = use(RunContext)
  if (parts === null) throw new Error('There is no Run page around this component.')
  return parts
}

/** A part of the page's state. */
export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useRunParts().store, select)
}
