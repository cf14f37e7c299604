import { z } from 'zod'
import { jobFileSchema } from '../../../preload/contract/job-file.ts'

/** The published schema of `sublet.yaml`, as text; `resources/sublet.schema.json` holds it. */
export function jobFileJsonSchema(): string {
  const schema = z.toJSONSchema(jobFileSchema, { io: 'input' })
  const titled = {
    title: 'Sublet job file',
    description: 'What `sublet run` runs, and within which limits.',
  }
  return `${JSON.stringify({ $schema: schema.$schema, ...titled, ...schema }, null, 2)}\n`
}
