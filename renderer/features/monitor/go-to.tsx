import { LocateFixed } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { useStore } from 'zustand'
import { formatCount } from '../../../main/domain/format.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { LogStore } from './log-store.ts'
import { readGoal } from './read-goal.ts'

/** Goes to a line by its number, or to a time of day. */
export function GoTo({ log }: { readonly log: LogStore }) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const lines = useStore(log, (state) => state.extent?.lines ?? 0)
  const go = (event: SubmitEvent): void => {
    event.preventDefault()
    const { extent, top } = log.getState()
    const goal = readGoal(text, log.line(Math.floor(top))?.at ?? Date.now())
    if (goal === null) {
      setError('Write a line number as 12345, or a time as 16:21 or 16:21:04.')
      return
    }
    setError(null)
    if (goal.kind === 'time') void log.toTime(goal.at)
    else {
      const line = Math.min(goal.line, Math.max(0, (extent?.lines ?? 0) - 1))
      log.set({ cursor: line, anchor: line })
      log.show(line)
    }
  }
  return (
    <Popover
      title="Go to a line or a time"
      trigger={<IconButton label="Go to a line or a time" icon={<LocateFixed />} />}
    >
      <form onSubmit={go}>
        <TextField
          label="Line or time"
          placeholder="12345 or 16:21:04"
          value={text}
          onValue={setText}
          error={error}
          hint={`Lines 1 to ${formatCount(lines, 'line').split(' ')[0]}`}
        />
        <Button type="submit">Go</Button>
      </form>
    </Popover>
  )
}
