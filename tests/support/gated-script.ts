import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A shell job that writes one result at once, waits for its gate, and writes another. */
export async function writeGatedScript(work: string): Promise<string> {
  const gate = join(work, 'open.gate')
  await mkdir(join(work, 'job'), { recursive: true })
  await writeFile(
    join(work, 'job', 'job.sh'),
    `echo first > "$SUBLET_OUTPUT/first.txt"
while [ ! -e '${gate}' ]; do sleep 0.1; done
cp note.txt "$SUBLET_OUTPUT/note.txt"
`,
  )
  await writeFile(join(work, 'job', 'note.txt'), 'as it was\n')
  return gate
}
