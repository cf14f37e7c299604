import { writeFile } from 'node:fs/promises'
import { jobFileJsonSchema } from './json-schema.ts'

// `npm run schema`: writes the published schema from the contract.
await writeFile(
  new URL('../../../resources/sublet.schema.json', import.meta.url),
  jobFileJsonSchema(),
)
