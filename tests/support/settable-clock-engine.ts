// The shipping engine on a computer whose clock somebody sets: by so many milliseconds as stand in
// the file CLOCK_JUMP_FILE. Only `Date` moves; time itself does not.
import { existsSync, readFileSync } from 'node:fs'

const file = process.env['CLOCK_JUMP_FILE'] ?? ''
const TrueDate = Date
let jumpMs = 0

const look = (): void => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (text !== '') jumpMs = Number(text)
}
look()
setInterval(look, 20).unref()

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given: readonly unknown[]) =>
    Reflect.construct(target, given.length === 0 ? [TrueDate.now() + jumpMs] : given) as object,
  apply: () => new TrueDate(TrueDate.now() + jumpMs).toString(),
  get: (target, name) =>
    name === 'now' ? () => TrueDate.now() + jumpMs : (Reflect.get(target, name) as unknown),
})

await import('../../main/engine.ts')
